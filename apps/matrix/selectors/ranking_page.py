"""The weighted matrix as its page shows it: figures of the record, in the order of the page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.bids import selectors as bids
from apps.core.access import can
from apps.core.charts.rank_shares import RankShares
from apps.core.charts.score_bars import ScoreBars
from apps.core.charts.total_ranges import TotalRanges
from apps.core.charts.winner_strips import WinnerStrips
from apps.core.templatetags import formats
from apps.engine.fields import Field, Unit
from apps.engine.matrix.methods import METHODS
from apps.engine.matrix.prices import PRICE_FORMULAE
from apps.matrix.models import Ranking
from apps.matrix.selectors import findings, pictures
from apps.matrix.selectors.case import text
from apps.matrix.selectors.frozen import Bidder, Frozen, Part, frozen, standing
from apps.matrix.selectors.price_points import Price, prices_of
from apps.matrix.selectors.small_field import SmallField, small_field
from apps.matrix.states import ScoringPhase
from apps.matrix.types import Desk
from apps.rfp import answers
from apps.rfp.models import Lot, Question
from apps.rfp.selectors import is_decided, rounded_to
from apps.rfp.states import Preset
from apps.workspace.models import User
from apps.workspace.states import Phase


@dataclass(frozen=True)
class Cell:
    points: str | None
    tone: int
    best: bool


@dataclass(frozen=True)
class Row:
    part: Part
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Out:
    bidder: Bidder
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Interval:
    """A row of `weight_intervals`: a weight, and between which it keeps the award."""

    label: str
    weight: str
    low: str | None
    high: str | None
    below: Bidder | None
    above: Bidder | None


@dataclass(frozen=True)
class Formula:
    name: str
    winners: str
    published: bool
    depends: bool


@dataclass(frozen=True)
class RankingPage:
    """Everything below the title; charts are None where the record has nothing to draw."""

    frozen: Frozen
    headline: findings.Headline
    rows: tuple[Row, ...]
    out: tuple[Out, ...]
    prices: tuple[Price, ...]
    intervals: tuple[Interval, ...]
    flips: tuple[findings.Flip, ...]
    steady: tuple[str, ...]
    shift: findings.Shift | None
    without_losers: str
    formulae: tuple[Formula, ...]
    idle: tuple[str, ...]
    excluded: tuple[str, ...]
    filled: tuple[tuple[str, tuple[str, ...]], ...]
    alpha: str | None
    agreement: str
    price_of_a_point: str | None
    ranks: RankShares | None
    totals: TotalRanges | None
    strips: WinnerStrips | None
    bars: ScoreBars | None
    policy: str
    method: str
    formula: str
    freeze: "Freeze | None"
    few: SmallField | None  # one or two bids: no claim of robustness, another comparison
    held: tuple[str, ...]  # agreed scores that count less for want of evidence
    brief: bool  # the headline says how firm the result is; the analysis opens on request


@dataclass(frozen=True)
class Freeze:
    """The lead can freeze a ranking with prices; `again` replaces one under other prices."""

    again: bool


POLICIES = {
    "zero": gettext_lazy("A missing score counts 0."),
    "exclude": gettext_lazy("A criterion with a missing score counts for nobody."),
    "block": gettext_lazy("No ranking while a score is missing."),
}


def ranking_page(user: User, desk: Desk, lot: Lot | None = None) -> RankingPage | None:
    """Return the page of the ranking that stands, of one lot; None before the scores are locked."""
    held = standing(user, desk, lot)
    if held is None:
        return None
    alpha, agreement = findings.agreement(held)
    method = METHODS[held.method["scoring"]["slug"]]
    prices = prices_of(held)
    return RankingPage(
        frozen=held,
        headline=findings.headline(held),
        rows=tuple(row_of(held, part) for part in held.parts),
        out=_out(held),
        prices=prices,
        intervals=_intervals(held),
        flips=findings.flips(held),
        steady=findings.steady(held),
        shift=findings.shift(held),
        without_losers=findings.without_losers(held),
        formulae=_formulae(held),
        idle=findings.idle(held),
        excluded=findings.excluded(held),
        filled=findings.filled(held),
        alpha=alpha,
        agreement=agreement,
        price_of_a_point=findings.price_of_a_point(held),
        ranks=pictures.rank_shares(held),
        totals=pictures.total_ranges(held),
        strips=pictures.winner_strips(held),
        bars=pictures.where_points_come_from(held),
        policy=str(POLICIES[held.method["missing"]]),
        method=method.name,
        formula=_formula(held),
        freeze=freezable(user, desk, held.ranking),
        few=small_field(held, prices),
        held=findings.held(held),
        brief=held.ranking.scoring_round.rfp.preset == Preset.ESSENTIAL,
    )


def row_of(held: Frozen, part: Part) -> Row:
    """Return what every admitted vendor gets in a section, a criterion or for its price."""
    best = pictures.best(held, part)
    cells = []
    for bidder in held.admitted:
        points = held.points(bidder, part.id)
        cells.append(Cell(points, pictures.tone(points, part.weight), bidder.id in best))
    return Row(part, tuple(cells))


def _out(held: Frozen) -> tuple[Out, ...]:
    if not held.out:
        return ()
    rfp = held.ranking.scoring_round.rfp
    published = {one.code: answers.reason_of(one) for one in Question.objects.filter(rfp=rfp)}
    left_out = {
        (str(bid), code): why for (bid, code), why in bids.stage_points(rfp).left_out.items()
    }
    return tuple(
        Out(bidder, tuple(_reasons_out(held, bidder, published, left_out))) for bidder in held.out
    )


def _reasons_out(
    held: Frozen,
    bidder: Bidder,
    published: dict[str, str],
    left_out: Mapping[tuple[str, str], str],
) -> Iterator[str]:
    for reason in bidder.row["reasons"]:
        code = reason.get("knockout", "")
        if (bidder.id, code) in left_out:
            yield _("Not shortlisted for {stage}: {why}").format(
                stage=held.label_of(code), why=left_out[bidder.id, code]
            )
        else:
            yield findings.reason_out(held, reason, published)


def _intervals(held: Frozen) -> tuple[Interval, ...]:
    seen = held.result["weight_intervals"]
    rows = {row["id"]: row for row in seen["nodes"]} if seen else {}
    return tuple(
        Interval(
            label=part.label,
            weight=row["weight"],
            low=row["low"],
            high=row["high"],
            below=held.bidders.get(findings.rival_beyond(held, row, above=False) or ""),
            above=held.bidders.get(findings.rival_beyond(held, row, above=True) or ""),
        )
        for part in held.parts
        for row in [rows.get(part.id)]
        if row
    )


def _formulae(held: Frozen) -> tuple[Formula, ...]:
    return tuple(
        Formula(
            name=PRICE_FORMULAE[row["formula"]].name,
            winners=", ".join(held.bidders[name].name for name in row["winners"])
            if row["defined"]
            else _("not defined for these prices"),
            published=row["published"],
            depends=row["depends_on_others"],
        )
        for row in held.result["formula_matrix"] or ()
    )


def _formula(held: Frozen) -> str:
    """Name the price formula with its published figures, as they were frozen."""
    given = held.method["price_formula"]
    if given is None:
        return ""
    formula = PRICE_FORMULAE[given["slug"]]
    said = [
        f"{one.name.replace('_', ' ')} {_figure(one, given['params'][one.name], held)}"
        for one in formula.fields
        if one.name in given["params"]
    ]
    if given["decimals"] is not None:
        said.append(rounded_to(given["decimals"]))
    return f"{formula.name} ({', '.join(said)})" if said else formula.name


def _figure(field: Field, value: str, held: Frozen) -> str:
    if field.unit is not Unit.MONEY:
        return str(value)
    return formats.in_currency(value, held.result["price"]["currency"])


def freezable(user: User, desk: Desk, ranking: Ranking) -> Freeze | None:
    """Whether this person can freeze a ranking with the prices that stand, not frozen yet."""
    scoring_round, procurement = desk.scoring_round, desk.procurement
    if scoring_round is None or scoring_round.phase != ScoringPhase.LOCKED:
        return None
    if procurement.phase != Phase.COMMERCIAL or is_decided(ranking.lot):
        return None
    prices = bids.evaluated_prices(user, scoring_round.rfp, ranking.lot)
    if not prices or not can(user, "matrix.freeze", procurement):
        return None
    again = ranking.stage == "full"
    if again and _frozen_prices(ranking, user) == {str(b): text(p) for b, p in prices.items()}:
        return None
    return Freeze(again=again)


def _frozen_prices(ranking: Ranking, user: User) -> Mapping[str, Any]:
    found: Mapping[str, Any] = frozen(user, ranking).case["price"]["prices"]
    return found
