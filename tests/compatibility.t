#!/bin/sh
# twitch-ingest(7), COMPATIBILITY: what it promises to those who come from four
# earlier systems
. "$(dirname "$0")/lib.sh"

cat >"$T/.functions" <<'END'
G=$TOP/tests/golden/irc-classify
# The subsection of the manual about a system.
about() {
	mandoc -T ascii -O width=1000 "$TOP/man/twitch-ingest.7" | col -bx |
	    awk -v name="$1" '/^COMPATIBILITY/ { on = 1 } /^SEE ALSO/ { on = 0 }
		on && /^   [^ ]/ { its = $1 == name } on && its'
}
# What its -o say, as one.
columns() {
	about "$1" | grep -oE -e '-o [A-Za-z_=,:]+' | sed 's/^-o //' | paste -sd ,
}
# The metrics of ours that stand beside those of Poglytics.
ours() {
	about Poglytics | grep -oE '(ws_reader|irc_classify|_publish)_[a-z_]*' |
	    sort -u
}
told() { sed -n "s/^\.It Li \([a-z_]*\) Ta [a-z]* Ta .*/${1}_\1/p" "$TOP/man/$2"; }
END

# The names and their order, as consumers have them, and what jq makes of it.
for system in \
    'twitch-irc-ingest-pipeline j UserID,UserLogin,ChannelID,ChannelLogin,Text' \
    'ChatBattle b channel_id,user_id,username,message,timestamp,emotes' \
    'consensus c username,message,channel,timestamp'; do
	# shellcheck disable=SC2086
	set -- $system
	check "$1: the command gives its golden records" "
		irc-classify -t message -o \"\$(columns $1)\" <\$G/system-$2.in \
		    2>/dev/null | cmp - \$G/system-$2.out"
	check "$1: with its names, in its order" "
		jq -r 'keys_unsorted | join(\",\")' \$G/system-$2.out | uniq |
		    cmp - <(echo $3)"
done
check 'twitch-irc-ingest-pipeline: all are strings' '
	jq -e "all(.[]; type == \"string\")" $G/system-j.out'
check 'ChatBattle: milliseconds, and names of emotes' '
	head -n 1 $G/system-b.out | jq -e ".timestamp == 1763688123301 and
	    .emotes == [\"Kappa\"]"'
check 'consensus: ISO 8601 in UTC, with milliseconds' '
	head -n 1 $G/system-c.out | jq -e ".timestamp == \"2025-11-21T01:22:03.301Z\""'
check 'Poglytics: what stands beside its metrics is in the manuals' '
	{ told ws_reader ws-reader.1; told irc_classify irc-classify.1
	    told _publish clickhouse-publish.1; } | sort >told &&
	[ $(ours | wc -l) -ge 18 ] && comm -23 <(ours) told | tee unknown &&
	[ ! -s unknown ]'
finish
