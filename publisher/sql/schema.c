#include "schema.h"

#include <stdio.h>
#include <string.h>

static const char indexes[] =
    "CREATE INDEX events_timestamp ON events (timestamp);\n"
    "CREATE INDEX events_channel ON events (channel, timestamp);\n"
    "CREATE INDEX events_username ON events (username, timestamp);\n"
    "CREATE INDEX events_type ON events (type, timestamp);\n"
    "CREATE INDEX stream_snapshots_time ON stream_snapshots (snapshot_time);\n"
    "CREATE INDEX stream_snapshots_login"
    " ON stream_snapshots (user_login, snapshot_time);\n";

/*
 * Plain enough for both databases. Every event is in one of the views, cheers
 * are in two.
 */
static const struct view {
	const char *name, *columns, *condition;
} views[] = {{"text_messages",
		 "username AS nickname, display_name, user_id, message,"
		 " '#' || channel AS channel, sent_at AS timestamp,"
		 " badge_list AS badges, color, bits AS bits_amount",
		 "type = 'message'"},
    {"subscriptions",
	"username AS nickname, display_name, user_id,"
	" '#' || channel AS channel, sent_at AS timestamp,"
	" CASE WHEN type = 'subscription' THEN 'subscription'"
	" WHEN kind IN ('submysterygift', 'anonsubmysterygift')"
	" THEN 'mystery_subscription_gift'"
	" WHEN kind IN ('subgift', 'anonsubgift') THEN 'subscription_gift'"
	" ELSE kind END AS message_type,"
	" event->'params'->>'sub_plan' AS sub_plan,"
	" event->'params'->>'sub_plan_name' AS sub_plan_name,"
	" CAST(CASE type WHEN 'gift' THEN event->'params'->>'gift_months'"
	" ELSE event->'params'->>'months' END AS bigint) AS months,"
	" CAST(event->'params'->>'cumulative_months' AS bigint)"
	" AS cumulative_months,"
	" CAST(event->'params'->>'streak_months' AS bigint) AS streak_months,"
	" type = 'gift' AS is_gift,"
	" CASE WHEN type = 'gift' THEN username END AS gifter_name,"
	" CASE WHEN type = 'gift' THEN user_id END AS gifter_id,"
	" event->'params'->>'recipient_user_name' AS target_user,"
	" system_message, message AS user_message",
	"type IN ('subscription', 'gift')"},
    {"bans",
	"'#' || channel AS channel, sent_at AS timestamp,"
	" CASE type WHEN 'clear' THEN 'clear_chat' ELSE type END"
	" AS message_type,"
	" username AS target_user, coalesce(duration, 0) AS ban_duration,"
	" event->>'reason' AS ban_reason",
	"type IN ('ban', 'timeout', 'clear')"},
    {"deleted_messages",
	"username AS nickname, '#' || channel AS channel,"
	" sent_at AS timestamp, message, target_id AS target_message_id",
	"type = 'delete'"},
    {"raids",
	"'#' || channel AS channel, sent_at AS timestamp,"
	" coalesce(event->'params'->>'login', username) AS raider_name,"
	" CAST(event->'params'->>'viewer_count' AS bigint) AS viewer_count,"
	" system_message",
	"type = 'raid' AND kind = 'raid'"},
    {"bits",
	"username AS nickname, display_name, user_id,"
	" '#' || channel AS channel, sent_at AS timestamp,"
	" CASE type WHEN 'message' THEN 'cheer' ELSE 'bits_badge_tier' END"
	" AS message_type,"
	" coalesce(bits, CAST(event->'params'->>'threshold' AS bigint))"
	" AS bits_amount,"
	" message",
	"(type = 'message' AND bits > 0)"
	" OR (type = 'usernotice' AND kind = 'bitsbadgetier')"},
    {"notices",
	"'#' || channel AS channel, sent_at AS timestamp,"
	" CASE type WHEN 'notice' THEN 'notice' ELSE 'user_notice' END"
	" AS message_type,"
	" kind AS notice_message_id, message, system_message",
	"type IN ('notice', 'announcement')"
	" OR (type = 'usernotice' AND kind NOT IN ('bitsbadgetier', 'ritual'))"
	" OR (type = 'raid' AND kind <> 'raid')"},
    {"hosts",
	"'#' || channel AS channel, sent_at AS timestamp,"
	" event->>'target' AS target_user,"
	" CAST(event->>'viewers' AS bigint) AS viewer_count",
	"type = 'host'"},
    {"other_messages",
	"'#' || channel AS channel, sent_at AS timestamp,"
	" type AS message_type, username AS nickname, message",
	"type IS NULL"
	" OR (type = 'usernotice' AND coalesce(kind, 'ritual') = 'ritual')"
	" OR type NOT IN ('message', 'subscription', 'gift', 'ban', 'timeout',"
	" 'clear', 'delete', 'raid', 'notice', 'announcement', 'usernotice',"
	" 'host')"}};

/* From nothing to the first version. */
static char *
create(const struct schema_dialect *d, char *p)
{
	for (int i = 0; i < ROW_TABLES; i++) {
		p += sprintf(p, "CREATE TABLE %s (", row_tables[i].name);
		p = stpcpy(row_columns(&row_tables[i], d->types, p), ");\n");
	}
	p += sprintf(p,
	    "%sCREATE VIEW readable_events AS"
	    " SELECT events.*, %s AS sent_at, %s AS badge_list FROM events;\n",
	    indexes, d->sent_at, d->badge_list);
	for (size_t i = 0; i < sizeof(views) / sizeof(views[0]); i++)
		p += sprintf(p,
		    "CREATE VIEW %s AS SELECT id, %s,"
		    " event->>'raw' AS raw_message"
		    " FROM readable_events WHERE %s;\n",
		    views[i].name, views[i].columns, views[i].condition);
	return stpcpy(p,
	    "CREATE TABLE " SCHEMA_TABLE " (version integer NOT NULL);\n"
	    "INSERT INTO " SCHEMA_TABLE " VALUES (0);\n");
}

static char *(*const steps[])(const struct schema_dialect *, char *) = {create};

const struct schema schema_events = {sizeof(steps) / sizeof(steps[0]), steps};

void
schema_step(const struct schema *s, const struct schema_dialect *d, int version,
    char *sql)
{
	sprintf(s->steps[version](d, sql),
	    "UPDATE " SCHEMA_TABLE " SET version = %d;\n", version + 1);
}
