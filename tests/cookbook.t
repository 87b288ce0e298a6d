#!/bin/sh
# README's cookbook as it is printed, on simulators. The commands that need
# another server are run by tests/servers/cookbook.t; here it is asked whether
# our programs know their options.
. "$(dirname "$0")/lib.sh"
unset CLIENT_ID CLIENT_SECRET TWITCH_CLIENT_ID TWITCH_CLIENT_SECRET \
    TWITCH_USERNAME TWITCH_REDIRECT_URI TWITCH_SCOPES
. "$TOP/tests/servers/ports.sh"

start twitch-sim --chat 500 --url-file "$T/twitch" --api-url-file "$T/api" \
    --client conf=sekrit --account mylogin=none
mkfifo "$T/broker"
exec 9<>"$T/broker"
# What a function reads would be lost to its process in the background.
start sh -c "exec kafka-sim --topic chat:3 --topic chat-message:3 \
    --topic chat-messages:3 --topic twitch-chat-messages:3 \
    --url-file '$T/kafka' <'$T/broker'"
wait_for 20 '[ -s twitch ] && [ -s api ] && [ -s kafka ]' || exit 1
TWITCH_IRC_URI=$(cat "$T/twitch")
TWITCH_OAUTH_URL=$(cat "$T/api")
TWITCH_HELIX_URL=$TWITCH_OAUTH_URL/helix
brokers=$(cat "$T/kafka")
HTTP_API_PORT=$(free_ports)
export TWITCH_IRC_URI TWITCH_OAUTH_URL TWITCH_HELIX_URL HTTP_API_PORT brokers
elsewhere="s/localhost:9092/$brokers/; s/127.0.0.1:6060/127.0.0.1:$HTTP_API_PORT/
	s|^\*/10 \* \* \* \* ||"
. "$TOP/tests/cookbook.sh"

cat >>"$T/.functions" <<'END'
# Each of our programs knows the options that the command gives it.
known() {
	echo "$command" | tr '|' '\n' | while read -r stage; do
		case $stage in
		twitch-* | ws-reader* | irc-classify* | *-publish*)
			eval "$stage --version" | grep -q '^[a-z-]* [0-9.]*$' || exit
		esac
	done
}
END

known() {
	take "$2"
	check "$1" 'known'
}

check 'the demonstration accounts for every line' '
	grep -qx "    make demo" "$TOP/README.md" &&
	MAKEFLAGS= make -s -C "$TOP" B="$B" demo SECONDS=3 >said 2>&1 &&
	grep -Ex " *chat records in topic +[1-9][0-9]*" said &&
	grep -Ex " *lost +0" said && grep -Ex " *duplicated +0" said'
check 'the event that README shows is one' '
	sed -n "/^{/p" "$TOP/README.md" >event && [ -s event ] &&
	/usr/bin/python3 "$TOP/tests/schema.py" event'
take 'make && sudo make install'
check 'make install puts programs and manuals there, uninstall takes them away' '
	at() { MAKEFLAGS= make -s -C "$TOP" B="$B" DESTDIR="$T/root" $1; }
	at install && root/usr/local/bin/twitch-ingest -V &&
	[ $(ls root/usr/local/bin | wc -l) = $(ls $B/bin | wc -l) ] &&
	[ $(ls root/usr/local/share/man/*/* | wc -l) = $(ls "$TOP"/man/*.[1-8] | wc -l) ] &&
	at uninstall && [ "$(find root -type f)" = "" ]'

recipe 'events on standard output' 'twitch-ingest chess speedrun ' \
    'grep -q "\"channel\":\"speedrun\"" out && grep -q "\"message\":" out'
recipe 'into Kafka' '-t chat chess speedrun' \
    '[ $(topic chat | grep -c "\"message\":") -ge 10 ]'

# --- look
recipe 'chat on a terminal' 'twitch-ingest chess | jq' \
    'grep -q "^chess [a-z0-9_]*: ." out'
printf '#chess\nspeedrun\n' >"$T/channels.txt"
recipe 'by kcat' '| kcat -P' '[ $(topic chat -f "%h\n" | grep -vc .) -ge 10 ]'
recipe 'tee and grep' '| grep' '[ -s out ] && ! grep -v "\"bits\":" out'
recipe 'some types' '-y subscription,gift,raid' \
    '[ $(wc -l <out) -ge 5 ] && ! grep -vE "^.\"type\":\"(subscription|gift|raid)\"" out'
recipe 'some fields' '-o at=timestamp:iso' \
    'grep -qE "^.\"at\":\"20[-0-9]*T[0-9:.]*Z\",\"who\":\"[a-z0-9_]*\",\"what\":\".*\".$" out'

# --- choose the channels
start twitch-ingest -b "$brokers" -t chat chess 2>"$T/ingest"
ingest=$pid
wait_for 20 'twitch-ctl wait -t 5 chess'
once 'a channel more' 'twitch-ctl join speedrun' 'twitch-ctl wait -t 20 speedrun'
once 'a channel less' 'twitch-ctl part chess' \
    'eventually "! twitch-ctl list | grep chess"'
once 'what it does' 'twitch-ctl status' 'grep -q "channels" out'

take 'twitch-httpd &'
start sh -c "exec ${command% &}"
httpd=$pid
check 'twitch-httpd listens' \
    'eventually "curl -s http://127.0.0.1:$HTTP_API_PORT/healthz"'
once 'a channel more, over HTTP' '/join?channel=speedrun' \
    'grep "Queued join for channel: speedrun" out && twitch-ctl wait -t 20 speedrun'
once 'is it ready?' '/readyz' 'cat out'
check 'it is' 'eventually "bash -c \"$command\" | grep -qx ready"'

take 'twitch-oauth client '
check 'the id and secret of an application are kept' \
    'printf "conf\nsekrit\n" | bash -c "$command"'
take 'PATH=/usr/local/bin'
check "cron's PATH has where programs are installed" \
    '[[ $command = *$(ls -d root/usr/local/bin | sed s/root//)* ]]'
once 'the largest channels, from cron' 'twitch-ctl set -' \
    'eventually "[ \$(twitch-ctl list -p joined | grep -c ^streamer) -ge 10 ]" &&
	[ $(twitch-ctl list | wc -l) = 250 ]'
once 'who is live, from cron' 'twitch-top -J' \
    '[ $(sqlite3 chat.db "SELECT count(*) FROM stream_snapshots") = 250 ]'
kill "$httpd" "$ingest"
wait "$httpd"
wait "$ingest"
check 'pipeline and HTTP end in order' "[ $? = 0 ]"

# The person opens what the program has printed.
take 'twitch-oauth login'
check 'a login' '
	curl -sSf "$TWITCH_OAUTH_URL/sim/set?interval=1" &&
	curl -sSf "$TWITCH_OAUTH_URL/sim/person?login=mylogin" &&
	cook && eventually "grep ^Open out" &&
	curl -sSf "$(sed -n "s/^Open //p" out)" && wait $cooking && cooking='
recipe 'chat as oneself' '-a mylogin' \
    'grep -q "\"event\":\"connected\"\|\"type\":\"connected\".*mylogin" out &&
	grep -q "\"message\":" out'

# --- Kafka
recipe 'a topic for each type' "-t 'chat-{type}'" \
    '[ $(topic chat-message | wc -l) -ge 10 ]'
start sh -c "exec twitch-ingest -N types -b $brokers -t 'chat-{type}' chess \
    2>'$T/ingest'"
recipe 'what people say' 'kafka-tail -J' '[ $(wc -l <out) -ge 10 ]'
kill "$pid"
wait "$pid"
recipe 'exactly once' 'exactly-once' '
	n=${n-$(topic chat -X isolation.level=read_committed | wc -l)}
	[ $(topic chat -X isolation.level=read_committed | wc -l) -gt $n ]'

# --- databases, files
recipe 'into SQLite' 'chess | sqlite-publish' \
    '[ $(sqlite3 chat.db "SELECT count(*) FROM text_messages") -ge 100 ]'
once 'who talks most' 'GROUP BY 1' '[ $(wc -l <out) = 10 ]'
recipe 'a file for each channel and day' '| file-publish -z' '
	zstdcat logs/chess/20*.ndjson.zst | grep -q "\"message\":" &&
	zstdcat logs/xqc/20*.ndjson.zst | grep -q "\"message\":"'
HOME=$T
echo secret >"$T/.clickhouse-password"
chmod 600 "$T/.clickhouse-password"
export HOME
for part in postgresql: clickhouse-publish 'amqp-publish -H'; do
	known "what is in the way of $part is options" "$part"
done
recipe 'to several' '--to sqlite:chat.db' '
	n=${n-$(sqlite3 chat.db "SELECT count(*) FROM events")}
	[ $(sqlite3 chat.db "SELECT count(*) FROM events") -gt $((n + 100)) ]'

# --- archives
recipe 'raw lines and events' 'tee raw.ndjson' \
    '[ $(wc -l <events.ndjson) -ge 100 ]'
check 'of the same lines' \
    '[ -s raw.ndjson ] && irc-classify <raw.ndjson | cmp - events.ndjson'
check 'there is an archive' \
    'jq -r ".line // empty" raw.ndjson | gzip >logs/one.gz && cp logs/one.gz logs/two.gz'
once 'an archive' 'zcat logs' '
	jq -r ".line // empty" raw.ndjson | irc-classify >one &&
	zstdcat events.ndjson.zst | cmp - <(cat one one)'

# --- earlier systems: the very columns of the golden pairs, each by somebody who
# begins there
projection() {
	take "$3"
	columns=$(sed 's/.*-o //' "$TOP/tests/golden/irc-classify/system-$2.args")
	check "the columns of $1 are those of its golden pair" \
	    "grep -F -- '-o $columns ' <<<\"\$command\""
}
rm -rf "$T/state"
projection twitch-irc-ingest-pipeline j UserID=user_id
check 'they become its records, and its keys' '
	cook && seen_then_stopped "[ \$(topic chat-messages | wc -l) -ge 10 ]" &&
	topic chat-messages -f "%k %s\n" | sed -E "s/^([0-9]+) ..UserID.:.*.ChannelID.:.\1.,.*/same/" |
	    sort -u | grep -x same'
rm -rf "$T/state"
projection ChatBattle b channel_id=channel
check 'they become its records, and its keys and times' '
	cook && seen_then_stopped "[ \$(topic twitch-chat-messages | wc -l) -ge 10 ]" &&
	topic twitch-chat-messages -f "%k %T %s\n" |
	    sed -E "s/^([a-z]+) ([0-9]+) ..channel_id.:.\1.,.*,.timestamp.:\2,.*/same/" |
	    sort -u | grep -x same'
projection consensus c timestamp=timestamp:iso
check 'what is in their way is options' known

check 'no command was forgotten' 'diff <(sort commands) <(sort taken)'
finish
