# Trouble, and an account of every line. Source it after reader.sh. With SOAK
# set the trouble lasts ten minutes.
#
#	crowd OPTION...		a simulator whose channels never fall silent
#	seconds SHORT LONG	one of the two
#	proves NAME 'pipeline'	a check; prints what was counted, too
#
# And for checks:
#
#	read_to FILE OPTION...	a reader of sixty channels
#	settle			wait until all of them are joined
#	account FILE...		end it, and account for what was sent

seconds() { [ -n "${SOAK-}" ] && echo "$2" || echo "$1"; }
CHECK_SECONDS=$(seconds 120 1200)

cat >>"$T/.functions" <<'END'
stage=
read_to() {
	[ -p "$1" ] || : >"$1"
	ws-reader -u "$(cat url)" -i 0 -j 1000 -r 1000 "${@:2}" \
	    $(seq -f channel%.0f 60) >$1 2>>err &
	reader=$!
	trap 'kill $reader $stage 2>/dev/null; wait' EXIT
}

is_settled() {
	jq -e "(.connections | all(.state == \"ready\")) and
	    (.channels | length == 60 and all(.phase == \"joined\"))" \
	    run/status.json >/dev/null
}
# The file is of the last second.
settle() {
	sleep 1.1
	eventually is_settled
}

# Wait until all that was said has been read: a PONG comes behind it.
drain() {
	settle && tell pause && tell ping all &&
	eventually "jq -e \".pings > 0 and .pings == .pongs\" counts"
}
account() {
	drain && kill $reader && wait $reader && wait $stage &&
	sleep 0.2 && "$TOP/tests/accounting.py" sent held "$@" >totals
	s=$?
	cat totals
	return $s
}
END

crowd() {
	rm -rf "$T/held" "$T/run" "$T/state" "$T/totals"
	sim --held "$T/held" --limit-joins 0 --unheard --ping 0 "$@"
}

proves() {
	check "$1" "$2"
	[ ! -s "$T/totals" ] || sed 's/^/# /; 1q' "$T/totals"
}
