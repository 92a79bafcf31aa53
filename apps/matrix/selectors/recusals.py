"""Conflicts with one vendor: what of a round no longer counts, and what waits for a lead."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.bids import selectors as bids
from apps.core.access import authorise, can
from apps.core.errors import NotFound
from apps.matrix.states import ScoringPhase
from apps.matrix.types import Desk
from apps.rfp.models import Rfp
from apps.workspace.models import NamedConflict, Procurement, Recusal, User
from apps.workspace.selectors import procurement_for
from apps.workspace.states import Phase

# While scores are given and agreed, and before; a lock settles what counts.
OPEN = frozenset({Phase.PREPARING, Phase.TENDERING, Phase.TECHNICAL})
# After the lock, until vendors were told: a conflict found now asks for the scores to be re-opened.
LATE = frozenset({Phase.COMMERCIAL, Phase.SHORTLIST})


def waiting_in(procurement: Procurement) -> QuerySet[NamedConflict]:
    """Return the named conflicts that no lead has settled, oldest first."""
    held = NamedConflict.objects.filter(procurement=procurement, recusal=None)
    return held.select_related("user").order_by("created_at", "pk")


@dataclass(frozen=True)
class ConflictsPage:
    """Conflicts with one vendor, on a page of their own: one's own, and for a lead what waits."""

    may_name: bool
    may_settle: bool
    own: tuple[NamedConflict, ...]
    waiting: tuple[NamedConflict, ...]
    settled: tuple[Recusal, ...]
    late: bool  # the scores are locked: what is named now asks for them to be re-opened
    vendors: tuple[tuple[str, str], ...]


def conflicts_page(user: User, desk: Desk) -> ConflictsPage:
    """Return what this person may know: names of vendors are for who names or settles them."""
    procurement = desk.procurement
    named = can(user, "matrix.name_conflict", procurement)
    settles = can(user, "matrix.settle_conflict", procurement)
    locked = bool(desk.scoring_round and desk.scoring_round.phase == ScoringPhase.LOCKED)
    going = procurement.phase in (LATE if locked else OPEN)
    mine = NamedConflict.objects.filter(procurement=procurement, user=user)
    done = Recusal.objects.filter(procurement=procurement).select_related("user", "vendor")
    return ConflictsPage(
        may_name=named and going,
        may_settle=settles and going,
        own=tuple(mine.select_related("recusal").order_by("created_at", "pk")) if named else (),
        waiting=tuple(waiting_in(procurement)) if settles else (),
        settled=tuple(done.order_by("created_at", "pk")) if settles else (),
        late=locked,
        vendors=vendors_of(user, procurement) if settles else (),
    )


def vendors_of(user: User, procurement: Procurement) -> tuple[tuple[str, str], ...]:
    """Return the vendors that were invited, by identifier, in the order of names."""
    rfp = Rfp.objects.filter(procurement=procurement).first()
    if rfp is None:
        return ()
    held = {(one.vendor.name, str(one.vendor_id)) for one in bids.invitations_of(user, rfp)}
    return tuple((pk, name) for name, pk in sorted(held))


def conflict_for(user: User, *, procurement_id: uuid.UUID, conflict_id: uuid.UUID) -> NamedConflict:
    """Return one named conflict for a lead who settles it; to others there is none."""
    procurement = procurement_for(user, procurement_id=procurement_id)
    authorise(user, "matrix.settle_conflict", procurement)
    held = NamedConflict.objects.filter(procurement=procurement, pk=conflict_id)
    found = held.select_related("user", "procurement").first()
    if found is None:
        raise NotFound(_("There is no such conflict in this procurement."))
    return found


def names_waiting(procurement: Procurement) -> Sequence[str]:
    """Return whose named conflicts wait, each person once."""
    return list(dict.fromkeys(one.user.name for one in waiting_in(procurement)))
