#include "simd_sets.h"

#if SIMD_X86

#include <immintrin.h>

/* These functions alone are compiled for it; simd_open asks if it is there. */
#ifdef __clang__
#pragma clang attribute                                                      \
    push(__attribute__((target("avx512f,avx512bw,avx512vbmi2,bmi,popcnt"))), \
	apply_to = function)
#else
#pragma GCC target("avx512f,avx512bw,avx512vbmi2,bmi,popcnt")
#endif

#define SIMD_NAME "avx512"
#define SIMD_SET simd_avx512

struct block {
	__m512i v;
};

static inline struct block
block_load(const char *s)
{
	return (struct block){_mm512_loadu_si512(s)};
}

static inline void
block_store(char *p, struct block b)
{
	_mm512_storeu_si512(p, b.v);
}

static inline uint64_t
block_is(struct block b, char c)
{
	return _mm512_cmpeq_epi8_mask(b.v, _mm512_set1_epi8(c));
}

static inline uint64_t
block_least(struct block b, unsigned char c)
{
	return _mm512_cmpge_epu8_mask(b.v, _mm512_set1_epi8((char)c));
}

static inline uint64_t
block_escapes(struct block b)
{
	return _mm512_cmplt_epu8_mask(b.v, _mm512_set1_epi8(0x20)) |
	    block_is(b, '"') | block_is(b, '\\');
}

static inline uint64_t
block_high(struct block b)
{
	return _mm512_movepi8_mask(b.v);
}

/* The places of a mask's bits, sixteen at a time. */
#define SIMD_PUT_PLACES
static inline uint32_t *
put_places(uint32_t *at, uint32_t base, uint64_t mask)
{
	static const char all[SIMD_BLOCK] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
	    11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27,
	    28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44,
	    45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61,
	    62, 63};
	__m512i places = _mm512_maskz_compress_epi8(mask, block_load(all).v);
	uint32_t *end = at + __builtin_popcountll(mask);

	do {
		__m512i some =
		    _mm512_cvtepu8_epi32(_mm512_castsi512_si128(places));

		_mm512_storeu_si512(at,
		    _mm512_add_epi32(some, _mm512_set1_epi32((int)base)));
		places = _mm512_alignr_epi64(places, places, 2);
		at += 16;
	} while (at < end);
	return end;
}

#include "simd_path.h"

#ifdef __clang__
#pragma clang attribute pop
#endif

#endif
