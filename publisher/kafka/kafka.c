#include "kafka.h"

#include <errno.h>
#include <librdkafka/rdkafka.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <syslog.h>
#include <unistd.h>

#include "clock.h"
#include "stop.h"
#include "version.h"

enum {
	BROKERS_MAX = 8192,
	WARN_MS = 10000,     /* between two words about one outage */
	ASK_MS = 500,        /* one try to reach a broker */
	RETRY_MS = 100,      /* between two tries */
	TOPIC_WAIT_MS = 5000 /* for a topic that brokers make on demand */
};

/*
 * An older librdkafka does not send the nonce of SCRAM as RFC 5802, section 3,
 * has it, and Kafka 4 minds.
 */
enum { SCRAM_MENDED = 0x020601ff };

void
kafka_fail(struct kafka *k, enum status status, const char *fmt, ...)
{
	va_list ap;

	if (k->status != STATUS_OK)
		return;
	k->status = status;
	va_start(ap, fmt);
	vsnprintf(k->why, sizeof(k->why), fmt, ap);
	va_end(ap);
}

void
kafka_lose(struct kafka *k, int err)
{
	k->lost = true;
	k->lost_error = err;
	snprintf(k->lost_why, sizeof(k->lost_why), "%s",
	    rd_kafka_err2str((rd_kafka_resp_err_t)err));
}

bool
kafka_is_forbidden(int err)
{
	switch (err) {
	case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
	case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
	case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
	case RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED:
		return true;
	default:
		return false;
	}
}

/* How long the text is without its tail, which is for librdkafka's makers. */
static int
useful(const char *text)
{
	const char *tail = strstr(text, " (after ");

	return (int)(tail == NULL ? strlen(text) : (size_t)(tail - text));
}

void
kafka_warn(struct kafka *k, const char *text)
{
	int64_t now = clock_mono();

	if (now < k->next_warning)
		return;
	k->next_warning = now + WARN_MS;
	log_warn("trouble with %s, trying on: %.*s", k->brokers, useful(text),
	    text);
}

/* A right that one had is given back where it was taken away. */
static bool
forbid_topic(struct kafka *k, const char *topic, rd_kafka_resp_err_t err)
{
	if (k->proven) {
		kafka_warn(k, rd_kafka_err2str(err));
		return false;
	}
	kafka_fail(k, STATUS_CREDENTIALS,
	    "%s does not let this user use topic '%s': %s; ask for the right%s, "
	    "or use another account (-F)",
	    k->brokers, topic, rd_kafka_err2str(err),
	    err == RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED ?
		", before Kafka 3 also IDEMPOTENT_WRITE" :
		"");
	return true;
}

bool
kafka_topic_fail(struct kafka *k, const char *topic, int err)
{
	if (kafka_is_forbidden(err))
		return forbid_topic(k, topic, (rd_kafka_resp_err_t)err);
	switch (err) {
	case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
	case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
	case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
		kafka_fail(k, STATUS_USAGE,
		    "topic '%s' does not exist at %s; make it: kafka-topics.sh "
		    "--bootstrap-server %s --create --topic %s --partitions 3",
		    topic, k->brokers, k->brokers, topic);
		return true;
	case RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION:
	case RD_KAFKA_RESP_ERR__INVALID_ARG:
		kafka_fail(k, STATUS_USAGE,
		    "'%s' is not a topic name: letters, digits, '.', '_' and "
		    "'-', at most 249",
		    topic);
		return true;
	default:
		return false;
	}
}

static void
on_log(const rd_kafka_t *handle, int severity, const char *facility,
    const char *text)
{
	struct kafka *k = rd_kafka_opaque(handle);
	unsigned long held;

	/* What breaks a connection or the client comes to on_error as well. */
	if (severity >= LOG_WARNING || strcmp(facility, "FAIL") == 0 ||
	    strcmp(facility, "FATAL") == 0)
		log_debug("librdkafka: %s: %s", facility, text);
	else if (log_limit(&k->logs, &held))
		log_warn("%s", text);
}

/* Has a broker ever let us in? Only such a one says what the cluster is. */
static bool
was_let_in(const struct kafka *k)
{
	char *cluster = rd_kafka_clusterid(k->handle, 0);

	rd_kafka_mem_free(k->handle, cluster);
	return k->welcome || cluster != NULL;
}

/* Credentials that were good once are mended where they are kept. */
static void
refuse_credentials(struct kafka *k, const char *text)
{
	bool old =
	    strstr(text, "SCRAM") != NULL && rd_kafka_version() < SCRAM_MENDED;

	if (was_let_in(k)) {
		kafka_warn(k, text);
		return;
	}
	kafka_fail(k, STATUS_CREDENTIALS,
	    "%s refused the credentials: %.*s; check sasl.username and "
	    "sasl.password in the file given with -F%s%s",
	    k->brokers, useful(text), text,
	    old ? "; for SCRAM, Kafka 4 wants librdkafka 2.6.1 or newer, this "
		  "is " :
		  "",
	    old ? rd_kafka_version_str() : "");
}

static void
on_error(rd_kafka_t *handle, int err, const char *text, void *opaque)
{
	struct kafka *k = opaque;

	switch (err) {
	case RD_KAFKA_RESP_ERR__AUTHENTICATION:
		refuse_credentials(k, text);
		break;
	case RD_KAFKA_RESP_ERR__FATAL:
		k->lost = true;
		k->lost_error = rd_kafka_fatal_error(handle, k->lost_why,
		    sizeof(k->lost_why));
		break;
	default:
		/* A connection that fails is tried again for ever. */
		kafka_warn(k, text);
	}
}

/* What this file relies on, whatever the user set. */
static void
set_own(struct kafka *k, rd_kafka_conf_t *conf)
{
	char why[KAFKA_WHY_MAX];

	rd_kafka_conf_set_opaque(conf, k);
	rd_kafka_conf_set_log_cb(conf, on_log);
	rd_kafka_conf_set_error_cb(conf, on_error);
	kafka_conf_set(conf, "log.queue", "true", why);
	kafka_conf_set(conf, "client.software.name", "twitch-ingest", why);
	kafka_conf_set(conf, "client.software.version", VERSION, why);
}

/* Where to look: the argument, else the properties. */
static int
set_brokers(struct kafka *k, rd_kafka_conf_t *conf, const char *brokers)
{
	char list[BROKERS_MAX], why[KAFKA_WHY_MAX];

	if (brokers != NULL &&
	    kafka_conf_set(conf, "bootstrap.servers", brokers, why) == -1) {
		kafka_fail(k, STATUS_USAGE, "brokers '%s': %s", brokers, why);
		return -1;
	}
	if (kafka_conf_get(conf, "bootstrap.servers", list, sizeof(list)) ==
	    -1) {
		kafka_fail(k, STATUS_USAGE,
		    "no broker is given: use -b HOST:PORT or KAFKA_BROKERS");
		return -1;
	}
	snprintf(k->brokers, sizeof(k->brokers), "%.*s",
	    (int)sizeof(k->brokers) - 1, list);
	return 0;
}

/* Make a client of a copy of the properties. */
static int
make_client(struct kafka *k)
{
	rd_kafka_type_t type =
	    k->consumer ? RD_KAFKA_CONSUMER : RD_KAFKA_PRODUCER;
	rd_kafka_conf_t *conf = rd_kafka_conf_dup(k->conf);
	char why[KAFKA_WHY_MAX];
	rd_kafka_queue_t *queue;

	k->handle = rd_kafka_new(type, conf, why, sizeof(why));
	if (k->handle == NULL) {
		rd_kafka_conf_destroy(conf);
		kafka_fail(k, STATUS_USAGE, "%s", why);
		return -1;
	}
	rd_kafka_set_log_queue(k->handle, NULL);
	queue = rd_kafka_queue_get_main(k->handle);
	kafka_watch(k, queue);
	rd_kafka_queue_destroy(queue);
	return 0;
}

int
kafka_open(struct kafka *k, struct rd_kafka_conf_s *conf, const char *brokers,
    bool consumer)
{
	k->conf = conf;
	k->consumer = consumer;
	k->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (k->fd == -1)
		die(STATUS_FAILED, "cannot make an event descriptor: %s",
		    strerror(errno));
	set_own(k, conf);
	if (set_brokers(k, conf, brokers) == 0 && make_client(k) == 0)
		return 0;
	kafka_close(k);
	return -1;
}

int
kafka_renew(struct kafka *k)
{
	k->welcome = was_let_in(k);
	rd_kafka_destroy(k->handle);
	k->lost = false;
	return make_client(k);
}

void
kafka_close(struct kafka *k)
{
	if (k->conf == NULL)
		return;
	if (k->handle != NULL)
		rd_kafka_destroy(k->handle);
	rd_kafka_conf_destroy(k->conf);
	close(k->fd);
	k->handle = NULL;
	k->conf = NULL;
}

void
kafka_watch(struct kafka *k, struct rd_kafka_queue_s *queue)
{
	static const uint64_t one = 1;

	rd_kafka_queue_io_event_enable(queue, k->fd, &one, sizeof(one));
	/* It tells when the queue ceases to be empty. It may not be now. */
	eventfd_write(k->fd, 1);
}

void
kafka_hush(struct kafka *k)
{
	uint64_t events;

	(void)!read(k->fd, &events, sizeof(events));
}

void
kafka_serve(struct kafka *k)
{
	kafka_hush(k);
	rd_kafka_poll(k->handle, 0);
}

/*
 * Ask for what is known of the topic. Returns true when there is an answer,
 * and *err is what it says.
 */
static bool
ask(struct kafka *k, rd_kafka_topic_t *topic, rd_kafka_resp_err_t *err)
{
	const struct rd_kafka_metadata *metadata;

	*err = rd_kafka_metadata(k->handle, 0, topic, &metadata, ASK_MS);
	if (*err != RD_KAFKA_RESP_ERR_NO_ERROR)
		return false;
	if (metadata->topic_cnt == 1)
		*err = metadata->topics[0].err;
	rd_kafka_metadata_destroy(metadata);
	return true;
}

/* Errors of a topic that is being made, or is about to get its leader. */
static bool
may_come(rd_kafka_resp_err_t err)
{
	return err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART ||
	    err == RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE;
}

static int
await(struct kafka *k, const char *name, rd_kafka_topic_t *topic, int wait)
{
	int64_t deadline = clock_mono() + wait, topic_deadline = 0;

	for (;;) {
		rd_kafka_resp_err_t err;
		bool answered = ask(k, topic, &err);
		int64_t now = clock_mono();

		kafka_serve(k);
		if (k->status != STATUS_OK)
			return -1;
		if (answered && topic_deadline == 0)
			topic_deadline = now + TOPIC_WAIT_MS;
		if (answered && err == RD_KAFKA_RESP_ERR_NO_ERROR)
			return 0;
		if (answered && (!may_come(err) || now >= topic_deadline)) {
			if (!kafka_topic_fail(k, name, err))
				kafka_fail(k, STATUS_FAILED,
				    "%s cannot serve topic '%s': %s",
				    k->brokers, name, rd_kafka_err2str(err));
			return -1;
		}
		if (!answered && now >= deadline) {
			kafka_fail(k, STATUS_FAILED,
			    "no broker of %s answered within %d s; is the "
			    "address right, and is Kafka running?",
			    k->brokers, wait / 1000);
			return -1;
		}
		if (stop_wait(-1, 0, RETRY_MS) == -1)
			return -1;
	}
}

int
kafka_await(struct kafka *k, const char *topic, int wait)
{
	rd_kafka_topic_t *handle = NULL;
	int result;

	if (topic != NULL) {
		handle = rd_kafka_topic_new(k->handle, topic, NULL);
		if (handle == NULL) {
			kafka_topic_fail(k, topic, rd_kafka_last_error());
			return -1;
		}
	}
	result = await(k, topic, handle, wait);
	if (handle != NULL)
		rd_kafka_topic_destroy(handle);
	return result;
}
