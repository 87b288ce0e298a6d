#!/bin/bash
# sqlite-publish into files
. "$(dirname "$0")/lib.sh"
. "$TOP/tests/sql.sh"
unset DB_PATH

cat >>"$T/.functions" <<'END'
db() { sqlite3 "$@"; }
metric() { awk -v m="sqlite_publish_$1" '$1 == m { print $2 }' run/metrics/sqlite-publish.prom; }
# Database $1 has the numbered events from 1 to $2, each once, and is sound,
# after fault $3.
account() {
	found=$(db "$1" "SELECT count(*), count(DISTINCT CAST(id AS integer)),
	    min(CAST(id AS integer)), max(CAST(id AS integer)) FROM events")
	IFS="|" read -r rows ids rest <<<"$found"
	[ -z "${3-}" ] || sql_tell "$3" $2 $rows $ids
	[ "$found" = "$2|$2|1|$2" ] &&
	    [ "$(db "$1" "PRAGMA integrity_check")" = ok ]
}
END

# --- how it is called
status 2 'no database is wrong usage' 'sqlite-publish'
status 2 'an argument is wrong usage' 'sqlite-publish -d x.db chess'
status 2 'a batch of none is refused' 'sqlite-publish -b 0 -d x.db'
status 2 'a folder is no database' '
	sqlite-publish -d . </dev/null 2>said; s=$?
	grep "'\''.'\''.*directory" said || exit 99
	exit $s'
status 2 'a folder that is not there is named' \
    'sqlite-publish -d no/where.db </dev/null 2>said; s=$?
	grep no/where.db said || exit 99; exit $s'
status 2 'a file that is no database stays as it is' '
	seq 10000 >other && cp other kept
	sqlite-publish -d other </dev/null 2>said; s=$?
	grep "other.*not a database" said && cmp other kept || exit 99
	exit $s'
status 2 'a newer schema is refused, in one sentence' '
	sqlite-publish -d new.db </dev/null &&
	db new.db "UPDATE twitch_schema SET version = 99" || exit 99
	sql_numbered 1 | sqlite-publish -d new.db 2>said; s=$?
	grep "newer release: its schema is version 99" said &&
	[ "$(db new.db "SELECT count(*) FROM events")" = 0 ] || exit 99
	exit $s'
if [ "$(id -u)" != 0 ] || command -v setpriv >/dev/null; then
	chmod 755 "$T"
	status 2 'a file that may only be read is refused' '
		sqlite-publish -d readonly.db </dev/null && chmod 444 readonly.db || exit 99
		[ "$(id -u)" != 0 ] || as="setpriv --reuid 65534 --regid 65534 --clear-groups"
		$as env -u TWITCH_RUN_DIR sqlite-publish -d readonly.db </dev/null 2>said
		s=$?
		grep "may only be read" said || exit 99
		exit $s'
fi

# --- what is stored
check 'no input is no trouble, and makes the schema' '
	sqlite-publish -d empty.db </dev/null &&
	[ "$(db empty.db "SELECT version FROM twitch_schema")" = 1 ]'
check 'the queries of the manual give what they should' '
	sql_events | sqlite-publish -d golden.db && sql_compare sqlite3 golden.db'
check 'a second time makes no second row' '
	sql_events | sqlite-publish -d golden.db && sql_compare sqlite3 golden.db'
check 'a row is the event: columns, and all of it as JSON' '
	echo "{\"type\":\"message\",\"timestamp\":5,\"channel\":\"c\",\"id\":\"x\",\"mod\":true,\"message\":\"a\\\"\\u00e9\",\"emotes\":[\"K\"],\"bits\":7,\"new\":{\"a\":[1]}}" >event &&
	sqlite-publish -d row.db <event &&
	[ "$(db row.db "SELECT * FROM events")" = \
	    "x|message|5||c|||||||1|0|0|||a\"é|0|[\"K\"]|7|0|||$(cat event)" ]'
check 'the views of an earlier system have its columns' '
	[ "$(db -header golden.db "SELECT * FROM text_messages LIMIT 1")" = \
"id|nickname|display_name|user_id|message|channel|timestamp|badges|color|bits_amount|raw_message
00000000-0000-4000-8000-000000000001|ada|Ada|7|hello|#chess|2025-11-21 01:20:00.100|vip/1,premium/1|#1E90FF||" ]'
check 'each event is in one view, cheers in two' '
	[ "$(for view in text_messages subscriptions bans deleted_messages raids \
	    bits notices hosts other_messages; do
		db golden.db "SELECT id FROM $view"
	done | wc -l)" = $(($(db golden.db "SELECT count(*) FROM events") + 2)) ]'
check 'the manual has the tables and views as they are' '
	for table in events stream_snapshots; do
		sql_columns $table 5 | diff - <(db empty.db "SELECT name, lower(type)
		    FROM pragma_table_info('\''$table'\'')") || exit
	done
	sql_views | while IFS=: read -r view columns; do
		[ "$(db empty.db "SELECT group_concat(name, '\'', '\'')
		    FROM pragma_table_info('\''$view'\'')")" = "$columns" ] ||
		    { echo "$view" && exit 1; }
	done && [ $(sql_views | wc -l) = 9 ]'
check 'what no database takes is replaced' '
	printf "%s\n" "{\"id\":\"n\",\"message\":\"a\\u0000b\\ud800c\"}" |
	    sqlite-publish -d odd.db &&
	[ "$(db odd.db "SELECT message, event->>'\''message'\'' FROM events")" = \
	    "a�b�c|a�b�c" ]'
status 1 'what is no JSON object is rejected, its neighbours are not' '
	{ sql_numbered 1; echo "not json"; sql_numbered 1 2; } |
	    sqlite-publish -d bad.db 2>said; s=$?
	grep "1 of 3 records were rejected" said && account bad.db 2 || exit 99
	exit $s'
check '--reject keeps it, and that is success' '
	echo "not json" | sqlite-publish -d bad.db -r rejected &&
	[ "$(jq -r .record rejected)" = "not json" ]'
check 'DB_PATH names the database' '
	sql_numbered 3 | DB_PATH=named.db sqlite-publish && account named.db 3'
check 'the counts are in the metrics' '
	[ $(metric records_total) = 3 ] && [ $(metric acknowledged_total) = 3 ] &&
	[ $(metric up) = 1 ] && [ $(metric batch_records_count) = 1 ] &&
	[ $(metric batch_records_sum) = 3 ] &&
	[ $(metric batch_bytes_sum) -gt 3 ] &&
	[ $(metric write_seconds_count) = 1 ]'
check 'a lone record is stored while the input goes on' '
	{ sql_numbered 1; until [ -e stored ]; do sleep 0.1; done; } |
	    sqlite-publish -l 50ms -d lone.db &
	until [ "$(db lone.db "SELECT count(*) FROM events")" = 1 ]; do
		sleep 0.1
	done 2>/dev/null
	touch stored
	wait $!'
check 'two begin at once, in one file' '
	for i in 1 2 3 4; do
		sql_numbered 2000 | sqlite-publish -b 100 -d two.db & p="$p $!"
	done
	for i in $p; do wait $i || exit; done
	account two.db 2000'

# --- trouble
check 'another writer is waited for, and warned about' '
	sqlite-publish -d locked.db </dev/null && rm -f said || exit
	mkfifo lock && exec 8<>lock
	db locked.db <lock & locker=$!
	printf ".timeout 5000\nBEGIN IMMEDIATE;\n" >&8
	until ! db locked.db "BEGIN IMMEDIATE" 2>/dev/null; do :; done
	sql_numbered 1200 | sqlite-publish -d locked.db 2>said & p=$!
	until grep "locked; will try again" said; do sleep 0.1; done
	printf "ROLLBACK;\n.quit\n" >&8
	wait $p && wait $locker && account locked.db 1200 "file locked by another"'
check 'a full disk holds up the pipe, and loses nothing' '
	trap "" XFSZ
	rm -f said && sql_numbered 20000 >events
	(ulimit -Sf 400; exec sqlite-publish -d full.db <events 2>said) & p=$!
	until grep "will try again" said; do sleep 0.1; done 2>/dev/null
	prlimit --fsize=unlimited --pid $p
	wait $p && account full.db 20000 "a full disk"'
check 'a file that is moved away is made again' '
	mkfifo moving
	sqlite-publish -l 50ms -d moved.db <moving & p=$!
	exec 7>moving
	sql_numbered 1 >&7
	until [ "$(db moved.db "SELECT count(*) FROM events")" = 1 ]; do
		sleep 0.1
	done 2>/dev/null
	mv moved.db away.db
	sql_numbered 1 2 >&7
	exec 7>&-
	wait $p && [ "$(db moved.db "SELECT id FROM events")" = 2 ]'
status 1 'what is not stored when time is over is counted, and kept' '
	exec 8<>lock
	db locked.db <lock & locker=$!
	printf ".timeout 5000\nBEGIN IMMEDIATE;\n" >&8
	until ! db locked.db "BEGIN IMMEDIATE" 2>/dev/null; do :; done
	sql_numbered 30 2000 | sqlite-publish -g 1 -r late -d locked.db 2>said; s=$?
	printf "ROLLBACK;\n.quit\n" >&8
	wait $locker
	grep "30 of 30 records were not acknowledged" said &&
	[ $(jq -r .record.id late | sort -u | wc -l) = 30 ] || exit 99
	exit $s'
check 'SIGTERM: what was read is stored, the rest stays in the pipe, exit 0' '
	sql_numbered 100000 >events && cat events | {
		exec 3<&0
		sqlite-publish -b 50 -d term.db <&3 &
		until [ "$(db term.db "SELECT count(*) > 100 FROM events")" = 1 ]; do
			:
		done 2>/dev/null
		kill $!
		wait $!
		echo $? >status
		cat >rest
	}
	[ $(cat status) = 0 ] && [ -s rest ] &&
	sqlite-publish -d term.db <rest && account term.db 100000 "SIGTERM in mid-batch"'
check 'kill -9 again and again leaves a sound file, each record once' '
	sql_numbered 30000 >events
	for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
		sqlite-publish -b 100 -d killed.db <events & p=$!
		had=$(db killed.db "SELECT count(*) FROM events" 2>/dev/null)
		until [ "$(db killed.db "SELECT count(*) FROM events")" -gt \
		    $((${had:-0} + i * 50)) ]; do :; done 2>/dev/null
		kill -9 $p 2>/dev/null
		wait $p
		[ "$(db killed.db "PRAGMA integrity_check")" = ok ] || exit
	done
	sqlite-publish -d killed.db <events && account killed.db 30000 "kill -9, fed again"'

: "${SOAK:=}"
kills=12
[ -z "$SOAK" ] || kills=500
echo "kills=$kills" >>"$T/.functions"
check 'kill -9 with a spool: not a record is lost, none comes twice' '
	sql_numbered $((kills * 2000)) | {
		exec 3<&0
		for i in $(seq $kills); do
			sqlite-publish -s spool -b 100 -l 20ms -d spooled.db <&3 &
			until [ "$(db spooled.db "SELECT count(*) FROM events")" \
			    -gt $((i * 1000)) ]; do :; done 2>/dev/null
			kill -9 $!
			wait $!
		done 2>/dev/null
		sqlite-publish -s spool -d spooled.db <&3
	} && account spooled.db $((kills * 2000)) "kill -9, with a spool"'

cat "$T/account"
finish
