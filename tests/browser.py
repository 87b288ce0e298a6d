"""Chromium without a window, for tests of pages: as a person uses it.

It is driven through its debugging pipe (descriptors 3 and 4, one JSON message
up to a NUL byte), so that nothing but Python is needed.
"""
import base64
import json
import os
import subprocess
import tempfile
import time

OPTIONS = """
    --headless --no-sandbox --disable-gpu --disable-quic --no-first-run
    --disable-background-networking --disable-component-update
    --disable-sync --disable-extensions --hide-scrollbars
    --remote-debugging-pipe
""".split()


class Browser:
    def __init__(self, program="chromium"):
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        orders, self.orders = os.pipe()
        self.news, news = os.pipe()
        # The browser wants them as 3 and 4, whatever they are here.
        self.process = subprocess.Popen(
            ["/bin/bash", "-c",
             'exec "$@" 3<&%d 4>&%d' % (orders, news), "-",
             program, *OPTIONS, "--user-data-dir=" + self.profile.name],
            pass_fds=(orders, news), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(orders)
        os.close(news)
        self.buffer = b""
        self.last = 0
        self.session = None
        self.requested = []   # every URL that was asked for
        self.complaints = []  # errors on the console, and of the page
        target = self.call("Target.createTarget", url="about:blank")
        self.session = self.call("Target.attachToTarget", flatten=True,
                                 targetId=target["targetId"])["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(domain + ".enable")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.profile.cleanup()

    def read(self):
        while b"\0" not in self.buffer:
            more = os.read(self.news, 1 << 16)
            if not more:
                raise EOFError("the browser has ended")
            self.buffer += more
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def note(self, event):
        params = event.get("params", {})
        if event["method"] == "Network.requestWillBeSent":
            self.requested.append(params["request"]["url"])
        elif event["method"] == "Log.entryAdded":
            if params["entry"]["level"] == "error":
                self.complaints.append(params["entry"]["text"])
        elif event["method"] == "Runtime.exceptionThrown":
            self.complaints.append(json.dumps(params["exceptionDetails"]))

    def call(self, method, **params):
        self.last += 1
        order = {"id": self.last, "method": method, "params": params}
        if self.session:
            order["sessionId"] = self.session
        os.write(self.orders, json.dumps(order).encode() + b"\0")
        while True:
            message = self.read()
            if message.get("id") == self.last:
                assert "error" not in message, message["error"]
                return message["result"]
            if "method" in message:
                self.note(message)

    def open(self, url):
        self.call("Page.navigate", url=url)

    def js(self, expression):
        "The value of an expression in the page."
        result = self.call("Runtime.evaluate", expression=expression,
                           awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def wait(self, expression, seconds=30):
        "Until an expression is true, also across pages."
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                value = self.js(expression)
            except AssertionError:
                value = None
            if value:
                return value
            time.sleep(0.05)
        raise TimeoutError(
            f"never true: {expression}\n{self.js('document.body.innerText')}")

    def type(self, selector, text):
        self.js(f"document.querySelector({selector!r}).focus()")
        self.call("Input.insertText", text=text)

    def click(self, selector):
        "With the mouse, on the middle of it."
        x, y = self.js(
            f"""(() => {{
                const element = document.querySelector({selector!r});
                element.scrollIntoView({{block: "center"}});
                const r = element.getBoundingClientRect();
                return [r.x + r.width / 2, r.y + r.height / 2];
            }})()""")
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y,
                      button="left", clickCount=1)

    def screen(self, width, dark=False):
        "A window this wide; a phone's is 360."
        self.call("Emulation.setDeviceMetricsOverride", width=width,
                  height=800, deviceScaleFactor=1, mobile=width < 600)
        self.call("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme",
             "value": "dark" if dark else "light"}])

    def screenshot(self, path):
        "Of the page as a whole."
        data = self.call("Page.captureScreenshot", captureBeyondViewport=True,
                         format="png")["data"]
        with open(path, "wb") as f:
            f.write(base64.b64decode(data))
