#!/bin/sh
# twitch-oauth login --browser and serve: the authorization-code flow, by curl
# and by a person's browser, whose pictures go to the build folder
. "$(dirname "$0")/lib.sh"
unset CLIENT_ID CLIENT_SECRET TWITCH_REDIRECT_URI TWITCH_SCOPES \
    OAUTH_SERVER_PORT TWITCH_AUTH_PORT
TWITCH_CLIENT_ID=conf TWITCH_CLIENT_SECRET='se+kr&t'
export TWITCH_CLIENT_ID TWITCH_CLIENT_SECRET

start twitch-sim --api-url-file "$T/url" --client conf='se+kr&t' --client pub
wait_for 10 '[ -s url ]'
TWITCH_OAUTH_URL=$(cat "$T/url")
export TWITCH_OAUTH_URL
start twitch-oauth serve -l 0 >"$T/rows" 2>"$T/log"
server=$pid
wait_for 10 'grep -q listening log'
S=$(sed -n 's/.*log in at \(.*\)\/auth$/\1/p' "$T/log")
export S

cat >"$T/.functions" <<'END'
U=$TWITCH_OAUTH_URL
A=$TWITCH_STATE_DIR/accounts

sim() { curl -sS -f "$U/sim/$1"; }
count() { sim counts | jq ".$1"; }
until_true() { for i in $(seq 500); do eval "$1" && return; sleep 0.02; done; return 1; }

# The body, then the status on a line of its own.
get() { curl -sS -w '\n%{http_code}\n' "$@"; }

# Where a page sends the browser.
sends() { curl -sS -o t -w '%{redirect_url}\n' "$1"; }

# The address that Twitch sends a person back to, not yet visited.
come_back() { sends "$(sends "$S/auth")"; }
END

check 'the first page leads to the login' '
	curl -sS -f "$S/" | grep -q "<a href=\"auth\">Click here to authenticate with Twitch</a>"'
check '/auth sends the browser to Twitch, everything escaped' '
	sends "$S/auth" | grep -Eqx "$U/oauth2/authorize\?client_id=conf&redirect_uri=http%3A%2F%2Flocalhost%3A${S##*:}%2Fcallback&response_type=code&scope=chat%3Aread&state=[0-9a-f]{32}"'
check 'a person logs in' '
	sim "person?login=alice" &&
	[ "$(get -L "$S/auth")" = "Authentication successful. Token saved.
200" ] && [ "$(stat -c %a "$A/alice.json")" = 600 ] &&
	twitch-oauth list | grep -q "^alice	alice	"'
check 'and the token is refreshed as any other' '
	jq ".expires_at = 0" "$A/alice.json" >e && cat e >"$A/alice.json" &&
	twitch-oauth token alice >t'
check 'no secret was logged or printed, none was in a URL' '
	! grep -e "se+kr" -e "$(jq -r .access_token "$A/alice.json")" log rows &&
	[ "$(count secrets_in_url)" = 0 ]'
check 'health and readiness are answered' '
	[ "$(get "$S/healthz")" = "ok
200" ] && [ "$(get "$S/readyz")" = "ready
200" ]'
check 'readiness is gone with the state directory' '
	mv "$TWITCH_STATE_DIR" moved && : >"$TWITCH_STATE_DIR"
	r=$(get "$S/readyz"); rm "$TWITCH_STATE_DIR" && mv moved "$TWITCH_STATE_DIR"
	[ "$r" = "not ready
503" ]'
check 'other paths are not found' 'get "$S/favicon.ico" | grep -qx 404'
check 'other methods are not allowed' '
	get -d x=y "$S/auth" | grep -qx 405 && get -X DELETE "$S/" | grep -qx 405'
check 'a body of 10 MB is not read' '
	head -c 10000000 /dev/zero >big
	s=$(curl -sS -o t -w "%{http_code} %{size_upload}" --data-binary @big "$S/callback")
	[ "$s" = "413 0" ] &&
	s=$(curl -sS -o t -w "%{http_code} %{size_upload}" -H Expect: --data-binary @big "$S/callback" 2>err)
	echo "$s"; [ "${s% *}" = 413 -o "${s% *}" = 000 ] && [ "${s#* }" -lt 9000000 ]'
check 'without a code: the words of each path' '
	[ "$(get "$S/callback")" = "Error: No code received
400" ] && [ "$(get "$S/auth/callback")" = "No authorization code provided.
400" ]'
check 'a forged state is refused, its code not used' '
	n=$(count exchanges)
	get "$S/callback?code=abc&state=00000000000000000000000000000000" |
	grep -qx 400 && get "$S/callback?code=abc" | grep -qx 400 &&
	get "$S/callback?code=abc&state=" | grep -qx 400 &&
	[ "$(count exchanges)" = "$n" ]'
check 'a callback works once' '
	to=$(come_back) && get "$to" | grep -qx 200 &&
	n=$(count exchanges) && get "$to" | grep -qx 400 &&
	[ "$(count exchanges)" = "$n" ]'
check 'a code replayed with a new state is refused by Twitch' '
	to=$(come_back) && get "$to" | grep -qx 200 && code=${to#*code=} &&
	fresh=$(come_back) &&
	[ "$(get "$S/callback?code=${code%%&*}&state=${fresh##*state=}")" = "Token exchange failed
502" ]'
check 'who denies is told, and the log says why' '
	sim "person?denies=1" && [ "$(get -L "$S/auth")" = "Error: No code received
400" ]; sim "person?denies=0" && grep -q "Twitch gave no code: access_denied" log'
check 'Twitch in trouble is not a refusal' '
	to=$(come_back) && sim "fail?path=/oauth2/token&status=503" &&
	[ "$(get "$to")" = "Failed to post
502" ]'
check 'CR LF in a parameter reaches no header, no log line, no form' '
	evil="a%0d%0aX-Evil:%201%0d%0a%0d%0a<script>"
	for q in "code=$evil" "code=a&state=$evil" "error=$evil" "$evil=1"; do
		curl -sS -i "$S/callback?$q" >>answers || exit 1
	done
	to=$(come_back) && state=${to##*state=} &&
	curl -sS -i "$S/callback?code=$evil&state=$state" >>answers &&
	to=$(come_back) && state=${to##*state=} &&
	curl -sS -i "$S/callback?error=$evil&state=$state" >>answers &&
	curl -sS -i "$S/$evil" >>answers &&
	! grep -qe "^X-Evil" -e "<script" answers && ! grep -q "^X-Evil" log'
check 'answers are kept from caches, frames and Referers' '
	curl -sS -i "$S/" >t && grep -qi "^Cache-Control: no-store" t &&
	grep -qi "^Referrer-Policy: no-referrer" t &&
	grep -qi "^X-Content-Type-Options: nosniff" t'
check 'who says nothing holds nobody up' '
	exec 3<>"/dev/tcp/127.0.0.1/${S##*:}" && printf "GET / HT" >&3 &&
	get "$S/healthz" | grep -qx 200'
check 'nor do a thousand connections and slow ones, which end' '
	ulimit -n 4096 && python3 "$TOP/tests/slow-clients.py" "$S"'
check 'nor a login that Twitch is slow with' '
	sim "hold?path=/oauth2/token" && to=$(come_back) && get "$to" >slow & p=$!
	until_true "[ \$(count held) = 1 ]" && get "$S/healthz" | grep -qx 200 &&
	sim release && wait $p && grep -qx 200 slow'
check 'nor twenty of them: some are done when Twitch answers, the others told' '
	sim "hold?path=/oauth2/token"
	for i in {1..20}; do to=$(come_back); get "$to" >slow.$i & ps="$ps $!"; done
	until_true "[ \$(count held) = 16 ] && [ \$(grep -l ^503 slow.* | wc -l) = 4 ]" &&
	get "$S/healthz" | grep -qx 200 && sim release && wait $ps &&
	[ $(grep -l ^200 slow.* | wc -l) = 16 ]'
check 'nor one that is gone before Twitch answers; it is done all the same' '
	n=$(grep -c "logged in as" log)
	sim "hold?path=/oauth2/token" && to=$(come_back)
	get "$to" >slow & p=$!
	until_true "[ \$(count held) = 1 ]" && kill -9 $p; wait $p
	sim release && until_true "[ \$(grep -c \"logged in as\" log) -gt $n ]" &&
	get "$S/healthz" | grep -qx 200'
check 'what it did is in its metrics' '
	until_true "grep -qx \"twitch_oauth_logins_total [1-9][0-9]*\" run/metrics/twitch-oauth.prom" &&
	grep -qx "twitch_oauth_failures_total [1-9]" run/metrics/twitch-oauth.prom'

status 2 'a port that is taken' 'twitch-oauth serve -l "${S##*:}"'
status 2 'a place that is none' 'twitch-oauth serve -l nowhere:99999'
status 2 'a redirect to a path that is not served' '
	TWITCH_REDIRECT_URI=http://localhost:3000/elsewhere twitch-oauth serve -l 0'
status 2 'a public client cannot log in by browser' '
	unset TWITCH_CLIENT_SECRET; TWITCH_CLIENT_ID=pub twitch-oauth serve -l 0'
check 'SIGTERM ends it with status 0' '
	twitch-oauth serve -l 0 2>log2 & p=$!
	until_true "grep -q listening log2" && kill $p; wait $p'
check 'it validates what there is, at once' 'grep -q "^alice	alice	" rows ||
	{ twitch-oauth serve -l 0 >rows2 2>log3 & p=$!
	until_true "grep -q ^alice rows2"; s=$?; kill $p; exit $s; }'

check 'login --browser serves until one person has logged in' '
	sim "person?login=bob"
	rm -f out; twitch-oauth login -b -l 0 >out 2>log4 & p=$!
	until_true "grep -q ^Open out" &&
	get -L "$(sed -n "s/^Open \(.*\) in a browser.$/\1/p" out)" | grep -qx 200 &&
	wait $p && [ -s "$A/bob.json" ]'
check 'the other path says what another system said' '
	port=$(python3 -c "import socket; s=socket.socket(); s.bind((\"127.0.0.1\",0)); print(s.getsockname()[1])")
	export TWITCH_REDIRECT_URI=http://localhost:$port/auth/callback OAUTH_SERVER_PORT=$port
	rm -f out; twitch-oauth login --browser --name bobby >out 2>log5 & p=$!
	until_true "grep -q ^Open out" &&
	[ "$(get -L "http://127.0.0.1:$port/auth")" = "Authentication successful! You can close this window. Tokens have been saved.
200" ] && wait $p && twitch-oauth list | grep -q "^bobby	bob	"'
if command -v chromium >/dev/null; then
	check 'all of it in a browser, with a page of consent' '
		sim "person?login=eve" && sim "set?consent_page=1"
		rm -f out; twitch-oauth login -b -l 0 -N other >out 2>log6 & p=$!
		until_true "grep -q ^Open out"
		python3 "$TOP/tests/login-page.py" "$S" \
		    "$(sed -n "s/^Open \(.*\) in a browser.$/\1/p" out)" "$U" \
		    "$B/login-page" >page 2>&1; s=$?
		sim "set?consent_page=0"; cat page; [ $s = 0 ] &&
		! grep "^not ok" page && [ $(grep -c "^ok" page) = 8 ] && wait $p'
	check 'and the accounts are kept' '
		twitch-oauth list | cut -f 1,2 >kept &&
		grep -qx "eve	eve" kept && grep -qx "other	eve" kept'
else
	skip 'all of it in a browser' 'there is no chromium'
fi
status 1 'SIGTERM ends a login that nobody has come to' '
	rm -f out; twitch-oauth login -b -l 0 >out 2>log7 & p=$!
	until_true "grep -q ^Open out"; kill $p; wait $p'

finish
