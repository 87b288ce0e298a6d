/*
 * irc-classify on anything: each line is one line of JSON, the same by every
 * set of lib/simd, whether the reader of lines saw that it is plain or not,
 * and whatever lies behind the line, which ends as close to the end of a page
 * as its slack lets it. The last byte of the input says with which options.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../classifier/classifier.h"
#include "judge.h"
#include "scan.h"
#include "simd.h"
#include "utf8.h"

enum { ROOM = 3 * 1024 * 1024 };

static struct classifier classifier;
static struct out out;
static char *page_end;
static char *first;

/* -o: columns of every kind. */
static const char columns[] =
    "type,when=timestamp:iso,timestamp,channel,message,raw,reply,"
    "answered=reply.id,source,there=source.badges,params,plan=params.sub_plan,"
    "new=params.foo_bar,tags,odd=tags.bits,badges,badge_info,emotes,"
    "emote_spans,mod,r9k,bits,emote_sets,names,received,conn,reason";

static size_t columns_count;

static void
require(int ok, const char *what, struct slice line)
{
	if (ok)
		return;
	fprintf(stderr, "%s: %.*s\n", what, (int)line.len, line.p);
	abort();
}

static void
prepare(void)
{
	char error[256];
	char *pages = mmap(NULL, ROOM + 4096, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	first = malloc(CLASSIFIER_OUT);
	if (pages == MAP_FAILED || first == NULL ||
	    mprotect(pages + ROOM, 4096, PROT_NONE) == -1 ||
	    out_open(&out, -1, CLASSIFIER_OUT) == -1 ||
	    classifier_open(&classifier, &out) == -1 ||
	    project_parse(&classifier.project, columns, error) == -1)
		abort();
	columns_count = classifier.project.count;
	page_end = pages + ROOM;
	setenv("LOG_LEVEL", "error", 1);
	log_open("fuzz_irc");
}

/*
 * A parser that is not ours finds no fault, nor a name twice, in any depth;
 * and ours, with which the publishers read, none either.
 */
static void
check_json(struct slice event, struct slice line)
{
	enum event_type type = classifier.event.type;
	const char *fault;

	/* What a lifecycle record brings along comes out as it came. */
	if (type < EVENT_LIFECYCLE_FIRST || type > EVENT_LIFECYCLE_LAST)
		require(judge_read(event, true, &fault) != JUDGE_FAULT, fault,
		    line);
	require(scan_is_object(event), "our scanner does not read it", line);
	require(utf8_is_valid(event), "not UTF-8", line);
	require(memchr(event.p, '\n', event.len) == event.p + event.len - 1,
	    "not one line", line);
}

/* Nothing in it is to be escaped, but for a last CR. */
static bool
is_plain(struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.p[i];

		if ((c < 0x20 || c == '"' || c == '\\') &&
		    (c != '\r' || i + 1 < text.len))
			return false;
	}
	return true;
}

static struct slice
classify(struct slice text, char slack, bool plain)
{
	struct line line = {.first = true, .last = true};
	char *p = page_end - LINE_SLACK - text.len;

	memcpy(p, text.p, text.len);
	memset(page_end - LINE_SLACK, slack, LINE_SLACK);
	line.text = (struct slice){p, text.len};
	line.ascii = utf8_ascii(line.text) == text.len;
	line.plain = plain;
	out.len = 0;
	classifier_line(&classifier, &line);
	return (struct slice){out.buf, out.len};
}

/* As the reader gives a line that is too long, cut at any place. */
static struct slice
in_two(struct slice text, size_t cut)
{
	struct line line = {.text = {text.p, cut}, .first = true};

	out.len = 0;
	classifier_line(&classifier, &line);
	line =
	    (struct line){.text = {text.p + cut, text.len - cut}, .last = true};
	classifier_line(&classifier, &line);
	return (struct slice){out.buf, out.len};
}

static void
in_pieces(struct slice text)
{
	struct slice want = in_two(text, text.len);

	check_json(want, text);
	memcpy(first, want.p, want.len);
	want.p = first;
	for (size_t cut = 1; cut < text.len; cut += 1 + text.len / 8)
		require(slice_eq(in_two(text, cut), want), "cut", text);
}

static void
one_line(struct slice text)
{
	static const char slack[] = {';', ' ', '7', '\\', '"', '\xf0'};
	struct slice want = classify(text, '\n', false);
	bool plain = is_plain(text);

	memcpy(first, want.p, want.len);
	want.p = first;
	if (want.len > 0)
		check_json(want, text);
	for (int i = 0; (simd = simd_set(i)) != NULL; i++) {
		struct slice got = classify(text, slack[i], plain);

		require(slice_eq(got, want), simd->name, text);
	}
	simd = simd_set(0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice rest = {(const char *)data, size};
	uint8_t last;

	if (page_end == NULL)
		prepare();
	classifier.types = ~UINT64_C(0);
	last = size > 0 ? data[size - 1] : 0;
	classifier.raw = last == '\r' || last == ';';
	classifier.project.count =
	    last == ';' || last == '=' ? columns_count : 0;
	while (rest.len > 0) {
		const char *lf = memchr(rest.p, '\n', rest.len);
		size_t len = lf != NULL ? (size_t)(lf - rest.p) : rest.len;

		if (last == '\t' && len > 0)
			in_pieces((struct slice){rest.p, len});
		else if (len <= EVENT_LINE_MAX)
			one_line((struct slice){rest.p, len});
		len += lf != NULL;
		rest.p += len;
		rest.len -= len;
	}
	return 0;
}
