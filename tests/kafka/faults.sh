# Publishers into Kafka while something is wrong, and what is there in the end.
# Source it after lib.sh and kafka.sh; checks need it, too, and the other
# faults.sh.
#
#	publisher TOPIC PAUSE OPTION...	a stream goes into kafka-publish, both
#			in the folder $T/TOPIC
#	progress TOPIC N	wait until N more records are acknowledged
#	ended TOPIC	end the stream, and wait for both; what kafka-publish
#			exited with is in the file `status`
#
# And in that folder:
#
#	metric NAME	of kafka-publish
#	take TOPIC	what is committed in it goes to the file `got`
#	in_order	if what came more than once is put where it came first,
#			each channel's records are in `got` as they were sent

publisher() {
	topic=$1 pause=$2
	shift 2
	mkdir -p "$T/$topic"
	mkfifo "$T/$topic/pipe"
	start bash -c "cd '$T/$topic' && . ../.functions &&
	    stream $pause | tee sent >pipe"
	start sh -c "cd '$T/$topic' && TWITCH_RUN_DIR=run kafka-publish \
	    -b $brokers -t $topic -g 60 $* <pipe 2>said; echo \$? >status"
}

progress() {
	wait_for 90 "cd $1 && [ -n \"\$(metric acknowledged_total)\" ]"
	run "cd $1 && metric acknowledged_total"
	acknowledged=$(cat "$T/.said")
	wait_for 90 "cd $1 &&
	    [ \$(metric acknowledged_total) -ge $((acknowledged + $2)) ]"
}

ended() {
	touch "$T/$1/enough"
	wait_for 120 "[ -e $1/status ]"
}

metric() {
	awk -v m="kafka_publish_$1" '$1 == m { print $2 }' \
	    run/metrics/kafka-publish.prom
}

take() {
	kcat -C -q -e -o beginning -X isolation.level=read_committed \
	    -b "$brokers" -t "$1" >got
}

by_channel() {
	sed 's/.*"channel":"\([^"]*\)","id":"\([^"]*\)".*/\1 \2/' |
	    sort -s -k1,1
}

in_order() {
	by_channel <sent >sent.ordered
	awk '!seen[$0]++' got | by_channel | cmp - sent.ordered
}
