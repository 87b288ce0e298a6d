#!/bin/sh
# The same account when the next stage stalls, and when the reader is killed.
. "$(dirname "$0")/lib.sh"
. "$TOP/tests/reader.sh"
. "$TOP/tests/accounting.sh"

cat >>"$T/.functions" <<'END'
# The next stage, which takes some output and then rests, so many times.
stalls() {
	for i in $(seq $1); do
		head -c 15M
		sleep 2
	done
	cat
}
has_stalled() { [ $(grep -c "passed on again" err) -ge $1 ]; }
END

crowd --chat 10000 --patient
proves 'the next stage stalls, again and again' "
	mkfifo slow || exit
	stalls $(seconds 3 60) <slow >out &
	stage=\$!
	read_to slow -n 10 -b 2M &&
	for stall in \$(seq $(seconds 3 60)); do
		eventually \"has_stalled \$stall\" || exit
	done && account out"

crowd --chat 500
proves 'the reader is killed, and started again' "
	read_to out.first -n 10 && settle &&
	for life in \$(seq $(seconds 8 300)); do
		kill -9 \$reader
		wait \$reader
		sleep 0.\$((RANDOM % 10))
		read_to out.\$life -n 10
		sleep \$((RANDOM % 3)).\$((RANDOM % 10))
	done 2>/dev/null && settle && account out.*"

finish
