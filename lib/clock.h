#ifndef LIB_CLOCK_H
#define LIB_CLOCK_H

#include <stdint.h>

/* Milliseconds since the Unix epoch. */
int64_t clock_wall(void);

/* Milliseconds on a clock that never goes back, from an unknown start. */
int64_t clock_mono(void);

/*
 * For tests: stop both clocks at these values. clock_turn moves both on by
 * ms, and clock_release gives them back to the system.
 */
void clock_hold(int64_t wall, int64_t mono);
void clock_turn(int64_t ms);
void clock_release(void);

#endif
