#!/bin/sh
# The whole pipeline into a real Apache Kafka, compared line by line
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/pipeline.sh"
. "$TOP/tests/kafka/kafka.sh"
trap 'kafka_down KILL; clean' EXIT

kafka_new "$T/kafka" && kafka_up || bail "Kafka does not start"
for topic in chat:4 ingest:4 restart:3 stop:3 ours:7 theirs:7; do
	kafka_topic ${topic%:*} ${topic#*:} || bail "no topic"
done
kafka_topic small 1 max.message.bytes=10000 || bail "no topic"

cat >"$T/.functions" <<'END'
. "$TOP/tests/kafka/kafka.sh"
. "$TOP/tests/pipeline.sh"
tab=$(printf '\t')

# The values of topic $1.
values() { kcat -C -q -e -o beginning -b $brokers -t $1; }

# The records of topic $1, of which there are $2, as Kafka's own consumer sees
# them.
java_got() {
	kafka org.apache.kafka.tools.consumer.ConsoleConsumer \
	    --bootstrap-server $brokers --topic $1 --from-beginning \
	    --max-messages $2 --property print.timestamp=true \
	    --property print.headers=true --property print.key=true \
	    --property null.literal= |
	    awk -F'\t' -v OFS='\t' '{
		sub(/^CreateTime:/, "", $1)
		gsub(/:/, "=", $2)
		print $3, $1, $2, $4
	    }' | by_key
}

# Where each key of topic $1 is.
partitions() {
	kcat -C -q -e -o beginning -b $brokers -t $1 -f '%k\t%p\n' | sort -u
}

# Numbered events of channels 1 to 5, ten and a pause of $1 s, until the file
# `enough` is there. They are of now: a broker that starts forgets producers
# whose newest record is older than a day, and with them what it has of theirs.
events() {
	rm -f enough
	perl -e '$| = 1; until (-e "enough") {
		for (1 .. 10) {
			$n++;
			$c = $n % 5 + 1;
			printf q({"type":"message","timestamp":%d,"channel":"c%d",) .
			    q("channel_id":"%d","id":"%d"}) . "\n",
			    time * 1000, $c, $c, $n;
		}
		select undef, undef, undef, $ARGV[0];
	}' $1
}
END

# --- stage by stage, joined by a shell
stage_by_stage 2000
check 'every event is a record: key, timestamp, headers, value; in its channel'\''s order' \
    'want events >want && got chat >got && cmp want got'
check 'Kafka'\''s own consumer reads the same' \
    'java_got chat $(wc -l <want) >got.java && cmp want got.java'
check 'kafka-tail reads the same' \
    'cmp <(sort events) <(kafka-tail -J -e -b $brokers -t chat | sort)'
check 'a channel is in one partition, and the channels are in several' \
    'partitions chat | grep -v "^$tab" >where &&
	[ $(cut -f 1 where | uniq -d | wc -l) = 0 ] &&
	[ $(cut -f 2 where | sort -u | wc -l) -gt 1 ]'

# --- supervised
twitch ingest
# shellcheck disable=SC2086
start twitch-ingest -u "$url" -b "$brokers" -t ingest $channels
flow ingest 2000 'values ingest'
kill $pid
wait $pid
status=$?
check 'twitch-ingest drains and exits 0' "[ $status = 0 ]"
check 'twitch-ingest puts every line that was sent into the topic, once, in order' \
    'values ingest >events && cmp <(sent ingest) <(chat <events)'
check 'twitch-ingest writes the same records' \
    'cmp <(want events) <(got ingest)'

# --- partitions
cat >>"$T/.functions" <<'END'
keys() {
	seq 1 300
	printf 'a\nab\nabc\n#chess\nx y\ncaf\303\251\n\360\237\230\200\n%0.999d\n' 7
}
END
check 'each key is in the partition where Java'\''s producer puts it' '
	keys | sed "s/.*/{\"type\":\"message\",\"channel_id\":\"&\"}/" |
	    kafka-publish -b $brokers -t ours &&
	keys | sed "s/\$/${tab}v/" |
	    kafka org.apache.kafka.tools.ConsoleProducer \
		--bootstrap-server $brokers --topic theirs \
		--property parse.key=true &&
	partitions theirs >theirs && [ $(wc -l <theirs) = 308 ] &&
	partitions ours | diff - theirs'

# --- the broker goes and comes back
outage() {	# of signal $1, once $2 records are there
	timeout 60 kcat -C -q -b "$brokers" -t restart -o beginning -c "$2" \
	    >/dev/null
	kafka_down "$1"
	sleep 2
	kafka_up || bail "Kafka does not start again"
}
mkfifo "$T/pipe"
start bash -c 'cd "$T" && . ./.functions && events 0.01 | tee events >pipe'
start sh -c 'exec kafka-publish -b $brokers -t restart <"$T/pipe"'
outage TERM 500
outage KILL 5000
touch "$T/enough"
wait $pid
status=$?
check 'kafka-publish outlives a broker that is stopped, and one that is killed' \
    "[ $status = 0 ]"
check 'of what was sent meanwhile nothing is lost, doubled or out of order' \
    'cmp <(want events) <(got restart)'

# --- what cannot be published
status 2 'a topic that does not exist is named' '
	events 0 | head -n 10 | kafka-publish -w 1 -b $brokers -t absent 2>&1 |
	    tee said && grep absent said'
check 'a record too large for its topic is kept by --reject, its neighbours arrive' '
	{
		events 0 | head -n 100
		printf "{\"type\":\"message\",\"message\":\"%s\"}\n" \
		    $(head -c 15000 /dev/urandom | base64 -w 0)
		events 0 | head -n 100
	} >events
	kafka-publish -b $brokers -t small -r rejected <events &&
	grep "too large" rejected && [ $(wc -l <rejected) = 1 ] &&
	cmp <(sed 101d events) <(values small)'

# --- a stop in mid-stream
check 'SIGTERM: what was read is published, what was not is left in the pipe' '
	events 0 | tee events | {
		exec 3<&0
		kafka-publish -b $brokers -t stop <&3 &
		kcat -C -q -b $brokers -t stop -o beginning -c 1000 >/dev/null
		kill $!
		wait $!
		echo $? >status
		touch enough
		cat >rest
	}
	[ $(cat status) = 0 ] && cmp <(sort events) <(values stop | sort - rest)'

finish
