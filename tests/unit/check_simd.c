/* simd, chunk: every set this processor has, beside the simplest loops. */

#include <check.h>
#include <stdbool.h>
#include <stdlib.h>

#include "chunk.h"
#include "simd.h"
#include "utf8.h"

enum { LENGTH = 300, ROUNDS = 400 };

static bool
is_escaped(char c)
{
	return (unsigned char)c < 0x20 || c == '"' || c == '\\';
}

/* n bytes of a kind that the functions tell apart, seldom the rare ones. */
static void
fill(char *s, size_t n, unsigned rare)
{
	static const char odd[] = "\0\1\37 \177\x80\xff\"\\;=\r\r\n:/,AZaz09";

	for (size_t i = 0; i < n; i++)
		s[i] = (unsigned)rand() % rare == 0 ?
		    odd[(size_t)rand() % sizeof(odd)] :
		    (char)('a' + rand() % 26);
}

static void
check_copy(const struct simd *set, const char *s, size_t n)
{
	char out[LENGTH + SIMD_BLOCK];
	size_t want = 0, got = set->copy_unescaped(out, s, n);

	while (want < n && !is_escaped(s[want]))
		want++;
	/* Whole blocks alone, or up to the byte in one. */
	if (want / SIMD_BLOCK * SIMD_BLOCK + SIMD_BLOCK > n)
		want = want / SIMD_BLOCK * SIMD_BLOCK;
	ck_assert_uint_eq(got, want);
	ck_assert(memcmp(out, s, got) == 0);
}

static void
check_ascii(const struct simd *set, const char *s, size_t n)
{
	size_t want = 0;

	while (want < n && (unsigned char)s[want] < 0x80)
		want++;
	ck_assert_uint_eq(set->ascii(s, n), want / SIMD_BLOCK * SIMD_BLOCK);
}

/* Characters, of which every third text has one wrong or cut short. */
static size_t
fill_utf8(char *s)
{
	static const char *const pieces[] = {"a", "a", "\xc2\x80", "\xdf\xbf",
	    "\xe0\xa0\x80", "\xe0\xbf\xbf", "\xe1\x80\x80", "\xed\x9f\xbf",
	    "\xee\x80\x80", "\xef\xbf\xbf", "\xf0\x90\x80\x80",
	    "\xf1\x80\x80\x80", "\xf4\x8f\xbf\xbf"};
	enum { PIECES = sizeof(pieces) / sizeof(pieces[0]) };
	size_t n = 0, want = (size_t)rand() % (LENGTH - 4);

	while (n < want) {
		const char *piece = pieces[rand() % PIECES];

		memcpy(s + n, piece, strlen(piece));
		n += strlen(piece);
	}
	if (n > 0 && rand() % 3 == 0)
		s[(size_t)rand() % n] = (char)rand();
	return n - (n > 0 && rand() % 8 == 0);
}

static bool
is_utf8(const char *s, size_t n)
{
	for (size_t i = 0; i < n;) {
		int len = utf8_length((struct slice){s + i, n - i});

		if (len < 0)
			return false;
		i += (size_t)len;
	}
	return true;
}

START_TEST(test_utf8)
{
	const struct simd *set;
	char s[LENGTH];

	for (int i = 0; (set = simd_set(i)) != NULL; i++) {
		size_t valid = 0;

		srand(1);
		for (int round = 0; round < 20000; round++) {
			size_t n = fill_utf8(s);
			bool is = is_utf8(s, n);

			ck_assert_int_eq(set->utf8(s, n), is);
			valid += is;
		}
		ck_assert_uint_gt(valid, 8000);
		ck_assert_uint_lt(valid, 16000);
	}
}
END_TEST

/* Every pair of bytes, with what may follow it, across the end of a block. */
START_TEST(test_utf8_pairs)
{
	const struct simd *set;
	char s[2 * SIMD_BLOCK];

	memset(s, 'a', sizeof(s));
	for (int i = 0; (set = simd_set(i)) != NULL; i++) {
		for (unsigned pair = 0x7f00; pair < 0x10000; pair++) {
			for (size_t at = 62; at < 65; at++) {
				memset(s + 60, 'a', 10);
				s[at] = (char)(pair >> 8);
				s[at + 1] = (char)pair;
				memset(s + at + 2, 0x80,
				    pair >= 0xf000 ? 2 : pair >= 0xe000);
				ck_assert_int_eq(set->utf8(s, sizeof(s)),
				    is_utf8(s + 60, 10));
			}
		}
	}
}
END_TEST

static void
check_line(const struct simd *set, const char *s, size_t n)
{
	unsigned seen, high = 0, escapes = 0;
	size_t want = 0, got = set->line(s, n, &seen);

	for (; want < n && s[want] != '\n'; want++) {
		/* A CR counts once it is known not to be the last. */
		bool last =
		    s[want] == '\r' && want + 1 < n && s[want + 1] == '\n';

		if ((unsigned char)s[want] >= 0x80)
			high = SIMD_HIGH;
		if (is_escaped(s[want]) && (!last || want % SIMD_BLOCK == 63))
			escapes = SIMD_ESCAPES;
	}
	ck_assert_uint_eq(got, want);
	ck_assert_uint_eq(seen, high | escapes);
}

static void
check_marks(const struct simd *set, const char *s, size_t n)
{
	uint64_t marks[LENGTH / SIMD_BLOCK + 1];
	const char *space = memchr(s, ' ', n);

	ck_assert_int_eq(set->marks(marks, s, n, ';', ' '), space != NULL);
	if (space != NULL)
		n = (size_t)(space - s) + 1;
	for (size_t i = 0; i < n; i++)
		ck_assert_int_eq(marks[i / SIMD_BLOCK] >> i % SIMD_BLOCK & 1,
		    s[i] == ';' || s[i] == ' ');
}

START_TEST(test_sets)
{
	const struct simd *set;
	char s[LENGTH + SIMD_BLOCK];

	for (int i = 0; (set = simd_set(i)) != NULL; i++) {
		srand(1);
		for (unsigned round = 1; round < ROUNDS; round++) {
			size_t n = (size_t)rand() % LENGTH;

			fill(s, sizeof(s), round);
			check_copy(set, s, n);
			check_ascii(set, s, n);
			check_line(set, s, n);
			check_marks(set, s, n);
		}
	}
}
END_TEST

START_TEST(test_the_last_set_is_plain)
{
	const struct simd *set, *last = NULL;

	for (int i = 0; (set = simd_set(i)) != NULL; i++)
		last = set;
	ck_assert_str_eq(last->name, "plain");
}
END_TEST

START_TEST(test_chunk)
{
	char s[CHUNK], t[CHUNK], out[CHUNK];

	srand(1);
	for (int round = 0; round < 10000; round++) {
		struct chunk c, d;

		fill(s, CHUNK, 3);
		fill(t, CHUNK, 3);
		t[round % CHUNK] = s[round % CHUNK];
		c = chunk_load(s);
		d = chunk_load(t);
		chunk_store(out, chunk_lower(c));
		for (unsigned i = 0; i < CHUNK; i++) {
			char low = s[i] >= 'A' && s[i] <= 'Z' ?
			    (char)(s[i] + 32) :
			    s[i];
			bool digit = s[i] >= '0' && s[i] <= '9';

			ck_assert_int_eq(out[i], low);
			ck_assert_int_eq(chunk_escapes(c) >> i & 1,
			    is_escaped(s[i]));
			ck_assert_int_eq(chunk_not_digits(c) >> i & 1, !digit);
			ck_assert_int_eq(chunk_same(c, d) >> i & 1,
			    s[i] == t[i]);
			ck_assert_int_eq(chunk_same(c, chunk_of('a')) >> i & 1,
			    s[i] == 'a');
		}
		ck_assert_uint_eq(chunk_escapes(c) >> CHUNK, 0);
		ck_assert_uint_eq(chunk_not_digits(c) >> CHUNK, 0);
	}
}
END_TEST

START_TEST(test_chunk_find)
{
	char s[5 * CHUNK];

	for (size_t n = 0; n < 3 * CHUNK; n++) {
		for (size_t at = 0; at < 4 * CHUNK; at++) {
			memset(s, 'x', sizeof(s));
			s[at] = ';';
			ck_assert_ptr_eq(chunk_find(s, s + n, ';'),
			    s + (at < n ? at : n));
		}
	}
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("simd");
	TCase *tc = tcase_create("simd");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, test_sets);
	tcase_add_test(tc, test_utf8);
	tcase_add_test(tc, test_utf8_pairs);
	tcase_add_test(tc, test_the_last_set_is_plain);
	tcase_add_test(tc, test_chunk);
	tcase_add_test(tc, test_chunk_find);
	suite_add_tcase(s, tc);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed != 0;
}
