#!/bin/sh
# Every manual agrees with its program, and its examples run
. "$(dirname "$0")/lib.sh"

cat >"$T/.functions" <<'END'
# The section $2 of manual $1, as mandoc renders it on very wide paper.
section() {
	mandoc -T ascii -O width=1000 "$TOP/man/$1" | col -bx |
	    awk -v section="$2" '/^[^ ]/ { on = $0 == section; next } on'
}

# White space counts for nothing.
squeeze() { tr -s ' \n' '  ' | sed 's/^ //; s/ $//'; }

# The options that manual $1 describes: their letters, their long names.
letters() { sed -nE 's/^\.It Fl ([a-zA-Z]) .*/\1/p' "$TOP/man/$1" | sort; }
names() { sed -nE 's/^\.It .*Fl \\-([a-z-]*).*/\1/p' "$TOP/man/$1"; }

# The letters of the options in the synopsis on standard input.
offered() { grep -oE '(^|[[ ])-[a-zA-Z]+' | tr -cd 'a-zA-Z' | fold -w 1 | sort -u; }

# The commands in the displays of manual $1's EXAMPLES, one a line, NUL-ended;
# not those of displays that name a program which needs others to be there.
examples() {
	section $1 EXAMPLES | awk '
		function give(i) {
			if (all !~ /(^|[ ;|(])(curl|ssh|kcat|kafka|twitch|ws-reader)/)
				for (i = 1; i <= n; i++)
					printf "%s%c", command[i], 0
			n = 0
			all = ""
		}
		!/^           / { give(); next }
		{ sub(/^           /, ""); all = all "\n" $0 }
		sub(/^\$ /, "") { command[++n] = $0; next }
		n > 0 { command[n] = command[n] "\n" $0 }
		END { give() }'
}

# The stages of pipelines in manual $1 that are our filters, one a line, whether
# they can run here or not.
stages() {
	for part in EXAMPLES COMPATIBILITY; do
		section $1 $part
	done | sed -nE "s/^ {11}//p" |
	    sed -E ":more; /(\\\\|\|)\$/ { N; s/\\\\?\n */ /; b more }" |
	    sed -E "s/ (\||&&) /\n/g" | sed -E "s/^[\$*\/0-9 ]*//; s/ [<>].*//" |
	    grep -E "^(ws-reader|irc-classify|kafka-tail|twitch-(ingest|httpd|top)|[a-z]+-publish) " |
	    grep -v " -h$"
}

# Run them in an empty folder.
run_examples() {
	mkdir $1 && cd $1 && : >../ran
	examples $1 | while IFS= read -r -d "" command; do
		printf "%s\n" "$command" >>../ran
		bash -o pipefail -c "$command" </dev/null ||
		    { echo "exit $?: $command" && return 1; }
	done
}
END

for page in "$TOP"/man/*.[157]; do
	page=${page##*/}
	check "$page: mandoc finds no fault" "
		mandoc -T lint -W style $TOP/man/$page >said
		! grep -v 'referenced manual not found' said"
done

for program in "$B"/bin/*; do
	program=${program##*/}
	page=$program.1
	[ -e "$TOP/man/$page" ] || { report 1 "$program has a manual" && continue; }
	check "$page says how it exits and gives examples" \
	    "section $page 'EXIT STATUS' | grep . && section $page EXAMPLES | grep ."
	check "$program -h is the synopsis of $page" "
		section $page SYNOPSIS | squeeze >want &&
		$program -h | sed '1s/^usage: //' | squeeze | diff want -"
	check "$program -h and --help succeed, on standard output" "
		$program -h 2>err | cmp - <($program --help) && [ ! -s err ]"
	check "$program -V and --version print the version" "
		$program -V | grep -x '$program [0-9.]*' &&
		cmp <($program -V) <($program --version)"
	check "$program shows an unknown option the synopsis, and exits 2" "
		$program --nonsense >out 2>err
		[ \$? = 2 ] && [ ! -s out ] && grep '^usage: $program ' err"
	# These two would take them for channels.
	[ $program = ws-reader ] || [ $program = twitch-ingest ] ||
	    check "$program says in a sentence what is wrong with arguments" "
		$program one two </dev/null 2>err
		[ \$? = 2 ] && head -n 1 err | grep '^$program: '"
	if [ "$("$program" -h | grep -c "$program ")" = 1 ]; then
		check "$page describes each option of $program, with a long name" "
			letters $page | diff <($program -h | offered) - &&
			[ \$(names $page | wc -l) = \$(letters $page | wc -l) ]"
		check "$program knows each long name in $page" "
			for name in \$(names $page); do
				$program --\$name=x -h
			done >said 2>&1 </dev/null
			! grep -E 'unrecognized|ambiguous' said"
	fi
done

# What the examples have in their home and folder, which options may name.
for file in .rabbitmq-password .clickhouse-password kafka.conf; do
	(umask 077 && echo acks=all >"$T/$file")
done
HOME=$T
export HOME
for page in "$TOP"/man/*.[17]; do
	page=${page##*/}
	run "stages $page >stages; [ -s stages ]" || continue
	check "the examples in $page have options that there are" '
		while read -r stage; do
			bash -c "$stage --version" | grep -qx "[a-z-]* [0-9.]*" ||
			    { echo "$stage" && exit 1; }
		done <stages'
done

for page in "$TOP"/man/*.1; do
	page=${page##*/}
	run "[ -n \"\$(examples $page | tr '\\0' '\\n')\" ]" || continue
	check "the examples in $page run" "run_examples $page"
	sed 's/^/# ran: /' "$T/ran"
done

finish
