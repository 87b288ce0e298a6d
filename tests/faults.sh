# Numbered events for tests of faults, and their account. Source it.
#
#	events N		N of them, of five channels
#	stream PAUSE		the same as time goes by, ten and a pause of PAUSE
#				seconds, until the file `enough` is there; they
#				are of now, since Kafka forgets who sent old
#				ones. The file `waited` then says how many
#				seconds it waited at most to be read.
#	killed SECONDS PROGRAM…	a stream goes into PROGRAM, which is killed with
#				-9 each second and started again, and at last
#				runs to its end; what was sent is in `sent`
#	stopped METRIC PROGRAM…	a stream goes into PROGRAM, which gets SIGTERM once
#				`metric METRIC` is above 100: that it ended with
#				0 and left something in the pipe. What it took is
#				in `sent`
#	account NAME MOST	every line of `sent` is in `got`, and nothing
#				else; at most MOST of them more than once. The
#				figures go to the file `account`.

events() {
	awk -v n="$1" 'BEGIN { for (i = 1; i <= n; i++)
		printf "{\"type\":\"message\",\"timestamp\":1763688%06d,\"channel\":\"c%d\",\"id\":\"%d\"}\n",
		    i, i % 5, i }'
}

stream() {
	rm -f enough
	perl -MTime::HiRes=time,sleep -e '$| = 1; until (-e "enough") {
		$lines = "";
		for (1 .. 10) {
			$n++;
			$lines .= sprintf qq({"type":"message","timestamp":%d,"channel":"c%d","id":"%d"}\n),
			    time * 1000, $n % 5, $n;
		}
		$before = time;
		print $lines;
		$took = time - $before;
		$waited = $took if $took > $waited;
		sleep $ARGV[0];
	}
	open $file, ">", "waited";
	printf $file "%.1f\n", $waited;
	' "$1"
}

killed() {
	faults_seconds=$1
	shift
	mkfifo faults.pipe
	stream 0.005 | tee sent >faults.pipe &
	exec 9<faults.pipe
	while [ "$faults_seconds" -gt 0 ]; do
		faults_seconds=$((faults_seconds - 1))
		"$@" <&9 2>>killed.log &
		sleep 1
		kill -9 $!
		wait $!
	done 2>/dev/null
	touch enough
	"$@" <&9 2>>killed.log
	faults_status=$?
	exec 9<&-
	rm faults.pipe
	wait
	return $faults_status
}

stopped() {
	faults_metric=$1
	shift
	stream 0.0005 | tee many | {
		exec 3<&0
		rm -f "run/metrics/$1.prom"
		"$@" <&3 3<&- &
		until [ "$(metric "$faults_metric")" -gt 100 ]; do
			sleep 0.01
		done 2>/dev/null
		kill $!
		wait $!
		echo $? >status
		touch enough
		cat >rest
	}
	head -c -"$(stat -c %s rest)" many >sent
	[ "$(cat status)" = 0 ] && [ -s rest ]
}

account() {
	faults_twice=$(sort got | uniq -d | wc -l)
	printf '# %s: %d in, %d found, %d rejected, %d more than once\n' "$1" \
	    "$(wc -l <sent)" "$(sort -u got | wc -l)" \
	    "$(cat rejected 2>/dev/null | wc -l)" "$faults_twice" | tee -a account
	sort -u got >got.sorted
	sort -u sent | cmp - got.sorted && [ "$faults_twice" -le "$2" ]
}
