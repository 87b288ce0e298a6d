#!/usr/bin/python3
"""The most memory that a filter holds, whatever comes: runs COMMAND on hostile
input and fails when its resident set was ever larger than KIBIBYTES.

usage: memory.py KIBIBYTES COMMAND...
"""

import subprocess
import sys


def hostile():
    line = 131072
    yield b"x" * 2000000 + b"\n"
    yield b"\x01" * (line - 1) + b"\n"
    yield b"@v=" + b"\x01" * (line - 20) + b" PRIVMSG #a :x\n"
    yield b"@mod=" + b"\x01" * (line - 20) + b" PRIVMSG #a :x\n"
    yield b"@" + b";" * (line - 20) + b" PRIVMSG #a :x\n"
    yield b"PRIVMSG #a :" + b"\xff" * (line - 20) + b"\n"
    yield b"@emotes=" + b"/".join(b"%060d:0-63,1-64" % i for i in range(600)) \
        + b" PRIVMSG #a :" + b"\x01" * 60000 + b"\n"
    yield b"@badges=" + b",".join(b"b%d/1" % i for i in range(9000)) + \
        b" PRIVMSG #a :x\n"
    yield b'{"ts":1,"line":"' + b"\\u0001" * 21000 + b'"}\n'
    yield b'{"ts":1,"event":"gap","x":"' + b"\xff" * (line - 40) + b'"}\n'
    for _ in range(20000):
        yield b"@id=1 :u!u@u PRIVMSG #a :" + b"hello " * 60 + b"\n"


def most_of(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status
                    if line.startswith("VmHWM:"))


def main():
    with subprocess.Popen(sys.argv[2:], stdin=subprocess.PIPE,
                          stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as child:
        for _ in range(3):
            for piece in hostile():
                child.stdin.write(piece)
        child.stdin.flush()
        most = most_of(child.pid)
    print(f"{most} KiB at most")
    sys.exit(child.returncode != 0 or most > int(sys.argv[1]))


if __name__ == "__main__":
    main()
