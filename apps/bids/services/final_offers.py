"""A vendor's final offer: the price sheets alone, sealed anew, with a receipt of its own."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from apps.bids import adapters, selectors
from apps.bids.models import Bid, OfferRound, PriceSheet, Submission, WithdrawnOffer
from apps.bids.selectors.own_offers import asked_lots, standing_offer
from apps.bids.services.deadline import hold_offers, require_in_time, require_open
from apps.bids.services.keeping import hand_over
from apps.bids.services.packing import pack_price
from apps.bids.services.sheets import keep_sheet
from apps.bids.services.signing_off import require_signed
from apps.bids.services.submitting import promise_paper, seal, tell_owners
from apps.bids.states import Offer, SignOffPart
from apps.bids.types.draft import WHOLE
from apps.bids.types.keeping import NOTHING_YET, Keeps
from apps.core import audit, keystore
from apps.core.access import authorise
from apps.core.errors import Conflict, Incomplete, WrongState
from apps.rfp.models import Lot
from apps.rfp.selectors import pack_version, require_lot
from apps.workspace.models import User


@transaction.atomic
def save(*, bid: Bid, raw: object, version: int, actor: User, lot: Lot | None = None) -> PriceSheet:
    """Save the price sheet of the final offer; nothing is offered before it is submitted.

    `version` is the one it was written on, 0 where the first offer was the starting point. Where
    the tender has lots, the sheet is of one that this bid is asked for.
    """
    authorise(actor, "bids.price", bid)
    require_open(hold_offers(bid.pk))
    require_lot(bid.round.rfp.procurement, lot)
    if lot is not None and lot not in asked_lots(bid):
        raise WrongState(_("No final offer is asked for in this lot. Your first offer stands."))
    if not PriceSheet.objects.filter(bid=bid, offer=Offer.FINAL).exists():
        keystore.create(adapters.draft_key(bid.pk, Offer.FINAL))
    return keep_sheet(bid=bid, lot=lot, offer=Offer.FINAL, raw=raw, version=version, actor=actor)


@transaction.atomic
def submit(
    *,
    bid: Bid,
    actor: User,
    arrived_at: dt.datetime,
    from_edge: bool,
    covers: Mapping[str, int | None] | None = None,
    keeps: Keeps = NOTHING_YET,
) -> Submission:
    """Seal the saved price as the final offer; it counts when it arrived before the closing time.

    `covers` has the lots it is for, by code, each with the version of the sheet that was read: while
    people type, another may have been saved. None is for all whose sheet is saved. In a lot that it
    does not cover the first offer stands, whatever an earlier final offer said.

    The last one counts. A repeated click on unchanged sheets returns the submission that stands.
    The key of the saved sheets goes to the vendor, as that of the bid did.
    """
    authorise(actor, "bids.submit", bid)
    moment = hold_offers(bid.pk)
    Bid.objects.select_for_update(of=("self",)).get(pk=bid.pk)
    last, stands = bid.submissions.order_by("-number").first(), standing_offer(bid)
    saved = _saved(bid)
    covered = _covered(saved, covers)
    if stands and covered and stands.sheets == {code: saved[code].version for code in covered}:
        return stands
    require_in_time(moment, arrived_at)
    sheets = _read(bid, [saved[code] for code in covered])
    if any((covers or {}).get(code) not in {None, saved[code].version} for code in covered):
        raise Conflict(
            _(
                "Not submitted: the price sheet was saved again since you read it. Read it, then submit."
            )
        )
    require_signed(bid, {SignOffPart.PRICE})
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = on")
    submission = Submission(
        organisation_id=bid.organisation_id,
        vendor_id=bid.vendor_id,
        bid=bid,
        offer_round=_round_of(bid),
        sheets={code: saved[code].version for code in covered},
        lots=[code for code in covered if code],
        number=last.number + 1 if last else 1,
        answers_version=last.answers_version if last else 1,
        priced_on=pack_version(bid.round.rfp),
        arrived_at=arrived_at,
        from_edge=from_edge,
        submitted_by=actor,
    )
    seal(submission, pack_price(bid, sheets, submission, last))
    hand_over(submission, actor=actor, keeps=keeps)
    _record(submission, actor)
    return submission


@transaction.atomic
def withdraw(*, bid: Bid, actor: User) -> None:
    """Take the final offer back before the closing time: the first offer stands again.

    What was saved stays, and can be submitted again. Nothing that was taken back is opened.
    """
    authorise(actor, "bids.withdraw", bid)
    require_open(hold_offers(bid.pk))
    Bid.objects.select_for_update(of=("self",)).get(pk=bid.pk)
    stands = standing_offer(bid)
    if stands is None:
        raise WrongState(
            _("There is no submitted final offer to withdraw. Your first offer stands.")
        )
    WithdrawnOffer.objects.create(
        organisation_id=bid.organisation_id,
        vendor_id=bid.vendor_id,
        submission=stands,
        withdrawn_by=actor,
    )
    audit.record(
        action="bids.withdraw_offer",
        actor=actor,
        subject=bid,
        payload={
            "manifest_digest": stands.manifest_digest,
            "number": stands.number,
            "withdrawn": str(stands.pk),
        },
    )
    tell_owners(bid, actor, "offer_withdrawn", f"bids.withdraw_offer:{stands.pk}", stands)


def _saved(bid: Bid) -> dict[str, PriceSheet]:
    """Return the stored sheets of the final offer by code of the lot, in the order of the lots."""
    held = PriceSheet.objects.filter(bid=bid, offer=Offer.FINAL)
    ordered = held.select_related("lot").order_by("lot__position", "lot__pk")
    return {one.lot.code if one.lot else WHOLE: one for one in ordered}


def _covered(saved: Collection[str], lots: Collection[str] | None) -> list[str]:
    """Return the codes that a submission is to cover, in the order of the lots."""
    if lots is None or WHOLE in {*saved, *lots}:
        return list(saved)
    if not lots or not set(lots) <= set(saved):
        sentence = _("Not submitted: choose at least one lot whose price sheet you have saved.")
        raise Incomplete(sentence, fields={"lots": sentence})
    return [code for code in saved if code in lots]


def _read(bid: Bid, stored: Collection[PriceSheet]) -> dict[str, dict[str, Any]]:
    """Decrypt what is to be sealed, by code of the lot."""
    found = {}
    for one in stored:
        price = selectors.price_of(bid, one.lot, Offer.FINAL)
        if price is not None:
            found[one.lot.code if one.lot else WHOLE] = price.sheet
    if not found:
        raise Incomplete(
            _("Not submitted: save the price sheet of your final offer first."),
            fields={"price": _("Price sheet: not saved")},
        )
    return found


def _round_of(bid: Bid) -> OfferRound:
    asked = selectors.own_offer(bid)
    assert asked is not None  # noqa: S101 -- `hold_offers` found it
    return asked.offer_round


def _record(submission: Submission, actor: User) -> None:
    submission.refresh_from_db(fields=["committed_at"])
    audit.record(
        action="bids.submit_offer",
        actor=actor,
        subject=submission,
        payload={
            "arrived_at": submission.arrived_at.isoformat(timespec="milliseconds"),
            "from_edge": submission.from_edge,
            "manifest_digest": submission.manifest_digest,
            "number": submission.number,
            "submission": str(submission.pk),
            **({"lots": submission.lots} if submission.lots else {}),
        },
    )
    tell_owners(submission.bid, actor, "offer_receipt", f"bids.receipt:{submission.pk}", submission)
    promise_paper(submission, actor)
