#include "utf8.h"

#include <stdint.h>

#include "simd.h"

/* Table 3-7 of the Unicode standard: the second byte depends on the first. */
int
utf8_length(struct slice text)
{
	const unsigned char *s = (const unsigned char *)text.p;
	unsigned char c = s[0], low = 0x80, high = 0xbf;
	int want;

	if (c < 0x80)
		return 1;
	if (c < 0xc2 || c > 0xf4)
		return -1;
	want = c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
	if (c == 0xe0)
		low = 0xa0;
	else if (c == 0xed)
		high = 0x9f;
	else if (c == 0xf0)
		low = 0x90;
	else if (c == 0xf4)
		high = 0x8f;
	for (int i = 1; i < want; i++) {
		if ((size_t)i == text.len || s[i] < low || s[i] > high)
			return -i;
		low = 0x80;
		high = 0xbf;
	}
	return want;
}

struct slice
utf8_unmarked(struct slice s)
{
	static const struct slice mark = SLICE_INIT("\xEF\xBB\xBF");

	if (s.len < mark.len || memcmp(s.p, mark.p, mark.len) != 0)
		return s;
	return (struct slice){s.p + mark.len, s.len - mark.len};
}

size_t
utf8_ascii(struct slice s)
{
	size_t i = simd->ascii(s.p, s.len);
	uint64_t word;

	for (; s.len - i >= 8; i += 8) {
		memcpy(&word, s.p + i, 8);
		if (word & 0x8080808080808080)
			break;
	}
	while (i < s.len && (unsigned char)s.p[i] < 0x80)
		i++;
	return i;
}

bool
utf8_is_valid(struct slice s)
{
	size_t ascii = simd->ascii(s.p, s.len);

	return simd->utf8(s.p + ascii, s.len - ascii);
}

char *
utf8_repair(char *p, struct slice s)
{
	const char *end = s.p + s.len;

	while (s.p < end) {
		int n;

		s.len = (size_t)(end - s.p);
		n = utf8_length(s);
		if (n > 0) {
			memcpy(p, s.p, (size_t)n);
			p += n;
			s.p += n;
		} else {
			memcpy(p, "\xef\xbf\xbd", 3);
			p += 3;
			s.p -= n;
		}
	}
	return p;
}
