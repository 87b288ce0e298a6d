#include "clickhouse_schema.h"

#include <stdio.h>
#include <string.h>

/* An absent value is empty, 0 or false, as it is in the event. */
static const char *const types[ROW_KINDS] = {
    "String", "String", "Int64", "Int64", "UInt8", "String", "String"};

/* What rows of a table are sorted by; those that are the same are one row. */
static const char *const orders[ROW_TABLES] = {
    "channel, timestamp, id", "user_login, snapshot_time, id"};

/*
 * A name of a column must not be given to an expression of the same column, so
 * this view has its own names for those that the others are made of.
 */
static const char readable[] =
    "CREATE VIEW IF NOT EXISTS readable_events AS SELECT *,"
    " concat('#', channel) AS channel_name,"
    " toDateTime(intDiv(timestamp, 1000), 'UTC') AS sent_at,"
    " replaceAll(replaceRegexpAll(badges, '[{}\"]', ''), ':', '/')"
    " AS badge_list,"
    " visitParamExtractString(event, 'raw') AS raw_message"
    " FROM events FINAL";

/* Every event is in one of these, cheers are in two. */
static const struct view {
	const char *name, *columns, *condition;
} views[] = {
    {"text_messages",
	"username AS nickname, display_name, user_id, message,"
	" channel_name AS channel, sent_at AS timestamp,"
	" badge_list AS badges, color, bits AS bits_amount",
	"type = 'message'"},
    {"subscriptions",
	"username AS nickname, display_name, user_id,"
	" channel_name AS channel, sent_at AS timestamp,"
	" multiIf(type = 'subscription', 'subscription',"
	" kind IN ('submysterygift', 'anonsubmysterygift'),"
	" 'mystery_subscription_gift',"
	" kind IN ('subgift', 'anonsubgift'), 'subscription_gift', kind)"
	" AS message_type,"
	" visitParamExtractString(event, 'sub_plan') AS sub_plan,"
	" visitParamExtractString(event, 'sub_plan_name') AS sub_plan_name,"
	" if(type = 'gift', visitParamExtractInt(event, 'gift_months'),"
	" visitParamExtractInt(event, 'months')) AS months,"
	" visitParamExtractInt(event, 'cumulative_months')"
	" AS cumulative_months,"
	" visitParamExtractInt(event, 'streak_months') AS streak_months,"
	" type = 'gift' AS is_gift,"
	" if(type = 'gift', username, '') AS gifter_name,"
	" if(type = 'gift', user_id, '') AS gifter_id,"
	" visitParamExtractString(event, 'recipient_user_name')"
	" AS target_user,"
	" system_message, message AS user_message",
	"type IN ('subscription', 'gift')"},
    {"bans",
	"channel_name AS channel, sent_at AS timestamp,"
	" if(type = 'clear', 'clear_chat', type) AS message_type,"
	" username AS target_user, duration AS ban_duration,"
	" visitParamExtractString(event, 'reason') AS ban_reason",
	"type IN ('ban', 'timeout', 'clear')"},
    {"deleted_messages",
	"username AS nickname, channel_name AS channel,"
	" sent_at AS timestamp, message, target_id AS target_message_id",
	"type = 'delete'"},
    {"raids",
	"channel_name AS channel, sent_at AS timestamp,"
	" if(visitParamHas(event, 'login'),"
	" visitParamExtractString(event, 'login'), username)"
	" AS raider_name,"
	" visitParamExtractInt(event, 'viewer_count') AS viewer_count,"
	" system_message",
	"type = 'raid' AND kind = 'raid'"},
    {"bits",
	"username AS nickname, display_name, user_id,"
	" channel_name AS channel, sent_at AS timestamp,"
	" if(type = 'message', 'cheer', 'bits_badge_tier') AS message_type,"
	" if(bits > 0, bits, visitParamExtractInt(event, 'threshold'))"
	" AS bits_amount, message",
	"(type = 'message' AND bits > 0)"
	" OR (type = 'usernotice' AND kind = 'bitsbadgetier')"},
    {"notices",
	"channel_name AS channel, sent_at AS timestamp,"
	" if(type = 'notice', 'notice', 'user_notice') AS message_type,"
	" kind AS notice_message_id, message, system_message",
	"type IN ('notice', 'announcement') OR (type = 'usernotice'"
	" AND kind NOT IN ('bitsbadgetier', 'ritual', ''))"
	" OR (type = 'raid' AND kind != 'raid')"},
    {"hosts",
	"channel_name AS channel, sent_at AS timestamp,"
	" visitParamExtractString(event, 'target') AS target_user,"
	" visitParamExtractInt(event, 'viewers') AS viewer_count",
	"type = 'host'"},
    {"other_messages",
	"channel_name AS channel, sent_at AS timestamp,"
	" type AS message_type, username AS nickname, message",
	"(type = 'usernotice' AND kind IN ('ritual', ''))"
	" OR type NOT IN ('message', 'subscription', 'gift', 'ban',"
	" 'timeout', 'clear', 'delete', 'raid', 'notice', 'announcement',"
	" 'usernotice', 'host')"},
};

/* Last of all: now it is there. */
static const char *const version[] = {
    "CREATE TABLE IF NOT EXISTS twitch_schema (version UInt32)"
    " ENGINE = MergeTree() ORDER BY version",
    "INSERT INTO twitch_schema VALUES (1)",
};

enum {
	VIEWS = sizeof(views) / sizeof(views[0]),
	VERSIONS = sizeof(version) / sizeof(version[0])
};

static void
make_table(int table, char *sql)
{
	sql += sprintf(sql, "CREATE TABLE IF NOT EXISTS %s (",
	    row_tables[table].name);
	sql = row_columns(&row_tables[table], types, sql);
	sprintf(sql, ") ENGINE = ReplacingMergeTree() ORDER BY (%s)",
	    orders[table]);
}

int
clickhouse_schema_statement(size_t i, char *sql)
{
	if (i < ROW_TABLES) {
		make_table((int)i, sql);
		return 0;
	}
	i -= ROW_TABLES;
	if (i == 0) {
		strcpy(sql, readable);
		return 0;
	}
	i--;
	if (i < VIEWS) {
		sprintf(sql,
		    "CREATE VIEW IF NOT EXISTS %s AS SELECT id, %s,"
		    " raw_message FROM readable_events WHERE %s",
		    views[i].name, views[i].columns, views[i].condition);
		return 0;
	}
	i -= VIEWS;
	if (i == VERSIONS)
		return -1;
	strcpy(sql, version[i]);
	return 0;
}
