#!/bin/sh
# Rare failures of read, write, fsync, close and rename: none goes unsaid
. "$(dirname "$0")/lib.sh"
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0
export ASAN_OPTIONS

cat >"$T/.functions" <<'END'
# A command as RULES, in the words of fail_io.c, lets it go.
failing() {
	rules=$1
	shift
	LD_PRELOAD="$B/fail_io.so" FAIL_IO="$rules" "$@"
}

# Standard error is kept in err, and says this so often.
said() { cat err && [ $(grep -c "$2" err) = $1 ]; }

eventually() {
	for i in {1..1500}; do
		eval "$1" && return
		sleep 0.02
	done
	return 1
}

# $1 lines of IRC.
chat() {
	seq $1 | sed "s/.*/@id=&;room-id=7;tmi-sent-ts=1763688123301 :u!u@u PRIVMSG #chess :&/"
}

# As many events.
events() { chat $1 | irc-classify; }

# ws-reader in three channels of the simulator, as RULES let it; its output is
# in out, its standard error in err. `again` keeps what the last one left.
reader() {
	rm -rf run state
	again "$1"
}
again() {
	: >out
	LD_PRELOAD="$B/fail_io.so" FAIL_IO="$1" \
	    ws-reader -u $(cat url) a b c >out 2>err &
	reader=$!
	trap 'kill $reader 2>/dev/null; wait' EXIT
	joined a b c
}
joined() {
	for channel; do
		eventually "grep -q '\"joined\",\"channel\":\"$channel\"' out" ||
		    return
	done
}
end() {
	kill $reader
	wait $reader
}
END

# Else what is said on standard error goes where the next descriptor leads.
for program in irc-classify 'sqlite-publish -d closed' 'file-publish closed' \
    'kafka-publish -b 127.0.0.1:9 -t t'; do
	check "$program, with no standard error, has one" '
		rm -f in && mkfifo in && exec 9<>in &&
		{ '"$program"' <in >/dev/null 2>&- 9>&- & } &&
		eventually "[ \"\$(readlink /proc/$!/fd/2)\" = /dev/null ]"
		s=$?; kill $!; wait; exit $s'
done
check 'a rule that makes no sense ends the program' '
	failing "write 1 ENOSUCH" /bin/true
	[ $? = 99 ]'

# --- irc-classify
run 'chat 5000 >irc && irc-classify <irc >want'
check 'irc-classify: a disk full in mid-stream is exit 1, and said once' '
	failing "write 1 ENOSPC 1" irc-classify <irc >out 2>err
	[ $? = 1 ] && said 1 "standard output: No space left"'
check 'irc-classify: a close that fails is exit 1' '
	failing "close 1 EIO" irc-classify <irc >out 2>err
	[ $? = 1 ] && said 1 "standard output: Input/output error"'
check 'irc-classify: a read that fails is exit 1; what came before is printed' '
	failing "read 0 EIO 1" irc-classify <irc >out 2>err
	[ $? = 1 ] && said 1 "standard input: Input/output error" &&
	[ -s out ] && cmp out <(head -c $(stat -c %s out) want)'
check 'irc-classify: short and interrupted reads and writes lose nothing' '
	head -n 100 irc | failing "read 0 SHORT; write 1 SHORT" irc-classify |
	    cmp - <(head -n 100 want) &&
	failing "read 0 EINTR 0 9; write 1 EINTR 0 9" irc-classify <irc | cmp - want'
check 'irc-classify: an output that somebody made non-blocking loses nothing' '
	failing "write 1 EAGAIN 0 3" irc-classify <irc | cmp - want'
check 'irc-classify: a file of rejected lines that is full is exit 1' '
	echo nonsense | failing "write /rejected ENOSPC" \
	    irc-classify -R rejected >out 2>err
	[ $? = 1 ] && said 1 "rejected"'

# --- ws-reader
mkfifo "$T/commands"
exec 3<>"$T/commands"
start sh -c "exec twitch-sim --chat 100 --url-file '$T/url' <'$T/commands'"
wait_for 10 '[ -s url ]' || report 1 'twitch-sim starts'

for rule in 'write /state/ ENOSPC' 'fsync /state/ EIO' 'close /state/ EIO' \
    'rename /state/ EROFS'; do
	check "ws-reader: $rule: a warning, once; channels.json stays whole" "
		reader '' && end && cp state/channels.json old &&
		again '$rule' && twitch-ctl join d && joined d &&
		eventually '[ -s err ]' && end && said 1 'cannot write.*channels.json' &&
		cmp old state/channels.json && [ \$(ls state) = channels.json ]"
done
check 'ws-reader: the channels are written when there is room again' '
	reader "write /state/ ENOSPC 0 1" &&
	eventually "[ -s state/channels.json ]" && end &&
	said 1 "cannot write.*channels.json" &&
	jq -e ".channels == [\"#a\",\"#b\",\"#c\"]" state/channels.json'
check 'ws-reader: without room for status or metrics ingest goes on' '
	reader "write /run/ ENOSPC" &&
	eventually "said 1 status.json && said 1 metrics/ws-reader.prom" &&
	twitch-ctl join d && joined d && end &&
	said 1 status.json && said 1 metrics/ws-reader.prom'
check 'ws-reader: short writes of chat and files lose nothing' '
	reader "write 1 SHORT; write /state/ SHORT" && end && jq -e .ts out >/dev/null &&
	jq -e ".channels == [\"#a\",\"#b\",\"#c\"]" state/channels.json'
check 'ws-reader: a disk full in mid-stream is exit 1, and said once' '
	reader "write 1 ENOSPC 50"
	wait $reader
	[ $? = 1 ] && said 1 "standard output: No space left"'
check 'ws-reader: a close that fails is exit 1' '
	reader "close 1 EIO" && end
	[ $? = 1 ] && said 1 "standard output: Input/output error"'

# --- kafka-publish, kafka-tail
start kafka-sim --topic chat:1 --url-file "$T/brokers"
wait_for 10 '[ -s brokers ]' || report 1 'kafka-sim starts'
KAFKA_BROKERS=$(cat "$T/brokers")
export KAFKA_BROKERS
check 'kafka-publish: a read that fails is exit 1; what came before is published' '
	events 5000 >want
	failing "read 0 EIO 1" kafka-publish -t chat <want 2>err
	[ $? = 1 ] && said 1 "input: Input/output error" &&
	kafka-tail -J -e -t chat >out && [ -s out ] &&
	cmp out <(head -c $(stat -c %s out) want)'
check 'kafka-publish: a file of rejected records that is full is exit 1' '
	echo nonsense | failing "write /rejected ENOSPC" \
	    kafka-publish -t chat -r rejected 2>err
	[ $? = 1 ] && said 1 "rejected.: No space left"'
check 'kafka-publish: and so is one that cannot be closed' '
	echo nonsense | failing "close /rejected EIO" \
	    kafka-publish -t chat -r rejected 2>err
	[ $? = 1 ] && said 1 "rejected.: Input/output error"'
check 'kafka-publish: without room for metrics records go on; a warning, once' '
	{ events 1; sleep 2.5; events 1; } |
	    failing "rename /run/metrics/ ENOSPC" kafka-publish -t chat 2>err &&
	said 1 "kafka-publish.prom.: No space left"'
check 'kafka-tail: a disk full in mid-stream is exit 1, and said once' '
	failing "write 1 ENOSPC 1" kafka-tail -J -e -t chat >out 2>err
	[ $? = 1 ] && said 1 "standard output: No space left"'
check 'kafka-tail: a close that fails is exit 1' '
	failing "close 1 EIO" kafka-tail -J -e -t chat >out 2>err
	[ $? = 1 ] && said 1 "standard output: Input/output error"'

finish
