#!/bin/bash
# Every metric that a program writes is in its manual's table, and none else
. "$(dirname "$0")/lib.sh"
unset CLIENT_ID CLIENT_SECRET TWITCH_REDIRECT_URI

# A whole pipeline, of whose destinations three are away, with all that the
# publishers can do.
cd "$T" || exit
mkfifo commands.twitch commands.kafka
exec 5<>commands.twitch 6<>commands.kafka
start twitch-sim --url-file url --api-url-file api --client conf=s \
    <commands.twitch 2>sim.err
start kafka-sim --topic chat:1 --url-file brokers <commands.kafka 2>kafka.err
wait_for 20 '[ -s url ] && [ -s api ] && [ -s brokers ]'
start twitch-ingest -g 2 -u "$(cat url)" \
    -T "kafka://$(cat brokers)?topic=chat&exactly-once" -T sqlite:chat.db \
    -T "file:$T/chat.ndjson" -T amqp://127.0.0.1:1 -T postgres://127.0.0.1:1/x \
    -T clickhouse://127.0.0.1:1 chess >ingest.out 2>&1
start twitch-httpd -l 127.0.0.1:0 -u httpd 2>httpd.err
TWITCH_OAUTH_URL=$(cat api) TWITCH_CLIENT_ID=conf TWITCH_CLIENT_SECRET=s \
    start twitch-oauth serve -l 0 >oauth.out 2>&1

cat >.functions <<'END'
page() { curl -sS "$(cat httpd)/metrics" >page; }
prefix() { echo "${1//-/_}_"; }
# The names and kinds of those that program $1 writes; that its manual has.
written() { sed -n "s/^# TYPE $(prefix $1)\([a-z_]*\) \([a-z]*\)$/\1 \2/p" page; }
told() {
	sed -n 's/^\.It Li \([a-z_]*\) Ta \([a-z]*\) Ta .*/\1 \2/p' \
	    "$TOP/man/$1.1"
}
agree() { diff <(told "$1" | sort) <(written "$1" | sort); }
END

# The reader has measured a round trip when nothing came for 15 seconds.
wait_for 60 'page && grep "^ws_reader_ping_seconds" page'
programs=$(cd "$TOP/man" && grep -l '^\.Ss Metrics' *.1 | sed 's/\.1$//')
check 'there are programs with metrics' "[ $(echo "$programs" | wc -l) -ge 11 ]"
for program in $programs; do
	wait_for 20 "page && agree $program"
	check "those of $program are in its manual, and those of there are its" \
	    "agree $program && told $program | grep -q _"
	echo "$program" >>"$T/programs"
done
check 'and nobody else has any' '
	while read -r program; do echo "^# TYPE $(prefix $program)"; done \
	    <programs >prefixes && ! grep "^# TYPE" page | grep -v -f prefixes'

finish
