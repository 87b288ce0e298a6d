#!/bin/sh
# kafka-publish when a real Apache Kafka is not there, its disk is full, it is
# killed or told to stop
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/kafka/kafka.sh"
. "$TOP/tests/kafka/faults.sh"
trap 'umount -l "$T/full/disk" 2>/dev/null; kafka_down KILL 2>/dev/null; clean' EXIT
outage=15 killed=15
[ -z "${SOAK-}" ] || outage=600 killed=120

cat >"$T/.functions" <<'END'
. "$TOP/tests/faults.sh"
. "$TOP/tests/kafka/faults.sh"
END

kafka_new "$T/kafka" && kafka_up || bail "Kafka does not start"
for topic in spooled once full killed killed-once; do
	kafka_topic $topic 3 || bail "no topic"
done
for topic in stop stop-spooled stop-once; do
	kafka_topic $topic 1 || bail "no topic"
done
kafka_down

# --- Kafka is not there when it starts; comes; and goes for a while
publisher spooled 0.004 -s spool
publisher once 0.004 -s spool -e
for topic in spooled once; do
	check "$topic: without Kafka records are spooled from the start on" '
		until [ $(cat '$topic'/spool/*.ndjson | wc -l) -ge 2000 ]; do
			sleep 0.1
		done 2>/dev/null'
done
kafka_up || bail "Kafka does not start again"
progress spooled 5000 && progress once 5000 || bail "no progress"
kafka_down
sleep $outage
kafka_up || bail "Kafka does not start again"
for topic in spooled once; do
	progress $topic 5000 || bail "no progress"
	ended $topic
	check "$topic: kafka-publish outlives that" "[ \$(cat $topic/status) = 0 ]"
	check "$topic: nobody waited for Kafka meanwhile" \
	    "awk '\$1 >= 5 { exit 1 }' $topic/waited"
	check "$topic: each record is there once, in its channel's order" \
	    "cd $topic && take $topic &&
		account 'kafka-publish, $topic: Kafka away for $outage s' 0 &&
		in_order"
	cat "$T/$topic/account"
done

# --- a full disk
mkdir -p "$T/full/disk"
mount -t tmpfs -o size=2M twitch-ingest "$T/full/disk" ||
    report 1 'a small file system is mounted'
kafka_down
publisher full 0.004 -s disk/spool
check 'a disk that is full holds up the pipe' '
	until grep "No space left on device; the input waits" full/said; do
		sleep 0.1
	done
	until n=$(wc -l <full/sent); sleep 2; [ $n = $(wc -l <full/sent) ]; do :; done
	touch full/room'
full=$(wc -l <"$T/full/sent")
check 'when there is more room it goes on' "
	mount -o remount,size=4M full/disk &&
	until [ \$(wc -l <full/sent) -gt $((full + 5000)) ]; do sleep 0.1; done"
full=$(wc -l <"$T/full/sent")
kafka_up || bail "Kafka does not start again"
check 'and when Kafka takes what is there' "
	until [ \$(wc -l <full/sent) -gt $((full + 50000)) ]; do sleep 0.1; done"
ended full
check 'then each record is there once, in its channel'\''s order' '
	[ $(cat full/status) = 0 ] && cd full && take full &&
	account "kafka-publish: full disk under the spool" 0 && in_order'
cat "$T/full/account"

# --- kill -9, and SIGTERM
check 'killed each second it loses nothing past the spool' '
	mkdir killed && cd killed &&
	killed '$killed' kafka-publish -b $brokers -t killed -s spool &&
	take killed &&
	account "kafka-publish, spooled: kill -9 each second" $(('$killed' * 1000)) &&
	in_order'
cat "$T/killed/account"
check 'with --exactly-once nothing comes twice' '
	mkdir killed-once && cd killed-once &&
	killed '$killed' kafka-publish -b $brokers -t killed-once -s spool -e &&
	take killed-once &&
	account "kafka-publish, once: kill -9 each second" 0 && in_order'
cat "$T/killed-once/account"
for mode in '' '-spooled -s spool -M 1M' '-once -s spool -M 1M -e'; do
	topic=stop${mode%% *}
	options="-t $topic $(expr "$mode" : '[^ ]*\(.*\)')"
	check "kafka-publish $options: SIGTERM leaves the rest in the pipe" '
		mkdir '$topic' && cd '$topic' && export TWITCH_RUN_DIR=run &&
		stopped acknowledged_total kafka-publish -b $brokers '"$options"' &&
		take '$topic' &&
		account "kafka-publish, '$topic': SIGTERM in mid-batch" 0 && in_order'
	cat "$T/$topic/account"
done

finish
