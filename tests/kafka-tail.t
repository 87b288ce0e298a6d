#!/bin/sh
# kafka-tail from simulated brokers
. "$(dirname "$0")/lib.sh"

mkfifo "$T/say"
exec 9<>"$T/say"
start sh -c "exec kafka-sim -t chat:3 -t one:1 -t empty:2 -u '$T/url' <'$T/say' 2>'$T/sim.log'"
wait_for 10 '[ -s url ]'
KAFKA_BROKERS=$(cat "$T/url")
export KAFKA_BROKERS

cat >"$T/.functions" <<'END'
# Numbered events, of three channels.
events() {
	awk -v n="$1" 'BEGIN { for (i = 1; i <= n; i++)
		printf "{\"type\":\"message\",\"timestamp\":1763688%06d,\"channel\":\"c%d\",\"id\":\"%d\"}\n",
		    i, i % 3, i }'
}
END

# --- how it is called
check '-h prints the synopsis' 'kafka-tail -h | grep "^usage: kafka-tail "'
check '-V prints the version' 'kafka-tail -V | grep "^kafka-tail [0-9]"'
status 2 'an unknown option is wrong usage' 'kafka-tail -t chat --nonsense'
status 2 'an argument is wrong usage' 'kafka-tail -t chat chat'
status 2 'no topic is wrong usage' 'kafka-tail'
status 2 'no broker is wrong usage' 'env -u KAFKA_BROKERS kafka-tail -t chat'
status 2 'an unknown property is wrong usage' 'kafka-tail -t chat -X nonsense=1'
status 2 'a count that is none is wrong usage' 'kafka-tail -t chat -c 0'
status 2 'a grace that is none is wrong usage' 'kafka-tail -t chat -g 0'
status 2 'an offset that is none is wrong usage' 'kafka-tail -t chat -o 7'
status 1 'no broker answers: one sentence names the address' '
	kafka-tail -b 127.0.0.1:1 -w 1 -t chat 2>said; s=$?
	grep "127.0.0.1:1 answered within 1 s" said || exit 99
	exit $s'
echo 'topic absent 3' >&9
status 2 'a topic that does not exist is named' '
	kafka-tail -t absent 2>said; s=$?
	grep "topic .absent. does not exist" said || exit 99
	exit $s'

# --- what it prints
check 'a record is a line: topic, partition, offset, key and value' '
	events 2 | kafka-publish -t one && kafka-tail -e -t one >got &&
	cmp - got <<-END
		message at topic/partition/offset one/0/0: c1 = $(events 1)
		message at topic/partition/offset one/0/1: c2 = $(events 2 | tail -n 1)
	END'
check '-H adds its time and its headers' '
	kafka-tail -e -H -t one | sed -n 1p >got &&
	grep -F "one/0/0 (timestamp 1763688000001, type=message, schema=irc-event/1): c1 = {" got'
check '-J prints the value alone' 'kafka-tail -e -J -t one | cmp - <(events 2)'
check 'all partitions are read' '
	events 2000 | kafka-publish -t chat &&
	kafka-tail -e -J -t chat | sort | cmp - <(events 2000 | sort)'
check '-c ends it after so many' \
    '[ $(kafka-tail -c 7 -o beginning -t chat | wc -l) = 7 ]'
check '-e ends it at once where there is nothing' \
    '[ $(kafka-tail -e -t empty | wc -l) = 0 ]'
check 'it begins with what comes next, and prints it as it comes' '
	kafka-tail -J -c 1 -t one >got & p=$!
	n=10
	while kill -0 $p 2>/dev/null; do
		echo "{\"n\":$((n += 1))}" | kafka-publish -t one
	done
	wait $p && grep -x "{\"n\":[0-9]*}" got'
check 'a key or value that is not there is empty' '
	echo "{}" | kafka-publish -t bare &&
	[ "$(kafka-tail -e -t bare)" = "message at topic/partition/offset bare/$(
	    kafka-tail -e -t bare | cut -d/ -f 4)/0:  = {}" ]'
check 'KAFKA_TOPIC and a file of properties are honoured' '
	echo "bootstrap.servers=$KAFKA_BROKERS" >conf &&
	env -u KAFKA_BROKERS KAFKA_TOPIC=one kafka-tail -F conf -e -J |
	    sed -n 1,2p | cmp - <(events 2)'
check 'a group is dealt all partitions' \
    '[ $(kafka-tail -G readers -e -J -t chat | wc -l) = 2000 ]'

# --- large values
check 'a value of nearly a megabyte is printed whole' '
	printf "{\"id\":\"%0900000d\"}\n" 7 >big && kafka-publish -t big <big &&
	kafka-tail -e -J -t big | cmp - big'

# --- output and signals
status 1 'a closed pipe ends it, without a word' '
	kafka-tail -o beginning -t chat 2>said | sed 1q; s=${PIPESTATUS[0]}
	[ ! -s said ] || exit 99
	exit $s'
status 1 'a full disk is a failure, and said' '
	kafka-tail -e -t one >/dev/full 2>said; s=$?
	grep "No space left" said || exit 99
	exit $s'
status 1 'a closed standard output is a failure' 'kafka-tail -e -t one >&-'
check 'SIGTERM ends it, with what it has read written' '
	rm -f got
	kafka-tail -J -o beginning -t one >got & p=$!
	until [ -s got ]; do sleep 0.02; done
	kill $p; wait $p && sed 2q got | cmp - <(events 2)'
check 'an outage of the broker is outlived' '
	rm -f got
	kafka-tail -J -o beginning -t one >got & p=$!
	until [ -s got ]; do sleep 0.02; done
	echo down all >say; sleep 0.3; echo up all >say
	echo "{\"after\":1}" | kafka-publish -t one &&
	until grep -q after got; do sleep 0.02; done
	kill $p; wait $p'

status 1 'on a stop it does not wait longer than its grace for who does not read' '
	{ printf "{\"channel\":\""; head -c 900000 /dev/zero | tr "\0" x; echo "\"}"; } |
	    kafka-publish -k "" -t empty && mkfifo unread && exec 7<>unread
	kafka-tail -e -g 1 -t empty >unread 2>said &
	until [ "$(head -c 10 <&7 | wc -c)" = 10 ]; do :; done
	kill $!; wait $!; s=$?
	grep "see --grace" said || exit 99; exit $s'

finish
