"""The moment that decides: what the database's clock says about a round, and how it is told."""

import datetime as dt
import uuid
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.bids.states import BidState
from apps.core.errors import NotFound, WrongState
from apps.rfp.states import RfpState


@dataclass(frozen=True)
class Moment:
    """A round as it stands while its row is locked: nobody opens it before we are done."""

    closes_at: dt.datetime
    grace: dt.timedelta
    zone: str
    opened_at: dt.datetime | None
    rfp_state: str
    now: dt.datetime

    @property
    def opens_at(self) -> dt.datetime:
        return self.closes_at + self.grace


def hold(round_id: uuid.UUID) -> Moment:
    """Lock a round against its opening and read it with the database's clock.

    `FOR SHARE` lets submissions run side by side; the opening's `FOR UPDATE` waits for all of them.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.closes_at, r.grace, r.zone, r.opened_at, f.state, cceval_now()"
            " FROM rfp_round r JOIN rfp_rfp f ON f.id = r.rfp_id"
            " WHERE r.id = %s FOR SHARE OF r",
            [round_id],
        )
        row = cursor.fetchone()
    if row is None:
        raise NotFound(_("There is no such round."))
    return Moment(*row)


def hold_draft(bid_id: uuid.UUID) -> Moment:
    """Lock a bid against being submitted while an answer is saved; refuse unless it may change."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT b.state, r.closes_at, r.grace, r.zone, r.opened_at, f.state, cceval_now()"
            " FROM bids_bid b JOIN rfp_round r ON r.id = b.round_id"
            " JOIN rfp_rfp f ON f.id = r.rfp_id WHERE b.id = %s FOR SHARE OF b",
            [bid_id],
        )
        row = cursor.fetchone()
    if row is None:
        raise NotFound(_("There is no such bid."))
    state, moment = row[0], Moment(*row[1:])
    if state == BidState.SUBMITTED:
        raise WrongState(_("This bid is submitted. Reopen it first if you want to change it."))
    if state == BidState.WITHDRAWN:
        raise WrongState(_("This bid is withdrawn. Reopen it first if you want to change it."))
    require_open(moment)
    return moment


def hold_offers(bid_id: uuid.UUID) -> Moment:
    """Lock the final offers that a bid is asked for against their opening; its times are theirs."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT o.closes_at, r.grace, r.zone, o.opened_at, f.state, cceval_now()"
            " FROM bids_offerround o JOIN bids_offerrequest q ON q.offer_round_id = o.id"
            " JOIN rfp_rfp f ON f.id = o.rfp_id JOIN rfp_round r ON r.rfp_id = f.id"
            " WHERE q.bid_id = %s AND q.sent_at IS NOT NULL FOR SHARE OF o",
            [bid_id],
        )
        row = cursor.fetchone()
    if row is None:
        raise NotFound(_("No final offer is asked for here."))
    return Moment(*row)


def require_open(moment: Moment) -> None:
    """Refuse once the deadline has passed by the database's clock, or the tender is no more."""
    _require_standing(moment)
    if moment.now >= moment.closes_at or moment.opened_at:
        raise WrongState(
            _("The deadline passed on {closed}. Nothing can be changed any more.").format(
                closed=exact(moment.closes_at, moment.zone)
            )
        )


def require_in_time(moment: Moment, arrived_at: dt.datetime) -> None:
    """Refuse a submission that arrived at the deadline or later, with the exact times.

    The arrival decides. The grace is the platform's own time for its work, not the vendor's.
    """
    _require_standing(moment)
    if arrived_at >= moment.closes_at or moment.opened_at or moment.now >= moment.opens_at:
        raise WrongState(
            _(
                "Not submitted: your bid arrived on {arrived}, the deadline was {closed}."
                " A bid counts when it arrives before the deadline."
            ).format(
                arrived=exact(arrived_at, moment.zone), closed=exact(moment.closes_at, moment.zone)
            )
        )


def _require_standing(moment: Moment) -> None:
    if moment.rfp_state == RfpState.CANCELLED:
        raise WrongState(_("The buyer cancelled this tender. No bid is taken any more."))


def exact(moment: dt.datetime, zone: str) -> str:
    """Write a time to the millisecond, with its zone: 2 October 2026, 15:00:00.000 CEST."""
    local = moment.astimezone(ZoneInfo(zone))
    day, clock = date_format(local, "j F Y", use_l10n=False), local.strftime("%H:%M:%S")
    return f"{day}, {clock}.{local.microsecond // 1000:03} {local.tzname()}"


def to_the_minute(moment: dt.datetime, zone: str) -> str:
    """Write a deadline for a mail: Fri 2 October 2026, 15:00 CEST. Seconds are cut: never later."""
    local = moment.astimezone(ZoneInfo(zone))
    day = date_format(local, "D j F Y", use_l10n=False)
    return f"{day}, {local.strftime('%H:%M')} {local.tzname()}"
