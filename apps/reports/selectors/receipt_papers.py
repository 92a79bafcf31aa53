"""The receipt of a submission on paper: what it prints, and how far its making is."""

import datetime as dt
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from apps.bids import selectors as bids
from apps.bids.models import Submission
from apps.bids.services.deadline import exact
from apps.bids.types.places import RECEIPT_PAPER, reference_of
from apps.core import ledger
from apps.core.models import Job, JobState
from apps.core.templatetags.formats import long_date
from apps.proof import logs
from apps.proof.logs import ProvenEntry
from apps.proof.verifier.bundle import SUBMISSION
from apps.reports.models import ReceiptPaper
from apps.reports.selectors.paper import Payload
from apps.reports.selectors.records import AttachedRecord
from apps.rfp.selectors import lots_of

TEMPLATE = "print/receipt.html"


@dataclass(frozen=True)
class PaperPage:
    """How the PDF of a receipt stands: there, being made, or neither."""

    submission: Submission
    paper: ReceiptPaper | None
    in_progress: bool

    @property
    def reference(self) -> str:
        return reference_of(self.submission.manifest_digest)


def paper_of(submission: Submission) -> ReceiptPaper | None:
    return ReceiptPaper.objects.filter(submission=submission).first()


def paper_page(submission: Submission) -> PaperPage:
    waiting = [JobState.QUEUED, JobState.RUNNING]
    jobs = Job.objects.filter(kind=RECEIPT_PAPER, subject_id=submission.pk, state__in=waiting)
    return PaperPage(submission, paper_of(submission), jobs.exists())


def entry_file(proof: ProvenEntry) -> AttachedRecord:
    """Return the entry of the log as it travels inside the PDF, with its path to the checkpoint."""
    return AttachedRecord(_("Entry of the record"), SUBMISSION, logs.write_proof(proof))


def payload(
    submission: Submission, reference: str, at: dt.datetime
) -> tuple[Payload, AttachedRecord]:
    """Freeze what the paper says, from the submission's row and its entry of the log alone.

    Returns it with the entry. Files and prices of the bid are not in it: the receipt as JSON names
    the files, for the vendor alone.
    """
    proof = ledger.proof_of(bids.entry_of(submission))
    entry = entry_file(proof)
    case = submission.bid.round.rfp.procurement
    kind = _("Receipt")
    content = {
        "language": translation.get_language() or "en-gb",
        "direction": "rtl" if translation.get_language_bidi() else "ltr",
        "organisation": submission.bid.organisation.name,
        "procurement": {"title": case.title, "reference": case.reference},
        "document": {
            "kind": kind,
            "reference": reference,
            "version": _("submission {number}").format(number=submission.number),
            "title": f"{kind} {reference}: {case.title}",
            "issued": long_date(at),
            "issued_at": at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "confidentiality": _("Confidential"),
        },
        "finding": _finding(submission),
        "lede": _lede(submission),
        "facts": [],
        "received": _rows(_received(submission)),
        "logged": _rows(_logged(proof)),
        "manifest_digest": submission.manifest_digest,
        "notices": list(bids.notices_of(submission)),
        "records": [],
        "attached": [{"name": entry.name, "file": entry.file, "digest": entry.digest}],
    }
    return content, entry


def _finding(submission: Submission) -> str:
    vendor = submission.bid.vendor.name
    if submission.offer_round_id:
        return _("The final offer of {vendor} was received").format(vendor=vendor)
    if not submission.bid.round.rfp.asks_price:
        return _("The answers of {vendor} were received").format(vendor=vendor)
    return _("The bid of {vendor} was received").format(vendor=vendor)


def _lede(submission: Submission) -> dict[str, str]:
    return {
        "before": _("It arrived on"),
        "key": _moment(submission, submission.arrived_at),
        "after": "."
        if submission.from_edge
        else _(", by the clock of the application: no edge stood before it."),
    }


def _received(submission: Submission) -> list[tuple[str, str]]:
    bid = submission.bid
    rows = [
        (_("Reference of the submission"), reference_of(submission.manifest_digest)),
        (_("Vendor"), bid.vendor.name),
        (_("Submitted by"), submission.submitted_by.name),
        (_("Submission"), str(submission.number)),
        (_("Arrived"), _moment(submission, submission.arrived_at)),
        (_("Stored"), _moment(submission, submission.committed_at)),
    ]
    if submission.lots:
        lots = [one for one in lots_of(bid.round.rfp) if one.code in submission.lots]
        rows.append((_("Lots"), ", ".join(f"{one.code} {one.name}" for one in lots)))
    return rows


def _logged(proof: ProvenEntry) -> list[tuple[str, str]]:
    checkpoint = proof.signed.checkpoint
    return [
        (_("Log"), checkpoint.origin),
        (
            _("Entry"),
            _("{place}, under the checkpoint of {size} signed on {at}").format(
                place=proof.entry.index + 1,
                size=checkpoint.size,
                at=checkpoint.at.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S UTC"),
            ),
        ),
        (_("Root"), checkpoint.root.hex()),
    ]


def _moment(submission: Submission, at: dt.datetime) -> str:
    return exact(at, submission.bid.round.zone)


def _rows(pairs: list[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"label": label, "value": value} for label, value in pairs]
