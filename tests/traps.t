#!/bin/sh
# The thirty traps of Twitch's IRC, each by the lines of a golden file: what
# jq says of the array of their events. The whole of them is compared by
# irc-classify.t.
. "$(dirname "$0")/lib.sh"

trap_() {
	G=$TOP/tests/golden/irc-classify/trap-$1
	printf '%s' "$3" >"$T/$1.jq"
	check "trap $1: $2" \
	    "irc-classify -a <$G.in | jq -es -f \"\$T/$1.jq\" >/dev/null"
}

trap_ 01 'emotes are counted in code points, after ACTION is stripped' '
.[0].emotes == ["Kappa"] and .[0].emote_spans[1].name == "Kappa" and
.[1].action and [.[1].emote_spans[].name] == ["Kappa", "Keepo"]'

trap_ 02 'ranges outside the text are kept, malformed ones too' '
[.[0].emote_spans[] | .name, .end] == ["Kappa", 4, "pa", 9, null, 44] and
.[1].tags.emotes == "25:04" and .[2].tags.emotes == "25:0-4/" and
.[3].tags.emotes == "25:4-0" and
.[4].emotes == ["Keepo", "Kappa"] and (.[5].emote_spans | length) == 1 and
.[6].tags.emotes == "25:0-4/:0-4"'

trap_ 03 'ACTION is no ACTION in a USERNOTICE' '
.[0].message == "\u0001ACTION Kappa\u0001" and .[0].action == null'

trap_ 04 'ACTION may lack its end, its text, or be something else' '
[.[].message] == ["no end", "", "", "", "\u0001ACTIONS are not",
"\u0001VERSION\u0001", "\u0001ACTION\u0001x", "Kappa", "Kappa"] and
[.[].action] == [true, true, true, true, null, null, null, true, true] and
[.[7:][] | .type, .emotes[]] == ["delete", "Kappa", "whisper", "Kappa"]'

trap_ 05 'nothing in a text is taken for syntax' '
.[0].message == "PRIVMSG #dallas : oops ;mod=1;user-type=admin ! ;bits=Kappa id=5"
and .[0].mod == null and .[0].user_type == null and .[0].bits == null'

trap_ 06 'escapes are undone in one pass' '
.[0].reply == {"message": "y\\sq ", "display_name": "a;b\\c\rd\ne",
"username": "end"} and .[1].tags == {"new": "\\s"}'

trap_ 07 'U+2E1D is a comma in badge_info and nowhere else' '
.[0].badge_info == {"predictions": "<<<<<< HEAD[15A,asdf/test",
"founder": "17"} and .[0].reply.message == "kept\u2e1dhere" and
.[1].badges.predictions == "a\u2e1db" and
.[1].source.badge_info.predictions == "c,d" and
.[1].system_message == "e\u2e1df" and .[1].message == "g\u2e1dh"'

trap_ 08 'an empty value is a missing one, with or without its =' '
.[0] == {"type": "message", "channel": "chess", "username": "ada",
"display_name": "ada", "message": "x", "emotes": []} and .[1].bits == null'

trap_ 09 'a value may hold a =' '
.[0].reply.message == "see https://example.org/?a=b&c=d" and
.[0].tags.new == "a=b=c"'

trap_ 10 'the last of equal keys counts' '
.[0].id == "3" and .[0].tags == {"new": "2", "user_type": "mod"}'
check 'trap 10: and it alone is written' \
    'irc-classify <"$TOP/tests/golden/irc-classify/trap-10.in" >last &&
	[ "$(grep -o "\"new\":" last | wc -l)" = 1 ] &&
	[ "$(grep -o "\"id\":" last | wc -l)" = 1 ]'

trap_ 11 'one bad value costs itself alone, and types go by key' '
.[0].message == "x" and .[0].tags == {"bits": "abc", "mod": "2",
"first-msg": "yes", "tmi-sent-ts": "later"} and
.[1].display_name == "1" and .[1].channel_id == "007" and
.[2].params == {"months": 1, "was_gifted": true, "should_share_streak": true}
and .[3].emote_sets == ["0", "9f1b-uuid"]'

trap_ 12 'display names may be empty, padded, in any script' '
[.[].display_name] == ["ada", "Ada ", "阿达", "Ada Lovelace", "Ada", "X"] and
.[4].username == "ada" and .[5].username == "ada" and .[5].tags.login == "other"'

trap_ 13 'a ROOMSTATE says only what changed' '
.[0] == {"type": "roomstate", "channel": "chess", "channel_id": "4242",
"slow": 0} and .[1].followers_only == -1 and .[2].tags.mercury == "0" and
.[3] == {"type": "roomstate", "channel": "chess", "channel_id": "4242",
"emote_only": false, "r9k": false, "subs_only": false}'

trap_ 14 'CLEARCHAT has three shapes, CLEARMSG an empty room' '
[.[].type] == ["clear", "ban", "timeout", "timeout", "delete", "ban"] and
.[3].reason == "spam" and .[4].channel_id == null and
.[1].user_id == null and .[5].username == "bo" and .[5].user_id == "99"'

trap_ 15 'USERNOTICE comes with no text, an empty one, or of any kind' '
.[0].message == null and .[1].message == "" and
.[2].params.color == null and .[3].params.sender_count == null and
.[4].type == "usernotice" and .[4].params.what == "x" and
.[5].system_message == "has been a moderator for 12 months!"'

trap_ 16 'anonymous gifts are told by the kind or by the giver' '
[.[].anonymous] == [true, true, null, null]'

trap_ 17 'params may be hex with spaces, or in camelCase' '
.[0].params == {"origin_id": "49 9d 3e", "display_name": "Bo",
"viewer_count": 1, "foo_bar": "x", "htmlpage": "y"} and
.[1].params.foo_bar == "first" and .[1].tags["msg-param-fooBar"] == "second"'

trap_ 18 'shared chat names its source' '
.[0].source == {"channel_id": "555", "id": "ff", "badges": {"vip": "1"}} and
.[1].type == "subscription" and .[1].kind == "sharedchatnotice" and
.[1].source.kind == "resub" and .[2].type == "usernotice" and .[3].source.only'

trap_ 19 'replies lack the thread in older lines, and count the @name' '
.[0].reply == {"id": "9f", "username": "bo"} and
.[0].emote_spans[0].name == "Kappa" and
.[1].reply == {"id": "9f", "thread_id": "9e", "thread_user_id": "88",
"thread_username": "cy", "thread_display_name": "Cy"}'

trap_ 20 'hype chat and power-ups, whole or in part' '
.[0].paid == {"amount": 500, "canonical_amount": 500, "currency": "KRW",
"exponent": 0, "level": "TEN", "system": true} and
.[1].paid == {"amount": 200} and .[2].kind == "gigantified-emote-message" and
.[3].animation_id == "rainbow-eclipse" and .[4].tags.gifs == "abc|0-5"'

trap_ 21 'bits are the sum in the tag' '[.[].bits] == [150, 1]'

trap_ 22 'times are integers, and may be missing' '
.[0].timestamp == 1763688123301 and .[0].tags["sent-ts"] == "1763688123000"
and .[1].timestamp == null and .[2].timestamp == 7 and .[2].received == 7'

trap_ 23 'flags are kept as they are' '.[0].flags == "0-3:A.6/P.3,5-9:S.6"'

trap_ 24 'one or more U+0020 separate, and a text keeps all of its own' '
.[0].message == "  two  spaces  " and .[1].message == ":)" and
.[2].message == "\u3000\u00a0x" and .[3].message == "word" and
.[4].message == "word" and .[5].message == "two words"'

trap_ 25 'a line may have many tags, and long ones' '
(.[0].tags | length) == 150 and (.[0].message | length) == 600 and
(.[1].reply.message | length) == 2000'
check 'trap 25: a thousand tags, a value of 100 KB' \
    'python3 -c "print(\"@\" + \";\".join(\"t%d=%d\" % (i, i) for i in range(1000))
	+ \" PRIVMSG #a :x\"); print(\"@v=\" + \"z\" * 100000 + \" PRIVMSG #a :x\")" |
	irc-classify | jq -es "(.[0].tags | length) == 1000 and
	(.[1].tags.v | length) == 100000" >/dev/null'

trap_ 26 'LF or CRLF ends a line, and one CR goes' '
[.[].message] == ["crlf", "two\r", "lf"]'

trap_ 27 'invisible characters stay, and count' '
.[0].message == "Kappa \udb40\udc00" and .[1].emotes == ["Kappa"]'

trap_ 28 'NUL is kept, and what is not UTF-8 is replaced' '
.[0].message == "nul \u0000 in" and
.[1].message == "bad \ufffd\ufffd(\ufffd \ufffd\ufffd\ufffd \ufffd" and
.[2].display_name == "\ufffd" and .[2].tags.new == "a\u0000b"'

trap_ 29 'no tags, no source, no channel, numerics, anything' '
[.[].type] == ["message", "message", "message", "notice", "server", "names",
"server", "server", "server"] and .[2].recipient == "ada" and
.[3].channel == null and .[3].recipient == null and
.[5].names == ["ada", "bo"] and
.[6].params == ["tmi.twitch.tv"] and .[8].username == null and
.[8].params == ["ada", "X", "Unknown command"]'

trap_ 30 'ids are strings' '
.[0].user_id == "99999999999999999999" and .[0].channel_id == "007" and
.[0].id == "0"'

finish
