#!/bin/sh
# clickhouse-publish into a real ClickHouse that is stopped and killed
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/servers/clickhouse.sh"
. "$TOP/tests/servers/tls.sh"
unset DB_SSLMODE DB_NAME
trap '[ -z "$clickhouse_pid" ] || clickhouse_down KILL; clean' EXIT

certificates "$T/tls" && clickhouse_new "$T/clickhouse" &&
    clickhouse_tls "$T/tls" && clickhouse_up ||
    bail "ClickHouse does not start"
DB_HOST=127.0.0.1 DB_PORT=$clickhouse_port DB_USER=writer DB_PASSWORD=secret
export DB_HOST DB_PORT DB_USER DB_PASSWORD

cat >"$T/.functions" <<'END'
. "$TOP/tests/servers/clickhouse.sh"
. "$TOP/tests/faults.sh"
metric() { awk -v m="$1" '$1 == m { print $2 }' run/metrics/clickhouse-publish.prom; }
# The records that are there, once each; in their order by number.
stored() { clickhouse "SELECT event FROM events FINAL ORDER BY toUInt64OrZero(id) FORMAT TSVRaw"; }
# Host $1 with the certificates of $2: all that is said is a sentence with $3.
untrusted() {
	events 1 | clickhouse-publish -c $2 -H $1 -p $clickhouse_tls_port 2>said; s=$?
	[ $(wc -l <said) = 1 ] && grep "SSL.*$3" said && return $s
	return 99
}
emptied() { clickhouse "DROP TABLE IF EXISTS events" && clickhouse "DROP TABLE IF EXISTS twitch_schema"; }
END

# --- what arrives
check 'the schema is made, and each record is a row, as it came' '
	events 3000 >events && clickhouse-publish <events &&
	stored | cmp - events'
check 'once more makes no second row' '
	clickhouse-publish -b 100 <events && stored | cmp - events'
check 'its columns have its members' '
	clickhouse "SELECT * FROM events FINAL WHERE id = '\''7'\'' FORMAT JSONEachRow" |
	    jq -e ".type == \"message\" and .channel == \"c2\" and
		.timestamp == \"1763688000007\" and .username == \"\" and .bits == \"0\""'
check 'every kind of event is in a view' '
	cat "$TOP"/tests/golden/irc-classify/*.in | irc-classify -r 2>/dev/null |
	    jq -c ".id = \"\(input_line_number)\"" >all
	emptied && clickhouse-publish <all &&
	for view in text_messages subscriptions bans deleted_messages raids \
	    bits notices hosts other_messages; do
		n=$(clickhouse "SELECT count() FROM $view") && [ "$n" -gt 0 ] ||
		    { echo "$view: $n" && exit 1; }
	done'
check 'each is in one of them, cheers are in two' '
	sum=0
	for view in text_messages subscriptions bans deleted_messages raids \
	    notices hosts other_messages; do
		sum=$((sum + $(clickhouse "SELECT count() FROM $view")))
	done
	tiers=$(clickhouse "SELECT count() FROM bits WHERE message_type != '\''cheer'\''")
	[ $((sum + tiers)) = $(wc -l <all) ]'
check 'a view has Poglytics'\'' columns, and what its rows say' '
	echo "@badges=vip/1,premium/1;bits=5;id=x;tmi-sent-ts=1763688123456 :ada!a@a PRIVMSG #chess :hi" |
	    irc-classify -r | clickhouse-publish &&
	clickhouse "SELECT nickname, channel, timestamp, badges, bits_amount,
	    message FROM text_messages WHERE id = '\''x'\'' FORMAT TSV" |
	    cmp - <(printf "ada\\t#chess\\t2025-11-21 01:22:03\\tvip/1,premium/1\\t5\\thi\\n")'
check 'snapshots of streams have a table of their own' '
	echo "{\"type\":\"stream\",\"timestamp\":1763688123456,\"channel\":\"chess\",\"viewer_count\":7,\"stream_id\":\"s\"}" |
	    clickhouse-publish &&
	[ "$(clickhouse "SELECT user_login, viewer_count FROM stream_snapshots FORMAT CSV")" = "\"chess\",7" ]'
check 'strange bytes arrive, or become U+FFFD' '
	printf "%s\n" "{\"id\":\"odd\",\"message\":\"\\u0000\\ud800\\t\\\"\\\\ \\u00e9\"}" |
	    clickhouse-publish &&
	clickhouse "SELECT message FROM events WHERE id = '\''odd'\'' FORMAT TSVRaw" |
	    cmp - <(printf "\357\277\275\357\277\275\t\"\\\\ \303\251\n")'
check '--reject keeps what is no JSON object' '
	{ events 2; echo nonsense; } | clickhouse-publish -r rejected &&
	[ "$(jq -r .record rejected)" = nonsense ]; rm rejected'
check 'a table that is dropped meanwhile is made again' '
	{ events 1; until [ "$(metric clickhouse_publish_acknowledged_total)" = 1 ]; do
		sleep 0.1
	done; emptied; events 3 | tail -n 2; } |
	    { rm -f run/metrics/clickhouse-publish.prom
	    clickhouse-publish 2>said; } && events 3 | tail -n 2 | cmp - <(stored)'

# --- what is refused
status 3 'a wrong password: status 3, and the password is not said' '
	events 1 | DB_PASSWORD=hush clickhouse-publish 2>said; s=$?
	grep "Wrong password" said && ! grep hush said || exit 99
	exit $s'
status 3 'a user who may only read' \
    'events 1 | DB_USER=reader DB_PASSWORD= clickhouse-publish'
check 'the password of a file' '
	echo secret >password && chmod 600 password &&
	events 1 | DB_PASSWORD=x clickhouse-publish -P password'
status 2 'a database that is not there is named' '
	events 1 | clickhouse-publish -d nowhere 2>said; s=$?
	grep "nowhere" said || exit 99
	exit $s'
status 2 'one of a newer release is left alone' '
	clickhouse "INSERT INTO twitch_schema VALUES (2)"
	events 1 | clickhouse-publish 2>said; s=$?
	clickhouse "DROP TABLE twitch_schema"
	grep "newer release: its schema is version 2" said || exit 99
	exit $s'

# --- HTTPS
check 'by HTTPS, from a server whose certificate is trusted' '
	emptied && events 10 >few &&
	clickhouse-publish -t -c tls/ca.pem -H localhost \
	    -p $clickhouse_tls_port <few && stored | cmp - few'
status 2 'a certificate that nobody we trust has signed' \
    'untrusted localhost tls/other.pem "certificate problem"'
status 2 'one of another name' \
    'untrusted 127.0.0.1 tls/ca.pem "matches target host name"'
status 2 'certificates that are not there are named' '
	clickhouse-publish -c none -p $clickhouse_tls_port </dev/null 2>said; s=$?
	grep "certificate file: none" said || exit 99
	exit $s'

# --- the server goes and comes back
mkfifo "$T/pipe"
outage() {	# by signal $1
	run emptied
	rm -f "$T/run/metrics/clickhouse-publish.prom"
	start bash -c 'cd "$T" && . ./.functions && stream 0.02 | tee sent >pipe'
	start sh -c 'exec clickhouse-publish -b 100 -g 60 <"$T/pipe" 2>"$T/said"'
	wait_for 60 '[ "$(metric clickhouse_publish_acknowledged_total)" -gt 1000 ]'
	clickhouse_down "$1"
	wait_for 20 'grep "will try again" said'
	clickhouse_up || bail "ClickHouse does not start again"
	wait_for 60 'grep "answers again" said'
	touch "$T/enough"
	wait $pid
	status=$?
	check "clickhouse-publish outlives a server that is ended by SIG$1" \
	    "[ $status = 0 ]"
	check 'nothing is lost or doubled' \
	    "stored >got && account 'server ended by SIG$1' 0"
}
outage TERM
outage KILL

# --- kill -9 and SIGTERM of clickhouse-publish
seconds=15${SOAK:+0}
check 'kill -9 every second: nothing is lost or doubled past the spool' "
	emptied && killed $seconds clickhouse-publish -l 200ms -s spool &&
	stored >got && account 'kill -9 each second' 0"
check 'SIGTERM: what was read arrives, the rest stays in the pipe, exit 0' '
	emptied
	stopped clickhouse_publish_acknowledged_total clickhouse-publish &&
	stored | cmp - sent'

cat "$T/account"
finish
