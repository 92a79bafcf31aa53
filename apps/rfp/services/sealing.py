"""Openers' keys: collected once, proved by typing them back, and the round's keys made of them.

A secret exists in clear in its opener's own request alone: shown there as a code, and again when it
is typed back. Stored is the public half.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core import clock
from apps.core.access import authorise
from apps.core.errors import Incomplete, NotAllowed, WrongState
from apps.proof import hashes, openers, sealing
from apps.proof.errors import KeyRefused, SealRefused
from apps.rfp.models import EnvelopeKey, KeyWrap, OpenerKey, Rehearsal, Rfp
from apps.rfp.models.sealing import SPARE
from apps.rfp.selectors.sealing import key_kinds, keys_of, openers_of, place_of
from apps.rfp.services.drafting import lock, record
from apps.rfp.states import KeyKind, RfpState
from apps.workspace.models import User


@dataclass(frozen=True)
class Code:
    """One code as its holder sees it, once."""

    kind: KeyKind
    text: str


@transaction.atomic
def collect(
    *, rfp: Rfp, actor: User, spare: bool = False, replace: bool = False
) -> tuple[Code, ...]:
    """Make this person's keys, one for each envelope, and return their codes: nobody keeps them.

    With `spare` a lead takes the codes of the spare key. `replace` makes new ones where the old
    codes were lost; they are proved anew.
    """
    lock(rfp)
    if rfp.state != RfpState.DRAFT:
        raise WrongState(
            _("The RFP is published: its keys stand. Use the codes that you collected before.")
        )
    _require_holder(rfp, actor, spare=spare)
    slot = SPARE if spare else str(actor.pk)
    kinds = key_kinds(rfp)
    held = OpenerKey.objects.filter(rfp=rfp, spare=spare)
    if not spare:
        held = held.filter(holder=actor)
    if not replace and held.filter(kind__in=kinds).count() == len(kinds):
        raise WrongState(
            _(
                "These codes were collected already, and they are shown once. If they are lost, make"
                " new ones."
            )
        )
    held.delete()
    codes = []
    for kind in kinds:
        secret = sealing.new_secret()
        public = sealing.key_of(secret, slot, place_of(rfp, kind)).public
        OpenerKey.objects.create(
            organisation_id=rfp.organisation_id,
            rfp=rfp,
            kind=kind,
            holder=actor,
            spare=spare,
            public=public.raw,
        )
        codes.append(Code(kind, openers.write_code(secret)))
    record(rfp, "collect_keys", actor, spare=spare, kinds=[kind.value for kind in kinds])
    return tuple(codes)


def _require_holder(rfp: Rfp, actor: User, *, spare: bool) -> None:
    """Let openers have keys of their own, and a lead who has none the spare."""
    authorise(actor, "rfp.author" if spare else "rfp.hold_key", rfp)
    opens = actor.pk in {one.pk for one in openers_of(rfp)}
    if spare and not rfp.spare_key:
        raise WrongState(_("No spare key is kept for this tender."))
    if spare and opens:
        raise NotAllowed(
            _("You hold a key of your own already. Another lead takes the codes of the spare key.")
        )
    if not spare and not opens:
        raise NotAllowed(_("Openers hold keys. Ask the procurement lead to appoint you as one."))


@transaction.atomic
def prove(*, rfp: Rfp, actor: User, codes: Mapping[str, str], spare: bool = False) -> None:
    """Check typed codes against the stored keys; `codes` are by the kind of envelope.

    In a draft this is the proof that publication asks for, afterwards a rehearsal before closing.
    Incomplete names each code that is not right; then nothing is proved.
    """
    authorise(actor, "rfp.hold_key", rfp)
    lock(rfp)
    draft = rfp.state == RfpState.DRAFT
    if not draft and rfp.state != RfpState.PUBLISHED:
        raise WrongState(_("The bids are open or the RFP is cancelled; no key is asked for."))
    held = OpenerKey.objects.filter(rfp=rfp, holder=actor, spare=spare, kind__in=key_kinds(rfp))
    keys = {one.kind: one for one in held.select_related("holder")}
    if not keys:
        raise WrongState(_("Collect your codes first."))
    wrong = {}
    for kind, key in keys.items():
        fault = _fault(key, rfp, codes.get(kind, ""))
        if fault:
            wrong[kind] = fault
    if wrong:
        raise Incomplete(_("Not proved: compare the codes with your sheet."), fields=wrong)
    for key in keys.values():
        if draft:
            key.proved_at = clock.now()
            key.save(update_fields=["proved_at"])
        else:
            Rehearsal.objects.create(organisation_id=rfp.organisation_id, key=key)
    record(rfp, "prove_keys" if draft else "rehearse_keys", actor, spare=spare)


def _fault(key: OpenerKey, rfp: Rfp, typed: str) -> str:
    """Say what is wrong with a typed code; nothing where it is this key's."""
    if not typed.strip():
        return _("Type the code from your sheet.")
    try:
        secret = openers.read_code(typed)
        held = sealing.key_of(secret, key.slot, place_of(rfp, KeyKind(key.kind)))
    except (KeyRefused, SealRefused) as error:
        return str(error)
    if held.public.raw != bytes(key.public):
        return _("This is the code of another key: another envelope, tender or person.")
    return ""


def make_locks(rfp: Rfp) -> dict[str, str]:
    """Make the keys of the envelopes and wrap them to the openers; return the digest of each.

    Called by publication, in its transaction: the private halves are never stored and forgotten
    when this returns.
    """
    people = {one.pk for one in openers_of(rfp)}
    OpenerKey.objects.filter(rfp=rfp, spare=False).exclude(holder__in=people).delete()
    OpenerKey.objects.filter(rfp=rfp).exclude(kind__in=key_kinds(rfp)).delete()
    if not rfp.spare_key:
        OpenerKey.objects.filter(rfp=rfp, spare=True).delete()
    return {kind.value: _make_lock(rfp, kind) for kind in key_kinds(rfp)}


def _make_lock(rfp: Rfp, kind: KeyKind) -> str:
    publics = {one.slot: sealing.PublicKey(bytes(one.public)) for one in keys_of(rfp, kind)}
    made = sealing.make_lock(publics, needed=rfp.keys_needed, context=place_of(rfp, kind))
    key = EnvelopeKey.objects.create(
        organisation_id=rfp.organisation_id,
        rfp=rfp,
        kind=kind,
        needed=made.needed,
        keys=len(publics),
        public=made.public.raw,
    )
    KeyWrap.objects.bulk_create(
        KeyWrap(
            organisation_id=rfp.organisation_id,
            rfp=rfp,
            key=key,
            openers=list(group),
            blob=blob,
        )
        for group, blob in made.wraps.items()
    )
    return hashes.of_bytes(made.public.raw)
