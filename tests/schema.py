#!/usr/bin/python3
"""Check events against contrib/irc-event.schema.json, with a validator that
is not ours: they have no field that it does not name. And the schema against
irc-event(5): it has the fields of the page, all and no others, and refuses
each of them with a value of another kind.

usage: schema.py FILE
       schema.py --fill		give the schema the fields of irc-event(5)
"""

import copy
import json
import sys
from pathlib import Path

import jsonschema
from reference import LIFECYCLE, tables

RIGHT = {
    "string": {"type": "string"},
    "login": {"$ref": "#/$defs/login"},
    "integer": {"type": "integer"},
    "time": {"$ref": "#/$defs/time"},
    "flag": {"const": True},
    "switch": {"type": "boolean"},
    "badges": {"$ref": "#/$defs/badges"},
    "badge_info": {"$ref": "#/$defs/badges"},
    "spans": {"type": "array", "minItems": 1,
              "items": {"$ref": "#/$defs/span"}},
    "emotes": {"$ref": "#/$defs/strings"},
    "list": {"$ref": "#/$defs/strings"},
    "names": {"$ref": "#/$defs/strings"},
}
SPAN = {"id": "25", "start": 0, "end": 4}
WRONG = {
    "string": [1, None, ["x"]],
    "login": [1, "Ada"],
    "integer": ["1", 1.5, True],
    "time": ["1", 1.5],
    "flag": [False, 1, "true"],
    "switch": [1, "0", None],
    "badges": [{}, ["vip/1"], {"vip": 1}],
    "badge_info": [{}, "vip/1", {"vip": 1}],
    "spans": [[], SPAN, ["Kappa"], [{"id": "25", "start": 0}],
              *([SPAN | part] for part in (
                  {"id": 25}, {"id": ""}, {"name": 1}, {"name": ""},
                  {"start": "0"}, {"start": -1}, {"end": 1.5}, {"end": -1},
                  {"at": 1}))],
    "emotes": ["Kappa", [1], {}],
    "list": ["x", [1], {}],
    "names": ["ada bo", [1]],
}
MESSAGE = {"type": "message", "emotes": []}
CLEAR = {"type": "clear"}
STREAM = {"type": "stream", "timestamp": 1, "channel": "chess",
          "channel_id": "71", "id": "1-1", "viewer_count": 0}
SERVER = {"type": "server", "command": "PING", "params": []}
NO_EVENTS = [
    [], {}, {"type": "party"}, {"type": "message"}, {"type": "malformed"},
    {"type": "subscription"}, {"type": "gift"}, {"type": "raid"},
    {"type": "announcement"}, {"type": "timeout"}, {"type": "ban"},
    {**CLEAR, "username": "ada"}, {"type": "stream"},
    {"type": "server"}, {**SERVER, "params": {"x": "y"}},
    {**MESSAGE, "params": {"new": 1}}, {**MESSAGE, "tags": {"new": 1}},
    *({**MESSAGE, name: value} for value in ({}, ["x"])
      for name in ("reply", "paid", "source", "params", "tags"))]


def filled(schema):
    """The same with the fields of irc-event(5), all and no others."""
    schema, (_, names) = copy.deepcopy(schema), tables()
    top = schema["properties"]
    params = next(part["else"]["properties"]["params"]
                  for part in schema["allOf"] if "else" in part)
    kept = ("type", "reply", "paid", "source", "params", "tags")
    schema["properties"] = {"type": top["type"]}
    for field, kind in [*names[""].items(), *names["stream"].items()]:
        if field not in kept:
            schema["properties"][field] = RIGHT[kind]
    schema["properties"].update((name, top[name]) for name in kept[1:])
    for group, part in ("reply", top["reply"]), ("paid", top["paid"]), \
            ("source", top["source"]), ("params", params):
        part["properties"] = {field: RIGHT[kind]
                              for field, kind in names[group].items()}
    return schema


def check_refusals(validator):
    _, names = tables()
    wrong = list(NO_EVENTS)
    for group, fields in names.items():
        for field, kind in fields.items():
            for value in WRONG[kind]:
                if group == "stream":
                    wrong.append({**STREAM, field: value})
                elif group:
                    wrong.append({**MESSAGE, group: {field: value}})
                else:
                    base = SERVER if field == "params" else MESSAGE
                    wrong.append({**base, field: value})
    for event in MESSAGE, CLEAR, STREAM, SERVER, {
            **MESSAGE, "emote_spans": [SPAN]}:
        validator.validate(event)
    for event in wrong:
        if validator.is_valid(event):
            sys.exit(f"{event}: not refused")


def closed(schema):
    """The same, and no field passes that it does not name."""
    schema = copy.deepcopy(schema)
    for part in schema, *map(schema["properties"].get,
                             ("reply", "paid", "source")):
        part["additionalProperties"] = False
    return jsonschema.Draft202012Validator(schema)


def main():
    path = Path(__file__).resolve().parent.parent / "contrib"
    path /= "irc-event.schema.json"
    schema = json.loads(path.read_text())
    if sys.argv[1:] == ["--fill"]:
        path.write_text(json.dumps(filled(schema), indent=2) + "\n")
        return
    if json.dumps(filled(schema)) != json.dumps(schema):
        sys.exit("not the fields of irc-event(5): run schema.py --fill")
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    check_refusals(validator)
    strict = closed(schema)
    types, count = set(), 0
    with open(sys.argv[1], encoding="utf-8") as file:
        for line in file:
            event = json.loads(line)
            known = validator if event.get("type") in LIFECYCLE else strict
            for error in known.iter_errors(event):
                sys.exit(f"{line}  {error.json_path}: {error.message}")
            types.add(event["type"])
            count += 1
    print(f"{count} events of {len(types)} types: {' '.join(sorted(types))}")


if __name__ == "__main__":
    main()
