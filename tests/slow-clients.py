"""A thousand clients that say nothing, and some that say it slowly: a server
serves others meanwhile, and hangs up on all of these in time.

slow-clients.py URL
"""
import socket, sys, threading, time
host, port = sys.argv[1][len("http://"):].split(":")


def connect():
    s = socket.create_connection((host, int(port)))
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
    s.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    reply = b""
    while data := s.recv(4096):
        reply += data
    return reply

taken = {}
head = b"POST /join HTTP/1.1\r\nHost: localhost\r\n"
slow = [b"GET /", head + b"X: ", head + b"Content-Length: 4000\r\n\r\n"]
threads = [threading.Thread(target=trickle, args=(s,)) for s in slow]
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
for s in slow:
    print("#", s, taken[s])
    assert taken[s] < 40, "a slow client is left alone"
