"""A tender up to any moment of its evaluation: opened, begun, scored, in consensus, locked, priced."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from apps.bids.models import Bid
from apps.bids.services import answering, pricing, sheets
from apps.core import clock, tenancy
from apps.matrix import selectors
from apps.matrix.models import ScoringRound
from apps.matrix.selectors.holding import closing_day
from apps.matrix.selectors.reopenings import reopening_for
from apps.matrix.services import consensus, reopening, scoring
from apps.rfp.models import Question, Rfp
from apps.rfp.services import authoring
from apps.rfp.states import EnvelopeKind
from apps.workspace.models import PanelMember, User
from apps.workspace.states import Interest, MemberRole, Role
from tests.conftest import People, acting_for, add_member, make_user
from tests.factories import bids as make_bids
from tests.factories import sealing
from tests.factories.keys import installation_key
from tests.factories.rfp import ANCHORS, make_rfp, publish

Clock = Callable[[dt.datetime], None]

# Beside the questions of make_rfp: a table scored by hand.
SITES = {
    "topic": "Sites in detail",
    "text": "List the sites, their seats and what you would add.",
    "kind": "table",
    "options": [{"name": "Site", "kind": "text_short"}, {"name": "Seats", "kind": "number"}],
    "weight": "5",
    "mode": "manual",
    "rubric": ANCHORS,
    "domain": "scalability",
}
# Asked only of a bid that promises to report a breach within two days.
DRILLS = {
    "topic": "Drills",
    "text": "How do you rehearse a breach?",
    "kind": "text_long",
    "weight": "5",
    "mode": "manual",
    "rubric": ANCHORS,
    "domain": "security",
    "condition": {"question": "2.01", "op": "less_than", "value": "48"},
    "required": False,
}
ANSWERS: dict[str, Any] = {
    "1.01": "We hire in waves.\n\nEach wave has an owner <b>and</b> a date.",
    "1.02": "18",
    "1.03": [{"Site": "Leeds", "Seats": "120"}],
    "1.04": [{"Site": "Leeds", "Seats": "120"}],
    "2.01": "24",
}
PRICES = ("1200000", "1500000", "1350000", "1700000", "1600000")


@dataclass
class Stage:
    """A tender at some moment, with what a test needs to go on from there."""

    buyer: People
    rfp: Rfp
    questions: dict[str, Question]
    vendors: list[People] = field(default_factory=list)
    bids: list[Bid] = field(default_factory=list)

    @property
    def procurement(self) -> Any:
        return self.rfp.procurement

    @contextmanager
    def acting(self, user: User) -> Iterator[User]:
        with acting_for(user):
            yield user

    def round_for(self, user: User) -> ScoringRound:
        """The round as this person reads it; call it inside `acting`."""
        return selectors.scoring_round_for(user, procurement_id=self.procurement.pk)

    def bid(self, place: int) -> Bid:
        """The bid of the vendor at this place, as it stands now."""
        with acting_for(self.buyer.lead):
            return Bid.objects.select_related("round__rfp__procurement", "vendor").get(
                pk=self.bids[place].pk
            )


def opened(
    buyer: People,
    vendors: Sequence[People],
    set_clock: Clock,
    *,
    answers: Mapping[int, Mapping[str, Any]] | None = None,
    extra: Sequence[tuple[str, Mapping[str, Any]]] = (("1", SITES),),
    before_opening: Callable[["Stage"], None] | None = None,
    files: Mapping[int, Mapping[str, int]] | None = None,
    **terms: Any,
) -> Stage:
    """Every vendor has submitted and the quality envelopes are open.

    `answers` changes answers by the place of the vendor: {1: {"2.01": "96"}} knocks the second out.
    `files` are valid for so many days after the closing day: {0: {"1.04": -1}} had ended before.
    """
    installation_key()
    with acting_for(buyer.lead):
        rfp = make_rfp(buyer.procurement, buyer.lead, **terms)
        for section, values in extra:
            held = rfp.sections.get(code=section)
            held.rfp = rfp
            authoring.add_question(section=held, actor=buyer.lead, **values)
        rfp = publish(rfp, buyer.lead)
        questions = {q.code: q for q in Question.objects.filter(rfp=rfp).select_related("section")}
    stage = Stage(buyer, rfp, questions, list(vendors))
    if before_opening:
        before_opening(stage)
    for place, vendor in enumerate(vendors):
        given = {**ANSWERS, **(answers or {}).get(place, {})}
        stage.bids.append(_submit(stage, vendor, given, (files or {}).get(place, {})))
    set_clock(rfp.round.closes_at + rfp.round.grace + dt.timedelta(seconds=1))
    sealing.open_envelopes(rfp, EnvelopeKind.TECHNICAL)
    stage.rfp = seen(stage)
    return stage


def _submit(
    stage: Stage, vendor: People, given: Mapping[str, Any], files: Mapping[str, int]
) -> Bid:
    bid = make_bids.bid_in(stage.rfp, vendor)
    with acting_for(vendor.owner):
        for code, raw in given.items():
            if code not in stage.questions:
                continue
            answering.save_answer(
                bid=bid, question=stage.questions[code], raw=raw, version=0, actor=vendor.owner
            )
        for code, days in files.items():
            until = closing_day(stage.rfp) + dt.timedelta(days=days)
            answering.attach(
                bid=bid,
                question=stage.questions[code],
                name=f"{vendor.organisation.name} certificate.pdf",
                content=make_bids.PDF + code.encode(),
                actor=vendor.owner,
                expires=until.isoformat(),
            )
        answering.attach(
            bid=bid,
            question=stage.questions["2.02"],
            name=f"{vendor.organisation.name} continuity.pdf",
            content=make_bids.PDF,
            actor=vendor.owner,
        )
        sheets.save_price(bid=bid, raw=make_bids.SHEET, version=0, actor=vendor.owner)
    make_bids.submit(bid, vendor)
    return bid


def fresh(stage: Stage) -> Rfp:
    return Rfp.objects.select_related("procurement__organisation", "round").get(pk=stage.rfp.pk)


def seen(stage: Stage) -> Rfp:
    with acting_for(stage.buyer.lead):
        return fresh(stage)


def assignments(stage: Stage, *evaluators: User) -> dict[uuid.UUID, list[uuid.UUID]]:
    """Every scored section with the same evaluators, both of the panel unless others are given."""
    people = evaluators or (stage.buyer.evaluator, stage.buyer.evaluator2)
    with acting_for(stage.buyer.lead):
        sections = selectors.scored_sections(stage.procurement)
    return {section.pk: [person.pk for person in people] for section in sections}


def appoint(buyer: People, name: str) -> User:
    """One more evaluator of the panel, interests declared."""
    user = add_member(buyer.organisation, make_user(name, second_factor=True), MemberRole.MEMBER)
    with tenancy.acting_as(organisation=buyer.organisation.pk):
        PanelMember.objects.create(
            organisation=buyer.organisation,
            procurement=buyer.procurement,
            user=user,
            role=Role.EVALUATOR,
            interest=Interest.NONE,
            declared_at=clock.now(),
        )
    return user


def begun(stage: Stage, *evaluators: User) -> Stage:
    with acting_for(stage.buyer.lead) as lead:
        scoring.begin(
            procurement=fresh(stage).procurement,
            assignments=assignments(stage, *evaluators),
            actor=lead,
        )
    return stage


def cells(stage: Stage, user: User) -> Any:
    """The answers to score, with the round: inside `acting`."""
    held = stage.round_for(user)
    return held, selectors.board(user, held).cells


def scored(stage: Stage, values: Mapping[str, Sequence[int]] | None = None) -> Stage:
    """Both evaluators scored everything; `values` are the scores by vendor, the same for all.

    Without it the first vendor gets 4, the second 3, the third 2. The second evaluator gives one
    point less for question 1.01 of the first vendor.
    """
    for evaluator in (stage.buyer.evaluator, stage.buyer.evaluator2):
        with acting_for(evaluator):
            held, every = cells(stage, evaluator)
            for bid, question in every:
                value = value_of(stage, bid, question, values)
                if evaluator == stage.buyer.evaluator2 and _moved(stage, bid, question):
                    value -= 1
                scoring.save(
                    scoring_round=held,
                    bid=bid,
                    question=question,
                    value=Decimal(value),
                    reason=f"Meets anchor {value}.",
                    actor=evaluator,
                )
    return stage


def _moved(stage: Stage, bid: Bid, question: Question) -> bool:
    return question.code == "1.01" and bid.pk == stage.bids[0].pk


def value_of(
    stage: Stage, bid: Bid, question: Question, values: Mapping[str, Sequence[int]] | None
) -> int:
    place = [one.pk for one in stage.bids].index(bid.pk)
    return (values or {}).get(question.code, (4, 3, 2, 1, 0))[place]


def in_consensus(stage: Stage) -> Stage:
    with acting_for(stage.buyer.moderator) as moderator:
        consensus.open_consensus(scoring_round=stage.round_for(moderator), actor=moderator)
    return stage


def agreed(stage: Stage, values: Mapping[str, Sequence[int]] | None = None) -> Stage:
    """Everything is agreed: what was unanimous is adopted, the rest gets the first evaluator's."""
    with acting_for(stage.buyer.moderator) as moderator:
        held = stage.round_for(moderator)
        consensus.adopt_unanimous(scoring_round=held, actor=moderator)
        for bid, question in selectors.unagreed(selectors.board(moderator, held)):
            value = value_of(stage, bid, question, values)
            consensus.agree(
                scoring_round=held,
                bid=bid,
                question=question,
                value=Decimal(value),
                reason=f"Agreed: meets anchor {value}.",
                actor=moderator,
            )
    return stage


def locked(stage: Stage) -> Stage:
    with acting_for(stage.buyer.moderator) as moderator:
        consensus.lock(scoring_round=stage.round_for(moderator), actor=moderator)
    return stage


def reopened(stage: Stage, reason: str = "An anchor was read against another question.") -> Stage:
    """The moderator asked for the locked scores to be agreed anew, and the approver confirmed it."""
    with acting_for(stage.buyer.moderator) as moderator:
        asked = reopening.ask(
            scoring_round=stage.round_for(moderator), reason=reason, actor=moderator
        )
    with acting_for(stage.buyer.approver) as approver:
        held = reopening_for(approver, procurement_id=stage.procurement.pk, reopening_id=asked.pk)
        reopening.confirm(reopening=held, actor=approver)
    return stage


def priced(stage: Stage, prices: Sequence[str] = PRICES) -> Stage:
    """The price envelopes are open and a comparison was adopted with these amounts."""
    with acting_for(stage.buyer.opener):
        priced = stage.bid(0).envelopes.filter(kind=EnvelopeKind.COMMERCIAL, state="opened")
        opened_already = priced.exists()
    if not opened_already:
        sealing.open_envelopes(stage.rfp, EnvelopeKind.COMMERCIAL)
    with acting_for(stage.buyer.lead) as lead:
        pricing.record_evaluated(
            rfp=fresh(stage),
            amounts={
                bid.pk: Decimal(amount) for bid, amount in zip(stage.bids, prices, strict=False)
            },
            currency="GBP",
            comparison_digest="c" * 64,
            actor=lead,
        )
    return stage


def to_consensus(stage: Stage, values: Mapping[str, Sequence[int]] | None = None) -> Stage:
    return in_consensus(scored(begun(stage), values))


def to_lock(stage: Stage, values: Mapping[str, Sequence[int]] | None = None) -> Stage:
    return locked(agreed(to_consensus(stage, values), values))


# Scored with the vendor present, after the written answers: half of section 2.
DEMONSTRATION = {
    "topic": "Desktop demonstration",
    "text": "Show a password reset and a complaint, from the first ring to the note.",
    "kind": "text_long",
    "required": False,
    "weight": "10",
    "mode": "demo",
    "rubric": ANCHORS,
}
