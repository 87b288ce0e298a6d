#include "schema.h"

#include <stdio.h>
#include <stdlib.h>

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
static const char views[] =
    "CREATE VIEW text_messages AS SELECT id, username AS nickname,"
    " display_name, user_id, message, '#' || channel AS channel,"
    " sent_at AS timestamp, badge_list AS badges, color, bits AS bits_amount,"
    " event->>'raw' AS raw_message"
    " FROM readable_events WHERE type = 'message';\n"

    "CREATE VIEW subscriptions AS SELECT id, username AS nickname,"
    " display_name, user_id, '#' || channel AS channel, sent_at AS timestamp,"
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
    " system_message, message AS user_message, event->>'raw' AS raw_message"
    " FROM readable_events WHERE type IN ('subscription', 'gift');\n"

    "CREATE VIEW bans AS SELECT id, '#' || channel AS channel,"
    " sent_at AS timestamp,"
    " CASE type WHEN 'clear' THEN 'clear_chat' ELSE type END AS message_type,"
    " username AS target_user, coalesce(duration, 0) AS ban_duration,"
    " event->>'reason' AS ban_reason, event->>'raw' AS raw_message"
    " FROM readable_events WHERE type IN ('ban', 'timeout', 'clear');\n"

    "CREATE VIEW deleted_messages AS SELECT id, username AS nickname,"
    " '#' || channel AS channel, sent_at AS timestamp, message,"
    " target_id AS target_message_id, event->>'raw' AS raw_message"
    " FROM readable_events WHERE type = 'delete';\n"

    "CREATE VIEW raids AS SELECT id, '#' || channel AS channel,"
    " sent_at AS timestamp,"
    " coalesce(event->'params'->>'login', username) AS raider_name,"
    " CAST(event->'params'->>'viewer_count' AS bigint) AS viewer_count,"
    " system_message, event->>'raw' AS raw_message"
    " FROM readable_events WHERE type = 'raid' AND kind = 'raid';\n"

    "CREATE VIEW bits AS SELECT id, username AS nickname, display_name,"
    " user_id, '#' || channel AS channel, sent_at AS timestamp,"
    " CASE type WHEN 'message' THEN 'cheer' ELSE 'bits_badge_tier' END"
    " AS message_type,"
    " coalesce(bits, CAST(event->'params'->>'threshold' AS bigint))"
    " AS bits_amount,"
    " message, event->>'raw' AS raw_message"
    " FROM readable_events WHERE (type = 'message' AND bits > 0)"
    " OR (type = 'usernotice' AND kind = 'bitsbadgetier');\n"

    "CREATE VIEW notices AS SELECT id, '#' || channel AS channel,"
    " sent_at AS timestamp,"
    " CASE type WHEN 'notice' THEN 'notice' ELSE 'user_notice' END"
    " AS message_type,"
    " kind AS notice_message_id, message, system_message,"
    " event->>'raw' AS raw_message"
    " FROM readable_events WHERE type IN ('notice', 'announcement')"
    " OR (type = 'usernotice' AND kind NOT IN ('bitsbadgetier', 'ritual'))"
    " OR (type = 'raid' AND kind <> 'raid');\n"

    "CREATE VIEW hosts AS SELECT id, '#' || channel AS channel,"
    " sent_at AS timestamp, event->>'target' AS target_user,"
    " CAST(event->>'viewers' AS bigint) AS viewer_count,"
    " event->>'raw' AS raw_message"
    " FROM readable_events WHERE type = 'host';\n"

    "CREATE VIEW other_messages AS SELECT id, '#' || channel AS channel,"
    " sent_at AS timestamp, type AS message_type, username AS nickname, message,"
    " event->>'raw' AS raw_message"
    " FROM readable_events WHERE type IS NULL"
    " OR (type = 'usernotice' AND coalesce(kind, 'ritual') = 'ritual')"
    " OR type NOT IN ('message', 'subscription', 'gift', 'ban', 'timeout',"
    " 'clear', 'delete', 'raid', 'notice', 'announcement', 'usernotice',"
    " 'host');\n";

/* From nothing to the first version. */
static void
create(const struct schema_dialect *d, char *p)
{
	for (int i = 0; i < ROW_TABLES; i++) {
		p += sprintf(p, "CREATE TABLE %s (", row_tables[i].name);
		p = row_columns(&row_tables[i], d->types, p);
		p += sprintf(p, ");\n");
	}
	sprintf(p,
	    "%sCREATE VIEW readable_events AS"
	    " SELECT events.*, %s AS sent_at, %s AS badge_list FROM events;\n"
	    "%sCREATE TABLE " SCHEMA_TABLE " (version integer NOT NULL);\n"
	    "INSERT INTO " SCHEMA_TABLE " VALUES (1);\n",
	    indexes, d->sent_at, d->badge_list, views);
}

void
schema_step(const struct schema_dialect *d, int version, char *sql)
{
	switch (version) {
	case 0:
		create(d, sql);
		break;
	default:
		abort();
	}
}
