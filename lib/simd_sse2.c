#include "simd_sets.h"

#if SIMD_X86

#include <emmintrin.h>

#define SIMD_NAME "sse2"
#define SIMD_SET simd_sse2

struct block {
	__m128i v[4];
};

static inline struct block
block_load(const char *s)
{
	const __m128i *v = (const __m128i *)s;

	return (struct block){{_mm_loadu_si128(v), _mm_loadu_si128(v + 1),
	    _mm_loadu_si128(v + 2), _mm_loadu_si128(v + 3)}};
}

static inline void
block_store(char *p, struct block b)
{
	__m128i *v = (__m128i *)p;

	for (int i = 0; i < 4; i++)
		_mm_storeu_si128(v + i, b.v[i]);
}

static inline uint64_t
block_mask(struct block b)
{
	uint64_t mask = 0;

	for (int i = 0; i < 4; i++)
		mask |= (uint64_t)_mm_movemask_epi8(b.v[i]) << 16 * i;
	return mask;
}

static inline uint64_t
block_is(struct block b, char c)
{
	for (int i = 0; i < 4; i++)
		b.v[i] = _mm_cmpeq_epi8(b.v[i], _mm_set1_epi8(c));
	return block_mask(b);
}

static inline uint64_t
block_least(struct block b, unsigned char c)
{
	__m128i least = _mm_set1_epi8((char)c);

	for (int i = 0; i < 4; i++)
		b.v[i] = _mm_cmpeq_epi8(_mm_max_epu8(b.v[i], least), b.v[i]);
	return block_mask(b);
}

static inline uint64_t
block_escapes(struct block b)
{
	for (int i = 0; i < 4; i++) {
		__m128i v = b.v[i];
		/* No greater than 31, as unsigned. */
		__m128i low =
		    _mm_cmpeq_epi8(_mm_min_epu8(v, _mm_set1_epi8(31)), v);
		__m128i quote = _mm_cmpeq_epi8(v, _mm_set1_epi8('"'));
		__m128i backslash = _mm_cmpeq_epi8(v, _mm_set1_epi8('\\'));

		b.v[i] = _mm_or_si128(low, _mm_or_si128(quote, backslash));
	}
	return block_mask(b);
}

static inline uint64_t
block_high(struct block b)
{
	return block_mask(b);
}

static inline bool
block_is_plain(struct block b)
{
	__m128i odd = _mm_setzero_si128();

	for (int i = 0; i < 4; i++) {
		__m128i v = b.v[i];
		/* Less than 32, as signed: so are all that are not ASCII. */
		__m128i low = _mm_cmplt_epi8(v, _mm_set1_epi8(32));
		__m128i quote = _mm_cmpeq_epi8(v, _mm_set1_epi8('"'));
		__m128i slash = _mm_cmpeq_epi8(v, _mm_set1_epi8('\\'));

		odd = _mm_or_si128(_mm_or_si128(odd, low),
		    _mm_or_si128(quote, slash));
	}
	return _mm_movemask_epi8(odd) == 0;
}

#include "simd_path.h"

#endif
