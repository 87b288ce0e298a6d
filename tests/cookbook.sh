# The commands of README's cookbook, to run as they are printed there. Source it
# after lib.sh; checks have its functions, too.
#
#	recipe NAME 'part' 'seen'	run the one command with that part until
#				the pipeline `seen` exits 0, then tell its first
#				stage to stop: all of it ends with status 0
#	once NAME 'part' 'seen'		it ends by itself, with status 0
#	take 'part'		it is run in another way; it is $command
#
# `seen` has no apostrophe. What a command prints is in $T/out. $elsewhere is a
# sed script for what is elsewhere than README says: servers' names and ports.

# One a line: a line that is indented and those that it goes on with.
sed -n '/^## Use/,/^## Manuals/p' "$TOP/README.md" |
    awk 'sub(/^    */, "") {
	whole = whole $0
	if (!sub(/\\$/, "", whole)) {
		print whole
		whole = ""
	}
}' >"$T/commands"

take() {
	[ "$(grep -cFe "$1" "$T/commands")" = 1 ] ||
	    report 1 "README has one command with $1"
	grep -Fe "$1" "$T/commands" >>"$T/taken"
	command=$(grep -Fe "$1" "$T/commands" | sed "$elsewhere")
	export command
}

recipe() {
	take "$2"
	check "$1" "cook && seen_then_stopped '$3'"
}

once() {
	take "$2"
	check "$1" "cook && wait \$cooking && cooking= && $3"
}

# jq and grep write each line at once, as they do on a terminal.
mkdir "$T/terminal"
for program in jq:--unbuffered grep:--line-buffered; do
	cat >"$T/terminal/${program%:*}" <<-END
		#!/bin/sh
		PATH=$PATH exec ${program%:*} ${program#*:} "\$@"
	END
	chmod +x "$T/terminal/${program%:*}"
done

cat >>"$T/.functions" <<'END'
eventually() {
	for i in {1..600}; do
		eval "$1" && return
		sleep 0.1
	done 2>/dev/null
	return 1
}

# $command in the background, in a session of its own: $cooking.
cook() {
	rm -f out err
	PATH=$T/terminal:$PATH setsid bash -o pipefail -c "$command" >out 2>err &
	cooking=$!
	trap 'cat err; [ -z "$cooking" ] || kill -9 -$cooking' EXIT
}

# The first stage is the one that reads from none of the others.
seen_then_stopped() {
	until eval "$1"; do
		kill -0 $cooking || return
		sleep 0.1
	done 2>/dev/null
	kill $(ps -o pid=,comm= -s $cooking | awk '
		$2 ~ /^(twitch-ingest|twitch-httpd|kafka-tail)$/ { first = $1 }
		$2 == "ws-reader" { reader = $1 }
		END { print first ? first : reader }') || return
	wait $cooking || return
	cooking=
}

# All records of topic $1.
topic() {
	kcat -C -q -e -o beginning -b "$brokers" -t "$1" -X fetch.wait.max.ms=5 "${@:2}"
}
END
