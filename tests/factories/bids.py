"""A published tender, vendors' bids in it, and a complete answer to every question."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from http import HTTPStatus
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.bids import adapters
from apps.bids.models import Bid, Invitation
from apps.bids.services import answering, sheets, submitting
from apps.bids.states import InvitationState
from apps.core import clock, keystore, tenancy
from apps.rfp.models import OwnCost, Question, Rfp, Round, Section, Workload
from apps.rfp.selectors.freezing import freeze
from apps.rfp.states import (
    AnswerKind,
    EnvelopeKind,
    EnvelopeOrder,
    FinalOffers,
    RfpState,
    ScoringMode,
)
from apps.workspace.models import PanelMember, Procurement, User
from apps.workspace.services.people import digest_of
from apps.workspace.states import Phase, Role
from tests.factories.rfp import PRICE_OF_RECORD
from tests.factories.sealing import lock_all

RUBRIC = {str(level): f"Anchor {level}." for level in range(6)}
GRACE = dt.timedelta(seconds=120)
PDF = b"%PDF-1.7 a certificate"
OWN_RATE = "17.4321"  # of today's in-house team: no vendor may ever see it

SECTIONS: tuple[tuple[str, str, str, str], ...] = (
    ("1", "Company", "60", EnvelopeKind.TECHNICAL),
    ("2", "Security", "40", EnvelopeKind.TECHNICAL),
    ("3", "Price notes", "0", EnvelopeKind.COMMERCIAL),
)
QUESTIONS: tuple[dict[str, Any], ...] = (
    {
        "code": "1.01",
        "topic": "Approach",
        "text": "Describe how you train new agents.",
        "kind": AnswerKind.TEXT_LONG,
        "word_limit": 40,
        "weight": "4",
        "rubric": RUBRIC,
        "evidence": "Training plan",
    },
    {
        "code": "1.02",
        "topic": "Hours",
        "text": "Do you staff every hour from the first day?",
        "kind": AnswerKind.YES_NO,
        "mode": ScoringMode.INFO,
        "weight": "0",
        "knockout": {"op": "equals", "value": "No", "reason": "Every hour has to be staffed."},
    },
    {
        "code": "1.03",
        "topic": "Night shift",
        "text": "How many agents work at night?",
        "kind": AnswerKind.NUMBER,
        "unit": "agents",
        "weight": "2",
        "condition": {"question": "1.02", "op": "equals", "value": "Yes"},
    },
    {
        "code": "1.04",
        "topic": "Checks",
        "text": "Which checks do you make before hiring?",
        "kind": AnswerKind.MULTI_CHOICE,
        "options": ["Identity", "Right to work", "Criminal record"],
        "required": False,
        "weight": "2",
    },
    {
        "code": "1.05",
        "topic": "Revenue",
        "text": "Give your revenue for the last years.",
        "kind": AnswerKind.TABLE,
        "options": [{"name": "Year", "kind": "number"}, {"name": "Revenue", "kind": "currency"}],
        "evidence": "Audited accounts",
        "evidence_required": True,
        "weight": "2",
    },
    {
        "code": "2.01",
        "topic": "Certificate",
        "text": "Attach your ISO/IEC 27001 certificate.",
        "kind": AnswerKind.FILE,
        "options": ["pdf"],
        "weight": "3",
    },
    {
        "code": "2.02",
        "topic": "Standard",
        "text": "Which standard do you follow?",
        "kind": AnswerKind.SINGLE_CHOICE,
        "options": ["ISO/IEC 27001", "SOC 2"],
        "required": False,
        "weight": "1",
    },
    {
        "code": "3.01",
        "topic": "Assumptions",
        "text": "What is your price based on?",
        "kind": AnswerKind.TEXT_SHORT,
        "mode": ScoringMode.PRICE,
        "weight": "0",
    },
)
WORKLOAD = {
    "interval_minutes": 60,
    "queues": [
        {
            "name": "voice-en",
            "week": [["0"] * 8 + ["20"] * 10 + ["0"] * 6] * 5 + [["0"] * 24] * 2,
            "aht_s": "300",
            "service_level": {"share": "0.80", "seconds": 20, "definition": "offered"},
            "max_occupancy": "0.85",
        }
    ],
}
SHEET: dict[str, Any] = {
    "model": "per_minute",
    "rates": {
        "increment_s": "0",
        "tiering": "graduated",
        "tiers": [{"up_to": "20000", "rate": "0.91"}, {"rate": "0.83"}],
    },
    "shrinkage": {"base": "additive", "parts": [{"name": "Leave", "share": "0.12"}]},
    "promised_fte": "9.5",
    "attrition_per_year": "0.25",
    "one_offs": [{"name": "Transition", "amount": "26000", "month": 1}],
}


@dataclass(frozen=True)
class Tender:
    rfp: Rfp
    questions: dict[str, Question]


def tender(
    buyer: Any,
    *,
    closes_at: dt.datetime | None = None,
    grace: dt.timedelta = GRACE,
    order: EnvelopeOrder = EnvelopeOrder.TECHNICAL_FIRST,
    final_offers: FinalOffers = FinalOffers.NO,
    keys_needed: int = 2,
    **terms: Any,
) -> Tender:
    """A published RFP that closes in two weeks; `terms` are more columns of it."""
    organisation, procurement = buyer.organisation, buyer.procurement
    with tenancy.acting_as(organisation=organisation.pk):
        rfp = Rfp.objects.create(
            organisation=organisation,
            procurement=procurement,
            questionnaire="bpo_voice_support",
            introduction="We look for a partner for out-of-hours calls.",
            envelope_order=order,
            final_offers=final_offers,
            keys_needed=keys_needed,
            price_params={"floor": "800000", "cap": "2200000"},
            pricing_models=["per_fte", "per_minute", "hybrid"],
            price_of_record=PRICE_OF_RECORD,
            facts={"channels": ["Voice"]},
            **terms,
        )
        found = _questions(rfp)
        Workload.objects.create(organisation=organisation, rfp=rfp, content=WORKLOAD)
        OwnCost.objects.create(
            organisation=organisation, rfp=rfp, quote={"rates": {"rate": OWN_RATE}}
        )
        Round.objects.create(
            organisation=organisation,
            rfp=rfp,
            closes_at=closes_at or clock.now() + dt.timedelta(days=14),
            grace=grace,
            zone="Europe/London",
        )
        lock_all(rfp)
        frozen, digest = freeze(Rfp.objects.get(pk=rfp.pk))
        Rfp.objects.filter(pk=rfp.pk).update(
            state=RfpState.PUBLISHED, frozen=frozen, digest=digest, published_at=clock.now()
        )
        type(procurement).objects.filter(pk=procurement.pk).update(phase=Phase.TENDERING)
        rfp = Rfp.objects.select_related("procurement__organisation", "round", "workload").get(
            pk=rfp.pk
        )
    return Tender(rfp, found)


def tender_of(buyer: Any, *, reference: str) -> Tender:
    """A tender in another case file of the same buyer."""
    with tenancy.acting_as(organisation=buyer.organisation.pk):
        case = Procurement.objects.create(
            organisation=buyer.organisation,
            reference=reference,
            title="Another tender",
            currency="EUR",
            owner=buyer.lead,
        )
        for person, role in (
            (buyer.lead, Role.LEAD),
            (buyer.opener, Role.OPENER),
            (buyer.opener2, Role.OPENER),
        ):
            PanelMember.objects.create(
                organisation=buyer.organisation, procurement=case, user=person, role=role
            )
    return tender(SimpleNamespace(organisation=buyer.organisation, procurement=case))


def _questions(rfp: Rfp) -> dict[str, Question]:
    sections = {
        code: Section.objects.create(
            organisation_id=rfp.organisation_id,
            rfp=rfp,
            code=code,
            title=title,
            weight=Decimal(weight),
            envelope=envelope,
            position=position,
        )
        for position, (code, title, weight, envelope) in enumerate(SECTIONS)
    }
    return {
        one["code"]: Question.objects.create(
            organisation_id=rfp.organisation_id,
            rfp=rfp,
            section=sections[one["code"][0]],
            position=position,
            **{**one, "weight": Decimal(one["weight"])},
        )
        for position, one in enumerate(QUESTIONS)
    }


def read(found: Tender) -> Rfp:
    """The RFP as it stands now; call it while acting for somebody."""
    return Rfp.objects.select_related("procurement__organisation", "round", "workload").get(
        pk=found.rfp.pk
    )


def bid_in(rfp: Rfp, vendor: Any) -> Bid:
    """An accepted invitation and the empty bid that comes of it."""
    owner: User = vendor.owner
    with tenancy.acting_as(organisation=rfp.organisation_id):
        Invitation.objects.create(
            organisation_id=rfp.organisation_id,
            rfp=rfp,
            vendor=vendor.organisation,
            email=owner.email,
            contact=owner.name,
            state=InvitationState.ACCEPTED,
            token_digest=digest_of(f"token of {vendor.organisation.pk} in {rfp.pk}"),
            expires_at=clock.now() + dt.timedelta(hours=72),
            invited_by=rfp.procurement.owner,
        )
    with tenancy.acting_as(person=owner.pk, organisation=vendor.organisation.pk):
        bid = Bid.objects.create(
            organisation_id=rfp.organisation_id, vendor=vendor.organisation, round=rfp.round
        )
        keystore.create(adapters.draft_key(bid.pk))
        return Bid.objects.select_related("round__rfp__procurement", "organisation", "vendor").get(
            pk=bid.pk
        )


ANSWERS: dict[str, Any] = {
    "1.01": "New agents train for six weeks.",
    "1.02": "Yes",
    "1.03": "12",
    "1.04": ["Identity"],
    "1.05": [{"Year": "2025", "Revenue": "1200000"}],
    "3.01": "Volumes as in the RFP.",
}


def fill(bid: Bid, found: Tender, vendor: Any, *, mark: str = "", **changes: Any) -> None:
    """Answer everything that is required; `mark` makes the texts findable."""
    owner: User = vendor.owner
    given = {**ANSWERS, "1.01": f"New agents train for six weeks. {mark}".strip(), **changes}
    if mark:
        given["3.01"] = f"Volumes as in the RFP. {mark}"
    with tenancy.acting_as(person=owner.pk, organisation=vendor.organisation.pk):
        for code, raw in given.items():
            question = found.questions[code]
            answering.save_answer(bid=bid, question=question, raw=raw, version=0, actor=owner)
        for code in ("1.05", "2.01"):
            answering.attach(
                bid=bid,
                question=found.questions[code],
                name=f"evidence{mark}.pdf",
                content=PDF + mark.encode(),
                actor=owner,
            )
        sheets.save_price(bid=bid, raw=SHEET, version=0, actor=owner)


def submit(bid: Bid, vendor: Any, at: dt.datetime | None = None) -> Any:
    owner: User = vendor.owner
    with tenancy.acting_as(person=owner.pk, organisation=vendor.organisation.pk):
        return submitting.submit(
            bid=bid, actor=owner, arrived_at=at or clock.now(), from_edge=settings.BEHIND_EDGE
        )


def queries(client: Any, url: str) -> int:
    """How many statements one page costs, after a first visit has warmed what is kept."""
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == HTTPStatus.OK
    return len(captured)
