#!/bin/sh
# Several accounts: each has its own limits and its own token, and none suffers
# from what becomes of another.
. "$(dirname "$0")/lib.sh"
. "$TOP/tests/reader.sh"

cat >>"$T/.functions" <<'END'
channels() { seq -f channel%.0f $1; }

# A reader as ann and bob. A script of the account's name prints its token; each
# time that it is asked is noted.
two() {
	rm -f asked
	begin -i 0 -a ann -a bob -t 'echo "$1 $2" >>asked; sh "$1" $2' "$@"
}
in_channels() { eventually "[ \$(grep -c '\"joined\"' out) -ge $1 ]"; }

# How many channels the connections of this account hold.
rooms() {
	jq "[.connections[] | select(.identity == \"$1\").channels] | add // 0" \
	    run/status.json
}
END

echo echo right-ann >"$T/ann"
echo echo right-bob >"$T/bob"
them='--account ann=right-ann --account bob=right-bob'

sim $them --limit-joins 0
check 'no account is in more than 100 channels' '
	two -j 1000 $(channels 150) && in_channels 150 &&
	eventually "[ \$((\$(rooms ann) + \$(rooms bob))) = 150 ]" &&
	[ $(rooms ann) -le 100 ] && [ $(rooms bob) -le 100 ] &&
	! grep -q msg_concurrent_channel_limit_reached out && end'
check 'what is more than all of them may join is said' '
	two -j 1000 $(channels 250) && in_channels 180 &&
	grep "250 wanted channels are more than the accounts may join" err && end'
check 'an account that is full sooner than it knows sends channels on' '
	cp bob right && cat >bob <<-"END" &&
		until grep -q msg_concurrent_channel_limit_reached out; do
			sleep 0.02
		done
		echo right-bob
	END
	two -j 1000 -r 1000 -n 120 $(channels 180) && in_channels 180 &&
	eventually "[ \$((\$(rooms ann) + \$(rooms bob))) = 180 ]" && end
	s=$?
	mv right bob
	exit $s'

sim $them
check 'the joins of one leave those of the other alone' '
	two -n 20 $(channels 40) && in_channels 40 &&
	eventually "[ \$(rooms ann) = 20 ] && [ \$(rooms bob) = 20 ]" &&
	jq -se "map(select(.event == \"joined\").ts) | max - min < 9000" out &&
	jq -e ".violations == 0" counts && end'

check 'who is refused is asked for a token once more' '
	echo echo wrong >bob && two -n 2 $(channels 4) &&
	eventually "grep \"account .bob.: Login authentication failed\" err" &&
	[ "$(grep -c "^bob " asked)" = 2 ] && grep -qx "bob -r" asked'
check 'its channels go to the others' '
	two -n 2 $(channels 4) && in_channels 4 &&
	eventually "[ \$(rooms ann) = 4 ]" && kill -0 $reader && end'
check 'a fresh token is taken, and nobody else notices' '
	echo "[ \"\$1\" = -r ] && echo right-bob || echo wrong" >bob &&
	two -n 2 $(channels 4) && in_channels 4 &&
	eventually "[ \$(rooms bob) = 2 ]" && ! grep refused err &&
	sort asked | tr "\n" , | grep -qx "ann ,bob ,bob -r," && end'
status 3 'nothing works any more' '
	two -n 2 $(channels 4) && in_channels 4 && echo echo wrong >ann &&
	echo echo wrong >bob && tell drop all && wait $reader'
finish
