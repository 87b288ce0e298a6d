# Chat from a simulator of Twitch, and the account of what became of it. Source
# it after lib.sh; checks have all of it, too. $brokers says where Kafka is.
#
#	twitch NAME OPTION...	a simulator, 500 lines a second, each noted in
#				$T/sent.NAME; $url is where
#	flow NAME N 'pipeline'	wait until N lines were sent and the events that
#				the pipeline prints show them; no more come
#	stage_by_stage N	N lines and more through the stages, joined by a
#				shell, into the topic chat; what irc-classify
#				printed is in $T/events, all of it checked
#	channels		those to join

channels="chess speedrun woodworking cooking pottery birds trains moths"
export channels

# A function's standard input would be lost to its process in the background.
twitch() {
	name=$1
	shift
	mkfifo "$T/say.$name"
	exec 9<>"$T/say.$name"
	start sh -c "exec twitch-sim --chat 500 --sent '$T/sent.$name' \
	    --url-file '$T/url.$name' $* <'$T/say.$name'"
	wait_for 10 "[ -s url.$name ]" || report 1 'twitch-sim starts'
	url=$(cat "$T/url.$name")
	export url
}

flow() {
	wait_for 60 "[ \$(wc -l <sent.$1) -ge $2 ]"
	echo pause >&9
	wait_for 20 "[ \$($3 | chat | wc -l) = \$(wc -l <sent.$1) ]"
}

stage_by_stage() {
	twitch chat
	mkfifo "$T/lines"
	start sh -c "exec ws-reader -u $url $channels >'$T/lines'"
	reader=$pid
	start bash -o pipefail -c 'cd "$T"
		irc-classify <lines | tee events | kafka-publish -b $brokers -t chat'
	flow chat "$1" 'cat events'
	kill $reader
	wait $reader && wait $pid
	status=$?
	check 'a pipeline whose head is stopped drains and exits 0' "[ $status = 0 ]"
	check 'irc-classify prints every line that was sent, once, in its channel'\''s order' \
	    "cmp <(sent chat) <(chat <events) && [ \$(wc -l <sent.chat) -ge $1 ]"
}

# Lines by their first field, the lines of each in their order; those where it
# is empty in any order.
by_key() {
	awk -F'\t' -v keyed='sort -s -t"\t" -k1,1' -v other=sort '
		{ print | ($1 == "" ? other : keyed) }
		END { close(keyed); close(other) }'
}

# Chat lines as channel and id: those that the simulator sent, and those that
# the events on standard input have.
sent() {
	jq -r '[if .id == "" then "" else .channel end, .channel, .id] | @tsv' \
	    "sent.$1" | by_key
}

chat() {
	jq -r 'select(.type | IN("message", "subscription", "gift", "raid",
	    "announcement", "usernotice", "timeout", "ban", "clear", "delete")) |
	    [if .id then .channel else "" end, .channel, .id // ""] | @tsv' | by_key
}

# The events of file $1 as the records that they must become: key, timestamp,
# headers, value.
want() {
	jq -r '[.channel_id // .channel // "", .timestamp // .received,
	    "type=\(.type),schema=irc-event/1"] | @tsv' "$1" | paste - "$1" | by_key
}

# The records of topic $1.
got() {
	kcat -C -q -e -o beginning -b "$brokers" -t "$1" \
	    -f '%k\t%T\t%h\t%s\n' | by_key
}
