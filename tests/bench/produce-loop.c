/*
 * The yardstick for kafka-publish: librdkafka in a tight loop, with the same
 * properties and nothing else to do.
 *
 *	produce-loop BROKERS TOPIC FILE [KEY]
 *
 * Each line of FILE is a record. With KEY, such as channel_id, each has for
 * its key the text between quotes that follows "KEY":, and the headers that an
 * event has; how it is found costs next to nothing.
 */
#include <fcntl.h>
#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

static unsigned long sent, acked, failed;

static const char *const properties[][2] = {{"enable.idempotence", "true"},
    {"enable.gapless.guarantee", "true"}, {"acks", "all"},
    {"message.timeout.ms", "0"}, {"partitioner", "murmur2_random"},
    {"linger.ms", "10"}, {"compression.codec", "lz4"},
    {"queue.buffering.max.messages", "20000"},
    {"queue.buffering.max.kbytes", "262144"}};

static void
on_delivery(rd_kafka_t *rk, const rd_kafka_message_t *message, void *opaque)
{
	(void)rk, (void)opaque;
	if (message->err)
		failed++;
	else
		acked++;
}

static void
fail(const char *what)
{
	fprintf(stderr, "produce-loop: %s\n", what);
	exit(1);
}

static rd_kafka_t *
connect_to(const char *brokers)
{
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	char why[256];
	rd_kafka_t *rk;

	for (size_t i = 0; i < sizeof(properties) / sizeof(properties[0]); i++)
		if (rd_kafka_conf_set(conf, properties[i][0], properties[i][1],
			why, sizeof(why)) != RD_KAFKA_CONF_OK)
			fail(why);
	rd_kafka_conf_set(conf, "bootstrap.servers", brokers, why, sizeof(why));
	rd_kafka_conf_set(conf, "log_level", "3", why, sizeof(why));
	rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
	rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof(why));
	if (rk == NULL)
		fail(why);
	return rk;
}

static char *
map(const char *path, size_t *len)
{
	int fd = open(path, O_RDONLY);
	struct stat st;
	char *p;

	if (fd == -1 || fstat(fd, &st) == -1)
		fail("cannot open the file");
	*len = (size_t)st.st_size;
	p = mmap(NULL, *len, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
	if (p == MAP_FAILED)
		fail("cannot map the file");
	return p;
}

/* Where the key's value is in the line; its length. */
static size_t
find_key(char *line, size_t len, const char *name, size_t name_len, char **key)
{
	char *p = memmem(line, len, name, name_len), *end = NULL;

	if (p != NULL) {
		*key = p + name_len;
		end = memchr(*key, '"', len - (size_t)(*key - line));
	}
	return end == NULL ? 0 : (size_t)(end - *key);
}

static void
send_line(rd_kafka_t *rk, rd_kafka_topic_t *topic, char *line, size_t len,
    const char *name)
{
	rd_kafka_vu_t vus[6] = {{.vtype = RD_KAFKA_VTYPE_RKT, .u.rkt = topic},
	    {.vtype = RD_KAFKA_VTYPE_VALUE, .u.mem = {line, len}},
	    {.vtype = RD_KAFKA_VTYPE_MSGFLAGS, .u.i = RD_KAFKA_MSG_F_COPY}};
	rd_kafka_error_t *error;
	size_t n = 3, key_len;
	char *key = NULL;

	if (name[0] != '\0') {
		key_len = find_key(line, len, name, strlen(name), &key);
		vus[n++] = (rd_kafka_vu_t){
		    .vtype = RD_KAFKA_VTYPE_KEY, .u.mem = {key, key_len}};
		vus[n++] = (rd_kafka_vu_t){.vtype = RD_KAFKA_VTYPE_HEADER,
		    .u.header = {"type", "message", 7}};
		vus[n++] = (rd_kafka_vu_t){.vtype = RD_KAFKA_VTYPE_HEADER,
		    .u.header = {"schema", "irc-event/1", 11}};
	}
	while ((error = rd_kafka_produceva(rk, vus, n)) != NULL) {
		rd_kafka_error_destroy(error);
		rd_kafka_poll(rk, 10);
	}
	sent++;
}

int
main(int argc, char **argv)
{
	char name[64] = "", *p, *lf;
	rd_kafka_topic_t *topic;
	rd_kafka_t *rk;
	size_t left;

	if (argc < 4)
		fail("usage: produce-loop BROKERS TOPIC FILE [KEY]");
	if (argc > 4)
		snprintf(name, sizeof(name), "\"%s\":\"", argv[4]);
	p = map(argv[3], &left);
	rk = connect_to(argv[1]);
	topic = rd_kafka_topic_new(rk, argv[2], NULL);
	while ((lf = memchr(p, '\n', left)) != NULL) {
		send_line(rk, topic, p, (size_t)(lf - p), name);
		left -= (size_t)(lf + 1 - p);
		p = lf + 1;
		if (sent % 1000 == 0)
			rd_kafka_poll(rk, 0);
	}
	while (acked + failed < sent)
		rd_kafka_poll(rk, 100);
	rd_kafka_topic_destroy(topic);
	rd_kafka_destroy(rk);
	return failed > 0;
}
