"""Who is taken from a request for information: the published rule, applied to the locked scores."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext as _

from apps.bids import selectors as bids
from apps.bids.models import Shortlist
from apps.bids.selectors import shortlist as shortlists
from apps.bids.states import ShortlistState
from apps.core.access import can
from apps.matrix.models import Ranking
from apps.matrix.selectors import findings
from apps.matrix.selectors.frozen import frozen
from apps.matrix.selectors.rounds import latest_of_stage, latest_round
from apps.rfp import answers
from apps.rfp.models import Question, Rfp
from apps.rfp.selectors import shortlist_rule
from apps.rfp.selectors.extending import confirmers_of
from apps.rfp.selectors.informing import Rule
from apps.rfp.states import ShortlistRule
from apps.rfp.types import Desk
from apps.workspace.models import User
from apps.workspace.states import Phase

QUALITY = "quality"


class Verdict(StrEnum):
    """What the rule says of one bid; of a tie for the last places it says nothing."""

    TAKEN = "taken"
    LEFT = "left"
    TIED = "tied"


@dataclass(frozen=True)
class Standing:
    """One opened bid before the rule: its quality points of 100 as they were frozen, its rank.

    Points are empty and the rank None where nothing was scored, or where it is not admitted.
    """

    bid_id: uuid.UUID
    letter: str
    name: str
    admitted: bool
    points: str = ""
    rank: int | None = None
    because: str = ""  # why it is not admitted, in the published words
    verdict: Verdict = Verdict.LEFT


@dataclass(frozen=True)
class Proposal:
    """What the rule gives: every bid with its verdict, and how many places a tie leaves open."""

    rule: Rule
    standings: tuple[Standing, ...]
    places: int
    ranking: str  # digest of the frozen quality ranking; empty where nothing was scored

    @property
    def tied(self) -> tuple[Standing, ...]:
        return tuple(one for one in self.standings if one.verdict == Verdict.TIED)


def apply_rule(rule: Rule, standings: Sequence[Standing]) -> tuple[tuple[Standing, ...], int]:
    """Return every bid with its verdict, and how many of those that tie are to be taken."""
    admitted = [one for one in standings if one.admitted]
    if rule.kind == ShortlistRule.ADMITTED:
        return _marked(standings, {one.bid_id for one in admitted}, set()), 0
    if rule.kind == ShortlistRule.MINIMUM:
        least = rule.least or Decimal(0)
        enough = {one.bid_id for one in admitted if one.points and Decimal(one.points) >= least}
        return _marked(standings, enough, set()), 0
    most = rule.most or 0
    taken: set[uuid.UUID] = set()
    for rank in sorted({one.rank for one in admitted if one.rank is not None}):
        here = {one.bid_id for one in admitted if one.rank == rank}
        if len(taken) + len(here) > most:
            places = most - len(taken)
            return _marked(standings, taken, here if places else set()), places
        taken |= here
    return _marked(standings, taken, set()), 0


def _marked(
    standings: Sequence[Standing], taken: set[uuid.UUID], tied: set[uuid.UUID]
) -> tuple[Standing, ...]:
    def verdict(one: Standing) -> Verdict:
        if one.bid_id in taken:
            return Verdict.TAKEN
        return Verdict.TIED if one.bid_id in tied else Verdict.LEFT

    return tuple(replace(one, verdict=verdict(one)) for one in standings)


def proposal_of(user: User, rfp: Rfp) -> Proposal | None:
    """Return what the published rule gives now; None before the moment, or without a rule."""
    rule = shortlist_rule(rfp)
    if rule is None or rfp.procurement.phase != Phase.SHORTLIST:
        return None
    scoring_round = latest_round(rfp.procurement)
    ranking = latest_of_stage(scoring_round, QUALITY) if scoring_round else None
    held = _ranked(user, rfp, ranking) if ranking else _read(user, rfp)
    standings, places = apply_rule(rule, held)
    return Proposal(rule, standings, places, ranking.digest if ranking else "")


def _ranked(user: User, rfp: Rfp, ranking: Ranking) -> list[Standing]:
    held = frozen(user, ranking)
    questions = Question.objects.filter(rfp=rfp).exclude(knockout={})
    published = {one.code: answers.reason_of(one) for one in questions}
    found = [
        Standing(
            bid_id=uuid.UUID(one.id),
            letter=one.letter,
            name=one.name,
            admitted=one.admitted,
            points=one.quality,
            rank=one.rank,
            because=" ".join(
                findings.reason_out(held, why, published) for why in one.row["reasons"]
            )
            if not one.admitted
            else "",
        )
        for one in held.bidders.values()
    ]
    return sorted(found, key=lambda one: (one.rank is None, one.rank or 0, one.letter))


def _read(user: User, rfp: Rfp) -> list[Standing]:
    """Return the bids of a request that was only read: knock-outs alone decide who is admitted."""
    names = bids.vendor_names(user, rfp)
    out: dict[str, list[str]] = {}
    for one in bids.knockouts(user, rfp):
        if one["passed"] is False:
            out.setdefault(one["vendor"], []).append(f"{one['code']}: {one['reason']}")
    return [
        Standing(
            bid_id=bid.pk,
            letter=bid.letter,
            name=names.get(bid.pk, ""),
            admitted=str(bid.pk) not in out,
            because=" ".join(out.get(str(bid.pk), ())),
        )
        for bid in bids.bids_visible_to(user, rfp).order_by("letter")
    ]


def reason_for(rule: Rule, one: Standing) -> str:
    """Say to a vendor why its bid is taken or not, in words about itself alone."""
    if one.because:
        return one.because
    if one.verdict == Verdict.TIED:
        return _("The rule left a tie for the last place, and a person decided.")
    if one.verdict == Verdict.LEFT and rule.kind == ShortlistRule.MINIMUM:
        return _("Your points are below the published minimum score.")
    if one.verdict == Verdict.LEFT:
        return _("Your points were not among the best.")
    return ""


@dataclass(frozen=True)
class ShortlistPage:
    """What the panel sees: before the list is proposed what the rule gives, then the list."""

    possible: bool  # whether this is a request for information at all
    rule: str
    proposal: Proposal | None
    held: Shortlist | None
    taken: frozenset[uuid.UUID]
    confirmers: tuple[str, ...] = ()
    may_propose: bool = False
    may_confirm: bool = False
    may_drop: bool = False
    may_start: bool = False

    @property
    def confirmed(self) -> bool:
        return self.held is not None and self.held.state == ShortlistState.CONFIRMED


def shortlist_page(user: User, desk: Desk) -> ShortlistPage:
    """Return the page of the shortlist, in a constant number of queries."""
    rfp = desk.rfp
    if rfp is None or rfp.asks_price:
        return ShortlistPage(possible=False, rule="", proposal=None, held=None, taken=frozenset())
    rule, held = shortlist_rule(rfp), shortlists.standing_shortlist(rfp)
    proposal = proposal_of(user, rfp)
    waits = held is not None and held.state == ShortlistState.REQUESTED
    confirmed = held is not None and held.state == ShortlistState.CONFIRMED
    decides = waits and can(user, "bids.confirm_shortlist", rfp)
    entries = shortlists.entries_of(held) if held else {}
    return ShortlistPage(
        possible=True,
        rule=rule.sentence if rule else "",
        proposal=proposal,
        held=held,
        taken=frozenset(pk for pk, one in entries.items() if one.taken),
        confirmers=tuple(confirmers_of(rfp, without=held.requested_by).values())
        if held and waits
        else (),
        may_propose=proposal is not None
        and held is None
        and can(user, "bids.propose_shortlist", rfp),
        may_confirm=decides and held is not None and held.requested_by_id != user.pk,
        may_drop=decides,
        may_start=confirmed and can(user, "bids.propose_shortlist", rfp),
    )
