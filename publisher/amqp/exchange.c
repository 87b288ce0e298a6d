#include "exchange.h"

#include <amqp.h>
#include <amqp_framing.h>
#include <amqp_ssl_socket.h>
#include <amqp_tcp_socket.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "log.h"
#include "record/hash.h"
#include "version.h"

enum {
	CHANNEL = 1,
	HEARTBEAT_S = 20, /* a dead connection is found in twice that */
	WAIT_S = 10,      /* for an answer while connecting */
	FRAME_MAX = 128 * 1024,
	PERSISTENT = 2
};

#define SCHEMA "irc-event/1"

static amqp_bytes_t
bytes(struct slice s)
{
	return (amqp_bytes_t){s.len, (void *)(uintptr_t)s.p};
}

static amqp_bytes_t
string(const char *s)
{
	return amqp_cstring_bytes(s);
}

static amqp_table_entry_t
entry(const char *key, uint8_t kind)
{
	amqp_table_entry_t e = {.key = string(key)};

	e.value.kind = kind;
	return e;
}

/* --- what goes wrong */

static void
drop(struct exchange *e)
{
	amqp_destroy_connection(e->connection);
	e->connection = NULL;
	e->blocked = false;
}

static int
fail(struct exchange *e, enum status status, const char *what,
    amqp_bytes_t text)
{
	snprintf(e->why, sizeof(e->why), "%s: %.*s", what, (int)text.len,
	    (const char *)text.bytes);
	e->status = status;
	e->refused = false;
	drop(e);
	return -1;
}

/* An error of the library's, or of the system's. */
static int
fail_by(struct exchange *e, int error)
{
	const char *text = amqp_error_string2(error);
	enum status status = STATUS_FAILED;
	bool v6 = strchr(e->server.host, ':') != NULL;
	char what[300];

	switch (error) {
	case AMQP_STATUS_SOCKET_ERROR:
		text = "cannot connect, or no longer connected";
		break;
	case AMQP_STATUS_SSL_HOSTNAME_VERIFY_FAILED:
	case AMQP_STATUS_SSL_PEER_VERIFY_FAILED:
		status = STATUS_USAGE;
		break;
	}
	snprintf(what, sizeof(what), "broker %s%.200s%s:%d", v6 ? "[" : "",
	    e->server.host, v6 ? "]" : "", e->server.port);
	return fail(e, status, what, string(text));
}

/* What the broker's reason for a close says of our settings. */
static enum status
judge(int code, amqp_bytes_t text)
{
	switch (code) {
	case AMQP_ACCESS_REFUSED:
		return STATUS_CREDENTIALS;
	case AMQP_NOT_ALLOWED:
		/* A virtual host that is not there, or not for us. */
		return memmem(text.bytes, text.len, "refused", 7) != NULL ?
		    STATUS_CREDENTIALS :
		    STATUS_USAGE;
	case AMQP_PRECONDITION_FAILED:
	case AMQP_COMMAND_INVALID:
	case AMQP_INVALID_PATH:
		return STATUS_USAGE;
	default:
		return STATUS_FAILED;
	}
}

/* The broker closes the connection, or the channel, and says why. */
static int
fail_closed(struct exchange *e, const amqp_method_t *method)
{
	const amqp_connection_close_t *connection = method->decoded;
	const amqp_channel_close_t *channel = method->decoded;
	bool whole = method->id == AMQP_CONNECTION_CLOSE_METHOD;
	int code = whole ? connection->reply_code : channel->reply_code;
	amqp_bytes_t text =
	    whole ? connection->reply_text : channel->reply_text;

	return fail(e, judge(code, text), "the broker says", text);
}

static int
fail_reply(struct exchange *e, amqp_rpc_reply_t reply)
{
	if (reply.reply_type == AMQP_RESPONSE_SERVER_EXCEPTION)
		return fail_closed(e, &reply.reply);
	return fail_by(e, reply.library_error);
}

/* --- connecting */

static amqp_socket_t *
new_socket(struct exchange *e)
{
	amqp_socket_t *s;

	if (!e->server.tls)
		return amqp_tcp_socket_new(e->connection);
	s = amqp_ssl_socket_new(e->connection);
	if (s == NULL)
		return NULL;
	amqp_ssl_socket_set_verify_peer(s, 1);
	amqp_ssl_socket_set_verify_hostname(s, 1);
	amqp_ssl_socket_set_ssl_versions(s, AMQP_TLSv1_2, AMQP_TLSvLATEST);
	if (amqp_ssl_socket_set_cacert(s, e->server.ca_file) != AMQP_STATUS_OK)
		return NULL;
	return s;
}

static int
open_socket(struct exchange *e)
{
	struct timeval wait = {.tv_sec = WAIT_S};
	amqp_socket_t *s = new_socket(e);
	int error, room = EXCHANGE_WINDOW;

	if (s == NULL)
		return fail(e, STATUS_USAGE, "cannot use certificates of",
		    string(e->server.ca_file));
	error =
	    amqp_socket_open_noblock(s, e->server.host, e->server.port, &wait);
	if (error != AMQP_STATUS_OK)
		return fail_by(e, error);
	/* The kernel doubles it. Where it may not be so much, no harm is done.
	 */
	(void)setsockopt(amqp_get_sockfd(e->connection), SOL_SOCKET, SO_SNDBUF,
	    &room, sizeof(room));
	return 0;
}

static int
log_in(struct exchange *e)
{
	struct timeval wait = {.tv_sec = WAIT_S};
	/* Then it tells us that it is short of memory or disk. */
	amqp_table_entry_t blocked =
	    entry("connection.blocked", AMQP_FIELD_KIND_BOOLEAN);
	amqp_table_entry_t ours[] = {
	    entry("capabilities", AMQP_FIELD_KIND_TABLE),
	    entry("connection_name", AMQP_FIELD_KIND_UTF8)};
	amqp_table_t properties = {2, ours};
	amqp_rpc_reply_t reply;

	blocked.value.value.boolean = 1;
	ours[0].value.value.table = (amqp_table_t){1, &blocked};
	ours[1].value.value.bytes = string("amqp-publish " VERSION);
	amqp_set_handshake_timeout(e->connection, &wait);
	amqp_set_rpc_timeout(e->connection, &wait);
	reply = amqp_login_with_properties(e->connection, e->vhost, CHANNEL,
	    FRAME_MAX, HEARTBEAT_S, &properties, AMQP_SASL_METHOD_PLAIN,
	    e->server.user, e->server.password);
	return reply.reply_type == AMQP_RESPONSE_NORMAL ? 0 :
							  fail_reply(e, reply);
}

static int
declare(struct exchange *e)
{
	amqp_connection_state_t c = e->connection;

	if (amqp_channel_open(c, CHANNEL) == NULL ||
	    amqp_exchange_declare(c, CHANNEL, string(e->name), string("topic"),
		0, !e->transient, 0, 0, amqp_empty_table) == NULL ||
	    amqp_confirm_select(c, CHANNEL) == NULL)
		return fail_reply(e, amqp_get_rpc_reply(c));
	e->published = 0;
	return 0;
}

/* See that a connection, of which nothing is awaited, lives. */
static bool
lives(struct exchange *e)
{
	struct exchange_news news;
	enum exchange_said said;

	do {
		said = exchange_hear(e, 0, &news);
	} while (said != EXCHANGE_NOTHING && said != EXCHANGE_LOST);
	return said == EXCHANGE_NOTHING;
}

int
exchange_connect(struct exchange *e)
{
	if (e->connection != NULL && lives(e))
		return 0;
	e->connection = amqp_new_connection();
	if (e->connection == NULL) {
		snprintf(e->why, sizeof(e->why), "out of memory");
		e->status = STATUS_FAILED;
		return -1;
	}
	if (open_socket(e) == -1 || log_in(e) == -1 || declare(e) == -1)
		return -1;
	return 0;
}

void
exchange_close(struct exchange *e)
{
	if (e->connection == NULL)
		return;
	amqp_connection_close(e->connection, AMQP_REPLY_SUCCESS);
	drop(e);
}

/* --- messages out */

int
exchange_publish(struct exchange *e, const struct exchange_message *m)
{
	amqp_basic_properties_t p = {._flags = AMQP_BASIC_CONTENT_TYPE_FLAG |
		AMQP_BASIC_DELIVERY_MODE_FLAG | AMQP_BASIC_APP_ID_FLAG,
	    .content_type = string("application/json"),
	    .delivery_mode = PERSISTENT,
	    .app_id = string("twitch-ingest"),
	    .message_id = bytes(m->id),
	    .type = bytes(m->type)};
	amqp_table_entry_t schema = entry("schema", AMQP_FIELD_KIND_UTF8);
	int error;

	if (m->id.len > 0)
		p._flags |= AMQP_BASIC_MESSAGE_ID_FLAG;
	if (m->type.len > 0) {
		p._flags |= AMQP_BASIC_TYPE_FLAG | AMQP_BASIC_HEADERS_FLAG;
		schema.value.value.bytes = string(SCHEMA);
		p.headers = (amqp_table_t){1, &schema};
	}
	if (m->timestamp != -1) {
		p._flags |= AMQP_BASIC_TIMESTAMP_FLAG;
		p.timestamp = (uint64_t)m->timestamp / 1000;
	}
	/* Mandatory: what no queue takes comes back. */
	error = amqp_basic_publish(e->connection, CHANNEL, string(e->name),
	    bytes(m->key), 1, 0, &p, bytes(m->body));
	if (error != AMQP_STATUS_OK)
		return fail_by(e, error);
	e->published++;
	return 0;
}

/* --- what the broker says */

/* A message that no queue took: its header and its body follow. */
static enum exchange_said
hear_returned(struct exchange *e, struct exchange_news *news)
{
	amqp_message_t m;
	amqp_rpc_reply_t reply =
	    amqp_read_message(e->connection, CHANNEL, &m, 0);

	if (reply.reply_type != AMQP_RESPONSE_NORMAL) {
		fail_reply(e, reply);
		return EXCHANGE_LOST;
	}
	news->hash = hash_of((struct slice){m.body.bytes, m.body.len});
	amqp_destroy_message(&m);
	return EXCHANGE_RETURNED;
}

static enum exchange_said
hear_closed(struct exchange *e, const amqp_method_t *method)
{
	const amqp_channel_close_t *close = method->decoded;
	bool refused = method->id == AMQP_CHANNEL_CLOSE_METHOD &&
	    (close->reply_code == AMQP_PRECONDITION_FAILED ||
		close->reply_code == AMQP_CONTENT_TOO_LARGE);

	fail_closed(e, method);
	e->refused = refused;
	return EXCHANGE_LOST;
}

static enum exchange_said
hear_method(struct exchange *e, const amqp_method_t *method,
    struct exchange_news *news)
{
	const amqp_basic_ack_t *ack = method->decoded;
	const amqp_basic_nack_t *nack = method->decoded;
	const amqp_connection_blocked_t *blocked = method->decoded;

	switch (method->id) {
	case AMQP_BASIC_ACK_METHOD:
		news->number = ack->delivery_tag;
		news->multiple = ack->multiple;
		return EXCHANGE_ACKED;
	case AMQP_BASIC_NACK_METHOD:
		news->number = nack->delivery_tag;
		news->multiple = nack->multiple;
		return EXCHANGE_NACKED;
	case AMQP_BASIC_RETURN_METHOD:
		return hear_returned(e, news);
	case AMQP_CONNECTION_BLOCKED_METHOD:
		e->blocked = true;
		log_warn("the broker takes nothing for now: %.*s",
		    (int)blocked->reason.len,
		    (const char *)blocked->reason.bytes);
		return EXCHANGE_NOTHING;
	case AMQP_CONNECTION_UNBLOCKED_METHOD:
		e->blocked = false;
		log_info("the broker takes messages again");
		return EXCHANGE_NOTHING;
	case AMQP_CONNECTION_CLOSE_METHOD:
	case AMQP_CHANNEL_CLOSE_METHOD:
		return hear_closed(e, method);
	default:
		return EXCHANGE_NOTHING;
	}
}

enum exchange_said
exchange_hear(struct exchange *e, int ms, struct exchange_news *news)
{
	struct timeval wait = {
	    .tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};
	amqp_frame_t frame;
	int error;

	amqp_maybe_release_buffers(e->connection);
	error = amqp_simple_wait_frame_noblock(e->connection, &frame, &wait);
	if (error == AMQP_STATUS_TIMEOUT)
		return EXCHANGE_NOTHING;
	if (error != AMQP_STATUS_OK) {
		fail_by(e, error);
		return EXCHANGE_LOST;
	}
	return frame.frame_type == AMQP_FRAME_METHOD ?
	    hear_method(e, &frame.payload.method, news) :
	    EXCHANGE_NOTHING;
}
