#include "write_emotes.h"

#include "json.h"
#include "value.h"

static inline char *
put_name(char *p, struct slice name, bool clean)
{
	return clean ? value_put_clean(p, name) : value_put(p, name, true);
}

char *
write_emote_names(char *p, const struct emotes *e, bool clean)
{
	char *open = p;

	if (e->names_count == 0)
		return json_raw(p, SLICE("[]"));
	for (size_t i = 0; i < e->names_count; i++) {
		*p++ = ',';
		*p++ = '"';
		p = put_name(p, e->name[i].text, clean);
		*p++ = '"';
	}
	*open = '[';
	*p++ = ']';
	return p;
}

/* What the spans of a run have in common: all up to their numbers. */
static inline char *
put_head(char *p, const struct emote_run *run, bool clean)
{
	p = json_raw(p, SLICE(",{\"id\":\""));
	p = value_put_clean(p, run->id);
	if (run->name.len > 0) {
		p = json_raw(p, SLICE("\",\"name\":\""));
		p = put_name(p, run->name, clean);
	}
	return json_raw(p, SLICE("\",\"start\":"));
}

/* The rest of a span: its numbers as they are in the tag, at s. */
static inline char *
put_numbers(char *p, const char *s, size_t dash, size_t stop)
{
	memcpy(p, s, 8);
	memcpy(p + dash, ",\"end\":", 8);
	memcpy(p + dash + 7, s + dash + 1, 8);
	p += stop + 6;
	*p++ = '}';
	return p;
}

/* Spans of the ranges from s to end, all with a head. */
static inline char *
put_spans(char *p, const char *s, const char *end, struct slice head,
    size_t dash, size_t stop)
{
	const struct chunk a = chunk_load(head.p);
	const struct chunk b = chunk_load(head.p + CHUNK);
	const struct chunk c = chunk_load(head.p + 2 * CHUNK);

	for (; s < end; s += stop + 1) {
		chunk_store(p, a);
		chunk_store(p + CHUNK, b);
		chunk_store(p + 2 * CHUNK, c);
		for (size_t i = 3 * CHUNK; i < head.len; i += CHUNK)
			chunk_store(p + i, chunk_load(head.p + i));
		p = put_numbers(p + head.len, s, dash, stop);
	}
	return p;
}

char *
write_emote_spans(char *p, const struct emotes *e, bool clean)
{
	struct slice head = {p, 0};
	char *open = p;

	if (e->count == 0)
		return json_raw(p, SLICE("[]"));
	for (const struct emote_run *run = e->run; run < e->run_end; run++) {
		const size_t dash = run->dash, stop = run->stop;
		const char *s = run->ranges;

		if (!run->again) {
			head.p = p;
			p = put_head(p, run, clean);
			head.len = (size_t)(p - head.p);
			p = put_numbers(p, s, dash, stop);
			s += stop + 1;
		}
		if (s < run->end)
			p = put_spans(p, s, run->end, head, dash, stop);
	}
	*open = '[';
	*p++ = ']';
	return p;
}
