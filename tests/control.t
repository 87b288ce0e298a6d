#!/bin/sh
# What is wanted: twitch-ctl and others speak to ws-reader, which keeps it in
# channels.json. Nobody answers on the network.
. "$(dirname "$0")/lib.sh"

cat >"$T/.functions" <<'END'
rm -rf run state
J=state/channels.json

eventually() {
	for i in {1..1500}; do
		eval "$1" && return
		sleep 0.02
	done
	return 1
}
begin() {
	"${with[@]}" ws-reader -u ws://127.0.0.1:9 "$@" 2>err &
	reader=$!
	trap 'kill $reader 2>/dev/null; wait' EXIT
	eventually "twitch-ctl status" >/dev/null 2>&1
}
with=()
# The wanted channels, sorted; what they are to be, on standard input.
kept() { jq -r '.channels[] | ltrimstr("#")' $J; }
becomes() { sort >want && eventually 'kept 2>/dev/null | cmp -s - want'; }
END

check 'set: these and no others' '
	begin a b c && becomes < <(printf "%s\n" a b c) &&
	printf "%s\n" c d e | twitch-ctl set - &&
	becomes < <(printf "%s\n" c d e)'
check 'set: 100,000 channels' '
	begin a b && seq -f c%.0f 100000 | twitch-ctl set - &&
	becomes < <(seq -f c%.0f 100000)'
check 'a list that is bad or empty changes nothing' '
	begin a b && becomes < <(printf "%s\n" a b) &&
	! printf "c\nd,e\n" | twitch-ctl set - && ! false | twitch-ctl set - &&
	twitch-ctl join z && becomes < <(printf "%s\n" a b z)'
check 'an empty list that is meant' '
	begin a b && twitch-ctl set -e /dev/null && becomes </dev/null &&
	twitch-ctl join z && becomes < <(echo z)'
check 'many writers at once: one of their sets, whole' '
	begin start && for w in {1..12}; do
		seq -f "w${w}_%.0f" 3000 | twitch-ctl set - & writers[w]=$!
	done && wait "${writers[@]}" && twitch-ctl join end &&
	eventually "kept | grep -qx end" &&
	kept | grep -v end | cut -d _ -f 1 | sort | uniq -c |
	    grep -qx " *3000 w[0-9]*" && [ $(kept | wc -l) = 3001 ]'
check 'many writers of joins and parts: all of them count' '
	begin x{1..500} && for w in {1..8}; do
		for i in {1..20}; do
			twitch-ctl join w${w}_$i || exit
		done & writers[w]=$!
	done && twitch-ctl part x{1..500} && wait "${writers[@]}" &&
	becomes < <(echo w{1..8}_{1..20} | tr " " "\n")'
check 'a writer that dies in mid-transaction changes nothing' '
	begin a b && printf "%s\n" "set-begin 1" "set-add 1 c" >run/ctl &&
	printf "set-add 1 d e" >run/ctl && printf "\n" >run/ctl &&
	twitch-ctl join z && becomes < <(printf "%s\n" a b z)'
check 'nor do names that are none, nor garbage' '
	begin a &&
	printf "join ##a b,c abcdefghijklmnopqrstuvwxyz d\re \000\n" >run/ctl &&
	eventually "grep -q \"not a channel name: .##a\" err" &&
	printf "set-begin\nset-add 1\nset-commit\nset-commit 1\n" >run/ctl &&
	head -c 100000 /dev/urandom | tr -d "\n" >run/ctl &&
	printf "\n" >run/ctl && head -c 20000 /dev/urandom >run/ctl &&
	printf "\n" >run/ctl && twitch-ctl join z &&
	becomes < <(printf "%s\n" a z)'
# channels.json while the reader is killed, again and again.
: "${SOAK:=}"
[ -n "$SOAK" ] && kills=500 || kills=12
cat >>"$T/.functions" <<'END'
set_to() { seq -f "$1%.0f" 3000 | twitch-ctl set -; }
# It holds one set whole: what begins with a, with b, or what came first.
is_whole() {
	kept >now && case $(cut -c 1 now | sort | uniq -c | tr -s ' \n' '  ') in
	' 3000 a ' | ' 3000 b ' | ' 1 first '*) ;;
	*) head -3 now; wc -l now; return 1 ;;
	esac
}
END
check "killed at any moment, $kills times: channels.json is the old or the new" '
	begin -f <(echo a) && set_to a && set_to b && eventually "[ -s $J ]"
	for i in {1..'$kills'}; do
		{ while set_to a && set_to b; do :; done; } 2>/dev/null &
		writer=$!
		sleep 0.$((RANDOM % 400 + 100)); kill -9 $reader; wait $reader
		kill $writer; wait $writer
		is_whole && begin || exit
	done 2>/dev/null
	[ $(ls state | grep -c "channels.json[.]") -le 1 ]'
for call in write fsync rename; do
	check "killed before its $call: the old one stays, the next reader sweeps" '
		begin first && becomes < <(echo first) && kill $reader && wait
		with=(env LD_PRELOAD='"$B"'/fail_io.so ASAN_OPTIONS=verify_asan_link_order=0
		    "FAIL_IO='$call' /channels.json KILL")
		begin && twitch-ctl join second; wait $reader; [ $? = 137 ] &&
		[ $(kept) = first ] && ls state | grep "channels.json[.]" &&
		with=() && begin &&
		eventually "[ \"\$(ls state)\" = channels.json ]" &&
		twitch-ctl join second && becomes < <(printf "%s\n" first second)'
done
check 'a full disk is a warning, and tried again' '
	with=(env LD_PRELOAD='"$B"'/fail_io.so ASAN_OPTIONS=verify_asan_link_order=0
	    "FAIL_IO=write /channels.json ENOSPC 0 2")
	begin a && eventually "grep -q \"cannot write .*channels.json.*No space\" err" &&
	twitch-ctl join b && becomes < <(printf "%s\n" a b) &&
	grep -q "channels.json. is written again" err &&
	[ $(grep -c "cannot write" err) = 1 ]'
check 'nothing waits for a disk that is slow' '
	with=(env LD_PRELOAD='"$B"'/fail_io.so ASAN_OPTIONS=verify_asan_link_order=0
	    "FAIL_IO=fsync /channels.json SLOW")
	begin a && eventually "ls state | grep -q channels.json" &&
	twitch-ctl join b &&
	eventually "jq -e \".channels | length == 2\" run/status.json" &&
	[ ! -e $J ]; s=$?; kill -9 $reader; exit $s'
# status.json is written some hundred channels at a time.
cat >>"$T/.functions" <<'END'
# It tells each of so many channels, once.
tells() {
	jq -e "[.channels[].channel] | length == $1 and (unique | length) == $1" \
	    run/status.json
}
END
check 'status.json of many channels is whole, also while they come and go' '
	begin c{1..2000} && eventually "tells 2000" &&
	for i in {1..8}; do
		twitch-ctl part c{1..1000} && twitch-ctl join c{1..1000} &&
		jq -e "[.channels[].channel] | length == (unique | length)" \
		    run/status.json >t || exit
	done && twitch-ctl part c{500..1499} && eventually "tells 1000" &&
	eventually "[ \$(ls run | grep -c status) = 1 ]"'
check 'one that cannot be written to its end leaves the one before' '
	with=(env LD_PRELOAD='"$B"'/fail_io.so ASAN_OPTIONS=verify_asan_link_order=0
	    "FAIL_IO=write /status.json ENOSPC 12 1")
	begin c{1..2000} && eventually "tells 2000" &&
	eventually "grep -q \"cannot write .*status.json.*No space\" err" &&
	tells 2000 && twitch-ctl join later && eventually "tells 2001" &&
	eventually "[ \$(ls run | grep -c status) = 1 ]" &&
	[ $(grep -c "cannot write" err) = 1 ]'
status 2 'more channels than descriptors: what to type' '
	ulimit -n 70; printf "%s\n" c{1..7} | ws-reader -u ws://127.0.0.1:9 \
	    -n 1 -f - 2>err; s=$?
	grep -q "7 channels need 7 connections, .* allows 6: run .ulimit -n 71. " err &&
	grep -q "LimitNOFILE=71" err && exit $s'
check 'more channels than descriptors later: they wait, and that is said' '
	with=(eval "ulimit -n 70 && exec")
	begin -n 1 -i 0 a b && twitch-ctl join c{1..9} &&
	becomes < <(printf "%s\n" a b c{1..9}) &&
	eventually "grep -q \"allows 6 connections, too few for the 11\" err" &&
	eventually "jq -e \".connections | length == 6\" run/status.json" &&
	twitch-ctl part c{1..9} && becomes < <(printf "%s\n" a b) &&
	[ $(grep -c "too few" err) = 1 ]'
check 'reconnect: a number that no connection has is said' '
	begin a && twitch-ctl reconnect 7 &&
	eventually "grep -q \"no such connection: .7.\" err"'
finish
