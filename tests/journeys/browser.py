"""Chromium as a person uses it. What a person would not notice fails the test all the same.

A script error, a message on the console, a request that leaves the machine, a page that the
content security policy cuts, an answer of 400 or more that the test did not expect: each is kept
in `Window.faults`, and a window may only be closed without any.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Response

from tests.journeys.api import signed_in
from tests.journeys.product import Product

PROGRAM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
DESKTOP, PHONE = (1440, 900), (390, 844)
REFUSED_FROM = 400
STATUS = re.compile(r"Failed to load resource: the server responded with a status of (\d{3})")

Scheme = Literal["light", "dark"]


def launch(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=PROGRAM, args=FLAGS)


class Window:
    """One person's window: their page, and everything in it that is not as it should be."""

    def __init__(self, context: BrowserContext, product: Product) -> None:
        self.context, self.product = context, product
        self.faults: list[str] = []
        self._expected: set[int] = set()
        self.page: Page = context.new_page()
        self.page.on("console", lambda said: self._heard(said.type, said.text, said.location))
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        self.page.on("request", lambda request: self._asked(request.url))
        self.page.on("response", self._answered)

    def _heard(self, kind: str, text: str, where: Mapping[str, object]) -> None:
        if kind in {"error", "warning"} and not STATUS.match(text):
            self.faults.append(f"console: {text} ({where.get('url')})")

    def _asked(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc != self._home:
            self.faults.append(f"left the machine: {url}")

    @property
    def _home(self) -> str:
        return urlsplit(self.product.url).netloc

    def _answered(self, response: Response) -> None:
        if response.status >= REFUSED_FROM and response.status not in self._expected:
            self.faults.append(f"{response.status} from {response.request.method} {response.url}")

    @contextmanager
    def refused(self, status: int) -> Iterator[None]:
        """Let the product refuse with this status; that it does is the caller's to assert."""
        self._expected.add(status)
        yield
        self._expected.discard(status)

    def go(self, path: str) -> Page:
        self.page.goto(self.product.url + path)
        return self.page

    def press(self, name: str, *, exact: bool = True) -> Page:
        """Press a button and wait for the page behind it."""
        self.page.get_by_role("button", name=name, exact=exact).click()
        self.page.wait_for_load_state()
        return self.page

    def follow(self, name: str, *, exact: bool = True) -> Page:
        self.page.get_by_role("link", name=name, exact=exact).first.click()
        self.page.wait_for_load_state()
        return self.page

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    @property
    def text(self) -> str:
        """Return what stands on the page, with single spaces."""
        return " ".join(self.page.locator("main").inner_text().split())

    def table(self, name: str) -> list[list[str]]:
        """Return the cells of a table by its name, row by row, as they are read."""
        rows = self.page.get_by_role("group", name=name, exact=True).get_by_role("row").all()
        return [
            [" ".join(text.split()) for text in row.locator("th, td").all_inner_texts()]
            for row in rows
        ]

    def sign_in(self, address: str) -> None:
        """Go through the real sign-in page: password, then the code of the authenticator."""
        person = self.product.person(address)
        page = self.go("/accounts/login/")
        page.get_by_label("E-mail address").fill(address)
        page.get_by_label("Password").fill(person["password"])
        self.press("Sign in")
        self.give_code(address)

    def give_code(self, address: str) -> None:
        """Type what the person's authenticator shows, and send it."""
        field = self.page.get_by_label("Code")
        field.fill(self.product.code_of(address))
        field.press("Enter")
        self.page.wait_for_load_state()

    def forget_faults(self) -> list[str]:
        """Return what was wrong so far, and begin anew."""
        faults, self.faults = self.faults, []
        return faults

    def close(self) -> None:
        self.context.close()
        assert self.faults == [], self.faults


class Windows:
    """Opens windows; a person signs in once per run, later windows find the session again."""

    def __init__(self, browser: Browser, product: Product) -> None:
        self.browser, self.product = browser, product
        self.sessions: dict[str, dict[str, str]] = {}

    def cookies_of(self, address: str) -> dict[str, str]:
        """Return the cookies of a signed-in person; the first time they sign in."""
        if address not in self.sessions:
            self.sessions[address] = signed_in(self.product, address).cookies
        return self.sessions[address]

    def keep(self, address: str, window: Window) -> None:
        """Remember who is signed in in a window, say after accepting an invitation."""
        self.sessions[address] = {one["name"]: one["value"] for one in window.context.cookies()}

    def open(
        self,
        address: str = "",
        *,
        size: tuple[int, int] = DESKTOP,
        scheme: Scheme = "light",
        scripts: bool = True,
    ) -> Window:
        """Open a window, signed in as the person of this address, or as a stranger."""
        cookies = self.cookies_of(address) if address else {}
        context = self.browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme=scheme,
            java_script_enabled=scripts,
            locale="en-GB",
            reduced_motion="reduce",
        )
        context.add_cookies(
            [{"name": k, "value": v, "url": self.product.url} for k, v in cookies.items()]
        )
        context.set_default_timeout(10_000)
        return Window(context, self.product)
