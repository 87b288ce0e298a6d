#!/bin/sh
# Every line that the simulator has sent comes out once, or lies within a gap
# that the reader has declared, whatever happens to connections and stages;
# and no gap is invented. With SOAK set, for ten minutes each.
. "$(dirname "$0")/lib.sh"

# How long trouble lasts in the short form, and in the long one.
seconds() { [ -n "${SOAK-}" ] && echo "$2" || echo "$1"; }
CHECK_SECONDS=$(seconds 120 1200)
mkfifo "$T/commands"
exec 3<>"$T/commands"

cat >"$T/.functions" <<'END'
eventually() {
	for i in {1..600}; do
		eval "$1" && return
		sleep 0.1
	done
	echo "never: $1"
	return 1
}
tell() { printf '%s\n' "$*" >commands; }
stage=

# A reader of sixty channels; its output goes to the file that is given first.
begin() {
	out=$1
	shift
	ws-reader -u "$(cat url)" -i 0 -j 1000 -r 1000 "$@" \
	    $(seq -f channel%.0f 60) >$out 2>>err &
	reader=$!
	trap 'kill $reader $stage 2>/dev/null; wait' EXIT
}
# All its channels are joined.
settled() {
	jq -e ".connections | all(.state == \"ready\")" run/status.json &&
	jq -e ".channels | length == 60 and all(.phase == \"joined\")" \
	    run/status.json
} >/dev/null 2>&1
settle() { sleep 1.1; eventually settled; }

# The next stage, which takes some output and then rests, so many times.
stalls() {
	for i in $(seq $1); do
		head -c 15M
		sleep 2
	done
	cat
}

# Wait until all that was said has been read: a PONG comes behind it.
drain() {
	settle && tell pause && tell ping all &&
	eventually "jq -e \".pings > 0 and .pings == .pongs\" counts"
}
# Have it end, and account for the outputs.
account() {
	drain && kill $reader && wait $reader && wait $stage &&
	sleep 0.2 && "$TOP/tests/accounting.py" sent held "$@" >totals
	s=$?
	cat totals
	return $s
}
END

sim_pid=
sim() {
	if [ -n "$sim_pid" ]; then
		kill "$sim_pid"
		wait "$sim_pid"
	fi
	rm -rf "$T/url" "$T/sent" "$T/held" "$T/run" "$T/state" "$T/totals"
	twitch-sim --url-file "$T/url" --counts "$T/counts" --sent "$T/sent" \
	    --held "$T/held" --limit-joins 0 --unheard --ping 0 "$@" \
	    <"$T/commands" 2>"$T/log" &
	sim_pid=$!
	started="$started $sim_pid"
	wait_for 10 'test -s url' && return
	report 1 "twitch-sim $* starts"
	finish
}

# The check, and what it counted.
proves() {
	check "$1" "$2"
	[ ! -s "$T/totals" ] || sed 's/^/# /; 1q' "$T/totals"
}

sim --chat 1000
proves 'nothing happens' '
	begin out -n 10 && settle && sleep 2 && account out'

sim --chat 500
proves "connections are cut at random, -R 1" "
	begin out -n 10 && settle &&
	for cut in \$(seq $(seconds 20 1000)); do
		tell drop any
		sleep 0.\$((RANDOM % 9 + 1))
	done && account out"

check 'a line that is missing is found, and one that came twice' '
	grep -v "\"line\":\"@.*;id=$(jq -rs "map(select(.conn >= 0 and .id != \"\"))[99].id" sent)" \
	    out >doctored
	! "$TOP/tests/accounting.py" sent held doctored >found &&
	grep "lost in silence" found &&
	grep -m 1 "PRIVMSG" out | cat out - >doctored
	! "$TOP/tests/accounting.py" sent held doctored >found &&
	grep "delivered 2 times" found'
check 'so are a gap that is missing, and one that is invented' '
	grep -v "\"gap\"" out >doctored
	! "$TOP/tests/accounting.py" sent held doctored >found &&
	grep "lost in silence" found &&
	jq -cs ".[-1].ts as \$last | .[], {event: \"gap\", ts: \$last,
	    channel: \"channel7\", from: (\$last - 900), to: (\$last - 800)}" out \
	    >doctored
	! "$TOP/tests/accounting.py" sent held doctored >found &&
	grep "held all the time" found'

sim --chat 1000 --duplicate 5 --reorder 5
proves 'one connection is cut, -R 2' "
	begin out -n 10 -R 2 &&
	for cut in \$(seq $(seconds 3 100)); do
		settle && tell drop any && sleep 0.5
	done && account out"
check 'which loses nothing' 'grep " 0 lost in 0 gaps" totals'

sim --chat 500 --duplicate 5 --reorder 5
proves "connections are cut at random, -R 2" "
	begin out -n 10 -R 2 && settle &&
	for cut in \$(seq $(seconds 20 1000)); do
		tell drop any
		sleep 0.\$((RANDOM % 9 + 1))
	done && account out"

sim --chat 1000 --reconnect-close 1-10
proves 'all connections are told to reconnect' "
	begin out -n 10 && settle &&
	for time in \$(seq $(seconds 2 50)); do
		tell reconnect all 1s
		sleep 12
	done && account out"
check 'which loses nothing' 'grep " 0 lost in 0 gaps" totals'

sim --chat 500
proves 'connections go dead without a word' "
	begin out -n 10 && settle &&
	for dead in \$(seq $(seconds 1 30)); do
		tell half-open any
		tell half-open any
		sleep 20
	done && sleep 2 && account out"
sim --chat 10000 --patient
proves 'the next stage stalls, again and again' "
	mkfifo slow && stalls $(seconds 3 60) <slow >out &
	stage=\$!
	begin slow -n 10 -b 2M &&
	eventually '[ \$(grep -c overflow out) -ge $(seconds 3 60) ]' &&
	account out"

sim --chat 500
proves 'the reader is killed, and started again' "
	begin out.first -n 10 && settle &&
	for life in \$(seq $(seconds 8 300)); do
		kill -9 \$reader
		wait \$reader
		sleep 0.\$((RANDOM % 10))
		begin out.\$life -n 10
		sleep \$((RANDOM % 3)).\$((RANDOM % 10))
	done 2>/dev/null && settle && account out.*"

finish
