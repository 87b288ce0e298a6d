#!/usr/bin/python3
"""Each column of -o is the field of the event, or stands for one that the
event does not have; by the tables of irc-event(5).

usage: columns.py PROGRAM FILE
"""

import json
import subprocess
import sys
from pathlib import Path

from reference import NAMES

PART = 60  # columns of a run
MISSING = {"integer": None, "time": None, "flag": False, "switch": False,
           "badges": {}, "badge_info": {}, "object": {}, "spans": [],
           "emotes": [], "list": [], "names": []}


def columns():
    """(object or "", field, kind); and what no field carries."""
    for group, fields in NAMES.items():
        if group != "stream":
            yield from ((group, field, kind) for field, kind in fields.items())
            yield "", group or "tags", "object"
    yield from (("tags", tag, "string") for tag in ("x", "bits", "emotes"))
    yield "params", "foo_bar", "string"


def events(program, data, *options):
    put = subprocess.run([program, "-ar", *options], input=data, check=True,
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return [json.loads(line) for line in put.stdout.split(b"\n")[:-1]]


def value(event, group, field, kind):
    inside = event.get(group, {}) if group else event
    if isinstance(inside, dict) and field in inside:
        return inside[field]
    if field == "params" and event["type"] != "server":
        return {}
    return MISSING.get(kind, "")


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    data = Path(sys.argv[2]).read_bytes()
    whole = events(sys.argv[1], data)
    rest = {".".join(filter(None, column[:2])): column
            for column in columns()}
    count = len(rest)
    while rest:
        part = {name: rest.pop(name) for name in list(rest)[:PART]}
        put = events(sys.argv[1], data, "-o", ",".join(part))
        for event, got in zip(whole, put, strict=True):
            want = event if event["type"] == "malformed" else {
                name: value(event, *column) for name, column in part.items()}
            if list(got.items()) != list(want.items()):
                sys.exit(f"{event}\n  is   {got}\n  want {want}")
    print(f"{count} columns of {len(whole)} events")


if __name__ == "__main__":
    main()
