#!/usr/bin/python3
"""A WebSocket server with bad manners, that ws-reader must live with.

usage: rude-server.py MANNER FILE

Writes the number of its port to FILE. MANNER is

deaf	welcome who logs in, and never read again; ask for PONGs without end
pings	welcome who logs in, and chat without end; a WebSocket PING every
	50 ms, between the two halves of a message. Print each answer
mute	accept, and say nothing: no TLS, no HTTP
terse	let somebody into #chess, then lines of one byte, as many as it takes.
	Print how many it took, twice a second
reset	let two into #chess, say no more, and a second later reset one after the
	other
"""

import base64
import hashlib
import socket
import struct
import sys
import threading
import time

TEXT, PING, PONG, CLOSE = 1, 9, 10, 8
CHAT = b"@id=%d :u!u@u PRIVMSG #chess :" + 400 * b"x" + b"\r\n"


def frame(opcode, payload, fin=True):
    size = len(payload)
    head = bytes([(0x80 if fin else 0) | opcode])
    if size < 126:
        return head + bytes([size]) + payload
    return head + bytes([126]) + size.to_bytes(2, "big") + payload


class Peer:
    def __init__(self, sock):
        self.sock, self.data = sock, b""
        while b"\r\n\r\n" not in self.data:
            self.more()
        head, _, self.data = self.data.partition(b"\r\n\r\n")
        key = head.partition(b"Sec-WebSocket-Key: ")[2].split(b"\r\n")[0]
        accept = base64.b64encode(hashlib.sha1(
            key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())
        sock.sendall(b"HTTP/1.1 101 Switching Protocols\r\n"
                     b"Upgrade: websocket\r\nConnection: Upgrade\r\n"
                     b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n")

    def more(self):
        data = self.sock.recv(65536)
        if not data:
            raise ConnectionError("it has gone")
        self.data += data

    def receive(self):
        """The opcode and payload of the next frame; it must be masked."""
        while True:
            data, size, at = self.data, 0, 2
            if len(data) >= 4:
                size = data[1] & 0x7F
                if size == 126:
                    size, at = int.from_bytes(data[2:4], "big"), 4
                if len(data) >= at + 4 + size:
                    break
            self.more()
        assert data[1] & 0x80
        mask = data[at:at + 4]
        payload = bytes(b ^ mask[i % 4]
                        for i, b in enumerate(data[at + 4:at + 4 + size]))
        self.data = data[at + 4 + size:]
        return data[0] & 0x0F, payload

    def welcome(self):
        while not self.receive()[1].startswith(b"NICK "):
            pass
        self.sock.sendall(frame(TEXT, b":x 001 nick :Welcome\r\n"))


def deaf(sock):
    peer = Peer(sock)
    peer.welcome()
    ping = frame(TEXT, b"PING :" + 400 * b"x" + b"\r\n")
    while True:
        sock.sendall(20 * ping)


def chat_and_ping(sock):
    try:
        chat_without_end(sock)
    except OSError:
        pass  # pings() sees it too


def chat_without_end(sock):
    next_ping, n = time.monotonic(), 0
    while True:
        n += 1
        line = CHAT % n
        if time.monotonic() < next_ping:
            sock.sendall(frame(TEXT, line))
            continue
        next_ping += 0.05
        sock.sendall(frame(TEXT, line[:100], False) +
                     frame(PING, b"ping %d" % n) + frame(0, line[100:]))


def pings(sock):
    peer = Peer(sock)
    peer.welcome()
    threading.Thread(target=chat_and_ping, args=(sock,), daemon=True).start()
    while True:
        opcode, payload = peer.receive()
        if opcode == PONG:
            print(payload.decode(), flush=True)


def mute(sock):
    while sock.recv(65536):
        pass


inside = []


def admit(sock):
    peer = Peer(sock)
    peer.welcome()
    while not peer.receive()[1].startswith(b"JOIN "):
        pass
    sock.sendall(frame(TEXT, b"@room-id=1 :x ROOMSTATE #chess\r\n"))


def terse(sock):
    admit(sock)
    # First a pipe and a third of 2 MiB full of records, then all at once.
    for _ in range(4):
        sock.sendall(frame(TEXT, 10000 * b"a\n"))
        time.sleep(0.3)
    lines = frame(TEXT, 30000 * b"a\n")
    sock.settimeout(0.5)
    taken = 0
    while True:
        try:
            taken += sock.send(lines[taken % len(lines):])
        except TimeoutError:
            print(taken, flush=True)


def let_in(sock):
    admit(sock)
    inside.append(sock)
    if len(inside) != 2:
        return
    time.sleep(1)
    for sock in inside:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                        struct.pack("ii", 1, 0))
        sock.close()
        time.sleep(0.1)


def reset(sock):
    threading.Thread(target=let_in, args=(sock,), daemon=True).start()


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    manner = {"deaf": deaf, "pings": pings, "mute": mute,
              "terse": terse, "reset": reset}[sys.argv[1]]
    listener = socket.create_server(("127.0.0.1", 0))
    # So that little can wait to be read.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    with open(sys.argv[2], "w", encoding="ascii") as file:
        print(listener.getsockname()[1], file=file)
    while True:
        sock, _ = listener.accept()
        try:
            manner(sock)
        except ConnectionError:
            sock.close()


if __name__ == "__main__":
    main()
