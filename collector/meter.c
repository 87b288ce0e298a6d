#include "meter.h"

#include <stdio.h>
#include <string.h>

static void
say(struct metrics *m, const char *name, const char *kind, const char *help,
    double v)
{
	metrics_family(m, name, kind, help);
	metrics_value(m, NULL, v);
}

static void
say_connections(struct metrics *m, const struct pool *pool)
{
	static const char *const states[] = {"waiting", "token", "connecting",
	    "upgrade", "login", "ready", "replaced", "backoff"};
	enum { STATES = sizeof(states) / sizeof(states[0]) };
	unsigned counts[STATES] = {0};
	char label[64];

	for (unsigned i = 0; i < pool->nslots; i++) {
		if (pool->slots[i] == NULL)
			continue;
		for (size_t s = 0; s < STATES; s++)
			if (strcmp(states[s],
				slot_state_name(pool->slots[i])) == 0)
				counts[s]++;
	}
	metrics_family(m, "ws_reader_connections", "gauge",
	    "Connections, by what they are at.");
	for (size_t s = 0; s < STATES; s++) {
		snprintf(label, sizeof(label), "state=\"%s\"", states[s]);
		metrics_value(m, label, counts[s]);
	}
}

static void
say_reconnects(struct metrics *m, const struct pool *pool)
{
	char label[64];

	metrics_family(m, "ws_reader_reconnects_total", "counter",
	    "Connections opened anew, by why.");
	for (int i = 0; i < RECONNECTS; i++) {
		snprintf(label, sizeof(label), "reason=\"%s\"",
		    slot_reconnect_name((enum reconnect)i));
		metrics_value(m, label, (double)pool->reconnects[i]);
	}
}

static void
say_channels(struct metrics *m, const struct reconcile *r)
{
	char label[64];

	metrics_family(m, "ws_reader_channels", "gauge", "Channels, by phase.");
	for (int i = 0; i < PHASES; i++) {
		snprintf(label, sizeof(label), "phase=\"%s\"",
		    channels_phase_name((enum phase)i));
		metrics_value(m, label, (double)r->phases[i]);
	}
	say(m, "ws_reader_channels_desired", "gauge",
	    "Channels that are wanted.", (double)r->desired);
	say(m, "ws_reader_joins_tried_total", "counter",
	    "Channels that a JOIN was sent for.", (double)r->counts.tried);
	say(m, "ws_reader_joins_confirmed_total", "counter",
	    "Of them, those that were confirmed.", (double)r->counts.confirmed);
	say(m, "ws_reader_joins_refused_total", "counter",
	    "Of them, those that were refused.", (double)r->counts.refused);
	say(m, "ws_reader_joins_unanswered_total", "counter",
	    "Of them, those that had no answer in time.",
	    (double)r->counts.unanswered);
}

static void
say_gaps(struct metrics *m, const struct gaps *gaps)
{
	char label[64];

	metrics_family(m, "ws_reader_gaps_total", "counter",
	    "Gap records, by reason.");
	for (int i = 0; i < GAPS_REASONS; i++) {
		snprintf(label, sizeof(label), "reason=\"%s\"",
		    gaps_reasons[i]);
		metrics_value(m, label, (double)gaps->counts[i].records);
	}
	metrics_family(m, "ws_reader_gap_seconds_total", "counter",
	    "Seconds that they span, of each channel, by reason.");
	for (int i = 0; i < GAPS_REASONS; i++) {
		snprintf(label, sizeof(label), "reason=\"%s\"",
		    gaps_reasons[i]);
		metrics_value(m, label, (double)gaps->counts[i].ms / 1000);
	}
}

static void
say_traffic(struct metrics *m, const struct pool *pool)
{
	const struct feed *feed = pool->feed;

	say(m, "ws_reader_lines_total", "counter", "IRC lines passed on.",
	    (double)feed->lines);
	say(m, "ws_reader_lines_dropped_total", "counter",
	    "IRC lines left out because the buffer was full.",
	    (double)feed->dropped);
	say(m, "ws_reader_lines_again_total", "counter",
	    "IRC lines left out because they had been passed on before.",
	    (double)pool->common.window.again);
	say(m, "ws_reader_lines_too_long_total", "counter",
	    "IRC lines left out because they were too long.",
	    (double)pool->common.too_long);
	say(m, "ws_reader_received_bytes_total", "counter",
	    "Bytes received, after TLS.", (double)pool->common.received);
	say(m, "ws_reader_buffer_bytes", "gauge",
	    "Output that waits for the next stage.", (double)feed->out->len);
	say(m, "ws_reader_buffer_size_bytes", "gauge",
	    "Output that may wait at most.", (double)feed->out->size);
}

void
meter_say(struct metrics *m, const struct pool *pool,
    const struct control *control)
{
	say_connections(m, pool);
	say(m, "ws_reader_connections_opened_total", "counter",
	    "Connections begun.", (double)pool->opened);
	say(m, "ws_reader_connections_lost_total", "counter",
	    "Connections that ended after they had logged in.",
	    (double)pool->lost);
	say_reconnects(m, pool);
	say_channels(m, pool->reconcile);
	say_traffic(m, pool);
	say_gaps(m, &pool->feed->gaps);
	say(m, "ws_reader_commands_total", "counter",
	    "Lines taken from the control FIFO.", (double)control->commands);
	say(m, "ws_reader_commands_refused_total", "counter",
	    "Commands and names in them that were refused.",
	    (double)control->refused);
	if (pool->common.ping_ms >= 0)
		say(m, "ws_reader_ping_seconds", "gauge",
		    "Round trip of the last PING that was answered.",
		    (double)pool->common.ping_ms / 1000);
}
