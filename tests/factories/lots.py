"""A tender with two lots: A "Voice" and B "Chat", each with a section and a workload of its own."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from apps.bids.models import Bid
from apps.bids.services import answering, assuming, choosing, sheets
from apps.decision import services as deciding
from apps.decision.models import Decision
from apps.matrix.services import ranking
from apps.pricing import services as pricing
from apps.rfp import selectors
from apps.rfp.models import Lot, Question, Rfp
from apps.rfp.services import authoring
from apps.rfp.states import EnvelopeKind
from apps.workspace.models import Procurement, User
from tests.cceval.demo_files import CASE
from tests.conftest import People, acting_for, make_vendor
from tests.factories import bids as make_bids
from tests.factories import matrix as make_matrix
from tests.factories import pricing as make_pricing
from tests.factories import sealing
from tests.factories.keys import installation_key
from tests.factories.matrix import Clock, Stage
from tests.factories.rfp import ANCHORS, CODES, PRICE_OF_RECORD, make_rfp, publish, workload

# Common: section 1 (40%) and 2 (30%), prices in 3. Own: 4 of lot A (30%), 5 of lot B (30%).
OWN: tuple[tuple[str, str, tuple[dict[str, Any], ...]], ...] = (
    (
        "A",
        "Telephony",
        (
            {
                "topic": "Routing", "text": "How do you route calls?", "kind": "text_long",
                "weight": "10", "mode": "manual", "rubric": ANCHORS, "domain": "technology",
            },
        ),
    ),
    (
        "B",
        "Messaging",
        (
            {
                "topic": "Chat desk", "text": "How do you staff chat?", "kind": "text_long",
                "weight": "10", "mode": "manual", "rubric": ANCHORS, "domain": "technology",
            },
            {
                "topic": "Languages", "text": "How many languages do you chat in?",
                "kind": "number", "unit": "languages", "weight": "0", "mode": "info",
                "knockout": {"op": "less_than", "value": "2", "reason": "Two languages."},
            },
        ),
    ),
)  # fmt: skip
NAMES = {"A": "Voice", "B": "Chat"}
LIMITS = {"A": {"floor": "200000", "cap": "2200000"}, "B": {"floor": "100000", "cap": "1400000"}}
VOLUMES = {"B": 9_000}  # contacts a month to which the buyer commits
CHAT = {"name": "chat-en", "channel": "chat", "aht_s": "420"}


def in_house() -> dict[str, Any]:
    return {name: value for name, value in make_pricing.in_house().items() if name != "id"}


def add_lots(rfp: Rfp, actor: User) -> dict[str, Lot]:
    """Give a small RFP its two lots, complete; call it inside `acting(actor)`."""
    lots = {
        code: authoring.add_lot(rfp=rfp, code=code, name=name, actor=actor)
        for code, name in NAMES.items()
    }
    wanted = {}
    for code, title, asked in OWN:
        section = authoring.add_section(rfp=rfp, title=title, actor=actor)
        for values in asked:
            authoring.add_question(section=section, actor=actor, **values)
        wanted[section.code] = code
    authoring.assign_sections(rfp=rfp, lots=wanted, actor=actor)
    weights = {"1": "40", "2": "30", **dict.fromkeys(wanted, "30")}
    authoring.weigh_sections(rfp=rfp, weights=weights, actor=actor)
    for code, lot in lots.items():
        lot.rfp = rfp
        authoring.edit_lot(
            lot=lot,
            name=NAMES[code],
            price_params=LIMITS[code],
            least_contacts=VOLUMES.get(code),
            actor=actor,
        )
        content = workload() if code == "A" else workload(**CHAT)
        authoring.set_workload(
            rfp=rfp, lot=lot, content=content, in_house=in_house(), source=code, actor=actor
        )
    return lots


def make_lots_rfp(
    procurement: Procurement,
    actor: User,
    *,
    published: bool = False,
    most_lots: int | None = None,
    procedure: str = "",
    names: bool = False,
    **terms: Any,
) -> Rfp:
    """A tender with two lots; with a `procedure` a public one, `most_lots` limits a vendor's.

    With `names` it publishes that vendors which submitted read each other's names.
    """
    rfp = make_rfp(procurement, actor, **terms)
    add_lots(rfp, actor)
    if most_lots:
        authoring.limit_lots(rfp=rfp, most=most_lots, actor=actor)
    if procedure:
        authoring.set_preset(rfp=rfp, preset="public", procedure=procedure, actor=actor)
    if names:
        authoring.set_terms(rfp=rfp, names_published=True, actor=actor)
    return publish(rfp, actor) if published else rfp


def lot(rfp: Rfp, code: str) -> Lot:
    found = selectors.picked(selectors.lots_of(rfp), code)
    assert found is not None
    found.rfp = rfp
    return found


# Vendor → the lots it bids for. Castellan is to win A, Velora B.
VENDORS = {"Velora Connect": "AB", "Castellan CX": "A", "Tamarind Global": "B"}
ANSWERS = {
    **{code: raw for code, raw in make_matrix.ANSWERS.items() if code in CODES},
    "4.01": "By skill, then by waiting time.",
    "5.01": "Two chats at a time.",
    "5.02": "4",
}
VALUES = {"1.01": (3, 5, 2), "2.02": (3, 5, 2), "4.01": (2, 5, 0), "5.01": (5, 0, 1)}
RATES = {"Velora Connect": "0.90", "Castellan CX": "0.80", "Tamarind Global": "0.95"}


def sheet(rate: str) -> dict[str, Any]:
    tiers = [{"up_to": "20000", "rate": rate}, {"rate": rate}]
    return {**make_bids.SHEET, "rates": {**make_bids.SHEET["rates"], "tiers": tiers}}


def answer(
    stage: Stage, vendor: People, lots: str, answers: Mapping[str, Any] | None = None
) -> Bid:
    """A draft that is complete for some lots, with a price sheet for each of them."""
    bid = make_bids.bid_in(stage.rfp, vendor)
    own = {"A": "4", "B": "5"}
    away = {section for code, section in own.items() if code not in lots}
    with acting_for(vendor.owner) as owner:
        choosing.choose_lots(bid=bid, codes=list(lots), actor=owner)
        for code, raw in {**ANSWERS, **(answers or {})}.items():
            if code[0] not in away:
                question = stage.questions[code]
                answering.save_answer(bid=bid, question=question, raw=raw, version=0, actor=owner)
        answering.attach(
            bid=bid,
            question=stage.questions["2.02"],
            name="continuity.pdf",
            content=make_bids.PDF,
            actor=owner,
        )
        for code in lots:
            raw = sheet(RATES.get(vendor.organisation.name, "0.90"))
            held = lot(stage.rfp, code)
            sheets.save_price(bid=bid, lot=held, raw=raw, version=0, actor=owner)
    return bid


def published(buyer: People, **terms: Any) -> Stage:
    installation_key()
    with acting_for(buyer.lead) as lead:
        rule = {**PRICE_OF_RECORD, "discount": CASE["assumptions"]["discount"]}
        rfp = make_lots_rfp(buyer.procurement, lead, published=True, price_of_record=rule, **terms)
        asked = Question.objects.filter(rfp=rfp).select_related("section")
        return Stage(buyer, rfp, {one.code: one for one in asked})


def opened(
    buyer: People,
    set_clock: Clock,
    answers: Mapping[str, Mapping[str, Any]] | None = None,
    vendors: Mapping[str, str] | None = None,
    subject: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
    **terms: Any,
) -> Stage:
    """Three vendors submitted for the lots they chose; the quality envelopes are open.

    `subject` are the rows that a vendor's bid is subject to, by its name.
    """
    stage = published(buyer, **terms)
    for name, lots in (vendors or VENDORS).items():
        vendor = make_vendor(name, buyer.organisation)
        stage.vendors.append(vendor)
        bid = answer(stage, vendor, lots, (answers or {}).get(name))
        stage.bids.append(bid)
        for row in (subject or {}).get(name, ()):
            with acting_for(vendor.owner) as owner:
                assuming.add(bid=bid, raw=dict(row), actor=owner)
        make_bids.submit(bid, vendor)
    set_clock(stage.rfp.round.closes_at + stage.rfp.round.grace + dt.timedelta(seconds=1))
    _open(stage, EnvelopeKind.TECHNICAL)
    with acting_for(buyer.lead):
        stage.rfp = make_matrix.fresh(stage)
    return stage


def open_quality(stage: Stage) -> None:
    _open(stage, EnvelopeKind.TECHNICAL)


def _open(stage: Stage, kind: EnvelopeKind) -> None:
    sealing.open_envelopes(stage.rfp, kind)


def locked(
    buyer: People, set_clock: Clock, answers: Mapping[str, Mapping[str, Any]] | None = None
) -> Stage:
    """The scores are locked and the prices open."""
    stage = make_matrix.to_lock(opened(buyer, set_clock, answers), VALUES)
    _open(stage, EnvelopeKind.COMMERCIAL)
    return stage


def ranked(buyer: People, set_clock: Clock) -> Stage:
    """Each lot has its adopted comparison and its ranking with prices."""
    stage = locked(buyer, set_clock)
    for code in NAMES:
        rank(stage, code)
    return stage


def rank(stage: Stage, code: str, reason: str = "") -> None:
    with acting_for(stage.buyer.lead) as lead:
        held = lot(stage.rfp, code)
        pricing.adopt(procurement=case_of(stage), lot=held, actor=lead, reason=reason)
        ranking.freeze(scoring_round=stage.round_for(lead), lot=held, actor=lead, reason=reason)


def case_of(stage: Stage) -> Procurement:
    return Procurement.objects.select_related("organisation").get(pk=stage.procurement.pk)


def decide(stage: Stage, code: str, outcome: str = "outsource", **terms: Any) -> Decision:
    """State, propose and approve for one lot; `terms` are those of the award."""
    with acting_for(stage.buyer.lead) as lead:
        held = lot(stage.rfp, code)
        for row in CASE["decision"]["statements"]:
            value = row["value"]
            words = ("yes" if value else "no") if isinstance(value, bool) else str(value)
            deciding.state(
                procurement=case_of(stage),
                fact=row["fact"],
                value=words,
                evidence=row["source"],
                lot=held,
                actor=lead,
            )
        decision = deciding.propose(
            procurement=case_of(stage),
            outcome=outcome,
            terms=deciding.Terms(**terms),
            rationale=f"Lot {code} is needed at hours that we cannot staff.",
            lot=held,
            actor=lead,
        )
    with acting_for(stage.buyer.approver) as approver:
        kept = Decision.objects.select_related("procurement", "lot").get(pk=decision.pk)
        deciding.approve(decision=kept, actor=approver)
        return kept
