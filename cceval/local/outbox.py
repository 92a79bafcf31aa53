"""The demo's outbox: the mails its sink received, and the one-time codes of its people.

Mounted only where `CCEVAL_MAIL_SINK` is set: the demo and the tests.
"""

import email
import email.policy
import json
import time
from dataclasses import dataclass
from pathlib import Path

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from apps.core.access import PUBLIC, page

PERIOD = 30
SHOWN = 60


@dataclass(frozen=True)
class Message:
    to: str
    subject: str
    at: str
    text: str


@dataclass(frozen=True)
class Person:
    name: str
    email: str
    role: str
    code: str


def _messages(folder: Path) -> list[Message]:
    found = []
    for path in sorted(folder.glob("*.eml"), reverse=True)[:SHOWN]:
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        body = message.get_body(("plain",))
        text = body.get_content() if body else ""
        found.append(Message(message["to"], message["subject"], message["date"] or "", text))
    return found


def _people() -> list[Person]:
    path = settings.ENV.data_dir / "demo.json"
    people = json.loads(path.read_text())["people"] if path.exists() else []
    return [
        Person(p["name"], p["email"], p["role"], _code(p["totp"]) if p.get("totp") else "")
        for p in people
    ]


def _code(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD)))


@page(PUBLIC)
def outbox(request: HttpRequest) -> HttpResponse:
    context = {
        "messages_sent": _messages(settings.MAIL_SINK or Path()),
        "people": _people() if settings.ENVIRONMENT == "demo" else [],
    }
    return render(request, "outbox.html", context)
