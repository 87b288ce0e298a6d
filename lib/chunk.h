#ifndef LIB_CHUNK_H
#define LIB_CHUNK_H

#include <stdint.h>
#include <string.h>

#if defined(__SSE2__) && !defined(PLAIN_C)
#include <emmintrin.h>
#elif defined(__ARM_NEON) && defined(__aarch64__) && !defined(PLAIN_C)
#include <arm_neon.h>
#endif

/*
 * Sixteen bytes at once, by what the compiler's target always has: SSE2, NEON,
 * or plain C (PLAIN_C asks for that). Masks have a bit a byte, the first byte
 * the lowest. For short strings; simd.h has long ones.
 */
enum { CHUNK = 16 };

/* Needs CHUNK bytes to read, or to write. */
struct chunk;
static inline struct chunk chunk_load(const char *s);
static inline void chunk_store(char *p, struct chunk c);

/* One byte, sixteen times. */
static inline struct chunk chunk_of(char c);

/* The bytes that are the same in both. */
static inline unsigned chunk_same(struct chunk a, struct chunk b);

/* The bytes that a JSON string has to escape: below U+0020, '"', '\'. */
static inline unsigned chunk_escapes(struct chunk c);

/* The bytes that are no digits. */
static inline unsigned chunk_not_digits(struct chunk c);

/* ASCII's capitals made small. */
static inline struct chunk chunk_lower(struct chunk c);

#if defined(__SSE2__) && !defined(PLAIN_C)

struct chunk {
	__m128i v;
};

static inline struct chunk
chunk_load(const char *s)
{
	return (struct chunk){_mm_loadu_si128((const __m128i *)s)};
}

static inline void
chunk_store(char *p, struct chunk c)
{
	_mm_storeu_si128((__m128i *)p, c.v);
}

static inline struct chunk
chunk_of(char c)
{
	return (struct chunk){_mm_set1_epi8(c)};
}

static inline unsigned
chunk_same(struct chunk a, struct chunk b)
{
	return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(a.v, b.v));
}

/* Bytes from low to high, as unsigned: shifted to where signed ones compare. */
static inline __m128i
chunk_within(__m128i v, char low, char high)
{
	__m128i from = _mm_sub_epi8(v, _mm_set1_epi8((char)(low + 128)));

	return _mm_cmplt_epi8(from,
	    _mm_set1_epi8((char)(high - low + 1 - 128)));
}

static inline unsigned
chunk_escapes(struct chunk c)
{
	__m128i low = chunk_within(c.v, 0, 31);
	__m128i quote = _mm_cmpeq_epi8(c.v, _mm_set1_epi8('"'));
	__m128i backslash = _mm_cmpeq_epi8(c.v, _mm_set1_epi8('\\'));

	return (unsigned)_mm_movemask_epi8(_mm_or_si128(low,
	    _mm_or_si128(quote, backslash)));
}

static inline unsigned
chunk_not_digits(struct chunk c)
{
	return (unsigned)_mm_movemask_epi8(chunk_within(c.v, '0', '9')) ^
	    0xffff;
}

static inline struct chunk
chunk_lower(struct chunk c)
{
	__m128i bit =
	    _mm_and_si128(chunk_within(c.v, 'A', 'Z'), _mm_set1_epi8(0x20));

	return (struct chunk){_mm_or_si128(c.v, bit)};
}

#elif defined(__ARM_NEON) && defined(__aarch64__) && !defined(PLAIN_C)

struct chunk {
	uint8x16_t v;
};

static inline struct chunk
chunk_load(const char *s)
{
	return (struct chunk){vld1q_u8((const uint8_t *)s)};
}

static inline void
chunk_store(char *p, struct chunk c)
{
	vst1q_u8((uint8_t *)p, c.v);
}

static inline unsigned
chunk_mask(uint8x16_t set)
{
	static const uint8_t bits[] = {1, 2, 4, 8, 16, 32, 64, 128};
	uint8x8_t bit = vld1_u8(bits);

	return (unsigned)vaddv_u8(vand_u8(vget_low_u8(set), bit)) |
	    (unsigned)vaddv_u8(vand_u8(vget_high_u8(set), bit)) << 8;
}

static inline struct chunk
chunk_of(char c)
{
	return (struct chunk){vdupq_n_u8((uint8_t)c)};
}

static inline unsigned
chunk_same(struct chunk a, struct chunk b)
{
	return chunk_mask(vceqq_u8(a.v, b.v));
}

static inline uint8x16_t
chunk_within(uint8x16_t v, uint8_t low, uint8_t high)
{
	return vcleq_u8(vsubq_u8(v, vdupq_n_u8(low)),
	    vdupq_n_u8((uint8_t)(high - low)));
}

static inline unsigned
chunk_escapes(struct chunk c)
{
	uint8x16_t quote = vceqq_u8(c.v, vdupq_n_u8('"'));
	uint8x16_t backslash = vceqq_u8(c.v, vdupq_n_u8('\\'));

	return chunk_mask(vorrq_u8(chunk_within(c.v, 0, 31),
	    vorrq_u8(quote, backslash)));
}

static inline unsigned
chunk_not_digits(struct chunk c)
{
	return chunk_mask(vmvnq_u8(chunk_within(c.v, '0', '9')));
}

static inline struct chunk
chunk_lower(struct chunk c)
{
	uint8x16_t bit =
	    vandq_u8(chunk_within(c.v, 'A', 'Z'), vdupq_n_u8(0x20));

	return (struct chunk){vorrq_u8(c.v, bit)};
}

#else

struct chunk {
	unsigned char v[CHUNK];
};

static inline struct chunk
chunk_load(const char *s)
{
	struct chunk c;

	memcpy(c.v, s, CHUNK);
	return c;
}

static inline void
chunk_store(char *p, struct chunk c)
{
	memcpy(p, c.v, CHUNK);
}

static inline struct chunk
chunk_of(char c)
{
	struct chunk chunk;

	memset(chunk.v, c, CHUNK);
	return chunk;
}

static inline unsigned
chunk_same(struct chunk a, struct chunk b)
{
	unsigned mask = 0;

	for (unsigned i = 0; i < CHUNK; i++)
		mask |= (unsigned)(a.v[i] == b.v[i]) << i;
	return mask;
}

static inline unsigned
chunk_escapes(struct chunk c)
{
	unsigned mask = 0;

	for (unsigned i = 0; i < CHUNK; i++)
		mask |=
		    (unsigned)(c.v[i] < 0x20 || c.v[i] == '"' || c.v[i] == '\\')
		    << i;
	return mask;
}

static inline unsigned
chunk_not_digits(struct chunk c)
{
	unsigned mask = 0;

	for (unsigned i = 0; i < CHUNK; i++)
		mask |= (unsigned)(c.v[i] < '0' || c.v[i] > '9') << i;
	return mask;
}

static inline struct chunk
chunk_lower(struct chunk c)
{
	for (unsigned i = 0; i < CHUNK; i++)
		if (c.v[i] >= 'A' && c.v[i] <= 'Z')
			c.v[i] |= 0x20;
	return c;
}

#endif

/* Where the first c from s on is, or end. Reads CHUNK bytes past the end. */
static inline const char *
chunk_find(const char *s, const char *end, char c)
{
	for (; s < end; s += CHUNK) {
		unsigned mask = chunk_same(chunk_load(s), chunk_of(c));

		if (mask != 0) {
			s += (unsigned)__builtin_ctz(mask);
			break;
		}
	}
	return s < end ? s : end;
}

/* The same of the first c or d. */
static inline const char *
chunk_find_two(const char *s, const char *end, char c, char d)
{
	for (; s < end; s += CHUNK) {
		struct chunk chunk = chunk_load(s);
		unsigned mask = chunk_same(chunk, chunk_of(c)) |
		    chunk_same(chunk, chunk_of(d));

		if (mask != 0) {
			s += (unsigned)__builtin_ctz(mask);
			break;
		}
	}
	return s < end ? s : end;
}

#endif
