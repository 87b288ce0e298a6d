#ifndef LIB_STANDARD_H
#define LIB_STANDARD_H

/*
 * Make standard input, output and error three open descriptors: one that was
 * closed reads nothing and refuses every write, in this program and in those
 * that it runs. Without this the next file or socket would take its place, and
 * what is printed would go into it. Call it first in main().
 */
void standard_hold(void);

/*
 * Flush and close stdio's standard output: the last call of a program that
 * prints by stdio. Returns 0, or -1 with errno set if any write failed.
 */
int standard_close(void);

#endif
