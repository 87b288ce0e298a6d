# TAP for shell tests. Source it first; end with `finish`.
#
#	check NAME 'pipeline'	it exits 0
#	status N NAME 'pipeline'	it exits N
#	start COMMAND...	in the background, its id in $pid; ended at the end
#	wait_for SECONDS 'pipeline'	until it exits 0, at most so long
#	skip NAME WHY		a failure under CI
#	bail WHY		there is no use in going on
#
# $T is a folder of the test's own, kept when a check failed. The programs and
# simulators of build folder $B come first in PATH.

set -u
LC_ALL=C
export LC_ALL
unset DEBUG LOG_LEVEL LOG_FORMAT KAFKA_BROKERS KAFKA_TOPIC KAFKA_CLIENT_ID \
    TWITCH_IRC_URI TWITCH_OAUTH_TOKEN TWITCH_CHANNEL TWITCH_CHANNELS \
    TWITCH_LOGIN_DIR

TOP=$(cd "$(dirname "$0")" && until [ -f Makefile ]; do cd ..; done && pwd)
case ${B:=build} in
/*) ;;
*) B=$TOP/$B ;;
esac
PATH=$B/bin:$B/sim:$PATH
T=$(mktemp -d "${TMPDIR:-/tmp}/twitch-ingest-test.XXXXXX")
TWITCH_RUN_DIR=$T/run
TWITCH_STATE_DIR=$T/state
export PATH T B TOP TWITCH_RUN_DIR TWITCH_STATE_DIR

# What hangs is a failure, not a test run that never ends.
: "${CHECK_SECONDS:=120}"

count=0 failed=0 started=

# Is this still a child of ours? The number of one that was waited for may by
# now be somebody else's.
ours() {
	[ "$(ps -o ppid= -p "$1" | tr -d ' ')" = $$ ]
}

clean() {
	for p in $started; do
		ours "$p" && kill "$p" 2>/dev/null
	done
	for p in $started; do
		n=0
		while ours "$p" && [ $n -lt 50 ]; do
			sleep 0.1
			n=$((n + 1))
		done
		ours "$p" && kill -9 "$p" 2>/dev/null
	done
	if [ $failed = 0 ]; then
		rm -rf "$T"
	else
		echo "# kept: $T"
	fi
}
trap clean EXIT
trap 'exit 1' INT TERM HUP

report() {
	count=$((count + 1))
	if [ "$1" = 0 ]; then
		echo "ok $count - $2"
	else
		failed=$((failed + 1))
		echo "not ok $count - $2"
		[ -z "${3-}" ] || printf '#   %s\n' "$3"
		sed -n 's/^/# /; 1,40p' "$T/.said"
	fi
}

# In a shell of its own, with pipefail where a pipeline's status matters.
run() {
	timeout -k 5 "$CHECK_SECONDS" bash -o pipefail -c "cd \"\$T\" && . \"\$T/.functions\" && { $1
	}" >"$T/.said" 2>&1 </dev/null
}
: >"$T/.functions"

check() {
	run "$2"
	s=$?
	report $s "$1" "exit $s: $2"
}

status() {
	run "$3"
	s=$?
	[ $s = "$1" ]
	report $? "$2" "exit $s, not $1: $3"
}

start() {
	"$@" &
	pid=$!
	started="$started $pid"
}

wait_for() {
	tries=$(($1 * 50))
	while ! run "$2"; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || return 1
		sleep 0.02
	done
}

skip() {
	count=$((count + 1))
	if [ "${CI-}" = true ]; then
		failed=$((failed + 1))
		echo "not ok $count - $1: cannot be skipped in CI: $2"
	else
		echo "ok $count - $1 # SKIP $2"
	fi
}

bail() {
	echo "Bail out! $*"
	failed=1
	exit 1
}

finish() {
	echo "1..$count"
	[ $failed = 0 ]
	exit
}
