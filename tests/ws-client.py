#!/usr/bin/env python3
"""A raw WebSocket client (RFC 6455) of the standard library, for tests.

usage: ws-client.py [-f] [-c CERTIFICATE] URL

Each line of standard input is sent as one text frame; each line of the
frames that come is printed, with -f a line "." after each frame. Exits 0
after the server's close frame, 1 when the connection ends without one, 2
when the server refuses the upgrade, whose answer it then prints.
"""

import base64
import getopt
import hashlib
import os
import select
import socket
import ssl
import sys
from urllib.parse import urlsplit

TEXT, CLOSE, PING, PONG = 1, 8, 9, 10


def connect(url, certificate):
    to = urlsplit(url)
    sock = socket.create_connection((to.hostname, to.port))
    if to.scheme == "wss":
        context = ssl.create_default_context(cafile=certificate)
        sock = context.wrap_socket(sock, server_hostname=to.hostname)
    return sock


def upgrade(sock, url):
    """Returns what came behind the answer's head."""
    key = base64.b64encode(os.urandom(16)).decode()
    sock.sendall((
        f"GET / HTTP/1.1\r\nHost: {urlsplit(url).netloc}\r\n"
        "Upgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
    ).encode())
    answer = b""
    while b"\r\n\r\n" not in answer:
        more = sock.recv(65536)
        if not more:
            break
        answer += more
    head, _, rest = answer.partition(b"\r\n\r\n")
    accept = base64.b64encode(hashlib.sha1(
        (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest())
    if not head.startswith(b"HTTP/1.1 101 ") or \
            b"Sec-WebSocket-Accept: " + accept not in head:
        print(head.decode(errors="replace"))
        sys.exit(2)
    return rest


def send(sock, opcode, payload):
    mask = os.urandom(4)
    size = len(payload)
    if size < 126:
        head = bytes([0x80 | opcode, 0x80 | size])
    else:
        head = bytes([0x80 | opcode, 0x80 | 126]) + size.to_bytes(2, "big")
    masked = bytes(b ^ mask[i % 4] for i, b in enumerate(payload))
    try:
        sock.sendall(head + mask + masked)
    except ConnectionError:
        pass  # what it said before it closed can still be read


def frame(data):
    """(opcode, payload, rest) of the first whole frame, or None."""
    if len(data) < 2:
        return None
    size, at = data[1] & 0x7F, 2
    if size == 126:
        size, at = int.from_bytes(data[2:4], "big"), 4
    elif size == 127:
        size, at = int.from_bytes(data[2:10], "big"), 10
    if len(data) < at + size:
        return None
    return data[0] & 0x0F, data[at:at + size], data[at + size:]


def show(payload, frames):
    sys.stdout.buffer.write(payload.replace(b"\r\n", b"\n"))
    if frames:
        sys.stdout.buffer.write(b".\n")
    sys.stdout.buffer.flush()


def talk(sock, data, frames):
    watched = [sock, sys.stdin.buffer.raw]
    typed = b""
    while True:
        while (one := frame(data)) is not None:
            opcode, payload, data = one
            if opcode == TEXT:
                show(payload, frames)
            elif opcode == PING:
                send(sock, PONG, payload)
            elif opcode == CLOSE:
                send(sock, CLOSE, payload)
                return 0
        pending = isinstance(sock, ssl.SSLSocket) and sock.pending()
        ready = [sock] if pending else select.select(watched, [], [])[0]
        if sock in ready:
            more = sock.recv(65536)
            if not more:
                return 1
            data += more
        if watched[-1] in ready and watched[-1] is not sock:
            more = watched[-1].read(65536)
            if not more:
                watched.pop()
            *lines, typed = (typed + more).split(b"\n")
            for line in lines:
                send(sock, TEXT, line)


def main():
    options, arguments = getopt.getopt(sys.argv[1:], "c:f")
    options = dict(options)
    sock = connect(arguments[0], options.get("-c"))
    try:
        rest = upgrade(sock, arguments[0])
        return talk(sock, rest, "-f" in options)
    except ConnectionError:
        return 1


sys.exit(main())
