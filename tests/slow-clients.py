"""A thousand clients that say nothing, and some that say it slowly: a server
serves others meanwhile, and hangs up on all of these in time.

slow-clients.py URL
"""
import socket
import sys
import threading
import time

HOST, PORT = sys.argv[1][len("http://"):].split(":")
POST = b"POST /join HTTP/1.1\r\nHost: localhost\r\n"
SLOW = [b"GET /", POST + b"X: ", POST + b"Content-Length: 4000\r\n\r\n"]
taken = {}


def connect():
    s = socket.create_connection((HOST, int(PORT)))
    s.settimeout(60)
    return s


def trickle(first):
    "A byte now and then: how long until we are hung up on?"
    s, began = connect(), time.monotonic()
    try:
        s.sendall(first)
        while time.monotonic() < began + 60:
            s.sendall(b"a")
            time.sleep(.2)
    except OSError:
        pass
    taken[first] = time.monotonic() - began


def get():
    s = connect()
    s.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
              b"Connection: close\r\n\r\n")
    reply = b""
    while data := s.recv(4096):
        reply += data
    return reply


threads = [threading.Thread(target=trickle, args=(s,)) for s in SLOW]
for t in threads:
    t.start()
idle = [connect() for _ in range(1000)]
began = time.monotonic()
assert get().endswith(b"\r\n\r\nok"), "no answer among a thousand"
print("# an answer among a thousand after", time.monotonic() - began)
for s in idle:
    assert s.recv(1) == b"", "an idle connection is left open"
for t in threads:
    t.join()
for s in SLOW:
    print("#", s, taken[s])
    assert taken[s] < 40, "a slow client is left alone"
