#ifndef CLASSIFIER_FIELD_H
#define CLASSIFIER_FIELD_H

#include <stdbool.h>
#include <stdint.h>

#include "slice.h"

/*
 * What an event can hold: the one table of fields. A line is
 *
 *	F(NAME, KIND, "json name", "tag key")
 *
 * and its place in the table is its place in the output. A tag or msg-param
 * that is not here still comes out, as a string in `tags` or `params`; to give
 * it a field or a type, add a line here, a golden line, and a row in
 * irc-event(5), whence `tests/schema.py --fill` takes it for the schema.
 */
#define TOP_FIELDS(F)                                                        \
	F(TYPE, TYPE, "type", "")                                            \
	F(TIMESTAMP, TIME, "timestamp", "tmi-sent-ts")                       \
	F(CHANNEL, LOGIN, "channel", "")                                     \
	F(CHANNEL_ID, STRING, "channel_id", "room-id")                       \
	F(RECEIVED, TIME, "received", "")                                    \
	F(ID, STRING, "id", "id")                                            \
	F(USER_ID, STRING, "user_id", "user-id")                             \
	F(USERNAME, LOGIN, "username", "")                                   \
	F(DISPLAY_NAME, STRING, "display_name", "display-name")              \
	F(COLOR, STRING, "color", "color")                                   \
	F(BADGES, BADGES, "badges", "badges")                                \
	F(BADGE_INFO, BADGE_INFO, "badge_info", "badge-info")                \
	F(MOD, FLAG, "mod", "mod")                                           \
	F(SUBSCRIBER, FLAG, "subscriber", "subscriber")                      \
	F(VIP, FLAG, "vip", "vip")                                           \
	F(TURBO, FLAG, "turbo", "turbo")                                     \
	F(USER_TYPE, STRING, "user_type", "user-type")                       \
	F(RECIPIENT, LOGIN, "recipient", "")                                 \
	F(KIND, STRING, "kind", "msg-id")                                    \
	F(ANONYMOUS, FLAG, "anonymous", "")                                  \
	F(SYSTEM_MESSAGE, STRING, "system_message", "system-msg")            \
	F(MESSAGE, STRING, "message", "")                                    \
	F(ACTION, FLAG, "action", "")                                        \
	F(EMOTES, EMOTES, "emotes", "")                                      \
	F(EMOTE_SPANS, SPANS, "emote_spans", "emotes")                       \
	F(BITS, INTEGER, "bits", "bits")                                     \
	F(FIRST_MESSAGE, FLAG, "first_message", "first-msg")                 \
	F(RETURNING_CHATTER, FLAG, "returning_chatter", "returning-chatter") \
	F(EMOTE_ONLY, SWITCH, "emote_only", "emote-only")                    \
	F(FOLLOWERS_ONLY, INTEGER, "followers_only", "followers-only")       \
	F(R9K, SWITCH, "r9k", "r9k")                                         \
	F(SLOW, INTEGER, "slow", "slow")                                     \
	F(SUBS_ONLY, SWITCH, "subs_only", "subs-only")                       \
	F(REWARD_ID, STRING, "reward_id", "custom-reward-id")                \
	F(ANIMATION_ID, STRING, "animation_id", "animation-id")              \
	F(CLIENT_NONCE, STRING, "client_nonce", "client-nonce")              \
	F(FLAGS, STRING, "flags", "flags")                                   \
	F(DURATION, INTEGER, "duration", "ban-duration")                     \
	F(TARGET_ID, STRING, "target_id", "target-msg-id")                   \
	F(EMOTE_SETS, LIST, "emote_sets", "emote-sets")                      \
	F(THREAD_ID, STRING, "thread_id", "thread-id")                       \
	F(TARGET, LOGIN, "target", "")                                       \
	F(VIEWERS, INTEGER, "viewers", "")                                   \
	F(NAMES, NAMES, "names", "")                                         \
	F(COMMAND, STRING, "command", "")                                    \
	F(ARGUMENTS, ARGUMENTS, "params", "")                                \
	F(CONN, INTEGER, "conn", "")                                         \
	F(FROM, TIME, "from", "")                                            \
	F(TO, TIME, "to", "")                                                \
	F(LINES, INTEGER, "lines", "")                                       \
	F(REASON, STRING, "reason", "ban-reason")                            \
	F(LINE, STRING, "line", "")                                          \
	F(RAW, STRING, "raw", "")                                            \
	F(LOGIN_TAG, ASIDE, "", "login")                                     \
	F(TARGET_USER_TAG, ASIDE, "", "target-user-id")                      \
	F(MESSAGE_ID_TAG, ASIDE, "", "message-id")

#define REPLY_FIELDS(F)                                                       \
	F(REPLY_ID, STRING, "id", "reply-parent-msg-id")                      \
	F(REPLY_USER_ID, STRING, "user_id", "reply-parent-user-id")           \
	F(REPLY_USERNAME, STRING, "username", "reply-parent-user-login")      \
	F(REPLY_DISPLAY_NAME, STRING, "display_name",                         \
	    "reply-parent-display-name")                                      \
	F(REPLY_MESSAGE, STRING, "message", "reply-parent-msg-body")          \
	F(REPLY_THREAD_ID, STRING, "thread_id", "reply-thread-parent-msg-id") \
	F(REPLY_THREAD_USER_ID, STRING, "thread_user_id",                     \
	    "reply-thread-parent-user-id")                                    \
	F(REPLY_THREAD_USERNAME, STRING, "thread_username",                   \
	    "reply-thread-parent-user-login")                                 \
	F(REPLY_THREAD_DISPLAY_NAME, STRING, "thread_display_name",           \
	    "reply-thread-parent-display-name")

#define PAID_FIELDS(F)                                                     \
	F(PAID_AMOUNT, INTEGER, "amount", "pinned-chat-paid-amount")       \
	F(PAID_CANONICAL_AMOUNT, INTEGER, "canonical_amount",              \
	    "pinned-chat-paid-canonical-amount")                           \
	F(PAID_CURRENCY, STRING, "currency", "pinned-chat-paid-currency")  \
	F(PAID_EXPONENT, INTEGER, "exponent", "pinned-chat-paid-exponent") \
	F(PAID_LEVEL, STRING, "level", "pinned-chat-paid-level")           \
	F(PAID_SYSTEM, FLAG, "system", "pinned-chat-paid-is-system-message")

#define SOURCE_FIELDS(F)                                                    \
	F(SOURCE_CHANNEL_ID, STRING, "channel_id", "source-room-id")        \
	F(SOURCE_ID, STRING, "id", "source-id")                             \
	F(SOURCE_BADGES, BADGES, "badges", "source-badges")                 \
	F(SOURCE_BADGE_INFO, BADGE_INFO, "badge_info", "source-badge-info") \
	F(SOURCE_ONLY, FLAG, "only", "source-only")                         \
	F(SOURCE_KIND, STRING, "kind", "source-msg-id")

/* The tag key of a parameter is "msg-param-" and the last column. */
#define PARAM_FIELDS(F)                                                        \
	F(SUB_PLAN, STRING, "sub_plan", "sub-plan")                            \
	F(SUB_PLAN_NAME, STRING, "sub_plan_name", "sub-plan-name")             \
	F(MONTHS, INTEGER, "months", "months")                                 \
	F(CUMULATIVE_MONTHS, INTEGER, "cumulative_months",                     \
	    "cumulative-months")                                               \
	F(STREAK_MONTHS, INTEGER, "streak_months", "streak-months")            \
	F(SHOULD_SHARE_STREAK, FLAG, "should_share_streak",                    \
	    "should-share-streak")                                             \
	F(MULTIMONTH_DURATION, INTEGER, "multimonth_duration",                 \
	    "multimonth-duration")                                             \
	F(MULTIMONTH_TENURE, INTEGER, "multimonth_tenure",                     \
	    "multimonth-tenure")                                               \
	F(SUB_BENEFIT_END_MONTH, INTEGER, "sub_benefit_end_month",             \
	    "sub-benefit-end-month")                                           \
	F(WAS_GIFTED, FLAG, "was_gifted", "was-gifted")                        \
	F(ANON_GIFT, FLAG, "anon_gift", "anon-gift")                           \
	F(GIFT_MONTHS, INTEGER, "gift_months", "gift-months")                  \
	F(GIFT_MONTH_BEING_REDEEMED, INTEGER, "gift_month_being_redeemed",     \
	    "gift-month-being-redeemed")                                       \
	F(GIFTER_ID, STRING, "gifter_id", "gifter-id")                         \
	F(GIFTER_LOGIN, STRING, "gifter_login", "gifter-login")                \
	F(GIFTER_NAME, STRING, "gifter_name", "gifter-name")                   \
	F(GIFT_ID, STRING, "gift_id", "gift-id")                               \
	F(GIFT_NAME, STRING, "gift_name", "gift-name")                         \
	F(GIFT_THEME, STRING, "gift_theme", "gift-theme")                      \
	F(GIFT_MATCH, STRING, "gift_match", "gift-match")                      \
	F(GIFT_MATCH_BONUS_COUNT, INTEGER, "gift_match_bonus_count",           \
	    "gift-match-bonus-count")                                          \
	F(GIFT_MATCH_EXTRA_COUNT, INTEGER, "gift_match_extra_count",           \
	    "gift-match-extra-count")                                          \
	F(GIFT_MATCH_GIFTER, STRING, "gift_match_gifter_display_name",         \
	    "gift-match-gifter-display-name")                                  \
	F(COMMUNITY_GIFT_ID, STRING, "community_gift_id", "community-gift-id") \
	F(ORIGIN_ID, STRING, "origin_id", "origin-id")                         \
	F(MASS_GIFT_COUNT, INTEGER, "mass_gift_count", "mass-gift-count")      \
	F(SENDER_COUNT, INTEGER, "sender_count", "sender-count")               \
	F(SENDER_LOGIN, STRING, "sender_login", "sender-login")                \
	F(SENDER_NAME, STRING, "sender_name", "sender-name")                   \
	F(RECIPIENT_ID, STRING, "recipient_id", "recipient-id")                \
	F(RECIPIENT_USER_NAME, STRING, "recipient_user_name",                  \
	    "recipient-user-name")                                             \
	F(RECIPIENT_DISPLAY_NAME, STRING, "recipient_display_name",            \
	    "recipient-display-name")                                          \
	F(PRIOR_GIFTER_ANONYMOUS, FLAG, "prior_gifter_anonymous",              \
	    "prior-gifter-anonymous")                                          \
	F(PRIOR_GIFTER_ID, STRING, "prior_gifter_id", "prior-gifter-id")       \
	F(PRIOR_GIFTER_USER_NAME, STRING, "prior_gifter_user_name",            \
	    "prior-gifter-user-name")                                          \
	F(PRIOR_GIFTER_DISPLAY_NAME, STRING, "prior_gifter_display_name",      \
	    "prior-gifter-display-name")                                       \
	F(FUN_STRING, STRING, "fun_string", "fun-string")                      \
	F(PROMO_NAME, STRING, "promo_name", "promo-name")                      \
	F(PROMO_GIFT_TOTAL, INTEGER, "promo_gift_total", "promo-gift-total")   \
	F(GOAL_CONTRIBUTION_TYPE, STRING, "goal_contribution_type",            \
	    "goal-contribution-type")                                          \
	F(GOAL_DESCRIPTION, STRING, "goal_description", "goal-description")    \
	F(GOAL_CURRENT, INTEGER, "goal_current_contributions",                 \
	    "goal-current-contributions")                                      \
	F(GOAL_TARGET, INTEGER, "goal_target_contributions",                   \
	    "goal-target-contributions")                                       \
	F(GOAL_USER, INTEGER, "goal_user_contributions",                       \
	    "goal-user-contributions")                                         \
	F(DOMAIN, STRING, "domain", "domain")                                  \
	F(SELECTED_COUNT, INTEGER, "selected_count", "selected-count")         \
	F(TOTAL_REWARD_COUNT, INTEGER, "total_reward_count",                   \
	    "total-reward-count")                                              \
	F(TRIGGER_AMOUNT, INTEGER, "trigger_amount", "trigger-amount")         \
	F(TRIGGER_TYPE, STRING, "trigger_type", "trigger-type")                \
	F(RAID_DISPLAY_NAME, STRING, "display_name", "displayName")            \
	F(RAID_LOGIN, STRING, "login", "login")                                \
	F(VIEWER_COUNT, INTEGER, "viewer_count", "viewerCount")                \
	F(PROFILE_IMAGE_URL, STRING, "profile_image_url", "profileImageURL")   \
	F(RITUAL_NAME, STRING, "ritual_name", "ritual-name")                   \
	F(THRESHOLD, INTEGER, "threshold", "threshold")                        \
	F(ANNOUNCEMENT_COLOR, STRING, "color", "color")                        \
	F(CATEGORY, STRING, "category", "category")                            \
	F(PARAM_ID, STRING, "id", "id")                                        \
	F(VALUE, INTEGER, "value", "value")                                    \
	F(COPO_REWARD, INTEGER, "copo_reward", "copoReward")                   \
	F(CHARITY_NAME, STRING, "charity_name", "charity-name")                \
	F(DONATION_AMOUNT, INTEGER, "donation_amount", "donation-amount")      \
	F(DONATION_CURRENCY, STRING, "donation_currency", "donation-currency") \
	F(AMOUNT, INTEGER, "amount", "amount")                                 \
	F(CURRENCY, STRING, "currency", "currency")                            \
	F(EXPONENT, INTEGER, "exponent", "exponent")                           \
	F(EMOTE_ID, STRING, "emote_id", "emote-id")                            \
	F(IS_HIGHLIGHTED, FLAG, "is_highlighted", "is-highlighted")            \
	F(PILL_TYPE, STRING, "pill_type", "pill-type")                         \
	F(CURRENT_BADGE_LEVEL, INTEGER, "current_badge_level",                 \
	    "current-badge-level")                                             \
	F(BITS_SPENT, INTEGER, "bits_spent", "bits-spent")                     \
	F(USER_DISPLAY_NAME, STRING, "user_display_name", "user-display-name") \
	F(MS_REMAINING, INTEGER, "ms_remaining", "ms-remaining")               \
	F(BREAKPOINT_NUMBER, INTEGER, "breakpoint_number",                     \
	    "breakpoint-number")                                               \
	F(BREAKPOINT_THRESHOLD, INTEGER, "breakpoint_threshold_bits",          \
	    "breakpoint-threshold-bits")                                       \
	F(CONTRIBUTOR_1, STRING, "contributor_1", "contributor-1")             \
	F(CONTRIBUTOR_1_TAPS, INTEGER, "contributor_1_taps",                   \
	    "contributor-1-taps")                                              \
	F(CONTRIBUTOR_2, STRING, "contributor_2", "contributor-2")             \
	F(CONTRIBUTOR_2_TAPS, INTEGER, "contributor_2_taps",                   \
	    "contributor-2-taps")                                              \
	F(CONTRIBUTOR_3, STRING, "contributor_3", "contributor-3")             \
	F(CONTRIBUTOR_3_TAPS, INTEGER, "contributor_3_taps",                   \
	    "contributor-3-taps")                                              \
	F(STREAK_SIZE_BITS, INTEGER, "streak_size_bits", "streak-size-bits")   \
	F(STREAK_SIZE_TAPS, INTEGER, "streak_size_taps", "streak-size-taps")

/* How a value reads and is written. */
enum kind {
	KIND_NONE,
	KIND_TYPE,      /* the event's type */
	KIND_STRING,    /* a string */
	KIND_LOGIN,     /* a string, written in lower case */
	KIND_LIST,      /* strings between commas to an array */
	KIND_NAMES,     /* strings between spaces to an array */
	KIND_ARGUMENTS, /* the line's parameters to an array */
	KIND_EMOTES,    /* the distinct names in the spans, in an array */

	KIND_FORMS, /* from here on a value has a form to keep to */
	KIND_INTEGER = KIND_FORMS, /* a whole number */
	KIND_TIME,                 /* a whole number of milliseconds */
	KIND_FLAG,       /* 0, 1, false or true; false is not written */
	KIND_SWITCH,     /* the same, and false is written */
	KIND_BADGES,     /* set/version,… to an object */
	KIND_BADGE_INFO, /* the same; U+2E1D in a version is a comma */
	KIND_SPANS,      /* id:start-end,…/… to an array of objects */
	KIND_ASIDE       /* a tag that some types take for another field */
};

/*
 * Fields are numbered so that a bit each in an array of words says which an
 * event has, and the bits in order are the order of the output: the top in
 * word 0, the small objects in word 1, params in words 2 and 3.
 */
#define FIELD_NUMBER(name, kind, json, tag) FIELD_##name,
enum field {
	TOP_FIELDS(FIELD_NUMBER) FIELD_TOP_END,
	FIELD_REPLY_BEFORE = 63,
	REPLY_FIELDS(FIELD_NUMBER) FIELD_REPLY_END,
	FIELD_PAID_BEFORE = FIELD_REPLY_END - 1,
	PAID_FIELDS(FIELD_NUMBER) FIELD_PAID_END,
	FIELD_SOURCE_BEFORE = FIELD_PAID_END - 1,
	SOURCE_FIELDS(FIELD_NUMBER) FIELD_SOURCE_END,
	FIELD_PARAMS_BEFORE = 127,
	PARAM_FIELDS(FIELD_NUMBER) FIELD_COUNT,
	FIELD_WORDS = 4
};
#undef FIELD_NUMBER

_Static_assert(FIELD_TOP_END <= 64, "the top has a word");
_Static_assert(FIELD_SOURCE_END <= 128, "the small objects have a word");
_Static_assert(FIELD_COUNT <= 64 * FIELD_WORDS, "params have two words");

struct field_info {
	char head[40];    /* ,"name": and NULs, to be copied whole */
	const char *name; /* the JSON name */
	struct slice tag; /* the tag's key, or empty */
	uint8_t head_len;
	uint8_t kind; /* enum kind */
};

extern const struct field_info field_info[FIELD_COUNT];

/* The fields whose kind is KIND_FORMS or after, a bit each. */
extern uint64_t field_forms[FIELD_WORDS];

/* Make ready field_forms and the masks of object_info. Call it first. */
void field_open(void);

/*
 * The field of this JSON name, as in "channel" or "reply.id", or -1. What
 * only serves inside has no name.
 */
int field_of_name(struct slice name);

/* The objects inside an event, each a range of fields. */
enum object { OBJECT_REPLY, OBJECT_PAID, OBJECT_SOURCE, OBJECT_PARAMS };
enum { OBJECT_COUNT = OBJECT_PARAMS + 1 };

struct object_info {
	struct slice head; /* ,"name": */
	struct slice name;
	uint8_t first, end;         /* its fields */
	uint64_t mask[FIELD_WORDS]; /* their bits, after field_open */
};

extern struct object_info object_info[OBJECT_COUNT];

/* The field of this name inside the object, or -1. */
int field_in_object(enum object object, struct slice name);

#endif
