"""Deadlines that an outage touched, and what was asked for because of it."""

import datetime as dt
import uuid
from dataclasses import dataclass
from itertools import groupby

from apps.rfp.models import Extension, Rfp, Round
from apps.rfp.selectors import extending
from apps.rfp.selectors.reading import round_of
from apps.rfp.states import ExtensionState, RfpState
from apps.workspace.models import Organisation, User
from apps.workspace.selectors import procurements_visible_to


@dataclass(frozen=True)
class Moved:
    """One deadline that would move."""

    title: str
    reference: str
    zone: str
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
) -> list[Round]:
    """Return the rounds whose deadline lies in the window, while their bids are sealed."""
    held = Round.objects.filter(
        organisation=organisation,
        opened_at=None,
        rfp__state=RfpState.PUBLISHED,
        closes_at__range=(begins_at, ends_at),
    )
    return list(held.select_related("rfp__procurement").order_by("rfp_id"))


def is_sealed(rfp: Rfp) -> bool:
    """Whether the deadline may still move: published, and no bid opened."""
    held = round_of(rfp)
    return rfp.state == RfpState.PUBLISHED and held is not None and held.opened_at is None


def confirmers_of(rfp: Rfp, *, without: User) -> dict[str, str]:
    return extending.confirmers_of(rfp, without=without)


def waiting_outages(user: User, organisation: Organisation) -> tuple[AskedOutage, ...]:
    """Return the requests that wait for a second person, oldest first."""
    held = Extension.objects.filter(
        organisation=organisation, outage__isnull=False, state=ExtensionState.REQUESTED
    ).select_related("rfp__procurement", "rfp__round", "requested_by")
    seen = set(procurements_visible_to(user).values_list("pk", flat=True))
    groups = groupby(held.order_by("outage", "rfp_id"), key=lambda one: one.outage)
    return tuple(_asked(user, list(group), seen) for _outage, group in groups)


def _asked(user: User, group: list[Extension], seen: set[uuid.UUID]) -> AskedOutage:
    first = group[0]
    assert first.outage is not None  # noqa: S101 -- the filter above
    named = [one for one in group if one.rfp.procurement_id in seen]
    return AskedOutage(
        id=first.outage,
        reason=first.reason,
        requested_by=first.requested_by.name,
        may_confirm=first.requested_by_id != user.pk,
        deadlines=tuple(
            Moved(
                title=one.rfp.procurement.title,
                reference=one.rfp.procurement.reference,
                zone=one.rfp.round.zone,
                before=one.rfp.round.closes_at,
                after=one.closes_at,
            )
            for one in named
        ),
        others=len(group) - len(named),
    )
