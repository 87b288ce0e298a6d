#!/usr/bin/python3
"""The cases of ircdocs' msg-split.yaml or userhost-split.yaml for check_irc,
whose IRC_MESSAGES and IRC_SOURCES say where they are.

usage: vectors.py FILE
"""

import sys

import yaml


def message(case):
    atoms = case["atoms"]
    # An empty value is a missing one; the last of equal keys stays.
    keys = [part.partition("=")[0] for part in
            case["input"].partition(" ")[0][1:].split(";")]
    tags = {key: value for key, value in
            sorted((atoms.get("tags") or {}).items(),
                   key=lambda tag: -keys[::-1].index(tag[0]))
            if value}
    return [case["input"],
            "".join(f"{k}={v}\37" for k, v in tags.items()),
            atoms.get("source") or "", atoms["verb"],
            "".join(p + "\37" for p in atoms.get("params") or [])]


def source(case):
    return [case["source"],
            *(case["atoms"].get(name, "") for name in ("nick", "user", "host"))]


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        cases = yaml.safe_load(file)["tests"]
    for case in cases:
        fields = message(case) if "input" in case else source(case)
        sys.stdout.write("\36".join(fields) + "\35")


if __name__ == "__main__":
    main()
