#!/bin/sh
# irc-classify: golden pairs, options, bad input, bad output, its bounds.
. "$(dirname "$0")/lib.sh"
G=$TOP/tests/golden/irc-classify
export G
cat >"$T/.functions" <<'END'
golden() {
	irc-classify $(cat "$G/$1.args" 2>/dev/null) <"$G/$1.in" 2>/dev/null |
	    diff -u "$G/$1.out" -
}
hi='@id=1 :u!u@u.tmi.twitch.tv PRIVMSG #chess :hi'
END

for pair in "$G"/*.in; do
	name=$(basename "$pair" .in)
	check "golden: $name" "golden $name"
done

check 'each field has its row in the manual, each tag a golden line' \
    '/usr/bin/python3 "$TOP/tests/fields.py"'

# --- every line by a reference that shares no code, on every set of lib/simd
check 'reference: golden lines' \
    '/usr/bin/python3 "$TOP/tests/reference.py" irc-classify "$G"/*.in'
check 'reference: hostile lines' \
    'seed=$(od -An -N4 -tu4 /dev/urandom | tr -d " ") && echo "seed $seed" &&
	/usr/bin/python3 "$TOP/tests/hostile.py" 20000 "$seed" >hostile &&
	/usr/bin/python3 "$TOP/tests/reference.py" irc-classify hostile'
check 'no tag is lost or invented, of golden and hostile lines' \
    '/usr/bin/python3 "$TOP/tests/roundtrip.py" irc-classify hostile "$G"/*.in'
check 'each column of -o is the field of its event' \
    '{ cat "$G"/*.in && tail -n 3000 hostile; } >some &&
	/usr/bin/python3 "$TOP/tests/columns.py" irc-classify some'
for set in avx512 avx2 sse2 neon plain; do
	check "the same bytes by $set" \
	    "irc-classify -ar <hostile 2>/dev/null | cksum >best &&
	    TWITCH_SIMD=$set irc-classify -ar <hostile 2>/dev/null | cksum | cmp best -"
done
check 'the same bytes in plain C' \
    'MAKEFLAGS= make -C "$TOP" -s B="$B/plain" CPPFLAGS=-DPLAIN_C \
	    "$B/plain/bin/irc-classify" >/dev/null &&
	"$B/plain/bin/irc-classify" -ar <hostile 2>/dev/null | cksum | cmp best -'
if command -v qemu-aarch64 >/dev/null &&
    command -v aarch64-linux-gnu-gcc >/dev/null; then
	# The headers of other libraries are the same; it links none of them.
	check 'the same bytes by NEON' \
	    'arm=$B/arm64 usr=/usr/include &&
		MAKEFLAGS= make -C "$TOP" -s B="$arm" CC=aarch64-linux-gnu-gcc \
		    LDFLAGS=-static CPPFLAGS="-idirafter $usr \
		    -idirafter $usr/$(gcc -print-multiarch)" \
		    "$arm/bin/irc-classify" >/dev/null &&
		for kind in short mixed long; do
			"$TOP/tests/bench/chat" $kind 1000
		done >chat &&
		cat hostile chat | irc-classify -ar 2>/dev/null >best &&
		for set in neon plain; do
			cat hostile chat | TWITCH_SIMD=$set qemu-aarch64 \
			    "$arm/bin/irc-classify" -ar 2>/dev/null |
			    cmp best - || exit 1
		done'
else
	skip 'the same bytes by NEON' 'no qemu-aarch64 or no cross compiler'
fi
corpora=$TOP/../shared/corpora
export corpora
if [ -d "$corpora" ]; then
	check 'reference: every line of the public corpora' \
	    '/usr/bin/python3 "$TOP/tests/reference.py" irc-classify "$corpora"/*.txt'
	check 'no tag is lost or invented, of the public corpora' \
	    '/usr/bin/python3 "$TOP/tests/roundtrip.py" irc-classify "$corpora"/*.txt'
	check "ircdocs' own parser tests" \
	    '/usr/bin/python3 "$TOP/tests/vectors.py" \
		"$corpora/ircdocs-parser-tests/msg-split.yaml" >messages &&
	    /usr/bin/python3 "$TOP/tests/vectors.py" \
		"$corpora/ircdocs-parser-tests/userhost-split.yaml" >sources &&
	    IRC_MESSAGES=messages IRC_SOURCES=sources "$B/unit/check_irc" >units &&
	    grep "^ok.*original_messages" units && grep "^ok.*original_sources" units'
else
	echo '# the public corpora are not here'
fi
check 'every event is JSON to jq' \
    'irc-classify -a <hostile 2>/dev/null | jq -e "has(\"type\")" |
	awk "/false/ { exit 1 }"'
check 'every event keeps to the schema' \
    'irc-classify -ar <hostile 2>/dev/null >events &&
	for f in "$G"/*.in; do irc-classify -ar <"$f" 2>/dev/null; done >>events &&
	/usr/bin/python3 "$TOP/tests/schema.py" events'
check 'what is not an event does not' \
    'for bad in "{}" "{\"type\":\"message\"}" "{\"type\":\"party\"}" \
	"{\"type\":\"clear\",\"timestamp\":\"1\"}" "{\"type\":\"clear\",\"new\":1}"; do
		echo "$bad" >bad
		/usr/bin/python3 "$TOP/tests/schema.py" bad && exit 1
	done; true'

# --- options
check 'types by -t, twice, with --all' \
    'printf "PING\n$hi\n:u!u@u JOIN #a\n:u!u@u PART #a\n" |
	irc-classify -t join,message --types part -a | jq -r .type | tr "\n" " " |
	grep -qx "server message join part "'
check '-t server is enough' 'echo PING | irc-classify -t server | grep -q PING'
check '-R keeps malformed lines of -t' \
    'printf "junk here\n$hi\n" | irc-classify -t message -R reject >good 2>said &&
	[ $(wc -l <good) = 1 ] && grep -q "\"line\":\"junk here\"" reject &&
	grep -q "warning: line 1: not a message of IRC" said'
check '-R appends, mode 600, and leaves standard output alone' \
    'echo junk here | irc-classify -R reject 2>/dev/null |
	cmp - /dev/null && [ $(wc -l <reject) = 2 ] && [ $(stat -c %a reject) = 600 ]'
check 'without -R they are events' \
    'echo junk here | irc-classify 2>/dev/null | grep -q "^{\"type\":\"malformed\""'
check 'warnings come once a second, with a count' \
    'seq -f "junk %g" 5000 | irc-classify 2>said >/dev/null &&
	[ $(wc -l <said) -lt 5 ]'
status 2 'an unknown type' 'irc-classify -t message,nonsense </dev/null 2>said ||
	{ s=$?; grep -q "no type .nonsense." said; exit $s; }'
status 2 'an unknown field' 'irc-classify -o a=nonsense </dev/null'
status 2 'an unknown member' 'irc-classify -o reply.nonsense </dev/null'
status 2 ':iso of what is no time' 'irc-classify -o id:iso </dev/null'
status 2 'a field twice' 'irc-classify -o a=message,b=message </dev/null'
status 2 'a name twice' 'irc-classify -o a=message,a=id </dev/null'
status 2 'no name' 'irc-classify -o =message </dev/null'
status 2 'more names than there is room for' \
    'irc-classify -o "$(seq -f "a%g=params.p%g" -s, 80)" </dev/null'
status 2 'a reject file that cannot be' 'irc-classify -R /nonexistent/x </dev/null'
status 2 'a bad grace' 'irc-classify -g soon </dev/null'
status 2 'an operand' 'irc-classify file </dev/null'
status 2 'an unknown option' 'irc-classify -Z </dev/null'
check 'help and version' \
    'irc-classify -h | grep -q "^usage: irc-classify" &&
	irc-classify --version | grep -q "^irc-classify [0-9]"'
check 'there is room for all that -o can name, of the longest lines' \
    'python3 -c "
for n in 26000, 131000: print(\"@source-badges=a/\" + \"\1\" * n + \",x PRIVMSG #a :x\")" >long &&
	irc-classify -r -o source,a=source.badges,tags,b=tags.source-badges,raw \
	    <long >wide && jq -es "(.[1].a.a | length) == 131000 and
	    (.[1].b | length) == 131004" <wide >/dev/null'
check 'the line itself is a column without -r, too' \
    'echo "$hi" | irc-classify -o line=raw | jq -e ".line == \"$hi\""'
check 'a name is escaped' \
    'echo "$hi" | irc-classify -o "a\"b=id" | grep -qxF "{\"a\\\"b\":\"1\"}"'
check 'times before and after what ISO 8601 can say' \
    'printf "@tmi-sent-ts=%s PRIVMSG #a :x\n" 0 951782400000 -1 253402300799999 \
	    253402300800000 |
	irc-classify -o t=timestamp:iso | jq -r .t | tr "\n" " " |
	grep -qx "1970-01-01T00:00:00.000Z 2000-02-29T00:00:00.000Z null 9999-12-31T23:59:59.999Z null "'

# --- the stream
check 'no input, no output' 'irc-classify </dev/null | cmp - /dev/null'
check 'logs of several files, each with its byte order mark' \
    'mark=$(printf "\357\273\277") &&
	printf "$mark%s\r\n" "$hi" "$hi" "{\"ts\":1,\"line\":\"PING\"}" "" |
	irc-classify -a | jq -r .type | tr "\n" " " | grep -qx "message message server "'
check 'a last line without LF' 'printf "%s" "$hi" | irc-classify | grep -q hi'
check 'an event leaves when its line has come' \
    'mkfifo in && { irc-classify <in >seen & } && exec 9>in && echo "$hi" >&9 &&
	n=0; until grep -q hi seen || [ $n = 200 ]; do sleep 0.05; n=$((n + 1)); done
	grep -q hi seen; s=$?; exec 9>&-; wait; exit $s'
check 'a line of 2 MB is one malformed event, whole' \
    'python3 -c "print(\"x\" * 2000000 + \"é\" * 10)" | irc-classify 2>/dev/null |
	jq -es "length == 1 and .[0].type == \"malformed\" and
	    (.[0].line | length) == 2000010" >/dev/null'
check 'characters cut at any place are mended' \
    'for n in 0 1 2 3; do
		python3 -c "print(\"x\" * $n + \"😀\" * 70000 + \"\r\")" | irc-classify 2>/dev/null |
		    jq -es "length == 1 and (.[0].line | length) == 70000 + $n" >/dev/null ||
		    exit 1
	done'
check '2 MB without LF, then a line' \
    'python3 -c "print(\"y\" * 2000000); print(\":u!u@u JOIN #a\")" |
	irc-classify 2>/dev/null | jq -s "map(.type) == [\"malformed\", \"join\"]" |
	grep -q true'
check '131072 bytes are a line, one more is not' \
    'python3 -c "
for n in 131072, 131073: print(\"PRIVMSG #a :\" + \"x\" * (n - 12))" |
	irc-classify 2>/dev/null | jq -r .type | tr "\n" " " | grep -qx "message malformed "'
check '2048 tags without a field are kept, one more is malformed' \
    'python3 -c "
for n in 2048, 2049: print(\"@\" + \";\".join(\"t%d=1\" % i for i in range(n)) + \" PING\")" |
	irc-classify -a 2>/dev/null | jq -r .type | tr "\n" " " | grep -qx "server malformed "'
# A sanitizer has memory of its own.
limit=8192
grep -q __asan_init "$B/bin/irc-classify" && limit=400000
check 'memory is bounded, whatever comes' \
    "/usr/bin/python3 \"\$TOP/tests/memory.py\" $limit irc-classify -ar"
status 1 'a full device' 'yes "$hi" | head -100000 | irc-classify >/dev/full'
status 1 'a closed standard output' 'echo "$hi" | irc-classify >&-'
status 1 'a reader that went away' \
    '{ yes "$hi" | head -200000 | irc-classify; echo $? >st; } | head -1 >/dev/null
	exit $(cat st)'
status 1 'a reject file on a full device' \
    'yes junk here | head -1000 | irc-classify -R /dev/full 2>/dev/null'
status 1 'a directory as standard input' 'irc-classify <.'
check 'SIGTERM: what was taken is passed on, whole' \
    'mkfifo half && { irc-classify <half >seen2 & } && p=$! && exec 8>half &&
	{ yes "$hi" | head -5000; printf "%s" "$hi"; } >&8 &&
	n=0; until [ -s seen2 ] || [ $n = 200 ]; do sleep 0.05; n=$((n + 1)); done
	kill -TERM $p; echo >&8; wait $p && exec 8>&- &&
	[ "$(tail -c 1 seen2 | od -An -c | tr -d " ")" = "\n" ] &&
	jq -e .id <seen2 >/dev/null'

# --- metrics, of what lives for more than a second and reads no file
check 'a short run makes no run directory' \
    'TWITCH_RUN_DIR=$T/short && export TWITCH_RUN_DIR &&
	echo "$hi" | irc-classify >/dev/null && [ ! -e "$TWITCH_RUN_DIR" ]'
check 'counts for Prometheus' \
    '{ printf "$hi\njunk here\n"; sleep 1.3; printf "$hi\n"; } |
	irc-classify >/dev/null 2>&1 && f=$TWITCH_RUN_DIR/metrics/irc-classify.prom &&
	grep -qx "irc_classify_lines_total 3" $f &&
	grep -qx "irc_classify_malformed_total 1" $f &&
	grep -qx "irc_classify_events_total{type=\"message\"} 2" $f'

finish
