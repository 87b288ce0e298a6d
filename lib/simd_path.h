/*
 * The functions of struct simd in terms of blocks: included by each of the
 * simd_*.c, which gives it SIMD_NAME, SIMD_SET, struct block and
 *
 *	block_load(s)		SIMD_BLOCK bytes
 *	block_store(p, b)
 *	block_escapes(b)	masks, the first byte's bit the lowest: the
 *	block_high(b)		bytes that JSON escapes, that are not ASCII,
 *	block_is(b, c)		that are c,
	block_not_digits(b)	that are no digits
 *
 * and, when it has better (SIMD_PUT_PLACES), put_places.
 */
#include <stdbool.h>

#include "simd.h"

static size_t
copy_unescaped(char *p, const char *s, size_t n)
{
	size_t i = 0;

	for (; n - i >= SIMD_BLOCK; i += SIMD_BLOCK) {
		struct block b = block_load(s + i);
		uint64_t mask = block_escapes(b);

		block_store(p + i, b);
		if (mask != 0)
			return i + (size_t)__builtin_ctzll(mask);
	}
	return i;
}

static size_t
ascii(const char *s, size_t n)
{
	size_t i = 0;

	for (; n - i >= SIMD_BLOCK; i += SIMD_BLOCK)
		if (block_high(block_load(s + i)) != 0)
			break;
	return i;
}

static size_t
line(const char *s, size_t n, unsigned *seen)
{
	uint64_t high = 0, escapes = 0;
	size_t i = 0, left;

	for (;; i += SIMD_BLOCK) {
		struct block block = block_load(s + i);
		uint64_t feed = block_is(block, '\n'), keep;
		bool ends;

		left = n - i;
		ends = feed != 0 && (size_t)__builtin_ctzll(feed) < left;
		if (ends)
			left = (size_t)__builtin_ctzll(feed);
		if (left >= SIMD_BLOCK) {
			high |= block_high(block);
			escapes |= block_escapes(block);
			continue;
		}
		keep = (UINT64_C(1) << left) - 1;
		high |= block_high(block) & keep;
		if (ends && left > 0 && s[i + left - 1] == '\r')
			keep >>= 1;
		escapes |= block_escapes(block) & keep;
		break;
	}
	*seen = (high != 0 ? SIMD_HIGH : 0) | (escapes != 0 ? SIMD_ESCAPES : 0);
	return i + left;
}

#ifndef SIMD_PUT_PLACES
/*
 * The places of a mask's bits, eight at a time whether there are so many or
 * not: a loop for each would end at another number every time, which no
 * processor can foresee.
 */
static inline uint32_t *
put_places(uint32_t *at, uint32_t base, uint64_t mask)
{
	const uint64_t some = UINT64_C(1) << 63;
	uint32_t *end = at + __builtin_popcountll(mask);

	do {
#pragma GCC unroll 8
		for (int i = 0; i < 8; i++) {
			at[i] = base + (uint32_t)__builtin_ctzll(mask | some);
			mask &= mask - 1;
		}
		at += 8;
	} while (at < end);
	return end;
}
#endif

static size_t
find(uint32_t *at, const char *s, size_t n, char c, char end)
{
	const uint32_t *begin = at;

	for (size_t i = 0; i < n; i += SIMD_BLOCK) {
		struct block block = block_load(s + i);
		uint64_t ends = block_is(block, end);
		uint64_t mask = block_is(block, c) | ends;
		uint64_t keep = ~UINT64_C(0);

		if (n - i < SIMD_BLOCK)
			keep = (UINT64_C(1) << (n - i)) - 1;
		ends &= keep;
		if (ends != 0) /* up to the first */
			keep = ends ^ (ends - 1);
		mask &= keep;
		if (mask != 0)
			at = put_places(at, (uint32_t)i, mask);
		if (ends != 0)
			break;
	}
	return (size_t)(at - begin);
}

static size_t
not_digits(uint32_t *at, const char *s, size_t n)
{
	const uint32_t *begin = at;

	for (size_t i = 0; i < n; i += SIMD_BLOCK) {
		uint64_t mask = block_not_digits(block_load(s + i));

		if (n - i < SIMD_BLOCK)
			mask &= (UINT64_C(1) << (n - i)) - 1;
		if (mask != 0)
			at = put_places(at, (uint32_t)i, mask);
	}
	return (size_t)(at - begin);
}

const struct simd SIMD_SET = {
    SIMD_NAME, copy_unescaped, ascii, line, find, not_digits};
