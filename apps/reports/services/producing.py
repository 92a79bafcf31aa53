"""Produce a report: render, sign, check, store, and settle with the job in one transaction."""

import datetime as dt
import functools
import json
import os
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connections
from django.utils.translation import gettext as _

from apps.core import clock, files, jobs, tenancy
from apps.core.models import Job
from apps.core.workflow import move
from apps.proof import signatures
from apps.proof.certificates import Signer
from apps.proof.errors import KeyRefused, SigningRefused
from apps.reports.adapters import limits, pages, rendering, signing
from apps.reports.adapters.fonts import FontSet, prepare
from apps.reports.models import Report, SigningCertificate
from apps.reports.selectors.types import REPORT_TYPES
from apps.reports.states import REPORT, ReportState

REASON = "Report issued"


class Refused(Exception):
    """A failure that trying again does not mend; the sentence goes to the page."""

    final = True


@dataclass(frozen=True)
class Produced:
    blob: str
    pages: int
    unsigned: str
    signed: str
    fingerprint: str
    at: dt.datetime


@functools.cache
def fonts() -> FontSet:
    return prepare(Path(settings.ENV.data_dir) / "print-fonts")


@functools.cache
def renderer() -> rendering.Renderer:
    """Return the process's renderer: fonts and style sheet are read once, before any fork."""
    return rendering.Renderer(fonts())


@functools.cache
def signer() -> Signer:
    """Return the signing key of this installation; KeyRefused when it is missing or locked."""
    folder = Path(settings.SIGNING_DIR)
    return signing.load(signer_file=folder / "signer.p12", passphrase_file=folder / "passphrase")


def warm_up() -> None:
    """Import and read what is slow once, when a worker process starts."""
    renderer()


def _close_sockets() -> None:
    """Close the database sockets a forked child inherited, without a goodbye over them."""
    for connection in connections.all(initialized_only=True):
        raw = connection.connection
        if raw is not None and not raw.closed:
            os.close(raw.fileno())


def _render(report: Report) -> rendering.Rendered:
    payload = json.loads(report.payload)
    report_type = REPORT_TYPES[report.kind]
    records = report_type.records(report.procurement, payload)
    drawn = payload | {
        "charts": report_type.charts(
            payload, digest=report.digest, address=address_of(report), attached=records
        ),
        "verify": {"address": address_of(report).partition("://")[2], "digest": report.digest},
    }
    page = pages.page(template=report_type.template, payload=drawn, coverage=fonts().coverage)
    attached = [
        rendering.Attachment(
            name="payload.json",
            content=report.payload.encode(),
            description=_("Content of this report"),
        ),
        *(
            rendering.Attachment(name=one.file, content=one.content, description=one.name)
            for one in records
        ),
    ]
    paper = rendering.Paper(
        html=page.html,
        images=page.images,
        issued_at=report.requested_at,
        attachments=tuple(attached),
    )
    return renderer().render_limited(paper, in_child=_close_sockets)


def address_of(report: Report) -> str:
    """Return the public address a report is verified at."""
    return f"{settings.ORIGIN}/verify/{report.reference}/"


def produce(job: Job) -> jobs.Commit:
    """Render and sign outside any transaction; return the effects for the job's own commit.

    Runs again after a crash: the file of a lost run is an orphan under a random name, and only
    one commit can win the lease.
    """
    with tenancy.acting_as(person=job.actor_id, organisation=job.organisation_id):
        report = Report.objects.select_related("procurement").get(pk=job.subject_id)
        if report.state != ReportState.REQUESTED:
            return lambda: None
        jobs.show_stage(job, "rendering")
        try:
            rendered = _render(report)
            jobs.show_stage(job, "signing")
            at = clock.now()
            signed = signing.sign(rendered.pdf, signer=signer(), at=at, reason=REASON)
        except (rendering.RenderRefused, limits.LimitExceeded, KeyRefused, SigningRefused) as error:
            raise Refused(str(error)) from error
    check = signatures.check(signed.pdf, pinned={signed.fingerprint})
    if check.state is not signatures.State.OURS:
        raise Refused(_("The signed file does not verify ({state}).").format(state=check.state))
    jobs.show_stage(job, "storing")
    made = Produced(
        files.store(signed.pdf),
        rendered.pages,
        rendered.digest,
        signed.digest,
        signed.fingerprint,
        at,
    )
    return lambda: _settle(job, made)


def _settle(job: Job, made: Produced) -> None:
    report = Report.objects.select_related("procurement").get(pk=job.subject_id)
    _pin(made)
    move(
        report,
        REPORT,
        "sign",
        actor=job.actor,
        payload={
            "digest": report.digest,
            "signed_sha256": made.signed,
            "unsigned_sha256": made.unsigned,
        },
        also={
            "blob": made.blob,
            "pages": made.pages,
            "unsigned_sha256": made.unsigned,
            "signed_sha256": made.signed,
            "certificate": made.fingerprint,
            "signed_at": made.at,
        },
    )
    older = Report.objects.filter(
        procurement=report.procurement,
        kind=report.kind,
        state=ReportState.SIGNED,
        version__lt=report.version,
    )
    for before in older:
        move(before, REPORT, "supersede", actor=job.actor)


def _pin(made: Produced) -> None:
    SigningCertificate.objects.get_or_create(
        fingerprint=made.fingerprint,
        defaults={
            "root_fingerprint": signing.fingerprint_of(Path(settings.SIGNING_DIR) / "root.pem"),
            "subject": signer().certificate.subject.rfc4514_string()[:200],
            "used_from": made.at,
        },
    )


def give_up(job: Job) -> None:
    """Show the failure on the page, with what can be done about it."""
    report = Report.objects.filter(pk=job.subject_id, state=ReportState.REQUESTED).first()
    if report is None:
        return
    reason = Job.objects.get(pk=job.pk).error.partition(": ")[2]
    sentence = _(
        "The report could not be produced. Request it again; if it fails again, tell the administrator: {reason}"
    ).format(reason=reason)
    move(report, REPORT, "fail", actor=None, also={"failure": sentence})
