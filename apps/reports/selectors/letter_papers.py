"""The letter on a result on paper: what it prints, and how far its making is."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from apps.bids.models import Result
from apps.bids.states import ResultOutcome
from apps.bids.types.places import LETTER_PAPER
from apps.core.models import Job, JobState
from apps.core.templatetags.formats import long_date
from apps.core.templatetags.formats import number as shown_number
from apps.reports.models import LetterPaper
from apps.reports.selectors.paper import DASH, Payload

TEMPLATE = "print/letter.html"
Plain = Mapping[str, Any]


@dataclass(frozen=True)
class LetterPage:
    """How the PDF of a letter stands: there, being made, or neither."""

    result: Result
    paper: LetterPaper | None
    in_progress: bool


def paper_of(result: Result) -> LetterPaper | None:
    return LetterPaper.objects.filter(result=result).first()


def paper_page(result: Result) -> LetterPage:
    waiting = [JobState.QUEUED, JobState.RUNNING]
    jobs = Job.objects.filter(kind=LETTER_PAPER, subject_id=result.pk, state__in=waiting)
    return LetterPage(result, paper_of(result), jobs.exists())


def payload(result: Result, reference: str, at: dt.datetime) -> Payload:
    """Freeze what the paper says, from the result's row alone: it holds no price of anybody."""
    letter: Plain = json.loads(result.letter)
    case = result.bid.round.rfp.procurement
    kind = _("Letter")
    return {
        "language": translation.get_language() or "en-gb",
        "direction": "rtl" if translation.get_language_bidi() else "ltr",
        "organisation": result.bid.organisation.name,
        "procurement": {"title": case.title, "reference": case.reference},
        "document": {
            "kind": kind,
            "reference": reference,
            "version": _("to {vendor}").format(vendor=result.bid.vendor.name),
            "title": f"{kind} {reference}: {case.title}",
            "issued": long_date(at),
            "issued_at": at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "confidentiality": _("Confidential"),
        },
        "finding": _finding(result),
        "lede": {
            "before": _("This letter was approved with the award and told on"),
            "key": long_date(result.created_at),
            "after": f". {result.because}".rstrip(),
        },
        "facts": [],
        "told": [{"label": label, "value": value} for label, value in _told(result, letter)],
        "criteria": [_criterion(one) for one in letter.get("criteria", ())],
        "assumptions": [
            {"number": str(one["number"]), "verdict": one["verdict"], "reason": one["reason"]}
            for one in letter.get("assumptions", ())
        ],
        "letter_digest": result.digest,
        "award_digest": result.award,
        "records": [],
    }


def _finding(result: Result) -> str:
    vendor = result.bid.vendor.name
    said = {
        ResultOutcome.AWARDED: _("The bid of {vendor} was selected"),
        ResultOutcome.BACKUP: _("The bid of {vendor} stands behind the selected one"),
        ResultOutcome.NOT_CHOSEN: _("The bid of {vendor} was not selected"),
        ResultOutcome.EXCLUDED: _("The bid of {vendor} was excluded"),
        ResultOutcome.NO_AWARD: _("No award was made"),
    }
    return said[ResultOutcome(result.outcome)].format(vendor=vendor)


def _told(result: Result, letter: Plain) -> list[tuple[str, str]]:
    """Return the facts of the letter in its order; what it does not say has no row."""
    selected: Plain = letter.get("selected", {})
    rows = [
        (_("Vendor"), result.bid.vendor.name),
        (_("Lot"), f"{result.lot.code} {result.lot.name}" if result.lot else ""),
        (_("Result"), str(ResultOutcome(result.outcome).label)),
        (_("Reason"), result.because),
        (_("Quality points"), _points(letter.get("quality"))),
        (_("Selected"), selected.get("name", "")),
        (_("Its tender earned more points on"), "; ".join(selected.get("stronger", ()))),
        (_("Standstill"), _standstill(result)),
    ]
    return [(label, value) for label, value in rows if value]


def _standstill(result: Result) -> str:
    if result.standstill_until is None:
        return ""
    said = _("Until the end of {day}. The contract is not concluded before.")
    return said.format(day=long_date(result.standstill_until))


def _points(value: str | None) -> str:
    return str(shown_number(value, 2)) if value else ""


def _criterion(one: Plain) -> dict[str, str]:
    """Return a criterion as it is printed; what the method does not tell is a dash."""
    score = one.get("score")
    weight = _points(one.get("weight"))
    return {
        "code": one["code"],
        "topic": one["topic"],
        "weight": f"{weight}%" if weight else DASH,
        "score": _("{score} of {highest}").format(score=score, highest=one["highest"])
        if score is not None
        else DASH,
        "points": _points(one.get("points")) or DASH,
        "reason": one["reason"],
        "next": _("For more: {text}").format(text=one["next"]) if one["next"] else "",
    }
