#!/bin/sh
# The alerts and the dashboard of contrib name metrics that the manuals have
. "$(dirname "$0")/lib.sh"

cat >"$T/.functions" <<'END'
rules=$TOP/contrib/prometheus/twitch-ingest.rules.yml
board=$TOP/contrib/grafana/twitch-ingest.json
panels() { jq -c '.panels[] | select(.type != "row")' "$board"; }

# The metrics in expressions; those of every publisher are written .+_publish.
metrics() {
	sed 's/[.]+_publish/kafka_publish/g' |
	    grep -oE '(ws_reader|irc_classify|[a-z]+_publish|twitch_[a-z]+)_[a-z_]+' |
	    sort -u
}
# Of the metrics on standard input those that no manual has; a histogram has
# its buckets besides.
unknown() {
	while read -r metric; do
		page=$(ls "$TOP"/man/*.1 | sed 's/.*\///; s/\.1$//' | while read -r p; do
			case $metric in "${p//-/_}"_*) echo "$p" ;; esac
		done)
		row=${metric#"${page//-/_}"_}
		grep -qE "^.It Li $row Ta" "$TOP/man/$page.1" ||
		    grep -q "^.It Li ${row%_bucket} Ta histogram Ta" "$TOP/man/$page.1" ||
		    echo "$metric"
	done
}
END

cat >"$T/rules.py" <<'END'
import sys

import yaml

for rule in yaml.safe_load(open(sys.argv[1]))["groups"][0]["rules"]:
    assert rule["alert"] and rule["annotations"]["summary"]
    print(rule["expr"])
END
check 'the rules are YAML, each with a name, an expression and a word for people' \
    'python3 rules.py $rules >expressions && [ -s expressions ]'
check 'the manuals have the metrics of the rules' '
	metrics <expressions >named && [ $(wc -l <named) -ge 10 ] &&
	unknown <named | tee said && [ ! -s said ]'

check 'the dashboard is for Grafana 10, its data source one to choose' '
	jq -e ".schemaVersion >= 39 and .templating.list[0].type == \"datasource\" and
	    ([.panels[].id] | length == (unique | length))" $board &&
	[ "$(panels | jq -r .datasource.uid | sort -u)" = "\${datasource}" ]'
check 'each panel has a title, a place and expressions' '
	panels | jq -e "has(\"title\") and (.targets | length > 0) and
	    all(.targets[]; .expr | length > 0) and .gridPos.x + .gridPos.w <= 24" |
	    sort -u | grep -x true'
check 'no panel lies upon another' '
	jq -e "[.panels[].gridPos | . as \$p | range(.x; .x + .w) as \$x |
	    range(.y; .y + .h) as \$y | [\$x, \$y]] | length == (unique | length)" $board'
check 'the manuals have the metrics of the dashboard' '
	panels | jq -r ".targets[].expr" | metrics >named && [ $(wc -l <named) -ge 50 ] &&
	unknown <named | tee said && [ ! -s said ]'
check 'one that is in no manual would be found' '
	printf "%s\n" ws_reader_lines_total ws_reader_lines kafka_publish_up_bucket \
	    sqlite_publish_write_seconds_bucket | unknown |
	    cmp - <(printf "%s\n" ws_reader_lines kafka_publish_up_bucket)'
for publisher in kafka amqp sqlite postgres clickhouse file; do
	check "the dashboard has what ${publisher}-publish does" "
		for m in up acknowledged_total rejected_total retries_total spool_bytes \
		    spool_oldest_seconds latency_seconds_bucket; do
			grep -q \"[^a-z]${publisher}_publish_\$m[^a-z]\" \$board || exit
		done"
done

finish
