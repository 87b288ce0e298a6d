#include "transactor.h"

#include <errno.h>
#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>

enum {
	STEP_MS = 1000, /* how long one try waits for a broker */
	RETRY_MS = 200  /* between two that wait for nothing */
};

/* So many ms from now, as the condition has it. */
static struct timespec
time_in(int ms)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	t.tv_sec += ms / 1000;
	t.tv_nsec += ms % 1000 * 1000000L;
	t.tv_sec += t.tv_nsec / 1000000000;
	t.tv_nsec %= 1000000000;
	return t;
}

/* What an error means for the transaction; NULL is none. Destroys it. */
static enum transactor_result
judge(struct transactor *t, rd_kafka_error_t *error)
{
	enum transactor_result result = TRANSACTOR_FATAL;

	if (error == NULL)
		return TRANSACTOR_DONE;
	if (rd_kafka_error_txn_requires_abort(error))
		result = TRANSACTOR_ABORTABLE;
	t->error = rd_kafka_error_code(error);
	snprintf(t->why, sizeof(t->why), "%s", rd_kafka_error_string(error));
	rd_kafka_error_destroy(error);
	return result;
}

/* True if the thread is to end; it waits for that at most so many ms. */
static bool
stopped(struct transactor *t, int ms)
{
	struct timespec until = time_in(ms);
	bool stop;

	pthread_mutex_lock(&t->mutex);
	while (!t->stop && ms > 0 &&
	    pthread_cond_timedwait(&t->change, &t->mutex, &until) == 0)
		continue;
	stop = t->stop;
	pthread_mutex_unlock(&t->mutex);
	return stop;
}

/* True if the call is to be made again, and it destroys the error then. */
static bool
again(struct transactor *t, rd_kafka_error_t *error)
{
	if (error == NULL || !rd_kafka_error_is_retriable(error) ||
	    stopped(t, 0))
		return false;
	rd_kafka_error_destroy(error);
	return true;
}

static enum transactor_result
init(struct transactor *t)
{
	rd_kafka_error_t *error;

	do
		error = rd_kafka_init_transactions(t->handle, STEP_MS);
	while (again(t, error));
	return judge(t, error);
}

static rd_kafka_error_t *
send_position(struct transactor *t)
{
	rd_kafka_topic_partition_list_t *list =
	    rd_kafka_topic_partition_list_new(1);
	rd_kafka_consumer_group_metadata_t *group =
	    rd_kafka_consumer_group_metadata_new(t->group);
	rd_kafka_error_t *error;

	rd_kafka_topic_partition_list_add(list, t->topic, 0)->offset =
	    t->position;
	error =
	    rd_kafka_send_offsets_to_transaction(t->handle, list, group, -1);
	rd_kafka_consumer_group_metadata_destroy(group);
	rd_kafka_topic_partition_list_destroy(list);
	return error;
}

static enum transactor_result
commit(struct transactor *t)
{
	rd_kafka_error_t *error;

	do
		error = send_position(t);
	while (again(t, error));
	if (error != NULL)
		return judge(t, error);
	do
		error = rd_kafka_commit_transaction(t->handle, -1);
	while (again(t, error));
	return judge(t, error);
}

static enum transactor_result
abort_transaction(struct transactor *t)
{
	/* Later there is no need; and librdkafka 2.0 may never be done. */
	return judge(t, rd_kafka_abort_transaction(t->handle, t->timeout));
}

/*
 * A consumer of the group, which may ask for its positions; NULL if there
 * cannot be one. (The admin client's ListConsumerGroupOffsets, of librdkafka
 * 2.0, ends the process when a broker does not answer in time.)
 */
static rd_kafka_t *
open_reader(struct transactor *t)
{
	rd_kafka_conf_t *conf = rd_kafka_conf_dup(rd_kafka_conf(t->handle));
	rd_kafka_t *reader;

	kafka_conf_set(conf, "group.id", t->group, t->why);
	kafka_conf_set(conf, "enable.auto.commit", "false", t->why);
	kafka_conf_set(conf, "isolation.level", "read_committed", t->why);
	kafka_conf_set(conf, "log.queue", "false", t->why);
	rd_kafka_conf_set_log_cb(conf, NULL);
	rd_kafka_conf_set_error_cb(conf, NULL);
	reader = rd_kafka_new(RD_KAFKA_CONSUMER, conf, t->why, sizeof(t->why));
	if (reader == NULL)
		rd_kafka_conf_destroy(conf);
	return reader;
}

/*
 * What positions may have been committed with: one topic, or any, where a
 * template names them. NULL when brokers do not say.
 */
static rd_kafka_topic_partition_list_t *
list_topics(struct transactor *t, rd_kafka_t *reader)
{
	rd_kafka_topic_partition_list_t *list =
	    rd_kafka_topic_partition_list_new(1);
	const struct rd_kafka_metadata *metadata;

	if (t->topic[0] != '\0') {
		rd_kafka_topic_partition_list_add(list, t->topic, 0);
		return list;
	}
	if (rd_kafka_metadata(reader, 1, NULL, &metadata, STEP_MS) !=
	    RD_KAFKA_RESP_ERR_NO_ERROR) {
		rd_kafka_topic_partition_list_destroy(list);
		return NULL;
	}
	for (int i = 0; i < metadata->topic_cnt; i++)
		rd_kafka_topic_partition_list_add(list,
		    metadata->topics[i].topic, 0);
	rd_kafka_metadata_destroy(metadata);
	return list;
}

/* The highest of the positions that the group has. */
static rd_kafka_resp_err_t
ask(struct transactor *t, rd_kafka_t *reader)
{
	rd_kafka_topic_partition_list_t *list = list_topics(t, reader);
	rd_kafka_resp_err_t err;

	if (list == NULL)
		return RD_KAFKA_RESP_ERR__TIMED_OUT;
	t->position = -1;
	err = rd_kafka_committed(reader, list, STEP_MS);
	for (int i = 0; i < list->cnt && err == RD_KAFKA_RESP_ERR_NO_ERROR;
	    i++) {
		err = list->elems[i].err;
		if (list->elems[i].offset > t->position)
			t->position = list->elems[i].offset;
	}
	rd_kafka_topic_partition_list_destroy(list);
	return err;
}

static enum transactor_result
locate(struct transactor *t)
{
	rd_kafka_t *reader = open_reader(t);
	rd_kafka_resp_err_t err;

	if (reader == NULL)
		return TRANSACTOR_FATAL;
	do {
		err = ask(t, reader);
	} while (err != RD_KAFKA_RESP_ERR_NO_ERROR &&
	    err != RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED &&
	    err != RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED &&
	    !stopped(t, RETRY_MS));
	rd_kafka_destroy(reader);
	t->error = err;
	snprintf(t->why, sizeof(t->why), "%s", rd_kafka_err2str(err));
	return err == RD_KAFKA_RESP_ERR_NO_ERROR ? TRANSACTOR_DONE :
						   TRANSACTOR_FATAL;
}

static void *
run(void *arg)
{
	static enum transactor_result (*const calls[])(struct transactor *) = {
	    [TRANSACTOR_INIT] = init,
	    [TRANSACTOR_LOCATE] = locate,
	    [TRANSACTOR_COMMIT] = commit,
	    [TRANSACTOR_ABORT] = abort_transaction};
	struct transactor *t = arg;

	pthread_mutex_lock(&t->mutex);
	for (;;) {
		while (!t->busy && !t->stop)
			pthread_cond_wait(&t->change, &t->mutex);
		if (t->stop)
			break;
		pthread_mutex_unlock(&t->mutex);
		t->result = calls[t->call](t);
		pthread_mutex_lock(&t->mutex);
		t->busy = false;
		pthread_cond_signal(&t->change);
		eventfd_write(t->fd, 1);
	}
	pthread_mutex_unlock(&t->mutex);
	return NULL;
}

int
transactor_open(struct transactor *t)
{
	pthread_condattr_t attr;

	pthread_mutex_init(&t->mutex, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&t->change, &attr);
	pthread_condattr_destroy(&attr);
	errno = pthread_create(&t->thread, NULL, run, t);
	t->running = errno == 0;
	return t->running ? 0 : -1;
}

bool
transactor_close(struct transactor *t)
{
	bool busy;

	if (!t->running)
		return true;
	pthread_mutex_lock(&t->mutex);
	t->stop = true;
	busy = t->busy;
	pthread_cond_broadcast(&t->change);
	pthread_mutex_unlock(&t->mutex);
	if (!busy)
		pthread_join(t->thread, NULL);
	return !busy;
}

void
transactor_start(struct transactor *t, enum transactor_call call)
{
	pthread_mutex_lock(&t->mutex);
	t->call = call;
	t->busy = true;
	pthread_cond_signal(&t->change);
	pthread_mutex_unlock(&t->mutex);
}

bool
transactor_busy(struct transactor *t, int ms)
{
	struct timespec until = time_in(ms);
	bool busy;

	pthread_mutex_lock(&t->mutex);
	while (t->busy && ms > 0 &&
	    pthread_cond_timedwait(&t->change, &t->mutex, &until) == 0)
		continue;
	busy = t->busy;
	pthread_mutex_unlock(&t->mutex);
	return busy;
}
