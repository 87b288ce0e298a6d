#!/bin/sh
# An account from its login to chat: a token that expires, or is let go of by
# Twitch, does not end a run; one that cannot be renewed does, with status 3.
. "$(dirname "$0")/lib.sh"
unset CLIENT_ID CLIENT_SECRET TWITCH_CLIENT_ID TWITCH_CLIENT_SECRET

mkfifo "$T/commands"
exec 3<>"$T/commands"
twitch-sim --url-file "$T/url" --api-url-file "$T/api" --client pub \
    --account alice=never --account bob=never --counts "$T/counts" <"$T/commands" &
started=$!
wait_for 10 '[ -s url ] && [ -s api ]' || exit 1
TWITCH_IRC_URI=$(cat "$T/url")
TWITCH_OAUTH_URL=$(cat "$T/api")
export TWITCH_IRC_URI TWITCH_OAUTH_URL

cat >"$T/.functions" <<'END'
A=$TWITCH_STATE_DIR/accounts/alice.json

sim() { curl -sS -f "$TWITCH_OAUTH_URL/sim/$1"; }
tell() { printf '%s\n' "$*" >commands; }
eventually() { for i in {1..1000}; do eval "$1" && return; sleep 0.02; done; return 1; }

# edit FILTER [ACCOUNT]: change the file of an account, also one in use.
edit() {
	file=${A%/*}/${2-alice}.json
	(umask 077; jq "$1" "$file" >edited) && mv edited "$file"
}
validations() { sim counts | jq .validations; }

# A person logs in, on whatever device.
logs_in() {
	sim "person?login=$1" && rm -f login
	TWITCH_CLIENT_ID=pub twitch-oauth login >login & p=$!
	eventually "grep -q ^Open login" &&
	curl -sS "$(sed -n "s/^Open //p" login)" >visited && wait $p &&
	grep -q "logged in as $1" login
}

# The simulator writes its counts now and then.
counted() { eventually "jq -e '.$1 == $2' counts"; }

# How often the reader has joined, and what it has read.
joins() { grep -c '"event":"joined"' out; }
joined() { eventually "[ \$(joins) -ge $1 ]"; }
reads() { tell say chess "$1" && eventually "grep -q 'PRIVMSG #chess :$1' out"; }
END

check 'a person logs in' 'sim "set?interval=1" && logs_in alice'

check 'and has the first event' '
	twitch-ingest -a alice chess >events 2>err & p=$!
	eventually "grep -q \"^{.type.:.joined.\" events" && tell say chess hello &&
	eventually "grep -q \"^{.type.:.message.*:.hello.\" events"; s=$?
	kill $p; wait $p && [ $s = 0 ]'

start ws-reader -a alice chess >"$T/out" 2>"$T/err"
reader=$pid
export reader
check 'the reader asks for the token and reads as that person' '
	joined 1 && reads one && counted logins 2'
check 'the token is over, and the connection lives on' '
	sim expire && reads two && [ "$(joins)" = 1 ]'
check 'the next login is refused, and goes on with a renewed token' '
	edit ".obtained_at = 0" && tell drop all && joined 2 && reads three &&
	sim counts | jq -e ".refreshes == 1" && counted logins_refused 1'
check 'one that is over on disk too is renewed before it is used' '
	sim expire && edit ".expires_at = 0" && tell drop all && joined 3 &&
	reads four && sim counts | jq -e ".refreshes == 2"'
check 'Twitch being away for a moment ends nothing' '
	edit ".expires_at = 0" && sim "fail?path=/oauth2/token&status=503" &&
	tell drop all && joined 4 && reads five'
check 'no token is in what it wrote' '
	! grep -qe "$(jq -r .access_token "$A")" -e "$(jq -r .refresh_token "$A")" out err'
status 3 'Twitch knows the account no more: status 3, and what to type' '
	sim forget && edit ".expires_at = 0" && tell drop all
	eventually "grep -q run:.twitch-oauth.login err" || exit 99
	ws-reader -a alice chess'
wait $reader
[ $? = 3 ]
report $? 'so did the run end'

# --- a token in use is kept alive and validated

check 'two people log in' 'logs_in alice && logs_in bob'
rm "$T/state/channels.json" # of alice alone
: >"$T/out"
start ws-reader -T 100ms -n 1 -r 2 -a alice -a bob chess xqc lirik >"$T/out" 2>"$T/err"
reader=$pid
check 'one has room for two channels, the other reads the third' '
	joined 3 && grep -q "\"connected\".*\"alice\"" out && grep -q "\"connected\".*\"bob\"" out'
check 'what nobody validated for long is validated, without a login' '
	n=$(validations) && edit ".validate_at = 0" &&
	eventually "[ \$(validations) -gt $n ]" && [ "$(joins)" = 3 ]'
check 'and renewed before it is over' '
	edit ".expires_at = (now + 60) * 1000" &&
	eventually "jq -e \".expires_at / 1000 - now > 600\" $A" && [ "$(joins)" = 3 ]'
check 'Twitch being away ends nothing' '
	sim "fail?path=/oauth2/token&status=503" && edit ".expires_at = 0" &&
	eventually "grep -q \"gave no token\" err" &&
	eventually "jq -e \".expires_at > 0\" $A" && [ "$(joins)" = 3 ]'
check 'who takes the login back is heeded: another account reads on' '
	sim "forget?login=alice" && edit ".validate_at = 0" && joined 4 &&
	grep -q "\"disconnected\".*\"the token command has no token any more\"" out &&
	grep -q "account .alice.: the token command has no token any more" err'
check 'until there is none' '
	sim "forget?login=bob" && edit ".validate_at = 0" bob &&
	eventually "grep -q \"account .bob.: the token command has no token any more\" err"'
wait $reader
[ $? = 3 ]
report $? 'and the run ends with status 3'
check 'one that is told to stop in a renewal waits for its end: nothing is lost' '
	logs_in bob && rm state/channels.json && edit ".expires_at = 0" bob &&
	sim "hold?path=/oauth2/token"
	ws-reader -a bob chess >out 2>err & p=$!
	eventually "sim counts | jq -e \".held == 1\"" && kill $p; sim release; wait $p
	edit ".expires_at = 0" bob && twitch-oauth token bob >token'
check 'a token from the environment is nobody'\''s to keep alive' '
	rm state/channels.json; export TWITCH_OAUTH_TOKEN=oauth:never
	ws-reader -T 100ms -t false -a alice chess >out 2>err & p=$!
	joined 1 && sleep 0.5; kill $p; wait $p && [ ! -s err ]'

finish
