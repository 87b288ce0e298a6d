#include "command.h"

static const struct slice nothing = {"", 0};

/*
 * The first parameter: #channel; or * or nothing, before one is logged in;
 * or the user to whom it is said.
 */
static void
set_channel(struct event *e, struct slice *params)
{
	struct slice to;

	if (!irc_param(params, &to) || slice_eq(to, SLICE("*")))
		return;
	if (to.len > 0 && *to.p == '#')
		event_set(e, FIELD_CHANNEL,
		    (struct slice){to.p + 1, to.len - 1});
	else if (to.len > 0)
		event_set(e, FIELD_RECIPIENT, to);
}

static void
set_text(struct event *e, enum field f, struct slice *params)
{
	struct slice text;

	if (irc_text(params, &text))
		event_set(e, f, text);
}

/* The user a line comes from, if a user it is. */
static void
set_username(struct event *e, struct slice source)
{
	struct irc_source s = irc_source(source);

	if (s.nick.len > 0 && s.nick.len < source.len)
		event_set(e, FIELD_USERNAME, s.nick);
}

/* Twitch leaves the display name empty where it is the login. */
static void
set_display_name(struct event *e)
{
	event_copy(e, FIELD_DISPLAY_NAME, FIELD_USERNAME);
}

/*
 * CTCP ACTION, which is how /me is said: \1ACTION text\1. Twitch has sent it
 * without its end, and without a text.
 */
static void
unwrap_action(struct event *e)
{
	static const struct slice mark = SLICE_INIT("\1ACTION");
	struct slice text = e->value[FIELD_MESSAGE];

	if (!event_has(e, FIELD_MESSAGE) || text.len < mark.len ||
	    memcmp(text.p, mark.p, mark.len) != 0)
		return;
	text.p += mark.len;
	text.len -= mark.len;
	if (text.len > 0 && *text.p == ' ') {
		text.p++;
		text.len--;
	} else if (text.len > 0 && !slice_eq(text, SLICE("\1"))) {
		return;
	}
	if (text.len > 0 && text.p[text.len - 1] == '\1')
		text.len--;
	e->value[FIELD_MESSAGE] = text;
	event_flag(e, FIELD_ACTION);
}

static void
privmsg(struct event *e, const struct irc_message *msg)
{
	struct slice params = msg->params;

	e->type = EVENT_MESSAGE;
	set_channel(e, &params);
	set_username(e, msg->source);
	set_display_name(e);
	set_text(e, FIELD_MESSAGE, &params);
	unwrap_action(e);
	event_set(e, FIELD_EMOTES, nothing);
}

/* The types of USERNOTICE by msg-id; any other is a usernotice. */
static const struct {
	struct slice kind;
	enum event_type type;
} usernotices[] = {
    {SLICE_INIT("sub"), EVENT_SUBSCRIPTION},
    {SLICE_INIT("resub"), EVENT_SUBSCRIPTION},
    {SLICE_INIT("primepaidupgrade"), EVENT_SUBSCRIPTION},
    {SLICE_INIT("giftpaidupgrade"), EVENT_SUBSCRIPTION},
    {SLICE_INIT("anongiftpaidupgrade"), EVENT_SUBSCRIPTION},
    {SLICE_INIT("extendsub"), EVENT_SUBSCRIPTION},
    {SLICE_INIT("subgift"), EVENT_GIFT},
    {SLICE_INIT("anonsubgift"), EVENT_GIFT},
    {SLICE_INIT("submysterygift"), EVENT_GIFT},
    {SLICE_INIT("anonsubmysterygift"), EVENT_GIFT},
    {SLICE_INIT("standardpayforward"), EVENT_GIFT},
    {SLICE_INIT("communitypayforward"), EVENT_GIFT},
    {SLICE_INIT("primecommunitygiftreceived"), EVENT_GIFT},
    {SLICE_INIT("rewardgift"), EVENT_GIFT},
    {SLICE_INIT("raid"), EVENT_RAID},
    {SLICE_INIT("unraid"), EVENT_RAID},
    {SLICE_INIT("announcement"), EVENT_ANNOUNCEMENT},
};

static enum event_type
usernotice_type(struct slice kind)
{
	size_t n = sizeof(usernotices) / sizeof(usernotices[0]);

	for (size_t i = 0; i < n; i++)
		if (slice_eq(usernotices[i].kind, kind))
			return usernotices[i].type;
	return EVENT_USERNOTICE;
}

/*
 * Who gives without a name comes as an anon… kind, in old lines, or as the
 * user whom Twitch keeps for it.
 */
static bool
is_anonymous(const struct event *e, struct slice kind)
{
	if (kind.len > 4 && memcmp(kind.p, "anon", 4) == 0)
		return true;
	return event_has(e, FIELD_USER_ID) &&
	    slice_eq(e->value[FIELD_USER_ID], SLICE("274598607"));
}

static void
usernotice(struct event *e, const struct irc_message *msg)
{
	struct slice params = msg->params, kind = nothing;

	if (event_has(e, FIELD_KIND))
		kind = e->value[FIELD_KIND];
	/* In a shared chat the notice is another channel's. */
	if (slice_eq(kind, SLICE("sharedchatnotice")) &&
	    event_has(e, FIELD_SOURCE_KIND))
		kind = e->value[FIELD_SOURCE_KIND];
	e->type = usernotice_type(kind);
	if (e->type == EVENT_GIFT && is_anonymous(e, kind))
		event_flag(e, FIELD_ANONYMOUS);
	set_channel(e, &params);
	event_take(e, FIELD_USERNAME, FIELD_LOGIN_TAG);
	set_display_name(e);
	set_text(e, FIELD_MESSAGE, &params);
}

static void
clearchat(struct event *e, const struct irc_message *msg)
{
	struct slice params = msg->params;

	set_channel(e, &params);
	set_text(e, FIELD_USERNAME, &params);
	event_take(e, FIELD_USER_ID, FIELD_TARGET_USER_TAG);
	if (event_has(e, FIELD_DURATION))
		e->type = EVENT_TIMEOUT;
	else if (event_has(e, FIELD_USERNAME) || event_has(e, FIELD_USER_ID))
		e->type = EVENT_BAN;
	else
		e->type = EVENT_CLEAR;
}

static void
clearmsg(struct event *e, const struct irc_message *msg)
{
	struct slice params = msg->params;

	e->type = EVENT_DELETE;
	set_channel(e, &params);
	event_take(e, FIELD_USERNAME, FIELD_LOGIN_TAG);
	set_text(e, FIELD_MESSAGE, &params);
	unwrap_action(e);
}

static void
notice(struct event *e, const struct irc_message *msg)
{
	struct slice params = msg->params;

	e->type = EVENT_NOTICE;
	set_channel(e, &params);
	event_take(e, FIELD_USER_ID, FIELD_TARGET_USER_TAG);
	set_text(e, FIELD_MESSAGE, &params);
}

static void
whisper(struct event *e, const struct irc_message *msg)
{
	struct slice params = msg->params;

	e->type = EVENT_WHISPER;
	set_channel(e, &params);
	set_username(e, msg->source);
	set_display_name(e);
	event_take(e, FIELD_ID, FIELD_MESSAGE_ID_TAG);
	set_text(e, FIELD_MESSAGE, &params);
	unwrap_action(e);
}

static void
roomstate(struct event *e, const struct irc_message *msg)
{
	struct slice params = msg->params;

	e->type = EVENT_ROOMSTATE;
	set_channel(e, &params);
}

static void
userstate(struct event *e, const struct irc_message *msg)
{
	struct slice params = msg->params;

	e->type = EVENT_USERSTATE;
	set_channel(e, &params);
}

static void
globaluserstate(struct event *e, const struct irc_message *msg)
{
	(void)msg;
	e->type = EVENT_GLOBALUSERSTATE;
}

static void
join(struct event *e, const struct irc_message *msg)
{
	struct slice params = msg->params;

	e->type = EVENT_JOIN;
	set_channel(e, &params);
	set_username(e, msg->source);
}

static void
part(struct event *e, const struct irc_message *msg)
{
	join(e, msg);
	e->type = EVENT_PART;
}

/* 353: nick = #channel :name name name */
static void
names(struct event *e, const struct irc_message *msg)
{
	struct slice params = msg->params, ignored;

	e->type = EVENT_NAMES;
	irc_param(&params, &ignored);
	irc_param(&params, &ignored);
	set_channel(e, &params);
	set_text(e, FIELD_NAMES, &params);
}

/* HOSTTARGET #channel :target viewers, a - for none or not known. */
static void
host(struct event *e, const struct irc_message *msg)
{
	struct slice params = msg->params, text, target, viewers;

	e->type = EVENT_HOST;
	set_channel(e, &params);
	if (!irc_text(&params, &text))
		return;
	if (irc_param(&text, &target) && !slice_eq(target, SLICE("-")))
		event_set(e, FIELD_TARGET, target);
	if (irc_param(&text, &viewers) && !slice_eq(viewers, SLICE("-")))
		event_set(e, FIELD_VIEWERS, viewers);
}

static void
server(struct event *e, const struct irc_message *msg)
{
	e->type = EVENT_SERVER;
	set_username(e, msg->source);
	event_set(e, FIELD_COMMAND, msg->command);
	event_set(e, FIELD_ARGUMENTS, msg->params);
}

static const struct {
	struct slice name;
	void (*classify)(struct event *, const struct irc_message *);
} commands[] = {
    {SLICE_INIT("PRIVMSG"), privmsg},
    {SLICE_INIT("CLEARCHAT"), clearchat},
    {SLICE_INIT("USERNOTICE"), usernotice},
    {SLICE_INIT("CLEARMSG"), clearmsg},
    {SLICE_INIT("NOTICE"), notice},
    {SLICE_INIT("ROOMSTATE"), roomstate},
    {SLICE_INIT("USERSTATE"), userstate},
    {SLICE_INIT("GLOBALUSERSTATE"), globaluserstate},
    {SLICE_INIT("WHISPER"), whisper},
    {SLICE_INIT("JOIN"), join},
    {SLICE_INIT("PART"), part},
    {SLICE_INIT("353"), names},
    {SLICE_INIT("HOSTTARGET"), host},
};

/* RFC 1459: letters, which Twitch writes as capitals, or three digits. */
static bool
is_command(struct slice s)
{
	size_t letters = 0, digits = 0;

	for (size_t i = 0; i < s.len; i++) {
		letters += s.p[i] >= 'A' && s.p[i] <= 'Z';
		digits += s.p[i] >= '0' && s.p[i] <= '9';
	}
	return letters == s.len || (digits == 3 && s.len == 3);
}

const char *
command_classify(struct event *e, const struct irc_message *msg)
{
	size_t n = sizeof(commands) / sizeof(commands[0]);

	for (size_t i = 0; i < n; i++) {
		if (slice_eq(commands[i].name, msg->command)) {
			commands[i].classify(e, msg);
			return NULL;
		}
	}
	if (!is_command(msg->command))
		return "not a message of IRC";
	server(e, msg);
	return NULL;
}
