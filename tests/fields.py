#!/usr/bin/python3
"""The table of fields against what goes with it: each has its row in
irc-event(5), in the same order, and each tag a golden line.

usage: fields.py
"""

import re
import sys
from pathlib import Path

from reference import NAMES, TAGS

TOP = Path(__file__).resolve().parent.parent
ROW = re.compile(r'F\(\w+, (\w+), "(\w+)",[\s\\]*"([^"]*)"\)')


def table():
    """{group: [(field, kind, tag)]} of classifier/field.h."""
    text = (TOP / "classifier/field.h").read_text()
    parts = re.split(r"#define (\w+)_FIELDS\(F\)", text.split("enum kind")[0])
    rows = {}
    for group, part in zip(parts[1::2], parts[2::2]):
        group = {"TOP": "", "PARAM": "params"}.get(group, group.lower())
        rows[group] = [(name, kind.lower(), tag)
                       for kind, name, tag in ROW.findall(part)]
    return rows


def page():
    """The same of the manual."""
    tag_of = {(group, field): tag.removeprefix("msg-param-")
              for tag, (group, field, _) in TAGS.items()}
    # What a row says in words, the table says by kinds of its own.
    words = {("", "type"): "type", ("", "params"): "arguments"}
    return {group: [(field, words.get((group, field), kind),
                     tag_of.get((group, field), ""))
                    for field, kind in fields.items()]
            for group, fields in NAMES.items() if group != "stream"}


def main():
    ours, theirs = table(), page()
    for group in ours.keys() | theirs.keys():
        for one, other in zip(ours[group] + [None], theirs[group] + [None]):
            if one != other:
                sys.exit(f"field.h has {one} where irc-event(5) has {other}")
    golden = b"".join(path.read_bytes() for path in
                      (TOP / "tests/golden/irc-classify").glob("*.in"))
    lines = golden.decode(errors="replace")
    for tag in TAGS:
        if not re.search(f"[@;]{re.escape(tag)}=[^; ]", lines):
            sys.exit(f"no golden line has {tag}")
    print(f"{sum(map(len, ours.values()))} fields, {len(TAGS)} of tags")


if __name__ == "__main__":
    main()
