#!/bin/sh
# Servers that are not well: each is noticed, said, and tried again.
. "$(dirname "$0")/lib.sh"

cat >"$T/.functions" <<'END'
eventually() {
	for i in {1..600}; do
		eval "$1" && return
		sleep 0.05
	done
	return 1
}
END

# A server of this manner, and a reader of it with directories of its own.
serve() {
	start "$TOP/tests/rude-server.py" "$1" "$T/$1.port" >"$T/$1.said"
	wait_for 20 "[ -s $1.port ]" || report 1 "the server $1 starts"
}
read_from() {
	TWITCH_RUN_DIR=$T/$1.run TWITCH_STATE_DIR=$T/$1.state start \
	    ws-reader -b 2M -u "$2://127.0.0.1:$(cat "$T/$1.port")" ${3-} chess \
	    >"$T/$1.out" 2>"$T/$1.err"
}

serve mute
read_from mute wss

serve reset
read_from reset ws -R2
check 'of two that are lost each may have been dead since it was heard' '
	eventually "grep -q \"\\\"gap\\\"\" reset.out" &&
	jq -se "(map(select(.event == \"disconnected\").ts) | min) as \$lost |
	    map(select(.event == \"gap\"))[0].from < \$lost - 500" reset.out'
kill "$pid"

serve deaf
read_from deaf ws
check 'a server that reads nothing any more is left' '
	eventually "grep -q \"the server does not read; again in\" deaf.err" &&
	grep "disconnected.*the server does not read" deaf.out'
kill "$pid"

serve pings
mkfifo "$T/pings.out"
exec 8<>"$T/pings.out"
read_from pings ws
check 'WebSocket PINGs are answered with their payload, inside a message' '
	eventually "[ \$(wc -l <pings.said) -ge 3 ]" &&
	! grep -qv "^ping [0-9]*\$" pings.said &&
	sort -c -k2n pings.said'
check 'also while nobody reads standard output' '
	eventually "grep -q \"lines are left out\" pings.err" &&
	before=$(wc -l <pings.said) &&
	eventually "[ \$(wc -l <pings.said) -ge $((before + 5)) ]"'
kill "$pid"
exec 8<&-

serve terse
mkfifo "$T/terse.out"
exec 8<>"$T/terse.out"
read_from terse ws '-o block'
check 'many records of few bytes: what is read has room, or is not read' '
	eventually "[ \$(wc -l <terse.said) -ge 4 ]" &&
	awk "\$1 > 60000" terse.said | grep -q . &&
	! grep "left out" terse.err'
kill "$pid"
exec 8<&-

for code in 301 302; do
	start twitch-sim --upgrade $code --url-file "$T/$code.url"
	wait_for 20 "[ -s $code.url ]" || report 1 "twitch-sim $code starts"
	status 2 "HTTP $code: the new place is named" "
		ws-reader -u \$(cat $code.url) chess 2>err; s=\$?
		grep -q 'has moved ($code): give --url .wss://' err && exit \$s"
done

wait_for 60 'grep -q "no answer in 20 s while connecting" mute.err'
report $? 'a server that accepts and says nothing is given up'
finish
