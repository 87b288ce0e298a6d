#include "transactor.h"

#include <errno.h>
#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>

enum { STEP_MS = 1000 }; /* how long one try waits for a broker */

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

/* True if the call is to be made again, and it destroys the error then. */
static bool
again(struct transactor *t, rd_kafka_error_t *error)
{
	bool stop;

	if (error == NULL || !rd_kafka_error_is_retriable(error))
		return false;
	pthread_mutex_lock(&t->mutex);
	stop = t->stop;
	pthread_mutex_unlock(&t->mutex);
	if (stop)
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
	rd_kafka_error_t *error;

	do
		error = rd_kafka_abort_transaction(t->handle, -1);
	while (again(t, error));
	return judge(t, error);
}

/*
 * The highest of the positions that the group has: where topics are many, each
 * transaction put it with another of them.
 */
static void
highest(struct transactor *t, rd_kafka_event_t *event)
{
	const rd_kafka_ListConsumerGroupOffsets_result_t *result =
	    rd_kafka_event_ListConsumerGroupOffsets_result(event);
	const rd_kafka_topic_partition_list_t *list;
	size_t n;
	const rd_kafka_group_result_t **groups =
	    rd_kafka_ListConsumerGroupOffsets_result_groups(result, &n);

	t->position = -1;
	list = n == 1 ? rd_kafka_group_result_partitions(groups[0]) : NULL;
	for (int i = 0; list != NULL && i < list->cnt; i++)
		if (list->elems[i].offset > t->position)
			t->position = list->elems[i].offset;
}

/* Ask the group's coordinator. Returns its answer, or NULL after a while. */
static rd_kafka_event_t *
ask(struct transactor *t, rd_kafka_queue_t *queue)
{
	rd_kafka_AdminOptions_t *options = rd_kafka_AdminOptions_new(t->handle,
	    RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPOFFSETS);
	rd_kafka_ListConsumerGroupOffsets_t *request =
	    rd_kafka_ListConsumerGroupOffsets_new(t->group, NULL);
	char why[KAFKA_WHY_MAX];

	rd_kafka_AdminOptions_set_request_timeout(options, STEP_MS, why,
	    sizeof(why));
	rd_kafka_error_destroy(
	    rd_kafka_AdminOptions_set_require_stable_offsets(options, 1));
	rd_kafka_ListConsumerGroupOffsets(t->handle, &request, 1, options,
	    queue);
	rd_kafka_ListConsumerGroupOffsets_destroy(request);
	rd_kafka_AdminOptions_destroy(options);
	return rd_kafka_queue_poll(queue, 2 * STEP_MS);
}

/* What the answer is worth, as an error with the right marks, or NULL. */
static rd_kafka_resp_err_t
error_of(rd_kafka_event_t *event)
{
	const rd_kafka_ListConsumerGroupOffsets_result_t *result;
	const rd_kafka_group_result_t **groups;
	const rd_kafka_error_t *error;
	size_t n;

	if (event == NULL)
		return RD_KAFKA_RESP_ERR__TIMED_OUT;
	if (rd_kafka_event_error(event) != RD_KAFKA_RESP_ERR_NO_ERROR)
		return rd_kafka_event_error(event);
	result = rd_kafka_event_ListConsumerGroupOffsets_result(event);
	groups = rd_kafka_ListConsumerGroupOffsets_result_groups(result, &n);
	error = n == 1 ? rd_kafka_group_result_error(groups[0]) : NULL;
	return error == NULL ? RD_KAFKA_RESP_ERR_NO_ERROR :
			       rd_kafka_error_code(error);
}

static enum transactor_result
locate(struct transactor *t)
{
	rd_kafka_queue_t *queue = rd_kafka_queue_new(t->handle);
	rd_kafka_event_t *event;
	rd_kafka_resp_err_t err;
	bool more;

	do {
		event = ask(t, queue);
		err = error_of(event);
		if (err == RD_KAFKA_RESP_ERR_NO_ERROR)
			highest(t, event);
		if (event != NULL)
			rd_kafka_event_destroy(event);
		pthread_mutex_lock(&t->mutex);
		/* Only a refusal is for good. */
		more = err != RD_KAFKA_RESP_ERR_NO_ERROR &&
		    err != RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED &&
		    !t->stop;
		pthread_mutex_unlock(&t->mutex);
	} while (more);
	rd_kafka_queue_destroy(queue);
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
	return errno == 0 ? 0 : -1;
}

bool
transactor_close(struct transactor *t)
{
	bool busy;

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
	struct timespec until;
	bool busy;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += ms / 1000;
	until.tv_nsec += ms % 1000 * 1000000L;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	pthread_mutex_lock(&t->mutex);
	while (t->busy && ms > 0 &&
	    pthread_cond_timedwait(&t->change, &t->mutex, &until) == 0)
		continue;
	busy = t->busy;
	pthread_mutex_unlock(&t->mutex);
	return busy;
}
