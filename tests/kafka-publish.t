#!/bin/sh
# kafka-publish into simulated brokers
. "$(dirname "$0")/lib.sh"

mkfifo "$T/say"
exec 9<>"$T/say"
start sh -c "exec kafka-sim -b 1 -t chat:4 -t one:1 -t slow:1 -u '$T/url' <'$T/say' 2>'$T/sim.log'"
wait_for 10 '[ -s url ]'
KAFKA_BROKERS=$(cat "$T/url")
export KAFKA_BROKERS

cat >"$T/.functions" <<'END'
# Numbered events, of five channels; each channel's id is its number.
events() {
	awk -v n="$1" 'BEGIN { for (i = 1; i <= n; i++)
		printf "{\"type\":\"message\",\"timestamp\":1763688%06d,\"channel\":\"c%d\",\"channel_id\":\"%d\",\"id\":\"%d\"}\n",
		    i, i % 5, i % 5, i }'
}
# The records of topic $1: values; or as kcat's format $2 has them.
values() { kcat -C -q -e -X fetch.wait.max.ms=5 -o beginning -t "$1" -b "$KAFKA_BROKERS" ${2:+-f "$2"}; }
metric() { awk -v m="$1" '$1 == m { print $2 }' run/metrics/kafka-publish.prom; }
said() { grep -c done: "$T/sim.log"; }
say() {
	before=$(said)
	echo "$*" >"$T/say"
	until [ $(said) -gt $before ]; do sleep 0.01; done
}
END

# --- how it is called
check '-h prints the synopsis' 'kafka-publish -h | grep "^usage: kafka-publish "'
check '-V prints the version' 'kafka-publish -V | grep "^kafka-publish [0-9]"'
status 2 'an unknown option is wrong usage' 'kafka-publish -t chat --nonsense'
status 2 'an argument is wrong usage' 'kafka-publish -t chat chess'
status 2 'no topic is wrong usage' 'kafka-publish'
status 2 'no broker is wrong usage' 'env -u KAFKA_BROKERS kafka-publish -t chat'
status 2 'an unknown property is named' \
    'kafka-publish -t chat -X nonsense=1 2>&1 | tee said; s=$?
	grep -q nonsense said; exit $s'
status 2 'a secret among the arguments is refused, and not repeated' \
    'kafka-publish -t chat -X sasl.password=hush 2>said; s=$?
	grep -q sasl.password said && ! grep -q hush said; exit $((s + $?))'
status 2 'a key with a lonely brace is refused' "kafka-publish -t chat -k '{a'"
status 2 'a topic that cannot be one is refused' "kafka-publish -t 'a b'"
status 2 'a grace that is no time is refused' 'kafka-publish -t chat -g soon'
status 2 'a file of properties that is not there' 'kafka-publish -t chat -F none'
status 2 'a reject file that cannot be made' \
    'kafka-publish -t chat -r no/where </dev/null'
status 1 'no broker answers: one sentence names the address' '
	kafka-publish -b 127.0.0.1:1 -w 1 -t chat </dev/null 2>said; s=$?
	grep "127.0.0.1:1 answered within 1 s" said || exit 99
	exit $s'
check 'nothing has been read by then' '
	{ kafka-publish -b 127.0.0.1:1 -w 0 -t chat; cat; } <<-END | grep -x kept
		kept
	END'
echo 'topic absent 3' >&9
status 2 'a topic that does not exist is named, and how to make it' '
	events 1 | kafka-publish -t absent 2>said; s=$?
	grep -- "--create --topic absent" said || exit 99
	exit $s'

# --- what arrives
check 'no input is no trouble' 'kafka-publish -t chat </dev/null'
check 'each record arrives as it came, in its channel'\''s order' '
	events 5000 >events &&
	kafka-publish -t chat <events &&
	values chat | sort >got && sort events | cmp - got &&
	for p in 0 1 2 3; do
		kcat -C -q -e -X fetch.wait.max.ms=5 -o beginning -b $KAFKA_BROKERS -t chat -p $p |
		    jq -r "\"\(.channel_id) \(.id)\"" | sort -s -k1,1 >order
		sort -k1,1 -k2,2n order | cmp - order || exit 1
	done'
check 'its key is the channel, its time and headers the event'\''s' '
	values chat "%k %T %h\n" | sort -u | sort -k2n | sed -n 1,2p >got &&
	printf "%s type=message,schema=irc-event/1\n" "1 1763688000001" \
	    "2 1763688000002" | cmp - got'
check 'bytes are not touched' '
	printf "{ \"type\":\"a\\\\u0062\", \"x\":\"\\303\\251\\377\" }\n{\"last\":1}" >odd &&
	kafka-publish -t one <odd &&
	{ cat odd; echo; } | cmp - <(values one)'
check 'a record that is no event has no headers, one without a channel no key' '
	[ "$(values one "%h|%K\n" | tail -n 1)" = "|-1" ]'
check 'templates choose the topic and the key' '
	echo "{\"type\":\"raid\",\"channel\":\"b\",\"n\":7}" |
	    kafka-publish -t "by-{type}" -k "{none|channel}/{n}" &&
	[ "$(values by-raid "%k\n")" = b/7 ]'
check 'KAFKA_TOPIC and a file of properties are honoured' '
	printf "# ours\nclient.id = me\nbootstrap.servers=%s\n" $KAFKA_BROKERS >conf &&
	events 3 | env -u KAFKA_BROKERS KAFKA_TOPIC=named kafka-publish -F conf &&
	[ $(values named | wc -l) = 3 ]'
check 'the counts are in the metrics' '
	[ $(metric kafka_publish_records_total) = 3 ] &&
	[ $(metric kafka_publish_acknowledged_total) = 3 ] &&
	[ $(metric kafka_publish_rejected_total) = 0 ] &&
	[ $(metric kafka_publish_in_flight) = 0 ] &&
	[ $(metric kafka_publish_latency_seconds_count) = 3 ]'
check 'how large the batches were, added up from second to second' '
	rm run/metrics/kafka-publish.prom && mkfifo paced && exec 8<>paced &&
	{ kafka-publish -t named <paced 8>&- & } &&
	for sum in 500 1200; do
		events $((sum == 500 ? 500 : 700)) >&8
		until [ "$(metric kafka_publish_batch_records_sum)" = $sum ]; do
			sleep 0.05
		done 2>/dev/null
	done
	n=$(metric kafka_publish_batch_records_count) && [ $n -ge 2 ] &&
	[ $(metric kafka_publish_batch_bytes_count) = $n ] &&
	[ $(metric kafka_publish_batch_bytes_sum) -gt 1200 ] &&
	metric "kafka_publish_batch_records{quantile=\"0.5\"}" | grep "^[1-9]" &&
	exec 8>&- && wait $!'

# --- what cannot be published
cat >>"$T/.functions" <<'END'
bad_lines() {
	events 1
	echo 'not json'
	echo
	echo '{"channel":"torn'
	printf '{"id":"%02000000d"}\n' 7
	events 2 | tail -n 1
}
END
status 1 'bad records are counted and named, the others arrive' '
	bad_lines | kafka-publish -t bad 2>said; s=$?
	grep "rejected a record: not a JSON object" said &&
	grep "4 of 6 records were rejected" said &&
	values bad | sort | cmp - <(events 2) || exit 99
	exit $s'
check '--reject keeps them, each with its reason, and that is success' '
	bad_lines | kafka-publish -t bad -r rejected &&
	jq -r .reason rejected | cmp - <(cat <<-END
		not a JSON object
		not a JSON object
		a string does not end
		longer than 1000000 bytes
	END
	)'
check 'what was kept is what came' '
	jq -r .record rejected | cmp - <(bad_lines | sed "1d;\$d")'
check 'a record without what the template needs is kept as it is' '
	rm -f rejected &&
	{ echo "{ \"a\":1 }"; echo "{\"id\":2}"; } |
	    kafka-publish -t bad -k "{id}" -r rejected &&
	[ "$(cat rejected)" = "{\"reason\":\"no value for {id}\",\"record\":{ \"a\":1 }}" ]'
status 1 'a reject file on a full disk is a failure' \
    'echo x | kafka-publish -t bad -r /dev/full'
check 'one that a broker refuses is found among its neighbours' '
	rm -f rejected && say error 87 11 && events 1000 >events &&
	kafka-publish -t one -k "" -r rejected <events &&
	[ "$(jq -r .reason rejected)" = \
	    "topic one: Broker: Broker failed to validate record" ] &&
	{ jq -c .record rejected; values one | sed 1,2d; } | sort |
	    cmp - <(sort events)'

# --- brokers in trouble
check 'errors that pass are outlived, in order' '
	say error 7 3 && say error -195 2 &&
	events 3000 | kafka-publish -t slow &&
	values slow | cmp - <(events 3000)'
check 'a slow broker holds up the pipe, and loses nothing' '
	say rtt 100 && events 500 >events &&
	kafka-publish -t held -X queue.buffering.max.messages=50 <events; s=$?
	say rtt 0
	[ $s = 0 ] && values held | sort | cmp - <(sort events)'
check 'while no broker answers nothing is dropped and the pipe is held up' '
	{ events 10; sleep 0.2; say down all; events 200000; touch through; } |
	    kafka-publish -t outage -X queue.buffering.max.messages=1000 &
	while [ "$(metric kafka_publish_in_flight)" != 1000 ]; do sleep 0.1; done
	[ ! -e through ]; s=$?
	say up all
	wait $! && [ $s = 0 ] && [ $(values outage "\n" | wc -l) -gt 0 ] &&
	[ $(metric kafka_publish_acknowledged_total) = 200010 ]'
status 1 'what is not acknowledged when time is over is counted, and kept' '
	rm -f rejected
	{ events 10; sleep 0.5; say down all; sleep 0.2; events 30 | tail -n 20; } |
	    kafka-publish -t gone -g 1 -r rejected 2>said; s=$?
	say up all
	grep "20 of 30 records were not acknowledged" said &&
	jq -c .record rejected | sort | cmp - <(events 30 | tail -n 20 | sort) ||
	    exit 99
	exit $s'

# --- refusals that last, and pass when somebody does something
cat >>"$T/.functions" <<'END'
# kafka-publish, of these options, of which half the events has arrived when
# requests of API $2 begin to fail with $1; and until they do no more.
refused() {
	code=$1 api=$2
	shift 2
	rm -rf run/metrics spool pipe && mkfifo pipe && events 20 >events
	kafka-publish "$@" -s spool <pipe 2>said &
	exec 8>pipe
	head -n 10 events >&8
	until [ "$(metric kafka_publish_acknowledged_total)" = 10 ]; do
		sleep 0.05
	done 2>/dev/null
	say error $code 1000 $api
	tail -n 10 events >&8
}
allowed() {
	say error 0 0 $api
	exec 8>&-
	wait $!
}
END
check 'a transaction that fails by no record'\''s fault rests before the next' '
	refused 87 24 -t aborted -e
	until n=$(metric kafka_publish_aborts_total) && [ "$n" -ge 4 ]; do
		sleep 0.05
	done
	allowed && values aborted | sort | cmp - <(sort events) && [ $n -lt 50 ]'
check 'what the place is, is not asked for again at once' '
	say error 87 8 9 && rm -rf spool && start=$(date +%s%3N) &&
	events 10 | kafka-publish -t place -s spool -e &&
	[ $(values place | wc -l) = 10 ] && [ $(date +%s%3N) -gt $((start + 1000)) ]'
for refusal in '29 0' '31 0' '29 0 -X enable.idempotence=false' \
    '29 0 -e' '29 24 -e' '53 24 -e' '53 25 -e' '30 28 -e'; do
	topic=refused-$(echo "$refusal" | tr -dc a-z0-9-)
	check "a right that is taken away is waited for: $refusal" '
		refused '"$refusal"' -t '"$topic"'
		until grep "authorization failed" said; do
			sleep 0.05
		done
		allowed && ! grep rejected said &&
		values '"$topic"' | sort -u | cmp - <(sort events)'
done
for refusal in '29 0' '31 0' '31 22' '29 0 -e' '29 24 -e' '53 22 -e'; do
	status 3 "one that was never there ends it, and nothing is lost: $refusal" '
		refusal() {
			api=$2
			say error $1 1000 $2
			shift 2
			rm -rf spool
			echo "{}" | kafka-publish -t one -s spool "$@" 2>said
			s=$?
			say error 0 0 $api
		}
		refusal '"$refusal"'
		grep "ask for the right" said && grep "3 bytes .* stay in the spool" said ||
		    exit 99
		exit $s'
done

# --- input and signals
status 1 'an unreadable input is a failure' 'kafka-publish -t chat <.'
check 'SIGTERM: what was read arrives, the rest stays in the pipe, exit 0' '
	events 150000 >events && cat events | {
		exec 3<&0
		kafka-publish -t term -X queue.buffering.max.messages=500 <&3 &
		until [ "$(values term | wc -l)" -gt 100 ]; do :; done
		kill $!
		wait $!
		echo $? >status
		cat >rest
	}
	[ $(cat status) = 0 ] && [ -s rest ] &&
	cmp <(sort events) <(values term | sort - rest)'
check 'SIGTERM while waiting for a broker ends it with 0: nothing was taken' '
	kafka-publish -b 127.0.0.1:1 -t chat </dev/null & p=$!
	sleep 0.3; kill $p; wait $p'

finish
