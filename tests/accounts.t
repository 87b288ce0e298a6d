#!/bin/sh
# Several accounts: each has its own limits and its own token, and none suffers
# from what becomes of another.
. "$(dirname "$0")/lib.sh"

cat >"$T/.functions" <<'END'
export -n TWITCH_OAUTH_TOKEN

eventually() {
	for i in {1..600}; do
		eval "$1" && return
		sleep 0.05
	done
	echo "never: $1"
	return 1
}
tell() { printf '%s\n' "$*" >commands; }
channels() { seq -f channel%.0f $1; }

# A reader as ann and bob. A script of the account's name prints its token; each
# time that it is asked is noted.
begin() {
	rm -rf run state out err asked
	ws-reader -u "$(cat url)" -i 0 -a ann -a bob \
	    -t 'echo "$1 $2" >>asked; sh "$1" $2' "$@" >out 2>err &
	reader=$!
	trap 'kill $reader 2>/dev/null; wait' EXIT
}
end() { kill $reader && wait $reader; }
joined() { eventually "[ \$(grep -c '\"joined\"' out) -ge $1 ]"; }

# How many channels the connections of this account hold.
rooms() {
	jq "[.connections[] | select(.identity == \"$1\").channels] | add // 0" \
	    run/status.json
}
END

mkfifo "$T/commands"
exec 3<>"$T/commands"
echo echo right-ann >"$T/ann"
echo echo right-bob >"$T/bob"
sim_pid=
sim() {
	if [ -n "$sim_pid" ]; then
		kill "$sim_pid"
		wait "$sim_pid"
	fi
	rm -f "$T/url"
	twitch-sim --url-file "$T/url" --counts "$T/counts" \
	    --account ann=right-ann --account bob=right-bob "$@" \
	    <"$T/commands" 2>"$T/log" &
	sim_pid=$!
	started="$started $sim_pid"
	wait_for 10 'test -s url' || report 1 "twitch-sim $* starts"
}

sim --limit-joins 0
check 'no account is in more than 100 channels' '
	begin -j 1000 $(channels 150) && joined 150 &&
	eventually "[ \$((\$(rooms ann) + \$(rooms bob))) = 150 ]" &&
	[ $(rooms ann) -le 100 ] && [ $(rooms bob) -le 100 ] &&
	! grep -q msg_concurrent_channel_limit_reached out && end'
check 'what is more than all of them may join is said' '
	begin -j 1000 $(channels 250) && joined 180 &&
	grep "250 wanted channels are more than the accounts may join" err && end'
check 'an account that is full sooner than it knows sends channels on' '
	begin -j 1000 -r 1000 -n 120 $(channels 180) && joined 180 &&
	grep -q msg_concurrent_channel_limit_reached out &&
	eventually "[ \$((\$(rooms ann) + \$(rooms bob))) = 180 ]" && end'

sim
check 'the joins of one leave those of the other alone' '
	begin -n 20 $(channels 40) && joined 40 &&
	eventually "[ \$(rooms ann) = 20 ] && [ \$(rooms bob) = 20 ]" &&
	jq -se "map(select(.event == \"joined\").ts) | max - min < 9000" out &&
	jq -e ".violations == 0" counts && end'

check 'who is refused is asked for a token once more' '
	echo echo wrong >bob && begin -n 2 $(channels 4) &&
	eventually "grep \"account .bob.: Login authentication failed\" err" &&
	[ "$(grep -c "^bob " asked)" = 2 ] && grep -qx "bob -r" asked'
check 'its channels go to the others' '
	begin -n 2 $(channels 4) && joined 4 &&
	eventually "[ \$(rooms ann) = 4 ]" && kill -0 $reader && end'
check 'a fresh token is taken, and nobody else notices' '
	echo "[ \"\$1\" = -r ] && echo right-bob || echo wrong" >bob &&
	begin -n 2 $(channels 4) && joined 4 &&
	eventually "[ \$(rooms bob) = 2 ]" && ! grep refused err &&
	sort asked | tr "\n" , | grep -qx "ann ,bob ,bob -r," && end'
status 3 'nothing works any more' '
	begin -n 2 $(channels 4) && joined 4 && echo echo wrong >ann &&
	echo echo wrong >bob && tell drop all && wait $reader'
finish
