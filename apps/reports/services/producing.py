"""Produce a report: render, sign, check and store; the job's own commit makes it exist.

The slow part runs outside any transaction and may run twice. A file of a run that was lost is an
orphan under a random name; only one commit wins the lease, so a report has one PDF.
"""

import datetime as dt
import functools
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from apps.core import clock, files, jobs, tenancy
from apps.core.errors import NotFound
from apps.core.models import Job
from apps.core.workflow import move
from apps.matrix import selectors as matrix
from apps.proof.certificates import Signer
from apps.proof.errors import KeyRefused, SigningRefused
from apps.reports.adapters import limits, pages, rendering, signing
from apps.reports.adapters.fonts import FontSet, prepare
from apps.reports.adapters.sockets import close_inherited
from apps.reports.models import Report
from apps.reports.selectors import paper, records
from apps.reports.selectors.records import AttachedRecord
from apps.reports.selectors.types import REPORT_TYPES
from apps.reports.services import signing_keys
from apps.reports.states import REPORT, ReportState

log = logging.getLogger(__name__)

REASON = "Report issued"
Charts = Callable[[dict[str, Any], Sequence[AttachedRecord]], Mapping[str, str]]


class Refused(Exception):
    """A failure that trying again does not mend; its sentence goes to the page."""

    final = True


@dataclass(frozen=True, kw_only=True)
class Work:
    """All that a PDF is made from, read in one transaction."""

    template: str
    charts: Charts  # what the payload and its attached records show, drawn
    content: str
    digest: str
    reference: str
    requested_at: dt.datetime
    records: tuple[AttachedRecord, ...]

    @property
    def payload(self) -> dict[str, Any]:
        return dict(json.loads(self.content))


@dataclass(frozen=True, kw_only=True)
class Produced:
    blob: str
    pages: int
    unsigned: str
    signed: str
    signer: Signer
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
    return signing_keys.load(Path(settings.SIGNING_DIR))


def warm_up() -> None:
    """Import and read what is slow once, when a worker process starts."""
    renderer()


def address_of(reference: str) -> str:
    """Return the public address a report is verified at."""
    return f"{settings.ORIGIN}/verify/{reference}/"


def produce(job: Job) -> jobs.Commit:
    """Render and sign; return the effects for the job's own commit. Signed already: none."""
    work = _read(job)
    if work is None:
        return lambda: None
    made = make(job, work)
    return lambda: _settle(job, made)


def make(job: Job, work: Work) -> Produced:
    """Render, sign and store one PDF; Refused where trying again would not help."""
    try:
        jobs.show_stage(job, "rendering")
        rendered = _render(work)
        jobs.show_stage(job, "signing")
        at, key = clock.now(), signer()
        signed = signing.sign(rendered.pdf, signer=key, at=at, reason=REASON)
    except (rendering.RenderRefused, limits.LimitExceeded) as error:
        raise Refused(_("Its pages cannot be laid out: {why}").format(why=error)) from error
    except (KeyRefused, SigningRefused) as error:
        log.warning("%s cannot be signed: %s", work.reference, error)
        raise Refused(_("The signing key of this installation cannot be used.")) from error
    jobs.show_stage(job, "storing")
    return Produced(
        blob=files.store(signed.pdf),
        pages=rendered.pages,
        unsigned=rendered.digest,
        signed=signed.digest,
        signer=key,
        at=at,
    )


def _read(job: Job) -> Work | None:
    """Read the report and its records; None when it is not waiting for a PDF any more."""
    with tenancy.acting_as(person=job.actor_id, organisation=job.organisation_id):
        report = Report.objects.select_related("procurement").get(pk=job.subject_id)
        if report.state != ReportState.REQUESTED:
            return None
        try:
            wanted = json.loads(report.payload)["records"]
            found = records.attached(report.procurement, wanted)
        except NotFound as error:
            raise Refused(error.sentence) from error
        entry = REPORT_TYPES[report.kind]
        return Work(
            template=entry.template,
            charts=entry.charts,
            content=report.payload,
            digest=report.digest,
            reference=report.reference,
            requested_at=report.requested_at,
            records=tuple(found),
        )


def _render(work: Work) -> rendering.Rendered:
    """Draw the pages in a child with limits, in the language the payload was frozen in."""
    payload = work.payload
    address = address_of(work.reference)
    with translation.override(payload["language"]):
        charts = {
            **paper.seal(work.digest, address, work.reference),
            **paper.glyphs(payload),
            **work.charts(payload, work.records),
        }
        description = _("Content of this report")
    drawn = {
        **payload,
        "charts": {name: drawing for name, drawing in charts.items() if drawing},
        "verify": {"address": address.partition("://")[2], "digest": work.digest},
    }
    page = pages.page(template=work.template, payload=drawn, coverage=fonts().coverage)
    content = rendering.Attachment(
        name="payload.json", content=work.content.encode(), description=description
    )
    attached = (
        rendering.Attachment(name=one.file, content=one.content, description=one.name)
        for one in work.records
    )
    sheet = rendering.Paper(
        html=page.html,
        images=page.images,
        issued_at=work.requested_at,
        attachments=(content, *attached),
    )
    return renderer().render_limited(sheet, in_child=close_inherited)


def _settle(job: Job, made: Produced) -> None:
    """Write the signed report, pin its certificate, and supersede the version before it."""
    report = Report.objects.select_related("procurement").get(pk=job.subject_id)
    signing_keys.register(made.signer, at=made.at)
    digests = {"signed_sha256": made.signed, "unsigned_sha256": made.unsigned}
    move(
        report,
        REPORT,
        "sign",
        actor=job.actor,
        payload={"digest": report.digest, **digests},
        also={
            **digests,
            "blob": made.blob,
            "pages": made.pages,
            "certificate": made.signer.fingerprint,
            "signed_at": made.at,
        },
    )
    older = Report.objects.filter(
        procurement=report.procurement,
        lot=report.lot_id,
        kind=report.kind,
        state=ReportState.SIGNED,
        version__lt=report.version,
    )
    for before in older:
        move(before, REPORT, "supersede", actor=job.actor)
    if matrix.confirmed_after(report.procurement, report.requested_at):
        move(report, REPORT, "supersede", actor=job.actor)  # its scores were re-opened meanwhile


def give_up(job: Job) -> None:
    """Show the failure on the page, with what can be done about it."""
    report = Report.objects.filter(pk=job.subject_id, state=ReportState.REQUESTED).first()
    if report is None:
        return
    name, _colon, reason = Job.objects.get(pk=job.pk).error.partition(": ")
    if name != Refused.__name__:
        reason = _("The worker could not finish; its log says why.")
    sentence = _("{reason} Try again; if it fails again, tell the administrator.")
    failure = sentence.format(reason=reason)
    move(report, REPORT, "fail", actor=None, also={"failure": failure})
