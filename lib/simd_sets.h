#ifndef LIB_SIMD_SETS_H
#define LIB_SIMD_SETS_H

#include "simd.h"

/* Which sets there are: each in a file of its own, for simd.c to choose. */
#if defined(__x86_64__) && !defined(PLAIN_C)
#define SIMD_X86 1
#else
#define SIMD_X86 0
#endif
#if defined(__aarch64__) && defined(__ARM_NEON) && !defined(PLAIN_C)
#define SIMD_ARM 1
#else
#define SIMD_ARM 0
#endif

#if SIMD_X86
extern const struct simd simd_avx512, simd_avx2, simd_sse2;
#endif
#if SIMD_ARM
extern const struct simd simd_neon;
#endif
extern const struct simd simd_plain;

#endif
