#!/bin/sh
# the units of contrib/systemd, as systemd understands them
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
finish
