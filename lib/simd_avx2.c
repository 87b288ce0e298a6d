#include "simd_sets.h"

#if SIMD_X86

#include <immintrin.h>

/* These functions alone are compiled for it; simd_open asks if it is there. */
#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx2,bmi,popcnt"))), \
    apply_to = function)
#else
#pragma GCC target("avx2,bmi,popcnt")
#endif

#define SIMD_NAME "avx2"
#define SIMD_SET simd_avx2

struct block {
	__m256i v[2];
};

static inline struct block
block_load(const char *s)
{
	return (struct block){{_mm256_loadu_si256((const __m256i *)s),
	    _mm256_loadu_si256((const __m256i *)(s + 32))}};
}

static inline void
block_store(char *p, struct block b)
{
	_mm256_storeu_si256((__m256i *)p, b.v[0]);
	_mm256_storeu_si256((__m256i *)(p + 32), b.v[1]);
}

static inline uint64_t
block_mask(__m256i low, __m256i high)
{
	return (uint32_t)_mm256_movemask_epi8(low) |
	    (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32;
}

static inline uint64_t
block_is(struct block b, char c)
{
	__m256i set = _mm256_set1_epi8(c);

	return block_mask(_mm256_cmpeq_epi8(b.v[0], set),
	    _mm256_cmpeq_epi8(b.v[1], set));
}

static inline uint64_t
block_least(struct block b, unsigned char c)
{
	__m256i least = _mm256_set1_epi8((char)c);

	return block_mask(_mm256_cmpeq_epi8(_mm256_max_epu8(b.v[0], least),
			      b.v[0]),
	    _mm256_cmpeq_epi8(_mm256_max_epu8(b.v[1], least), b.v[1]));
}

static inline __m256i
escapes(__m256i v)
{
	/* No greater than 31, as unsigned. */
	__m256i low =
	    _mm256_cmpeq_epi8(_mm256_min_epu8(v, _mm256_set1_epi8(31)), v);
	__m256i quote = _mm256_cmpeq_epi8(v, _mm256_set1_epi8('"'));
	__m256i backslash = _mm256_cmpeq_epi8(v, _mm256_set1_epi8('\\'));

	return _mm256_or_si256(low, _mm256_or_si256(quote, backslash));
}

static inline uint64_t
block_escapes(struct block b)
{
	return block_mask(escapes(b.v[0]), escapes(b.v[1]));
}

static inline uint64_t
block_high(struct block b)
{
	return block_mask(b.v[0], b.v[1]);
}

static inline bool
block_is_plain(struct block b)
{
	__m256i odd = _mm256_setzero_si256();

	for (int i = 0; i < 2; i++) {
		__m256i v = b.v[i];
		/* Less than 32, as signed: so are all that are not ASCII. */
		__m256i low = _mm256_cmpgt_epi8(_mm256_set1_epi8(32), v);
		__m256i quote = _mm256_cmpeq_epi8(v, _mm256_set1_epi8('"'));
		__m256i slash = _mm256_cmpeq_epi8(v, _mm256_set1_epi8('\\'));

		odd = _mm256_or_si256(_mm256_or_si256(odd, low),
		    _mm256_or_si256(quote, slash));
	}
	return _mm256_testz_si256(odd, odd) != 0;
}

#include "simd_path.h"

#ifdef __clang__
#pragma clang attribute pop
#endif

#endif
