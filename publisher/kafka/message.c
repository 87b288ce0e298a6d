#include "message.h"

#include <librdkafka/rdkafka.h>
#include <string.h>

#define SCHEMA "irc-event/1"

static rd_kafka_vu_t
memory(rd_kafka_vtype_t what, const char *p, size_t len)
{
	rd_kafka_vu_t vu = {.vtype = what};

	vu.u.mem.ptr = (void *)(uintptr_t)p;
	vu.u.mem.size = len;
	return vu;
}

/*
 * The headers of an event; NULL for a record that is none. They are made here,
 * since librdkafka 2.0 frees those that it makes twice when it fails.
 */
static rd_kafka_headers_t *
make_headers(const struct envelope *e)
{
	rd_kafka_headers_t *headers;

	if (e->type.len == 0)
		return NULL;
	headers = rd_kafka_headers_new(2);
	rd_kafka_header_add(headers, "type", 4, e->type.p,
	    (ssize_t)e->type.len);
	rd_kafka_header_add(headers, "schema", 6, SCHEMA, strlen(SCHEMA));
	return headers;
}

rd_kafka_error_t *
message_produce(rd_kafka_t *handle, rd_kafka_topic_t *topic,
    const struct envelope *e, struct slice record, void *mark)
{
	rd_kafka_headers_t *headers = make_headers(e);
	rd_kafka_error_t *error;
	rd_kafka_vu_t vus[7];
	size_t n = 0;

	if (topic != NULL) {
		vus[n].vtype = RD_KAFKA_VTYPE_RKT;
		vus[n++].u.rkt = topic;
	} else {
		vus[n].vtype = RD_KAFKA_VTYPE_TOPIC;
		vus[n++].u.cstr = e->topic;
	}
	vus[n++] = memory(RD_KAFKA_VTYPE_VALUE, record.p, record.len);
	vus[n].vtype = RD_KAFKA_VTYPE_MSGFLAGS;
	vus[n++].u.i = RD_KAFKA_MSG_F_COPY;
	vus[n].vtype = RD_KAFKA_VTYPE_TIMESTAMP;
	vus[n++].u.i64 = e->timestamp;
	vus[n].vtype = RD_KAFKA_VTYPE_OPAQUE;
	vus[n++].u.ptr = mark;
	if (e->key.len > 0)
		vus[n++] = memory(RD_KAFKA_VTYPE_KEY, e->key.p, e->key.len);
	if (headers != NULL) {
		vus[n].vtype = RD_KAFKA_VTYPE_HEADERS;
		vus[n++].u.headers = headers;
	}
	error = rd_kafka_produceva(handle, vus, n);
	if (error != NULL && headers != NULL)
		rd_kafka_headers_destroy(headers);
	return error;
}
