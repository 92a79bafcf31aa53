"""One procurement from the tender to the approved decision, small, through the services alone."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from apps.bids.models import Bid
from apps.bids.services import answering, sheets
from apps.core import files, jobs
from apps.core.models import Job
from apps.decision import selectors as decisions
from apps.decision import services as deciding
from apps.decision.models import Decision
from apps.matrix import selectors as matrix
from apps.matrix.services import ranking
from apps.pricing import services as pricing
from apps.readiness.services import assessing
from apps.reports.models import Report
from apps.reports.services import requesting
from apps.rfp.models import Question, Rfp
from apps.rfp.services import authoring
from apps.rfp.states import EnvelopeKind
from apps.workspace.models import Procurement, User
from tests.cceval.demo_files import CASE, VENDORS
from tests.conftest import People, acting_for, make_vendor
from tests.factories import bids as make_bids
from tests.factories import matrix as make_matrix
from tests.factories import pricing as make_pricing
from tests.factories import sealing
from tests.factories.keys import installation_key
from tests.factories.matrix import ANSWERS, Stage
from tests.factories.rfp import PRICE_OF_RECORD, make_rfp, publish

# Vendor → the demo's price sheet, and the answers in which it differs. The last one is knocked out.
BIDS: Mapping[str, tuple[str, dict[str, Any]]] = {
    "Castellan CX": ("castellan", {}),
    "Velora Connect": ("velora", {"1.02": "8"}),
    "Tamarind Global": ("tamarind", {"1.02": "58"}),
    "Northmoor BPO": ("northmoor", {"2.01": "96"}),
}
RATIONALE = "The service is needed at hours at which we cannot staff it ourselves."
FRAMEWORK = "outsourcing_readiness"


@dataclass
class Decided:
    """A decided procurement, with the people around it."""

    buyer: People
    procurement: Procurement
    vendors: list[People] = field(default_factory=list)
    bids: dict[str, Bid] = field(default_factory=dict)
    scorecard: Report | None = None
    decision_report: Report | None = None


def decided(buyer: People, set_clock: Callable[[dt.datetime], None]) -> Decided:
    """Play the whole procurement; afterwards both reports can be requested."""
    stage = priced(buyer, set_clock)
    assess(stage)
    ranked(stage)
    propose(stage)
    approve(stage)
    return found_of(stage)


def found_of(stage: Stage) -> Decided:
    with acting_for(stage.buyer.lead):
        case = Procurement.objects.select_related("organisation").get(pk=stage.procurement.pk)
    bids = {v.organisation.name: b for v, b in zip(stage.vendors, stage.bids, strict=True)}
    return Decided(stage.buyer, case, stage.vendors, bids)


def priced(buyer: People, set_clock: Callable[[dt.datetime], None], **terms: Any) -> Stage:
    """The scores are locked and the prices of every bid are open."""
    installation_key()
    with acting_for(buyer.lead) as lead:
        rule = {**PRICE_OF_RECORD, "discount": CASE["assumptions"]["discount"]}
        rfp = make_rfp(buyer.procurement, lead, price_of_record=rule, **terms)
        own = {key: value for key, value in make_pricing.in_house().items() if key != "id"}
        authoring.set_workload(rfp=rfp, content=make_pricing.workload(), in_house=own, actor=lead)
        rfp = publish(Rfp.objects.get(pk=rfp.pk), lead)
        questions = {q.code: q for q in Question.objects.filter(rfp=rfp).select_related("section")}
    stage = Stage(buyer, rfp, questions)
    for name, (sheet, changes) in BIDS.items():
        vendor = make_vendor(name, buyer.organisation)
        stage.vendors.append(vendor)
        stage.bids.append(_submit(stage, vendor, sheet, changes))
    set_clock(rfp.round.closes_at + rfp.round.grace + dt.timedelta(seconds=1))
    _open(stage, EnvelopeKind.TECHNICAL)
    with acting_for(buyer.lead):
        stage.rfp = make_matrix.fresh(stage)
    make_matrix.to_lock(stage)
    _open(stage, EnvelopeKind.COMMERCIAL)
    return stage


def _submit(stage: Stage, vendor: People, sheet: str, changes: Mapping[str, Any]) -> Bid:
    bid = make_bids.bid_in(stage.rfp, vendor)
    given = {code: raw for code, raw in ANSWERS.items() if code in stage.questions}
    with acting_for(vendor.owner) as owner:
        for code, raw in {**given, **changes}.items():
            question = stage.questions[code]
            answering.save_answer(bid=bid, question=question, raw=raw, version=0, actor=owner)
        answering.attach(
            bid=bid,
            question=stage.questions["2.02"],
            name="continuity.pdf",
            content=make_bids.PDF,
            actor=owner,
        )
        price = VENDORS[sheet]["price_sheet"]
        sheets.save_price(bid=bid, raw=price, version=0, actor=owner)
    make_bids.submit(bid, vendor)
    return bid


def _open(stage: Stage, kind: EnvelopeKind) -> None:
    sealing.open_envelopes(stage.rfp, kind)


def assess(stage: Stage, level: int = 4) -> None:
    """Score the buyer's readiness, every question at one level, and sign it off."""
    with acting_for(stage.buyer.lead) as lead:
        assessment = assessing.begin(procurement=_case(stage), framework=FRAMEWORK, actor=lead)
        for dimension in assessment.content["dimensions"]:
            for question in dimension["questions"]:
                assessing.answer(
                    assessment=assessment,
                    question=question["slug"],
                    level=level,
                    evidence="Shown in the service review of October.",
                    actor=lead,
                )
        assessing.sign_off(assessment=assessment, actor=lead)


def ranked(stage: Stage, reason: str = "") -> None:
    """Adopt the comparison under the demo's assumptions, and freeze the ranking with its prices."""
    given = CASE["assumptions"]
    keys = [sheet for sheet, _changes in BIDS.values()]
    terms = {
        "terms": {key: given[key] for key in ("discount", "timing", "indexation", "volume_range")},
        "uncertainty": {key: given[key] for key in ("volume", "aht", "index")},
        "bids": {
            str(bid.pk): dict(given["vendors"][key])
            for bid, key in zip(stage.bids, keys, strict=True)
        },
    }
    with acting_for(stage.buyer.lead) as lead:
        pricing.set_assumptions(procurement=_case(stage), terms=terms, actor=lead)
        pricing.adopt(procurement=_case(stage), actor=lead, reason=reason)
    freeze(stage, reason)


def freeze(stage: Stage, reason: str = "") -> None:
    with acting_for(stage.buyer.lead) as lead:
        held = matrix.latest_round(_case(stage))
        ranking.freeze(scoring_round=held, actor=lead, reason=reason)


def propose(stage: Stage, outcome: str = "") -> None:
    """State what only people know, and propose what the tree recommends, or another outcome."""
    with acting_for(stage.buyer.lead) as lead:
        for row in CASE["decision"]["statements"]:
            value = row["value"]
            words = ("yes" if value else "no") if isinstance(value, bool) else str(value)
            deciding.state(
                procurement=_case(stage),
                fact=row["fact"],
                value=words,
                evidence=row["source"],
                actor=lead,
            )
        walk = decisions.walk_for(lead, _case(stage)).to_plain()["result"]
        deciding.propose(
            procurement=_case(stage),
            outcome=outcome or walk["recommendation"],
            rationale=RATIONALE,
            actor=lead,
        )


def approve(stage: Stage) -> None:
    with acting_for(stage.buyer.approver) as approver:
        found = Decision.objects.select_related("procurement").latest("number")
        deciding.approve(decision=found, actor=approver)


def _case(stage: Stage) -> Procurement:
    return Procurement.objects.select_related("organisation").get(pk=stage.procurement.pk)


def ask(case: Decided, kind: str = "scorecard", actor: User | None = None) -> Report:
    """Request a report, as its lead unless somebody else is named."""
    with acting_for(actor or case.buyer.lead) as person:
        return requesting.request(kind=kind, procurement=case.procurement, actor=person)


def job_of(case: Decided, report: Report) -> Job:
    """The job that waits for a worker."""
    with acting_for(case.buyer.lead):
        return Job.objects.get(subject_id=report.pk, state="queued")


def read(case: Decided, report: Report) -> Report:
    """The report as it stands now."""
    with acting_for(case.buyer.lead):
        found = Report.objects.select_related("procurement", "requested_by")
        return found.get(pk=report.pk)


def produced(case: Decided, kind: str = "scorecard") -> Report:
    """Request a report and run its job in this process, as a worker does."""
    report = ask(case, kind)
    assert jobs.run(job_of(case, report).pk) == "done"
    return read(case, report)


def pdf_of(report: Report | None) -> bytes:
    assert report is not None
    return files.read(report.blob)
