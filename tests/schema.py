#!/usr/bin/python3
"""Check events against contrib/irc-event.schema.json, with a validator that
is not ours; and that it has the fields of irc-event(5), all and no others.

usage: schema.py FILE
"""

import json
import sys
from pathlib import Path

import jsonschema
from reference import tables


def check_fields(schema):
    top, (_, names) = schema["properties"], tables()
    params = next(part["else"]["properties"]["params"]
                  for part in schema["allOf"] if "else" in part)
    inside = {"reply": top["reply"], "paid": top["paid"],
              "source": top["source"], "params": params}
    for group, part in inside.items():
        if set(part["properties"]) != set(names[group]):
            sys.exit(f"{group}: not the fields of irc-event(5)")
    if set(top) - set(inside) - {"tags"} != \
            set(names[""]) - {"params"} | set(names["stream"]):
        sys.exit("the top: not the fields of irc-event(5)")


def main():
    path = Path(__file__).resolve().parent.parent / "contrib"
    schema = json.loads((path / "irc-event.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    check_fields(schema)
    types, count = set(), 0
    with open(sys.argv[1], encoding="utf-8") as file:
        for line in file:
            event = json.loads(line)
            for error in validator.iter_errors(event):
                sys.exit(f"{line}  {error.json_path}: {error.message}")
            types.add(event["type"])
            count += 1
    print(f"{count} events of {len(types)} types: {' '.join(sorted(types))}")


if __name__ == "__main__":
    main()
