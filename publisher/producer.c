#include "producer.h"

#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TOPIC_MAX = 249, TYPE_MAX = 64, PURGE_MS = 1000 };

const struct kafka_property producer_defaults[] = {
    {"client.id", "kafka-publish"}, {"enable.idempotence", "true"},
    {"acks", "all"},
    /* Never give a record up while there is a chance. */
    {"message.timeout.ms", "0"},
    /* Java's partitioner: a consumer that joins on the key finds it. */
    {"partitioner", "murmur2_random"}, {"linger.ms", "10"},
    {"compression.codec", "lz4"}, {"queue.buffering.max.messages", "100000"},
    {"queue.buffering.max.kbytes", "65536"},
    {"socket.keepalive.enable", "true"}, {"statistics.interval.ms", "1000"},
    {NULL, NULL}};

/* Kafka's rule for a topic's name. */
static bool
is_topic(const char *name, size_t len)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789._-";

	return len > 0 && len <= TOPIC_MAX && strspn(name, allowed) == len;
}

int
producer_templates(struct producer *p, const char *key, const char *topic)
{
	const char *why;

	if (template_parse(&p->key, key, &p->members, &why) == -1) {
		kafka_fail(&p->kafka, STATUS_USAGE, "key '%s': %s", key, why);
		return -1;
	}
	if (template_parse(&p->topic, topic, &p->members, &why) == -1) {
		kafka_fail(&p->kafka, STATUS_USAGE, "topic '%s': %s", topic,
		    why);
		return -1;
	}
	if (template_constant(&p->topic)) {
		p->topic_name = topic;
		if (!is_topic(topic, strlen(topic))) {
			kafka_topic_fail(&p->kafka, topic,
			    RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION);
			return -1;
		}
	}
	p->type = members_want(&p->members, SLICE("type"));
	p->timestamp = members_want(&p->members, SLICE("timestamp"));
	p->received = members_want(&p->members, SLICE("received"));
	if (p->type == -1 || p->timestamp == -1 || p->received == -1) {
		kafka_fail(&p->kafka, STATUS_USAGE,
		    "the key and the topic name too many members");
		return -1;
	}
	return 0;
}

/* librdkafka's errors that no other record would meet. */
static void
on_delivery(rd_kafka_t *handle, const rd_kafka_message_t *message, void *opaque)
{
	struct producer *p = opaque;
	struct slice record = {message->payload, message->len};

	(void)handle;
	switch (message->err) {
	case RD_KAFKA_RESP_ERR_NO_ERROR:
		sink_acked(p->sink, rd_kafka_message_latency(message));
		return;
	case RD_KAFKA_RESP_ERR__PURGE_QUEUE:
	case RD_KAFKA_RESP_ERR__PURGE_INFLIGHT:
	case RD_KAFKA_RESP_ERR__FATAL:
		sink_abandoned(p->sink, record);
		return;
	default:
		break;
	}
	if (p->topic_name != NULL &&
	    kafka_topic_fail(&p->kafka, p->topic_name, message->err))
		sink_abandoned(p->sink, record);
	else
		sink_refused(p->sink, record, rd_kafka_err2str(message->err));
}

/* Add up what the brokers' statistics say. */
static void
add_broker(struct producer *p, struct slice broker)
{
	struct scan_member m;
	struct scan scan;

	scan_open(&scan, broker);
	while (scan_next(&scan, &m)) {
		if (slice_eq(m.key, SLICE("state")))
			p->up += slice_eq(m.value, SLICE("UP"));
		else if (slice_eq(m.key, SLICE("txretries")))
			p->retries += strtoull(m.value.p, NULL, 10);
	}
}

static int
on_statistics(rd_kafka_t *handle, char *json, size_t len, void *opaque)
{
	struct producer *p = opaque;
	struct scan_member m, broker;
	struct scan scan, brokers;

	(void)handle;
	p->up = 0;
	p->retries = 0;
	scan_open(&scan, (struct slice){json, len});
	while (scan_next(&scan, &m)) {
		if (!slice_eq(m.key, SLICE("brokers")))
			continue;
		scan_open(&brokers, m.value);
		while (scan_next(&brokers, &broker))
			add_broker(p, broker.value);
	}
	return 0;
}

/* --- what the driver asks of it */

/* Fill a template. Returns 0; or -1 with p->why set. */
static int
render(struct producer *p, const struct text_template *t, char *buf,
    struct slice *out)
{
	if (template_render(t, &p->members, buf, p->buf_size, out) == 0)
		return 0;
	if (out->len > 0)
		snprintf(p->why, sizeof(p->why), "no value for %.*s",
		    (int)out->len, out->p);
	else
		snprintf(p->why, sizeof(p->why),
		    "its key or topic is too long");
	return -1;
}

/* The topic of this record: 0 with *vu filled in, or -1 with p->why set. */
static int
put_topic(struct producer *p, rd_kafka_vu_t *vu)
{
	struct slice name;

	if (p->handle != NULL) {
		vu->vtype = RD_KAFKA_VTYPE_RKT;
		vu->u.rkt = p->handle;
		return 0;
	}
	if (render(p, &p->topic, p->topic_buf, &name) == -1)
		return -1;
	p->topic_buf[name.len] = '\0';
	if (!is_topic(name.p, name.len)) {
		snprintf(p->why, sizeof(p->why), "'%.200s' is not a topic name",
		    name.p);
		return -1;
	}
	vu->vtype = RD_KAFKA_VTYPE_TOPIC;
	vu->u.cstr = name.p;
	return 0;
}

static rd_kafka_vu_t
header(const char *name, struct slice value)
{
	rd_kafka_vu_t vu = {.vtype = RD_KAFKA_VTYPE_HEADER};

	vu.u.header.name = name;
	vu.u.header.val = value.p;
	vu.u.header.size = (ssize_t)value.len;
	return vu;
}

static rd_kafka_vu_t
memory(rd_kafka_vtype_t what, struct slice bytes)
{
	rd_kafka_vu_t vu = {.vtype = what};

	vu.u.mem.ptr = (void *)(uintptr_t)bytes.p;
	vu.u.mem.size = bytes.len;
	return vu;
}

/* The event's own time; 0 is librdkafka's word for now. */
static int64_t
timestamp(const struct producer *p)
{
	int64_t ms = member_number(&p->members.list[p->timestamp]);

	if (ms == -1)
		ms = member_number(&p->members.list[p->received]);
	return ms == -1 ? 0 : ms;
}

/* What librdkafka said instead of taking the record. */
static enum sink_put
refusal(struct producer *p, rd_kafka_error_t *error, const char **why)
{
	rd_kafka_resp_err_t err = rd_kafka_error_code(error);

	snprintf(p->why, sizeof(p->why), "%s", rd_kafka_error_string(error));
	rd_kafka_error_destroy(error);
	*why = p->why;
	if (err == RD_KAFKA_RESP_ERR__QUEUE_FULL ||
	    err == RD_KAFKA_RESP_ERR__FATAL)
		return SINK_FULL;
	if (p->topic_name != NULL &&
	    kafka_topic_fail(&p->kafka, p->topic_name, err))
		return SINK_FULL;
	return SINK_BAD;
}

static enum sink_put
put(void *dest, struct slice record, const char **why)
{
	struct producer *p = dest;
	const struct member *type = &p->members.list[p->type];
	char name[TYPE_MAX], *end;
	rd_kafka_vu_t vus[7];
	rd_kafka_error_t *error;
	struct slice key;
	size_t n = 0;

	if (members_find(&p->members, record, why) == -1)
		return SINK_BAD;
	*why = p->why;
	if (put_topic(p, &vus[n++]) == -1 ||
	    render(p, &p->key, p->key_buf, &key) == -1)
		return SINK_BAD;
	if (key.len > 0)
		vus[n++] = memory(RD_KAFKA_VTYPE_KEY, key);
	vus[n++] = memory(RD_KAFKA_VTYPE_VALUE, record);
	vus[n].vtype = RD_KAFKA_VTYPE_MSGFLAGS;
	vus[n++].u.i = RD_KAFKA_MSG_F_COPY;
	vus[n].vtype = RD_KAFKA_VTYPE_TIMESTAMP;
	vus[n++].u.i64 = timestamp(p);
	end = member_text(type, name, name + sizeof(name));
	if (end != NULL && end > name) {
		vus[n++] =
		    header("type", (struct slice){name, (size_t)(end - name)});
		vus[n++] = header("schema", SLICE("irc-event/1"));
	}
	error = rd_kafka_produceva(p->kafka.handle, vus, n);
	return error == NULL ? SINK_TAKEN : refusal(p, error, why);
}

static enum status
serve(void *dest, const char **why)
{
	struct producer *p = dest;

	kafka_serve(&p->kafka);
	*why = p->kafka.why;
	return p->kafka.status;
}

static void
abandon(void *dest)
{
	struct producer *p = dest;

	rd_kafka_purge(p->kafka.handle,
	    RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
	rd_kafka_flush(p->kafka.handle, PURGE_MS);
}

static void
metrics(void *dest)
{
	struct producer *p = dest;

	sink_metric(p->sink, "up", "gauge",
	    "1 if a broker is connected, else 0.", p->up > 0);
	sink_metric(p->sink, "retries_total", "counter",
	    "Requests sent to a broker again.", (double)p->retries);
}

static const struct sink_ops ops = {put, serve, abandon, metrics};

static int
allocate(struct producer *p, size_t record_max)
{
	/* A key is as long as a record at most; a topic's NUL beyond. */
	p->buf_size = record_max;
	p->key_buf = malloc(p->buf_size);
	p->topic_buf = malloc(p->buf_size + 1);
	if (p->key_buf != NULL && p->topic_buf != NULL)
		return 0;
	kafka_fail(&p->kafka, STATUS_FAILED, "out of memory");
	return -1;
}

int
producer_open(struct producer *p, struct rd_kafka_conf_s *conf,
    const char *brokers, int wait, struct sink *sink)
{
	char max[32];

	p->sink = sink;
	rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
	rd_kafka_conf_set_stats_cb(conf, on_statistics);
	kafka_conf_get(conf, "message.max.bytes", max, sizeof(max));
	sink->record_max = strtoul(max, NULL, 10);
	sink->ops = &ops;
	sink->dest = p;

	if (allocate(p, sink->record_max) == -1 ||
	    kafka_open(&p->kafka, conf, brokers, false) == -1)
		return -1;
	sink->fd = p->kafka.fd;
	if (kafka_await(&p->kafka, p->topic_name, wait) == -1)
		return -1;
	if (p->topic_name != NULL)
		p->handle =
		    rd_kafka_topic_new(p->kafka.handle, p->topic_name, NULL);
	return 0;
}

void
producer_close(struct producer *p)
{
	if (p->handle != NULL)
		rd_kafka_topic_destroy(p->handle);
	kafka_close(&p->kafka);
	free(p->key_buf);
	free(p->topic_buf);
}
