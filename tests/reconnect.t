#!/bin/sh
# The reader changes its connections under load, or loses one of two, and
# each line comes out once.
. "$(dirname "$0")/lib.sh"
. "$TOP/tests/reader.sh"

cat >>"$T/.functions" <<'EOF'
# Each line that has an id is in out, once.
each_once() {
	ids | sort >ids && sent_ids | sort -u >sent.ids && cmp ids sent.ids
}
# The same in the end, when no more is said.
settled() { tell pause && eventually each_once && [ -s ids ]; }
many() { seq -f channel%.0f "${1:-20}"; }
lines() { wc -l <sent; }
# So many more lines are sent.
more() {
	enough=$(($(lines) + $1))
	eventually '[ $(lines) -ge $enough ]'
}
# So many connections have been left for their successors.
replaced() { eventually "[ \$(grep -c 'replaced by another' out) = $1 ]"; }
no() { ! grep -q "\"$1\"" out; }
metric() { eventually "grep -qx 'ws_reader_$1' run/metrics/ws-reader.prom"; }
EOF

sim --chat 3000 --reconnect-close 20
check 'RECONNECT to all connections: nothing is lost, nothing comes twice' '
	begin -n 5 -i 0 $(many) && joined $(many) && more 1000 &&
	tell reconnect all && replaced 4 && more 1000 && settled && no gap &&
	jq -e ".violations == 0" counts'
sim --chat 3000 --reconnect-close 20
check 'it is recorded, counted, and no channel seems to come or go' '
	begin -n 5 -i 0 $(many) && joined $(many) && tell reconnect all &&
	replaced 4 && has ".event == \"reconnecting\" and .delay == null and
	    .reason == \"the server asks to reconnect\"" &&
	[ $(grep -c "\"joined\"" out) = 20 ] && no parted &&
	metric "reconnects_total{reason=\"server\"} 4" &&
	metric "connections_lost_total 0" &&
	eventually "jq -e \".joined == 40 and .parts == 20\" counts"'
sim --chat 3000 --reconnect-close 20
check 'while one is replaced, so is its successor' '
	begin -n 5 -i 300ms $(many 10) && joined $(many 10) &&
	tell reconnect all && eventually "grep -q \"\\\"conn\\\":2,\" out" &&
	tell reconnect all &&
	eventually "grep -q \"\\\"conn\\\":2,.*replaced by another\" out" &&
	more 500 && settled && no gap'
check 'a successor is opened before connections with nothing to lose' '
	tell resume && begin -n 1 -i 400ms $(many) &&
	eventually "grep -q \"\\\"joined\\\"\" out" && tell reconnect all &&
	replaced 1 && [ $(grep -c "\"connected\"" out) -lt 15 ]'
sim --chat 3000 --reconnect-close 20
check 'a command has one connection replaced' '
	tell resume && begin -n 5 -i 0 $(many 10) && joined $(many 10) &&
	twitch-ctl reconnect 1 && replaced 1 && more 500 && no gap &&
	metric "reconnects_total{reason=\"command\"} 1" &&
	metric "connections{state=\"ready\"} 2"'
check 'a connection that is being replaced goes on, its successor or not' '
	begin -n 5 -i 0 $(many 5) && joined $(many 5) &&
	tell upgrade 503 && tell reconnect all &&
	eventually "grep -q \"HTTP 503\" err" && more 1000 &&
	metric "connections{state=\"replaced\"} 1" && tell upgrade accept &&
	replaced 1 && no gap && [ $(grep -c "\"joined\"" out) = 5 ]'

sim --chat 3000 --reconnect-close 0
check 'a server that closes at once: what is missed is a gap' '
	begin -n 5 -i 0 $(many 5) && joined $(many 5) && more 100 &&
	tell upgrade 503 1s && tell reconnect all &&
	eventually "[ \$(grep -c \"\\\"gap\\\"\" out) = 5 ]" &&
	[ $(grep -c "\"joined\"" out) = 10 ] &&
	has ".event == \"gap\" and .reason == \"disconnected\" and .from < .to"'

sim --chat 1000 --reconnect-close 30
check 'a storm: the JOINs of the successors wait as the limit demands' '
	begin -n 30 $(many 60) && eventually "[ \$(grep -c \"\\\"joined\\\"\" \
	    out) = 60 ]" && tell reconnect all 1s && replaced 2 && settled &&
	no gap && jq -e ".violations == 0" counts'

sim --chat 3000
check '-R 2: each channel is on two connections, each line comes once' '
	begin -n 5 -R 2 -i 0 $(many) && joined $(many) &&
	eventually "jq -e \".joined == 40 and .logins == 8\" counts" &&
	more 1000 && settled && [ $(grep -c "\"joined\"" out) = 20 ] &&
	eventually "jq -e \".channels | length == 20 and
	    all(.phase == \\\"joined\\\" and .conn != .also[0])\" \
	    run/status.json" && metric "channels{phase=\"joined\"} 20"'
sim --chat 3000
check '-R 2: one of them is cut: nothing is lost, there is no gap' '
	begin -n 5 -R 2 -i 0 $(many) &&
	eventually "jq -e \".joined == 40\" counts" && more 500 &&
	tell drop 0 && more 500 &&
	eventually "jq -e \".joined == 45\" counts" && tell drop 7 &&
	eventually "jq -e \".joined == 50\" counts" && more 500 &&
	settled && no gap && no parted && [ $(grep -c "\"joined\"" out) = 20 ] &&
	metric "reconnects_total{reason=\"closed\"} 2"'
check '-R 2: both are cut: that is a gap' '
	tell resume && begin -n 5 -R 2 -i 0 $(many 5) &&
	joined $(many 5) && tell drop all &&
	eventually "[ \$(grep -c \"\\\"gap\\\"\" out) = 5 ]"'
sim --chat 3000 --reconnect-close 20
check '-R 2: RECONNECT to all' '
	begin -n 5 -R 2 -i 0 $(many) &&
	eventually "jq -e \".joined == 40\" counts" && more 500 &&
	tell reconnect all && replaced 8 && more 500 && settled && no gap'

sim --chat 3000 --duplicate 30 --reorder 30
check 'lines that the server sends again are passed on once' '
	begin chess xqc && joined chess xqc && more 3000 && settled &&
	[ $(sent_ids | wc -l) -gt $(wc -l <ids) ] &&
	eventually "! grep -qx \"ws_reader_lines_again_total 0\" \
	    run/metrics/ws-reader.prom"'
sim
check 'without an id they are known by their time, or not at all' '
	begin chess && joined chess &&
	for i in 1 2; do
		tell "line @tmi-sent-ts=1 :tmi.twitch.tv CLEARCHAT #chess :eve"
		tell "line @tmi-sent-ts=2 :tmi.twitch.tv CLEARCHAT #chess :eve"
		tell "line @msg-id=x :tmi.twitch.tv NOTICE #chess :again"
	done && eventually "[ \$(grep -c again out) = 2 ]" &&
	[ $(grep -c CLEARCHAT out) = 2 ]'
check 'a message of several channels is one of each' '
	begin chess xqc && joined chess xqc &&
	tell "line @id=7 :u!u@u PRIVMSG #chess :hi" &&
	tell "line @id=7 :u!u@u PRIVMSG #xqc :hi" &&
	tell "line @id=7 :u!u@u PRIVMSG #chess :hi" &&
	tell "line @id=8 :u!u@u PRIVMSG #chess :bye" &&
	eventually "grep -q bye out" && [ $(grep -c ":hi" out) = 2 ]'

sim --chat 1000 --account ann=a --account bob=b --limit-rooms 8 \
    --limit-joins 100 --reconnect-close 30
cat >>"$T/.functions" <<'EOF'
# Ann and bob, 8 channels each at most.
both() {
	begin -a ann -a bob -t 'case $1 in ann) echo a;; bob) echo b;; esac' \
	    -n 5 -r 8 -j 100 -i 0 "$@"
}
EOF
check 'accounts: a successor is in the rooms that its account is in' '
	both $(many 16) && joined $(many 16) && more 300 &&
	tell reconnect all && replaced 4 && more 300 && settled && no gap &&
	! grep -q concurrent_channel out && jq -e ".violations == 0" counts'
check 'accounts: so is a second connection, with -R 2' '
	tell resume && both -R 2 $(many 16) && joined $(many 16) &&
	eventually "jq -e \".channels | length == 16 and
	    all(.phase == \\\"joined\\\" and (.also | length) == 1)\" \
	    run/status.json" && ! grep -q concurrent_channel out &&
	jq -e ".violations == 0" counts'
finish
