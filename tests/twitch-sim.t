#!/bin/sh
# The stand-in for Twitch, seen by a WebSocket client that is not ours.
. "$(dirname "$0")/lib.sh"

cat >"$T/.functions" <<'EOF'
client() { timeout 20 "$TOP/tests/ws-client.py" "$@" "$(cat "$T/url")"; }
# What the server answers to these lines, until it closes or was told QUIT.
talk() { printf '%s\n' "$@" QUIT | client; }
frames() { printf '%s\n' "$@" QUIT | client -f; }
# The answer to an HTTP request.
http() {
	exec 5<>"/dev/tcp/127.0.0.1/$(sed 's/.*://' "$T/url")"
	printf "$@" >&5
	timeout 10 tr -d '\r' <&5
}
count() { jq -e ".$1" "$T/counts"; }
# Until a command succeeds, for some seconds.
await() {
	for _ in {1..500}; do
		"$@" && return
		sleep 0.02
	done
	return 1
}
tell() { printf '%s\n' "$*" >&3; }
# The numbers at the ends of one channel's messages.
numbers() { sed -n "s/.* PRIVMSG #$1 :.* \([0-9]*\).*/\1/p"; }
# The ids in what a client got, and in the log of what it was sent.
ids() { sed -n 's/^@\(.*;\)*id=\([^;]*\);.*/\2/p' "$1"; }
sent_ids() { jq -r "select(.conn == $1 and .id != \"\").id" "$T/sent"; }
EOF
mkfifo "$T/commands"
exec 3<>"$T/commands"

# A new simulator, in place of the last; its commands come from descriptor 3.
pid=
sim() {
	if [ -n "$pid" ]; then
		kill "$pid"
		wait "$pid"
	fi
	rm -f "$T/url" "$T/sent" "$T/held"
	twitch-sim --url-file "$T/url" --counts "$T/counts" "$@" \
	    <"$T/commands" 2>"$T/log" &
	pid=$!
	started="$started $pid"
	wait_for 10 'test -s url' || report 1 "twitch-sim $* starts"
}

# A client that stays: its lines go to $T/NAME, its end to $T/NAME.end.
session() {
	name=$1
	shift
	rm -f "$T/$name.end"
	: >"$T/$name" # what the last of that name got is no answer to this one
	{
		printf '%s\n' "$@" | "$TOP/tests/ws-client.py" -f "$(cat "$T/url")"
		echo $? >"$T/$name.end"
	} >"$T/$name" 2>/dev/null &
	started="$started $!"
}
caps='CAP REQ :twitch.tv/tags twitch.tv/commands'
nick='NICK justinfan7'

check 'help lists every option' \
    'twitch-sim --help | grep -q -- "--lines-per-frame N  *chat lines"'
check 'the version' 'twitch-sim -V | grep -qx "twitch-sim [0-9.]*"'
status 2 'an unknown option is wrong usage' 'twitch-sim --nonsense'
status 2 'so is a value that is none' 'twitch-sim --chat many'
status 2 'and an argument' 'twitch-sim chess'

# --- upgrade

sim --account 'bar=secret' --account 'foo=other'
check 'the upgrade is that of the RFC' \
    'http "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: WebSocket\r\nConnection: keep-alive, upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n\x88\x80\1\2\3\4" |
    grep -qx "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="'
check 'a request without a key is refused' \
    'http "GET / HTTP/1.1\r\nHost: x\r\n\r\n" | grep -q "^HTTP/1.1 400 "'
check 'another version of WebSocket is told which' \
    'http "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 8\r\n\r\n" |
    grep -qx "Sec-WebSocket-Version: 13"'
check 'POST is refused' \
    'http "POST / HTTP/1.1\r\nHost: x\r\n\r\n" | grep -q "^HTTP/1.1 405 "'
check 'a head without end is refused' \
    'http "GET / HTTP/1.1\r\n%09000d" 0 | grep -q "^HTTP/1.1 431 "'

# --- login

cat >"$T/welcome" <<'EOF'
:tmi.twitch.tv 001 justinfan7 :Welcome, GLHF!
:tmi.twitch.tv 002 justinfan7 :Your host is tmi.twitch.tv
:tmi.twitch.tv 003 justinfan7 :This server is rather new
:tmi.twitch.tv 004 justinfan7 :-
:tmi.twitch.tv 375 justinfan7 :-
:tmi.twitch.tv 372 justinfan7 :You are in a maze of twisty passages, all alike.
:tmi.twitch.tv 376 justinfan7 :>
.
EOF
check 'an anonymous login is welcomed in one frame' \
    "frames 'PASS anything' '$nick' | diff welcome -"
check 'the capabilities are granted before the login' \
    "talk '$caps' 'NICK bar' | sed -n 1,2p | diff - <(
	echo ':tmi.twitch.tv CAP * ACK :twitch.tv/tags twitch.tv/commands'
	echo ':tmi.twitch.tv NOTICE * :Improperly formatted auth')"
check 'an unknown capability is refused' \
    "talk 'CAP REQ :twitch.tv/tags twitch.tv/foo' |
    grep -qx ':tmi.twitch.tv CAP \* NAK :twitch.tv/tags twitch.tv/foo'"
check 'an account is told its state, an anonymous one not' \
    "talk '$caps' 'PASS oauth:secret' 'NICK Bar' | grep -q '^@.*;user-id=[0-9]*;.* GLOBALUSERSTATE$' &&
    ! talk '$caps' '$nick' | grep GLOBALUSERSTATE"
refused=':tmi.twitch.tv NOTICE \* :'
check 'an unknown token' \
    "talk 'PASS oauth:wrong' 'NICK bar' | grep -qx '${refused}Login authentication failed'"
check "another account's token" \
    "talk 'PASS oauth:other' 'NICK bar' | grep -qx '${refused}Login authentication failed'"
check 'a token without oauth:' \
    "talk 'PASS secret' 'NICK bar' | grep -qx '${refused}Improperly formatted auth'"
check 'a nick that is none' \
    "talk 'PASS oauth:secret' 'NICK b@r' | grep -qx '${refused}Invalid NICK'"
check 'a refusal is the last word, and the connection is closed' \
    "printf '%s\n' 'NICK bar' '$nick' | client | tail -1 | grep -q Improperly"

# --- what an idle client says

check 'PING is answered in its two forms' \
    "talk '$nick' PING 'PING asd' 'PING :asd def' | tail -3 | diff - <(
	echo 'PONG :tmi.twitch.tv'
	echo ':tmi.twitch.tv PONG tmi.twitch.tv :asd'
	echo ':tmi.twitch.tv PONG tmi.twitch.tv :asd def')"
check 'an unknown command is named' \
    "talk '$nick' 'WHO #chess' | tail -1 |
    grep -qx ':tmi.twitch.tv 421 justinfan7 WHO :Unknown command'"
check 'several lines in one frame are several lines' \
    "printf '%s\n' '$nick' \"PING a\$(printf '\r')PING b\" QUIT | tr '\r' '\n' | client | grep -c PONG | grep -qx 2"

# --- JOIN and PART

check 'JOIN is answered in one frame' \
    "frames '$nick' '$caps' 'JOIN #Chess' | sed -n '/ JOIN /,\$p' | diff - <(
	echo ':justinfan7!justinfan7@justinfan7.tmi.twitch.tv JOIN #chess'
	echo ':justinfan7.tmi.twitch.tv 353 justinfan7 = #chess :justinfan7'
	echo ':justinfan7.tmi.twitch.tv 366 justinfan7 #chess :End of /NAMES list'
	echo '@emote-only=0;followers-only=-1;r9k=0;room-id=605218591;slow=0;subs-only=0 :tmi.twitch.tv ROOMSTATE #chess'
	echo .)"
check 'without capabilities there is no ROOMSTATE' \
    "talk '$nick' 'JOIN #chess' | tail -1 | grep -q ' 366 '"
check 'an account is told its state in the room' \
    "talk '$caps' 'PASS oauth:secret' 'NICK bar' 'JOIN #chess' |
    grep -q '^@.* :tmi.twitch.tv USERSTATE #chess$'"
check 'a list is joined channel by channel' \
    "talk '$nick' 'JOIN #a,#b,#c' | grep -c ' 366 ' | grep -qx 3"
check 'PART is echoed' \
    "talk '$nick' 'JOIN #chess' 'PART #chess' 'PART #go' | tail -1 |
    grep -qx ':justinfan7!justinfan7@justinfan7.tmi.twitch.tv PART #chess'"
check 'what is no channel gets no answer' \
    "talk '$nick' 'JOIN #a-b,chess,,#$(printf '%026d' 0)' | tail -1 | grep -q ' 376 '"
check 'nothing is joined before the login' "! talk 'JOIN #chess' | grep ."
session other 'CAP REQ :twitch.tv/membership' "$nick" 'JOIN #chess'
wait_for 10 'grep -q " 366 " other'
check 'who asked for it is told who comes and goes' \
    "talk 'PASS oauth:secret' 'NICK bar' 'JOIN #chess' >&2
    wait_for() { await grep -q \"\$1\" other; }
    wait_for '^:bar!bar@bar.tmi.twitch.tv JOIN #chess' &&
    wait_for '^:bar!bar@bar.tmi.twitch.tv PART #chess'"

# --- limits

twenty=$(seq -s, -f '#c%.0f' 20)
status 1 'the 21st JOIN in 10 s ends the connection without a word' \
    "talk '$nick' 'JOIN $twenty' 'JOIN #c21' PING >21"
check 'the 20 before it were granted, nothing after it' \
    'grep -c " 366 " 21 | grep -qx 20 && ! grep PONG 21'
status 1 'each channel of a list is charged' "talk '$nick' 'JOIN $twenty,#c21'"
check 'an account is charged on all its connections together' \
    "talk 'PASS oauth:other' 'NICK foo' 'JOIN $twenty' | grep -q '#c20 ' &&
    ! talk 'PASS oauth:other' 'NICK foo' 'JOIN #c21'"
check 'violations are counted' \
    'await count "join_violations == 3 and .violations == 3"'

sim --account bar=secret --limit-joins 0 --limit-rooms 3 --limit-logins 4
session holds 'PASS oauth:secret' 'NICK bar' 'JOIN #a,#b,#c'
wait_for 10 'grep -q "366 bar #c" holds'
limit='msg-id=msg_concurrent_channel_limit_reached :tmi.twitch.tv NOTICE'
check 'a room too many gets its NOTICE' \
    "talk '$caps' 'PASS oauth:secret' 'NICK bar' 'JOIN #d' |
    grep -q '^@$limit #d :You are connected to too many chat channels'"
check 'the same room on two connections is one' \
    "talk 'PASS oauth:secret' 'NICK bar' 'JOIN #c' | grep -q ' 366 '"
check 'a room that was left makes place' \
    "talk 'PASS oauth:secret' 'NICK bar' 'PART #c' 'JOIN #a' >&2
    talk '$nick' 'JOIN #a,#b,#c,#d,#e' | grep -c ' 366 ' | grep -qx 5"
status 1 'the fifth login in 10 s is the end where four are allowed' \
    "talk 'PASS oauth:secret' 'NICK bar'"

# --- refused channels

sim --suspended gone --banned angry --tos closed --silent '#Nothing' \
    --refuse 'Login unsuccessful'
check 'every login can be refused' \
    "talk '$nick' | grep -qx ':tmi.twitch.tv NOTICE \* :Login unsuccessful'"
sim --suspended gone --banned angry --tos closed --silent '#Nothing'
cat >"$T/refusals" <<'EOF'
@msg-id=msg_channel_suspended :tmi.twitch.tv NOTICE #gone :This channel does not exist or has been suspended.
@msg-id=msg_banned :tmi.twitch.tv NOTICE #angry :You are permanently banned from talking in angry.
@msg-id=tos_ban :tmi.twitch.tv NOTICE #closed :The community has closed channel closed due to Terms of Service violations.
EOF
check 'suspended, banned, closed; and silence' \
    "talk '$nick' 'CAP REQ :twitch.tv/tags' 'JOIN #gone,#angry,#closed,#nothing' |
    tail -3 | diff refusals -"

# --- chat

sim --chat 5000 --lines-per-frame 7 --sent "$T/sent" --paused
session one "$nick" "$caps" 'JOIN #chess,#go'
wait_for 10 'grep -q "ROOMSTATE #go" one'
session two "$nick" "$caps" 'JOIN #chess'
wait_for 10 'grep -q "ROOMSTATE #chess" two'
session bare "$nick" 'JOIN #go'
wait_for 10 'grep -q 366 bare'
echo resume >&3
wait_for 20 'count "lines > 5000"'
echo pause >&3
echo quit >&3
wait "$pid"
report $? 'quit ends it with status 0'
pid=
wait_for 10 'cat one.end two.end bare.end'
for who in one two bare; do
	check "$who is told that it ends" "grep -qx 0 $who.end"
done
check 'each got what the log says it was sent' \
    'diff <(ids one) <(sent_ids 0) && diff <(ids two) <(sent_ids 1)'
check 'several lines share a frame, but not more than were asked for' \
    "awk '/^\.\$/ { if (n > most) most = n; n = 0 } /tmi-sent-ts/ { n++ }
	END { exit most != 7 }' one"
check 'in order and without a hole' \
    'numbers chess <one | diff - <(seq $(numbers chess <one | wc -l)) &&
    numbers go <one | diff - <(seq $(numbers go <one | wc -l))'
check 'both saw the same chat' \
    'diff <(grep PRIVMSG.#chess one) <(grep PRIVMSG.#chess two)'
check 'without tags none are sent, without commands only messages' \
    'diff <(grep PRIVMSG.#go one | sed "s/^[^ ]* //") <(grep -v "^:tmi\|^:justinfan\|^\.$" bare)'
check 'totals are kept' \
    'count "connections == 3 and .open == 0 and .joined == 4 and .slow == 0"
    test "$(wc -l <sent)" = "$(count lines)"'

# --- replay

for i in $(seq 500); do
	echo "@id=$i;room-id=1 :a!a@a.tmi.twitch.tv PRIVMSG #chess :line $i"
done >"$T/file"
printf '@room-id=2 :tmi.twitch.tv CLEARCHAT #go\r\nPING :x\n\n' >>"$T/file"
sim --replay "$T/file" --rate 5000 --paused --sent "$T/sent"
session one "$nick" "$caps" 'JOIN #chess,#go,#idle'
wait_for 10 'grep -q "ROOMSTATE #idle" one'
echo resume >&3
wait_for 10 'count "lines == 501"'
check 'a replay arrives in order, each line once and as it is' \
    'same() { diff <(sed -n 1,501p file | tr -d "\r") <(sed "1,/ROOMSTATE #idle/d; /^\.$/d" one); }
    await same'
check 'and is logged' 'diff <(sent_ids 0) <(seq 500) && grep -c "\"go\",\"id\":\"\"" sent | grep -qx 1'

sim --replay "$T/file" --rate 5000 --paused --spread --loop
session one "$nick" "$caps" 'JOIN #a,#b'
wait_for 10 'grep -q "ROOMSTATE #b" one'
echo resume >&3
wait_for 10 'count "lines > 1500"'
check 'spread, it goes to the joined channels in turn' \
    'for c in a b; do
	id=$(sed -n "s/.*room-id=\([0-9]*\);.*ROOMSTATE #$c\$/\1/p" one)
	many() { test $(grep -c "room-id=$id .*#$c :line" one) -gt 500; }
	await many
    done && ! grep "#chess" one'

# --- events on command

sim --reconnect-close 200ms --sent "$T/sent" --held "$T/held" \
    --account bar=secret --ping 1
for who in one two three; do
	session $who "$caps" "$nick" 'JOIN #chess,#go'
	wait_for 10 "grep -q 'ROOMSTATE #go' $who"
done
check 'it speaks when told' \
    'tell say chess hello there
    tell line ":x!x@x PRIVMSG #go :raw"
    tell notice chess slow_off This room is no longer in slow mode.
    await grep -q "^@.*;id=.* PRIVMSG #chess :hello there$" one &&
    await grep -qx ":x!x@x PRIVMSG #go :raw" two &&
    await grep -qx "@msg-id=slow_off :tmi.twitch.tv NOTICE #chess :This room is no longer in slow mode\." three'
check 'what has no id is recorded as it stands' \
    'await grep "\"channel\":\"go\",\"id\":\"\",\"line\":\":x!x@x PRIVMSG #go :raw\"" sent'
check 'it sends PING' \
    'await grep -qx "PING :tmi.twitch.tv" one'
check 'RECONNECT, then the end' \
    'tell reconnect 0
    await test -s one.end
    tail -2 one | grep -qx ":tmi.twitch.tv RECONNECT" && grep -qx 0 one.end && ! test -e two.end'
check 'a drop has no close frame' \
    'tell drop 1
    await test -s two.end
    grep -qx 1 two.end'
check 'a half-open connection stays, silent' \
    'tell half-open 2
    tell say chess unheard
    await grep -q "\"conn\":2,.*chess" sent
    ! test -e three.end && ! grep unheard three'
check 'who is in a channel, and can hear, is recorded' \
    'held() { jq -sce "map(select(.channel == \"go\" and .ts > 0)) |
	group_by(.conn) | map(map(.event)) | flatten" held |
	grep -qxF "[\"joined\",\"left\",\"joined\",\"left\",\"joined\",\"left\"]"; }
    await held'
session four "$caps" "$nick" 'JOIN #chess,#go,#out,#mad'
wait_for 10 'grep -q "ROOMSTATE #mad" four'
check 'forced PART, suspension and ban' \
    'tell part chess; tell suspend go; tell ban mad; tell silence out
    tell say chess unheard; tell say out unheard; tell drop 3
    await test -s four.end
    sed "1,/ROOMSTATE #mad/d; /^\.$/d" four | diff - <(
	echo ":justinfan7!justinfan7@justinfan7.tmi.twitch.tv PART #chess"
	echo "@msg-id=msg_channel_suspended :tmi.twitch.tv NOTICE #go :This channel does not exist or has been suspended."
	echo ":justinfan7!justinfan7@justinfan7.tmi.twitch.tv PART #mad")'
check 'a channel is opened again' \
    "tell open go; is_open() { talk '$nick' 'JOIN #go' | grep 366; }; await is_open"
check 'a wrong command is named and changes nothing' \
    'tell dance; tell drop 99; tell drop x; tell line x; tell say "#no-channel" x
    await grep -q "not a channel.*no-channel" log
    grep -q "no such command: .dance" log && grep -q "no such connection: .drop 99" log'

# --- clients that behave badly

sim --ping 300ms --pong 300ms
session mute "$nick"
check 'who leaves a PING unanswered is closed, and counted' \
    'await test -s mute.end && await count "unanswered_pings == 1"'

# Ten bytes of upgrade and frames typed by hand, under a mask of zeros.
cat >>"$T/.functions" <<'EOF'
upgrade='GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n'
nick='\x81\x8f\0\0\0\0NICK justinfan7'
join='\x81\x8b\0\0\0\0JOIN #chess'
ends_with() { tr -d '\0' | tail -c 4 | od -An -tx1 | grep -q "$1"; }
EOF
sim --chat 100000 --slow-limit 100K
check 'a slow reader is dropped, and counted' \
    'exec 5<>"/dev/tcp/127.0.0.1/$(sed "s/.*://" url)"
    printf "$upgrade$nick$join" >&5
    await count "slow == 1 and .open == 0"'
check 'a message too large is refused at its first byte' \
    'http "$upgrade\x81\xff\0\0\0\0\0\x10\0\0\0\0\0\0x" | ends_with "03 f1"'
check 'so is a frame without a mask' \
    'http "$upgrade\x81\x01x" | ends_with "03 ea"'
check 'a binary frame is passed over' \
    'http "$upgrade$nick\x82\x84\0\0\0\0PING\x81\x84\0\0\0\0QUIT" | grep -c 376'
check 'a WebSocket ping is answered with its payload' \
    'exec 5<>"/dev/tcp/127.0.0.1/$(sed "s/.*://" url)"
    printf "$upgrade\x89\x83\0\0\0\0abc" >&5
    timeout 10 head -c 134 <&5 | tail -c 3 | grep -x abc'
check 'a half-sent request is no harm' \
    'printf "GET" >"/dev/tcp/127.0.0.1/$(sed "s/.*://" url)"; await count "open == 0"'

sim --chat 100000 --slow-limit 100K --patient --sent "$T/sent"
check 'a patient simulator waits for it' \
    'exec 5<>"/dev/tcp/127.0.0.1/$(sed "s/.*://" url)"
    printf "$upgrade$nick$join" >&5
    still() { a=$(count lines); sleep 0.3; test "$a" -gt 1000 -a "$a" = "$(count lines)"; }
    await still; before=$(count lines)
    cat <&5 >/dev/null & await count "lines > $before" && count "slow == 0"
    kill $!'

# --- TLS, and other answers to the upgrade

sim --tls --cert-file "$T/cert.pem"
check 'the certificate is good for localhost' \
    "grep -q '^wss://localhost:' url &&
    printf '%s\\n' '$nick' QUIT | client -c cert.pem | grep -q ' 376 '"
check 'and only for who trusts it' "! client </dev/null 2>err && grep -q CERTIFICATE_VERIFY_FAILED err"
check 'garbage instead of TLS is no harm' \
    'printf "GET / HTTP/1.1\r\n\r\n" >"/dev/tcp/127.0.0.1/$(sed "s/.*://" url)"
    await count "connections > 2 and .open == 0"'
sim --redirect
status 2 'a redirect to the secure place' 'client </dev/null >answer'
check 'which it names' \
    'grep -q "^HTTP/1.1 301 " answer && grep -q "^Location: wss://irc-ws.chat.twitch.tv:443" answer'
sim --http-status 503
status 2 'any other status' \
    'client </dev/null >answer; s=$?; grep -q "^HTTP/1.1 503 Service Unavailable" answer && exit $s'

# --- storms

sim --reconnect-close 0-1 --unheard --chat 200 --sent "$T/sent"
for who in one two three; do
	session $who "$caps" "$nick" 'JOIN #chess,#go'
	wait_for 10 "grep -q 'ROOMSTATE #go' $who"
done
check 'one of them is dropped' \
    'tell drop any; await count "open == 2"
    dropped() { grep -qsx 1 one.end two.end three.end; }; await dropped'
check 'everybody is told to reconnect, and closed, in some time' \
    'tell reconnect all 500ms
    await count "open == 0"
    for who in one two three; do
	await test -s $who.end
	grep -qx 1 $who.end || grep -q " RECONNECT$" $who || exit 1
    done'
check 'the chat goes on, and nobody hears it' \
    'await count "unheard > 20" && await grep -q "\"conn\":-1,\"channel\":\"go\",\"id\":\"........-" sent'
check 'who is refused can come back later' \
    "tell refuse 4s
    refused() { ! talk '$nick' 2>err && grep -q ConnectionRefused err; }
    again() { talk '$nick' | grep 376; }
    await refused && await again"

sim --duplicate 20 --reorder 30 --chat 2000 --sent "$T/sent" --paused
session one "$nick" "$caps" 'JOIN #chess'
wait_for 10 "grep -q ROOMSTATE one"
echo resume >&3
wait_for 10 'count "lines > 2000"'
echo pause >&3
check 'some lines come twice, and some out of order' \
    'same() { diff <(ids one) <(sent_ids 0); }
    await same
    ids one | sort | uniq -d | wc -l | awk "{ exit !(\$1 > 100) }"
    ! numbers chess <one | uniq | sort -nc'
check 'but none is lost, and none comes thrice' \
    'numbers chess <one | sort -nu | diff - <(seq $(numbers chess <one | sort -n | tail -1)) &&
    ! ids one | sort | uniq -c | grep -v "^ *[12] "'

# --- servers that are not well

sim --upgrade silent
cat >>"$T/.functions" <<'EOF'
# What comes in some time that is too short for anything else.
glimpse() {
	exec 5<>"/dev/tcp/127.0.0.1/$(sed 's/.*://' "$T/url")"
	printf "$upgrade$nick" >&5
	timeout 0.5 cat <&5
}
EOF
check 'accept, and say nothing' 'glimpse >saw; test $? = 124 && ! test -s saw'
check 'half a head' \
    'echo upgrade half >&3; half() { glimpse >saw; grep -q "^Upgrade: webs$" saw; }; await half'
check 'garbage, and the end' \
    'echo upgrade garbage >&3; garbage() { glimpse >saw; grep -qa "^SSH-2.0" saw; }; await garbage'
check 'the upgrade, and then nothing' \
    'echo upgrade mute >&3; mute() { glimpse >saw; grep -q "^HTTP/1.1 101" saw; }
    await mute && ! grep 001 saw'
check 'a status, for some time' \
    "echo upgrade 403 1500ms >&3
    forbidden() { glimpse >saw; grep -q '^HTTP/1.1 403 Forbidden' saw; }
    again() { talk '$nick' | grep 376; }
    await forbidden && await again"
status 2 'no other answer is known' 'twitch-sim --upgrade nicely'

# --- beginning and end

sim
session one "$nick"
wait_for 10 'grep -q 376 one'
kill "$pid"
wait "$pid"
report $? 'SIGTERM ends it with status 0'
pid=
check 'and closes its connections' 'await grep -qx 0 one.end'
check 'commands may be a file, whose end is ignored' \
    'echo pause >commands.txt; echo quit >>commands.txt; twitch-sim <commands.txt'
check 'or closed' 'timeout -s TERM 0.5 twitch-sim <&-; test $? = 124'
sim --sent /dev/full
session one "$nick" 'JOIN #chess'
wait_for 10 'grep -q 366 one'
echo say chess hello >&3
echo quit >&3
wait "$pid"
[ $? = 1 ]
report $? 'a log that cannot be written is a failure'
pid=
status 2 'a log that cannot be opened' 'twitch-sim --sent /nowhere/sent'
status 2 'a URL that cannot be written' 'twitch-sim --url-file /nowhere/url'
status 2 'a replay that is not there' 'twitch-sim --replay /nowhere/file'
status 2 'a replay of nothing' 'twitch-sim --replay /dev/null'
status 2 'an account without a token' 'twitch-sim --account bar'
status 2 'accounts that are not there' 'twitch-sim --accounts /nowhere/file'
status 2 'a channel that is none' 'twitch-sim --banned b@d'
sim
status 1 'a port that is taken' 'twitch-sim --port "$(sed "s/.*://" url)"'
finish
