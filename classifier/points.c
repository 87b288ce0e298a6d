#include "points.h"

#include "utf8.h"

/* How many begin in the eight bytes at s: all that are not 10xxxxxx. */
static inline uint32_t
begin_in(const char *s)
{
	const uint64_t ones = 0x0101010101010101;
	uint64_t v;

	memcpy(&v, s, sizeof(v));
	v = (~v >> 7 | v >> 6) & ones;
	return (uint32_t)(v * ones >> 56);
}

void
points_read(struct points *p, struct slice text, bool ascii)
{
	uint32_t count = 0;
	size_t i = 0, step = 0;

	p->text = text;
	p->ascii = ascii ? text.len : utf8_ascii(text);
	if (p->ascii == text.len)
		return;
	for (; text.len - i >= POINTS_STEP; i += POINTS_STEP) {
		p->before[step++] = count;
		for (size_t word = 0; word < POINTS_STEP; word += 8)
			count += begin_in(text.p + i + word);
	}
	p->before[step] = count;
}

/* Where code point n begins, from 0; the text's end when it has none. */
static const char *
find(const struct points *p, uint32_t n)
{
	size_t low = n / POINTS_STEP, high = p->text.len / POINTS_STEP + 1;
	const char *s = p->text.p, *end = s + p->text.len;

	if (n <= p->ascii)
		return s + n;
	if (n >= p->text.len)
		return end;
	/* The last step with no more than n before it. */
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (p->before[middle] <= n)
			low = middle;
		else
			high = middle;
	}
	n -= p->before[low];
	for (s += low * POINTS_STEP; end - s >= 8; s += 8) {
		uint32_t count = begin_in(s);

		if (count > n)
			break;
		n -= count;
	}
	for (; s < end; s++)
		if (((unsigned char)*s & 0xc0) != 0x80 && n-- == 0)
			break;
	return s;
}

struct slice
points_search(const struct points *p, uint32_t first, uint32_t last)
{
	const char *begin = find(p, first);

	return (struct slice){begin, (size_t)(find(p, last + 1) - begin)};
}
