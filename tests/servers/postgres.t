#!/bin/bash
# postgres-publish into a real PostgreSQL that is restarted, killed, and locked
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/sql.sh"
. "$TOP/tests/servers/postgres.sh"
. "$TOP/tests/servers/tls.sh"
unset DB_HOST DB_PORT DB_USER DB_PASSWORD DB_NAME DB_SSLMODE PGPASSWORD
trap 'postgres_down immediate; clean' EXIT

chmod 755 "$T"
certificates "$T/tls" && postgres_new "$T/postgres" &&
    postgres_tls "$T/tls" && postgres_up || bail "PostgreSQL does not start"

cat >>"$T/.functions" <<'END'
. "$TOP/tests/servers/postgres.sh"
db() { psql -X -q -A -t -v ON_ERROR_STOP=1 "$@"; }
query() { db -d "$1" -c "$2"; }
metric() { awk -v m="postgres_publish_$1" '$1 == m { print $2 }' run/metrics/postgres-publish.prom; }
# Database $1 has the numbered events from 1 to $2, each once, after fault $3.
account() {
	found=$(query "$1" "SELECT count(*), count(DISTINCT id),
	    min(id::int), max(id::int) FROM events")
	IFS="|" read -r rows ids rest <<<"$found"
	[ -z "${3-}" ] || sql_tell "$3" $2 $rows $ids
	[ "$found" = "$2|$2|1|$2" ]
}
# Until database $1 has more than $2 events.
until_more() {
	until [ "$(query "$1" "SELECT count(*) > $2 FROM events")" = t ]; do
		:
	done 2>/dev/null
}
new() { createdb "$1"; }
# One event over TLS to host $1 with these options: a sentence with $2.
over_tls() {
	host=$1 why=$2; shift 2
	sql_numbered 1 | DB_PASSWORD=right postgres-publish "$@" \
	    -d "host=$host user=ingest dbname=named" 2>said; s=$?
	[ $(wc -l <said) = 1 ] && grep "^postgres-publish: PostgreSQL: .*$why" said &&
	    return $s
	return 99
}
END

# --- how it is called
status 2 'an argument is wrong usage' 'postgres-publish chess'
status 2 'a password among the arguments is refused, and not repeated' '
	postgres-publish -d "host=127.0.0.1 password=hush" 2>said; s=$?
	grep arguments said && ! grep hush said || exit 99
	exit $s'
status 2 'neither is one in a URI' \
    'postgres-publish -d "postgresql://me:hush@127.0.0.1/x" </dev/null'
status 2 'nor is what libpq does not understand' \
    'postgres-publish -d "host=127.0.0.1 usr=me" </dev/null'
status 2 'a database that is not there is named' '
	postgres-publish -d absent </dev/null 2>said; s=$?
	grep "database \"absent\" does not exist" said || exit 99
	exit $s'
status 3 'a wrong password is said, and is exit 3' '
	query postgres "CREATE ROLE ingest LOGIN PASSWORD '\''right'\''" || exit 99
	DB_PASSWORD=wrong postgres-publish -d "host=127.0.0.1 user=ingest" \
	    </dev/null 2>said; s=$?
	grep "password authentication failed" said || exit 99
	exit $s'
status 3 'so is none' \
    'postgres-publish -d "host=127.0.0.1 user=ingest" </dev/null'
status 3 'and a user who may not make tables' '
	new closed && DB_PASSWORD=right postgres-publish \
	    -d "host=127.0.0.1 user=ingest dbname=closed" </dev/null'
status 2 'a newer schema is refused, in one sentence' '
	new newer && postgres-publish -d newer </dev/null &&
	query newer "UPDATE twitch_schema SET version = 99" || exit 99
	sql_numbered 1 | postgres-publish -d newer 2>said; s=$?
	grep "newer release: its schema is version 99" said || exit 99
	exit $s'
status 1 'no server: warned about, counted, kept' '
	sql_numbered 3 | postgres-publish -g 1 -r late \
	    -d "host=127.0.0.1 port=1" 2>said; s=$?
	grep "refused; will try again" said && [ $(wc -l <late) = 3 ] || exit 99
	exit $s'

# --- what is stored
check 'no input is no trouble, and makes the schema' '
	new empty && postgres-publish -d empty </dev/null &&
	[ "$(query empty "SELECT version FROM twitch_schema")" = 1 ]'
check 'the queries of the manual give what they should' '
	new golden && sql_events | postgres-publish -d golden &&
	sql_compare db -d golden'
check 'a second time makes no second row' '
	sql_events | postgres-publish -d golden && sql_compare db -d golden'
check 'a row is the event: columns, and all of it as JSON' '
	new row && export PGTZ=UTC
	cat >event <<-"END"
		{"type":"message","timestamp":1763688000123,"channel":"c","id":"x","mod":true,"message":"a\"\t\\N\u00e9","emotes":["K"],"bits":7,"new":{"a":[1]}}
	END
	postgres-publish -d row <event &&
	[ "$(query row "SELECT id, type, timestamp, received, channel, mod, vip,
	    message, emotes, bits, duration FROM events")" = \
"x|message|2025-11-21 01:20:00.123+00||c|t|f|$(jq -r .message event)|[\"K\"]|7|" ] &&
	query row "SELECT event FROM events" | jq -S . | cmp - <(jq -S . event)'
status 2 'a database that cannot hold all of Unicode is refused' '
	createdb -T template0 -E SQL_ASCII ascii || exit 99
	sql_numbered 1 | postgres-publish -d ascii 2>said; s=$?
	grep "SQL_ASCII.*UTF8" said || exit 99
	exit $s'
check 'the views of an earlier system have its columns' '
	[ "$(psql -X -q -A -P footer=off -d golden -c "SELECT * FROM text_messages
	    ORDER BY id LIMIT 1")" = \
"id|nickname|display_name|user_id|message|channel|timestamp|badges|color|bits_amount|raw_message
00000000-0000-4000-8000-000000000001|ada|Ada|7|hello|#chess|2025-11-21 01:20:00.1|vip/1,premium/1|#1E90FF||" ]'
check 'each event is in one view, cheers in two' '
	[ "$(for view in text_messages subscriptions bans deleted_messages raids \
	    bits notices hosts other_messages; do
		query golden "SELECT id FROM $view"
	done | wc -l)" = $(($(query golden "SELECT count(*) FROM events") + 2)) ]'
check 'the manual has the tables and views as they are' '
	for table in events stream_snapshots; do
		sql_columns $table 7 | diff - <(query empty "SELECT attname,
		    CASE atttypid WHEN 1184 THEN '\''timestamptz'\''
		    ELSE format_type(atttypid, NULL) END FROM pg_attribute
		    WHERE attrelid = '\''$table'\''::regclass AND attnum > 0
		    ORDER BY attnum") || exit
	done
	sql_views | while IFS=: read -r view columns; do
		[ "$(query empty "SELECT string_agg(attname, '\'', '\''
		    ORDER BY attnum) FROM pg_attribute
		    WHERE attrelid = '\''$view'\''::regclass AND attnum > 0")" = \
		    "$columns" ] || { echo "$view" && exit 1; }
	done && [ $(sql_views | wc -l) = 9 ]'
check 'what no database takes is replaced' '
	new odd && printf "%s\n" "{\"id\":\"n\",\"message\":\"a\\u0000b\\ud800c\"}" |
	    postgres-publish -d odd &&
	[ "$(query odd "SELECT message, event->>'\''message'\'' FROM events")" = \
	    "a�b�c|a�b�c" ]'
check 'one that PostgreSQL refuses is found among its neighbours' '
	new poison && {
		sql_numbered 300
		echo "{\"id\":\"p\",\"n\":1e999999}"
		echo "not json"
		sql_numbered 300 301
		printf "{\"id\":\"q\",\"username\":\"%s\"}\n" \
		    $(head -c 9000 /dev/urandom | base64 -w 0)
		sql_numbered 300 601
	} | postgres-publish -r rejected -d poison && account poison 900 &&
	jq -r .reason rejected >reasons && [ $(wc -l <reasons) = 3 ] &&
	grep "PostgreSQL: index row" reasons &&
	grep -x "PostgreSQL: value overflows numeric format" reasons &&
	grep -x "not a JSON object" reasons'
check 'the counts are in the metrics' '
	[ $(metric records_total) = 903 ] && [ $(metric acknowledged_total) = 900 ] &&
	[ $(metric rejected_total) = 3 ] && [ $(metric up) = 1 ]'
check 'DB_* say where, as in an earlier system' '
	new named && query named "GRANT ALL ON SCHEMA public TO ingest" &&
	sql_numbered 3 | DB_HOST=127.0.0.1 DB_PORT=$PGPORT DB_USER=ingest \
	    DB_PASSWORD=right DB_NAME=named DB_SSLMODE=disable postgres-publish &&
	account named 3'
# --- TLS
check 'over TLS, to a server whose certificate is trusted' '
	sql_numbered 4 | DB_PASSWORD=right postgres-publish -c tls/ca.pem -d \
	    postgresql://ingest@localhost/named && account named 4'
check 'as libpq'\''s URLs and variables have it, too' '
	sql_numbered 5 | DB_PASSWORD=right PGSSLROOTCERT=$T/tls/ca.pem \
	    DB_HOST=localhost DB_USER=ingest DB_NAME=named \
	    DB_SSLMODE=verify-full postgres-publish && account named 5 &&
	sql_numbered 6 | DB_PASSWORD=right postgres-publish --sslmode verify-full \
	    --sslrootcert tls/ca.pem -d postgresql://ingest@localhost/named &&
	account named 6'
status 2 'a certificate that nobody we trust has signed' \
    'over_tls localhost "certificate verify failed" -c tls/other.pem'
status 2 'one of another name' \
    'over_tls 127.0.0.1 "does not match host name" -c tls/ca.pem'
status 2 'certificates that are not there are named' \
    'over_tls localhost ".none. does not exist" -c none'
status 2 'a mode that is none' 'over_tls localhost ".nonsense." -m nonsense'
status 2 'a server without TLS where it has to be' '
	query postgres "ALTER SYSTEM SET ssl = off" &&
	query postgres "SELECT pg_reload_conf()" &&
	until [ "$(query postgres "SHOW ssl")" = off ]; do :; done &&
	over_tls localhost "does not support SSL" -m require'

# --- several at once
check 'several begin at once, in one database' '
	new several
	for i in 1 2 3 4; do
		sql_numbered 3000 | postgres-publish -b 100 -d several & p="$p $!"
	done
	for i in $p; do wait $i || exit; done
	account several 3000'

# --- trouble
check 'a backend that is terminated again and again under load' '
	new terminated && sql_numbered 30000 >events
	postgres-publish -b 50 -d terminated <events & p=$!
	for i in 1 2 3 4 5; do
		until_more terminated $((i * 3000))
		query terminated "SELECT pg_terminate_backend(pid)
		    FROM pg_stat_activity
		    WHERE application_name = '\''postgres-publish'\''" >/dev/null
	done
	wait $p && account terminated 30000 "backend terminated five times"'
check 'a server that is restarted, then crashes, under load' '
	new restarted && sql_numbered 30000 >events
	postgres-publish -g 60 -b 50 -d restarted <events & p=$!
	until_more restarted 5000
	postgres_down fast && postgres_up
	until_more restarted 15000
	postgres_down immediate && postgres_up
	wait $p && account restarted 30000 "server restarted, then crashed"'
check 'a login that is forbidden for a while: the pipe waits, nothing is lost' '
	new forbidden && query forbidden "GRANT ALL ON SCHEMA public TO ingest"
	sql_numbered 20000 >events
	DB_PASSWORD=right postgres-publish -g 60 -b 50 \
	    -d "host=127.0.0.1 user=ingest dbname=forbidden" <events 2>said & p=$!
	until_more forbidden 1000
	query postgres "ALTER ROLE ingest NOLOGIN" &&
	query postgres "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
	    WHERE usename = '\''ingest'\''" >/dev/null
	until grep "is not permitted to log in; will try again" said; do
		sleep 0.1
	done
	query postgres "ALTER ROLE ingest LOGIN"
	wait $p && account forbidden 20000 "login forbidden for a while"'
status 2 'a pool that does not keep to one connection is told apart' '
	new pooled && query pooled "
		CREATE FUNCTION elsewhere() RETURNS event_trigger LANGUAGE plpgsql AS
		    \$\$ BEGIN DROP TABLE IF EXISTS pg_temp.new_events; END \$\$;
		CREATE EVENT TRIGGER elsewhere ON ddl_command_end
		    WHEN TAG IN ('\''CREATE TABLE'\'') EXECUTE FUNCTION elsewhere()"
	sql_numbered 1 | postgres-publish -d pooled 2>said; s=$?
	grep "\"new_events\" does not exist.* has to be one of sessions" said || exit 99
	exit $s'
check 'a table that is locked holds up the pipe, and loses nothing' '
	new locked && postgres-publish -d locked </dev/null &&
	mkfifo lock && exec 8<>lock
	db -d locked <lock & locker=$!
	echo "BEGIN; LOCK events; SELECT 7;" >&8
	until [ "$(query locked "SELECT count(*) FROM pg_locks
	    WHERE mode = '\''AccessExclusiveLock'\''")" -gt 0 ]; do :; done
	sql_numbered 2000 | postgres-publish -d locked & p=$!
	until [ "$(query locked "SELECT count(*) FROM pg_locks
	    WHERE NOT granted")" -gt 0 ]; do :; done
	printf "ROLLBACK;\n\\\\q\n" >&8
	wait $p && wait $locker && account locked 2000 "table locked by another"'
check 'SIGTERM: what was read is stored, the rest stays in the pipe, exit 0' '
	new term && sql_numbered 100000 >events && cat events | {
		exec 3<&0
		postgres-publish -b 50 -d term <&3 &
		until_more term 100
		kill $!
		wait $!
		echo $? >status
		cat >rest
	}
	[ $(cat status) = 0 ] && [ -s rest ] &&
	postgres-publish -d term <rest && account term 100000 "SIGTERM in mid-batch"'
check 'with a spool, a server that is away: the pipe goes on, all arrives' '
	new away && postgres_down fast
	mkfifo feed && exec 7<>feed
	postgres-publish -s away.spool -d away <feed 7>&- & p=$!
	sql_numbered 20000 >feed && postgres_up 7>&-
	exec 7>&-
	wait $p && account away 20000 "server away, with a spool"'

# kill -9 every second, for so many seconds.
: "${SOAK:=}"
seconds=15
[ -z "$SOAK" ] || seconds=120
echo "kills=$seconds" >>"$T/.functions"
check 'kill -9 each second with a spool: none is lost, none comes twice' '
	new killed
	for i in $(seq $kills); do
		sql_numbered 1500 $((i * 1500 - 1499))
		sleep 1
	done | {
		exec 3<&0
		for i in $(seq $kills); do
			postgres-publish -s spool -b 100 -l 20ms -d killed <&3 &
			sleep 1
			kill -9 $!
			wait $!
		done 2>/dev/null
		postgres-publish -s spool -d killed <&3
	} && account killed $((kills * 1500)) "kill -9 each second"'

cat "$T/account"
finish
