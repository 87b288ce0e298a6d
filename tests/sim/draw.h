#ifndef SIM_DRAW_H
#define SIM_DRAW_H

#include <stdbool.h>
#include <stdint.h>

/* Random numbers that a seed repeats: splitmix64. Not for secrets. */
struct draw {
	uint64_t state;
};

/* From min to max, both of them drawn too. */
struct range {
	int64_t min, max;
};

enum { UUID_LEN = 36 };

static inline uint64_t
draw_bits(struct draw *d)
{
	uint64_t z = d->state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

/* One of 0 … n - 1, n at least 1. */
static inline unsigned
draw_below(struct draw *d, unsigned n)
{
	return (unsigned)((draw_bits(d) >> 32) * n >> 32);
}

static inline int64_t
draw_range(struct draw *d, struct range r)
{
	return r.min + (int64_t)(draw_bits(d) % (uint64_t)(r.max - r.min + 1));
}

/* True that often in a thousand. */
static inline bool
draw_chance(struct draw *d, unsigned per_mille)
{
	return draw_below(d, 1000) < per_mille;
}

/* A random UUID (RFC 4122 section 4.4), NUL-terminated. */
void draw_uuid(struct draw *d, char uuid[UUID_LEN + 1]);

#endif
