#!/bin/sh
# What ws-reader could not see, or could not pass on, is in a gap record of its
# channel: across restarts, kills, and a next stage that stands still.
. "$(dirname "$0")/lib.sh"
. "$TOP/tests/reader.sh"

cat >>"$T/.functions" <<'END'
# A reader that is ended in this way, or killed.
end() {
	kill "$@" $reader
	wait $reader
}
# Two channels are read, and the files say so.
begin_two() {
	begin chess xqc && joined chess xqc &&
	eventually '[ -s state/channels.json ]' &&
	eventually 'jq -e "[.channels[] | select(.lines > 5).complete_until] |
	    length == 2 and min > 0" run/status.json'
}
# The gaps of out: channel, reason.
gaps() {
	jq -r 'select(.event == "gap") | "\(.channel) \(.reason)"' out |
	    sort | tr '\n' ' '
}
# The gap of channel $1 in out begins about when the last line came in $2.
begins_after() {
	last=$(jq "select(.line).ts" $2 | tail -n 1)
	[ "$last" -gt 0 ] && has ".event == \"gap\" and .channel == \"$1\" and
	    .from < $last + 5000 and .from > $last - 60000 and .to <= .ts"
}
END

sim --chat 200

check 'killed and started again: each channel has its gap, behind joined' '
	begin_two && end -9; cp out first && again && joined chess xqc &&
	eventually "[ \"\$(gaps)\" = \"chess restarted xqc restarted \" ]" &&
	begins_after chess first && begins_after xqc first &&
	jq -r "select(.event == \"joined\" or .event == \"gap\") |
	    select(.channel == \"xqc\").event" out | paste -sd, | grep -x joined,gap &&
	tell drop all && eventually "[ \$(gaps | wc -w) = 8 ]" &&
	gaps | grep -x "chess disconnected chess restarted xqc disconnected xqc restarted "'
check 'ended and started again' '
	begin_two && end && cp out first && again && joined chess xqc &&
	eventually "[ \"\$(gaps)\" = \"chess restarted xqc restarted \" ]" &&
	begins_after chess first && begins_after xqc first'
check 'killed again before it has joined: the gap begins where it was' '
	begin_two && end -9; cp out first
	ws-reader -u ws://127.0.0.1:9 >out 2>err & reader=$!
	eventually "jq -e \".pid == $reader\" run/status.json" && end -9
	again && joined chess xqc &&
	eventually "[ \"\$(gaps)\" = \"chess restarted xqc restarted \" ]" &&
	begins_after chess first'
check 'not wanted any more before it has joined: the gap ends then' '
	begin_two && end; : >out
	ws-reader -u ws://127.0.0.1:9 >out 2>err & reader=$!
	eventually "jq -e \".pid == $reader\" run/status.json" &&
	asked=$(date +%s%3N) && echo "part chess" >run/ctl &&
	eventually "[ \"\$(gaps)\" = \"chess restarted \" ]" &&
	has ".event == \"gap\" and .to > $asked - 5 and .ts > $asked - 5" && end'
check 'what is not wanted any more, or was not yet, has none' '
	begin_two && end && again xqc forsen && joined xqc forsen &&
	eventually "[ \"\$(gaps)\" = \"xqc restarted \" ]"'
check 'nor does what was never joined' '
	begin_two && end && sed -i "s/,\"complete_until\":[0-9]*//" run/status.json &&
	again && joined chess xqc && end && [ -z "$(gaps)" ]'
check 'a status.json that is damaged is said, what can be known is used' '
	begin_two && end && sed -i "/xqc/s/phase/pha\\\\se/" run/status.json &&
	again && joined chess xqc && grep -q "is damaged, what was missed" err &&
	eventually "[ \"\$(gaps)\" = \"chess restarted \" ]"'
check 'no longer wanted while it is missing: the gap ends there' '
	begin_two && tell suspend chess && tell part chess &&
	eventually "grep -q refused out" && [ -z "$(gaps)" ] &&
	twitch-ctl part chess && eventually "[ \"\$(gaps)\" = \"chess refused \" ]"
	s=$?; tell open chess; exit $s'
check 'there are no descriptors for a while: it goes on when there are' '
	begin_two && prlimit --pid $reader --nofile=8: && tell drop all &&
	eventually "grep -q \"cannot connect.*again in\" err" &&
	grep -q "cannot write .*Too many open files" err && prlimit --pid $reader --nofile=200: &&
	eventually "[ \"\$(gaps)\" = \"chess disconnected xqc disconnected \" ]" && end'
check 'a gap that is still open at the end is said' '
	begin_two && kill '"$sim_pid"' && eventually "grep -q disconnected out" &&
	[ -z "$(gaps)" ] && end &&
	[ "$(gaps)" = "chess disconnected xqc disconnected " ] && mv out second'
wait "$sim_pid"
sim_pid=

# 400-byte lines of two channels, more than the buffer and the pipe hold.
awk 'BEGIN { for (i = 0; i < 1000; i++)
	printf "@t=%0340d :u!u@u PRIVMSG #%s :%d\n", 0,
	    i % 4 ? "chess" : "xqc", i }' >"$T/flood"
cat >>"$T/.functions" <<'END'
# A reader of the flood whose standard output nobody reads.
obstruct() {
	rm -rf run state slow
	mkfifo slow
	exec 8<>slow
	ws-reader -u "$(cat url)" -b 2M "$@" chess xqc >slow 2>err 8<&- &
	reader=$!
	trap 'kill -9 $reader $cat 2>/dev/null; wait; rm -f slow' EXIT
	eventually 'jq -e "[.channels[].complete_until // 0] | min > 0" run/status.json' &&
	tell resume
}
stall() {
	obstruct && eventually 'grep -q "lines are left out" err'
}
relieve() {
	cat <slow >out 8<&- &
	cat=$!
}
# What was sent of this channel was read.
has_come() {
	sent=$(grep -c "\"channel\":\"$1\"" sent)
	jq -e ".channels[] | select(.channel == \"$1\").lines > $sent" run/status.json
}
# What was sent of this channel is in out, or counted in its gaps.
accounted() {
	sent=$(grep -c "\"channel\":\"$1\"" sent)
	lost=$(grep "\"gap\",\"channel\":\"$1\"" out | jq -s "map(.lines) | add // 0")
	got=$(grep -c "PRIVMSG #$1 " out)
	[ $lost -gt 0 ] && [ $((got + lost)) = $sent ]
}
END
sim --patient --replay "$T/flood" --rate 20000 --loop --paused
check 'a stalled stage: what is left out is counted, of each channel' '
	stall && relieve && eventually "grep -q \"passed on again\" err" &&
	tell pause && eventually "accounted chess && accounted xqc" &&
	jq -se "[.[] | select(.event == \"gap\")] | length > 0 and
	    all(.reason == \"overflow\" and .from <= .to and .to <= .ts)" out'
sim --patient --replay "$T/flood" --rate 20000 --loop --paused
check 'told to end while lines are left out: it says so first' '
	stall && tell pause && eventually "has_come chess && has_come xqc" &&
	{ relieve; end; } && exec 8<&- && wait $cat &&
	accounted chess && accounted xqc'
check 'killed while its output waits: the gap begins before what was lost' '
	stall && now=$(date +%s) && eventually "jq -e \
	    \"(.updated_at | sub(\\\"[.].*\\\"; \\\"Z\\\") | fromdate) > $now\" run/status.json" &&
	tell pause && end -9; relieve; exec 8<&-; wait $cat
	sed -i "\$d" out; last=$(tail -n 1 out | jq .ts) &&
	jq -e "[.channels[].complete_until] | max <= $last and min > 0" run/status.json'
sim --patient --replay "$T/flood" --rate 20000 --loop --paused
check 'lost while nothing is read: the gap begins then, not when it is found' '
	obstruct -o block && eventually "[ \$(jq .lines counts) -gt 10000 ]" &&
	tell pause && tell drop all && lost=$(date +%s%3N) && sleep 2 && relieve &&
	eventually "grep -q \"\\\"gap\\\",\\\"channel\\\":\\\"xqc\" out" &&
	jq -se "map(select(.event == \"gap\")) | length > 0 and
	    all(.from < $lost + 1000 and .to > $lost + 1500)" out && end'

sim --chat 200
check 'lost while it was stopped: the gap begins before' '
	begin_two && kill -STOP $reader && stopped=$(date +%s%3N) && sleep 0.5 &&
	tell drop all && sleep 2.5 && kill -CONT $reader &&
	eventually "[ \"\$(gaps)\" = \"chess disconnected xqc disconnected \" ]" &&
	jq -se "map(select(.event == \"gap\")) | all(.from < $stopped + 1000 and
	    .to > $stopped + 2500)" out && end'

finish
