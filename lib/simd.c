#include "simd.h"

#include <stdbool.h>
#include <string.h>

#include "simd_sets.h"
#include "variable.h"

const struct simd *simd;

static const struct simd *const sets[] = {
#if SIMD_X86
    &simd_avx512,
    &simd_avx2,
    &simd_sse2,
#endif
#if SIMD_ARM
    &simd_neon,
#endif
    &simd_plain,
};

enum { SETS = sizeof(sets) / sizeof(sets[0]) };

static bool
is_there(const struct simd *set)
{
#if SIMD_X86
	if (set == &simd_avx512)
		return __builtin_cpu_supports("avx512bw") &&
		    __builtin_cpu_supports("avx512vbmi2");
	if (set == &simd_avx2)
		return __builtin_cpu_supports("avx2");
#else
	(void)set;
#endif
	return true;
}

const struct simd *
simd_set(int n)
{
	for (int i = 0; i < SETS; i++)
		if (is_there(sets[i]) && n-- == 0)
			return sets[i];
	return NULL;
}

/* Before main(), so that no function of lib/ has to ask. */
__attribute__((constructor)) static void
choose(void)
{
	const char *name = variable("TWITCH_SIMD");
	const struct simd *set;

	simd = simd_set(0);
	for (int i = 0; name != NULL && (set = simd_set(i)) != NULL; i++)
		if (strcmp(set->name, name) == 0)
			simd = set;
}
