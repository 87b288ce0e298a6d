#!/bin/sh
# the units of contrib/systemd, as systemd understands them; and their command
# lines at work, with what the units give them
. "$(dirname "$0")/lib.sh"

if ! command -v systemd-analyze >/dev/null; then
	skip 'the units' 'there is no systemd-analyze'
	finish
fi

# where the programs were built instead of where they would be installed
mkdir "$T/units"
for unit in "$TOP"/contrib/systemd/twitch-*; do
	sed "s|/usr/local/bin|$B/bin|" "$unit" >"$T/units/${unit##*/}"
done

check 'systemd finds nothing wrong with them' '
	systemd-analyze verify --man=no units/* 2>&1 | tee said && [ ! -s said ]'
check 'a unit that is wrong would be found' '
	sed "s/^User=/Uzer=/" units/twitch-httpd.service >wrong.service &&
	systemd-analyze verify --man=no ./wrong.service 2>&1 | grep Uzer'
for unit in twitch-ingest twitch-httpd twitch-top; do
	check "$unit is confined" "
		systemd-analyze security --offline=true --threshold=20 \
		    --no-pager units/$unit.service | tail -n 1"
done
check 'what wants a person is not started again' '
	grep -qx "RestartPreventExitStatus=2 3" units/twitch-ingest.service &&
	grep -qx "RestartPreventExitStatus=2 3" units/twitch-httpd.service'
check 'they share their directories' '
	[ $(grep -hx "Environment=TWITCH_RUN_DIR=%t/twitch-ingest TWITCH_STATE_DIR=%S/twitch-ingest" units/*.service | wc -l) = 3 ]'

# --- at work: systemd without its walls, on simulators

run=$T/runtime state=$T/lib
mkdir -m 700 "$run" "$state" "$run/twitch-ingest" "$state/twitch-ingest"
of_unit() {
	sed -n "s|%t|$run|g; s|%S|$state|g; s/^$2=//p" "$T/units/$1.service"
}
# In the background; nothing is in its environment but what the unit says.
unit() {
	umask 077
	# shellcheck disable=SC2046
	exec env -i PATH="$B/bin:/usr/bin:/bin" $(of_unit "$1" Environment) \
	    $(cat "$T/environment") sh -c "cd '$state/twitch-ingest' &&
	    exec $(of_unit "$1" ExecStart)" 2>"$T/$1.err"
}
cat >"$T/.functions" <<'END'
eventually() { for i in {1..1000}; do eval "$1" && return; sleep 0.02; done; cat *.err; return 1; }
END

mkfifo "$T/broker"
exec 9<>"$T/broker"
start twitch-sim --chat 200 --url-file "$T/irc" --api-url-file "$T/api" --client conf=sekrit
start sh -c "exec kafka-sim --topic chat:3 --url-file '$T/kafka' \
    <'$T/broker' 2>'$T/kafka.err'"
wait_for 20 '[ -s irc ] && [ -s api ] && [ -s kafka ]'
# What the head of twitch-ingest.target has, and where the simulators are.
cat >"$T/environment" <<END
KAFKA_BROKERS=$(cat "$T/kafka")
KAFKA_TOPIC=chat
TWITCH_CHANNELS=chess,speedrun
TWITCH_IRC_URI=$(cat "$T/irc")
TWITCH_OAUTH_URL=$(cat "$T/api")
TWITCH_HELIX_URL=$(cat "$T/api")/helix
TWITCH_CLIENT_ID=conf
TWITCH_CLIENT_SECRET=sekrit
HTTP_API_PORT=0
END
export state
start unit twitch-ingest
ingest=$pid
start unit twitch-httpd
httpd=$pid
check 'the pipeline starts, and the status page finds it ready' '
	eventually "grep -q listening twitch-httpd.err" &&
	url=$(sed -n "s/.*listening at //p" twitch-httpd.err) &&
	eventually "[ \"\$(curl -s $url/readyz)\" = ready ]"'
check 'chat comes into Kafka' '
	kafka-tail -J -b "$(cat kafka)" -t chat -c 5 -o beginning | jq -r .channel |
	grep -qx "chess\|speedrun"'
unit twitch-top &
wait $!
report $? 'the list is got, by the application, and passed on'
check 'and is what is wanted from then on' '
	eventually "jq -e \".channels | length == 250\" $state/twitch-ingest/channels.json"'
kill "$httpd"
wait "$httpd"
report $? 'the page ends with status 0'
kill "$ingest"
wait "$ingest"
report $? 'so does the pipeline'
finish
