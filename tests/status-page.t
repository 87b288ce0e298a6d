#!/bin/sh
# twitch-httpd beside a pipeline at work: the status page in a browser, whose
# pictures go to the build folder, and readiness as stages come and go
. "$(dirname "$0")/lib.sh"

cat >"$T/.functions" <<'END'
url=$(cat url 2>/dev/null)
eventually() {
	for i in {1..600}; do
		eval "$1" && return
		sleep 0.05
	done
	cat *.err
	return 1
}
readyz_says() {
	want=$1
	eventually '[[ $(curl -s "$url/readyz" | tee said) = $want ]]' || { cat said; false; }
}
END

mkfifo "$T/broker"
exec 9<>"$T/broker"
start twitch-sim --chat 200 --url-file "$T/twitch" 2>"$T/twitch.err"
# What a function reads would be lost to its process in the background.
start sh -c "exec kafka-sim --topic chat:3 --url-file '$T/kafka' \
    <'$T/broker' 2>'$T/kafka.err'"
wait_for 20 '[ -s twitch ] && [ -s kafka ]'
start twitch-httpd -l 127.0.0.1:0 -u "$T/url" 2>"$T/httpd.err"
echo 0123456789abcdef >"$T/token"
chmod 600 "$T/token"
start twitch-httpd -l 127.0.0.1:0 -u "$T/guarded" -t "$T/token" 2>>"$T/httpd.err"
wait_for 20 '[ -s url ] && [ -s guarded ]'
check 'before the pipeline is started: not ready' '
	readyz_says $'\''not ready\nno reader is running\nno publisher is running'\'
start twitch-ingest -u "$(cat "$T/twitch")" -b "$(cat "$T/kafka")" -t chat \
    chess xqc 2>"$T/ingest.err"
check 'when it is at work: ready' 'readyz_says ready'

if command -v chromium >/dev/null; then
	python3 "$TOP/tests/status-page.py" "$(cat "$T/url")" chess speedrun \
	    "$B/status-page" "$(cat "$T/guarded")" "$(cat "$T/token")" \
	    >"$T/page" 2>&1
	check 'the page in a browser' '
		cat page; ! grep "^not ok\|Error" page && [ $(grep -c "^ok" page) = 19 ]'
else
	skip 'the page in a browser' 'there is no chromium'
fi
check 'the metrics of all, every family once' '
	curl -s "$url/metrics" >all &&
	for m in ws_reader_lines_total irc_classify_ kafka_publish_up twitch_ingest_ twitch_httpd_; do
		grep "^$m.* [1-9]" all || exit
	done && [ -z "$(sed -n "s/^# TYPE //p" all | sort | uniq -d)" ]'

echo 'down 1' >&9
check 'the broker is gone: not ready' 'readyz_says "*the destination of kafka-publish does not answer"'
echo 'up 1' >&9
check 'and back: ready' 'readyz_says ready'
check 'the last channel is parted from: ready, there is nothing to join' '
	twitch-ctl part chess xqc speedrun &&
	eventually "curl -s $url/status.json | jq -e \".found == 0\"" &&
	eventually "curl -s $url/channels | jq -e \".channels == []\"" && readyz_says ready'
kill "$pid"
check 'the pipeline has ended: not ready' 'readyz_says "*no reader is running*"'
finish
