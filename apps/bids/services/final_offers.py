"""A vendor's final offer: the price sheet alone, sealed anew, with a receipt of its own."""

import datetime as dt

from django.db import connection, transaction
from django.utils.translation import gettext as _

from apps.bids import adapters, selectors
from apps.bids.models import Bid, OfferRound, PriceSheet, Submission
from apps.bids.services.deadline import hold_offers, require_in_time, require_open
from apps.bids.services.keeping import hand_over
from apps.bids.services.packing import pack_price
from apps.bids.services.sheets import keep_sheet
from apps.bids.services.signing_off import require_signed
from apps.bids.services.submitting import promise_paper, seal, tell_owners
from apps.bids.states import Offer, SignOffPart
from apps.bids.types.keeping import NOTHING_YET, Keeps
from apps.core import audit, keystore
from apps.core.access import authorise
from apps.core.errors import Conflict, Incomplete
from apps.rfp.selectors import pack_version
from apps.workspace.models import User


@transaction.atomic
def save(*, bid: Bid, raw: object, version: int, actor: User) -> PriceSheet:
    """Save the price sheet of the final offer; nothing is offered before it is submitted.

    `version` is the one it was written on, 0 where the first offer was the starting point.
    """
    authorise(actor, "bids.price", bid)
    require_open(hold_offers(bid.pk))
    if not PriceSheet.objects.filter(bid=bid, offer=Offer.FINAL).exists():
        keystore.create(adapters.draft_key(bid.pk, Offer.FINAL))
    return keep_sheet(bid=bid, offer=Offer.FINAL, raw=raw, version=version, actor=actor)


@transaction.atomic
def submit(
    *,
    bid: Bid,
    actor: User,
    arrived_at: dt.datetime,
    from_edge: bool,
    keeps: Keeps = NOTHING_YET,
    seen: int | None = None,
) -> Submission:
    """Seal the saved price as the final offer; it counts when it arrived before the closing time.

    The last one counts. A repeated click on an unchanged sheet returns the submission that stands.
    The key of the saved sheet goes to the vendor, as that of the bid did. `seen` is the version of
    the sheet that was read: while people type, another one may have been saved since.
    """
    authorise(actor, "bids.submit", bid)
    moment = hold_offers(bid.pk)
    Bid.objects.select_for_update(of=("self",)).get(pk=bid.pk)
    stored = PriceSheet.objects.filter(bid=bid, offer=Offer.FINAL).first()
    last = bid.submissions.order_by("-number").first()
    if last and last.offer_round_id and stored and last.sheet_version == stored.version:
        return last
    require_in_time(moment, arrived_at)
    sheet = selectors.price_of(bid, offer=Offer.FINAL)
    if sheet is None:
        raise Incomplete(
            _("Not submitted: save the price sheet of your final offer first."),
            fields={"price": _("Price sheet: not saved")},
        )
    if seen not in {None, sheet.version}:
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
        sheet_version=sheet.version,
        number=last.number + 1 if last else 1,
        answers_version=last.answers_version if last else 1,
        priced_on=pack_version(bid.round.rfp),
        arrived_at=arrived_at,
        from_edge=from_edge,
        submitted_by=actor,
    )
    seal(submission, pack_price(bid, sheet.sheet, submission, last))
    hand_over(submission, actor=actor, keeps=keeps)
    _record(submission, actor)
    return submission


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
        },
    )
    tell_owners(submission.bid, actor, "offer_receipt", f"bids.receipt:{submission.pk}", submission)
    promise_paper(submission, actor)
