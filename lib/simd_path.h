/*
 * The functions of struct simd in terms of blocks: included by each of the
 * simd_*.c, which gives it SIMD_NAME, SIMD_SET, struct block and
 *
 *	block_load(s)		SIMD_BLOCK bytes
 *	block_store(p, b)
 *	block_escapes(b)	masks, the first byte's bit the lowest: the
 *	block_high(b)		bytes that JSON escapes, that are not ASCII,
 *	block_is(b, c)		that are c,
 *	block_least(b, c)	that are c or more, as unsigned
 *	block_is_plain(b)	true if none is escaped, and all are ASCII
 */
#include <string.h>

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

/* What the end of a block leaves for the next to begin with. */
struct carry {
	uint64_t follow;         /* bytes that must follow a leading one */
	uint64_t e0, ed, f0, f4; /* 1 if the last byte is that */
};

/*
 * Table 3-7 of the Unicode standard, for 64 bytes at once: that bytes follow
 * where, and only where, the leading ones say, and that the first of them is
 * in its range. The masks are moved on by as many bits as the bytes are apart.
 */
static inline bool
block_utf8(struct block b, struct carry *carry)
{
	uint64_t high = block_high(b), want = carry->follow, wrong;
	uint64_t lead, lead3, lead4, from90, froma0, e0, ed, f0, f4;

	if (high == 0) {
		*carry = (struct carry){0};
		return want == 0;
	}
	lead = block_least(b, 0xc0);
	lead3 = block_least(b, 0xe0);
	lead4 = block_least(b, 0xf0);
	want |= lead << 1 | lead3 << 2 | lead4 << 3;
	wrong = want ^ (high & ~lead);
	wrong |= (lead & ~block_least(b, 0xc2)) | block_least(b, 0xf5);

	from90 = block_least(b, 0x90);
	froma0 = block_least(b, 0xa0);
	e0 = block_is(b, '\xe0');
	ed = block_is(b, '\xed');
	f0 = block_is(b, '\xf0');
	f4 = block_is(b, '\xf4');
	wrong |= (e0 << 1 | carry->e0) & ~froma0;
	wrong |= (ed << 1 | carry->ed) & froma0;
	wrong |= (f0 << 1 | carry->f0) & ~from90;
	wrong |= (f4 << 1 | carry->f4) & from90;
	*carry = (struct carry){lead >> 63 | lead3 >> 62 | lead4 >> 61,
	    e0 >> 63, ed >> 63, f0 >> 63, f4 >> 63};
	return wrong == 0;
}

static bool
utf8(const char *s, size_t n)
{
	struct carry carry = {0};
	char rest[SIMD_BLOCK] = "";

	for (; n >= SIMD_BLOCK; n -= SIMD_BLOCK, s += SIMD_BLOCK)
		if (!block_utf8(block_load(s), &carry))
			return false;
	memcpy(rest, s, n);
	return block_utf8(block_load(rest), &carry);
}

/*
 * How many bytes at the front of s are plain, in whole blocks. Not inlined:
 * gcc would compute more for each of them than this needs.
 */
static __attribute__((noinline)) size_t
plain(const char *s, size_t n)
{
	size_t i = 0;

	while (n - i >= SIMD_BLOCK && block_is_plain(block_load(s + i)))
		i += SIMD_BLOCK;
	return i;
}

static size_t
line(const char *s, size_t n, unsigned *seen)
{
	uint64_t all_high = 0, all_escapes = 0;
	size_t i = 0, left;

	for (;; i += SIMD_BLOCK) {
		struct block block;
		uint64_t high, escapes, feed, keep;
		bool ends;

		/* A line feed is one of those that are escaped. */
		i += plain(s + i, n - i);
		left = n - i;
		block = block_load(s + i);
		high = block_high(block);
		escapes = block_escapes(block);
		feed = block_is(block, '\n');
		ends = feed != 0 && (size_t)__builtin_ctzll(feed) < left;
		if (ends)
			left = (size_t)__builtin_ctzll(feed);
		if (left >= SIMD_BLOCK) {
			all_high |= high;
			all_escapes |= escapes;
			continue;
		}
		keep = (UINT64_C(1) << left) - 1;
		all_high |= high & keep;
		if (ends && left > 0 && s[i + left - 1] == '\r')
			keep >>= 1;
		all_escapes |= escapes & keep;
		break;
	}
	*seen = (all_high != 0 ? SIMD_HIGH : 0) |
	    (all_escapes != 0 ? SIMD_ESCAPES : 0);
	return i + left;
}

static bool
marks(uint64_t *masks, const char *s, size_t n, char c, char end)
{
	for (size_t i = 0; i < n; i += SIMD_BLOCK) {
		struct block block = block_load(s + i);
		uint64_t ends = block_is(block, end);

		*masks++ = block_is(block, c) | ends;
		if (ends != 0)
			return i + (size_t)__builtin_ctzll(ends) < n;
	}
	return false;
}

const struct simd SIMD_SET = {
    SIMD_NAME, copy_unescaped, ascii, utf8, line, marks};
