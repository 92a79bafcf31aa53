"""Conflicts with one vendor: what of a round no longer counts, and what waits for a lead."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from apps.bids import selectors as bids
from apps.bids.models import Bid
from apps.core.access import authorise, can
from apps.core.errors import NotFound
from apps.matrix.models import Consensus, Score, ScoringRound
from apps.matrix.states import ScoringPhase
from apps.matrix.types import Desk
from apps.rfp.models import Rfp
from apps.workspace.models import NamedConflict, Procurement, Recusal, User
from apps.workspace.selectors import procurement_for
from apps.workspace.states import Phase

# While scores are given and agreed, and before; a lock settles what counts.
OPEN = frozenset({Phase.PREPARING, Phase.TENDERING, Phase.TECHNICAL})


@dataclass(frozen=True)
class Recused:
    """An evaluator, the bid that does not exist for them any more, and since when."""

    evaluator: uuid.UUID
    bid: uuid.UUID
    since: dt.datetime


def recused_in(scoring_round: ScoringRound) -> tuple[Recused, ...]:
    """Return who is recused from which bid of a round: one query where nobody is, else two."""
    held = Recusal.objects.filter(
        procurement=scoring_round.procurement_id, vendor__isnull=False
    ).values_list("user_id", "vendor_id", "created_at")
    rows = list(held.order_by("created_at", "pk"))
    if not rows:
        return ()
    vendors = {vendor for _user, vendor, _at in rows}
    opened = Bid.objects.filter(round__rfp=scoring_round.rfp_id, vendor_id__in=vendors)
    bid_of = dict(opened.values_list("vendor_id", "pk"))
    return tuple(Recused(user, bid_of[vendor], at) for user, vendor, at in rows if vendor in bid_of)


def counting_scores(scoring_round: ScoringRound) -> QuerySet[Score]:
    """Return every version of the scores that count: without those of who is recused from the bid."""
    held = Score.objects.filter(scoring_round=scoring_round)
    out = [Q(evaluator=one.evaluator, bid=one.bid) for one in recused_in(scoring_round)]
    return held.exclude(reduce(or_, out)) if out else held


def counting_agreements(scoring_round: ScoringRound) -> QuerySet[Consensus]:
    """Return every version of the agreements that count.

    One that was reached with a score of somebody who was recused afterwards is reached anew.
    """
    held = Consensus.objects.filter(scoring_round=scoring_round)
    out = [_reached_with(scoring_round, one) for one in recused_in(scoring_round)]
    return held.exclude(reduce(or_, out)) if out else held


def _reached_with(scoring_round: ScoringRound, one: Recused) -> Q:
    heard = Score.objects.filter(
        scoring_round=scoring_round, evaluator=one.evaluator, bid=one.bid
    ).values("question_id")
    return Q(bid=one.bid, created_at__lt=one.since, question_id__in=heard)


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
    vendors: tuple[tuple[str, str], ...]


def conflicts_page(user: User, desk: Desk) -> ConflictsPage:
    """Return what this person may know: names of vendors are for who names or settles them."""
    procurement = desk.procurement
    named = can(user, "matrix.name_conflict", procurement)
    settles = can(user, "matrix.settle_conflict", procurement)
    locked = bool(desk.scoring_round and desk.scoring_round.phase == ScoringPhase.LOCKED)
    going = procurement.phase in OPEN and not locked
    mine = NamedConflict.objects.filter(procurement=procurement, user=user)
    done = Recusal.objects.filter(procurement=procurement).select_related("user", "vendor")
    return ConflictsPage(
        may_name=named and going,
        may_settle=settles and going,
        own=tuple(mine.select_related("recusal").order_by("created_at", "pk")) if named else (),
        waiting=tuple(waiting_in(procurement)) if settles else (),
        settled=tuple(done.order_by("created_at", "pk")) if settles else (),
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
