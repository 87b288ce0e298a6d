"""The status page in a browser.

status-page.py URL CHANNEL NEW PICTURES GUARDED_URL TOKEN

CHANNEL is read already; NEW is joined by the form, and parted from again.
Pictures go to PICTURES-desk.png and so on. At GUARDED_URL the same page wants
the token. Prints TAP without a plan.
"""
import sys

from browser import Browser

url, channel, new, pictures, guarded, token = sys.argv[1:]
count = 0


def check(what, ok=True):
    global count
    count += 1
    print("ok" if ok else "not ok", count, "-", what, flush=True)


def row(name):
    "The texts of a channel's row in the table, as an expression."
    return (f"[...document.querySelectorAll('#channels tr')]"
            f".map(tr => [...tr.cells].map(td => td.textContent))"
            f".find(cells => cells[0] === {name!r})")


def lines_move(name):
    browser.wait(f"Number({row(name)}?.[2]) > 0", 60)


with Browser() as browser:
    browser.screen(1000)
    browser.open(url + "/")
    browser.wait("document.getElementById('state').textContent === 'ready'")
    check("it says that the pipeline is ready")
    lines_move(channel)
    check("a channel's rate is told")
    check("the rate of all is told, and drawn", browser.wait(
        "Number(document.getElementById('rate').textContent) > 0 &&"
        "document.getElementById('curve').getAttribute('d').length > 20"))

    browser.type("#channel", "#" + new.upper())
    browser.click("#steer button")
    browser.wait("document.getElementById('answer').textContent ==="
                 f"'Queued join for channel: {new}'")
    check("a channel is joined by the form")
    browser.wait(f"{row(new)}?.[1] === 'joined'")
    lines_move(new)
    check("it is seen to be joined, and its rate moves")
    browser.screenshot(pictures + "-desk.png")

    for width, dark in (360, False), (360, True), (1000, True):
        browser.screen(width, dark)
        place = f"{'phone' if width < 600 else 'desk'}" + "-dark" * dark
        check(f"{place}: nothing is wider than the screen", browser.js(
            "document.documentElement.scrollWidth <= innerWidth"))
        check(f"{place}: the colours follow", dark == browser.js(
            "getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0]"
            " < 128"))
        browser.screenshot(f"{pictures}-{place}.png")

    browser.type("#find", new[:4])
    browser.wait(f"{row(new)} && !{row(channel)}")
    check("a channel is found by a part of its name")
    browser.type("#channel", new)
    browser.click("#steer button[formaction=part]")
    browser.wait(f"!{row(new)}")
    check("a channel is parted from by the form")

    check(f"the browser has no complaint {browser.complaints}",
          not browser.complaints)

    browser.open(guarded + "/")
    browser.wait("!document.getElementById('login').hidden &&"
                 "document.getElementById('channels').rows.length === 0")
    check("where a token is required it is asked for")
    browser.type("#token", token)
    browser.click("#login button")
    browser.wait("document.getElementById('login').hidden &&"
                 f"{row(channel)}?.[1] === 'joined'")
    browser.complaints.clear()  # about answers of 401
    check("and with it everything is shown")
    browser.type("#channel", new)
    browser.click("#steer button")
    browser.wait(f"{row(new)}?.[1] === 'joined'")
    check("and the form works")

    outside = [u for u in browser.requested
               if not u.startswith((url + "/", guarded + "/", "data:"))]
    check(f"nothing is asked of elsewhere {outside}",
          browser.requested and not outside)
    check(f"nor since {browser.complaints}", not browser.complaints)
