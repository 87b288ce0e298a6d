"""A login by browser, with the consent page of the simulator.

login-page.py SERVE_URL LOGIN_URL TWITCH_URL PICTURES

SERVE_URL is that of `twitch-oauth serve`, LOGIN_URL what `login --browser`
has printed. Pictures go to PICTURES-consent.png and so on. Prints TAP without
a plan.
"""
import sys

from browser import Browser

serve, login, twitch, pictures = sys.argv[1:]
origin = "http://localhost:" + serve.rsplit(":", 1)[1]
count = 0


def check(what, ok=True):
    global count
    count += 1
    print("ok" if ok else "not ok", count, "-", what, flush=True)


def says(text):
    return f"document.body.innerText.trim() === {text!r}"


def consent(button):
    "Press a button of Twitch's page, which we were sent to."
    browser.wait(f"location.origin === {twitch!r} &&"
                 "!!document.querySelector('#authorize')")
    browser.click(button)


with Browser() as browser:
    browser.screen(1000)
    browser.open(serve + "/")
    browser.wait("!!document.querySelector('a')")
    browser.click("a")
    browser.wait("!!document.querySelector('#authorize')")
    browser.screenshot(pictures + "-consent.png")
    consent("#authorize")
    browser.wait(says("Authentication successful. Token saved."))
    back = browser.js("location.href")
    browser.screenshot(pictures + "-saved.png")
    check("who authorizes is told that the token was saved",
          back.startswith(origin + "/callback?code="))

    browser.open(serve + "/auth")
    consent("#cancel")
    browser.wait(says("Error: No code received"))
    check("who cancels is told that there is no code", browser.js(
        "location.search.startsWith('?error=access_denied')"))

    browser.open(back)
    browser.wait("document.body.innerText.includes('not begun here')")
    check("the same address again is refused")

    browser.open(origin + "/callback?code=abcdef&state=" + 32 * "0")
    browser.wait("document.body.innerText.includes('not begun here') &&"
                 "location.search.includes('abcdef')")
    check("so is a state that nobody was given")

    browser.open(serve + "/auth")
    browser.wait("!!document.querySelector('#authorize')")
    state = browser.js("new URLSearchParams(location.search).get('state')")
    code = back.split("code=")[1].split("&")[0]
    browser.open(f"{origin}/callback?code={code}&state={state}")
    browser.wait(says("Token exchange failed"))
    check("a code that was used is refused by Twitch")

    browser.open(origin + "/auth/callback?error=%3Cscript%3Edocument.title"
                 "%3D%22mine%22%3C/script%3E")
    browser.wait(says("No authorization code provided."))
    check("a script in a parameter comes to nothing",
          browser.js("document.title") != "mine")

    browser.open(login)
    consent("#authorize")
    browser.wait(says("Authentication successful. Token saved."))
    check("a login that waits for this one person is done")

    outside = [u for u in browser.requested
               if not u.startswith((serve + "/", origin + "/", twitch + "/",
                                    login.rsplit("/", 1)[0] + "/",
                                    "http://localhost:"))]
    check(f"nothing is asked of elsewhere {outside}",
          browser.requested and not outside)
