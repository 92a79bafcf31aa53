"""Deadlines that an outage touched, and what was asked for because of it."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db.models import QuerySet

from apps.bids.models import OfferExtension, OfferRound
from apps.bids.states import OfferState
from apps.rfp.models import Extension, Rfp, Round
from apps.rfp.selectors import round_of
from apps.rfp.states import ExtensionState, RfpState
from apps.workspace.models import Organisation, Procurement, User
from apps.workspace.selectors import procurements_visible_to


@dataclass(frozen=True)
class Moved:
    """One deadline that would move: of bids, or of the final offers."""

    title: str
    reference: str
    zone: str
    final: bool
    before: dt.datetime
    after: dt.datetime


@dataclass(frozen=True)
class AskedOutage:
    """A request that waits: tenders of whose panel a person is none are counted, not named."""

    id: uuid.UUID
    reason: str
    requested_by: str
    may_confirm: bool
    deadlines: tuple[Moved, ...]
    others: int


def touched(
    organisation: Organisation, begins_at: dt.datetime, ends_at: dt.datetime
) -> Sequence[Round | OfferRound]:
    """Return what has its deadline in the window, while nothing of it was opened.

    Rounds of published tenders, then requests for final offers that vendors have been sent.
    """
    rounds = Round.objects.filter(
        organisation=organisation,
        opened_at=None,
        rfp__state=RfpState.PUBLISHED,
        closes_at__range=(begins_at, ends_at),
    )
    offers = OfferRound.objects.filter(
        organisation=organisation,
        opened_at=None,
        state=OfferState.RUNNING,
        closes_at__range=(begins_at, ends_at),
    ).exclude(rfp__state=RfpState.CANCELLED)
    return [
        *rounds.select_related("rfp__procurement").order_by("rfp_id"),
        *offers.select_related("rfp__procurement", "rfp__round").order_by("pk"),
    ]


def is_sealed(rfp: Rfp) -> bool:
    """Whether the deadline for bids may still move: published, and no bid opened."""
    held = round_of(rfp)
    return rfp.state == RfpState.PUBLISHED and held is not None and held.opened_at is None


def requested(
    organisation: Organisation, outage: uuid.UUID
) -> Sequence[Extension | OfferExtension]:
    """Return what waits for a second person because of an outage, in the order of its locks."""
    rounds, offers = _waiting(organisation)
    return [
        *rounds.filter(outage=outage).order_by("rfp_id"),
        *offers.filter(outage=outage).order_by("offer_round_id"),
    ]


def waiting_outages(user: User, organisation: Organisation) -> tuple[AskedOutage, ...]:
    """Return the requests that wait for a second person, oldest first."""
    rounds, offers = _waiting(organisation)
    held: list[Extension | OfferExtension] = [
        *rounds.order_by("outage", "rfp_id"),
        *offers.order_by("outage", "offer_round_id"),
    ]
    seen = set(procurements_visible_to(user).values_list("pk", flat=True))
    groups = groupby(sorted(held, key=lambda one: str(one.outage)), key=lambda one: one.outage)
    return tuple(_asked(user, list(group), seen) for _outage, group in groups)


def _waiting(
    organisation: Organisation,
) -> tuple[QuerySet[Extension], QuerySet[OfferExtension]]:
    given = {"organisation": organisation, "state": ExtensionState.REQUESTED}
    rounds = Extension.objects.filter(outage__isnull=False, **given)
    offers = OfferExtension.objects.filter(**given)
    return (
        rounds.select_related("rfp__procurement", "rfp__round", "requested_by"),
        offers.select_related(
            "offer_round__rfp__procurement", "offer_round__rfp__round", "requested_by"
        ),
    )


def _asked(
    user: User, group: list[Extension | OfferExtension], seen: set[uuid.UUID]
) -> AskedOutage:
    first = group[0]
    assert first.outage is not None  # noqa: S101 -- the filter above
    named = [one for one in group if one.procurement_id in seen]
    return AskedOutage(
        id=first.outage,
        reason=first.reason,
        requested_by=first.requested_by.name,
        may_confirm=first.requested_by_id != user.pk,
        deadlines=tuple(_moved(one) for one in named),
        others=len({one.procurement_id for one in group} - seen),
    )


def _moved(one: Extension | OfferExtension) -> Moved:
    final = isinstance(one, OfferExtension)
    rfp = one.offer_round.rfp if isinstance(one, OfferExtension) else one.rfp
    case: Procurement = rfp.procurement
    return Moved(
        title=case.title,
        reference=case.reference,
        zone=rfp.round.zone,
        final=final,
        before=one.before if isinstance(one, OfferExtension) else rfp.round.closes_at,
        after=one.closes_at,
    )
