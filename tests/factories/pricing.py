"""A tender with the demo's workload and price sheets, sealed or opened, without any scoring."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from apps.bids.models import Bid, Envelope
from apps.bids.services import answering, sheets
from apps.core import clock, tenancy
from apps.pricing import services
from apps.pricing.models import Assumptions, Comparison
from apps.rfp.models import OwnCost, Question, Rfp, Round, Section, Workload
from apps.rfp.states import AnswerKind, EnvelopeKind, EnvelopeOrder, RfpState, ScoringMode
from apps.workspace.models import PanelMember, Procurement, User
from apps.workspace.rules import forget_roles
from apps.workspace.states import Interest, Phase
from tests.cceval.demo_files import CASE, VENDORS, contacts
from tests.conftest import People, make_buyer, make_vendor
from tests.factories import bids, sealing

QUEUE = (
    "channel",
    "language",
    "aht_s",
    "patience_s",
    "max_occupancy",
    "minimum_seats",
    "service_level",
)
WHOLE = ("interval_minutes", "growth_per_year", "seasonality", "handle_time")
MODELS = ["per_fte", "per_minute", "managed_service", "outcome_based"]
HOURS, NOTES = "1.01", "2.01"


def workload() -> dict[str, Any]:
    """The demo's typical week as the engine reads it."""
    given = CASE["workload"]
    week = [str(volume) for volume in contacts()]
    queue = {
        "name": given["queue"],
        "week": [week[day * 48 : day * 48 + 48] for day in range(7)],
        **{name: given[name] for name in QUEUE},
    }
    return {"queues": [queue], **{name: given[name] for name in WHOLE}}


def in_house() -> dict[str, Any]:
    own = {name: value for name, value in CASE["in_house"].items() if name != "name"}
    return {"id": "in-house", "vendor": CASE["in_house"]["name"], "in_house": True, **own}


@dataclass
class Priced:
    """A tender and its bids by the demo's keys."""

    buyer: People
    rfp: Rfp
    bids: dict[str, Bid] = field(default_factory=dict)
    vendors: dict[str, People] = field(default_factory=dict)
    questions: dict[str, Question] = field(default_factory=dict)

    @property
    def procurement(self) -> Procurement:
        """The case file as it stands; call it while acting for somebody."""
        return Procurement.objects.select_related("organisation").get(pk=self.rfp.procurement_id)

    def id_of(self, key: str) -> str:
        return str(self.bids[key].pk)


def sealed(
    buyer: People,
    keys: Iterable[str] = ("velora", "tamarind"),
    *,
    order: EnvelopeOrder = EnvelopeOrder.TECHNICAL_FIRST,
    own: bool = True,
    refuses: str = "",
    rule: dict[str, Any] | None = None,
) -> Priced:
    """A published tender with submitted bids; the vendor `refuses` fails the knock-out."""
    with tenancy.acting_as(organisation=buyer.organisation.pk):
        rfp = _publish(buyer, order=order, own=own, rule=rule or {})
        questions = {one.code: one for one in Question.objects.filter(rfp=rfp)}
    found = Priced(buyer, rfp, questions=questions)
    for key in keys:
        name = VENDORS[key]["name"]
        add_bid(found, key, name, sheet=key, hours="No" if key == refuses else "Yes")
    return found


def _publish(buyer: People, *, order: EnvelopeOrder, own: bool, rule: dict[str, Any]) -> Rfp:
    organisation = buyer.organisation
    rfp = Rfp.objects.create(
        organisation=organisation,
        procurement=buyer.procurement,
        questionnaire="bpo_voice_support",
        envelope_order=order,
        pricing_models=MODELS,
        price_of_record=rule,
        price_params={"floor": "800000", "cap": "2200000"},
    )
    _ask(rfp, HOURS, "100", EnvelopeKind.TECHNICAL, kind=AnswerKind.YES_NO,
         knockout={"op": "equals", "value": "No", "reason": "Every hour has to be staffed."})  # fmt: skip
    _ask(rfp, NOTES, "0", EnvelopeKind.COMMERCIAL, kind=AnswerKind.TEXT_SHORT)
    Workload.objects.create(
        organisation=organisation,
        rfp=rfp,
        content=workload(),
    )
    if own:
        OwnCost.objects.create(organisation=organisation, rfp=rfp, quote=in_house())
    Round.objects.create(
        organisation=organisation,
        rfp=rfp,
        closes_at=clock.now() + dt.timedelta(days=14),
        grace=dt.timedelta(seconds=120),
        zone="Europe/London",
    )
    sealing.lock_all(rfp)
    Rfp.objects.filter(pk=rfp.pk).update(
        state=RfpState.PUBLISHED, digest="5e" * 32, published_at=clock.now()
    )
    Procurement.objects.filter(pk=rfp.procurement_id).update(phase=Phase.TENDERING)
    return _read(rfp)


def _read(rfp: Rfp) -> Rfp:
    return Rfp.objects.select_related("procurement__organisation", "round", "workload").get(
        pk=rfp.pk
    )


def _ask(rfp: Rfp, code: str, weight: str, envelope: EnvelopeKind, **values: Any) -> None:
    number = code.partition(".")[0]
    section = Section.objects.create(
        organisation_id=rfp.organisation_id,
        rfp=rfp,
        code=number,
        title=f"Section {number}",
        weight=Decimal(weight),
        envelope=envelope,
        position=int(number),
    )
    Question.objects.create(
        organisation_id=rfp.organisation_id,
        rfp=rfp,
        section=section,
        code=code,
        topic="Hours",
        text="Do you staff every hour?",
        mode=ScoringMode.INFO,
        weight=Decimal(0),
        position=0,
        **values,
    )


def add_bid(found: Priced, key: str, name: str, *, sheet: str, hours: str = "Yes") -> None:
    """One more submitted bid with the price sheet of one of the demo's vendors."""
    _submit(found, key, name, VENDORS[sheet]["price_sheet"], hours)


def add_priced(found: Priced, key: str, *, rate: str, one_off: str, training: str) -> None:
    """A bid whose price sheet holds figures of the test's own, to be searched for."""
    sheet = {
        **VENDORS["velora"]["price_sheet"],
        "rates": {"unit": "hour", "billable_hour": "paid", "rate": rate},
        "one_offs": [{"name": "Transition", "amount": one_off, "month": 1}],
        "training": {"hours_per_hire": "80", "rate": training, "charged_for": "growth"},
    }
    _submit(found, key, "Canary Contact", sheet, "Yes")


def _submit(found: Priced, key: str, name: str, sheet: dict[str, Any], hours: str) -> None:
    vendor = make_vendor(name, found.buyer.organisation)
    bid = bids.bid_in(found.rfp, vendor)
    found.vendors[key], found.bids[key] = vendor, bid
    with tenancy.acting_as(person=vendor.owner.pk, organisation=vendor.organisation.pk):
        for code, raw in ((HOURS, hours), (NOTES, "As in the RFP.")):
            answering.save_answer(
                bid=bid, question=found.questions[code], raw=raw, version=0, actor=vendor.owner
            )
        sheets.save_price(bid=bid, raw=sheet, version=0, actor=vendor.owner)
    bids.submit(bid, vendor)


def backdate_opening(found: Priced) -> None:
    """Bring the openings before now, where a test's clock had run ahead of them."""
    with tenancy.acting_as(organisation=found.buyer.organisation.pk):
        Envelope.objects.filter(bid__round__rfp=found.rfp).update(
            opened_at=clock.now() - dt.timedelta(days=16)
        )


def open_technical(found: Priced, set_clock: Callable[[dt.datetime], None]) -> None:
    """Open the quality envelopes, two weeks and a day later."""
    set_clock(found.rfp.round.closes_at + dt.timedelta(days=1))
    _open(found, EnvelopeKind.TECHNICAL)


def lock_scores(found: Priced) -> None:
    """Move on as the locked consensus does."""
    with tenancy.acting_as(organisation=found.buyer.organisation.pk):
        Procurement.objects.filter(pk=found.rfp.procurement_id).update(phase=Phase.COMMERCIAL)


def open_prices(found: Priced) -> None:
    _open(found, EnvelopeKind.COMMERCIAL)


def _open(found: Priced, kind: EnvelopeKind) -> None:
    sealing.open_envelopes(found.rfp, kind)


def opened(
    buyer: People, set_clock: Callable[[dt.datetime], None], *keys: str, **options: Any
) -> Priced:
    """A tender whose prices are on the table."""
    found = sealed(buyer, keys or ("velora", "tamarind"), **options)
    open_technical(found, set_clock)
    lock_scores(found)
    open_prices(found)
    return found


def demo_assumptions(found: Priced) -> dict[str, Any]:
    """What the demo's buyer assumes, for the bids of this tender."""
    given = CASE["assumptions"]
    return {
        "terms": {
            name: given[name] for name in ("discount", "timing", "indexation", "volume_range")
        },
        "uncertainty": {name: given[name] for name in ("volume", "aht", "index")},
        "bids": {found.id_of(key): dict(given["vendors"][key]) for key in found.bids},
    }


def assume(found: Priced, terms: dict[str, Any] | None = None) -> Assumptions:
    lead = found.buyer.lead
    with tenancy.acting_as(person=lead.pk, organisation=found.buyer.organisation.pk):
        return services.set_assumptions(
            procurement=found.procurement,
            terms=demo_assumptions(found) if terms is None else terms,
            actor=lead,
        )


def adopt(found: Priced, reason: str = "") -> Comparison:
    lead = found.buyer.lead
    with tenancy.acting_as(person=lead.pk, organisation=found.buyer.organisation.pk):
        return services.adopt(procurement=found.procurement, actor=lead, reason=reason)


def declare_conflict(found: Priced, evaluator: User | None) -> None:
    with tenancy.acting_as(organisation=found.buyer.organisation.pk):
        PanelMember.objects.filter(user=evaluator).update(interest=Interest.CONFLICT)
    if evaluator is not None:
        forget_roles(evaluator)


def second_buyer() -> People:
    """Another buyer in the same test, with people and a case file of its own."""
    return make_buyer("Second buyer")
