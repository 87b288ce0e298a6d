#!/usr/bin/python3
"""What irc-classify must put out, worked out again: slow, plain, and sharing
no code with it. The fields come from the tables of irc-event(5), so the page
is held to the program, too.

usage: reference.py PROGRAM FILE...
"""

import json
import re
import subprocess
import sys
from pathlib import Path

LINE_MAX = 131072
OTHERS_MAX = 2048
BADGES_MAX = 32
SPANS_MAX = 512
SPAN_BYTES_MAX = 64
LIFECYCLE = ("connected disconnected reconnecting joined parted refused "
             "gap").split()
SUBSCRIPTION = ("sub resub primepaidupgrade giftpaidupgrade "
                "anongiftpaidupgrade extendsub").split()
GIFT = ("subgift anonsubgift submysterygift anonsubmysterygift "
        "standardpayforward communitypayforward primecommunitygiftreceived "
        "rewardgift").split()
INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})\Z")


class Malformed(Exception):
    pass


def tables():
    """The rows of irc-event(5): {tag: (object, field, kind)}, and names."""
    page = Path(__file__).resolve().parent.parent / "man" / "irc-event.5"
    tags, names, group = {}, {}, None
    for line in page.read_text().splitlines():
        if line.startswith(".Ss "):
            group = line[4:] if line[4:] != "Fields" else ""
        row = re.match(r"\.It Li (\S+) Ta (\S+) Ta (.*)$", line)
        if not row:
            continue
        field, kind, source = row.groups()
        names.setdefault(group, {})[field] = kind
        if source.startswith("Li "):
            prefix = "msg-param-" if group == "params" else ""
            tags[prefix + source[3:]] = (group, field, kind)
    return tags, names


TAGS, NAMES = tables()


def unescape(value):
    escapes = {":": ";", "s": " ", "r": "\r", "n": "\n"}
    return re.sub(r"\\(.?)", lambda m: escapes.get(m[1], m[1]), value,
                  flags=re.S)


def lower(text):
    return re.sub("[A-Z]", lambda m: m[0].lower(), text)


def snake(key):
    """The name in params of an unknown msg-param-*, or None."""
    name = key[len("msg-param-"):]
    if not key.startswith("msg-param-") or \
            not re.fullmatch("[A-Za-z0-9-]{1,48}", name):
        return None
    return re.sub("(?<=[a-z0-9])([A-Z])", r"_\1", name).replace(
        "-", "_").lower()


def read_badges(value, info):
    """An object, and whether it is all there."""
    badges, whole = {}, True
    for part in value.split(","):
        name, slash, version = part.partition("/")
        if not slash or not name or "\\" in name or name in badges or \
                len(badges) == BADGES_MAX:
            whole = False
            continue
        version = unescape(version)
        badges[name] = version.replace("\u2e1d", ",") if info else version
    return badges, whole


def read_emotes(value, text):
    spans, whole = [], True
    for part in value.split("/"):
        emote, colon, ranges = part.partition(":")
        if not colon or len(emote.encode()) > SPAN_BYTES_MAX or \
                not re.fullmatch(r'[^\x00-\x1f"\\]+', emote):
            whole = False
            continue
        for at in ranges.split(","):
            ends = re.fullmatch("(0|[1-9][0-9]{0,6})-(0|[1-9][0-9]{0,6})", at)
            if not ends or int(ends[1]) > int(ends[2]) or \
                    len(spans) == SPANS_MAX:
                whole = False
                continue
            start, end = int(ends[1]), int(ends[2])
            span = {"id": emote, "start": start, "end": end}
            name = text[start:end + 1]
            if name and len(name.encode()) <= SPAN_BYTES_MAX:
                span["name"] = name
            spans.append(span)
    return spans, whole


def distinct_names(spans):
    names = []
    for span in sorted(spans, key=lambda s: s["start"]):
        if "name" in span and span["name"] not in names:
            names.append(span["name"])
    return names


def split(line):
    """tags, source, command, and what follows."""
    tags, source, unknown = {}, "", 0
    if line.startswith("@"):
        text, _, line = line[1:].partition(" ")
        line = line.lstrip(" ")
        for part in text.split(";"):
            if not part:
                continue
            key, _, value = part.partition("=")
            tags.pop(key, None)
            if unescape(value) != "":
                tags[key] = value
                unknown += key not in TAGS
    if unknown > OTHERS_MAX:
        raise Malformed
    if line.startswith(":"):
        source, _, line = line[1:].partition(" ")
        line = line.lstrip(" ")
    command, _, rest = line.partition(" ")
    if not command:
        raise Malformed
    return tags, source, command, rest.lstrip(" ")


def take_param(rest):
    if rest.startswith(":"):
        return rest[1:], ""
    param, _, rest = rest.partition(" ")
    return param, rest.lstrip(" ")


def take_text(rest):
    if not rest:
        return None
    return rest[1:] if rest.startswith(":") else rest.rstrip(" ")


def set_channel(event, rest):
    to, rest = take_param(rest)
    if to.startswith("#"):
        event["channel"] = lower(to[1:])
    elif to not in ("", "*"):
        event["recipient"] = lower(to)
    return rest


def set_user(event, source):
    nick = re.split("[!@]", source)[0] if "@" not in source else \
        source[:source.index("@")].partition("!")[0]
    if nick and nick != source:
        event["username"] = lower(nick)
        return nick
    return None


def put_tags(event, tags, text, params=True):
    """Each tag to its field; what is left, to tags or params."""
    left = {}
    for key, raw in tags.items():
        group, field, kind = TAGS.get(key, (None, None, None))
        value, whole = unescape(raw), True
        if key.startswith("msg-param-") and not params:
            left[key] = value
            continue
        if group is None:
            name = snake(key)
            named = event.setdefault("params", {})
            if name is None or name in NAMES["params"] or name in named:
                left[key] = value
            else:
                named[name] = value
            continue
        target = event.setdefault(group, {}) if group else event
        if kind in ("integer", "time"):
            whole = bool(INTEGER.match(raw))
            value = int(raw) if whole else None
        elif kind in ("flag", "switch"):
            whole = raw in ("0", "1", "true", "false")
            value = raw in ("1", "true")
            if not whole or (kind == "flag" and not value):
                value = None
        elif kind in ("badges", "badge_info"):
            value, whole = read_badges(raw, kind == "badge_info")
        elif kind == "spans":
            value, whole = read_emotes(raw, text or "")
            if distinct_names(value):
                event["emotes"] = distinct_names(value)
        elif kind == "list":
            value = [unescape(part) for part in raw.split(",")]
            if raw.endswith(","):
                value.pop()
        if value not in (None, {}, []) or (kind == "list" and raw):
            target[field] = value
        if not whole:
            left[key] = unescape(raw)
    for group in ("reply", "paid", "source", "params"):
        if not event.get(group, True):
            del event[group]
    if left:
        event["tags"] = left


def take(event, tags, field, key, own=None):
    if key in tags and field not in event and own not in tags:
        value = unescape(tags.pop(key))
        event[field] = lower(value) if field == "username" else value
        return value
    return None


def unwrap(event, text):
    match = re.match("\x01ACTION(?: (.*)|(\x01)?)\\Z", text or "", re.S)
    if not match:
        return text
    event["action"] = True
    text = match[1] or ""
    return text[:-1] if text.endswith("\x01") else text


def classify(line, received=None):
    event = {}
    tags, source, command, rest = split(line)
    text = None
    display = None
    if received is not None:
        event["received"] = received
    if command in ("PRIVMSG", "WHISPER"):
        event["type"] = "message" if command == "PRIVMSG" else "whisper"
        rest = set_channel(event, rest)
        display = set_user(event, source)
        text = unwrap(event, take_text(rest))
        if command == "WHISPER":
            take(event, tags, "id", "message-id", "id")
    elif command == "USERNOTICE":
        kind = tags.get("msg-id", "")
        if kind == "sharedchatnotice":
            kind = tags.get("source-msg-id", kind)
        event["type"] = ("subscription" if kind in SUBSCRIPTION else
                         "gift" if kind in GIFT else
                         "raid" if kind in ("raid", "unraid") else
                         kind if kind == "announcement" else "usernotice")
        if event["type"] == "gift" and (
                kind.startswith("anon") or
                tags.get("user-id") == "274598607"):
            event["anonymous"] = True
        rest = set_channel(event, rest)
        display = take(event, tags, "username", "login")
        text = take_text(rest)
    elif command == "CLEARCHAT":
        user = take_text(set_channel(event, rest))
        if user is not None:
            event["username"] = lower(user)
        take(event, tags, "user_id", "target-user-id", "user-id")
        event["type"] = ("timeout" if "ban-duration" in tags else
                         "ban" if user is not None or "user_id" in event or
                         "user-id" in tags else "clear")
    elif command == "CLEARMSG":
        event["type"] = "delete"
        rest = set_channel(event, rest)
        take(event, tags, "username", "login")
        text = unwrap(event, take_text(rest))
    elif command == "NOTICE":
        event["type"] = "notice"
        text = take_text(set_channel(event, rest))
        take(event, tags, "user_id", "target-user-id", "user-id")
    elif command in ("ROOMSTATE", "USERSTATE"):
        event["type"] = command.lower()
        set_channel(event, rest)
    elif command == "GLOBALUSERSTATE":
        event["type"] = "globaluserstate"
    elif command in ("JOIN", "PART"):
        event["type"] = command.lower()
        set_channel(event, rest)
        set_user(event, source)
    elif command == "353":
        event["type"] = "names"
        for _ in range(2):
            _, rest = take_param(rest)
        names = take_text(set_channel(event, rest))
        if names is not None:
            event["names"] = names.split(" ")
            if names == "" or names.endswith(" "):
                event["names"].pop()
    elif command == "HOSTTARGET":
        event["type"] = "host"
        put_host(event, tags, take_text(set_channel(event, rest)) or "")
    elif re.fullmatch("[A-Z]+|[0-9]{3}", command):
        event["type"] = "server"
        set_user(event, source)
        event["command"] = command
        params = []
        while rest:
            param, rest = take_param(rest)
            params.append(param)
    else:
        raise Malformed
    if text is not None:
        event["message"] = text
    if event["type"] == "message":
        event["emotes"] = []
    put_tags(event, tags, text, event["type"] != "server")
    if event["type"] == "server":
        event["params"] = params
    if display is not None:
        event.setdefault("display_name", display)
    if "timestamp" not in event and received is not None:
        event["timestamp"] = received
    return event


def put_host(event, tags, text):
    target, rest = take_param(text) if text else ("-", "")
    viewers = take_param(rest)[0] if rest else "-"
    if target != "-":
        event["target"] = lower(target)
    if INTEGER.match(viewers):
        event["viewers"] = int(viewers)
    elif viewers != "-":
        tags["viewers"] = viewers


def mend(value):
    """Lone surrogates are U+FFFD."""
    if isinstance(value, str):
        return re.sub("[\ud800-\udfff]", "\ufffd", value)
    if isinstance(value, list):
        return [mend(v) for v in value]
    if isinstance(value, dict):
        return {mend(k): mend(v) for k, v in value.items()}
    return value


def refuse(_):
    raise ValueError


def is_integer(value):
    return type(value) is int and INTEGER.match(str(value))


def lifecycle(record):
    kinds = {"channel": str, "channel_id": str, "reason": str, "conn": int,
             "from": int, "to": int, "lines": int}
    event = {}
    if record["event"] not in LIFECYCLE:
        raise Malformed
    for key, value in record.items():
        if key == "event":
            event["type"] = value
        elif key == "ts":
            event["timestamp"] = event["received"] = value
        elif key in kinds:
            if type(value) is not kinds[key] or \
                    (kinds[key] is int and not is_integer(value)):
                raise Malformed
            event[key] = lower(value) if key == "channel" else value
        elif key in NAMES[""] or key in ("reply", "paid", "source", "tags"):
            raise Malformed
        else:
            event[key] = value
    return event


def expected(line):
    """The event for one line of bytes, or None for an empty one."""
    ts = None
    text = line.decode(errors="replace")
    if text.endswith("\r"):
        text = text[:-1]
    if len(line) <= LINE_MAX:
        text = text.removeprefix("\ufeff")
    if not text:
        return None
    try:
        if len(line) > LINE_MAX:
            raise Malformed
        if not text.startswith("{"):
            return classify(text)
        record = mend(json.loads(text, parse_constant=refuse))
        ts = record.get("ts")
        if "ts" in record and not is_integer(ts):
            ts = None
            raise Malformed
        if isinstance(record.get("line"), str):
            text = record["line"]
            return classify(text, ts)
        if "event" not in record or "line" in record:
            raise Malformed
        return lifecycle(record)
    except (Malformed, ValueError, RecursionError):
        event = {"type": "malformed", "line": text}
        if ts is not None:
            event["received"] = event["timestamp"] = ts
        return event


def without_doubles(pairs):
    event = dict(pairs)
    if len(event) != len(pairs):
        raise ValueError("a name twice in " + repr(pairs))
    return event


def events(program, path):
    """Each line that is not empty, and its event."""
    data = Path(path).read_bytes()
    got = subprocess.run([program, "-a"], input=data, check=True,
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    got = got.stdout.split(b"\n")[:-1]
    lines = data.split(b"\n")
    lines = [line for line in lines
             if line.removeprefix(b"\xef\xbb\xbf") not in (b"", b"\r")]
    if len(got) != len(lines):
        sys.exit(f"{path}: {len(lines)} lines, {len(got)} events")
    for line, out in zip(lines, got):
        yield line, json.loads(out, object_pairs_hook=without_doubles)


def check(program, path):
    count = 0
    for line, event in events(program, path):
        want = expected(line)
        if want["type"] == "malformed":
            event.pop("reason", None)
        if event != want:
            sys.exit(f"{path}: {line[:2000]}\n  is   {event}\n  want {want}")
        count += 1
    return count


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    total = sum(check(sys.argv[1], path) for path in sys.argv[2:])
    print(f"{total} lines, all as they should be")


if __name__ == "__main__":
    main()
