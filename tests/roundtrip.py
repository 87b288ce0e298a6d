#!/usr/bin/python3
"""No tag is lost and none invented: from each event alone its line's tags are
put together again, by the tables of irc-event(5).

usage: roundtrip.py PROGRAM FILE...
"""

import json
import sys

from reference import LIFECYCLE, TAGS, events, lower, mend, snake, unescape

# The fields that some commands fill from another tag.
TAKEN = {"username": "login", "user_id": "target-user-id", "id": "message-id"}


def lines_of(data):
    """A line of input as text, and the IRC line in it."""
    text = data.decode(errors="replace")
    text = text[:-1] if text.endswith("\r") else text
    text = text.removeprefix("\ufeff")
    try:
        return text, mend(json.loads(text))["line"]
    except (ValueError, TypeError, KeyError):
        return text, text


def tags_of(line):
    """What a line says, but for the empty ones, which are missing ones."""
    tags = {}
    if line.startswith("@"):
        for part in filter(None, line[1:].partition(" ")[0].split(";")):
            key, _, value = part.partition("=")
            tags[key] = unescape(value)
    return {key: value for key, value in tags.items() if value}


def ranges_of(tag):
    return [(emote, at) for emote, _, ranges in
            (part.partition(":") for part in tag.split("/"))
            for at in ranges.split(",")]


def is_same(kind, tag, value):
    """Whether the field says what the tag says."""
    if kind in ("flag", "switch"):
        return tag in (("1", "true") if value else ("0", "false"))
    if kind in ("badges", "badge_info"):
        value = ",".join("/".join(badge) for badge in value.items())
        return kind == "badges" and tag == value or \
            tag.replace("\u2e1d", ",") == value
    if kind == "spans":
        return ranges_of(tag) == [
            (span["id"], f"{span['start']}-{span['end']}") for span in value]
    if kind == "list":
        return [part for part in tag.split(",") if part] == \
            [part for part in value if part]
    return tag == str(value)


def inside(event, group):
    """An object of the event; params may be a list, of no tags."""
    part = event.get(group, {}) if group else event
    return part if isinstance(part, dict) else {}


def compare(event, tags):
    """Take out what is in both; what then is left is wrong."""
    login, received = event.get("username"), event.get("received")
    aside = event.pop("tags", {})
    if event["type"] == "host":
        aside.pop("viewers", None)  # of the text, no number
    for key, (group, field, kind) in TAGS.items():
        part = inside(event, group)
        if key in aside:
            part.pop(field, None)  # as much of it as could be
        elif field in part and is_same(kind, tags.get(key, ""), part[field]):
            del part[field], tags[key]
        elif kind == "flag" and tags.get(key) in ("0", "false"):
            del tags[key]
    for key, value in aside.items():
        if tags.pop(key, None) != value:
            yield f"tags.{key}"
    for field, key in TAKEN.items():
        if key in tags and lower(tags[key]) == lower(event.get(field, "")):
            del tags[key]
            event.pop(field)
    params = inside(event, "params")
    for key in list(tags):
        if params.get(snake(key)) == tags[key]:
            del params[snake(key)], tags[key]
    yield from (f"{key} is lost" for key in tags)
    yield from (f"params.{name} is invented" for name in params)
    # These stand in for a tag that is not there.
    if lower(event.get("display_name", "")) == login:
        event.pop("display_name", None)
    if event.get("timestamp") == received:
        event.pop("timestamp", None)
    yield from (f"{group}.{field} is invented"
                for group, field, _ in TAGS.values()
                if field in inside(event, group))


def check(program, path):
    count = 0
    for data, event in events(program, path):
        text, line = lines_of(data)
        faults = []
        if event["type"] == "malformed":
            faults = [] if event["line"] in (text, line) else ["line"]
        elif event["type"] not in LIFECYCLE:
            faults = compare(event, tags_of(line))
        for fault in faults:
            sys.exit(f"{path}: {data[:2000]}\n  {fault}")
        count += 1
    return count


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    total = sum(check(sys.argv[1], path) for path in sys.argv[2:])
    print(f"{total} lines, each tag in its event")


if __name__ == "__main__":
    main()
