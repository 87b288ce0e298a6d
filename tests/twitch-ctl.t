#!/bin/sh
# twitch-ctl, the reader being a stand-in: a FIFO, status.json, channels.json
. "$(dirname "$0")/lib.sh"

cat >"$T/.functions" <<'END'
rm -rf run state sent
mkdir -p run state

# a reader that writes down what it is sent
listen() {
	mkfifo run/ctl
	exec 7<>run/ctl
	cat <&7 7>&- >sent &
	reader=$!
	exec 7<&-
	trap 'kill $reader 2>/dev/null' EXIT
}

eventually() {
	for i in {1..1000}; do
		eval "$1" && return
		sleep 0.02
	done
	return 1
}
was_sent() { eventually "cmp -s - sent <<<'$1'"; }

# status.json, replaced: its connections and its channels
says() {
	printf '{"schema":1,"pid":4711,"updated_at":"2026-11-21T02:36:01Z",
	    "started_at":"2026-11-21T02:36:00Z","new":{"key":[1]},
	    "connections":[%s],"channels":[%s]}' "$1" "$2" >run/status.new
	mv run/status.new run/status.json
}
phase() { printf '{"channel":"%s","phase":"%s"%s}' "$1" "$2" "${3-}"; }
last_line() { printf '{"conn":0,"state":"%s","last_line":%s}' $1 $2; }
END

check 'join: one line, the names made canonical' '
	listen && twitch-ctl join "#Chess" xqc && was_sent "join chess xqc"'
check 'part' 'listen && twitch-ctl part chess && was_sent "part chess"'
check 'many channels: whole lines, none longer than PIPE_BUF' '
	listen && seq -f "channel_%.0f" 2000 >names &&
	xargs twitch-ctl join <names &&
	eventually "[ \$(wc -w <sent) -ge 2000 ]" &&
	! grep -qv "^join channel_" sent && ! grep -q "^.\{4096\}" sent &&
	sed "s/^join //" sent | tr " " "\n" | cmp - names &&
	[ $(wc -l <sent) -lt 10 ]'
status 2 'a bad name is named and nothing is sent' '
	listen && twitch-ctl join chess "bad name" a-b 2>err; s=$?
	grep -q "'\''bad name'\''" err && grep -q "'\''a-b'\''" err &&
	[ ! -s sent ] && exit $s'
status 2 'so a name that would be a second command' '
	listen && twitch-ctl join "$(printf "a\npart b")"'
status 1 'nobody listens, and there is no FIFO' '
	twitch-ctl join chess 2>err; s=$?
	grep -q "ws-reader is not listening on '\''$T/run/ctl'\'': start " err &&
	exit $s'
status 1 'nobody listens on the FIFO that a killed reader has left' '
	mkfifo run/ctl && twitch-ctl part chess 2>err; s=$?
	grep -q "not listening" err && exit $s'

# The id of a set is of its own each time.
cat >>"$T/.functions" <<'END'
set_was_sent() { eventually "sed -E \"s/ [0-9]+\.[0-9]+/ ID/\" sent | cmp -s - <(printf \"$1\")"; }
END
check 'set: a transaction' '
	listen && printf "%s\n" "# mine" "" "#Chess" " xqc " | twitch-ctl set - &&
	set_was_sent "set-begin ID\nset-add ID chess xqc\nset-commit ID\n" &&
	[ $(cut -d " " -f 2 sent | sort -u | wc -l) = 1 ]'
check 'set: from a file, many channels: no line longer than PIPE_BUF' '
	listen && seq -f "channel_%.0f" 20000 >names && twitch-ctl set names &&
	eventually "grep -q ^set-commit sent" && ! grep -q "^.\{4096\}" sent &&
	sed -n "s/^set-add [^ ]* //p" sent | tr " " "\n" | cmp - names &&
	[ $(wc -l <sent) -lt 100 ]'
for list in 'chess\nbad name' 'a\n\n##b' 'a,b' 'abcdefghijklmnopqrstuvwxyz' \
    'a\0b' 'a\rpart b'; do
	status 2 "set: '$list' is no list: its line is named and nothing is sent" '
		listen; printf "one\n'"$list"'\nlast\n" | twitch-ctl set - 2>err; s=$?
		grep -qE "line [234]: .* is not a channel name" err &&
		[ $(wc -l <err) = 1 ] && [ ! -s sent ] && exit $s'
done
check 'set: what an editor of Windows has written' '
	listen && printf "\357\273\277a\r\nb\r\n" | twitch-ctl set - &&
	set_was_sent "set-begin ID\nset-add ID a b\nset-commit ID\n"'
status 1 'set: a list without channels, as a failed command leaves it' '
	listen; printf "# none\n\n" | twitch-ctl set - 2>err; s=$?
	grep -q "empty, nothing is changed: give --allow-empty" err &&
	[ ! -s sent ] && exit $s'
check 'set: unless that is meant' '
	listen && twitch-ctl set --allow-empty - </dev/null &&
	set_was_sent "set-begin ID\nset-commit ID\n"'
status 1 'set: no reader is reported at once, the list not waited for' '
	mkfifo never; twitch-ctl set - <>never 2>err; s=$?
	grep -q "not listening" err && exit $s'
status 2 'set: there is no such file' 'listen; twitch-ctl set nothing'
status 2 'set: a folder' 'listen; twitch-ctl set .'
status 2 'set: more than a million channels' '
	listen; seq -f c%.0f 1000001 | twitch-ctl set - 2>err; s=$?
	grep -q "more than 1000000 channels" err && [ ! -s sent ] && exit $s'
check 'reconnect: one, or all' '
	listen && twitch-ctl reconnect 3 && twitch-ctl reconnect &&
	eventually "[ \"\$(paste -sd, sent)\" = \"reconnect 3,reconnect\" ]"'

check 'list: what is to be read, while the reader runs' '
	listen && says "" "$(phase a joined),$(phase b refused),$(phase c parting),$(phase d idle)" &&
	twitch-ctl list | tr "\n" " " | grep -qx "a b d "'
check 'list -p: those in one phase' '
	listen && says "" "$(phase a joined),$(phase b refused),$(phase c joined)" &&
	twitch-ctl list --phase joined | tr "\n" " " | grep -qx "a c "'
check 'list: what the next reader will read, while none runs' '
	says "" "$(phase a joined)" &&
	echo "{\"schema\":1,\"channels\":[\"#chess\",\"#xqc\"]}" >state/channels.json &&
	twitch-ctl list | tr "\n" " " | grep -qx "chess xqc "'
check 'list -J: all that is known of each' '
	listen && says "" "$(phase a joined ",\"lines\":7"),$(phase b parting)" &&
	twitch-ctl list -J | jq -ce . >out &&
	[ "$(cat out)" = "{\"channel\":\"a\",\"phase\":\"joined\",\"lines\":7}" ]'
check 'list -J: while no reader runs' '
	echo "{\"schema\":1,\"channels\":[\"#chess\"]}" >state/channels.json &&
	[ "$(twitch-ctl list --json)" = "{\"channel\":\"chess\",\"phase\":\"idle\"}" ]'
check 'list: nothing was ever joined' '[ -z "$(twitch-ctl list)" ]'
status 1 'list: channels.json is damaged' '
	echo "{\"channels\"" >state/channels.json && twitch-ctl list'
status 1 'list: it cannot be written' '
	listen && says "" "$(phase a joined)" && twitch-ctl list >/dev/full'
status 1 'list: standard output is closed' '
	listen && says "" "$(phase a joined)" && twitch-ctl list >&-'
check 'list: 100,000 channels' '
	listen && says "" "$(seq -s , -f "{\"channel\":\"c%.0f\",\"phase\":\"joined\"}" 100000)" &&
	[ $(twitch-ctl list | wc -l) = 100000 ]'

check 'status: connections and channels by state, who is refused and why' '
	listen && now=$(date +%s) &&
	says "$(last_line ready $((now - 7210))000),$(last_line ready ${now}000),$(last_line backoff 5)" \
	    "$(phase a joined),$(phase b joined),$(phase c refused ",\"reason\":\"banned\"")" &&
	twitch-ctl status >out &&
	grep -q "^reader  *pid 4711, since 2026-11-21T02:36:00Z$" out &&
	grep -q "^connections  *3: 2 ready, 1 backoff$" out &&
	grep -q "^channels  *3: 2 joined, 1 refused$" out &&
	grep -q "^last line  *[0-9.]* s ago$" out &&
	grep -q "^refused  *c: banned$" out'
status 1 'status: a reader that was killed is told from one that runs' '
	says "" "$(phase a joined)" && mkfifo run/ctl && twitch-ctl status >out; s=$?
	grep -q "not running; this is from 2026-11-21T02:36:01Z" out && exit $s'
check 'status -J: status.json in one line, and that the reader runs' '
	listen && says "$(last_line ready 5)" "$(phase a joined)" &&
	twitch-ctl status -J >out && [ $(wc -l <out) = 1 ] &&
	jq -e ".running and .connections[0].state == \"ready\" and
	    .channels[0].channel == \"a\" and .pid == 4711" out'
status 1 'status -J: or that it does not' '
	says "" "" && twitch-ctl status --json >out; s=$?
	jq -e ".running == false" out && exit $s'
status 1 'status: no reader has ever run' '
	twitch-ctl status 2>err; s=$?; grep -q "not listening" err && exit $s'
for bad in '' '[]' '{"connections":[]}' '{"channels":1}' 'x'; do
	status 1 "status: status.json is '$bad'" '
		listen && echo "'"$(echo "$bad" | sed 's/"/\\"/g')"'" >run/status.json &&
		twitch-ctl status'
done

check 'wait: until all are joined, as status.json says' '
	listen; says "" "$(phase a joined),$(phase b joining)"
	twitch-ctl wait a B "#a" & waiter=$!
	sleep 0.1; says "" "$(phase b joined)"
	sleep 0.1; kill -0 $waiter && says "" "$(phase a joined),$(phase b joined)" &&
	wait $waiter'
check 'wait: joined already' '
	listen && says "" "$(phase a joined)" && twitch-ctl wait a'
check 'wait: before there is a status.json' '
	listen; twitch-ctl wait a & waiter=$!
	sleep 0.1; says "" "$(phase a joined)"; wait $waiter'
status 1 'wait: refused, and why' '
	listen && says "" "$(phase a joining),$(phase b refused ",\"reason\":\"banned\"")" &&
	twitch-ctl wait a b 2>err; s=$?
	grep -q "'\''b'\'' is refused: banned" err && exit $s'
status 1 'wait: time is up' '
	listen && says "" "$(phase a joined),$(phase b joining)" &&
	twitch-ctl wait -t 100ms a b 2>err; s=$?
	grep -q "'\''b'\'' is not joined: time is up" err &&
	! grep -q "'\''a'\''" err && exit $s'
status 1 'wait: the reader ends' '
	listen; says "" "$(phase a joining)"; twitch-ctl wait a 2>err & waiter=$!
	sleep 0.1; kill $reader; wait $waiter; s=$?
	grep -q "'\''a'\'' is not joined: ws-reader has ended" err && exit $s'
status 1 'wait: no reader is reported at once' '
	twitch-ctl wait a 2>err; s=$?; grep -q "not listening" err && exit $s'

check '-N: the reader of that name' '
	twitch-ctl -N two join a 2>err; grep -q "$T/run/two/ctl" err'
check '-N twice: the last one counts' '
	twitch-ctl -N one -N two join a 2>err; grep -q "$T/run/two/ctl" err'
check '-h' 'twitch-ctl -h | grep -q "^usage: twitch-ctl "'
check '--version' '[ "$(twitch-ctl --version)" = "$(twitch-ctl -V)" ]'
for wrong in '' nonsense join part 'list a' 'list -q' 'status a' wait set \
    'set a b' 'set -q a' 'reconnect x' 'reconnect -1' 'reconnect 1 2' \
    'wait -t soon a' 'wait -' 'wait -q a' '-q' '-N ../x list' '-N' \
    'list -p gone'; do
	status 2 "wrong usage: twitch-ctl $wrong" "
		twitch-ctl $wrong 2>err; s=\$?; head -n 1 err | grep -v ^usage &&
		exit \$s"
done
finish
