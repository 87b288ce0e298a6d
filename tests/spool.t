#!/bin/sh
# The spool under a publisher: whatever happens to either end of it
. "$(dirname "$0")/lib.sh"

mkfifo "$T/say"
exec 9<>"$T/say"
topics=
for topic in one always never 1ms torn full disk poison empty taken chosen alone; do
	topics="$topics -t $topic:1"
done
start sh -c "exec kafka-sim -b 1 $topics -u '$T/url' <'$T/say' 2>'$T/sim.log'"
wait_for 10 '[ -s url ]'
KAFKA_BROKERS=$(cat "$T/url")
FAIL_SO=$B/fail_io.so
ASAN_OPTIONS=verify_asan_link_order=0${ASAN_OPTIONS:+:$ASAN_OPTIONS}
export KAFKA_BROKERS FAIL_SO ASAN_OPTIONS

cat >"$T/.functions" <<'END'
# Numbered events, of five channels; each channel's id is its number.
events() {
	awk -v n="$1" 'BEGIN { for (i = 1; i <= n; i++)
		printf "{\"type\":\"message\",\"timestamp\":1763688%06d,\"channel\":\"c%d\",\"channel_id\":\"%d\",\"id\":\"%d\"}\n",
		    i, i % 5, i % 5, i }'
}
# The values in topic $1; but no twice.
values() { kcat -C -q -e -X fetch.wait.max.ms=5 -o beginning -t "$1" -b "$KAFKA_BROKERS"; }
once() { values "$1" | sort -u; }
metric() { awk -v m="$1" '$1 == m { print $2 }' run/metrics/kafka-publish.prom; }
say() { echo "$*" >"$T/say"; }
# With no broker, and what is taken stays.
away() { kafka-publish -b 127.0.0.1:1 -g 0 "$@"; [ $? = 1 ]; }
failing() { FAIL_IO=$1; shift; LD_PRELOAD=$FAIL_SO FAIL_IO=$FAIL_IO "$@"; }
END

# --- how it is called
for bad in '-M 1' '-M lots' '-S soon' '-S 0'; do
	status 2 "'$bad' is wrong usage" "kafka-publish -t a -s sp $bad </dev/null"
done
status 2 'a directory that cannot be made' \
    'kafka-publish -t a -s /dev/null/sp </dev/null 2>said
	s=$?; grep "/dev/null/sp" said && exit $((s + 1)); exit $s'

# --- what is in it
check 'without a broker all is taken, and stays; it is plain text' '
	events 3000 >events && away -t one -s sp <events 2>said &&
	grep "bytes of records stay in the spool .sp., to be sent at the next start" said &&
	cat sp/*.ndjson | cmp - events'
check 'the next start sends it, with what comes' '
	events 3001 | tail -n 1 | kafka-publish -t one -s sp &&
	events 3001 | cmp - <(values one)'
check 'then nothing is left, and nothing is sent again' '
	[ $(cat sp/*.ndjson | wc -c) = 0 ] && kafka-publish -t one -s sp </dev/null &&
	[ $(values one | wc -l) = 3001 ] && [ $(metric kafka_publish_spool_bytes) = 0 ]'
check 'a last line without a line feed is one' '
	printf "{\"id\":\"last\"}" | kafka-publish -t last -s spl &&
	[ "$(values last)" = "{\"id\":\"last\"}" ]'
check 'a file is taken as a pipe is; whenever it is brought to the disk' '
	for sync in always never 1ms; do
		kafka-publish -t $sync -s sp-$sync -S $sync <events &&
		values $sync | cmp - events || exit 1
	done'
check 'bad records are kept by --reject, and do not come again' '
	{ echo nonsense; events 1; head -c 1500000 /dev/zero | tr "\\0" x; echo; events 1; } |
	    kafka-publish -t bad -s spb -r rejected &&
	kafka-publish -t bad -s spb -r rejected </dev/null &&
	[ "$(jq -r .reason rejected)" = "not a JSON object
longer than 1000000 bytes" ] && [ $(jq -r .record rejected | wc -c) = 1500010 ] &&
	[ $(values bad | wc -l) = 2 ] && [ $(cat spb/*.ndjson | wc -c) = 0 ]'

# --- whose it is
status 2 'a spool that holds records of another topic is refused' '
	away -t two -s sp2 <events && kafka-publish -t three -s sp2 </dev/null'
check 'an empty one of another topic is taken over, with an id of its own' '
	kafka-publish -t empty -s spe <events && id=$(jq -r .id spe/spool.json) &&
	kafka-publish -t taken -s spe <events 2>said && values taken | cmp - events &&
	grep "of kafka-publish into .empty. was empty, and is now that of kafka-publish into .taken." said &&
	[ "$(jq -r .destination spe/spool.json)" = taken ] &&
	[ "$(jq -r .id spe/spool.json)" != $id ]'
check 'nor do the positions that brokers have of the old one count' '
	kafka-publish -e -t taken -s spe <events && head -n 10 events >ten &&
	kafka-publish -e -t chosen -s spe <ten && values chosen | cmp - ten'
status 2 'a directory with other files is refused' \
    'mkdir mine && touch mine/letter && kafka-publish -t two -s mine </dev/null'
status 2 'a spool of another version is refused' '
	away -t v -s spv <events && sed -i s/:1,/:2,/ spv/spool.json &&
	kafka-publish -t v -s spv </dev/null 2>said; s=$?
	grep "another version, in format 2" said || exit 99
	exit $s'
status 1 'one that another process has is refused, for now' '
	sleep 60 | kafka-publish -t one -s spx & until [ -e spx/spool.json ]; do sleep 0.05; done
	kafka-publish -t one -s spx </dev/null 2>said; s=$?
	kill %1; grep "in use by another process" said || exit 99
	exit $s'

# --- crashes
check 'a line that a crash cut short is cut off, and said' '
	away -t torn -s spt <events && printf "{\"id\":\"to" >>spt/*.ndjson &&
	kafka-publish -t torn -s spt </dev/null 2>said &&
	grep "cut 9 bytes" said && values torn | cmp - events'
# The writer, and this shell for the reader's successors, hold the same pipe.
cat >>"$T/.functions" <<'END'
# Run publishers, one after the other, on one pipe of the records in file $2
# into topic $1, until one ends by itself; each is ended as $3... does, which
# gets its id.
succession() {
	topic=$1 in=$2 deaths=0
	shift 2
	cat <"$in" | {
		exec 3<&0
		while :; do
			kafka-publish -t $topic -s sp.$topic <&3 3<&- &
			"$@" $!
			wait $! 2>/dev/null
			s=$?
			[ $s = 137 ] || return $s
			deaths=$((deaths + 1))
			echo $deaths >deaths
		done
	}
}
after_a_while() {
	for t in 1 2 3 4 5 6 7 8; do
		sleep 0.05
		[ -e /proc/$1 ] || return
	done
	[ $(cat deaths) -ge 10 ] || kill -9 $1
}
END
check 'killed again and again, it loses nothing, not even half a line in the pipe' '
	echo 0 >deaths; events 60000 >many
	perl -ne "\$| = 1; print; select undef, undef, undef, 0.03 if \$. % 500 == 0" many |
	    (succession killed /dev/stdin after_a_while) 2>said
	[ $? = 0 ] && [ $(cat deaths) -ge 5 ] && cmp <(sort many) <(once killed) &&
	! grep "rejected" said'
check 'killed before any of its calls, it loses nothing' '
	events 2000 >few
	for call in "splice sp.call" "pwrite cursor" "rename spool.json" "rename input" \
	    "read 0" "write input" "write spool.json"; do
		for after in 0 1 2; do
			rm -rf sp.call
			cat few | {
				exec 3<&0
				failing "${call% *} ${call#* } KILL $after 1" \
				    kafka-publish -t call$after -s sp.call <&3
				kafka-publish -t call$after -s sp.call <&3 || exit
			} || exit
			cmp <(sort few) <(once call$after) || exit
		done
	done 2>said'

# --- full
check 'a full spool holds up the pipe; nothing is lost when a broker is back' '
	events 30000 >events && say down all
	{ cat events; touch through; } | kafka-publish -t full -s spf -M 1M 2>said &
	until [ "$(metric kafka_publish_spool_bytes)" -ge 1048576 ]; do sleep 0.1; done
	until metric kafka_publish_spool_oldest_seconds | grep "^[1-9]"; do sleep 0.1; done
	[ ! -e through ] && [ $(cat spf/*.ndjson | wc -c) -lt 1500000 ]; s=$?
	say up all
	wait $! && [ $s = 0 ] && values full | cmp - events'
check 'a full disk holds up the pipe, and is outlived' '
	cat events | failing "splice spd ENOSPC 2 3; splice spd SHORT 5 3" \
	    kafka-publish -t disk -s spd 2>said &&
	grep "cannot write to the spool .spd.: No space left on device; the input waits" said &&
	values disk | cmp - events'

# --- exactly once
status 2 'exactly once wants a spool' \
    'kafka-publish -e -t once </dev/null 2>said; s=$?; grep spool said && exit $s'
status 2 'a time to commit that is none' 'kafka-publish -e -s sp -t once -c soon </dev/null'
status 2 'a topic that cannot be one, exactly once' \
    "kafka-publish -e -s spw -t 'a b' </dev/null"
check 'the place is in the brokers, whatever the cursor says' '
	head -n 20000 events >some && kafka-publish -e -t once -s spo <some && rm spo/cursor &&
	events 20001 | tail -n 1 | kafka-publish -e -t once -s spo &&
	cmp <(events 20001 | sort) <(values once | sort)'
check 'what is in the spool comes first, when a broker is there again' '
	say down all && kafka-publish -e -g 0 -t later -s spl8 <some; [ $? = 1 ] &&
	say up all && kafka-publish -e -t later -s spl8 </dev/null &&
	cmp <(sort some) <(values later | sort) &&
	[ $(metric kafka_publish_commits_total) -ge 1 ]'
check 'one that a broker refuses is found, and is not in the way' '
	rm -f rejected && say error 87 8 &&
	head -n 100 some | kafka-publish -e -t poison -s spp -r rejected -c 1s 2>said &&
	[ $(wc -l <rejected) = 1 ] && [ $(metric kafka_publish_aborts_total) -ge 7 ] &&
	cmp <(head -n 100 some | sort) <({ values poison; jq -c .record rejected; } | sort -u)'

check 'one that is alone is not at fault for its transaction, nor when refused once' '
	rm -f rejected && for code in 48 51 52 90 87; do
		say error $code 1 && head -n 1 some |
		    kafka-publish -e -t alone -s spa -r rejected 2>said || exit 1
	done
	[ ! -s rejected ] && [ $(values alone | wc -l) -ge 5 ]'
check 'one without the right to its transactional id is kept, and status 3' '
	say error 53 1 && head -n 1 some >one
	kafka-publish -e -t kept -s spn -r rejected <one 2>said; [ $? = 3 ] &&
	grep "stay in the spool .spn." said && [ ! -s rejected ] &&
	kafka-publish -e -t kept -s spn </dev/null && values kept | cmp - one'

# --- a stop
check 'SIGTERM in mid-batch: what was read is there, the rest is in the pipe' '
	events 150000 >events && cat events | {
		exec 3<&0
		kafka-publish -t term -s sps -X queue.buffering.max.messages=500 <&3 &
		until [ "$(values term | wc -l)" -gt 100 ]; do :; done
		kill $!
		wait $!
		echo $? >status
		cat >rest
	}
	[ $(cat status) = 0 ] && cmp <(sort events) <(values term | sort - rest)'
status 1 'SIGTERM while no broker answers: what was read is in the spool' '
	mkfifo held && exec 8<>held
	kafka-publish -b 127.0.0.1:1 -t stop -s spk -g 1 <held &
	cat events >&8
	until [ $(cat spk/*.ndjson | wc -l) = 150000 ]; do sleep 0.1; done
	kill $!; wait $!; s=$?
	cat spk/*.ndjson | cmp - events || exit 99
	exit $s'

finish
