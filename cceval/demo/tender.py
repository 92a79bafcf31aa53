"""The tender: case file, panel, RFP, workload, publication, invitations, bids."""

import datetime as dt
import time
from collections.abc import Mapping
from typing import Any

from apps.bids.models import Bid
from apps.bids.services import answering, ceremony, inviting, sheets, submitting, teaming
from apps.bids.types.keeping import Keeps
from apps.core import clock
from apps.rfp import selectors as rfps
from apps.rfp.models import Question, Rfp, Section
from apps.rfp.selectors.sealing import openers_of
from apps.rfp.services import authoring, extending, publishing, reviewing, sealing
from apps.rfp.states import AnswerKind, KeyKind
from apps.workspace.models import Procurement, User
from apps.workspace.selectors import own_declaration
from apps.workspace.services import panel, people, procurements
from apps.workspace.states import Role
from cceval.demo import content
from cceval.demo.people import Cast, acting, organisation_of

ZONE = "Europe/London"
HURRY = dt.timedelta(seconds=6)
SLOW = "The service was slow; every vendor gets the same more time."
TERMS = (
    "introduction", "quality_weight", "price_weight", "pricing_models", "facts", "term_months",
    "envelope_order", "price_of_record",
)  # fmt: skip
ACCEPTED = (
    "Kept on purpose: each chapter keeps at least two questions, and the many small ones count"
    " together."
)


def open_case(lead: User, given: Mapping[str, Any]) -> Procurement:
    with acting(lead) as actor:
        case = procurements.open_case(
            organisation=organisation_of(lead),
            reference=given["reference"],
            title=given["title"],
            currency=given["currency"],
            about=given["summary"],
            actor=actor,
        )
    declare(case, lead)
    return case


def appoint(case: Procurement, user: User, role: Role, lead: User) -> None:
    """Appoint a person, who declares to have no conflict of interest and agrees to confidentiality."""
    with acting(lead) as actor:
        panel.appoint(procurement=case, user=user, role=role, actor=actor)
    declare(case, user)


def declare(case: Procurement, user: User) -> None:
    """Declare once, whatever roles are held."""
    with acting(user) as actor:
        if not own_declaration(actor, case).needed:
            return
        panel.declare(procurement=case, conflict=False, note="", confidential=True, actor=actor)


def author(case: Procurement, lead: User, given: Mapping[str, Any], shape: Mapping[str, Any] | None,
           in_house: Mapping[str, Any] | None, note: str) -> Rfp:  # fmt: skip
    """Write the RFP from the shipped questionnaire: choose questions, terms and workload."""
    with acting(lead) as actor:
        rfp = authoring.start_from(
            procurement=case, questionnaire=given["questionnaire"], actor=actor
        )
        authoring.keep_questions(rfp=rfp, codes=given["questions"], actor=actor)
        authoring.set_terms(rfp=rfp, actor=actor, **_terms(given))
        for code, weight in given.get("section_weights", {}).items():
            section = Section.objects.get(rfp=rfp, code=code)
            authoring.edit_section(
                rfp=rfp, section=section, title=section.title, weight=weight, actor=actor
            )
        if shape is not None:
            authoring.set_workload(
                rfp=rfp,
                actor=actor,
                content=content.workload(shape),
                in_house=in_house,
                source=note,
            )
    return rfp


def _terms(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the terms a file gives; a draft gives only some."""
    terms = {key: given[key] for key in TERMS if key in given}
    if "price_formula" in given:
        terms["price_formula"] = given["price_formula"]["slug"]
        terms["price_params"] = given["price_formula"]["params"]
    return terms


def _hold_keys(cast: Cast, rfp: Rfp, lead: User) -> None:
    """Every opener collects and proves; the lead takes the spare. The demo keeps the codes."""
    with acting(lead):
        people = openers_of(rfp)
    for person in people:
        _hold_key(cast, rfp, person, spare=False)
    _hold_key(cast, rfp, lead, spare=True)


def _hold_key(cast: Cast, rfp: Rfp, person: User, *, spare: bool) -> None:
    with acting(person) as actor:
        held = Rfp.objects.select_related("procurement").get(pk=rfp.pk)
        codes = {
            one.kind.value: one.text for one in sealing.collect(rfp=held, actor=actor, spare=spare)
        }
        sealing.prove(rfp=held, actor=actor, codes=codes, spare=spare)
        cast.keep_codes(held.procurement.reference, "spare" if spare else person.email, codes)


def publish(
    cast: Cast,
    rfp: Rfp,
    lead: User,
    reviewer: User,
    closes_at: dt.datetime,
    grace: dt.timedelta | None,
) -> None:
    """Set the deadline, let a second person approve, publish.

    Findings of the method linter are accepted with a reason.
    """
    with acting(lead) as actor:
        rfp = Rfp.objects.get(pk=rfp.pk)
        authoring.set_deadline(rfp=rfp, closes_at=closes_at, zone=ZONE, grace=grace, actor=actor)
    with acting(lead) as actor:
        rfp = Rfp.objects.get(pk=rfp.pk)
        for finding in rfps.findings(rfp, rfps.questionnaire(rfp)):
            if finding.severity == "warning":
                publishing.accept_finding(rfp=rfp, code=finding.code, reason=ACCEPTED, actor=actor)
            rfp.refresh_from_db()
        review = reviewing.ask(rfp=rfp, actor=actor)
    with acting(reviewer) as second:
        reviewing.approve(review=review, actor=second)
    _hold_keys(cast, rfp, lead)
    with acting(lead) as actor:
        publishing.publish(rfp=rfp, actor=actor)


def invite(cast: Cast, rfp: Rfp, lead: User, vendor: Mapping[str, Any]) -> Bid:
    """Invite a vendor; its owner accepts and brings the colleagues of the file."""
    owner, *others = vendor["people"]
    with acting(lead) as actor:
        _invitation, token = inviting.invite(
            rfp=Rfp.objects.get(pk=rfp.pk),
            vendor_name=vendor["name"],
            contact=owner["name"],
            email=owner["email"],
            actor=actor,
        )
    accepted = inviting.accept(token=token, name=owner["name"])
    if owner["key"] not in cast.by_key:
        cast.add(owner["key"], accepted.user, owner, f"{vendor['name']}, owner", factor=False)
        for given in others:
            _join(cast, accepted.bid, accepted.user, vendor, given)
    return accepted.bid


def _join(
    cast: Cast, bid: Bid, owner: User, vendor: Mapping[str, Any], given: Mapping[str, Any]
) -> None:
    with acting(owner) as actor:
        token = inviting.invite_colleague(
            bid=Bid.objects.get(pk=bid.pk), email=given["email"], name=given["name"], actor=actor
        )
    user = people.accept(token=token, name=given["name"])
    cast.add(given["key"], user, given, f"{vendor['name']}, respondent", factor=False)


def answer(cast: Cast, bid: Bid, vendor: Mapping[str, Any]) -> None:
    """Fill the questionnaire and the price sheet, with evidence, as the vendor's people would."""
    owner, writer = (cast[vendor["people"][place]["key"]] for place in (0, -1))
    if writer != owner:
        with acting(owner) as actor:
            held = Bid.objects.select_related("round").get(pk=bid.pk)
            teaming.name_price_readers(bid=held, people=[writer.pk], actor=actor)
    with acting(writer) as actor:
        draft = Bid.objects.select_related("round__rfp").get(pk=bid.pk)
        questions = {
            q.code: q
            for q in Question.objects.filter(rfp=draft.round.rfp).select_related("section")
        }
        for code, value in vendor["answers"].items():
            question = questions[code]
            if question.kind == AnswerKind.FILE:
                _attach(draft, question, value, actor)
            else:
                answering.save_answer(
                    bid=draft, question=question, raw=value, version=0, actor=actor
                )
        for given in vendor.get("evidence", ()):
            if given["question"] in questions:
                _attach(draft, questions[given["question"]], given, actor)
        if "price_sheet" in vendor:
            sheets.save_price(bid=draft, raw=vendor["price_sheet"], version=0, actor=actor)


def _attach(bid: Bid, question: Question, given: Mapping[str, Any], actor: User) -> None:
    answering.attach(
        bid=bid,
        question=question,
        name=given["name"],
        content=content.file_bytes(given),
        actor=actor,
    )


def keep_open(rfp: Rfp, lead: User, opener: User, closes_at: dt.datetime) -> dt.datetime:
    """Extend the deadline on a slow machine, as lead and opener would when the service was slow."""
    if clock.database_now() < closes_at - HURRY:
        return closes_at
    later = clock.database_now() + 3 * HURRY
    with acting(lead) as actor:
        found = Rfp.objects.select_related("procurement", "round").get(pk=rfp.pk)
        extension = extending.ask(rfp=found, closes_at=later, reason=SLOW, actor=actor)
    with acting(opener) as second:
        extending.confirm(extension=extension, actor=second)
    return later


def submit(cast: Cast, bid: Bid, vendor: Mapping[str, Any]) -> None:
    with acting(cast[vendor["people"][0]["key"]]) as actor:
        submitting.submit(
            bid=Bid.objects.get(pk=bid.pk),
            actor=actor,
            arrived_at=clock.now(),
            from_edge=False,
            keeps=Keeps(files=True),
        )


def wait_for_opening(closes_at: dt.datetime, grace: dt.timedelta) -> None:
    """Wait until the database's clock lets the bids be opened: nothing is back-dated."""
    while clock.database_now() < closes_at + grace:
        time.sleep(0.1)


def open_bids(cast: Cast, rfp: Rfp, lead: User, kind: KeyKind) -> None:
    """The whole ceremony, with the demo's own keys: each opener turns theirs."""
    with acting(lead):
        people = openers_of(rfp)[: rfp.keys_needed]
    for person in people:
        with acting(person) as actor:
            found = Rfp.objects.select_related("procurement__organisation", "round").get(pk=rfp.pk)
            code = cast.codes[found.procurement.reference][person.email][kind.value]
            ceremony.turn(rfp=found, kind=kind, code=code, actor=actor)
