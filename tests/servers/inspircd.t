#!/bin/sh
# The reader on a stock IRC server that speaks WebSocket and knows nothing of
# Twitch: InspIRCd, as Debian has it. Others talk there, over plain IRC.
. "$(dirname "$0")/../lib.sh"

cat >"$T/.functions" <<'END'
eventually() {
	for i in {1..1500}; do
		eval "$1" && return
		sleep 0.02
	done
	return 1
}

# A user logs in, says something in a channel, and leaves.
say() {
	exec 5<>"/dev/tcp/127.0.0.1/$(cat irc-port)" || return
	printf "NICK %s\r\nUSER %s 0 * :%s\r\n" "$1" "$1" "$1" >&5
	while read -r line <&5; do
		case $line in
		PING*) printf 'PONG %s\n' "${line#PING }" >&5 ;;
		*" 001 "*) break ;;
		esac
	done
	printf "%s\r\n" "JOIN $2" "PRIVMSG $2 :$3" QUIT >&5
	cat <&5 >said
}

# The reader has a line that ends like this.
heard() { jq -r '.line // empty' out | grep -q "$1\$"; }
END

# Listen for IRC and for WebSocket, on ports that are free at the moment.
configure() {
	# shellcheck disable=SC2046
	set -- $(python3 -c 'import socket
listeners = [socket.create_server(("127.0.0.1", 0)) for _ in "ab"]
print(*(l.getsockname()[1] for l in listeners))')
	echo "$1" >"$T/irc-port"
	echo "ws://127.0.0.1:$2" >"$T/url"
	cat >"$T/inspircd.conf" <<END
<server name="irc.test.invalid" description="stock" network="Test">
<admin name="nobody" email="nobody@test.invalid" nick="nobody">
<path configdir="$T" datadir="$T" logdir="$T" runtimedir="$T">
<module name="sha1">
<module name="websocket">
<module name="cap">
<bind address="127.0.0.1" port="$1" type="clients">
<bind address="127.0.0.1" port="$2" type="clients" hook="websocket">
<websocket defaultmode="text">
<wsorigin allow="http://127.0.0.1:*">
<connect allow="*" port="$1" resolvehostnames="no">
<connect allow="*" port="$2" resolvehostnames="no" pingfreq="1">
END
}

as_root=
[ "$(id -u)" != 0 ] || as_root=--runasroot
# The ports may have been taken since.
for try in 1 2 3; do
	configure
	start inspircd --nofork --nopid --nolog $as_root \
	    --config "$T/inspircd.conf" >"$T/inspircd.log" 2>&1
	wait_for 10 ': <>"/dev/tcp/127.0.0.1/$(cat irc-port)"' && break
	sed 's/^/# /' "$T/inspircd.log"
done

start ws-reader -u "$(cat "$T/url")" chess xqc >"$T/out" 2>"$T/err"
reader=$pid

check 'two channels are joined' '
	eventually "[ \$(grep -c \"\\\"joined\\\"\" out) = 2 ]"'
check 'the capabilities were refused: no tags, no ROOMSTATE' '
	heard "CAP .* NAK :twitch.tv/tags twitch.tv/commands" &&
	! grep -e "\"line\":\"@" -e ROOMSTATE out'
check 'what others say there arrives' '
	say ann "#chess" "good luck" && say bob "#xqc" "have fun" &&
	eventually "heard \":ann!.* PRIVMSG #chess :good luck\"" &&
	eventually "heard \":bob!.* PRIVMSG #xqc :have fun\""'
check 'and is classified' '
	irc-classify -t message <out |
	    jq -r "[.channel, .username, .message] | join(\" \")" >messages &&
	printf "%s\n" "chess ann good luck" "xqc bob have fun" | cmp messages -'
check 'PINGs are answered, and the server keeps us' '
	eventually "[ \$(grep -c \"\\\"line\\\":\\\"PING\" out) -ge 3 ]" &&
	! grep disconnected out'
check 'a channel is left, and joined again' '
	twitch-ctl part xqc && eventually "grep -q parted out" &&
	twitch-ctl join xqc &&
	eventually "[ \$(grep -c \"\\\"joined\\\"\" out) = 3 ]"'
kill "$reader"
wait "$reader"
report $? 'SIGTERM ends it with status 0'
finish
