#include "emotes.h"

static bool
begins_character(char c)
{
	return ((unsigned char)c & 0xc0) != 0x80;
}

static void
index_text(struct emotes *e, struct slice text)
{
	uint32_t count = 0;
	size_t block = 0;

	e->text = text;
	for (size_t i = 0; i < text.len; i++) {
		if (i % EMOTES_STEP == 0)
			e->before[block++] = count;
		count += begins_character(text.p[i]);
	}
	e->ascii = count == text.len;
}

/* The byte where code point n begins, or the text's end. */
static size_t
byte_of(const struct emotes *e, uint32_t n)
{
	size_t low = n / EMOTES_STEP, high, i;

	if (n >= e->text.len)
		return e->text.len;
	if (e->ascii)
		return n;
	/* The last block with no more than n code points before it. */
	high = (e->text.len - 1) / EMOTES_STEP + 1;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (e->before[middle] <= n)
			low = middle;
		else
			high = middle;
	}
	n -= e->before[low];
	for (i = low * EMOTES_STEP; i < e->text.len; i++)
		if (begins_character(e->text.p[i]) && n-- == 0)
			break;
	return i;
}

static void
name_span(const struct emotes *e, struct emote_span *span, uint32_t end)
{
	size_t from = byte_of(e, span->at), to = byte_of(e, end + 1);

	span->name = (struct slice){e->text.p + from, to - from};
	if (span->name.len > EMOTES_NAME_MAX)
		span->name.len = 0;
}

/* Enter a span's name among the distinct ones, or find it there. */
static void
note_name(struct emotes *e, uint16_t span)
{
	const struct emote_span *s = &e->span[span];

	if (s->name.len == 0)
		return;
	for (size_t i = e->names_count; i-- > 0;) {
		if (!slice_eq(e->span[e->name[i]].name, s->name))
			continue;
		if (s->at < e->span[e->name[i]].at)
			e->name[i] = span;
		return;
	}
	e->name[e->names_count++] = span;
}

static void
sort_names(struct emotes *e)
{
	for (size_t i = 1; i < e->names_count; i++) {
		uint16_t span = e->name[i];
		size_t j = i;

		for (; j > 0 && e->span[e->name[j - 1]].at > e->span[span].at;
		    j--)
			e->name[j] = e->name[j - 1];
		e->name[j] = span;
	}
}

/*
 * A number at the front of *s, without leading zeros, taken off and kept as
 * it stands too. False when there is none.
 */
static bool
take_number(struct slice *s, struct slice *digits, uint32_t *n)
{
	*digits = (struct slice){s->p, 0};
	*n = 0;
	while (s->len > 0 && *s->p >= '0' && *s->p <= '9') {
		*n = *n * 10 + (uint32_t)(*s->p - '0');
		s->p++;
		s->len--;
		if (++digits->len > EMOTES_DIGITS_MAX)
			return false;
	}
	return digits->len == 1 || (digits->len > 0 && *digits->p != '0');
}

static bool
add_span(struct emotes *e, struct slice id, struct slice range)
{
	struct emote_span *span = &e->span[e->count];
	uint32_t end;

	if (e->count == EMOTES_MAX ||
	    !take_number(&range, &span->start, &span->at) || range.len == 0 ||
	    *range.p != '-')
		return false;
	range.p++;
	range.len--;
	if (!take_number(&range, &span->end, &end) || range.len > 0 ||
	    end < span->at)
		return false;
	span->id = id;
	name_span(e, span, end);
	note_name(e, (uint16_t)e->count++);
	return true;
}

/* Take what stands before the next c off the front. True if c was there. */
static bool
take_until(struct slice *s, char c, struct slice *part)
{
	const char *at = memchr(s->p, c, s->len);

	*part = *s;
	if (at == NULL)
		return false;
	part->len = (size_t)(at - s->p);
	s->p = at + 1;
	s->len -= part->len + 1;
	return true;
}

/* One emote: id:start-end,start-end */
static bool
add_emote(struct emotes *e, struct slice emote)
{
	struct slice id, range;
	bool all = true, more;

	if (!take_until(&emote, ':', &id) || id.len == 0 ||
	    id.len > EMOTES_ID_MAX || memchr(id.p, '\\', id.len) != NULL)
		return false;
	do {
		more = take_until(&emote, ',', &range);
		all &= add_span(e, id, range);
	} while (more);
	return all;
}

bool
emotes_read(struct emotes *e, struct slice tag, struct slice text)
{
	struct slice emote;
	bool all = true, more;

	e->count = e->names_count = 0;
	index_text(e, text);
	do {
		more = take_until(&tag, '/', &emote);
		all &= add_emote(e, emote);
	} while (more);
	sort_names(e);
	return all;
}
