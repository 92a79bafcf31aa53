"""The owner shares the work: who answers which section, who sees the price, who signs off."""

import uuid
from collections.abc import Collection, Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from apps.bids.models import Bid, Delegation, PriceReader, SignOffDuty
from apps.bids.selectors.team import parts_of
from apps.bids.states import SignOffPart
from apps.core import audit
from apps.core.access import authorise
from apps.core.errors import Incomplete
from apps.rfp.models import Section
from apps.rfp.states import EnvelopeKind
from apps.workspace.models import Membership, User
from apps.workspace.states import MemberRole


@transaction.atomic
def delegate(*, bid: Bid, people: Mapping[str, uuid.UUID | None], actor: User) -> None:
    """Say who answers which section, by its code; None takes a section back from everybody."""
    team = _begin(bid, actor)
    sections = {one.code: one for one in Section.objects.filter(rfp_id=bid.round.rfp_id)}
    if unknown := set(people) - set(sections):
        raise _refusal(_("There is no section {code} in this RFP."), code=min(unknown))
    readers = _readers(bid, team)
    for code, person in people.items():
        if person is not None:
            _require_member(team, person)
        priced = sections[code].envelope == EnvelopeKind.COMMERCIAL
        if priced and person is not None and person not in readers:
            raise _refusal(
                _("Section {code} belongs to the price. Let {name} see the price first."),
                code=code,
                name=team[person].user.name,
            )
    for code, person in people.items():
        held = Delegation.objects.filter(bid=bid, section=sections[code])
        if person is None:
            held.delete()
        elif not held.update(person_id=person):
            Delegation.objects.create(**_of(bid), section=sections[code], person_id=person)
    shared = {code: str(person) for code, person in people.items() if person}
    audit.record(action="bids.delegate", actor=actor, subject=bid, payload=shared)


@transaction.atomic
def name_price_readers(*, bid: Bid, people: Collection[uuid.UUID], actor: User) -> None:
    """Say which respondents see the price; owners always do. Nobody else does from then on."""
    team = _begin(bid, actor)
    for person in people:
        _require_member(team, person)
    named = {one for one in people if team[one].role != MemberRole.OWNER}
    held = set(PriceReader.objects.filter(bid=bid).values_list("reader_id", flat=True))
    for person in sorted(held - named):
        _require_free_of_price(bid, person)
    PriceReader.objects.filter(bid=bid, reader_id__in=held - named).delete()
    for person in sorted(named - held):
        PriceReader.objects.create(**_of(bid), reader_id=person)
    if named != held:
        payload = {"people": sorted(map(str, named))}
        audit.record(action="bids.name_price_readers", actor=actor, subject=bid, payload=payload)


def _require_free_of_price(bid: Bid, person: uuid.UUID) -> None:
    signs = SignOffDuty.objects.filter(bid=bid, part=SignOffPart.PRICE, person_id=person)
    answers = Delegation.objects.filter(
        bid=bid, person_id=person, section__envelope=EnvelopeKind.COMMERCIAL
    )
    if signs.exists() or answers.exists():
        raise _refusal(
            _("{name} works on the price. Take the section or the sign-off back first."),
            name=User.objects.get(pk=person).name,
        )


@transaction.atomic
def ask_for_sign_offs(
    *, bid: Bid, duties: Mapping[SignOffPart, Collection[uuid.UUID]], actor: User
) -> None:
    """Say who has to sign which part off before the bid can be submitted."""
    team = _begin(bid, actor)
    readers = _readers(bid, team)
    for part, people in duties.items():
        if people and part not in parts_of(bid):
            raise _refusal(_("No price is asked for here, so there is none to sign off."))
        for person in people:
            _require_member(team, person)
            if part == SignOffPart.PRICE and person not in readers:
                raise _refusal(
                    _("{name} cannot sign a price off unseen. Let {name} see the price first."),
                    name=team[person].user.name,
                )
    wanted = {(part, person) for part, people in duties.items() for person in people}
    held = {(one.part, one.person_id): one for one in SignOffDuty.objects.filter(bid=bid)}
    for key in held.keys() - wanted:
        held[key].delete()
    for part, person in sorted(wanted - held.keys()):
        SignOffDuty.objects.create(**_of(bid), part=part, person_id=person)
    asked = {part.value: sorted(map(str, people)) for part, people in duties.items()}
    audit.record(action="bids.ask_for_sign_offs", actor=actor, subject=bid, payload=asked)


def _begin(bid: Bid, actor: User) -> dict[uuid.UUID, Membership]:
    """Authorise, lock the bid, and return its people by their identifiers."""
    authorise(actor, "bids.manage_team", bid)
    Bid.objects.select_for_update(of=("self",)).get(pk=bid.pk)
    held = Membership.objects.filter(organisation_id=bid.vendor_id, active=True)
    return {one.user_id: one for one in held.select_related("user")}


def _readers(bid: Bid, team: Mapping[uuid.UUID, Membership]) -> set[uuid.UUID]:
    named = PriceReader.objects.filter(bid=bid).values_list("reader_id", flat=True)
    owners = {pk for pk, one in team.items() if one.role == MemberRole.OWNER}
    return owners | (set(named) & set(team))


def _require_member(team: Mapping[uuid.UUID, Membership], person: uuid.UUID) -> None:
    if person not in team:
        raise _refusal(_("Choose somebody of your team. Invite them first if they are not in it."))


def _refusal(sentence: str, **names: str) -> Incomplete:
    said = sentence.format(**names)
    return Incomplete(said, fields={"people": said})


def _of(bid: Bid) -> dict[str, object]:
    return {"organisation_id": bid.organisation_id, "vendor_id": bid.vendor_id, "bid": bid}
