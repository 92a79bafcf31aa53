"""Who opens the bids and with what: openers, their keys, the locks of the envelopes."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core.access import can
from apps.core.errors import Attempt, WrongState
from apps.proof.errors import SealRefused
from apps.proof.sealing import MOST_OPENERS, Lock, PublicKey
from apps.rfp.models import EnvelopeKey, OpenerKey, Rfp
from apps.rfp.states import EnvelopeKind, EnvelopeOrder, FinalOffers, KeyKind, RfpState
from apps.rfp.types import Blocker
from apps.workspace.models import PanelMember, User
from apps.workspace.states import Role

KEYS = "rfp:keys"


def key_kinds(rfp: Rfp) -> tuple[KeyKind, ...]:
    """Return what is opened by keys of its own, in the order of the openings."""
    apart = rfp.asks_price and rfp.envelope_order != EnvelopeOrder.TOGETHER
    return (
        KeyKind.TECHNICAL,
        *((KeyKind.COMMERCIAL,) if apart else ()),
        *((KeyKind.FINAL,) if rfp.final_offers == FinalOffers.ONCE else ()),
    )


def key_kind(rfp: Rfp, envelope: EnvelopeKind | str, *, final: bool = False) -> KeyKind:
    """Return whose key seals an envelope; `final` where it holds a final offer."""
    if final:
        return KeyKind.FINAL
    if rfp.envelope_order == EnvelopeOrder.TOGETHER:
        return KeyKind.TECHNICAL
    return KeyKind(envelope)


def place_of(rfp: Rfp, kind: KeyKind) -> dict[str, str]:
    """Return what the keys of an envelope are bound to; each RFP has one round."""
    return {
        "environment": settings.ENVIRONMENT,
        "kind": kind.value,
        "procurement": str(rfp.procurement_id),
        "round": str(rfp.pk),
    }


def openers_of(rfp: Rfp) -> list[User]:
    """Return the openers on the panel, by name."""
    held = PanelMember.objects.filter(
        procurement_id=rfp.procurement_id, role=Role.OPENER, active=True
    )
    return [one.user for one in held.select_related("user").order_by("user__name", "pk")]


def opening_terms(rfp: Rfp) -> dict[str, Any]:
    """Return what is published of the opening: how many keys of how many, and whose they are."""
    if rfp.state == RfpState.DRAFT:
        holders = [str(one.pk) for one in openers_of(rfp)]
        spare = rfp.spare_key
    else:
        held = OpenerKey.objects.filter(rfp=rfp, kind=KeyKind.TECHNICAL)
        found = list(held.values_list("holder_id", "spare"))
        holders = [str(holder) for holder, is_spare in found if not is_spare]
        spare = any(is_spare for _holder, is_spare in found)
    return {
        "needed": rfp.keys_needed,
        "keys": len(holders) + spare,
        "openers": sorted(holders),
        "spare": spare,
    }


def opening_sentence(needed: int, keys: int, *, of_bids: bool = True) -> str:
    """Say who opens, as invitation, submit page, receipt and report print it."""
    if needed == 1:
        return _("This round can be opened by one person.")
    if not of_bids:
        return _("{needed} of {keys} key holders open the answers together.").format(
            needed=needed, keys=keys
        )
    return _("{needed} of {keys} key holders open the bids together.").format(
        needed=needed, keys=keys
    )


def lock_of(rfp: Rfp, kind: KeyKind) -> Lock:
    """Return the stored lock of an envelope; Attempt where it has none, or what is none."""
    key = EnvelopeKey.objects.filter(rfp=rfp, kind=kind).first()
    if key is None:
        raise Attempt(
            _("These envelopes have no key. Tell the administrator and the auditor."),
            check="stored key",
        )
    try:
        return Lock(
            public=PublicKey(bytes(key.public)),
            needed=key.needed,
            openers={one.slot: PublicKey(bytes(one.public)) for one in keys_of(rfp, kind)},
            wraps={tuple(one.openers): bytes(one.blob) for one in key.wraps.all()},
            context=place_of(rfp, kind),
        )
    except SealRefused:
        raise Attempt(
            _(
                "Nothing was opened: a stored key of these envelopes was changed. Tell the"
                " administrator and the auditor."
            ),
            check="stored key",
        ) from None


def public_keys_of(rfp_id: uuid.UUID, kinds: Collection[KeyKind]) -> dict[KeyKind, PublicKey]:
    """Return the halves to which envelopes are sealed, as vendors may read them: one query."""
    held = EnvelopeKey.objects.filter(rfp_id=rfp_id, kind__in=kinds)
    keys = {KeyKind(kind): public for kind, public in held.values_list("kind", "public")}
    if set(kinds) - set(keys):
        raise WrongState(_("This round has no key to seal bids to. Tell the buyer."))
    try:
        return {kind: PublicKey(bytes(public)) for kind, public in keys.items()}
    except SealRefused:
        raise WrongState(
            _(
                "The key to which bids are sealed was changed, so nothing was sealed. Tell the buyer."
            )
        ) from None


def published_opening(rfp_id: uuid.UUID) -> str:
    """Say how many openers open, as vendors and reports may read it; nothing before publication."""
    held = EnvelopeKey.objects.filter(rfp_id=rfp_id, kind=KeyKind.TECHNICAL)
    key = held.select_related("rfp").first()
    return opening_sentence(key.needed, key.keys, of_bids=key.rfp.asks_price) if key else ""


def keys_of(rfp: Rfp, kind: KeyKind) -> list[OpenerKey]:
    held = OpenerKey.objects.filter(rfp=rfp, kind=kind).select_related("holder")
    return list(held.order_by("spare", "holder__name", "pk"))


def opener_faults(rfp: Rfp) -> tuple[Blocker, ...]:
    """Return what is wrong with the number of openers; one key more than is needed has to exist."""
    people, needed = len(openers_of(rfp)), rfp.keys_needed
    keys = people + rfp.spare_key
    if people < needed:
        sentence = ngettext(
            "{needed} opener has to be on the panel; there is {people}. Appoint the others, or"
            " choose another number.",
            "{needed} openers have to be on the panel; there are {people}. Appoint the others, or"
            " choose another number.",
            needed,
        ).format(needed=needed, people=people)
        return (Blocker("openers", sentence, KEYS),)
    if keys <= needed:
        sentence = _(
            "If one key is lost, the bids can never be opened. Appoint one more opener, or keep a"
            " spare key."
        )
        return (Blocker("openers-spare", sentence, KEYS),)
    if keys > MOST_OPENERS:
        sentence = _("There are {keys} keys; at most {most} can be kept. Take openers out.")
        sentence = sentence.format(keys=keys, most=MOST_OPENERS)
        return (Blocker("openers-many", sentence, KEYS),)
    return ()


def key_blockers(rfp: Rfp) -> tuple[Blocker, ...]:
    """Return whose keys still have to be collected or proved before publication."""
    if rfp.state != RfpState.DRAFT or opener_faults(rfp):
        return ()
    waiting = [one.name for one in holders(rfp) if not one.proved]
    if not waiting:
        return ()
    sentence = _("Keys still to be collected and proved: {names}.").format(names=", ".join(waiting))
    return (Blocker("keys", sentence, KEYS),)


@dataclass(frozen=True)
class Holder:
    """Whose keys, and how far they are. A spare has no person before somebody takes its codes."""

    name: str
    person: uuid.UUID | None
    spare: bool
    collected: bool  # for every envelope
    proved: bool
    again: dt.datetime | None = None  # when the codes were last typed back after publication


def holders(rfp: Rfp) -> list[Holder]:
    """Return everybody who has to hold keys, the spare last: three queries."""
    kinds = set(key_kinds(rfp))
    held: dict[str, list[OpenerKey]] = {}
    rows = OpenerKey.objects.filter(rfp=rfp, kind__in=kinds).select_related("holder")
    for one in rows.prefetch_related("rehearsals"):
        held.setdefault(one.slot, []).append(one)
    if rfp.state == RfpState.DRAFT:
        people = [(str(one.pk), one.name) for one in openers_of(rfp)]
        spare = rfp.spare_key
    else:
        people = [(slot, mine[0].holder.name) for slot, mine in held.items() if not mine[0].spare]
        spare = "spare" in held
    found = [
        _holder(name, held.get(slot, ()), len(kinds), uuid.UUID(slot)) for slot, name in people
    ]
    if spare:
        found.append(_holder(_("Spare key"), held.get("spare", ()), len(kinds), None))
    return found


def _holder(name: str, mine: Iterable[OpenerKey], kinds: int, person: uuid.UUID | None) -> Holder:
    keys = list(mine)
    again = [max((r.created_at for r in one.rehearsals.all()), default=None) for one in keys]
    return Holder(
        name=name,
        person=person or next((one.holder_id for one in keys), None),
        spare=person is None,
        collected=len(keys) == kinds,
        proved=len(keys) == kinds and all(one.proved_at for one in keys),
        again=min((at for at in again if at), default=None) if all(again) else None,
    )


@dataclass(frozen=True)
class KeysPage:
    """The page of the keys: for the lead who names, for each opener who collects and proves."""

    rfp: Rfp
    holders: tuple[Holder, ...]
    kinds: tuple[KeyKind, ...]
    faults: tuple[Blocker, ...]
    sentence: str
    draft: bool
    may_set: bool
    mine: Holder | None  # what this person holds, or has to
    spare: Holder | None  # for a lead who holds no other key
    running: bool  # published and not opened: the codes can be typed back once more


def keys_page(user: User, rfp: Rfp) -> KeysPage:
    found, draft = holders(rfp), rfp.state == RfpState.DRAFT
    mine = next((one for one in found if one.person == user.pk and not one.spare), None)
    spare = next((one for one in found if one.spare), None)
    may_set = draft and can(user, "rfp.author", rfp)
    takes = spare is not None and mine is None
    if takes and spare is not None:
        takes = may_set if draft else spare.person == user.pk
    round_ = getattr(rfp, "round", None)
    faulty = opener_faults(rfp) if draft else ()
    return KeysPage(
        rfp=rfp,
        holders=tuple(found),
        kinds=key_kinds(rfp),
        faults=faulty,
        sentence="" if faulty else opening_sentence(rfp.keys_needed, len(found)),
        draft=draft,
        may_set=may_set,
        mine=mine,
        spare=spare if takes else None,
        running=rfp.state == RfpState.PUBLISHED and round_ is not None and not round_.opened_at,
    )
