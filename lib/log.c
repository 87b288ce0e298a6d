#include "log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "json.h"

enum { MESSAGE_MAX = 2048, LIMIT_MS = 1000 };

static const char *const level_names[] = {"debug", "info", "warn", "error"};

static const char *component = "twitch-ingest";
static enum log_level threshold = LOG_LEVEL_INFO;
static bool json;

void
log_open(const char *name)
{
	const char *level = getenv("LOG_LEVEL");
	const char *format = getenv("LOG_FORMAT");
	const char *debug = getenv("DEBUG");

	component = name;
	json = format != NULL && strcmp(format, "json") == 0;
	threshold = LOG_LEVEL_INFO;
	if (debug != NULL && strcmp(debug, "1") == 0)
		threshold = LOG_LEVEL_DEBUG;
	for (int i = 0; level != NULL && i <= LOG_LEVEL_ERROR; i++)
		if (strcasecmp(level, level_names[i]) == 0)
			threshold = i;
}

bool
log_enabled(enum log_level level)
{
	return level >= threshold;
}

static char *
as_json(char *p, enum log_level level, const char *text, size_t len)
{
	p = json_raw(p, SLICE("{\"ts\":"));
	p = json_int(p, clock_wall());
	p = json_raw(p, SLICE(",\"level\":"));
	p = json_string(p, slice_of(level_names[level]));
	p = json_raw(p, SLICE(",\"component\":"));
	p = json_string(p, slice_of(component));
	p = json_raw(p, SLICE(",\"msg\":"));
	p = json_string(p, (struct slice){text, len});
	return json_raw(p, SLICE("}\n"));
}

static char *
as_text(char *p, enum log_level level, const char *text, size_t len)
{
	p = json_raw(p, slice_of(component));
	p = json_raw(p, SLICE(": "));
	if (level == LOG_LEVEL_WARN)
		p = json_raw(p, SLICE("warning: "));
	/* A name from outside may hold a line feed; a message is one line. */
	for (size_t i = 0; i < len; i++)
		*p++ = (unsigned char)text[i] < ' ' ? ' ' : text[i];
	*p++ = '\n';
	return p;
}

static void
message(enum log_level level, const char *fmt, va_list ap)
{
	char text[MESSAGE_MAX], line[JSON_STRING_MAX(MESSAGE_MAX) + 512], *end;
	int saved = errno, n;
	size_t len;

	if (level < threshold)
		return;
	n = vsnprintf(text, sizeof(text), fmt, ap);
	if (n < 0)
		return;
	len = (size_t)n < sizeof(text) ? (size_t)n : sizeof(text) - 1;
	end = (json ? as_json : as_text)(line, level, text, len);
	/* Nowhere is left to report that standard error is gone. */
	(void)!write(STDERR_FILENO, line, (size_t)(end - line));
	errno = saved;
}

#define LOG_FUNCTION(name, level)        \
	void name(const char *fmt, ...)  \
	{                                \
		va_list ap;              \
                                         \
		va_start(ap, fmt);       \
		message(level, fmt, ap); \
		va_end(ap);              \
	}

LOG_FUNCTION(log_debug, LOG_LEVEL_DEBUG)
LOG_FUNCTION(log_info, LOG_LEVEL_INFO)
LOG_FUNCTION(log_warn, LOG_LEVEL_WARN)
LOG_FUNCTION(log_error, LOG_LEVEL_ERROR)

void
die(int status, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	message(LOG_LEVEL_ERROR, fmt, ap);
	va_end(ap);
	exit(status);
}

bool
log_limit(struct log_limit *limit, unsigned long *held)
{
	int64_t now = clock_mono();

	if (now < limit->next) {
		limit->held++;
		return false;
	}
	*held = limit->held;
	limit->held = 0;
	limit->next = now + LIMIT_MS;
	return true;
}
