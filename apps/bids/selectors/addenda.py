"""Addenda on both sides: what a vendor reads and has to do, who has acknowledged what."""

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.bids.models import Acknowledgement, Bid, Confirmation, Invitation, Submission
from apps.bids.selectors.drafts import bid_for, first_offers
from apps.bids.selectors.invitations import invitations_of
from apps.bids.states import BidState, InvitationState
from apps.core import clock
from apps.core.access import can
from apps.core.errors import NotFound
from apps.rfp.models import Addendum, Rfp
from apps.rfp.selectors import pack_version, published_addenda
from apps.rfp.selectors.amending import Published
from apps.rfp.selectors.differences import Difference
from apps.rfp.states import AddendumState, Consequence
from apps.rfp.types import Desk
from apps.workspace.models import User


@dataclass(frozen=True)
class BidAddendum:
    """An addendum as a subject of one bid: it knows whose acknowledgement is meant."""

    bid: Bid
    addendum: Addendum

    @property
    def vendor_id(self) -> uuid.UUID:
        return self.bid.vendor_id


@dataclass(frozen=True)
class Notice:
    """An addendum as one vendor reads it: what changed, and what it means for its own bid."""

    addendum: Addendum
    differences: tuple[Difference, ...]
    sentence: str
    acknowledged_by: str
    acknowledged_at: dt.datetime | None
    may_acknowledge: bool
    may_confirm: bool


@dataclass(frozen=True)
class NoticesPage:
    notices: tuple[Notice, ...]
    version: int


def addendum_of_bid(user: User, *, bid_id: uuid.UUID, addendum_id: uuid.UUID) -> BidAddendum:
    bid = bid_for(user, bid_id=bid_id)
    found = Addendum.objects.filter(
        rfp_id=bid.round.rfp_id, pk=addendum_id, state=AddendumState.PUBLISHED
    ).first()
    if found is None:
        raise NotFound(_("There is no such addendum of this RFP."))
    return BidAddendum(bid, found)


def unacknowledged(bid: Bid) -> int:
    """Return how many addenda this vendor has not acknowledged."""
    mine = Acknowledgement.objects.filter(vendor_id=bid.vendor_id).values("addendum_id")
    held = Addendum.objects.filter(rfp_id=bid.round.rfp_id, state=AddendumState.PUBLISHED)
    return held.exclude(pk__in=mine).count()


def notices_page(user: User, bid: Bid) -> NoticesPage:
    """Return every addendum, newest first, with its consequence for this bid in a sentence."""
    rfp = bid.round.rfp
    said = {
        one.addendum_id: one
        for one in Acknowledgement.objects.filter(
            vendor_id=bid.vendor_id, addendum__rfp=rfp
        ).select_related("acknowledged_by")
    }
    last = first_offers(bid.submissions.all()).first()
    held = Confirmation.objects.filter(submission=last) if last else Confirmation.objects.none()
    confirmed = {one.addendum_id: one for one in held}
    over = clock.database_now() >= bid.round.closes_at
    published = published_addenda(rfp)
    notices = (_notice(user, bid, last, one, said, confirmed, over=over) for one in published)
    version = published[0].addendum.version if published else 1
    return NoticesPage(notices=tuple(notices), version=version or 1)


def _notice(  # noqa: PLR0913 -- everything that was read once for all notices
    user: User,
    bid: Bid,
    last: Submission | None,
    one: Published,
    said: Mapping[uuid.UUID, Acknowledgement],
    confirmed: Mapping[uuid.UUID, Confirmation],
    *,
    over: bool,
) -> Notice:
    mine = said.get(one.addendum.pk)
    behind = _behind(bid, last, one.addendum)
    waits = behind and one.addendum.consequence == Consequence.CONFIRM
    return Notice(
        addendum=one.addendum,
        differences=one.differences,
        sentence=_sentence(bid, last, one, confirmed.get(one.addendum.pk)),
        acknowledged_by=mine.acknowledged_by.name if mine else "",
        acknowledged_at=mine.created_at if mine else None,
        may_acknowledge=mine is None and can(user, "bids.acknowledge", bid),
        may_confirm=waits
        and not over
        and one.addendum.pk not in confirmed
        and can(user, "bids.confirm", bid),
    )


def _behind(bid: Bid, last: Submission | None, addendum: Addendum) -> bool:
    """Whether the submitted bid answers an earlier version than this addendum made."""
    submitted = bid.state == BidState.SUBMITTED and last is not None
    return submitted and last.answers_version < (addendum.version or 0)  # type: ignore[union-attr]  # submitted says so


def _sentence(
    bid: Bid, last: Submission | None, one: Published, confirmed: Confirmation | None
) -> str:
    if bid.state != BidState.SUBMITTED or last is None:
        return _("You have no submitted bid. What you submit now answers the newest version.")
    if not _behind(bid, last, one.addendum):
        return _("Your submitted bid answers version {n}, which includes this change.").format(
            n=last.answers_version
        )
    start = _("Your submitted bid answers version {n}. {changed}").format(
        n=last.answers_version, changed=_changed(one.differences)
    )
    return f"{start} {_todo(one.addendum, confirmed)}"


def _todo(addendum: Addendum, confirmed: Confirmation | None) -> str:
    if addendum.consequence == Consequence.STANDS:
        return _("It stands as it is. You can still change it and submit again.")
    if addendum.consequence == Consequence.RESUBMIT:
        return _(
            "Submit again before the deadline, or it will be judged as it stands and marked as"
            " answering an earlier version."
        )
    if confirmed is not None:
        return _("You confirmed that it stands.")
    return _(
        "Confirm before the deadline that it stands, or submit again. Otherwise it will be judged"
        " as it stands and marked as not confirmed."
    )


def _changed(differences: Iterable[Difference]) -> str:
    every = tuple(differences)
    codes = sorted({one.code for one in every if one.code})
    parts = sorted({one.label for one in every if not one.code})
    said = []
    if codes:
        said.append(
            ngettext("Question {codes} changed.", "Questions {codes} changed.", len(codes)).format(
                codes=", ".join(codes)
            )
        )
    if parts:
        said.append(_("Changed: {parts}.").format(parts=", ".join(parts)))
    return " ".join(said)


@dataclass(frozen=True)
class Reader:
    """An invited vendor and, per addendum, who acknowledged it and when."""

    invitation: Invitation
    cells: tuple[Acknowledgement | None, ...]


@dataclass(frozen=True)
class ReadersPage:
    addenda: tuple[Addendum, ...]
    readers: tuple[Reader, ...]
    zone: str


def readers_page(user: User, desk: Desk) -> ReadersPage:
    """Return who has acknowledged which addendum: three queries, however many vendors."""
    rfp = desk.rfp
    if rfp is None:
        return ReadersPage((), (), "UTC")
    held = Addendum.objects.filter(rfp=rfp, state=AddendumState.PUBLISHED).order_by("version")
    addenda = tuple(held)
    said = {
        (one.vendor_id, one.addendum_id): one
        for one in Acknowledgement.objects.filter(addendum__rfp=rfp).select_related(
            "acknowledged_by"
        )
    }
    invited = invitations_of(user, rfp).exclude(state=InvitationState.DECLINED)
    return ReadersPage(
        addenda=addenda,
        readers=tuple(
            Reader(one, tuple(said.get((one.vendor_id, held.pk)) for held in addenda))
            for one in invited
        ),
        zone=rfp.round.zone if hasattr(rfp, "round") else "UTC",
    )


def marks_of(rfp: Rfp, submissions: Iterable[Submission]) -> dict[uuid.UUID, str]:
    """Return, per opened bid, what the panel has to know about the version it answers."""
    addenda = list(
        Addendum.objects.filter(rfp=rfp, state=AddendumState.PUBLISHED).order_by("version")
    )
    newest = pack_version(rfp)
    if not addenda and not newest:
        return {}
    held = list(submissions)
    confirmed = set(
        Confirmation.objects.filter(submission__in=held).values_list("submission_id", "addendum_id")
    )
    return {
        one.bid_id: " ".join((*_mark(one, addenda, confirmed), *_priced(one, newest)))
        for one in held
    }


def _priced(one: Submission, newest: int) -> Iterator[str]:
    """Say on which version of the data pack a price was made, where there is one."""
    if newest:
        yield _("Priced on version {n} of {newest} of the data pack.").format(
            n=one.priced_on, newest=newest
        )


def _mark(
    one: Submission, addenda: list[Addendum], confirmed: set[tuple[uuid.UUID, uuid.UUID]]
) -> list[str]:
    said = [_("Answers version {n}.").format(n=one.answers_version)] if addenda else []
    for addendum in addenda:
        if one.answers_version >= (addendum.version or 0):
            continue
        if addendum.consequence == Consequence.RESUBMIT:
            said.append(_("Version {n} asked to submit again.").format(n=addendum.version))
        elif addendum.consequence == Consequence.CONFIRM:
            done = (one.pk, addendum.pk) in confirmed
            text = (
                _("Confirmed after version {n}.") if done else _("Not confirmed after version {n}.")
            )
            said.append(text.format(n=addendum.version))
    return said
