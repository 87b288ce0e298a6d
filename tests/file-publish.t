#!/bin/sh
# file-publish into files of all kinds
. "$(dirname "$0")/lib.sh"

cat >"$T/.functions" <<'END'
# Numbered events, of five channels, an hour between each and the next.
events() {
	awk -v n="$1" 'BEGIN { for (i = 1; i <= n; i++)
		printf "{\"type\":\"message\",\"timestamp\":%.0f,\"channel\":\"c%d\",\"id\":\"%d\"}\n",
		    1763683200000 + 3600000 * i, i % 5, i }'
}
metric() { awk -v m="$1" '$1 == m { print $2 }' run/metrics/file-publish.prom; }
END

# --- how it is called
status 2 'no path is wrong usage' 'file-publish </dev/null'
status 2 'two paths are wrong usage' 'file-publish a b </dev/null'
status 2 'a template with a lonely brace is refused' \
    "file-publish 'a{b' 2>said; s=\$?; grep \"path 'a{b': a brace\" said; exit \$s"
status 2 'a path that names no file is refused' 'file-publish logs/'
status 2 'a number of files that is none is refused' 'file-publish -n 0 x'
status 2 'a reject file that cannot be made' \
    'file-publish -r no/where x </dev/null'

# --- what arrives
check 'no input is no trouble, and makes no file' \
    'file-publish none </dev/null && [ ! -e none ]'
check 'each record is a line, as it came, in its order' '
	events 5000 >events && file-publish all <events && cmp events all'
check 'bytes are not touched' '
	printf "{ \"x\":\"\\303\\251\\377\" }\r\n{\"last\":1}" >odd &&
	file-publish got <odd && { cat odd; echo; } | cmp - got'
check 'they are added to what is there' \
    'file-publish all <odd && { cat events odd; echo; } | cmp - all'
check 'the template chooses the file; few are open at a time' '
	events 500 >some &&
	file-publish -n 3 "by/{channel}/{date}T{hour}.ndjson" <some &&
	[ "$(cat by/c3/2025-11-21T03.ndjson)" = "$(sed -n 3p events)" ] &&
	[ $(find by -type f | wc -l) = 500 ] &&
	find by -type f -exec cat {} + | sort | cmp - <(sort some)'
check 'fewer yet, where the system allows no more' '
	(ulimit -n 40 && file-publish -s spool "few/{channel}-{date}T{hour}" <some) &&
	[ $(ls few | wc -l) = 500 ] && sort few/* | cmp - <(sort some)'
check 'folders and files are not for others' '
	(umask 0 && events 1 | file-publish d/e/f) &&
	stat -c %a d d/e d/e/f | cmp - <(printf "750\n750\n640\n")'
check 'the counts are in the metrics' '
	file-publish counted <events &&
	[ $(metric file_publish_records_total) = 5000 ] &&
	[ $(metric file_publish_acknowledged_total) = 5000 ] &&
	[ $(metric file_publish_up) = 1 ]'
check '--zstd: zstdcat reads the whole, after several runs too' '
	file-publish -fz "z-{channel}.zst" <events &&
	file-publish -z "z-{channel}.zst" <events &&
	zstdcat z-*.zst | sort | cmp - <(sort events events)'

# --- values that lead astray
cat >>"$T/.functions" <<'END'
astray() {
	cat <<-'EOF'
		{"channel":"../../x"}
		{"channel":".."}
		{"channel":"\u002e\u002e\u002fx"}
		{"channel":".profile"}
		{"channel":"/etc/passwd"}
		{"channel":"a\nb"}
		{"channel":"a\u0000b"}
		{"channel":""}
		{"other":1}
		not json
	EOF
}
END
status 1 'values that lead astray are refused, the others arrive' '
	mkdir jail && cd jail &&
	{ astray; events 1; } | file-publish "in/{channel}"; s=$?
	[ "$(find . -type f)" = ./in/c1 ] || exit 99
	exit $s'
check '--reject keeps them, each with its reason, and that is success' '
	astray | file-publish -r rejected "in/{channel}" &&
	[ $(jq -r .reason rejected | grep -c "its path") = 7 ] &&
	jq -c .record rejected | sed 10d | cmp - <(astray | jq -c . 2>/dev/null)'
check 'a path that is a folder spoils no other record' '
	mkdir -p dirs/c2 && rm -f rejected &&
	events 100 | file-publish -r rejected "dirs/{channel}" &&
	[ $(wc -l <rejected) = 20 ] && [ $(cat dirs/c[0-9] 2>/dev/null | wc -l) = 80 ]'

# --- files that cannot be written
status 2 'a folder at the path is named' '
	events 1 | file-publish . 2>said; s=$?
	grep "Is a directory" said || exit 99
	exit $s'
status 2 'a device is no plain file' 'events 1 | file-publish /dev/null'
status 2 'a file of something else is left alone' '
	printf "some text" >text
	events 1 | file-publish text 2>said; s=$?
	grep "does not hold lines of JSON" said &&
	[ "$(cat text)" = "some text" ] || exit 99
	exit $s'
status 2 'nor is a file of lines made zstd' \
    'events 1 | file-publish -z all; s=$?; cmp -n 1000 all events || exit 99
	exit $s'
check 'what a crash has cut off is cut away' '
	{ events 2; printf "{\"torn"; } >torn &&
	events 3 | tail -n 1 | file-publish torn 2>said &&
	events 3 | cmp - torn && grep "cut 6 bytes" said'

# A limit of the file size stands for a full disk.
status 1 'what does not fit in time is counted and kept; the file stays as it was' '
	rm -f rejected && events 100 >full && events 120 | tail -n 20 >more
	trap "" XFSZ
	(ulimit -f 8 && exec file-publish -g 1 -r rejected full) <more 2>said; s=$?
	grep "File too large; will try again" said &&
	events 100 | cmp - full && jq -c .record rejected | cmp - more || exit 99
	exit $s'
check 'a file that another writes is waited for' '
	exec 5<>held && flock -x 5 &&
	{ events 10 | file-publish held 5<&- 2>said & } &&
	until grep "another process writes it; will try again" said; do
		sleep 0.05
	done &&
	flock -u 5 && wait $! && events 10 | cmp - held'

# --- kill -9, again and again
cat >>"$T/.functions" <<'END'
# Feed a pipe, and kill who reads it $1 times; $2… is file-publish's.
killed() {
	n=$1
	shift
	mkfifo pipe
	{ for i in $(seq 40); do events 5000; done; } >pipe 2>/dev/null &
	exec 4<pipe
	for i in $(seq $n); do
		file-publish "$@" <&4 2>>killed.log &
		sleep 0.0$((RANDOM % 8 + 1))
		kill -9 $!
		wait $!
	done 2>/dev/null
	exec 4<&-
	wait
	rm pipe
	events 1 | file-publish "$@"
}
END
check 'kill -9: every line is whole' '
	killed 20 "k/{channel}" && [ $(cat k/* | wc -l) -gt 1000 ] &&
	cat k/* | sort -u | comm -23 - <(sort events) | cmp - /dev/null'
check 'kill -9 under --zstd: every frame is whole' '
	killed 20 -z "kz/{channel}" && zstd -qt <(cat kz/*) &&
	zstdcat <(cat kz/*) | sort -u | comm -23 - <(sort events) |
	    cmp - /dev/null'

check 'past the spool nothing is lost by it; twice is what was just written' "
	. $TOP/tests/faults.sh && mkdir spooled && cd spooled &&
	killed ${SOAK:+12}5 file-publish -s spool 'logs/{channel}' &&
	cat logs/* >got && account 'kill -9 each second' 5000"
check 'the same under --zstd' "
	. $TOP/tests/faults.sh && mkdir spooled.zst && cd spooled.zst &&
	killed ${SOAK:+12}5 file-publish -z -s spool 'logs/{channel}' &&
	zstdcat <(cat logs/*) >got && account 'kill -9 each second, zstd' 5000"
cat "$T"/spooled*/account

# --- input and signals
status 1 'an unreadable input is a failure' 'file-publish x <.'
check 'SIGTERM: what was read is written, the rest stays in the pipe, exit 0' '
	for i in $(seq 100); do cat events; done >many && cat many | {
		exec 3<&0
		file-publish term <&3 &
		until [ -s term ]; do :; done
		kill $!
		wait $!
		echo $? >status
		cat >rest
	}
	[ $(cat status) = 0 ] && [ -s rest ] && cat term rest | cmp - many'

finish
