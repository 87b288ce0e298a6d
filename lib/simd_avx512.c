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

static inline bool
block_is_plain(struct block b)
{
	/* Less than 32, as signed: so are all that are not ASCII. */
	return (_mm512_cmplt_epi8_mask(b.v, _mm512_set1_epi8(32)) |
		   block_is(b, '"') | block_is(b, '\\')) == 0;
}

#include "simd_path.h"

#ifdef __clang__
#pragma clang attribute pop
#endif

#endif
