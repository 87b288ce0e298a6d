#!/usr/bin/python3
"""Lines to try irc-classify with: first the emptiest and the largest, each
alone, before CR and in a record; then COUNT made of the tags, values, commands
and texts that trip parsers, with bytes changed at random, some in records.

usage: hostile.py COUNT SEED
"""

import json
import random
import sys

from reference import GIFT, LIFECYCLE, LINE_MAX, SUBSCRIPTION, TAGS


def extremes():
    yield from (
        "", "@", "@ ", ":", ": ", " ", "@= PING", "@; PING", "@=;= :  X :", "{",
        "{}", "PRIVMSG", "PRIVMSG ", "PRIVMSG  :", ":! PRIVMSG # :", "353",
        "353 : : :", "@a= :!@ USERNOTICE # :", "HOSTTARGET # :", "\r", "\r\r",
        "\0", "@\0=\0 \0", "@\0=\0 :\0 PRIVMSG \0 :\0", "PRIVMSG #a :x\nPING",
        "\ufeff", "\ufeffPING", "\ufeff{}", "\ufeff\ufeffPING")
    tail = ":u!u@u PRIVMSG #a :x"
    for n in 127, 128, 129, 1000, 2048, 2049:
        yield "@" + ";".join(f"t{i}={i}" for i in range(n)) + " " + tail
        yield "@" + n * "x=1;" + " " + tail
    for key in "x", "id", "bits", "mod", "msg-param-x", "flags", "display-name":
        yield f"@{key}={100000 * 'z'} {tail}"
        yield f"@{key}={25000 * chr(0x1f600)}\\ {tail}"
    for key in "badges", "badge-info", "source-badges", "emote-sets":
        yield f"@{key}={','.join(f'b{i}/{i}' for i in range(9000))} {tail}"
    ranges = ",".join(f"{i}-{i + 4}" for i in range(0, 6000, 6))
    for words in ("Kappa ", "K\u00e4ppa ", "Kapp\U0001f600 ",
                  "\U0001f600 Kappa "):
        yield f"@emotes=25:{ranges} PRIVMSG #a :{1000 * words}"
        yield f"@emotes=25:{ranges[1000:2000]} PRIVMSG #a :{words}"
    yield f"@emotes={'/'.join(f'{i}:0-1' for i in range(9000))} {tail}"
    for part in "", "@x=", ":", "PRIVMSG #", "PRIVMSG #a :", "353 a = #a :":
        yield part + 100000 * "A" + " PING"
        yield part + 15000 * "\1 \"\\"
    for n in 1, 24, 25, 47, 48, 49:
        yield f"@msg-param-{n * 'a'}=1;msg-param-{n * 'xY'}=2 USERNOTICE #a"
    for n in LINE_MAX - 1, LINE_MAX, LINE_MAX + 1, 2000000:
        yield ("PRIVMSG #a :" + n * "y")[:n]


def records():
    """Of which one byte decides."""
    for ts in ("0", "00", "07", "-7", "1.5", "1e3", "", "null", 18 * "9",
               19 * "9", " 1", "1 ", "1,"):
        yield f'{{"ts":{ts},"conn":0,"line":"PING :of this length, or more"}}'
        yield f'{{"ts":1,"conn":{ts},"line":"PING :of this length, or more"}}'
        yield f'{{"ts":{ts},"event":"gap","from":{ts},"to":1}}'
    for text in ('"', "\\", "\\\"", "\\u", "\\u00", "\\ud83d", "\\x", "\t",
                 "\x7f"):
        yield f'{{"ts":1,"conn":0,"line":"PRIVMSG #a :some text{text}"}}'
        yield f'{{"ts":1,"conn":0,"line":"PRIVMSG #a :some text{text}x"}}'
    for event in "message", "stream", "server", "malformed", "Gap", "gap ":
        yield f'{{"ts":1,"conn":0,"event":"{event}"}}'


def framed(line, rng):
    yield line
    yield line + b"\r"
    yield json.dumps({"ts": 1, "conn": 0,
                      "line": line.decode(errors="replace")},
                     ensure_ascii=rng.random() < 0.5,
                     separators=(",", ":")).encode()


def hostile(count, seed):
    rng = random.Random(seed)
    values = ["", "\\", "0", "1", "true", "false", "abc", "-1", "007",
              "1763688123456", "25:0-4", "25:0-4,6-8/1:0-99", "25:04",
              "emotesv2_ab:1-1/25:", "subscriber/1,vip/1", "a/b/c,a/d,e",
              "predictions/x\\sy\u2e1dz", "a\\sb\\:c\\\\d\\re\\nf\\qg",
              "y\\\\s\\q\\s", "end\\", "caf\u00e9\\s\U0001f600", "\x00\x01\x1f",
              '"quoted"', "a=b=c", "\ud83d", "0,33,", ",", "/", ":", "-"]
    texts = ["", ":", " :", " :hello", " :\x01ACTION waves\x01",
             " :\x01ACTION", " :\x01ACTION\x01", " :\x01ACTIONs", " no colon  ",
             " :Kappa \U0001f600 Kappa", " ::)  two ", " a b :c",
             " :PRIVMSG #dallas : oops ;mod=1", " :\u3000\u00a0 x"]
    commands = ["PRIVMSG"] * 10 + ["USERNOTICE"] * 10 + [
                "CLEARCHAT", "CLEARMSG", "NOTICE",
                "ROOMSTATE", "USERSTATE", "GLOBALUSERSTATE", "WHISPER",
                "JOIN", "PART", "353", "366", "HOSTTARGET", "PING", "CAP",
                "RECONNECT", "privmsg", "", "12", "X\x00"]
    keys = list(TAGS) + ["login", "target-user-id", "message-id", "x", "",
                         "msg-param-fooBar", "msg-param-foo-bar",
                         "msg-param-viewer-count", "msg-param-",
                         "msg-param-HTMLPage", "vendor/x", "source-only",
                         "msg-param-\u00e9"]
    kinds = SUBSCRIPTION + GIFT + ["raid", "announcement", "sharedchatnotice"]

    def one():
        tags = []
        for _ in range(rng.choice((0, 1, 3, 8, 20))):
            key = rng.choice(keys)
            value = rng.choice(values)
            if key.endswith("msg-id") and rng.random() < 0.8:
                value = rng.choice(kinds)
            tags.append(key + rng.choice(("=", "=", "=", "")) + value)
        command = rng.choice(commands)
        if command == "USERNOTICE" and rng.random() < 0.8:
            tags.append("msg-id=" + rng.choice(kinds))
            tags.append("user-id=" + rng.choice(("7", "274598607")))
        line = "@" + ";".join(tags) + rng.choice((" ", "  ")) if tags else ""
        line += rng.choice(("", ":tmi.twitch.tv ", ":a!b@c.tmi.twitch.tv ",
                            ":Nick@host ", ":  ", ":x\\y!z "))
        line += command
        line += rng.choice(("", " *", " #Chess", " #chess", " nick = #chess",
                            " nick", "  #a"))
        line += rng.choice(texts)
        data = line.encode(errors="surrogatepass")
        for _ in range(rng.choice((0, 0, 0, 1, 4))):
            at = rng.randrange(len(data) + 1)
            data = data[:at] + bytes((rng.choice(
                (0x80, 0xc3, 0xe2, 0xed, 0xf0, 0xf4, 0xff, 0x00, 0x0d, 0x5c,
                 0x20, 0x3b, 0x3d, 0x22)),)) + data[at + rng.randrange(2):]
        if rng.random() < 0.3:
            members = {"ts": rng.choice((1, 1763688123456, -5, "x", 1.5)),
                       "conn": 0,
                       "line": data.decode(errors="replace")}
            if rng.random() < 0.3:
                members["event"] = rng.choice(LIFECYCLE + ["other"])
                members["channel"] = rng.choice(("chess", "Ch\u00e9", 5))
                members["extra"] = rng.choice(([1, {"a": None}], "x", 2.5))
                members["to"] = rng.choice((1, 2.5, "y"))
                if rng.random() < 0.2:
                    name = rng.choice(("tags", "reply", "params", "message"))
                    members[name] = {"a": 1}
                if rng.random() < 0.8:
                    del members["line"]
            order = list(members.items())
            if rng.random() < 0.3:
                rng.shuffle(order)
            data = json.dumps(dict(order), ensure_ascii=rng.random() < 0.5,
                              separators=rng.choice(((",", ":"), None))
                              ).encode()
        return data.replace(b"\n", b"") + rng.choice((b"\n", b"\r\n"))

    for line in extremes():
        for form in framed(line.encode(), rng):
            sys.stdout.buffer.write(form + b"\n")
    for line in records():
        sys.stdout.buffer.write(line.encode() + b"\n")
    for _ in range(count):
        sys.stdout.buffer.write(one())


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    hostile(int(sys.argv[1]), int(sys.argv[2]))
