#!/bin/sh
# twitch-httpd, the reader being a stand-in: a FIFO and the files it writes
. "$(dirname "$0")/lib.sh"

cat >"$T/.functions" <<'END'
url=$(cat url 2>/dev/null)
# what a request is answered: the status, or the body
code() { curl -sS -m 20 -o body -w "%{http_code}" "$@"; }
get() { local path=$1; shift; curl -sS -m 20 "$@" "$url$path"; }
answers() { local want=$1 path=$2; shift 2; [ "$(code "$@" "$url$path")" = $want ]; }
says() { printf %s "$1" | cmp - body; }

# a reader that writes down what it is sent
listen() {
	rm -f run/ctl sent
	mkfifo run/ctl
	exec 7<>run/ctl
	cat <&7 7>&- >sent &
	reader=$!
	exec 7<&-
	trap "kill $reader 2>/dev/null" EXIT
}
eventually() {
	for i in {1..1000}; do
		eval "$1" && return
		sleep 0.02
	done
	return 1
}
was_sent() { eventually "cmp -s - sent <<<'$1'"; }

# files as a pipeline writes them that is at work
put() { cat >"$1.new" && mv "$1.new" "$1"; }
status_file() {
	printf '{"schema":1,"pid":1,"updated_at":"2026-11-21T02:36:01Z",
	    "started_at":"2026-11-21T02:36:00Z","connections":[{"conn":0,
	    "identity":"anonymous","state":"ready","since":1,"channels":1}],
	    "channels":[%s]}' "$1" | put run/status.json
}
channel() { printf '{"channel":"%s","phase":"%s","lines":%s}' $1 $2 ${3-0}; }
desired() {
	printf '{"schema":1,"account":"me","updated_at":"2026-11-21T02:36:01Z",
	    "channels":[%s]}' "$1" | put state/channels.json
}
reader_metrics() {
	printf '# HELP ws_reader_lines_total Lines.
# TYPE ws_reader_lines_total counter
ws_reader_lines_total %s\n' $1 | put run/metrics/ws-reader.prom
}
publisher_metrics() {
	printf '# HELP kafka_publish_up Up.
# TYPE kafka_publish_up gauge
kafka_publish_up %s\n' $1 | put run/metrics/kafka-publish.prom
}
# of a publisher that has a spool
spool() {
	printf '# TYPE kafka_publish_destination_up gauge
kafka_publish_destination_up %s
# TYPE kafka_publish_up gauge
kafka_publish_up 1
# TYPE kafka_publish_spool_bytes gauge
kafka_publish_spool_bytes 4096
# TYPE kafka_publish_spool_oldest_seconds gauge
kafka_publish_spool_oldest_seconds 61.5\n' $1 | put run/metrics/kafka-publish.prom
}
# of a twitch-ingest that runs these
stages() {
	printf 'twitch_ingest_stage_up{stage="%s"} 1\n' "$@" | put run/metrics/twitch-ingest.prom
}
at_work() {
	listen
	status_file "$(channel chess joined 7)"
	desired '"#chess"'
	reader_metrics 7
	publisher_metrics 1
}
is_ready() { answers 200 /readyz && says ready; }
is_not_ready() { answers 503 /readyz && printf "not ready\n$1\n" | cmp - body; }
END

serve() {
	rm -f "$T/url"
	start twitch-httpd -l 127.0.0.1:0 -u "$T/url" "$@" 2>"$T/httpd.err"
	wait_for 20 '[ -s url ]' || cat "$T/httpd.err"
}
mkdir -p "$T/run/metrics" "$T/state"

# --- where it listens, and for whom

status 2 'an unknown option' 'twitch-httpd -Z 2>err; s=$?
	grep -q "^usage: twitch-httpd" err && exit $s'
status 2 'an argument' 'twitch-httpd chess'
status 2 'not an address' 'twitch-httpd -l example.org:80'
status 2 'beyond loopback there must be a token' '
	HTTP_API_HOST=0.0.0.0 HTTP_API_PORT=0 twitch-httpd 2>err; s=$?
	grep -q "others can reach http://0.0.0.0:[0-9]*: give --token-file" err &&
	exit $s'
status 2 'also by IPv6' 'twitch-httpd -l "[::]:0"'
status 2 'a token that others can read' '
	echo 0123456789abcdef >token && chmod 640 token &&
	twitch-httpd -l 0.0.0.0:0 -t token 2>err; s=$?
	grep -q "chmod 600" err && exit $s'
if [ "$(id -u)" = 0 ]; then
	status 2 'a token of another user' '
		chown 12345 token; twitch-httpd -l 127.0.0.1:0 -t token 2>err; s=$?
		chown 0 token; grep -q "belongs to another user; run: chown 0" err && exit $s'
fi
status 2 'a token that is too short' '
	echo 0123456789abcde >short && chmod 600 short &&
	twitch-httpd -l 0.0.0.0:0 -t short'
status 2 'no token file' 'twitch-httpd -l 0.0.0.0:0 -t none'
check 'the environment says where' '
	HTTP_API_HOST=localhost HTTP_API_PORT=0 twitch-httpd -u url2 2>err &
	eventually "[ -s url2 ]"; kill $!; wait $! &&
	grep -q "^http://127.0.0.1:[0-9]*$" url2'
serve
status 1 'a port that is taken' 'twitch-httpd -l "${url#http://}"'

# --- the earlier system'\''s paths and bodies

check 'GET /healthz' 'answers 200 /healthz && says ok'
check 'HEAD has no body' '
	get /healthz -I >head && grep -qi "^content-length: 2" head && ! grep -qx ok head'
check 'another path is not found' 'answers 404 /nothing'
check 'join' 'listen && answers 200 "/join?channel=chess" &&
	says "Queued join for channel: chess" && was_sent "join chess"'
check 'part' 'listen && answers 200 "/part?channel=chess" &&
	says "Queued part for channel: chess" && was_sent "part chess"'
check 'a name as people type it' '
	listen && answers 200 "/join?channel=%20%23CheSS+" &&
	says "Queued join for channel: chess" && was_sent "join chess"'
check 'join by POST, in the query or in a form' '
	listen && answers 200 "/join?channel=a" -X POST &&
	answers 200 /join -d channel=b -d more=1 &&
	answers 200 /part --data-urlencode "channel=#c" &&
	answers 200 /join -d "x&channel=++%43hess+" && was_sent "join a
join b
part c
join chess"'
check 'no name' 'listen && for q in "" ? "?channel" "?channel=" "?channel=%20" "?chan=a"; do
	answers 400 "/join$q" && printf "Missing channel parameter\n" | cmp - body || exit
	done'
check 'a name that is none, in the query and in a form, is refused and not sent' '
	listen
	for name in a%0D%0Apart%20b a%0Apart%20b a%0D%0A %0D%0Aa a%00 a%00b %23%23a a,b \
	    a%20b a-b a.b caf%C3%A9 a%FF %22a%22 "<b>" \
	    abcdefghijklmnopqrstuvwxyz "$(printf %04000d 0)"; do
		answers 400 "/join?channel=$name" && grep -q "^Not a channel name" body &&
		answers 400 /part -d "channel=$name" || { echo "$name"; exit 1; }
	done
	answers 200 "/join?channel=a" && was_sent "join a"'
check 'nobody listens' '
	rm -f run/ctl && answers 503 "/join?channel=a" && says "No reader is running
" && mkfifo run/ctl && answers 503 "/join?channel=a"'
check 'a reader that reads nothing: said at once, and others are served' '
	rm -f run/ctl && mkfifo run/ctl && exec 7<>run/ctl &&
	head -c 65536 /dev/zero >&7 &&
	answers 503 "/join?channel=a" -m 5 && grep -q "^The reader is busy" body'
check 'other methods' '
	answers 405 "/join?channel=a" -X PUT && answers 405 "/join?channel=a" -I &&
	answers 405 /healthz -d x=1 &&
	get /channels -X DELETE -D head >body && grep -q "^Allow: GET, HEAD" head'

# --- pages from elsewhere

check 'our own page may join' '
	listen && answers 200 /join -d channel=a -H "Origin: $url" -H "Sec-Fetch-Site: same-origin" &&
	answers 200 "/join?channel=b" -H "Sec-Fetch-Site: none" && was_sent "join a
join b"'
check 'no other page' '
	listen
	for h in "Origin: http://evil.example" "Origin: null" "Origin: $url.evil.example" \
	    "Origin: http://127.0.0.1" "Sec-Fetch-Site: cross-site" "Sec-Fetch-Site: same-site"; do
		answers 403 /join -d channel=a -H "$h" && answers 403 "/join?channel=a" -H "$h" || exit
	done
	answers 200 "/join?channel=b" && was_sent "join b"'
check 'a browser that does not say from where is on any page, a program on none' '
	old="User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:60.0) Firefox/60.0"
	listen && answers 403 "/join?channel=a" -H "$old" &&
	answers 403 /join -d channel=a -H "$old" &&
	for from in http://evil.example/ "$url.evil.example/" http:// ""; do
		answers 403 "/join?channel=a" -H "$old" -H "Referer: $from" || exit
	done
	answers 403 "/join?channel=a" -H "Referer: http://evil.example/$url" &&
	answers 200 "/join?channel=b" -H "$old" -H "Referer: $url/" &&
	answers 200 "/join?channel=c" -H "User-Agent:" && was_sent "join b
join c"'
check 'no other name for us, by which a page could read (DNS rebinding)' '
	for path in /channels /metrics /status.json / /healthz "/join?channel=a"; do
		answers 403 "$path" -H "Host: evil.example:${url##*:}" || exit
	done
	answers 200 / -H "Host: localhost:99" && answers 200 / -H "Host: [::1]:99" &&
	answers 403 / -H "Host: 127.0.0.1.evil.example" && answers 403 / -H "Host: localhost.evil"'
check 'what is sent cannot be framed, guessed at, kept or made to load' '
	get / -I >head || exit; for h in "content-security-policy: default-src .none.;.*frame-ancestors .none." \
	    "x-content-type-options: nosniff" "cache-control: no-store" "referrer-policy: no-referrer"; do
		grep -qi "^$h" head || exit
	done
	! grep -n "//" "$TOP/ctl/page/index.html" && ! grep -n "innerHTML\|eval\|://" "$TOP/ctl/page/script.js"'

# --- what it tells

check 'the channels, in the words of the earlier system; each change a version' '
	desired "\"#a\",\"#b\"" && get /channels >one && desired "\"#a\"" && get /channels >two &&
	v=$(jq .version one) && [ $(jq .version two) = $((v + 1)) ] &&
	printf "{\"account\":\"me\",\"version\":$v,\"updated_at\":\"2026-11-21T02:36:01Z\",\"channels\":[\"#a\",\"#b\"]}\n" | cmp - one'
check 'no channels yet; a file that is broken' '
	rm state/channels.json && get /channels | jq -e ".channels == [] and .account == \"\"" &&
	echo "{" >state/channels.json && answers 500 /channels; s=$?
	rm state/channels.json; exit $s'
check 'ready: reader, channel and destination' 'at_work && is_ready'
check 'ready with nothing desired' 'at_work && desired "" && status_file "" && is_ready'
check 'not ready: the reader is gone, though all files are there' '
	at_work && is_ready && kill -9 $reader && wait $reader 2>/dev/null
	is_not_ready "no reader is running"'
check 'not ready: the reader hangs' '
	at_work && touch -d "20 seconds ago" run/status.json run/metrics/ws-reader.prom &&
	answers 503 /readyz && grep -q "^the reader has said nothing for 2[0-9] s" body &&
	reader_metrics 8 && is_ready'
check 'not ready: no channel is joined' '
	at_work && status_file "$(channel chess refused)" && is_not_ready "none of 1 channels is joined"'
check 'not ready: the destination does not answer' '
	at_work && publisher_metrics 0 && is_not_ready "the destination of kafka-publish does not answer" &&
	publisher_metrics 1 && is_ready'
check 'with a spool too: what says whether the destination answers' '
	at_work && spool 0 && is_not_ready "the destination of kafka-publish does not answer" &&
	spool 1 && is_ready'
check 'not ready: the publisher has ended' '
	at_work && touch -d "1 minute ago" run/metrics/kafka-publish.prom &&
	answers 503 /readyz && grep -q "^kafka-publish has said nothing for 6" body'
check 'a publisher that was run once beside the pipeline is not its own' '
	at_work && cp run/metrics/kafka-publish.prom run/metrics/sqlite-publish.prom &&
	touch -d "1 minute ago" run/metrics/sqlite-publish.prom && answers 503 /readyz &&
	stages irc-classify kafka-publish && is_ready &&
	stages irc-classify clickhouse-publish && is_not_ready "no publisher is running" &&
	stages irc-classify && answers 503 /readyz && grep -q "^sqlite-publish has said nothing" body
	s=$?; rm run/metrics/sqlite-publish.prom run/metrics/twitch-ingest.prom; exit $s'
check 'not ready: no publisher, no reader, no files' '
	rm -rf run/ctl run/status.json run/metrics/*-publish.prom &&
	is_not_ready "no reader is running\nno publisher is running"'
check 'half a file is as none' '
	at_work && head -c 99 run/status.json | put run/status.json &&
	is_not_ready "the reader has not written its status"'

check 'metrics: each family once and in one piece' '
	at_work && printf "# TYPE a_total counter\na_total{x=\"} 1\"} 1\n# HELP b B.\n# TYPE b histogram\nb_bucket{le=\"1\"} 1\nb_sum 2\nb_count 1\na_total 3\n" | put run/metrics/one.prom &&
	printf "# HELP b B.\n# TYPE b histogram\nb_bucket{name=\"t\",le=\"1\"} 4\nb_sum{name=\"t\"} 5\n# HELP a_total A.\n# TYPE a_total counter\na_total{name=\"t\"} 6 1795232611388" | put run/metrics/two.prom &&
	get /metrics >all && diff - <(grep a_total all) <<<"# HELP a_total A.
# TYPE a_total counter
a_total{x=\"} 1\"} 1
a_total 3
a_total{name=\"t\"} 6 1795232611388" &&
	[ -z "$(grep "^# TYPE" all | sort | uniq -d)" ] &&
	diff - <(sed -n "/^# HELP b /,/^b_sum.*t/p" all) <<<"# HELP b B.
# TYPE b histogram
b_bucket{le=\"1\"} 1
b_sum 2
b_count 1
b_bucket{name=\"t\",le=\"1\"} 4
b_sum{name=\"t\"} 5"'
check 'metrics: an old file is marked' '
	at_work && touch -d "1 minute ago" run/metrics/kafka-publish.prom && get /metrics >all &&
	grep -q "^twitch_httpd_file_stale{file=\"kafka-publish\"} 1$" all &&
	grep -q "^twitch_httpd_file_stale{file=\"ws-reader\"} 0$" all &&
	grep -q "^twitch_httpd_file_age_seconds{file=\"kafka-publish\"} 6[0-9]\." all &&
	grep -q "^kafka_publish_up 1" all'
check 'metrics: lines that are none are left out and counted' '
	rm -f run/metrics/* && printf "good 1\nbad\n<b> 1\ngood{ 2\nalso_good{} +Inf\n\0 1\nbad 1x\n" |
	put run/metrics/x.prom && echo 1 >run/metrics/x.prom.Qaz12E && get /metrics >all &&
	grep -q "^twitch_httpd_file_invalid_lines{file=\"x\"} 5$" all && grep -q "^good 1$" all &&
	grep -q "^also_good{} +Inf" all && ! grep -q "bad\|<b>\|Qaz" all'
check 'metrics of its own' 'at_work && wait_own() { get /metrics >all && grep "^twitch_httpd_answers_total{status=\"4xx\"} [1-9]" all; } &&
	eventually wait_own && get /metrics -I >head && grep -qi "^content-type: text/plain; version=0.0.4" head'

check 'the status page has what it shows' '
	at_work && get /status.json | jq -e "
	    .ready and .running and .lines == 7 and .phases.joined == 1 and
	    .found == 1 and .channels[0].channel == \"chess\" and
	    .connections[0].state == \"ready\" and (.rates | length) > 0 and
	    .publishers == [{name: \"kafka-publish\", stale: false, up: true}]"'
check 'with a spool it tells how much waits, and since when' '
	at_work && spool 0 && get /status.json | jq -e "
	    .publishers == [{name: \"kafka-publish\", stale: false, up: false,
	    spool_bytes: 4096, spool_seconds: 61.5}]"'
check 'its rate is that of the reader' '
	at_work; rate() { reader_metrics $((n = n + 100)); sleep 0.2; [ $(get /status.json | jq .rate) -gt 0 ]; }
	n=7; eventually rate && get /status.json | jq -e ".rate < 2000"'
check 'of very many channels it shows those that need a look, and what is asked for' '
	at_work && { for i in {1..300}; do channel c$i joined $i; echo ,; done; channel bad refused; } >many &&
	status_file "$(cat many)" && get /status.json | jq -e "
	    .found == 301 and (.channels | length) == 200 and
	    [.channels[:3][].channel] == [\"bad\", \"c300\", \"c299\"]" &&
	get "/status.json?find=c29" | jq -e ".found == 11"'

# --- clients that mean harm

check 'a thousand connections and slow ones: others are served, and these end' '
	ulimit -n 4096 && python3 "$TOP/tests/slow-clients.py" "$url"'
check 'a body of 10 MB is refused before it is read' '
	head -c 10000000 /dev/zero >big && listen &&
	s=$(code -w "%{http_code} %{size_upload}" --data-binary @big "$url/join?channel=a") &&
	[ "$s" = "413 0" ] && [ ! -s sent ]'
check 'also of a client that does not wait for leave; it may miss the answer' '
	s=$(code -w "%{http_code} %{size_upload}" -H Expect: --data-binary @big "$url/join?channel=a")
	echo "$s"; [ "${s% *}" = 413 -o "${s% *}" = 000 ] && [ "${s#* }" -lt 9000000 ] &&
	[ ! -s sent ]'
check 'so is one whose length is not told, and a head without end' '
	answers 411 "/join?channel=a" -H "Transfer-Encoding: chunked" -d x=1 &&
	answers 431 / -H "X: $(head -c 20000 /dev/zero | tr "\0" a)" &&
	answers 414 "/$(head -c 20000 /dev/zero | tr "\0" a)"'
check 'what is not HTTP' '
	exec 7<>/dev/tcp/127.0.0.1/${url##*:} && head -c 20000 /dev/urandom >&7 2>/dev/null
	exec 7>&-; answers 200 /healthz'

# --- a token, and the end

kill "$pid"
wait "$pid"
check 'SIGTERM: it ends with 0' "[ $? = 0 ]"
chmod 600 "$T/token"
serve -t "$T/token"
check 'with a token file the token is asked for' '
	for path in /channels /metrics /status.json "/join?channel=a"; do
		answers 401 "$path" && answers 401 "$path" -H "Authorization: Bearer 0123456789abcdeg" &&
		answers 401 "$path" -H "Authorization: Bearer 0123456789abcdef0" &&
		answers 401 "$path" -H "Authorization: Basic 0123456789abcdef" || exit
	done; grep -q "bearer token is required" body'
check 'and let in' 'at_work && t="Authorization: Bearer 0123456789abcdef" &&
	answers 200 /channels -H "$t" && answers 200 "/join?channel=a" -H "$t" && was_sent "join a" &&
	answers 200 /metrics -H "$t" -H "Host: ingest.example.org"'
check 'probes and the page itself need none' '
	answers 200 /healthz && at_work && is_ready && answers 200 / && answers 200 /script.js'
check 'reader only' '
	rm -f url3 run/metrics/kafka-publish.prom; twitch-httpd -r -l 127.0.0.1:0 -u url3 &
	eventually "[ -s url3 ]" && at_work && rm run/metrics/kafka-publish.prom &&
	url=$(cat url3) && is_ready; s=$?; kill %1; exit $s'

finish
