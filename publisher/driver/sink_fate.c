#include "sink_fate.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

void
sink_acked(struct sink *s, uint64_t number, int64_t us)
{
	s->in_flight--;
	s->acked++;
	histogram_add(&s->latency, us);
	source_settle(&s->source, number);
	s->progress = true;
}

/* Count a record that will never be published, and name one a second. */
static void
count_rejected(struct sink *s, const char *why)
{
	unsigned long held;

	s->rejected++;
	if (!log_limit(&s->rejections, &held))
		return;
	if (held == 0)
		log_warn("rejected a record: %s", why);
	else
		log_warn("rejected a record: %s (and %lu others since the last "
			 "such message)",
		    why, held);
}

void
fate_rejected(struct sink *s, uint64_t number, struct slice record,
    const char *why)
{
	count_rejected(s, why);
	reject_record(&s->reject, why, record);
	s->unkept = true;
	source_settle(&s->source, number);
}

void
fate_rejected_part(struct sink *s)
{
	char why[64];

	if (s->line.first) {
		snprintf(why, sizeof(why), "longer than %zu bytes",
		    s->record_max);
		count_rejected(s, why);
		reject_begin(&s->reject, why);
		source_settle(&s->source, s->source.number);
	}
	reject_piece(&s->reject, s->line.text);
	if (s->line.last)
		reject_end(&s->reject);
	s->unkept = true;
}

void
sink_refused(struct sink *s, uint64_t number, struct slice record,
    const char *why)
{
	s->in_flight--;
	s->progress = true;
	fate_rejected(s, number, record, why);
}

void
fate_abandoned(struct sink *s, struct slice record)
{
	s->abandoned++;
	if (s->source.spooled)
		return;
	reject_record(&s->reject, "not acknowledged when time was over",
	    record);
	s->unkept = true;
}

void
sink_abandoned(struct sink *s, uint64_t number, struct slice record)
{
	(void)number;
	s->in_flight--;
	fate_abandoned(s, record);
}

void
fate_failed(struct sink *s, enum status status, const char *why)
{
	if (s->status != STATUS_OK)
		return;
	log_error("%s", why);
	s->status = status;
	s->source.ended = true;
}

void
fate_keep(struct sink *s, int (*keep)(struct reject *))
{
	char why[512];

	if (keep(&s->reject) == 0)
		return;
	snprintf(why, sizeof(why), "cannot write '%.400s': %s",
	    s->options.reject, strerror(errno));
	fate_failed(s, STATUS_FAILED, why);
}

void
fate_advance(struct sink *s)
{
	if (s->unkept)
		fate_keep(s, s->source.spooled ? reject_sync : reject_flush);
	s->unkept = false;
	if (!reject_failed(&s->reject))
		source_advance(&s->source);
}

int
sink_position(struct sink *s, uint64_t number, uint64_t *position)
{
	*position = source_position(&s->source, number);
	if (s->unkept)
		fate_keep(s, reject_sync);
	s->unkept = false;
	return reject_failed(&s->reject) ? -1 : 0;
}

const char *
sink_spool_id(const struct sink *s)
{
	return s->source.spool.owner.id;
}

bool
sink_unsettled(const struct sink *s, uint64_t number)
{
	return source_unsettled(&s->source, number);
}

void
sink_hold(struct sink *s)
{
	source_hold(&s->source);
}

void
sink_resume(struct sink *s, uint64_t position)
{
	uint64_t settled;

	if (source_resume(&s->source, position, &settled) == -1) {
		s->dead = true;
		fate_failed(s, STATUS_FAILED, "cannot write to the spool");
	}
	s->acked += settled < s->in_flight ? settled : s->in_flight;
	sink_rewind(s);
}

void
sink_rewind(struct sink *s)
{
	source_rewind(&s->source);
	reject_end(&s->reject);
	s->in_flight = 0;
	s->holding = false;
	s->more = true;
}
