"""The product's API as a program uses it: plain HTTP through the edge, with a session's cookies."""

import http.client
import json
import re
from dataclasses import dataclass
from http import HTTPStatus
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.journeys.product import Product

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.content)

    @property
    def text(self) -> str:
        return self.content.decode()


class Caller:
    """A person's cookies, and the requests made with them."""

    def __init__(self, product: Product, cookies: dict[str, str] | None = None) -> None:
        self.product = product
        self.cookies = dict(cookies or {})

    def headers(self) -> dict[str, str]:
        return {
            "Host": urlsplit(self.product.url).netloc,
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "X-CSRFToken": self.cookies.get("csrf", ""),
            "Accept": "application/json",
        }

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("localhost", self.product.stack.port, timeout=30)

    def send(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> Answer:
        line = self.connect()
        try:
            line.request(method, path, body=body or None, headers=self.headers() | (headers or {}))
            return self.read(line.getresponse())
        finally:
            line.close()

    def read(self, response: http.client.HTTPResponse) -> Answer:
        for value in response.headers.get_all("Set-Cookie") or ():
            for name, morsel in SimpleCookie(value).items():
                self.cookies[name] = morsel.value
        return Answer(response.status, dict(response.headers), response.read())

    def call(self, method: str, path: str, given: object = None) -> Answer:
        """Call an endpoint under /api/v1/ with JSON."""
        body = b"" if given is None else json.dumps(given).encode()
        return self.send(method, f"/api/v1/{path}", body, {"Content-Type": "application/json"})

    def post_form(self, path: str, *, to: str = "", **fields: str) -> Answer:
        """Load a page, fill a form of it, post it: what a browser without scripts does."""
        page = self.send("GET", path, headers={"Accept": "text/html"})
        token = TOKEN.search(page.text)
        assert token, page.text[:500]
        body = urlencode(fields | {"csrfmiddlewaretoken": token[1]}).encode()
        kind = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"}
        return self.send("POST", to or path, body, kind)


def signed_in(product: Product, address: str) -> Caller:
    """Sign a person in through the pages: password, then the code of the authenticator."""
    caller, person = Caller(product), product.person(address)
    answer = caller.post_form("/accounts/login/", login=address, password=person["password"])
    assert answer.status == HTTPStatus.FOUND, answer.text[:500]
    if "totp" in person:
        code = product.code_of(address)
        answer = caller.post_form("/accounts/2fa/authenticate/", code=code)
        assert answer.status == HTTPStatus.FOUND, answer.text[:500]
    return caller
