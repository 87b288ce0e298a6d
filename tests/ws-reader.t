#!/bin/sh
# The reader, on the stand-in for Twitch: what is sent comes out, whatever
# happens to the connections.
. "$(dirname "$0")/lib.sh"
. "$TOP/tests/reader.sh"

# Some things take their time: a server that says nothing, or not all, and a
# connection that goes dead without a word are found in 20 seconds, and the
# 21st JOIN waits ten. They run beside the rest.
mkfifo "$T/slow.commands"
exec 4<>"$T/slow.commands"
twitch-sim --url-file "$T/slow.url" --counts "$T/slow.counts" \
    <"$T/slow.commands" &
started=$!
wait_for 10 'test -s slow.url' || report 1 'the slow simulator starts'
slow() {
	name=$1
	shift
	TWITCH_RUN_DIR=$T/$name.run TWITCH_STATE_DIR=$T/$name.state start \
	    ws-reader -u "$(cat "$T/slow.url")" "$@" >"$T/$name" 2>"$T/$name.err"
}
slow dead chess
wait_for 10 'grep -q joined dead' || report 1 'the slow reader joins'
echo 'half-open 0' >&4
slow paced $(seq -f channel%.0f 30)
for answer in silent half mute; do
	start twitch-sim --url-file "$T/$answer.url" --upgrade $answer
	wait_for 10 "test -s $answer.url" || report 1 "$answer starts"
	TWITCH_RUN_DIR=$T/$answer.run TWITCH_STATE_DIR=$T/$answer.state start \
	    ws-reader -u "$(cat "$T/$answer.url")" chess >"$T/$answer" \
	    2>"$T/$answer.err"
done

check 'help is the synopsis, on standard output' \
    'ws-reader --help | grep "^usage: ws-reader \[-hmV\]"'
check 'the version' 'ws-reader --version | grep -x "ws-reader [0-9.]*"'
for wrong in --nonsense '-b 1' '-b many' '-n 0' '-R 3' '-o maybe' '-g soon' \
    '-u http://127.0.0.1' '-u nonsense' '-a a,b' 'a,b' '-f /nonexistent' \
    '-f /' '-C /nonexistent chess'; do
	status 2 "wrong usage: $wrong" \
	    "rm -rf run state; ws-reader -u ws://127.0.0.1:9 $wrong"
done

sim --chat 200 --ping 1 --pong 5
check 'all chat comes out, each line once and in order, as JSON' '
	begin chess xqc && joined chess xqc &&
	eventually "[ \$(wc -l <sent) -ge 300 ]" && tell pause && sleep 0.3 &&
	complete && end && jq -e . out >/dev/null'
check 'the login comes first, then connected, joined, chat' '
	jq -r ".event // (.line | sub(\"^@[^ ]* \"; \"\") | split(\" \")[1])" out |
	    awk "!seen[\$0]++" | tr "\n" " " >order &&
	grep "^CAP 001 connected 002 .* 366 ROOMSTATE joined .*PRIVMSG" order'
check 'each record has its time and its connection' '
	jq -e "select((.ts > 1700000000000 and .conn == 0) | not)" out; [ $? = 4 ]'
check 'PING is answered, and a line like any other' '
	jq -r "select(.line).line" out | grep "^PING :tmi.twitch.tv" &&
	jq -e ".pongs >= 1 and .unanswered_pings == 0" counts'
check 'SIGTERM ends it with status 0' '
	begin chess && joined chess && end'
check 'so does SIGINT' '
	begin chess && joined chess && kill -INT $reader && wait $reader'
check 'the FIFO: join, part' '
	begin && eventually "[ -p run/ctl ]" && echo "join chess #XQC" >run/ctl &&
	joined chess xqc && echo "part chess" >run/ctl &&
	eventually "grep -q parted out" &&
	events | grep -v connected | sort | tr "\n" " " |
	    grep -qx "joined chess joined xqc parted chess "'
check 'a bad name is refused and logged, its neighbours are joined' '
	begin && eventually "[ -p run/ctl ]" &&
	printf "join good a-b ##c worse,name other\n" >run/ctl &&
	joined good other && grep -q "not a channel name: .a-b" err'
check 'a command that is none changes nothing' '
	begin chess && joined chess && echo "quit now" >run/ctl &&
	eventually "grep -q \"unknown command .quit\" err" &&
	echo "join xqc" >run/ctl && joined xqc'
check 'the FIFO: a set, in several lines' '
	begin a b && joined a b &&
	printf "%s\n" "set-begin 7" "set-add 7 b" "set-add 7 c d" >run/ctl &&
	echo "set-commit 7" >run/ctl && joined c d &&
	eventually "grep -q parted out" &&
	events | grep -v connected | sort | tr "\n" " " |
	    grep -x "joined a joined b joined c joined d parted a "'
check 'the FIFO: reconnect' '
	begin chess && joined chess && echo "reconnect 0" >run/ctl &&
	eventually "grep -q \"replaced by another\" out"'
check 'channels.json: sorted, with #, of nobody' '
	begin xqc chess && joined chess && end &&
	jq -ce "[.schema, .account, .channels]" state/channels.json |
	    grep -qxF "[1,\"anonymous\",[\"#chess\",\"#xqc\"]]"'
check 'the next reader wants what the last one wanted' '
	begin chess && joined chess && echo "join xqc" >run/ctl && joined xqc &&
	end && again && joined chess xqc'
check 'channels given replace what was wanted' '
	begin chess && joined chess && end && again xqc && joined xqc &&
	end && jq -ce .channels state/channels.json | grep -qxF "[\"#xqc\"]"'
check 'a list from a file, with comments' '
	printf "%s\n" "# a comment" "" "#" "#Chess" "  xqc" >list &&
	begin -f list && joined chess xqc'
check 'SIGHUP reads the list again' '
	printf "%s\n" chess xqc >list && begin -f list extra &&
	joined chess xqc extra && printf "%s\n" xqc forsen >list &&
	kill -HUP $reader && joined forsen && eventually "grep -q parted out" &&
	events | grep -v connected | sort | tr "\n" " " | grep -x "joined chess \
joined extra joined forsen joined xqc parted chess "'
check 'a list that is broken by then changes nothing' '
	echo chess >list && begin -f list && joined chess && echo "b a d" >list &&
	kill -HUP $reader && eventually "grep -q \"not a channel\" err" &&
	echo "join xqc" >run/ctl && joined xqc && ! grep -q parted out'
check 'so does one that is not at its end when it is told to stop' '
	mkfifo slow.list && { echo chess >slow.list & } &&
	begin -f slow.list && joined chess && kill -HUP $reader &&
	exec 9>slow.list && echo xqc >&9 && end &&
	jq -ce .channels state/channels.json | grep -qxF "[\"#chess\"]"'
check 'and at the start what was wanted before is still' '
	exec 9<>slow.list && echo xqc >&9 && again -f slow.list &&
	eventually "[ -p run/ctl ]" && end &&
	jq -ce .channels state/channels.json | grep -qxF "[\"#chess\"]"'
check 'a list from standard input' '
	begin -f - <<<"chess" && joined chess'
status 2 'a list with something that is no channel names the line' '
	rm -rf run state; printf "chess\nb a d\n" |
	    ws-reader -u "$(cat url)" -f - 2>err
	s=$?; grep -q "line 2: .b a d. is not a channel name" err && exit $s'
status 2 'a directory as standard input' '
	rm -rf run state; ws-reader -u "$(cat url)" -f - </'
check 'nothing that is opened takes the place of standard output' '
	rm -rf run state
	ws-reader -u "$(cat url)" chess <&- >&- 2>err
	[ $? = 1 ] && grep -q "cannot write standard output" err'
check 'with no channel it waits, and says so once' '
	begin && eventually "grep -q \"waiting for .join. on\" err" &&
	sleep 0.2 && [ $(wc -l <err) = 1 ]'
status 2 'the channels of another account are not taken' '
	rm -rf run state; mkdir state
	echo "{\"schema\":1,\"account\":\"eve\",\"channels\":[]}" >state/channels.json
	ws-reader -a bob -u "$(cat url)" 2>err; s=$?
	grep -q "another account.*TWITCH_STATE_DIR" err && exit $s'
check 'without an account they are, and then they are nobody'"'"'s' '
	echo "{\"schema\":1,\"account\":\"eve\",\"channels\":[\"#chess\"]}" \
	    >state/channels.json && again && joined chess &&
	echo "join xqc" >run/ctl && joined xqc && end &&
	jq -ce "[.account, .channels]" state/channels.json |
	    grep -qxF "[\"anonymous\",[\"#chess\",\"#xqc\"]]"'
status 2 'a channels.json that is damaged is not overwritten' '
	rm -rf run state; mkdir state; echo "{" >state/channels.json
	ws-reader -u "$(cat url)" chess; s=$?
	grep -qx "{" state/channels.json && exit $s'
check 'a full disk is a warning' '
	begin chess && joined chess && chmod 500 state && rm -f state/* ;
	mkdir -p state/channels.json/x; echo "join xqc" >run/ctl && joined xqc &&
	eventually "grep -q \"warning: cannot write .*channels.json\" err"
	s=$?; chmod 700 state; exit $s'
status 2 'a second reader on the same FIFO' '
	begin chess && joined chess && ws-reader -u "$(cat url)" 2>err2; s=$?
	grep -q "another reader listens on .*run/ctl.*TWITCH_RUN_DIR" err2 &&
	exit $s'
check 'status.json' '
	begin chess && joined chess &&
	eventually "jq -e .channels[0].channel_id run/status.json" &&
	jq -e ".schema == 1 and .connections[0].state == \"ready\" and
	    .connections[0].identity == \"anonymous\" and
	    .channels[0].phase == \"joined\" and .channels[0].conn == 0 and
	    (.updated_at | test(\"Z$\"))" run/status.json &&
	[ .$(jq .pid run/status.json) = .$reader ]'
check 'the metrics' '
	begin chess && joined chess && eventually "grep -qx \
	    \"ws_reader_channels{phase=\\\"joined\\\"} 1\" run/metrics/*.prom" &&
	grep -qx "ws_reader_joins_confirmed_total 1" run/metrics/ws-reader.prom'
check 'channels are spread over connections, -n on each' '
	begin -n 2 -i 0 a b c d e && joined a b c d e &&
	eventually "jq -e \"[.connections[].channels] | sort == [1,2,2]\" run/status.json"'
check 'a connection that is cut is opened again, its channels joined' '
	begin -n 2 -i 0 a b c && joined a b c && tell drop all &&
	eventually "[ \$(grep -c \"\\\"joined\\\"\" out) = 6 ]" &&
	events | grep -c disconnected | grep -qx 2 &&
	has ".event == \"disconnected\" and .reason != null"'
check 'what was missed meanwhile is a gap, of that channel' '
	begin chess && joined chess && tell drop all &&
	eventually "grep -q gap out" && has ".event == \"gap\" and
	    .channel == \"chess\" and .reason == \"disconnected\" and
	    .from <= .to and .to == .ts" &&
	[ $(jq -s "map(.event == \"joined\") | rindex(true)" out) -lt \
	    $(jq -s "map(.event == \"gap\") | index(true)" out) ]'
check 'a part by the server is noticed, and the channel joined again' '
	begin chess && joined chess && tell part chess &&
	eventually "[ \$(grep -c \"\\\"joined\\\"\" out) = 2 ]" &&
	has ".event == \"parted\" and .reason != null"'
check 'a channel that suspends is refused, with the reason' '
	begin chess xqc && joined chess xqc && tell suspend chess &&
	tell part chess && eventually "grep -q refused out" &&
	has ".event == \"refused\" and .channel == \"chess\" and
	    .reason == \"msg_channel_suspended\"" &&
	tell open chess'

tell() { printf '%s\n' "$*" >&3; }
tell resume
status 1 'standard output is full' '
	rm -rf run state; ws-reader -u "$(cat url)" chess >/dev/full'
status 1 'standard output is closed' '
	rm -rf run state; ws-reader -u "$(cat url)" chess >&-'
status 1 'the next stage goes away' '
	rm -rf run state; ws-reader -u "$(cat url)" chess 2>err | head -2 >out
	exit ${PIPESTATUS[0]}'
check 'SIGTERM in mid-stream leaves whole records' '
	begin chess && joined chess && end && jq -e . out >/dev/null &&
	[ -z "$(tail -c 1 out)" ]'
check 'standard output gets its flags back' '
	{ ws-reader -u "$(cat url)" chess & p=$!; sleep 0.5; kill $p; wait $p
	grep flags: /proc/self/fdinfo/1 >flags; } | cat >out &&
	! grep -q "04...$" flags'

sim --suspended gone --banned ours --tos closed --silent ghost
check 'refusals have their reasons, and keep nobody else waiting' '
	begin gone ours closed ghost chess && joined chess &&
	eventually "[ \$(grep -c refused out) = 3 ]" &&
	jq -r "select(.event == \"refused\") | .channel + \" \" + .reason" out |
	    sort | tr "\n" " " | grep -qx "closed tos_ban gone \
msg_channel_suspended ours msg_banned "'

sim --account ann=secret0token --chat 50
check 'an account logs in with its token; no log shows it' '
	TWITCH_OAUTH_TOKEN=oauth:secret0token DEBUG=1 begin -a Ann chess &&
	joined chess && end && ! grep -q secret0token out err &&
	has ".event == \"connected\" and .account == \"ann\""'
check 'a command gives the token' '
	begin -a ann -t "echo \$1 >asked; echo secret0token" chess &&
	joined chess && grep -qx ann asked'
status 3 'a refused token is asked for once more, then it is over' '
	rm -rf run state asked
	ws-reader -u "$(cat url)" -a ann -t "echo x >>asked; echo wrong" chess 2>err
	s=$?; [ $(wc -l <asked) = 2 ] && grep -q "Login authentication failed" err &&
	exit $s'
status 3 'a refused TWITCH_OAUTH_TOKEN is over at once' '
	rm -rf run state
	TWITCH_OAUTH_TOKEN=oauth:wrong ws-reader -u "$(cat url)" -a ann chess'
status 3 'a command that exits 3 has no token' '
	rm -rf run state; ws-reader -u "$(cat url)" -a ann -t "exit 3" chess'
status 2 'a command that is not there' '
	rm -rf run state; ws-reader -u "$(cat url)" -a ann -t /nonexistent chess'
check 'a command that fails is tried again' '
	begin -a ann -t "[ -e asked2 ] && echo secret0token && exit
	    touch asked2; exit 1" chess && joined chess'
status 2 'a token without its prefix' '
	rm -rf run state
	TWITCH_OAUTH_TOKEN=abc ws-reader -u "$(cat url)" -a ann chess'
for text in 'Login unsuccessful' 'Improperly formatted AUTH' 'Invalid NICK'; do
	sim --account ann=t --refuse "$text"
	status 3 "refused: $text" '
		rm -rf run state
		TWITCH_OAUTH_TOKEN=oauth:t ws-reader -u "$(cat url)" -a ann chess'
done

sim --redirect
status 2 'a redirect names the new place' '
	rm -rf run state; ws-reader -u "$(cat url)" chess 2>err; s=$?
	grep -q "give --url .wss://" err && exit $s'
sim --http-status 503
check 'a busy server is tried again, and the reason said' '
	begin chess && eventually "grep -q \"HTTP 503.; again in\" err" &&
	jq -r "select(.event == \"reconnecting\").reason" out |
	    grep -q "HTTP 503"'

sim --http-status 403
check 'so is one that forbids' '
	begin chess && eventually "grep -q \"HTTP 403.; again in\" err"'
sim --upgrade garbage
check 'and one that speaks something else' '
	begin chess && eventually "grep -q \"does not speak HTTP; again in\" err"'

sim --tls --cert-file "$T/cert" --chat 100
check 'TLS, with a certificate that is trusted' '
	begin -C cert chess && joined chess &&
	eventually "[ \$(wc -l <sent) -ge 100 ]" && tell pause && sleep 0.3 &&
	complete'
check 'a certificate that is not trusted is said' '
	begin chess && eventually "grep -q \"TLS: self-signed\" err"'

# 400-byte lines, more than the buffer and the pipe hold, to a stage that
# takes none of them for a while.
awk 'BEGIN { for (i = 0; i < 1000; i++) printf "@t=%0340d :u!u@u PRIVMSG #chess :%d\n", 0, i }' \
    >"$T/flood"
cat >>"$T/.functions" <<'EOF'
# A reader of the flood whose standard output nobody reads.
stall() {
	rm -rf run state
	mkfifo slow
	exec 8<>slow
	ws-reader -u "$(cat url)" -b 2M "$@" >slow 2>err 8<&- &
	reader=$!
	trap 'kill -9 $reader $cat 2>/dev/null; wait; rm -f slow' EXIT
	tell resume
	read -r first <slow
}
# Read on.
relieve() {
	cat <slow >out 8<&- &
	cat=$!
}
# All that was sent by now is in out, or in a gap of it. PINGs and the login
# are lines, too.
accounted() {
	sent=$(jq .lines counts)
	lost=$(grep '"gap"' out | jq -s 'map(.lines) | add // 0')
	sum=$(($(grep -c '"line":' out) + lost))
	more=$(jq ".pings + 20 * .connections" counts)
	[ $sum -ge $sent ] && [ $sum -le $((sent + more)) ]
}
EOF
sim --patient --ping 1 --pong 4 --replay "$T/flood" --rate 20000 --loop --paused
check 'a stalled stage: PING is answered, lines are dropped and counted' '
	stall chess && eventually "grep -q \"lines are left out\" err" &&
	eventually "jq -e \".pongs >= 2\" counts" && relieve &&
	eventually "grep -q \"passed on again\" err" && tell pause &&
	eventually accounted && [ $lost -gt 0 ] &&
	jq -e ".unanswered_pings == 0" counts && end'
sim --patient --replay "$T/flood" --rate 20000 --loop --paused
check '--on-overflow block: nothing is dropped' '
	stall -o block chess &&
	eventually "[ \$(jq .lines counts) -gt 10000 ]" && relieve &&
	eventually "[ \$(wc -l <out) -gt 20000 ]" && tell pause &&
	eventually accounted && [ $lost = 0 ] && end'
awk '{ sub("#chess", "#c" NR % 12); print }' "$T/flood" >"$T/floods"
cat >>"$T/.functions" <<'EOF'
# What the reader has used of the processor, in ticks.
ticks() { awk '{ print $14 + $15 }' /proc/$reader/stat; }
# It waits for the next stage, and does nothing else.
rests() {
	before=$(ticks)
	sleep 1
	[ $(($(ticks) - before)) -lt $(($(getconf CLK_TCK) / 2)) ]
}
EOF
sim --tls --cert-file "$T/cert" --patient --replay "$T/floods" --rate 20000 \
    --loop --paused
check 'so is nothing on many connections, none of which is taken for closed' '
	stall -C cert -o block -n 1 c{0..11} &&
	eventually "[ \$(jq .lines counts) -gt 20000 ]" &&
	eventually rests && relieve &&
	eventually "[ \$(wc -l <out) -gt 30000 ]" && tell pause &&
	eventually accounted && [ $lost = 0 ] && end &&
	! grep disconnected out'

wait_for 40 'grep -q "no data for 20 s" dead'
report $? 'a connection that went dead without a word is found in 20 s'
for answer in silent half; do
	wait_for 40 "grep -q 'no answer in 20 s while upgrade' $answer.err"
	report $? "a server whose answer to the upgrade is $answer is given up"
done
wait_for 40 "grep -q 'no answer in 20 s while login' mute.err"
report $? 'so is one that never answers the login'
wait_for 40 '[ $(grep -c "\"joined\"" paced) = 30 ]'
report $? 'the 21st JOIN waits until the limit allows it'
check 'and no limit was broken' 'jq -e ".violations == 0" slow.counts'
finish
