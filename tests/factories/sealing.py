"""Openers' keys as their holders would handle them: collected, proved, turned in a ceremony.

The codes are kept here, since nobody else has them.
"""

import uuid
from typing import Any

from apps.bids.models import OfferRound
from apps.bids.services import ceremony
from apps.bids.services.ceremony import Turned
from apps.core import tenancy
from apps.proof import openers
from apps.proof.sealing import PrivateKey
from apps.rfp.models import Rfp
from apps.rfp.models.sealing import SPARE
from apps.rfp.selectors.sealing import lock_of, openers_of
from apps.rfp.services import sealing
from apps.rfp.states import EnvelopeKind, KeyKind
from apps.workspace.models import PanelMember, User
from apps.workspace.states import Role

CODES: dict[tuple[uuid.UUID, str, str], str] = {}  # of RFP, kind and slot


def code_of(rfp: Rfp, kind: EnvelopeKind | KeyKind, slot: object) -> str:
    """The code of an opener (by identifier), or of the spare."""
    return CODES[rfp.pk, kind.value, str(slot)]


def prove_all(rfp: Rfp) -> None:
    """Every opener of the panel collects and proves; a lead takes the spare."""
    leads = PanelMember.objects.filter(procurement=rfp.procurement_id, role=Role.LEAD)
    for person in openers_of(rfp):
        collect(rfp, person)
    if rfp.spare_key:
        collect(rfp, leads.select_related("user")[0].user, spare=True)


def collect(rfp: Rfp, person: User, *, spare: bool = False) -> dict[str, str]:
    with tenancy.acting_as(person=person.pk, organisation=rfp.organisation_id):
        codes = sealing.collect(rfp=rfp, actor=person, spare=spare, replace=True)
        typed = {one.kind.value: one.text for one in codes}
        sealing.prove(rfp=rfp, actor=person, codes=typed, spare=spare)
    slot = SPARE if spare else str(person.pk)
    CODES.update({(rfp.pk, kind, slot): text for kind, text in typed.items()})
    return typed


def lock_all(rfp: Rfp) -> None:
    """Make the keys of the envelopes of a draft that is put together by hand."""
    prove_all(rfp)
    sealing.make_locks(rfp)


def turn(
    rfp: Rfp, kind: EnvelopeKind | KeyKind, person: User, code: str = "", **more: Any
) -> Turned:
    """One person turns a key: the own one, unless a code is given."""
    with tenancy.acting_as(person=person.pk, organisation=rfp.organisation_id):
        found = Rfp.objects.select_related("procurement__organisation", "round").get(pk=rfp.pk)
        return ceremony.turn(
            rfp=found,
            kind=KeyKind(kind.value),
            code=code or code_of(rfp, kind, person.pk),
            actor=person,
            **more,
        )


def open_envelopes(
    rfp: Rfp, kind: EnvelopeKind | KeyKind, offer_round: OfferRound | None = None
) -> int:
    """As many openers as are needed turn their keys; returns how many bids were opened."""
    with tenancy.acting_as(organisation=rfp.organisation_id):
        people = openers_of(rfp)[: rfp.keys_needed]
    more = {"offer_round": offer_round} if offer_round else {}
    for person in people:
        turned = turn(rfp, kind, person, **more)
    assert turned.opened is not None
    return turned.opened


def private_key(rfp: Rfp, kind: EnvelopeKind | KeyKind) -> PrivateKey:
    """What the openers put together, as an intruder with their codes would."""
    with tenancy.acting_as(organisation=rfp.organisation_id):
        lock = lock_of(rfp, KeyKind(kind.value))
        slots = sorted(lock.openers)[: lock.needed]
    return lock.open({slot: openers.read_code(code_of(rfp, kind, slot)) for slot in slots})
