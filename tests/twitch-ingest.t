#!/bin/sh
# twitch-ingest as a supervisor; its stages are stand-ins of a few lines
. "$(dirname "$0")/lib.sh"
unset TWITCH_USERNAME KAFKA_TOPIC_CHAT_MESSAGES

# Beside a copy of twitch-ingest, stand-ins that note each start as "NAME PID
# ARGUMENTS" and then do what $T/does/NAME says. Not in dash, which unblocks
# the signals that it was started with blocked.
mkdir "$T/bin" "$T/other" "$T/does"
cp "$B/bin/twitch-ingest" "$T/bin"
cp "$B/bin/twitch-ingest" "$T/other"
for name in ws-reader irc-classify kafka-publish sqlite-publish file-publish; do
	cat >"$T/bin/$name" <<'END'
#!/bin/bash
name=${0##*/}
echo "$name $$ $*" >>"$T/starts"
. "$T/does/$name"
END
	chmod +x "$T/bin/$name"
done
PATH=$T/bin:$PATH

cat >"$T/.functions" <<'END'
# what stage $1 does from now on
does() { printf '%s\n' "$2" >does/$1; }

# ws-reader says 1, 2, 3 … until SIGTERM, and then "last"
counts='trap "echo last; exit 0" TERM; n=0
	while :; do n=$((n + 1)); echo $n; sleep 0.01 >&-; done'

# ws-reader does $1, then nothing until SIGTERM
then_waits() { echo "$1
	trap 'exit 0' TERM; while :; do sleep 0.05 >&-; done"; }

does ws-reader "$counts"
does irc-classify 'exec cat'
does kafka-publish 'exec cat >>published'
does sqlite-publish 'exec cat >>rows'
does file-publish 'exec cat >>files'
rm -rf out published rows files once go .env
: >starts

# the pipeline in the background, a process group of its own, as at a terminal
begin() {
	env --default-signal=INT setsid twitch-ingest "$@" >out 2>err </dev/null &
	sup=$!
	trap 'cat err; kill -9 $(jobs -p) $(awk "{ print \$2 }" starts)' EXIT
}

eventually() {
	for i in {1..1000}; do
		eval "$1" && return
		sleep 0.02
	done
	return 1
}

# it ends, with status $1
ends() {
	eventually '! kill -0 $sup 2>/dev/null' || return
	wait $sup
	[ $? = $1 ]
}

# file $1 has got to 10, or to $2
counted() { eventually "grep -qx ${2-10} $1"; }

# file $1 is 1, 2, 3 … last
complete() {
	awk '$0 == "last" { n = NR; next } $0 != NR { exit }
	    END { exit n < 10 || n != NR }' $1
}

pid_of() { awk -v name=$1 '$1 == name { pid = $2 } END { print pid }' starts; }
starts_of() { grep -c "^$1 " starts; }
arguments_of() { sed -n "s/^$1 [0-9]* //p" starts | sed -n "${2-1}p"; }

# of the processes that were started none is left
gone() {
	for p in $sup $(awk '{ print $2 }' starts); do
		! kill -0 $p 2>/dev/null || return
	done
}
END

check 'SIGTERM: all that was read is written, status 0, nobody is left' '
	begin chess && counted out && kill $sup &&
	ends 0 && complete out && gone'
check 'so on Ctrl-C, which reaches the whole process group' '
	begin chess && counted out && kill -INT -$sup &&
	ends 0 && complete out && gone'
check 'so on SIGTERM to everybody, twice, as timeout(1) has it' '
	begin chess && counted out && kill -TERM -$sup && kill -TERM -$sup &&
	ends 0 && complete out && gone'
check 'so when the terminal goes away' '
	begin chess && counted out && kill -HUP -$sup &&
	ends 0 && complete out && gone'
check 'which nohup outlives' '
	trap "" HUP; begin chess; counted out && kill -HUP -$sup &&
	n=$(wc -l <out) && eventually "[ \$(wc -l <out) -gt $((n + 9)) ]" &&
	kill $sup && ends 0 && complete out && gone'
check 'so with a publisher at the end' '
	begin -b localhost:1 -t chat chess && counted published && kill $sup &&
	ends 0 && complete published && gone && ! [ -s out ]'
check 'killed itself, it leaves nobody, and the stages drain' '
	begin -b localhost:1 -t chat chess && counted published &&
	kill -9 $sup && eventually gone && complete published'
check 'the first stage ends with status 0: so do all' '
	does ws-reader "seq 12; echo last" &&
	begin chess && ends 0 && complete out && gone'

for name in irc-classify kafka-publish; do
	check "kill -9 of $name: it is started again, the others do not notice" '
		begin -b localhost:1 -t chat chess && counted published &&
		grep -v "^'$name' " starts >others && kill -9 $(pid_of '$name') &&
		eventually "[ \$(starts_of '$name') = 2 ]" &&
		n=$(wc -l <published) &&
		eventually "[ \$(wc -l <published) -gt $((n + 9)) ]" &&
		grep -v "^'$name' " starts | cmp - others && kill $sup && ends 0 &&
		[ "$(tail -n 1 published)" = last ] && gone'
	check "$name was killed: that is said" '
		grep -qx "twitch-ingest: warning: '$name' was killed by signal 9: starting it again" err'
done
check 'kill -9 of ws-reader: it is started again, without its channels' '
	echo xqc >list && begin -u ws://u -f list chess && counted out 100 &&
	kill -9 $(pid_of ws-reader) &&
	eventually "[ \$(starts_of ws-reader) = 2 ]" && kill $sup && ends 0 &&
	[ "$(arguments_of ws-reader)" = "-u ws://u -f list -- chess" ] &&
	[ "$(arguments_of ws-reader 2)" = "-u ws://u" ] &&
	[ $(starts_of irc-classify) = 1 ]'
check 'but with them if it cannot have written them down yet' '
	does ws-reader "[ -e once ] || { touch once; kill -9 \$\$; }; exit 0" &&
	twitch-ingest chess && [ $(starts_of ws-reader) = 2 ] &&
	[ "$(arguments_of ws-reader 2)" = "-- chess" ]'
check 'status 1: started again, at once and then after a second' '
	does irc-classify "read -r line; echo \"\$line\"; exit 1" &&
	begin chess && eventually "[ \$(starts_of irc-classify) = 3 ]" &&
	kill $sup && grep -q "ended with status 1: starting it again$" err &&
	grep -q "ended with status 1: starting it again in 1 s$" err'
check 'a line torn by the death of a stage stays a line of its own' '
	does ws-reader "$(then_waits "[ -e once ] || {
		touch once; printf half; kill -9 \$\$; }
		echo whole")" &&
	begin chess && eventually "grep -qx whole out" &&
	kill $sup && ends 0 && printf "half\nwhole\n" | cmp - out'
check 'so when the pipe was full' '
	does ws-reader "$(then_waits "[ -e once ] || {
		touch once; exec yes 0123456789; }
		echo whole")" &&
	does irc-classify "while ! [ -e go ]; do sleep 0.05; done; exec cat" &&
	begin chess && eventually "[ -e once ]" &&
	eventually "ps -o comm=,stat= -p $(pid_of ws-reader) | grep -q \"^yes *S\"" &&
	kill -9 $(pid_of ws-reader) && eventually "grep -q signal err" &&
	touch go && eventually "grep -qx whole out" && kill $sup && ends 0 &&
	[ $(grep -cvx -e 0123456789 -e whole out) = 1 ] &&
	[ $(wc -c <out) -gt 1000000 ]'

for s in 2 3; do
	check "status $s is for a person: all stop, and the status is that" '
		does kafka-publish "exit '$s'" && begin -b localhost:1 -t t chess &&
		ends '$s' && [ $(starts_of kafka-publish) = 1 ] && gone'
done
check 'the worst status wins' '
	does ws-reader "trap \"exit 1\" TERM; while :; do sleep 0.01; done" &&
	does irc-classify "cat; exit 3" && does kafka-publish "cat; exit 2" &&
	begin -b localhost:1 -t t chess && eventually "[ -s starts ]" &&
	kill $sup && ends 3 && gone'
check 'what fails while draining is tried again, within --grace' '
	does irc-classify "[ -e once ] && exec cat; touch once; sleep 1; exit 1" &&
	does ws-reader "seq 12; echo last" &&
	begin chess && ends 1 && complete out && gone'
check 'what waits to be started again is started to drain' '
	does ws-reader "$(then_waits "seq 12")" &&
	does irc-classify "exit 1" && begin -g 1 chess &&
	eventually "grep -q \"again in 4 s\" err" &&
	does irc-classify "exec cat" && kill $sup && ends 0 &&
	seq 12 | cmp - <(grep . out) && gone'
check 'a stage that does not end is killed after --grace' '
	does ws-reader "trap : TERM; while :; do sleep 0.05 >&-; done" &&
	begin -g 1 chess && eventually "[ \$(wc -l <starts) = 2 ]" &&
	kill $sup && ends 1 && grep -q "ws-reader did not end within 1 s" err &&
	gone'
check 'or at once at a second Ctrl-C' '
	does ws-reader "trap : TERM; while :; do sleep 0.05 >&-; done" &&
	begin -g 1h chess && eventually "[ \$(wc -l <starts) = 2 ]" &&
	eventually "kill -INT $sup; ! kill -0 $sup" && ends 1 &&
	grep -q "second signal" err && gone'

check 'nobody reads our standard output any more: a quiet end, status 1' '
	does ws-reader "$(then_waits "seq 3")" &&
	{ timeout 60 twitch-ingest chess 2>err; echo $? >ended; } | head -n 3 | cmp - <(seq 3) &&
	grep -qx 1 ended && cmp err /dev/null && gone'
status 1 'standard output is closed' '
	twitch-ingest chess >&- 2>err; s=$?; grep -q "output is closed" err &&
	! [ -s starts ] && exit $s'
check 'which is no matter with a publisher, nor is standard input' '
	does ws-reader "seq 12; echo last" &&
	twitch-ingest -b localhost:1 -t t chess <&- >&- && complete published'

status 2 'a stage that is nowhere' '
	PATH=/usr/bin:/bin other/twitch-ingest chess 2>err; s=$?
	grep -q "cannot find .* beside twitch-ingest or in PATH" err && exit $s'
check 'stages are found in PATH' '
	does ws-reader "seq 12; echo last" &&
	other/twitch-ingest chess >out && complete out'
check 'but first beside itself' '
	does ws-reader "seq 12; echo last" && mkdir -p path &&
	printf "#!/bin/sh\nexit 2\n" >path/ws-reader && chmod +x path/ws-reader &&
	PATH=$T/path:$PATH twitch-ingest chess >out && complete out'

check 'each stage gets its options' '
	does ws-reader "exit 0" &&
	twitch-ingest -m -a me -C ca -n 9 -u ws://u -x me -y message \
	    -o text=message -b k:1,k:2 -t chat -k "{id}" -X a=b -X c=d -F conf \
	    -r bad -g 5 chess \#xqc -- -x &&
	arguments_of ws-reader | grep -Fx -e "--grace 5 -m -a me -C ca -n 9 -u ws://u -- chess #xqc -x" &&
	arguments_of irc-classify | grep -Fx -e "--grace 5 -x me -t message -o text=message" &&
	arguments_of kafka-publish | grep -Fx -e "--grace 5 --spool $TWITCH_STATE_DIR/spool/kafka -b k:1,k:2 -t chat -k {id} -X a=b -X c=d -F conf -r bad"'
check '.env gives what the environment has not' '
	does ws-reader "echo \$LOG_LEVEL \$SECRET" && does irc-classify "exec cat" &&
	umask 022 && printf "%s\n" "# ours" "LOG_LEVEL=error" "export SECRET=\"a b\"" \
	    "TWITCH_CHANNELS=#chess, xqc," TWITCH_USERNAME=me >.env &&
	SECRET=s twitch-ingest >out && echo "error s" | cmp - out &&
	arguments_of ws-reader | grep -Fx -e "-- #chess xqc" &&
	arguments_of irc-classify | grep -Fx -e "-x me"'
check 'the earlier systems spell some names otherwise' '
	does ws-reader "exit 0" && does kafka-publish "echo \$KAFKA_TOPIC; cat" &&
	export KAFKA_BROKERS=k:1 KAFKA_TOPIC_CHAT_MESSAGES=chat TWITCH_CHANNEL=chess &&
	[ "$(twitch-ingest)" = chat ] &&
	arguments_of ws-reader | grep -Fx -e "-- chess"'
check 'arguments win over the environment' '
	does ws-reader "exit 0" &&
	TWITCH_CHANNELS=xqc TWITCH_USERNAME=me twitch-ingest -x you chess &&
	arguments_of ws-reader | grep -Fx -e "-- chess" &&
	arguments_of irc-classify | grep -Fx -e "-x you"'
status 2 'a malformed line of .env is named' '
	umask 022; printf "A=1\n\nB 2\n" >.env && twitch-ingest chess 2>err; s=$?
	grep -q "'\''.env'\'', line 3" err && ! [ -s starts ] && exit $s'
status 2 'an .env that others can write is refused, with the remedy' '
	echo LD_PRELOAD=evil.so >.env && chmod 664 .env && twitch-ingest chess 2>err
	s=$?; grep -q "run: chown $(id -u) .env && chmod go-w .env" err && ! [ -s starts ] && exit $s'
check 'a folder named .env is none of ours' '
	does ws-reader "exit 0" && mkdir .env && twitch-ingest chess'
check '-N has run and state folders of its own' '
	does ws-reader "echo \$TWITCH_RUN_DIR \$TWITCH_STATE_DIR" &&
	[ "$(twitch-ingest -N two chess)" = "$T/run/two $T/state/two" ] &&
	[ -d run/two ]'
check 'but the logins of all' '
	does ws-reader "echo \$TWITCH_LOGIN_DIR" &&
	[ "$(twitch-ingest -N two chess)" = "$T/state" ] &&
	[ "$(TWITCH_LOGIN_DIR=$T/l twitch-ingest -N two chess)" = "$T/l" ]'
for name in '' . ../x a/b ctl run 'a b'; do
	status 2 "-N '$name' is refused" 'twitch-ingest -N "'"$name"'" chess'
done
check 'with all descriptors closed the stages have three' '
	does ws-reader "readlink /proc/\$\$/fd/2 >standard; sleep 0.01; exit 0" &&
	twitch-ingest --to file:x chess <&- >&- 2>&-
	grep -x /dev/null standard'
# several destinations
to='--to kafka://k:1?topic=chat --to sqlite:chat.db --to file:x'
check 'several destinations: each gets all' '
	begin '"$to"' chess && counted published && counted rows && counted files &&
	kill $sup && ends 0 && complete published && complete rows &&
	complete files && gone && ! [ -s out ]'
check 'each gets its options and a spool of its own' '
	does ws-reader "exit 0" &&
	twitch-ingest -g 5 -M 1G -b k:1 -t chat --to "kafka://k:2?topic=chat&exactly-once" \
	    --to "sqlite:chat.db?spool=here" chess &&
	S=$TWITCH_STATE_DIR/spool &&
	awk "\$1 == \"kafka-publish\"" starts | cut -d" " -f3- | sort >got &&
	cat >expected <<-END &&
		--grace 5 --spool $S/kafka --spool-max 1G -b k:1 -t chat
		--grace 5 --spool $S/kafka-2 --spool-max 1G --brokers k:2 --topic chat --exactly-once
	END
	diff expected got &&
	arguments_of sqlite-publish |
	    grep -Fx -e "--grace 5 --spool $S/sqlite --spool-max 1G --database chat.db --spool here"'
check 'the publishers know what URLs become' '
	all="--grace 5 --spool s --spool-max 1G" &&
	$B/bin/kafka-publish $all --brokers a:1,b:2 --topic t -V &&
	$B/bin/amqp-publish $all --tls --host h --port 5 --user u --vhost v -V &&
	$B/bin/clickhouse-publish $all --host h --port 5 --user u --database d -V &&
	$B/bin/postgres-publish $all --database postgresql://u@h:5/d -V &&
	$B/bin/sqlite-publish $all --database f -V &&
	$B/bin/file-publish $all --zstd f -V'
check '--spool has them elsewhere, --no-spool nowhere' '
	does ws-reader "exit 0" && twitch-ingest -s there --to sqlite:a chess &&
	arguments_of sqlite-publish | grep -Fx -e "--spool there/sqlite --database a" &&
	twitch-ingest -S --to sqlite:a chess &&
	arguments_of sqlite-publish 2 | grep -Fx -e "--database a"'
for name in sqlite-publish tee; do
	check "kill -9 of $name: the other destinations get all" '
		begin '"$to"' chess && counted rows 20 &&
		victim=$(pid_of '$name' | grep . ||
		    ps -o pid=,comm= --ppid $sup | awk "\$2 == \"tee\" { print \$1 }") &&
		n=$(wc -l <files) && kill -9 $victim && counted files $((n + 50)) &&
		kill $sup && ends 0 && grep -qx last rows &&
		{ [ '$name' = tee ] || complete files; } && grep -qx last files && gone'
done
check 'one that wants a person: the others drain, status 2' '
	does sqlite-publish "head -n 20 >/dev/null; exit 2" && begin '"$to"' chess &&
	ends 2 && complete published && complete files && gone &&
	grep -q "sqlite-publish ended with status 2: stopping" err'
check 'one that will not end is killed, the others drain' '
	does sqlite-publish "cat >>rows; while :; do sleep 0.05; done" &&
	begin -g 1 '"$to"' chess && counted rows && kill $sup && ends 1 &&
	complete published && complete files && gone &&
	grep -q "sqlite-publish did not end within 1 s" err'
status 2 'a destination that is none' 'twitch-ingest --to mysql://x chess 2>err; s=$?
	grep -q "^twitch-ingest: --to .mysql://x.: " err && ! [ -s starts ] && exit $s'
status 2 'too many destinations' 'for i in 1 2 3 4 5 6 7 8 9; do
	set -- "$@" --to sqlite:$i; done; twitch-ingest "$@" chess'

check 'metrics tell what runs and what was started again' '
	begin chess && counted out && kill -9 $(pid_of irc-classify) &&
	eventually "grep -q \"restarts_total{stage=.irc-classify.} 1$\" run/metrics/twitch-ingest.prom &&
	    grep -q \"stage_up{stage=.irc-classify.} 1$\" run/metrics/twitch-ingest.prom" &&
	grep -q "restarts_total{stage=.ws-reader.} 0$" run/metrics/twitch-ingest.prom &&
	kill $sup && ends 0'
check 'two of a kind are told apart' '
	does kafka-publish "echo \"\${TWITCH_TWIN-none} \$*\" >>twins; exec cat >/dev/null" &&
	begin --to kafka://a?topic=x --to kafka://b?topic=x chess &&
	eventually "grep -q \"stage_up{stage=.kafka-publish-2.} 1$\" run/metrics/twitch-ingest.prom" &&
	grep -q "stage_up{stage=.kafka-publish.} 1$" run/metrics/twitch-ingest.prom &&
	kill $sup && ends 0 && grep -q "^2 .*--brokers b" twins &&
	grep -q "^none .*--brokers a" twins'

check '-h: the synopsis, status 0' 'twitch-ingest -h | grep -q "^usage: twitch-ingest "'
check '--version' '[ "$(twitch-ingest --version)" = "$(twitch-ingest -V)" ]'
status 2 'an unknown option' 'twitch-ingest --nonsense 2>err; s=$?
	grep -q ^usage: err && exit $s'
status 2 'an option of the publisher without one' '
	twitch-ingest -t chat chess 2>err; s=$?; grep -q "^twitch-ingest: -t " err &&
	! [ -s starts ] && exit $s'
status 2 'a grace that is no time' 'twitch-ingest -g soon chess'
finish
