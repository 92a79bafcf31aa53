"""What a contract obliges to: gathered from what was bid, ruled and awarded, and from what is offered.

Rows come from frozen things alone: opened envelopes, the approved award, the published workload.
Key figures and transition demands are offered with labelled defaults, and stand only where taken.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _

from apps.bids.models import Envelope, Submission
from apps.bids.selectors.assumptions import confidential_marks, reservations_visible_to, withheld
from apps.bids.selectors.opened import envelopes
from apps.bids.selectors.quotes import quotes_for
from apps.bids.selectors.reading import read_package
from apps.bids.states import Verdict
from apps.bids.types.places import reference_of
from apps.decision.models import Award, Decision
from apps.decision.selectors.awarding import content_of
from apps.decision.selectors.offered_rows import Obligation, offered, shipped
from apps.decision.states import ObligationKind
from apps.rfp import answers
from apps.rfp.answers import figures
from apps.rfp.models import Question, Rfp, Version
from apps.rfp.selectors import questionnaire, workload_of
from apps.rfp.states import AnswerKind, EnvelopeKind
from apps.workspace.models import User

STANDS: Final = frozenset({Verdict.ACCEPTED, Verdict.PRICED})
Plain = Mapping[str, Any]


@dataclass(frozen=True)
class Bid:
    """The winner's bid as the rows cite it: which submission answers which version of the RFP."""

    rfp: Rfp
    submission: Submission
    given: Plain
    marks: Plain
    digests: Mapping[str, str] = field(default_factory=dict)

    @property
    def cited(self) -> str:
        return _("version {number} of the RFP, submission {reference}").format(
            number=self.submission.answers_version,
            reference=reference_of(self.submission.manifest_digest),
        )


def obligations(user: User, decision: Decision, award: Award) -> tuple[Obligation, ...]:
    """Return every row that stands by itself, then those that are offered, in one order for good."""
    bid = _bid(user, decision, award)
    return (
        *_commitments(decision, bid),
        *_assumptions(user, award, bid),
        *_conditions(award),
        *_levels(decision, bid),
        *_promises(user, decision, award, bid),
        *offered(),
    )


def _bid(user: User, decision: Decision, award: Award) -> Bid:
    rfp: Rfp = decision.procurement.rfp
    given: dict[str, Any] = {}
    cited: Submission | None = None
    for bid, envelope in envelopes(user, rfp):
        if bid.pk == award.winner_id and envelope.offer_round_id is None:
            given |= read_package(envelope)["answers"]
            cited = envelope.submission
    if cited is None:
        raise LookupError("the winner's envelopes are open when an award was approved")
    version = Version.objects.filter(rfp=rfp, number=cited.answers_version).first()
    return Bid(
        rfp=rfp,
        submission=cited,
        given=given,
        marks=confidential_marks(user, rfp).get(cited.bid_id, {}),
        digests={
            "rfp": version.digest if version else rfp.digest,
            "submission": cited.manifest_digest,
        },
    )


def _row(kind: ObligationKind, key: str, **values: Any) -> Obligation:
    """Return a row with when it is due and who reports it by its kind, until somebody says else."""
    return Obligation(key=f"{kind}-{key}", kind=kind, **{**shipped()["defaults"][kind], **values})


def _commitments(decision: Decision, bid: Bid) -> Iterator[Obligation]:
    """Yield the answers to questions that were published as becoming part of the contract."""
    for chapter in questionnaire(bid.rfp):
        if chapter.section.lot_id not in (None, decision.lot_id):
            continue
        for question in chapter.questions:
            if not question.commitment or question.code not in bid.given:
                continue
            secret, given = question.code in bid.marks, bid.given[question.code]
            value, unit = (withheld(), "") if secret else _answered(question, given)
            yield _row(
                ObligationKind.COMMITMENT,
                question.code,
                source=_("Question {code}, {cited}").format(code=question.code, cited=bid.cited),
                digests=bid.digests,
                name=question.topic,
                wording=question.text,
                value=value,
                unit=unit,
            )


def _answered(question: Question, value: Any) -> tuple[str, str]:
    """Return an answer as value and unit: a figure as it was typed, all else in words."""
    if question.kind == AnswerKind.FILE:
        return _("The files of the submission"), ""
    if table := answers.show_table(question, value):
        lines = (" | ".join(cells) for cells in (table.columns, *table.rows))
        return "\n".join(lines), ""
    if question.unit and isinstance(value, str) and figures.decimal(value) is not None:
        return value, question.unit
    return answers.show(question, value), ""


def _assumptions(user: User, award: Award, bid: Bid) -> Iterator[Obligation]:
    """Yield the rows of the bid that were accepted or priced; a rejected one obliges nobody."""
    opened = reservations_visible_to(user, bid.rfp).get(bid.submission.bid_id)
    rows = dict(opened.numbered) if opened else {}
    for one in content_of(award)["assumptions"].get(str(award.winner_id), ()):
        row = rows.get(one["number"])
        if one["verdict"] not in STANDS or row is None:
            continue
        priced = one["amount"] is not None
        yield _row(
            ObligationKind.ASSUMPTION,
            str(one["number"]),
            source=_("Row {number} of what the bid is subject to, {cited}; {verdict}").format(
                number=one["number"], cited=bid.cited, verdict=Verdict(one["verdict"]).label
            ),
            digests={**bid.digests, "award": award.digest},
            name=row.label,
            wording=withheld() if row.confidential else f"{row.place}: {row.wording}",
            value=one["amount"] if priced else "",
            unit=_("{currency} over the term").format(currency=opened.currency)
            if priced and opened
            else "",
        )


def _conditions(award: Award) -> Iterator[Obligation]:
    lines = [line.strip() for line in award.conditions.splitlines() if line.strip()]
    for number, line in enumerate(lines, start=1):
        yield _row(
            ObligationKind.CONDITION,
            str(number),
            source=_("Condition {number} of the award").format(number=number),
            digests={"award": award.digest},
            wording=line,
        )


def _levels(decision: Decision, bid: Bid) -> Iterator[Obligation]:
    """Yield the service level of each queue, as every bid was priced on it."""
    demand = workload_of(bid.rfp, decision.lot)
    for number, queue in enumerate(demand.content.get("queues", ()) if demand else (), start=1):
        level = queue.get("service_level")
        if not level:
            continue
        yield _row(
            ObligationKind.LEVEL,
            str(number),
            source=_("Workload that was priced, version {number} of the RFP").format(
                number=bid.submission.answers_version
            ),
            digests={"rfp": bid.digests["rfp"]},
            name=str(queue["name"]),
            wording=_("Contacts answered within {seconds} seconds, of those {counted}").format(
                seconds=level["seconds"], counted=level.get("definition", "")
            ),
            value=_percent(level["share"]),
            unit="%",
        )


def _promises(user: User, decision: Decision, award: Award, bid: Bid) -> Iterator[Obligation]:
    """Yield what the winner's own price sheet promises; of a final offer where one was opened."""
    quotes = quotes_for(user, bid.rfp, decision.lot)
    sheet = next((one for one in quotes if one["id"] == str(award.winner_id)), {})
    final = _final_of(bid, decision)
    cited = final or bid.submission
    for name, label, wording, unit in _promised():
        if sheet.get(name) is None:
            continue
        yield _row(
            ObligationKind.PRICE,
            name,
            source=_("Price sheet of submission {reference}").format(
                reference=reference_of(cited.manifest_digest)
            ),
            digests={**bid.digests, "submission": cited.manifest_digest},
            name=label,
            wording=wording,
            value=_percent(sheet[name]) if unit.startswith("%") else str(sheet[name]),
            unit=unit,
        )


def _promised() -> tuple[tuple[str, str, str, str], ...]:
    return (
        (
            "promised_fte",
            _("Agents"),
            _("Agents whom the vendor staffs, as full-time equivalents"),
            _("full-time equivalents"),
        ),
        (
            "first_contact_resolution",
            _("First contact resolution"),
            _("Contacts resolved at once, as the price was calculated"),
            _("% of contacts"),
        ),
        (
            "attrition_per_year",
            _("Attrition"),
            _("Agents who leave in a year, at most, as the price was calculated"),
            _("% of the team"),
        ),
    )


def _final_of(bid: Bid, decision: Decision) -> Submission | None:
    """Return the opened final offer whose price counts, of a lot the one that covers it."""
    held = Envelope.objects.filter(
        bid_id=bid.submission.bid_id,
        kind=EnvelopeKind.COMMERCIAL,
        offer_round__isnull=False,
        opened_at__isnull=False,
    )
    if decision.lot is not None:
        held = held.filter(submission__lots__contains=[decision.lot.code])
    found = held.select_related("submission").order_by("-submission__number").first()
    return found.submission if found else None


def _percent(share: Any) -> str:
    """Write a share of 0 to 1 as a percentage, with its own digits: 0.125 is 12.5."""
    text = format(Decimal(str(share)) * 100, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
