#ifndef CLASSIFIER_RANGE_H
#define CLASSIFIER_RANGE_H

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#if defined(__SSE2__) && !defined(PLAIN_C)
#include <emmintrin.h>
#endif

/*
 * A range of an emotes tag, 12-34: two numbers without zeros in front, and
 * where in it they end. What ends the range is for the caller to look at.
 * Eight bytes from its begin on are read whatever they are, sixteen for two.
 */
struct range {
	uint32_t first, last;
	size_t dash, stop; /* bytes from the range's begin */
};

enum { RANGE_DIGITS_MAX = 7 }; /* of a number */

/* Read the range at s, of any two numbers. False when there is none. */
bool range_read_long(struct range *r, const char *s);

/* The same byte, eight times. */
#define RANGE_EIGHT(c) ((c) * UINT64_C(0x0101010101010101))

/*
 * Of a word of eight bytes, lowest first, the digits of two numbers, which end
 * in its fourth and its last byte and have zeros in front.
 */
static inline void
range_numbers(struct range *r, uint64_t v)
{
	/* To each digit is added ten times the one before it, */
	v = (v * 10 + (v >> 8)) & 0x00ff00ff00ff00ff;
	/* and to each last two a hundred times the two before them. */
	v *= 100 << 16 | 1;
	r->first = v >> 16 & 0xffff;
	r->last = (uint32_t)(v >> 48);
}

/*
 * Read the range at s, when it has so many digits in both numbers, 2 or 3,
 * which make a word of eight bytes at most. False when it is something else;
 * that a number is too small for its digits is for the caller to see.
 */
static inline bool
range_read_even(struct range *r, const char *s, unsigned digits)
{
	const uint64_t form =
	    RANGE_EIGHT('0') ^ (uint64_t)('0' ^ '-') << 8 * digits;
	/* What a digit, and the dash, may have and not reach the top bit. */
	const uint64_t room =
	    RANGE_EIGHT(0x7f - 9) + (UINT64_C(9) << 8 * digits);
	const uint64_t tops = RANGE_EIGHT(0x80) >> (56 - 16 * digits);
	const uint64_t numbers = 0x000000ff000000ff;
	uint64_t v, tens;

	memcpy(&v, s, sizeof(v));
	v = le64toh(v) ^ form; /* numbers from 0 to 9, and 0 for the dash */
	if ((((v + room) | v) & tops) != 0)
		return false;
	r->dash = digits;
	r->stop = 2 * digits + 1;
	/* To each digit the one after it is added, in tens and ones; */
	tens = v * 10 + (v >> 8);
	if (digits == 2) {
		r->first = tens & 0xff;
		r->last = tens >> 24 & 0xff;
		return true;
	}
	/* to a first one of three, a hundred times, the two after it. */
	v = (v & numbers) * 100 + (tens >> 8 & numbers);
	r->first = (uint32_t)v;
	r->last = (uint32_t)(v >> 32);
	return true;
}

#if defined(__SSE2__) && !defined(PLAIN_C)
/*
 * Where two ranges at s begin, 123-456,123-456, of three digits each and with
 * a comma behind both, and so far from their first to their last. False when
 * it is something else.
 */
static inline bool
range_read_two(uint32_t *a, uint32_t *b, const char *s, uint32_t reach)
{
	const __m128i form = _mm_setr_epi8('0', '0', '0', '-', '0', '0', '0',
	    ',', '0', '0', '0', '-', '0', '0', '0', ',');
	const __m128i most =
	    _mm_setr_epi8(9, 9, 9, 0, 9, 9, 9, 0, 9, 9, 9, 0, 9, 9, 9, 0);
	__m128i v = _mm_loadu_si128((const __m128i *)s), wrong;

	v = _mm_xor_si128(v, form);
	wrong = _mm_subs_epu8(v, most);
	/* Of each number the first digit and the third, and the second. */
	v = _mm_add_epi32(_mm_madd_epi16(_mm_and_si128(v, _mm_set1_epi16(0xff)),
			      _mm_set1_epi32(1 << 16 | 100)),
	    _mm_madd_epi16(_mm_srli_epi16(v, 8), _mm_set1_epi32(10)));
	*a = (uint32_t)_mm_cvtsi128_si32(v);
	*b = (uint32_t)_mm_extract_epi16(v, 4);
	/* Each last less its first, in the first's place. */
	v = _mm_sub_epi32(_mm_srli_epi64(v, 32), v);
	v = _mm_xor_si128(v, _mm_set1_epi32((int)reach));
	v = _mm_and_si128(v, _mm_set1_epi64x(0xffffffff));
	wrong = _mm_cmpeq_epi8(_mm_or_si128(wrong, v), _mm_setzero_si128());
	return _mm_movemask_epi8(wrong) == 0xffff;
}

#else

static inline bool
range_read_two(uint32_t *a, uint32_t *b, const char *s, uint32_t reach)
{
	struct range r, t;

	if (!range_read_even(&r, s, 3) || s[7] != ',' ||
	    !range_read_even(&t, s + 8, 3) || s[15] != ',')
		return false;
	*a = r.first;
	*b = t.first;
	return r.last - r.first == reach && t.last - t.first == reach;
}

#endif

/* For range_read: of any two numbers. */
static inline bool
range_read_any(struct range *r, const char *s)
{
	struct range any = {0};
	bool ok = range_read_long(&any, s);

	*r = any; /* so that *r itself may be in registers */
	return ok;
}

/* Read the range at s. False when there is none. */
static inline bool
range_read(struct range *r, const char *s)
{
	uint64_t v, others, more;

	memcpy(&v, s, sizeof(v));
	v = le64toh(v) ^ RANGE_EIGHT('0');
	/* The top bits of what are no digits: true of the first two of them. */
	others = ((v + RANGE_EIGHT(0x7f - 9)) | v) & RANGE_EIGHT(0x80);
	more = others & (others - 1);
	if (more == 0)
		return range_read_any(r, s);
	r->dash = (unsigned)__builtin_ctzll(others) / 8;
	r->stop = (unsigned)__builtin_ctzll(more) / 8;
	/* The last has as many digits as the first, or up to two more. */
	if (r->dash == 0 || r->stop - 2 * r->dash - 1 > 2 ||
	    s[r->dash] != '-' || (s[0] == '0' && r->dash > 1) ||
	    s[r->dash + 1] == '0')
		return range_read_any(r, s);
	range_numbers(r,
	    (uint32_t)(v << (32 - 8 * r->dash)) |
		v >> 8 * (r->dash + 1) << (72 - 8 * (r->stop - r->dash)));
	return true;
}

#endif
