"""The ceremony: openers turn their keys, and with the last one needed everything of a kind opens.

A turned key waits encrypted under a key of its ceremony, which lies in the key store outside the
database and is destroyed when the ceremony ends: opened, or a quarter of an hour after it began.
"""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from apps.bids.models import Ceremony, OfferRound, Turn
from apps.bids.services import opening, opening_offers
from apps.bids.states import CEREMONY, CeremonyState
from apps.core import audit, clock, jobs, keystore, workflow
from apps.core.access import authorise
from apps.core.errors import Attempt
from apps.proof import openers
from apps.proof.errors import KeyRefused, NotAuthentic, SealRefused
from apps.proof.sealing import Lock, PrivateKey
from apps.rfp.models import OpenerKey, Rfp
from apps.rfp.selectors import key_kinds, keys_of, lock_of
from apps.rfp.states import KeyKind
from apps.workspace.models import User

LASTS = dt.timedelta(minutes=15)
END = "bids.end_ceremony"


@dataclass(frozen=True)
class Turned:
    """Where the ceremony stands after a turn; `opened` counts the envelopes, None before that."""

    turned: int
    needed: int
    opened: int | None = None


@transaction.atomic
def turn(
    *, rfp: Rfp, kind: KeyKind, code: str, actor: User, offer_round: OfferRound | None = None
) -> Turned:
    """Turn a key for one kind of envelope; the last one that is needed opens them all, or none.

    Attempt says which check failed: too early, no key, another person's key, turned already.
    """
    authorise(actor, "bids.open", offer_round or rfp)
    Rfp.objects.select_for_update(of=("self",)).get(pk=rfp.pk)
    rfp.refresh_from_db(fields=["state"])
    rfp.procurement.refresh_from_db(fields=["phase"])  # locked scores may have been re-opened
    if kind == KeyKind.COMMERCIAL and not rfp.asks_price:
        opening.require_due(rfp, kind)
    if kind not in key_kinds(rfp):
        raise Attempt(_("These envelopes are opened with the quality envelopes."), check="kind")
    if kind == KeyKind.FINAL:
        opening_offers.require_due(offer_round)
    else:
        opening.require_due(rfp, kind)
    lock = lock_of(rfp, kind)
    held = {one.slot: one for one in keys_of(rfp, kind)}
    secret = _read(code)
    key = held[_slot_of(secret, rfp, kind, lock, actor)]
    ceremony = _running(rfp, kind, lock.needed, offer_round, actor)
    _require_first(ceremony, key, actor)
    Turn.objects.create(
        organisation_id=rfp.organisation_id,
        ceremony=ceremony,
        key=key,
        turned_by=actor,
        sealed=_keep(ceremony, key, secret),
    )
    turns = list(ceremony.turns.select_related("key").order_by("created_at", "pk"))
    audit.record(
        action="ceremony.turn",
        actor=actor,
        subject=ceremony,
        procurement_id=rfp.procurement_id,
        payload={
            "kind": kind.value,
            "needed": lock.needed,
            "spare": key.spare,
            "turned": len(turns),
        },
    )
    if len(turns) < lock.needed:
        return Turned(len(turns), lock.needed)
    return Turned(len(turns), lock.needed, _open(ceremony, rfp, lock, turns, actor))


def _running(
    rfp: Rfp, kind: KeyKind, needed: int, offer_round: OfferRound | None, actor: User
) -> Ceremony:
    """Return the ceremony that gathers keys now; one that is over ends, and a new one begins."""
    now = clock.database_now()
    found = Ceremony.objects.filter(rfp=rfp, kind=kind, state=CeremonyState.GATHERING).first()
    if found is not None and found.ends_at > now:
        return found
    if found is not None:
        end(found)
    made = Ceremony.objects.create(
        organisation_id=rfp.organisation_id,
        rfp=rfp,
        kind=kind,
        offer_round=offer_round,
        needed=needed,
        ends_at=now + LASTS,
    )
    keystore.create(key_name(made.pk))
    jobs.enqueue(kind=END, subject_id=made.pk, actor=actor, not_before=made.ends_at)
    return made


def key_name(ceremony_id: uuid.UUID) -> str:
    return f"ceremony-{ceremony_id}"


@transaction.atomic
def expire(ceremony_id: uuid.UUID) -> None:
    """End a ceremony whose time is over; the key of one that opened is gone by now, come what may."""
    held = (
        Ceremony.objects.select_related("rfp").select_for_update(of=("self",)).get(pk=ceremony_id)
    )
    if held.state == CeremonyState.GATHERING:
        end(held)
    else:
        _forget(held)


@transaction.atomic
def end(ceremony: Ceremony) -> None:
    """End a ceremony whose time is over: what was turned cannot be read any more."""
    workflow.move(ceremony, CEREMONY, "end", actor=None, payload={"kind": ceremony.kind})
    _forget(ceremony)


def _forget(ceremony: Ceremony) -> None:
    transaction.on_commit(lambda: keystore.destroy(key_name(ceremony.pk)), robust=True)


def _read(code: str) -> bytes:
    try:
        return openers.read_code(code)
    except KeyRefused as error:
        raise Attempt(str(error), check="code") from None


def _slot_of(secret: bytes, rfp: Rfp, kind: KeyKind, lock: Lock, actor: User) -> str:
    """Return whose key this is: the actor's own or the spare; anything else is refused by name."""
    fitting = next((slot for slot in lock.openers if lock.fits(slot, secret)), None)
    if fitting in {str(actor.pk), "spare"}:
        return str(fitting)
    if fitting is not None:
        raise Attempt(
            _("This is the key of another opener. Each opener turns their own."), check="holder"
        )
    others = (lock_of(rfp, other) for other in key_kinds(rfp) if other != kind)
    if any(other.fits(slot, secret) for other in others for slot in other.openers):
        raise Attempt(_("This is the key of another envelope. Take the other code."), check="kind")
    raise Attempt(_("This key fits no envelope of this tender."), check="key")


def _require_first(ceremony: Ceremony, key: OpenerKey, actor: User) -> None:
    if ceremony.turns.filter(key=key).exists():
        raise Attempt(_("This key is turned already."), check="repeated")
    if ceremony.turns.filter(turned_by=actor).exists():
        raise Attempt(
            _("You have turned a key already. Another opener turns the next one."),
            check="repeated",
        )


def _bound(ceremony: Ceremony, key: OpenerKey) -> dict[str, str]:
    return {"ceremony": str(ceremony.pk), "kind": ceremony.kind, "key": str(key.pk)}


def _keep(ceremony: Ceremony, key: OpenerKey, secret: bytes) -> bytes:
    return keystore.encrypt(key_name(ceremony.pk), secret, _bound(ceremony, key))


def _open(ceremony: Ceremony, rfp: Rfp, lock: Lock, turns: list[Turn], actor: User) -> int:
    """Put the private key together, open everything of the kind, and forget the keys."""
    private = _together(ceremony, lock, turns)
    turned_by = sorted(str(one.turned_by_id) for one in turns)
    how = {"ceremony": str(ceremony.pk), "needed": lock.needed, "turned_by": turned_by}
    if ceremony.offer_round is not None:
        number = opening_offers.open_offers(
            offer_round=ceremony.offer_round, key=private, actor=actor, how=how
        )
    else:
        number = opening.open_envelopes(
            rfp=rfp, kind=KeyKind(ceremony.kind), key=private, actor=actor, how=how
        )
    workflow.move(ceremony, CEREMONY, "open", actor=actor, payload={**how, "kind": ceremony.kind})
    _forget(ceremony)
    return number


def _together(ceremony: Ceremony, lock: Lock, turns: list[Turn]) -> PrivateKey:
    try:
        secrets = {
            one.key.slot: keystore.decrypt(
                key_name(ceremony.pk), bytes(one.sealed), _bound(ceremony, one.key)
            )
            for one in turns
        }
        return lock.open(secrets)
    except (FileNotFoundError, NotAuthentic):
        raise Attempt(
            _(
                "Nothing was opened: a turned key was changed while it waited. Tell the auditor, and"
                " turn the keys again in a quarter of an hour."
            ),
            check="waiting key",
        ) from None
    except SealRefused as error:
        raise Attempt(
            _("Nothing was opened: {why} Tell the administrator and the auditor.").format(
                why=str(error)
            ),
            check="stored key",
        ) from None
