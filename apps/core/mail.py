"""One e-mail to one person: written with the change, sent by a job after the commit."""

import datetime as dt
from collections.abc import Mapping

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from apps.core import jobs, tenancy
from apps.core.inserting import insert_new
from apps.core.models import Mail


def send(
    *,
    to: str,
    event: str,
    template: str,
    context: Mapping[str, object],
    actor: AbstractBaseUser | None,
    not_before: dt.datetime | None = None,
) -> None:
    """Queue `email/<template>.txt` and `.html` to one address; the same event is mailed once.

    The first line of the text template is the subject. `not_before` keeps the moment of the event
    out of the mailbox.
    """
    full = {**context, "origin": settings.ORIGIN}
    subject, _blank, text = render_to_string(f"email/{template}.txt", full).partition("\n")
    html = render_to_string(f"email/{template}.html", full)
    message = Mail(
        organisation_id=tenancy.require_organisation(),
        recipient=to,
        event=event,
        subject=" ".join(subject.split())[:200],
        text=text.strip() + "\n",
        html=html,
    )
    if insert_new(message):
        jobs.enqueue(kind="core.mail", subject_id=message.pk, actor=actor, not_before=not_before)


def transmit(message: Mail) -> None:
    """Hand one stored message to the mail server; its identifier makes a repeat recognisable."""
    email = EmailMultiAlternatives(
        subject=message.subject,
        body=message.text,
        to=[message.recipient],
        headers={"Message-ID": f"<{message.pk}@cceval>", "Auto-Submitted": "auto-generated"},
    )
    email.attach_alternative(message.html, "text/html")
    email.send()
