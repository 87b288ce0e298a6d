# A reader on the stand-in for Twitch. Source it after lib.sh.
#
#	sim OPTION...		a simulator, in place of the last one; it takes
#				commands from tell, notes in sent what it sent,
#				in counts its totals
#
# And for checks:
#
#	begin ARGUMENT...	a reader with new directories: out, err, run, state
#	again ARGUMENT...	the same with those there are
#	end			end it; its exit status
#	tell COMMAND...		to the simulator
#	joined CHANNEL...	wait for the records of these
#	eventually 'pipeline'	wait until it exits 0
#	has 'expression'	some record is like this, to jq
#	complete		each line sent is in out, once and in order

cat >"$T/.functions" <<'EOF'
export -n TWITCH_OAUTH_TOKEN

eventually() {
	for i in {1..1500}; do
		eval "$1" && return
		sleep 0.02
	done
	return 1
}
tell() { printf '%s\n' "$*" >commands; }

begin() {
	rm -rf run state out err
	again "$@"
}
again() {
	# They are there, and empty, before anybody looks.
	: >out >err
	ws-reader -u "$(cat url)" "$@" <&0 >out 2>err &
	reader=$!
	trap 'kill $reader 2>/dev/null; wait' EXIT
}
end() {
	kill $reader
	wait $reader
}
joined() {
	for channel; do
		eventually "grep -q '\"joined\",\"channel\":\"$channel\"' out" ||
		    return
	done
}
events() { jq -r 'select(.event) | [.event, .channel // empty] | join(" ")' out; }
ids() { jq -r 'select(.line).line' out | sed -n 's/^@\(.*;\)*id=\([^;]*\);.*/\2/p'; }
sent_ids() { jq -r 'select(.id != "").id' sent; }
has() { jq -se "any(.[]; $1)" out; }
complete() {
	sent_ids >sent.ids && [ -s sent.ids ] && ids | cmp - sent.ids
}
EOF
mkfifo "$T/commands"
exec 3<>"$T/commands"

sim_pid=
sim() {
	if [ -n "$sim_pid" ]; then
		kill "$sim_pid"
		wait "$sim_pid"
	fi
	rm -f "$T/url" "$T/sent" "$T/counts"
	twitch-sim --url-file "$T/url" --counts "$T/counts" --sent "$T/sent" \
	    "$@" <"$T/commands" 2>"$T/log" &
	sim_pid=$!
	started="$started $sim_pid"
	wait_for 10 'test -s url' || report 1 "twitch-sim $* starts"
}
