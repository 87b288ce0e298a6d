#include "simd_sets.h"

#if SIMD_ARM

#include <arm_neon.h>

#define SIMD_NAME "neon"
#define SIMD_SET simd_neon

struct block {
	uint8x16_t v[4];
};

static inline struct block
block_load(const char *s)
{
	struct block b;

	for (int i = 0; i < 4; i++)
		b.v[i] = vld1q_u8((const uint8_t *)s + 16 * i);
	return b;
}

static inline void
block_store(char *p, struct block b)
{
	for (int i = 0; i < 4; i++)
		vst1q_u8((uint8_t *)p + 16 * i, b.v[i]);
}

/* Of bytes that are 0 or 255: a bit each, added up in pairs three times. */
static inline uint64_t
block_mask(struct block b)
{
	static const uint8_t bits[16] = {
	    1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
	uint8x16_t bit = vld1q_u8(bits);
	uint8x16_t low =
	    vpaddq_u8(vandq_u8(b.v[0], bit), vandq_u8(b.v[1], bit));
	uint8x16_t high =
	    vpaddq_u8(vandq_u8(b.v[2], bit), vandq_u8(b.v[3], bit));

	low = vpaddq_u8(low, high);
	low = vpaddq_u8(low, low);
	return vgetq_lane_u64(vreinterpretq_u64_u8(low), 0);
}

static inline uint64_t
block_is(struct block b, char c)
{
	for (int i = 0; i < 4; i++)
		b.v[i] = vceqq_u8(b.v[i], vdupq_n_u8((uint8_t)c));
	return block_mask(b);
}

static inline uint64_t
block_least(struct block b, unsigned char c)
{
	for (int i = 0; i < 4; i++)
		b.v[i] = vcgeq_u8(b.v[i], vdupq_n_u8(c));
	return block_mask(b);
}

static inline uint64_t
block_escapes(struct block b)
{
	for (int i = 0; i < 4; i++) {
		uint8x16_t v = b.v[i];

		b.v[i] = vorrq_u8(vcltq_u8(v, vdupq_n_u8(0x20)),
		    vorrq_u8(vceqq_u8(v, vdupq_n_u8('"')),
			vceqq_u8(v, vdupq_n_u8('\\'))));
	}
	return block_mask(b);
}

static inline uint64_t
block_high(struct block b)
{
	for (int i = 0; i < 4; i++)
		b.v[i] = vcgeq_u8(b.v[i], vdupq_n_u8(0x80));
	return block_mask(b);
}

static inline bool
block_is_plain(struct block b)
{
	return (block_high(b) | block_escapes(b)) == 0;
}

#include "simd_path.h"

#endif
