#ifndef LIB_LOG_H
#define LIB_LOG_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Talk, on standard error, one line a message and one write(2) a line.
 *
 * LOG_LEVEL debug|info|warn|error (default info; DEBUG=1 means debug) and
 * LOG_FORMAT text|json rule it. Text reads as err(3) does, 'program: message';
 * JSON is {"ts":…,"level":…,"component":…,"msg":…}. Messages are lower case
 * without a full stop and say what failed and on what; they never hold a
 * secret, and chat text only at debug. Longer than 2 KiB, they are cut.
 */
enum log_level {
	LOG_LEVEL_DEBUG,
	LOG_LEVEL_INFO,
	LOG_LEVEL_WARN,
	LOG_LEVEL_ERROR
};

/* Name the program, and read the environment. Call it first in main(). */
void log_open(const char *component);

/* True if a message of this level would be written. */
bool log_enabled(enum log_level level);

void log_debug(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* log_error, then exit with this status. For program code, never for lib/. */
_Noreturn void die(int status, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * At most one message a second for one kind of trouble. Zero-initialise one
 * per kind; log_limit is true when the message may be written, and sets *held
 * to how many were kept back since the last.
 */
struct log_limit {
	int64_t next; /* on clock_mono() */
	unsigned long held;
};

bool log_limit(struct log_limit *limit, unsigned long *held);

#endif
