/*
 * chat-show [-l FILE]: events on standard input, as a person reads chat on
 * standard output, in colour on a terminal. With -l, how long each chat line
 * took from Twitch's clock to here goes to FILE, one number of ms a line.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "line.h"
#include "log.h"
#include "out.h"
#include "scan.h"
#include "status.h"
#include "stop.h"

enum { EVENT_MAX = 64 * 1024, TEXT_MAX = 400 };

struct event {
	struct slice type, channel, name, username, color, message, system;
	struct slice duration, reason;
	int64_t timestamp;
};

static bool colored;

static void
take(struct event *e, const struct scan_member *m)
{
	const struct {
		struct slice key;
		struct slice *field;
	} fields[] = {
	    {SLICE("type"), &e->type},
	    {SLICE("channel"), &e->channel},
	    {SLICE("display_name"), &e->name},
	    {SLICE("username"), &e->username},
	    {SLICE("color"), &e->color},
	    {SLICE("message"), &e->message},
	    {SLICE("system_message"), &e->system},
	    {SLICE("duration"), &e->duration},
	    {SLICE("reason"), &e->reason},
	};

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (slice_eq(m->key, fields[i].key))
			*fields[i].field = m->value;
	if (slice_eq(m->key, SLICE("timestamp")) && m->kind == SCAN_NUMBER)
		e->timestamp = strtoll(m->value.p, NULL, 10);
}

/*
 * Text from strangers: its escapes undone, cut at TEXT_MAX bytes, and what
 * could steer a terminal (C0, DEL, C1) left out.
 */
static struct slice
printable(struct slice value, char buf[EVENT_MAX])
{
	char *end = scan_unescape(buf, value), *to = buf;

	for (char *p = buf; p < end && to - buf < TEXT_MAX; p++) {
		unsigned char c = (unsigned char)*p;

		if (c == 0xc2 && p + 1 < end && (unsigned char)p[1] < 0xa0)
			p++;
		else if (c >= 0x20 && c != 0x7f)
			*to++ = *p;
	}
	return (struct slice){buf, (size_t)(to - buf)};
}

static void
put(struct slice value)
{
	static char buf[EVENT_MAX];
	struct slice s = printable(value, buf);

	fwrite(s.p, 1, s.len, stdout);
}

/* Switch to a user's own #rrggbb, or to an SGR parameter string. */
static void
paint(struct slice rgb, const char *sgr)
{
	unsigned r, g, b;

	if (!colored)
		return;
	if (rgb.len == 7 && sscanf(rgb.p, "#%2x%2x%2x", &r, &g, &b) == 3)
		/* Half way to white, so that dark ones can be read. */
		printf("\033[1;38;2;%u;%u;%um", (r + 255) / 2, (g + 255) / 2,
		    (b + 255) / 2);
	else
		printf("\033[%sm", sgr);
}

static void
show_message(const struct event *e)
{
	paint(e->color, "1");
	put(e->name.len > 0 ? e->name : e->username);
	paint(SLICE(""), "0");
	fputs(": ", stdout);
	put(e->message);
}

static void
show_other(const struct event *e)
{
	paint(SLICE(""), "33");
	put(e->type);
	if (e->system.len > 0) {
		fputs(": ", stdout);
		put(e->system);
	} else if (e->username.len > 0) {
		fputs(": ", stdout);
		put(e->username);
	}
	if (e->duration.len > 0) {
		fputs(" for ", stdout);
		put(e->duration);
		fputs(" s", stdout);
	}
	if (e->reason.len > 0) {
		fputs(" (", stdout);
		put(e->reason);
		fputs(")", stdout);
	}
	paint(SLICE(""), "0");
}

static void
show(const struct event *e)
{
	time_t now = (time_t)(clock_wall() / 1000);
	struct tm tm;
	char clock[16];

	localtime_r(&now, &tm);
	strftime(clock, sizeof(clock), "%H:%M:%S", &tm);
	paint(SLICE(""), "2");
	fputs(clock, stdout);
	paint(SLICE(""), "0");
	if (e->channel.len > 0) {
		paint(SLICE(""), "36");
		fputs(" #", stdout);
		put(e->channel);
		paint(SLICE(""), "0");
	}
	putchar(' ');
	if (slice_eq(e->type, SLICE("message")))
		show_message(e);
	else
		show_other(e);
	putchar('\n');
}

static void
handle(struct slice line, FILE *latencies)
{
	struct event e = {0};
	struct scan_member m;
	struct scan s;

	scan_open(&s, line);
	while (scan_next(&s, &m))
		take(&e, &m);
	if (s.error != NULL) {
		log_warn("not an event: %s", s.error);
		return;
	}
	if (latencies != NULL && slice_eq(e.type, SLICE("message")))
		fprintf(latencies, "%lld\n",
		    (long long)(clock_wall() - e.timestamp));
	show(&e);
}

int
main(int argc, char *argv[])
{
	struct line_reader in;
	struct line line;
	FILE *latencies = NULL;
	int c;

	log_open("chat-show");
	while ((c = getopt(argc, argv, "l:")) != -1) {
		if (c != 'l')
			return STATUS_USAGE;
		if ((latencies = fopen(optarg, "w")) == NULL)
			die(STATUS_USAGE, "cannot write '%s': %s", optarg,
			    strerror(errno));
	}
	colored = isatty(STDOUT_FILENO) == 1 && getenv("NO_COLOR") == NULL;
	stop_on_signals(10);
	if (line_open(&in, STDIN_FILENO, EVENT_MAX) == -1)
		die(STATUS_FAILED, "out of memory");
	while ((c = line_fill(&in)) > 0) {
		while (line_next(&in, &line))
			if (line.first && line.last)
				handle(line.text, latencies);
		if (fflush(stdout) == EOF)
			die(STATUS_FAILED, "cannot write: %s", strerror(errno));
	}
	if (c == -1)
		die(STATUS_FAILED, "cannot read: %s", strerror(errno));
	if (latencies != NULL && fclose(latencies) == EOF)
		die(STATUS_FAILED, "cannot write: %s", strerror(errno));
	line_close(&in);
	return STATUS_OK;
}
