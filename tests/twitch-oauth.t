#!/bin/sh
# twitch-oauth: every flow against twitch-sim, single refreshes, kills, forgeries
. "$(dirname "$0")/lib.sh"
unset CLIENT_ID CLIENT_SECRET TWITCH_CLIENT_ID TWITCH_CLIENT_SECRET \
    TWITCH_REDIRECT_URI TWITCH_SCOPES OAUTH_SERVER_PORT TWITCH_AUTH_PORT

start twitch-sim --api-url-file "$T/url" --client pub --client conf=sekrit
sim=$pid
wait_for 10 '[ -s url ]'
TWITCH_OAUTH_URL=$(cat "$T/url")
export TWITCH_OAUTH_URL

cat >"$T/.functions" <<'END'
U=$TWITCH_OAUTH_URL
A=$TWITCH_STATE_DIR/accounts

sim() { curl -sS -f "$U/sim/$1"; }
count() { sim counts | jq ".$1"; }
until_true() { for i in $(seq 500); do eval "$1" && return; sleep 0.02; done; return 1; }

# The person opens what a device login printed.
open() { until_true "grep -q ^Open '$1'"; curl -sS "$(sed -n 's/^Open //p' "$1")"; }

# login CLIENT PERSON: by the device flow, as a person does.
login() {
	sim "person?login=$2" && rm -f out
	TWITCH_CLIENT_ID=$1 twitch-oauth login >out & p=$!
	open out && wait $p
}

# have CLIENT PERSON: the same without the program and its polling.
have() {
	sim "person?login=$2" &&
	curl -sS -d "client_id=$1&scopes=chat:read" "$U/oauth2/device" >d &&
	curl -sS "$(jq -r .verification_uri d)" >t &&
	curl -sS -d "client_id=$1&device_code=$(jq -r .device_code d)" -d \
	grant_type=urn:ietf:params:oauth:grant-type:device_code "$U/oauth2/token" |
	jq "{access_token, refresh_token, scope, expires_in}" >granted.json &&
	chmod 600 granted.json && TWITCH_CLIENT_ID=$1 twitch-oauth import \
	granted.json "$2" >t
}

# Change an account's file with jq.
edit() { jq "$2" "$A/$1.json" >edited && cat edited >"$A/$1.json"; }
END

# --- the device flow

check 'the simulator polls fast' 'sim "set?interval=1"'
check 'login prints a URL and a code and keeps the account under the login' '
	login pub alice && grep -q "confirm the code" out &&
	tail -1 out | grep -qx "logged in as alice" && [ -s "$A/alice.json" ]'
check 'the account and its folder are for nobody else' '
	[ "$(stat -c %a "$A" "$A/alice.json" "$A/alice.lock" | tr "\n" " ")" = "700 600 600 " ]'
check 'polling keeps to the interval' '[ "$(count early_polls)" = 0 ]'
check 'token prints the bare token' '
	twitch-oauth token alice | grep -Eqx "[a-z0-9]{30}"'
check 'and asks nobody while it is fresh' '
	TWITCH_OAUTH_URL=http://127.0.0.1:1 twitch-oauth token alice >t &&
	[ -s t ]'
check 'a name may be typed as Twitch shows it' 'twitch-oauth token Alice >t'
check 'headers go to curl as they are' '
	twitch-oauth headers alice | curl -sS -f -H @- "$U/helix/streams?first=1" |
	jq -e ".data | length == 1"'
check 'list says what there is' '
	twitch-oauth list | grep -Eqx "alice	alice	[0-9]+	[-0-9T:]+Z	chat:read"'
check '--name keeps the account under another name' '
	sim "person?login=alice" && rm -f out
	TWITCH_CLIENT_ID=pub twitch-oauth login -N second >out & p=$!
	open out && wait $p && twitch-oauth token second >t'

status 1 'a code that nobody confirms expires' '
	sim "set?device_lifetime=2"
	TWITCH_CLIENT_ID=pub twitch-oauth login 2>err; s=$?
	sim "set?device_lifetime=1800"; cat err; grep -q "has expired" err || exit 99
	exit $s'
status 1 'a code that the person denies is waited for until it expires' '
	sim "set?device_lifetime=3" && sim "person?denies=1" && rm -f out
	TWITCH_CLIENT_ID=pub twitch-oauth login >out 2>err & p=$!
	open out; wait $p; s=$?
	sim "set?device_lifetime=1800"; sim "person?denies=0"
	grep -q "invalid device code; still waiting" err || exit 99
	exit $s'
check 'a server in trouble does not end the login' '
	sim "fail?path=/oauth2/token&status=503&times=1" && login pub alice 2>err &&
	grep -q "HTTP status 503; still waiting" err'
status 3 'an unknown client is refused' 'TWITCH_CLIENT_ID=nobody twitch-oauth login'
status 2 'without a client id login says what to do' '
	twitch-oauth login 2>err; s=$?; grep -q "run: twitch-oauth client" err || exit 99
	exit $s'
check 'SIGTERM ends a login that waits' '
	rm -f out; TWITCH_CLIENT_ID=pub twitch-oauth login >out 2>err & p=$!
	until_true "grep -q ^Open out" && kill $p; wait $p; [ $? = 1 ] &&
	grep -q stopped err'

check 'on a terminal it shows how long it waits' '
	export TWITCH_CLIENT_ID=pub && sim "set?device_lifetime=2"
	script -qec "twitch-oauth login" /dev/null >shown
	sim "set?device_lifetime=1800"; grep -q "waiting for you: 0:0" shown'

# --- refreshing

check 'a token with less than ten minutes is refreshed, the new one on disk' '
	have pub alice && old=$(twitch-oauth token alice) &&
	edit alice ".expires_at = (now + 590) * 1000" &&
	new=$(twitch-oauth token alice) && [ "$old" != "$new" ] &&
	[ "$(jq -r .access_token "$A/alice.json")" = "$new" ]'
check 'and its refresh token, which was good for one use' '
	edit alice ".expires_at = 0" && twitch-oauth token alice >t &&
	edit alice ".expires_at = 0" && twitch-oauth token alice >t'
check 'fifty callers at expiry make one refresh' '
	edit alice ".expires_at = 0" && before=$(count refreshes)
	for i in $(seq 50); do twitch-oauth token alice >one.$i & ps="$ps $!"; done
	for p in $ps; do wait $p || exit 1; done
	[ "$(count refreshes)" = $((before + 1)) ] &&
	[ "$(cat one.* | wc -l)" = 50 ] && [ "$(sort -u one.* | wc -l)" = 1 ]'
check 'fifty callers whose token was refused make one refresh' '
	edit alice ".obtained_at = 0" && before=$(count refreshes) ps=
	for i in $(seq 50); do twitch-oauth token -r alice >one.$i & ps="$ps $!"; done
	for p in $ps; do wait $p || exit 1; done
	[ "$(count refreshes)" = $((before + 1)) ] &&
	[ "$(sort -u one.* | wc -l)" = 1 ]'
status 3 'a refused refresh token says what to type' '
	have pub dave && sim "forget?login=dave" && edit dave ".expires_at = 0"
	twitch-oauth token dave 2>err; s=$?
	grep -q "Invalid refresh token; run: twitch-oauth login" err || exit 99
	exit $s'
check 'a confidential client refreshes with its secret' '
	have conf carol && edit carol ".expires_at = 0" &&
	TWITCH_CLIENT_ID=conf TWITCH_CLIENT_SECRET=sekrit twitch-oauth token carol >t'
check 'the other spelling of the variables is read too' '
	edit carol ".expires_at = 0" &&
	CLIENT_ID=conf CLIENT_SECRET=sekrit twitch-oauth token carol >t'
status 3 'without the secret the client is refused' '
	edit carol ".expires_at = 0"; twitch-oauth token carol 2>err; s=$?
	grep -q "missing client secret; run: twitch-oauth client" err || exit 99
	exit $s'
status 2 'client takes a word, not two' 'printf "a b\n" | twitch-oauth client'
# It has read the id, and waits for the secret, when the pipe is empty.
status 1 'client, interrupted at the secret, keeps what there was' '
	printf "conf\nsekrit\n" | twitch-oauth client &&
	cp "$TWITCH_STATE_DIR/client.json" kept && rm -f asks && mkfifo asks &&
	exec 7<>asks && { twitch-oauth client <asks 7>&- 2>err & } &&
	echo other >&7 && python3 -c "
import array, fcntl, termios, time
left = array.array(chr(105), [1])
while left[0]:
    time.sleep(0.01)
    fcntl.ioctl(7, termios.FIONREAD, left)" && kill -INT $!
	wait $!; s=$?
	cmp kept "$TWITCH_STATE_DIR/client.json" || exit 99
	exit $s'
check 'client keeps id and secret for nobody else' '
	printf "conf\nsekrit\n" | twitch-oauth client &&
	[ "$(stat -c %a "$TWITCH_STATE_DIR/client.json")" = 600 ] &&
	twitch-oauth token carol >t'
check 'a refresh token that is not sent again is kept' '
	sim "set?omit_refresh=1" && edit carol ".expires_at = 0" &&
	twitch-oauth token carol >t && sim "set?omit_refresh=0" &&
	edit carol ".expires_at = 0" && twitch-oauth token carol >t'
check 'a confidential refresh token that is rotated is kept too' '
	sim "set?rotate=1" && edit carol ".expires_at = 0" &&
	twitch-oauth token carol >t && edit carol ".expires_at = 0" &&
	twitch-oauth token carol >t && sim "set?rotate=0"'
status 1 'without network a token that is over is a failure' '
	edit alice ".expires_at = 0"
	TWITCH_OAUTH_URL=http://127.0.0.1:1 twitch-oauth token alice'
check 'but one with minutes left is handed out, with a warning' '
	edit alice ".expires_at = (now + 300) * 1000"
	TWITCH_OAUTH_URL=http://127.0.0.1:1 twitch-oauth token alice >t 2>err &&
	[ -s t ] && grep -q "the old one lives for another" err'
status 1 'not one with less than a minute' '
	edit alice ".expires_at = (now + 55) * 1000"
	TWITCH_OAUTH_URL=http://127.0.0.1:1 twitch-oauth token alice'
status 1 'a server in trouble is a failure, not a refusal' '
	edit alice ".expires_at = 0"; sim "fail?path=/oauth2/token&status=429"
	twitch-oauth token alice'
status 1 'an answer without end is cut off' '
	sim "fail?path=/oauth2/token&status=200&bytes=5000000"
	twitch-oauth token alice 2>err; s=$?; grep -q "too long" err || exit 99
	exit $s'
status 1 'a redirect is not followed' '
	sim "fail?path=/oauth2/token&status=307&location=$U/sim/forget"
	twitch-oauth token alice 2>err; s=$?; grep -q "status 307" err || exit 99
	exit $s'
check 'and the account is none the worse' 'twitch-oauth token alice >t'
status 2 'secrets do not go out in the clear' '
	edit alice ".expires_at = 0"
	TWITCH_OAUTH_URL=http://twitch.example twitch-oauth token alice'
status 2 'nor to a host that only looks like this one' '
	TWITCH_OAUTH_URL=http://127.0.0.1@twitch.example twitch-oauth token alice'
status 1 'a certificate file that cannot be read is said' '
	TWITCH_OAUTH_URL=https://localhost:1 twitch-oauth token -C missing alice'

check 'a certificate that nobody vouches for is not trusted, but by --ca-file' '
	twitch-sim --tls --cert-file cert --url-file tls & p=$!
	until_true "[ -s tls ] && [ -s cert ]"
	export TWITCH_OAUTH_URL=https$(sed s/^wss// tls)
	! twitch-oauth token alice 2>plain && grep -qi certificate plain &&
	! twitch-oauth token --ca-file cert alice 2>vouched &&
	grep -q "HTTP status" vouched; s=$?; kill $p; exit $s'

# --- validating, as Twitch wants it of who holds a token

check 'a token that nobody validated for long is, once for fifty callers' '
	have pub alice && edit alice ".validate_at = 0" && before=$(count validations) ps=
	for i in $(seq 50); do twitch-oauth token alice >one.$i & ps="$ps $!"; done
	for p in $ps; do wait $p || exit 1; done
	[ "$(count validations)" = $((before + 1)) ] &&
	[ "$(sort -u one.* | wc -l)" = 1 ]'
check 'also when the clock was set back since' '
	edit alice ".validate_at = (now + 86400) * 1000" && before=$(count validations) &&
	twitch-oauth token alice >t && [ "$(count validations)" = $((before + 1)) ]'
check 'one that Twitch has let go of meanwhile is renewed' '
	sim expire && edit alice ".validate_at = 0" && twitch-oauth headers alice |
	curl -sS -f -H @- "$U/helix/streams?first=1" >t'
check 'when Twitch does not answer it is handed out, with a warning, for a minute' '
	edit alice ".validate_at = 0"; export TWITCH_OAUTH_URL=http://127.0.0.1:1
	twitch-oauth token alice >t 2>err && [ -s t ] &&
	grep -q "cannot ask Twitch whether the token of alice is still good" err &&
	twitch-oauth token alice >t 2>err && [ ! -s err ] &&
	jq -e ".validate_at / 1000 - now < 61" "$A/alice.json"'
status 3 'one that was revoked is no more handed out' '
	have pub dave && sim "forget?login=dave" && edit dave ".validate_at = 0"
	twitch-oauth token dave'

# --- what can go wrong on this machine

status 2 'no such account' '
	twitch-oauth token nobody 2>err; s=$?
	grep -q "run: twitch-oauth login" err || exit 99; exit $s'
status 2 'a name is no path' 'twitch-oauth token ../alice'
status 2 'a name holds no line feed' "twitch-oauth token 'a
b'"
status 2 'token without an account is wrong usage' 'twitch-oauth token'
status 2 'an option of another command is wrong usage' 'twitch-oauth list -b'
status 2 'an unknown command is wrong usage' 'twitch-oauth frobnicate'
status 2 'an account that others can read is refused, with the remedy' '
	chmod 640 "$A/alice.json"; twitch-oauth token alice 2>err; s=$?
	grep -qF "run: chmod 600 '\''$A/alice.json'\''" err || exit 99
	chmod 600 "$A/alice.json"; exit $s'
status 2 'a client secret that others can read is refused' '
	chmod 644 "$TWITCH_STATE_DIR/client.json"; twitch-oauth token -A; s=$?
	chmod 600 "$TWITCH_STATE_DIR/client.json"; exit $s'
if [ "$(id -u)" = 0 ]; then
	status 2 'an account that belongs to another user is refused, with the remedy' '
		chown 12345 "$A/alice.json"; twitch-oauth token alice 2>err; s=$?
		grep -qF "run: chown 0 '\''$A/alice.json'\''" err || exit 99
		chown 0 "$A/alice.json"; exit $s'
else
	echo '# only root can give a file away'
fi
status 2 'a symbolic link is refused' '
	ln -s alice.json "$A/link.json"; twitch-oauth token link 2>err; s=$?
	grep -q "is a symbolic link" err || exit 99; exit $s'
status 2 'a FIFO is refused, not waited for' '
	mkfifo -m 600 "$A/fifo.json"; twitch-oauth token fifo'
status 2 'garbage is refused' '
	umask 077; echo "{" >"$A/broken.json"; twitch-oauth token broken'
status 2 'an access token that would break a line is refused' '
	umask 077; echo "{\"access_token\":\"a\\r\\nQUIT\"}" >"$A/broken.json"
	twitch-oauth token broken'
check 'a folder of accounts goes on past a bad one' '
	twitch-oauth list >t 2>err; [ $? = 2 ] && grep -q ^alice t &&
	rm "$A"/link.json "$A"/fifo.json "$A"/broken.json'
status 1 'a full disk is found before the refresh token is used' '
	twitch-oauth token -A >t; edit alice ".expires_at = 0"
	before=$(count refreshes)
	(trap "" XFSZ; ulimit -f 0; exec twitch-oauth token alice); s=$?
	[ "$(count refreshes)" = $before ] || exit 99; exit $s'
check 'after which the account is as good as before' 'twitch-oauth token alice >t'
# In a name space of its own, so that the disk is gone with it.
cat >>"$T/.functions" <<'END'
fill_the_disk() {
	mount -t tmpfs -o size=512k twitch-ingest full && mkdir -m 700 full/accounts &&
	mv "$A/frank.json" full/accounts && A=$T/full/accounts &&
	edit frank ".expires_at = 0" && sim "hold?path=/oauth2/token" || return
	export TWITCH_STATE_DIR=$T/full
	twitch-oauth token frank >first & p=$!
	until_true '[ $(count held) = 1 ]' && ! cat /dev/zero >full/filler &&
	sim release && wait $p && edit frank ".expires_at = 0" &&
	rm full/filler && twitch-oauth token frank >second && ! cmp -s first second &&
	ls $A | paste -sd " " | grep -x "frank.json frank.lock"
}
END
if unshare -rm true; then
	check 'a disk that fills while Twitch is asked takes nothing' '
		have pub frank && mkdir full &&
		unshare -rm bash -c ". ./.functions && fill_the_disk"'
else
	skip 'a disk that fills while Twitch is asked' 'unshare is not allowed'
fi
status 1 'standard output full' 'twitch-oauth token alice >/dev/full'
status 1 'standard output closed' 'twitch-oauth token alice >&-'
check 'nothing of it went into a file' '
	twitch-oauth token alice >t && [ ! -s "$A/alice.lock" ]'
check 'standard error closed spoils no file' '
	edit alice ".expires_at = 0" && LOG_LEVEL=debug twitch-oauth token alice \
	>t 2>&- && jq -e . "$A/alice.json" >/dev/null && [ ! -s "$A/alice.lock" ]'

# --- kills

check 'kill -9 while Twitch has not answered leaves a usable account' '
	edit carol ".expires_at = 0" && sim "hold?path=/oauth2/token"
	twitch-oauth token carol & p=$!
	until_true "[ \$(count held) = 1 ]" && kill -9 $p; wait $p
	sim release && twitch-oauth token carol >t'
check 'and lets the next in line go on' '
	edit carol ".expires_at = 0" && sim "hold?path=/oauth2/token"
	twitch-oauth token carol & p=$!
	until_true "[ \$(count held) = 1 ]"
	twitch-oauth token carol >t & q=$!
	kill -9 $p; wait $p
	until_true "[ \$(count held) = 2 ]" && sim release && wait $q && [ -s t ]'
check 'kill -9 at any moment leaves a usable account, and no litter' '
	for i in $(seq 30); do
		edit carol ".expires_at = 0"
		twitch-oauth token carol >t & p=$!
		sleep 0.0$((i % 10))$((i % 7)); kill -9 $p; wait $p
		jq -e .refresh_token "$A/carol.json" >t || exit 1
	done 2>err
	touch "$A/carol.json.aBcDeF"
	edit carol ".expires_at = 0" && twitch-oauth token carol >t &&
	[ "$(ls "$A" | grep carol | tr "\n" " ")" = "carol.json carol.lock " ]'
check 'SIGTERM in a refresh: the answer is waited for and kept' '
	edit alice ".expires_at = 0" && sim "hold?path=/oauth2/token"
	twitch-oauth token alice >t & p=$!
	until_true "[ \$(count held) = 1 ]" && kill $p && sim release
	wait $p && [ "$(cat t)" = "$(jq -r .access_token "$A/alice.json")" ] &&
	edit alice ".expires_at = 0" && twitch-oauth token alice >t'

# --- secrets

check 'no secret is in an argument, in the log or in a URL' '
	edit carol ".expires_at = 0" && sim "hold?path=/oauth2/token"
	r=$(jq -r .refresh_token "$A/carol.json")
	LOG_LEVEL=debug twitch-oauth token carol >t 2>err & p=$!
	until_true "[ \$(count held) = 1 ]"
	tr "\0" "\n" </proc/$p/cmdline >args; sim release; wait $p &&
	grep -q "/oauth2/token: status 200" err && [ -s args ] &&
	! grep -qe sekrit -e "$r" -f t err args && [ "$(count secrets_in_url)" = 0 ]'

# --- validate, revoke, import, the application

check 'validate prints whose token it is' '
	twitch-oauth validate alice carol | cut -f 2 | paste -sd " " |
	grep -qx "alice carol"'
check 'without names it validates all' '
	rm "$A/dave.json" && twitch-oauth validate >t && [ "$(wc -l <t)" = 3 ]'
check 'a token that Twitch has let go of is renewed by validate' '
	sim expire && twitch-oauth validate alice >t &&
	twitch-oauth headers alice | curl -sS -f -H @- "$U/helix/streams?first=1" >t'
check 'or by whoever says that it was refused' '
	sim expire && edit alice ".obtained_at = 0" && twitch-oauth token -r alice >t &&
	twitch-oauth headers alice | curl -sS -f -H @- "$U/helix/streams?first=1" >t'
status 3 'validate says when a person must act' '
	have pub erin && sim "forget?login=erin"; twitch-oauth validate erin'
check 'revoke takes the token back and forgets the account' '
	have pub erin && n=$(count revocations) && twitch-oauth revoke erin &&
	[ "$(count revocations)" = $((n + 1)) ] && [ ! -e "$A/erin.json" ]'
status 1 'without network the account is kept' '
	have pub erin && TWITCH_OAUTH_URL=http://127.0.0.1:1 twitch-oauth revoke erin
	s=$?; [ -e "$A/erin.json" ] || exit 99; exit $s'
check 'an account whose access token is over is revoked all the same' '
	edit erin ".expires_at = 0" && r=$(jq -r .refresh_token "$A/erin.json") &&
	twitch-oauth revoke erin && [ ! -e "$A/erin.json" ]'
check 'an account that Twitch has forgotten can be revoked' '
	have pub erin && sim "forget?login=erin" && twitch-oauth revoke erin &&
	[ ! -e "$A/erin.json" ]'

check 'a token file as Twitch sent it is imported' '
	have pub frank && umask 077 && jq "{access_token, expires_in: 14000,
	refresh_token, scope: [\"chat:read\"], token_type: \"bearer\"}" \
	"$A/frank.json" >default.token.json && rm "$A/frank.json" &&
	twitch-oauth import default.token.json frank | grep -q "^frank	frank	" &&
	edit frank ".expires_at = 0" && twitch-oauth token frank >t'
check 'a camelCase token store is imported, its token over or not' '
	umask 077 && jq "{accessToken: (\"oauth:\" + .access_token),
	refreshToken: .refresh_token, expiresAt: 1}" "$A/frank.json" \
	>tokenStore.json && sim expire &&
	TWITCH_CLIENT_ID=pub twitch-oauth import tokenStore.json george |
	grep -q "^george	frank	" && twitch-oauth token george >t'
status 2 'a token file that others can read is not' '
	chmod 644 tokenStore.json; twitch-oauth import tokenStore.json george'
status 2 'nor one that is not there' 'twitch-oauth import missing george'

check 'the application has a token of its own, kept' '
	rm -f "$A/.app.json"; n=$(count applications)
	a=$(twitch-oauth token -A) && [ "$a" = "$(twitch-oauth token --app)" ] &&
	[ "$(count applications)" = $((n + 1)) ]'
check 'which goes to Helix, and is renewed when Helix refuses it' '
	sim expire && edit .app ".obtained_at = 0" && twitch-oauth headers -rA |
	curl -sS -f -H @- "$U/helix/streams?first=1" >t'
status 3 'a public client has none' 'TWITCH_CLIENT_ID=pub twitch-oauth token -A'
check 'it is not an account' '! twitch-oauth list | grep -q app'

finish
