#!/bin/sh
# kafka-publish into three nodes of a real Apache Kafka, killed under load, one
# after the other
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/kafka/kafka.sh"
. "$TOP/tests/kafka/faults.sh"
trap 'kafka_down KILL 2>/dev/null; clean' EXIT

cat >"$T/.functions" <<'END'
. "$TOP/tests/faults.sh"
. "$TOP/tests/kafka/faults.sh"
END

kafka_new "$T/kafka" 3 && kafka_up || bail "Kafka does not start"
for topic in plain spooled once; do
	kafka_topic $topic 3 || bail "no topic"
done

publisher plain 0.02
publisher spooled 0.02 -s spool
publisher once 0.02 -s spool -e
all_progress() {
	for topic in plain spooled once; do
		progress $topic "$1" || bail "$topic: no progress"
	done
}

for node in 1 2 3 ${SOAK:+1 2 3 1 2 3 1 2 3 1 2 3}; do
	all_progress 500
	kafka_down KILL $node
	all_progress 1000
	kafka_up $node || bail "node $node does not start again"
done
all_progress 500

for topic in plain spooled once; do
	ended $topic
	check "$topic: kafka-publish outlives nodes that are killed" \
	    "[ \$(cat $topic/status) = 0 ]"
	check "$topic: then each record is there once, in its channel's order" \
	    "cd $topic && take $topic &&
		account 'kafka-publish, $topic: nodes killed in turn' 0 && in_order"
	cat "$T/$topic/account"
done

finish
