#include "consumer.h"

#include <librdkafka/rdkafka.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "stop.h"

enum { PARTITIONS_MAX = 65536 };

const struct kafka_property consumer_defaults[] = {{"client.id", "kafka-tail"},
    {"fetch.wait.max.ms", "100"}, {"socket.keepalive.enable", "true"},
    {"topic.metadata.refresh.interval.ms", "10000"}, {NULL, NULL}};

/* All partitions, from their first record or from the next that comes. */
static int
assign_all(struct consumer *c, bool beginning)
{
	rd_kafka_topic_partition_list_t *list;
	const struct rd_kafka_metadata *metadata;
	rd_kafka_topic_t *topic;
	rd_kafka_resp_err_t err;

	topic = rd_kafka_topic_new(c->kafka.handle, c->topic, NULL);
	err = rd_kafka_metadata(c->kafka.handle, 0, topic, &metadata, 10000);
	rd_kafka_topic_destroy(topic);
	if (err != RD_KAFKA_RESP_ERR_NO_ERROR)
		goto fail;
	list = rd_kafka_topic_partition_list_new(1);
	for (int i = 0; i < metadata->topics[0].partition_cnt; i++)
		rd_kafka_topic_partition_list_add(list, c->topic,
		    metadata->topics[0].partitions[i].id)
		    ->offset =
		    beginning ? RD_KAFKA_OFFSET_BEGINNING : RD_KAFKA_OFFSET_END;
	rd_kafka_metadata_destroy(metadata);
	err = rd_kafka_assign(c->kafka.handle, list);
	rd_kafka_topic_partition_list_destroy(list);
	if (err == RD_KAFKA_RESP_ERR_NO_ERROR)
		return 0;
fail:
	kafka_fail(&c->kafka, STATUS_FAILED, "cannot read topic '%s': %s",
	    c->topic, rd_kafka_err2str(err));
	return -1;
}

/* Those partitions that the group deals out to us. */
static int
subscribe(struct consumer *c)
{
	rd_kafka_topic_partition_list_t *list;
	rd_kafka_resp_err_t err;

	list = rd_kafka_topic_partition_list_new(1);
	rd_kafka_topic_partition_list_add(list, c->topic,
	    RD_KAFKA_PARTITION_UA);
	err = rd_kafka_subscribe(c->kafka.handle, list);
	rd_kafka_topic_partition_list_destroy(list);
	if (err == RD_KAFKA_RESP_ERR_NO_ERROR)
		return 0;
	kafka_fail(&c->kafka, STATUS_FAILED, "cannot join the group: %s",
	    rd_kafka_err2str(err));
	return -1;
}

int
consumer_open(struct consumer *c, struct rd_kafka_conf_s *conf,
    const char *brokers, const char *topic, bool beginning, int wait)
{
	char group[256], why[KAFKA_WHY_MAX];
	rd_kafka_queue_t *queue;

	c->topic = topic;
	c->ended = calloc(PARTITIONS_MAX, sizeof(*c->ended));
	if (c->ended == NULL)
		die(STATUS_FAILED, "out of memory");
	kafka_conf_set(conf, "enable.partition.eof", "true", why);
	kafka_conf_set(conf, "auto.offset.reset",
	    beginning ? "earliest" : "latest", why);
	c->grouped =
	    kafka_conf_get(conf, "group.id", group, sizeof(group)) == 0;
	/* librdkafka wants a name even where it is not used. */
	if (!c->grouped) {
		kafka_conf_set(conf, "group.id", "kafka-tail", why);
		kafka_conf_set(conf, "enable.auto.commit", "false", why);
	}
	if (kafka_open(&c->kafka, conf, brokers, true) == -1 ||
	    kafka_await(&c->kafka, topic, wait) == -1)
		return -1;
	rd_kafka_poll_set_consumer(c->kafka.handle);
	queue = rd_kafka_queue_get_consumer(c->kafka.handle);
	kafka_watch(&c->kafka, queue);
	rd_kafka_queue_destroy(queue);
	return c->grouped ? subscribe(c) : assign_all(c, beginning);
}

void
consumer_close(struct consumer *c)
{
	if (c->message != NULL)
		rd_kafka_message_destroy(c->message);
	if (c->kafka.handle != NULL)
		rd_kafka_consumer_close(c->kafka.handle);
	kafka_close(&c->kafka);
	free(c->ended);
}

/* A message that is no record: the end of a partition, or trouble. */
static void
note_event(struct consumer *c)
{
	rd_kafka_resp_err_t err = c->message->err;

	if (err == RD_KAFKA_RESP_ERR__PARTITION_EOF)
		c->ended[c->message->partition] = true;
	else if (err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET)
		kafka_fail(&c->kafka, STATUS_FAILED, "%s",
		    rd_kafka_message_errstr(c->message));
	else if (!kafka_topic_fail(&c->kafka, c->topic, err))
		log_warn("%s", rd_kafka_message_errstr(c->message));
}

bool
consumer_next(struct consumer *c, struct record *record)
{
	rd_kafka_timestamp_type_t type;

	for (;;) {
		if (c->message != NULL)
			rd_kafka_message_destroy(c->message);
		c->message = rd_kafka_consumer_poll(c->kafka.handle, 0);
		if (c->kafka.lost)
			kafka_fail(&c->kafka, STATUS_FAILED, "%s",
			    c->kafka.lost_why);
		if (c->message == NULL || c->kafka.status != STATUS_OK)
			return false;
		if (c->message->err == RD_KAFKA_RESP_ERR_NO_ERROR)
			break;
		note_event(c);
	}
	c->ended[c->message->partition] = false;
	record->partition = c->message->partition;
	record->offset = c->message->offset;
	record->timestamp = rd_kafka_message_timestamp(c->message, &type);
	record->key = (struct slice){c->message->key, c->message->key_len};
	record->value = (struct slice){c->message->payload, c->message->len};
	return true;
}

int
consumer_wait(struct consumer *c)
{
	uint64_t events;

	if (stop_wait(c->kafka.fd, POLLIN, -1) == -1)
		return -1;
	(void)!read(c->kafka.fd, &events, sizeof(events));
	return 0;
}

bool
consumer_header(const struct consumer *c, size_t index, const char **name,
    struct slice *value)
{
	rd_kafka_headers_t *headers;
	const void *bytes;

	if (rd_kafka_message_headers(c->message, &headers) !=
		RD_KAFKA_RESP_ERR_NO_ERROR ||
	    rd_kafka_header_get_all(headers, index, name, &bytes,
		&value->len) != RD_KAFKA_RESP_ERR_NO_ERROR)
		return false;
	value->p = bytes;
	return true;
}

bool
consumer_at_end(const struct consumer *c)
{
	rd_kafka_topic_partition_list_t *list;
	bool all;

	if (rd_kafka_assignment(c->kafka.handle, &list) !=
	    RD_KAFKA_RESP_ERR_NO_ERROR)
		return false;
	all = list->cnt > 0;
	for (int i = 0; i < list->cnt; i++)
		all = all && c->ended[list->elems[i].partition];
	rd_kafka_topic_partition_list_destroy(list);
	return all;
}
