#!/usr/bin/python3
"""Account for every line that twitch-sim has sent: it was delivered once, or
lies within a gap that ws-reader has declared. And no gap was invented: in each
there is a moment at which the channel was really not held.

usage: accounting.py SENT HELD OUT...

SENT and HELD are what twitch-sim's options of these names have written, OUT
what one reader after the other has. Prints totals, and each fault.
"""

import json
import re
import sys
from bisect import bisect_left
from collections import defaultdict

# A line is on its way from the simulator to the reader for so many ms at most.
ON_ITS_WAY = 2000
SHOWN = 10

ID = re.compile(r"@(?:[^ ]*;)?id=([^; ]+)")


def records(path):
    """The JSON objects of a file; a reader that was killed may have left a
    torn one at its end."""
    with open(path, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            if line.endswith("\n"):
                yield json.loads(line)


class Copy:
    """A line on its way over one connection, or to nobody: -1."""
    __slots__ = ("ts", "conn", "channel", "overtaken")

    def __init__(self, entry):
        self.ts, self.conn = entry["ts"], entry["conn"]
        self.channel = entry["channel"]
        # When a line was received that was sent later on this connection.
        self.overtaken = float("inf")


class Sent:
    def __init__(self, path):
        self.copies = defaultdict(list)  # by id, or by text without one
        self.order = []
        for entry in records(path):
            key = entry["id"] or entry["line"]
            copy = Copy(entry)
            self.copies[key].append(copy)
            self.order.append((key, copy))

    def overtake(self, received):
        """A line that is sent twice says nothing of the order on either of
        its connections."""
        first = defaultdict(lambda: float("inf"))
        for key, copy in reversed(self.order):
            copy.overtaken = first[copy.conn]
            if key in received and len(self.copies[key]) == 1:
                first[copy.conn] = min(first[copy.conn], received[key][0])


class Holds:
    """From when to when each channel was on no connection."""

    def __init__(self, path):
        self.without = defaultdict(lambda: [[0, float("inf")]])
        holders = defaultdict(int)
        for entry in records(path):
            channel, joined = entry["channel"], entry["event"] == "joined"
            holders[channel] += 1 if joined else -1
            if joined and holders[channel] == 1:
                self.without[channel][-1][1] = entry["ts"]
            elif not joined and holders[channel] == 0:
                self.without[channel].append([entry["ts"], float("inf")])

    def lapse(self, channel, since, until):
        """Was there a moment without the channel?"""
        return any(a <= until and b >= since
                   for a, b in self.without[channel])

    def seconds(self):
        """Without a channel, between its first join and its last."""
        return sum(b - a for spans in self.without.values()
                   for a, b in spans[1:] if b != float("inf")) / 1000


class Output:
    """What the readers have written."""

    def __init__(self, paths, sent):
        self.received = defaultdict(list)
        self.gaps = []
        self.strangers = []
        for path in paths:
            for record in records(path):
                if "line" in record:
                    self.take(record, sent)
                elif record["event"] == "gap":
                    record["lost"] = 0
                    self.gaps.append(record)

    def take(self, record, sent):
        found = ID.match(record["line"])
        key = found[1] if found else record["line"]
        if key in sent.copies:
            self.received[key].append(record["ts"])
        elif found:
            self.strangers.append(key)


class Gaps:
    """The gaps by channel; those without are of all channels."""

    def __init__(self, gaps):
        self.by_channel = defaultdict(list)
        for gap in sorted(gaps, key=lambda g: g["to"]):
            self.by_channel[gap.get("channel")].append(gap)

    def cover(self, copy):
        """The gap that the lost copy lies in, or None."""
        for channel in (copy.channel, None):
            gaps = self.by_channel[channel]
            at = bisect_left(gaps, copy.ts, key=lambda g: g["to"])
            for gap in gaps[at:]:
                if gap["from"] <= min(copy.ts + ON_ITS_WAY, copy.overtaken):
                    return gap
        return None


def at_least_once(key):
    """The same text may be another line, unless it has a time."""
    return key.startswith((":", "@")) and "tmi-sent-ts=" not in key


def account(sent, output, faults):
    """How many lines were delivered, lost, and lost where nobody was."""
    gaps = Gaps(output.gaps)
    delivered = lost = 0
    for key, copies in sent.copies.items():
        times = output.received.get(key, ())
        if times:
            delivered += 1
            if len(times) > 1 and not at_least_once(key):
                faults.append(f"delivered {len(times)} times: {key}")
            continue
        lost += 1
        for copy in copies:
            gap = gaps.cover(copy)
            if gap is None:
                faults.append(f"lost in silence: {key} of #{copy.channel}, "
                              f"sent at {copy.ts} on {copy.conn}")
                break
        else:
            gap["lost"] += 1
    faults.extend(f"never sent: {key}" for key in output.strangers)
    return delivered, lost


def judge(gap, holds):
    """What is wrong with a gap, or None."""
    if gap["from"] > gap["to"]:
        return "it ends before it begins"
    if "lines" in gap and gap["lines"] != gap["lost"]:
        return f"{gap['lost']} lines were lost"
    if "lines" in gap:
        return None if gap["lines"] else "nothing was lost"
    if "channel" not in gap:
        return "neither a channel nor a number of lines"
    if not holds.lapse(gap["channel"], gap["from"], gap["to"]):
        return "the channel was held all the time"
    return None


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    sent, holds = Sent(sys.argv[1]), Holds(sys.argv[2])
    output = Output(sys.argv[3:], sent)
    sent.overtake(output.received)
    faults = []
    delivered, lost = account(sent, output, faults)
    for gap in output.gaps:
        wrong = judge(gap, holds)
        if wrong is not None:
            faults.append(f"a gap that is wrong, {wrong}: {gap}")
    declared = sum(g["to"] - g["from"] for g in output.gaps) / 1000
    print(f"{len(sent.copies)} lines sent, in {len(sent.order)} copies: "
          f"{delivered} delivered, {lost} lost in {len(output.gaps)} gaps of "
          f"{declared:.1f} s (not held: {holds.seconds():.1f} s); "
          f"{len(faults)} faults")
    for fault in faults[:SHOWN]:
        print(fault)
    sys.exit(1 if faults or not delivered else 0)


if __name__ == "__main__":
    main()
