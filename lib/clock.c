#include "clock.h"

#include <stdbool.h>
#include <time.h>

static bool held;
static int64_t held_wall, held_mono;

static int64_t
now(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t
clock_wall(void)
{
	return held ? held_wall : now(CLOCK_REALTIME);
}

int64_t
clock_mono(void)
{
	return held ? held_mono : now(CLOCK_MONOTONIC);
}

void
clock_hold(int64_t wall, int64_t mono)
{
	held = true;
	held_wall = wall;
	held_mono = mono;
}

void
clock_turn(int64_t ms)
{
	held_wall += ms;
	held_mono += ms;
}

void
clock_release(void)
{
	held = false;
}
