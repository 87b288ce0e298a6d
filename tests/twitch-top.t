#!/bin/sh
# twitch-top: the list against twitch-sim, its limits and the quirks of its pages
. "$(dirname "$0")/lib.sh"
unset CLIENT_ID CLIENT_SECRET TWITCH_CLIENT_ID TWITCH_CLIENT_SECRET

start twitch-sim --api-url-file "$T/url" --client conf=sekrit --client pub
wait_for 10 '[ -s url ]' || exit 1
TWITCH_OAUTH_URL=$(cat "$T/url")
TWITCH_HELIX_URL=$TWITCH_OAUTH_URL/helix
export TWITCH_OAUTH_URL TWITCH_HELIX_URL

cat >"$T/.functions" <<'END'
U=$TWITCH_OAUTH_URL
A=$TWITCH_STATE_DIR/accounts

sim() { curl -sS -f "$U/sim/$1"; }
count() { sim counts | jq ".$1"; }
until_true() { for i in $(seq 500); do eval "$1" && return; sleep 0.02; done; return 1; }
edit() { jq "$2" "$A/$1.json" >edited && cat edited >"$A/$1.json"; }

# All 250 streams of the simulator, in order, or the first $1 of them.
all() { seq -f streamer%05.0f 0 $((${1-250} - 1)); }
END

status 2 'without a client id it is said what to do' '
	twitch-top 2>err; s=$?; grep -q "run: twitch-oauth client" err || exit 99
	exit $s'
check 'a hundred channels, most viewers first' '
	printf "conf\nsekrit\n" | twitch-oauth client && twitch-top >t &&
	all 100 | cmp - t'
check '-n says how many' '
	twitch-top -n 3 >t && all 3 | cmp - t &&
	twitch-top -n 101 >t && all 101 | cmp - t'
check 'no more than there are' 'twitch-top -n 1000 >t && all | cmp - t'
check 'the token is kept for the next run' '[ "$(count applications)" = 1 ]'
check '-m leaves out who has fewer viewers' '
	twitch-top -n 1000 -m 450 >t && all 101 | cmp - t'
check '-l takes several languages' '
	twitch-top -n 1000 -l de -l fr >t && all | sed -n "2~5p;4~5p" | sort | cmp - t'
check '-G takes an id or a name' '
	twitch-top -n 1000 -G 743 >t && all | sed -n "2~3p" | cmp - t &&
	twitch-top -n 1000 -G chess >t && all | sed -n "2~3p" | cmp - t'
status 2 'a game that Twitch does not know' '
	twitch-top -G "No Such & Game" 2>err; s=$?
	grep -q "no game .No Such & Game." err || exit 99; exit $s'

for quirk in short_pages overlap loop repeat_cursor empty_end; do
	check "pages with $quirk give the same list" "
		sim set?$quirk=1 && timeout 20 twitch-top -n 1000 >t; s=\$?
		sim set?$quirk=0; [ \$s = 0 ] && all | cmp - t"
done
check 'a cursor that Helix forgets for a moment is asked with again' '
	sim set?invalid_cursor=1 && twitch-top -n 1000 >t 2>err &&
	all | cmp - t && grep -q "invalid cursor" err'
check 'trouble at the server passes' '
	sim "fail?path=/helix/streams&status=503" && twitch-top -n 1000 >t &&
	all | cmp - t'
status 2 'what does not pass is an error' '
	sim "fail?path=/helix/streams&status=403"; twitch-top'

check 'the rate limit is kept to, not run into' '
	sim "set?limit=2&window=2" && twitch-top -n 1000 >t && all | cmp - t &&
	[ "$(count limited)" = 0 ]'
check 'a limit that others have used up is waited for' '
	sim "set?limit=1&window=2" &&
	twitch-oauth headers -A | curl -sS -f -H @- "$U/helix/streams" >t &&
	twitch-top -n 1 >t && all 1 | cmp - t &&
	[ "$(count limited)" = 1 ]'
status 1 'SIGTERM ends the wait, and half a list is not printed' '
	sim "set?limit=1&window=60"; n=$(count calls)
	twitch-top -n 1000 >t 2>err & p=$!
	until_true "[ \$(count calls) -gt $n ]"; kill $p; wait $p; s=$?
	sim "set?limit=800"; [ ! -s t ] || exit 99; exit $s'

check 'a token that is refused is renewed' '
	sim expire && edit .app ".obtained_at = 0" && twitch-top -n 1 >t &&
	all 1 | cmp - t && [ "$(count applications)" = 2 ]'
check 'also one that is over in mid-list' '
	n=$(count applications); edit .app ".obtained_at = 0" && sim "hold?path=/helix/streams" || exit
	twitch-top -n 1000 >t & p=$!
	until_true "[ \$(count held) = 1 ]" && sim expire && sim release && wait $p &&
	all | cmp - t && [ "$(count applications)" = $((n + 1)) ]'
status 3 'one that is refused again is a matter for a person' '
	sim set?unauthorized=9; twitch-top; s=$?; sim set?unauthorized=0; exit $s'
check '-a asks as an account' '
	sim "person?login=alice" &&
	curl -sS -d "client_id=pub&scopes=chat:read" "$U/oauth2/device" >d &&
	curl -sS "$(jq -r .verification_uri d)" >t &&
	(umask 077; curl -sS -d "client_id=pub&device_code=$(jq -r .device_code d)" -d \
	grant_type=urn:ietf:params:oauth:grant-type:device_code "$U/oauth2/token" >g) &&
	TWITCH_CLIENT_ID=pub twitch-oauth import g alice >t &&
	twitch-top -a alice -n 1 >t && all 1 | cmp - t'
status 2 'an account that is not there' 'twitch-top -a nobody'
status 2 'an account that is an option' 'twitch-top -a --help'

check '-J prints snapshots in the shape of events' '
	twitch-top -J -n 2 >t && [ "$(wc -l <t)" = 2 ] && head -1 t |
	jq -e "del(.timestamp, .id) == {type: \"stream\",
	channel: \"streamer00000\", channel_id: \"9000000\",
	display_name: \"Streamer \\\"é\\\"\", stream_id: \"400000000\",
	kind: \"live\", title: \"a title\\twith a tab\", game_id: \"509658\",
	game_name: \"Just Chatting\", viewer_count: 750,
	started_at: 1795219198000, language: \"en\",
	thumbnail_url: \"https://static-cdn.example/{width}x{height}.jpg\",
	stream_tags: [\"English\"]}"'
check 'they keep to their schema' '
	twitch-top -J -n 250 >t && /usr/bin/python3 "$TOP/tests/schema.py" t |
	grep -qx "250 events of 1 types: stream"'
check 'their first fields are those of an event' '
	head -1 t | grep -q "^{\"type\":\"stream\",\"timestamp\":[0-9]\{13\},\"channel\":\"streamer00000\",\"channel_id\":\"9000000\",\"id\":\"400000000-[0-9]\{13\}\""'
check 'one run is one snapshot, two runs have no id in common' '
	twitch-top -J -n 150 >one && twitch-top -J -n 150 >two &&
	[ "$(jq .timestamp one | sort -u | wc -l)" = 1 ] &&
	[ "$(jq .id one two | sort -u | wc -l)" = 300 ]'

status 1 'standard output full' 'twitch-top >/dev/full'
status 1 'standard output full, in mid-list' 'twitch-top -J -n 250 >/dev/full'
status 1 'standard output closed' 'twitch-top >&-'
status 1 'a reader that goes away' 'twitch-top -J -n 250 | :'
status 2 'a number that is none' 'twitch-top -n 0'
status 2 'an argument too many' 'twitch-top chess'
status 2 'tokens do not go out in the clear' '
	TWITCH_HELIX_URL=http://twitch.example/helix twitch-top'
status 2 'without twitch-oauth it says so' '
	mkdir -p alone && cp "$(command -v twitch-top)" alone &&
	PATH=/usr/bin:/bin alone/twitch-top 2>err; s=$?
	grep -q "cannot run twitch-oauth" err || exit 99; exit $s'
check 'no token is in the log' '
	LOG_LEVEL=debug twitch-top -n 1 >t 2>err && grep -q "/streams: status 200" err &&
	! grep -q "$(twitch-oauth token -A)" err'
check 'progress is shown on a terminal, and only there' '
	script -qec "twitch-top -n 250 >t" /dev/null | grep -q "250 of 250 channels" &&
	twitch-top -n 250 2>err >t && [ ! -s err ]'

finish
