#!/bin/sh
# Every line that the simulator has sent comes out once, or lies within a gap
# that the reader has declared, whatever becomes of its connections; and no gap
# is invented.
. "$(dirname "$0")/lib.sh"
. "$TOP/tests/reader.sh"
. "$TOP/tests/accounting.sh"

crowd --chat 1000
proves 'nothing happens' '
	read_to out -n 10 && settle && sleep 2 && account out'

crowd --chat 500
proves "connections are cut at random, -R 1" "
	read_to out -n 10 && settle &&
	for cut in \$(seq $(seconds 20 1200)); do
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
	jq -cs "(map(select(.event == \"disconnected\"))[0].ts) as \$cut |
	    .[], {event: \"gap\", ts: .[-1].ts, channel: \"channel7\",
	    from: (\$cut - 200), to: (\$cut - 100)}" out >doctored
	! "$TOP/tests/accounting.py" sent held doctored >found &&
	grep "held all the time" found'

crowd --chat 1000 --duplicate 5 --reorder 5
proves 'one connection is cut, -R 2' "
	read_to out -n 10 -R 2 &&
	for cut in \$(seq $(seconds 3 100)); do
		settle && tell drop any && sleep 0.5
	done && account out"
check 'which loses nothing' 'grep " 0 lost in 0 gaps" totals'

crowd --chat 500 --duplicate 5 --reorder 5
proves "connections are cut at random, -R 2" "
	read_to out -n 10 -R 2 && settle &&
	for cut in \$(seq $(seconds 20 1200)); do
		tell drop any
		sleep 0.\$((RANDOM % 9 + 1))
	done && account out"

crowd --chat 1000 --reconnect-close 1-10
proves 'all connections are told to reconnect' "
	read_to out -n 10 && settle &&
	for time in \$(seq $(seconds 2 50)); do
		tell reconnect all 1s
		sleep 12
	done && account out"
check 'which loses nothing' 'grep " 0 lost in 0 gaps" totals'

crowd --chat 500
proves 'connections go dead without a word' "
	read_to out -n 10 && settle &&
	for dead in \$(seq $(seconds 1 30)); do
		tell half-open any
		tell half-open any
		sleep 20
	done && sleep 2 && account out"

finish
