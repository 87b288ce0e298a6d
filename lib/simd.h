#ifndef LIB_SIMD_H
#define LIB_SIMD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What is done to long stretches of bytes, in blocks of SIMD_BLOCK: one set of
 * functions for each kind of processor, all of the same results. None reads or
 * writes outside the n bytes, unless it says so.
 */
enum { SIMD_BLOCK = 64 };

/* What a line holds; a CR before its LF is not looked at. */
enum simd_seen {
	SIMD_HIGH = 1,   /* bytes that are not ASCII */
	SIMD_ESCAPES = 2 /* bytes that a JSON string has to escape */
};

struct simd {
	const char *name; /* avx512, avx2, sse2, neon or plain */

	/*
	 * Copy the front of s to p, whole blocks of it, up to the first byte
	 * that a JSON string has to escape. Returns how many bytes; up to
	 * SIMD_BLOCK more may have been written.
	 */
	size_t (*copy_unescaped)(char *p, const char *s, size_t n);

	/* How many bytes at the front of s are ASCII, in whole blocks. */
	size_t (*ascii)(const char *s, size_t n);

	/* True if s is well-formed UTF-8. */
	bool (*utf8)(const char *s, size_t n);

	/*
	 * How many bytes there are at the front of s before the first line
	 * feed; n when there is none. Sets *seen to what is among them, bits
	 * of enum simd_seen. Reads up to SIMD_BLOCK bytes past the end of s.
	 */
	size_t (*line)(const char *s, size_t n, unsigned *seen);

	/*
	 * Mark where in s the byte c is, and the byte end, up to the first of
	 * end: a bit a byte, SIMD_BLOCK of them to a word, the first the lowest;
	 * bits behind it mean nothing. False when there is no end. Reads up to
	 * SIMD_BLOCK bytes past the end of s.
	 */
	bool (*marks)(uint64_t *masks, const char *s, size_t n, char c,
	    char end);
};

/*
 * The best set for this processor, chosen before main() begins. TWITCH_SIMD
 * in the environment may name another that it has, for tests and benchmarks.
 */
extern const struct simd *simd;

/* The sets that this processor has, best first: the nth, or NULL. */
const struct simd *simd_set(int n);

#endif
