#!/bin/sh
# kafka-publish --exactly-once into a real Apache Kafka, whatever happens to it
#
#	KILL_SECONDS	how long it is killed each second (20)
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/kafka/kafka.sh"
trap 'kafka_down KILL 2>/dev/null; clean' EXIT
: "${KILL_SECONDS:=20}"
CHECK_SECONDS=$((KILL_SECONDS + 120))
export KILL_SECONDS

kafka_new "$T/kafka" && kafka_up || bail "Kafka does not start"
for topic in plain killed fenced restart late stopped; do
	kafka_topic $topic 3 || bail "no topic"
done
kafka_topic small 1 max.message.bytes=10000 || bail "no topic"

cat >"$T/.functions" <<'END'
# Numbered events of channels 1 to 5, $1 of them.
events() {
	perl -e 'for $n (1 .. $ARGV[0]) {
		$c = $n % 5 + 1;
		printf q({"type":"message","timestamp":%d,"channel":"c%d",) .
		    q("channel_id":"%d","id":"%d"}) . "\n", time * 1000, $c, $c, $n;
	}' $1
}
# The same, $2 a second, until the file `enough` is there.
steady() {
	rm -f enough
	perl -e '$| = 1; until (-e "enough") {
		for (1 .. $ARGV[0] / 50) {
			$n++;
			$c = $n % 5 + 1;
			printf q({"type":"message","timestamp":%d,"channel":"c%d",) .
			    q("channel_id":"%d","id":"%d"}) . "\n", time * 1000, $c, $c, $n;
		}
		select undef, undef, undef, 0.02;
	}' $1
}
# The values in topic $1 as one sees them who reads what is committed, each
# partition in its order.
committed() {
	kcat -C -q -e -o beginning -X isolation.level=read_committed -b $brokers \
	    -t $1
}
publish() { kafka-publish -e -b $brokers "$@"; }
# By channel, in the order in which they come.
by_channel() { sed 's/.*channel_id":"\([^"]*\)","id":"\([^"]*\)".*/\1 \2/' | sort -s -k1,1; }
END

check 'each record is there, in its channel'\''s order' '
	events 20000 >events && publish -t plain -s sp <events &&
	cmp <(by_channel <events) <(committed plain | by_channel)'
check 'the brokers know the place, whatever the cursor says' '
	rm sp/cursor && publish -t plain -s sp </dev/null &&
	[ $(committed plain | wc -l) = 20000 ]'
check 'a spool that was put back as it was is not sent again' '
	kafka-publish -e -b 127.0.0.1:1 -t plain -s sp -g 0 <events
	cp -r sp old && publish -t plain -s sp </dev/null &&
	rm -r sp && mv old sp && publish -t plain -s sp </dev/null &&
	[ $(committed plain | wc -l) = 40000 ]'

check 'killed each second, it has each record there exactly once, in order' '
	steady 1000 | tee events | {
		exec 3<&0
		end=$(($(date +%s) + KILL_SECONDS)) deaths=0
		while :; do
			kafka-publish -e -b $brokers -t killed -s spk <&3 3<&- &
			if [ $(date +%s) -lt $end ]; then
				sleep 1
				kill -9 $! && deaths=$((deaths + 1))
			else
				touch enough
			fi
			wait $! 2>/dev/null
			s=$?
			[ $s = 137 ] || break
		done
		echo $deaths >deaths
		exit $s
	} && [ $(cat deaths) -ge $((KILL_SECONDS / 2)) ] &&
	cmp <(by_channel <events) <(committed killed | by_channel)'
echo "# $(cat "$T/deaths") deaths, $(wc -l <"$T/events") records"

check 'a record that a broker refuses is rejected, its neighbours are there once' '
	{
		events 3000
		printf "{\"type\":\"message\",\"message\":\"%s\"}\n" \
		    $(head -c 15000 /dev/urandom | base64 -w 0)
		events 3000
	} >events
	publish -t small -s sps -r rejected <events &&
	[ $(wc -l <rejected) = 1 ] && grep -q "too large" rejected &&
	cmp <(sed 3001d events) <(committed small)'

status 2 'a second process with a copy of the spool stops the first' '
	mkfifo one && exec 8<>one
	publish -t fenced -s spf <one 2>said & first=$!
	events 10 >&8
	until [ "$(committed fenced | wc -l)" = 10 ]; do :; done
	cp -r spf copy && events 1 | publish -t fenced -s copy
	events 10 >&8
	wait $first; s=$?
	grep "another process publishes from this spool" said || exit 99
	[ "$(committed fenced | wc -l)" = 11 ] || exit 98
	exit $s'

# --- the broker goes and comes back; once for longer than a transaction may take
for topic in restart late; do
	mkfifo "$T/$topic.pipe"
	start bash -c "cd '$T' && . ./.functions &&
	    steady 500 | tee $topic.events >$topic.pipe"
	case $topic in
	restart) options= ;;
	late) options='-c 0 -X transaction.timeout.ms=3000' ;;
	esac
	start sh -c "kafka-publish -e -b $brokers -t $topic -s '$T/$topic' $options \
	    <'$T/$topic.pipe'; echo \$? >'$T/$topic.status'"
done
for signal in TERM KILL; do
	sleep 2
	kafka_down $signal
	sleep $([ $signal = TERM ] && echo 6 || echo 2)
	kafka_up || bail "Kafka does not start again"
done
sleep 1
touch "$T/enough"
wait_for 60 '[ -s restart.status ] && [ -s late.status ]'
for topic in restart late; do
	check "$topic: it outlives a broker that is stopped, and one that is killed" \
	    "[ \$(cat $topic.status) = 0 ]"
	check "$topic: then each record is there exactly once, in order" "
		cmp <(by_channel <$topic.events) <(committed $topic | by_channel)"
done

check 'stopped for longer than a transaction may take, it sends that again' '
	steady 500 | tee events | {
		kafka-publish -e -b $brokers -t stopped -s spz -c 500ms \
		    -X transaction.timeout.ms=2000 <&0 &
		until [ $(committed stopped | wc -l) -gt 100 ]; do :; done
		kill -STOP $!
		sleep 5
		kill -CONT $!
		touch enough
		wait $!
	} && cmp <(by_channel <events) <(committed stopped | by_channel)'

finish
