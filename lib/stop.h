#ifndef LIB_STOP_H
#define LIB_STOP_H

#include <poll.h>
#include <stdbool.h>

/*
 * How a program ends when it is told to: SIGTERM and SIGINT ask it to stop
 * taking input and finish what it took. It has `grace` seconds from the first
 * of them, whatever it is blocked in; then it says so and exits 1. SIGPIPE is
 * ignored from here on, so that a closed pipe is EPIPE from write(2).
 */
void stop_on_signals(unsigned grace);

/*
 * What --grace was given, in whole seconds; 0 when it is not a time from a
 * second to a day, which STOP_GRACE_WRONG says.
 */
unsigned stop_grace(const char *typed);

#define STOP_GRACE_WRONG "--grace '%s' is not a time from 1 s to 1 day"

/* True once a signal asked the program to stop. */
bool stop_requested(void);

/*
 * Readable once a signal asked the program to stop: for a program with an
 * event loop of its own. It belongs to this file; nobody else reads it.
 */
int stop_fd(void);

/*
 * Wait until fd is ready for `events` (poll(2)'s), a stop is requested, or
 * timeout ms have passed; -1 waits without limit. Returns 1 if fd is ready,
 * 0 if time ran out, -1 if a stop is requested. A stop wins over a ready fd.
 */
int stop_wait(int fd, short events, int timeout);

#endif
