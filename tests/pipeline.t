#!/bin/sh
# The whole pipeline on simulators of Twitch and Kafka, each line accounted for
. "$(dirname "$0")/lib.sh"
. "$TOP/tests/pipeline.sh"
echo '. "$TOP/tests/pipeline.sh"' >"$T/.functions"

start kafka-sim --topic chat:3 --topic ingest:3 --url-file "$T/brokers"
wait_for 10 '[ -s brokers ]' || report 1 'kafka-sim starts'
brokers=$(cat "$T/brokers")
export brokers

stage_by_stage 500
check 'every event is a record: key, timestamp, headers, value; in its channel'\''s order' \
    'cmp <(want events) <(got chat)'
check 'kafka-tail prints every event, once' \
    'cmp <(sort events) <(kafka-tail -J -e -b $brokers -t chat | sort)'

twitch ingest --tls --cert-file "$T/cert"
# shellcheck disable=SC2086
start twitch-ingest -C "$T/cert" -u "$url" -b "$brokers" -t ingest $channels
flow ingest 500 'kafka-tail -J -e -b $brokers -t ingest'
kill $pid
wait $pid
status=$?
check 'twitch-ingest drains and exits 0' "[ $status = 0 ]"
check 'twitch-ingest publishes every line that was sent, once, in order' \
    'kafka-tail -J -e -b $brokers -t ingest >events &&
	cmp <(sent ingest) <(chat <events) && cmp <(want events) <(got ingest)'

finish
