#!/bin/sh
# The real stages under twitch-ingest, between twitch-sim and kafka-sim
. "$(dirname "$0")/lib.sh"

cat >"$T/.functions" <<'END'
# twitch-sim and kafka-sim, their commands from descriptors 5 and 6
sims() {
	rm -rf commands.* sent counts url brokers run state out
	mkfifo commands.twitch commands.kafka
	exec 5<>commands.twitch 6<>commands.kafka
	twitch-sim --url-file url --sent sent --counts counts "$@" \
	    <commands.twitch 2>sim.err &
	twitch=$!
	kafka-sim --topic chat:3 --url-file brokers <commands.kafka 2>kafka.err &
	kafka=$!
	trap 'cat sim.err kafka.err err; kill -9 $(jobs -p)' EXIT
	eventually '[ -s url ] && [ -s brokers ]'
}

# the pipeline in the background, in a process group of its own
begin() {
	env --default-signal=INT setsid twitch-ingest -u $(cat url) "$@" \
	    >out 2>err </dev/null &
	sup=$!
	eventually 'twitch-ctl wait -t 20s chess 2>wait.err' || { cat wait.err; false; }
}
ends() {
	eventually '! kill -0 $sup 2>/dev/null' || return
	wait $sup
	[ $? = $1 ]
}
eventually() {
	for i in {1..1000}; do
		eval "$1" && return
		sleep 0.02
	done
	return 1
}

# the process that runs stage $1
pid_of() { ps -o pid=,args= --ppid $sup | awk -v name=$1 '$2 == name { print $1 }'; }
# there are $2 more lines in file $1 than now
goes_on() {
	n=$(wc -l <$1)
	eventually "[ \$(wc -l <$1) -gt $((n + $2)) ]"
}
# the ids of chat, as sent and as printed
sent_ids() { jq -r 'select(.id != "").id' ${1-sent}; }
ids() { cat ${1-out} | jq -r 'select(.id).id'; }
is_prefix() { cmp <(head -c $(stat -c %s $1) $2) $1; }
rows() { python3 -c "
import sqlite3
for row in sqlite3.connect('chat.db').execute('SELECT event FROM events'):
	print(*row)" | ids -; }
published() { kafka-tail -b $(cat brokers) -t chat -e -J; }
metric() { awk -v name=$2 '$1 == name { print $2 }' run/metrics/$1.prom; }
END

check 'every line that is sent is printed, in order' '
	sims --chat 4000 && begin chess xqc && goes_on out 2000 &&
	echo pause >&5 && eventually "cmp <(sent_ids) <(ids)" &&
	kill $sup && ends 0 && [ $(wc -l <sent) -gt 2000 ]'
check 'what is joined by twitch-ctl is read, and what is parted is not' '
	sims --chat 500 && begin chess && twitch-ctl join "#Go" &&
	twitch-ctl wait -t 20s go && eventually "grep -q \"channel.:.go\" out" &&
	twitch-ctl part chess &&
	eventually "grep -q \"parted.*channel.:.chess\" out" &&
	eventually "[ \"\$(twitch-ctl list)\" = go ]" && kill $sup && ends 0'
check 'Ctrl-C in the middle of chat: what was read is printed, and no less' '
	sims --chat 5000 && begin chess xqc && goes_on out 2000 &&
	kill -INT -$sup && ends 0 && ids >got && sent_ids >all &&
	is_prefix got all &&
	seen=$(jq -r "select(.type == \"connected\" or .type == \"joined\").type" out | wc -l) &&
	[ $(($(metric ws-reader ws_reader_lines_total) + seen)) = \
	    $(metric irc-classify irc_classify_lines_total) ] &&
	[ "$(jq . out >/dev/null; echo $?)" = 0 ]'
check 'and the reader goes on where it was' '
	sims --chat 100 &&
	begin chess xqc && twitch-ctl join go && twitch-ctl wait -t 20s go &&
	kill $sup && ends 0 && begin && twitch-ctl wait -t 20s xqc go &&
	kill $sup && ends 0'

check 'kill -9 of irc-classify: chat goes on, on the same connection' '
	sims --chat 3000 && begin chess xqc && reader=$(pid_of ws-reader) &&
	for i in 1 2; do
		goes_on out 500 && kill -9 $(pid_of irc-classify) || exit
	done && goes_on out 1000 && [ $(pid_of ws-reader) = $reader ] &&
	kill $sup && ends 0 && jq -e ".connections == 1" counts'
check 'kill -9 of ws-reader: chat goes on, with what was joined since' '
	sims --chat 3000 && begin chess && twitch-ctl join go &&
	twitch-ctl wait -t 20s go && sleep 1 && reader=$(pid_of ws-reader) &&
	kill -9 $reader && eventually "twitch-ctl wait -t 20s chess go 2>/dev/null" &&
	goes_on out 1000 && [ $(pid_of ws-reader) != $reader ] &&
	kill $sup && ends 0 && jq -e ".connections == 2" counts'
check 'head(1) has read enough: a quiet end' '
	sims --chat 1000 &&
	{ twitch-ingest -u $(cat url) chess 2>err; echo $? >ended; } | head -n 20 | wc -l | grep -qx 20 &&
	grep -qx 1 ended && ! grep -v "Broken pipe" err'

check 'every line that is sent is in the topic, once' '
	sims --chat 4000 && begin -b $(cat brokers) -t chat chess xqc &&
	goes_on sent 2000 && echo pause >&5 &&
	eventually "cmp <(sent_ids | sort) <(published | ids - | sort)" &&
	kill $sup && ends 0 && [ ! -s out ]'
check 'Ctrl-C in the middle of chat: what was read is in the topic' '
	sims --chat 5000 && begin -b $(cat brokers) -t chat chess xqc &&
	goes_on sent 2000 && kill -INT -$sup && ends 0 && published >read &&
	ids read | sort >got && sent_ids >all && head -n $(wc -l <got) all | sort | cmp - got'
check 'kill -9 of each stage in turn: chat goes on into the topic' '
	sims --chat 3000 && begin -b $(cat brokers) -t chat chess &&
	for name in kafka-publish irc-classify ws-reader kafka-publish; do
		goes_on sent 200 && kill -9 $(pid_of $name) || exit
	done && eventually "twitch-ctl wait -t 20s chess 2>/dev/null" &&
	goes_on sent 500 && echo pause >&5 && tail -n 1 sent | jq -r .id >last &&
	eventually "published | grep -qFf last" && kill $sup && ends 0'

check 'a destination that is away holds up no other, and gets all when it is back' '
	sims --chat 500 &&
	begin --to "kafka://$(cat brokers)?topic=chat" --to "sqlite:chat.db?linger=1" \
	    chess && goes_on sent 200 && echo down 1 >&6 &&
	goes_on sent 1500 && head -n 1000 sent >first && sent_ids first | sort >early &&
	eventually "rows | sort | comm -13 - early | cmp - /dev/null" &&
	[ $(metric kafka-publish kafka_publish_acknowledged_total) -lt 1000 ] &&
	echo up 1 >&6 && echo pause >&5 &&
	eventually "sent_ids | sort >all; published | ids - | sort | cmp - all" &&
	eventually "rows | sort | cmp - all" && kill $sup && ends 0'
check 'kill -9 of every publisher, and of all: each spool is sent, once started again' '
	sims --chat 2000 &&
	begin --to "kafka://$(cat brokers)?topic=chat" --to "sqlite:chat.db?linger=1" \
	    chess && goes_on sent 1000 &&
	kill -9 $(pid_of kafka-publish) $(pid_of sqlite-publish) &&
	goes_on sent 1000 && kill -9 $sup $(ps -o pid= --ppid $sup) &&
	cat state/spool/kafka/*.ndjson | ids - | sort >spooled &&
	kafka-publish -b $(cat brokers) -t chat --spool state/spool/kafka </dev/null &&
	published | ids - | sort -u | comm -13 - spooled | cmp - /dev/null'

status 2 'a wrong property of Kafka ends all, with the status that says so' '
	sims && twitch-ingest -u $(cat url) -b $(cat brokers) -t chat \
	    -X nonsense=1 chess 2>err'
status 2 'a second pipeline in the same run directory is told so' '
	sims && begin chess && twitch-ingest -u $(cat url) xqc 2>said; s=$?
	grep -q "twitch-ingest: --name" said && kill $sup && ends 0 && exit $s'
check 'under a name of its own it runs' '
	sims --chat 100 && begin chess
	twitch-ingest -N two -u $(cat url) xqc >two 2>>err & second=$!
	eventually "twitch-ctl -N two wait -t 20s xqc 2>/dev/null" &&
	[ "$(twitch-ctl list)" = chess ] && [ "$(twitch-ctl -N two list)" = xqc ] &&
	kill $second && wait $second'
finish
