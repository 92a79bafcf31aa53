"""A request for information, up to any moment between its draft and its shortlist."""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.conf import settings

from apps.bids.models import Bid, Invitation, Shortlist
from apps.bids.selectors.shortlist import standing_shortlist
from apps.bids.services import answering, inviting, submitting
from apps.bids.services import shortlisting as deciding
from apps.core import clock
from apps.core.models import Mail
from apps.matrix.services import shortlisting
from apps.rfp.models import Question, Rfp
from apps.rfp.services import authoring
from apps.rfp.states import EnvelopeKind
from tests.conftest import People, acting_for, make_buyer
from tests.factories import matrix as make
from tests.factories import sealing
from tests.factories.bids import PDF
from tests.factories.keys import installation_key
from tests.factories.rfp import SECTIONS, publish

Clock = Callable[[dt.datetime], None]
BEST_TWO = {"rule": "best", "most": 2}
NAMES = ("Velora Connect", "Castellan CX", "Tamarind Global")


def draft(
    buyer: People, rule: Mapping[str, Any] | None = None, *, scored: bool = True, **terms: Any
) -> Rfp:
    """A request for information that is ready to publish. Call it inside `acting_for(lead)`.

    With `scored=False` it is only read: no question earns points and no section weighs.
    """
    lead = buyer.lead
    rfp = authoring.start(
        procurement=buyer.procurement, source="empty", kind="information", actor=lead
    )
    write_questions(rfp, lead, scored=scored)
    authoring.set_terms(rfp=rfp, actor=lead, shortlist=dict(rule or BEST_TWO), **terms)
    authoring.set_deadline(
        rfp=rfp,
        closes_at=clock.database_now() + dt.timedelta(days=14),
        zone="Europe/London",
        actor=lead,
    )
    return rfp


def write_questions(rfp: Rfp, lead: Any, *, scored: bool = True) -> None:
    """Two sections; with `scored=False` no question earns points and no section weighs."""
    for title, weight, envelope, asked in SECTIONS[:2]:
        section = authoring.add_section(rfp=rfp, title=title, envelope=envelope, actor=lead)
        share = weight if scored else "0"
        authoring.edit_section(rfp=rfp, section=section, title=title, weight=share, actor=lead)
        for values in asked:
            read = {} if scored else {"mode": "info", "weight": "0", "rubric": {}, "auto": []}
            authoring.add_question(section=section, actor=lead, **{**values, **read})


def stage_of(buyer: People, rfp: Rfp) -> make.Stage:
    with acting_for(buyer.lead):
        found = Question.objects.filter(rfp=rfp).select_related("section")
        return make.Stage(buyer, rfp, {one.code: one for one in found})


def tokens_of(buyer: People) -> list[str]:
    """Return the tokens that were mailed to the vendors, from the mails themselves."""
    with acting_for(buyer.lead):
        texts = Mail.objects.filter(event__startswith="bids.invitation:").order_by("recipient")
        found = [re.search(r"/invitation/([^/\s]+)/", one.text) for one in texts]
    return [one.group(1) for one in found if one]


def open_answers(stage: make.Stage) -> None:
    sealing.open_envelopes(stage.rfp, EnvelopeKind.TECHNICAL)
    with acting_for(stage.buyer.lead):
        stage.rfp = make.fresh(stage)


def invited(rfp: Rfp, lead: Any, names: Sequence[str]) -> list[tuple[Invitation, str]]:
    """Invite vendors by mail; call it inside `acting_for(lead)`."""
    return [
        inviting.invite(
            rfp=rfp,
            vendor_name=name,
            contact=f"{name} Desk",
            email=f"desk@{name.split()[0].lower()}.example",
            actor=lead,
        )
        for name in names
    ]


def answered(stage: make.Stage, token: str, given: Mapping[str, Any]) -> None:
    """Accept an invitation, answer everything and submit."""
    accepted = inviting.accept(token=token, password="a long test password")
    owner, bid = accepted.user, accepted.bid
    with acting_for(owner):
        bid = Bid.objects.select_related("round__rfp__procurement", "organisation", "vendor").get(
            pk=bid.pk
        )
        for code, raw in given.items():
            if code in stage.questions:
                answering.save_answer(
                    bid=bid, question=stage.questions[code], raw=raw, version=0, actor=owner
                )
        answering.attach(
            bid=bid,
            question=stage.questions["2.02"],
            name=f"{bid.vendor.name} continuity.pdf",
            content=PDF,
            actor=owner,
        )
        submitting.submit(
            bid=bid, actor=owner, arrived_at=clock.now(), from_edge=settings.BEHIND_EDGE
        )
    stage.vendors.append(People(bid.vendor, owner=owner))
    stage.bids.append(bid)


def opened(
    move: Clock,
    rule: Mapping[str, Any] | None = None,
    *,
    scored: bool = True,
    answers: Mapping[int, Mapping[str, Any]] | None = None,
    names: Sequence[str] = NAMES,
) -> make.Stage:
    """Three vendors answered, and their answers are open."""
    installation_key()
    buyer = make_buyer()
    with acting_for(buyer.lead) as lead:
        rfp = publish(draft(buyer, rule, scored=scored), lead)
        tokens = [token for _one, token in invited(rfp, lead, names)]
    stage = stage_of(buyer, rfp)
    for place, token in enumerate(tokens):
        answered(stage, token, {**make.ANSWERS, **(answers or {}).get(place, {})})
    move(rfp.round.closes_at + rfp.round.grace + dt.timedelta(seconds=1))
    open_answers(stage)
    return stage


def locked(
    move: Clock,
    rule: Mapping[str, Any] | None = None,
    values: Mapping[str, Sequence[int]] | None = None,
    **given: Any,
) -> make.Stage:
    """Scored, agreed and locked: the first vendor leads, then the second, unless `values` differ."""
    stage = make.to_lock(opened(move, rule, **given), values)
    with acting_for(stage.buyer.lead):
        stage.rfp = make.fresh(stage)
    return stage


def propose(stage: make.Stage, *chosen: Any, reason: str = "") -> Shortlist:
    with acting_for(stage.buyer.lead) as lead:
        return shortlisting.propose(rfp=make.fresh(stage), chosen=chosen, reason=reason, actor=lead)


def confirm(stage: make.Stage) -> Shortlist:
    with acting_for(stage.buyer.opener) as opener:
        held = standing_shortlist(make.fresh(stage))
        assert held
        return deciding.confirm(shortlist=held, actor=opener)


def follow(stage: make.Stage, **given: Any) -> Rfp:
    """Start the tender from the confirmed list."""
    with acting_for(stage.buyer.lead) as lead:
        held = standing_shortlist(make.fresh(stage))
        assert held
        values = {"source": "copy", "preset": "assured", "title": "The tender", **given}
        return shortlisting.start_tender(
            shortlist=held, actor=lead, **{"reference": "T-1", **values}
        )
