#!/bin/sh
# The alerts of contrib/prometheus name metrics that the manuals have
. "$(dirname "$0")/lib.sh"

rules=$TOP/contrib/prometheus/twitch-ingest.rules.yml
check 'the rules are YAML, each with a name and an expression' "
	python3 -c 'import sys, yaml
rules = yaml.safe_load(open(sys.argv[1]))[\"groups\"][0][\"rules\"]
assert rules and all(r[\"alert\"] and r[\"expr\"] for r in rules)' $rules"

metrics=$(sed -n 's/.*expr: //p' "$rules" | sed 's/[.]+_publish/kafka_publish/' |
    grep -oE '(ws_reader|kafka_publish|twitch_ingest)_[a-z_]+' | sort -u)
check 'they name some metrics' "[ $(echo "$metrics" | wc -l) -ge 5 ]"
for metric in $metrics; do
	case $metric in
	ws_reader_*) page=ws-reader.1 row="It Li ${metric#ws_reader_} Ta" ;;
	kafka_publish_*)
		page=kafka-publish.1 row="It Li ${metric#kafka_publish_} Ta" ;;
	*) page=twitch-ingest.1 row="It Li ${metric#twitch_ingest_} Ta" ;;
	esac
	check "$page has $metric" "grep -F '$row' $TOP/man/$page"
done

finish
