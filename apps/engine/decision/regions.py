"""Cuts the scale of a fact at the limits a tree compares it with.

Inside one piece every value gets the same answers from the whole tree, so one sample stands for
all of them: this makes reachability and counterfactuals exact instead of searched.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext

from apps.engine.decision.facts import Fact, Kind, Value

_PRECISION = 60  # figures have up to 36 digits


@dataclass(frozen=True)
class End:
    """Where a piece ends; `strict` when the value itself lies outside."""

    value: Decimal
    strict: bool = False


@dataclass(frozen=True)
class Piece:
    """Values between two ends, both None for an option; an open side has no end."""

    sample: Value
    low: End | None = None
    high: End | None = None


def pieces(fact: Fact, limits: Iterable[Value]) -> tuple[Piece, ...]:
    """Return the pieces of a fact's scale in ascending order."""
    match fact.kind:
        case Kind.FLAG:
            return (Piece(sample=False), Piece(sample=True))
        case Kind.NUMBER:
            cuts = sorted({limit for limit in limits if isinstance(limit, Decimal)})
            with localcontext(prec=_PRECISION):
                spans = list(_spans(fact, cuts))
                return tuple(filter(None, map(_whole, spans))) if fact.whole else tuple(spans)
        case _:
            return tuple(Piece(sample=option) for option in fact.options)


def _spans(fact: Fact, cuts: Iterable[Decimal]) -> Iterator[Piece]:
    low = None if fact.minimum is None else End(fact.minimum)
    for cut in cuts:
        if low is None or low.value < cut:
            yield _span(low, End(cut, strict=True))
        yield Piece(sample=cut, low=End(cut), high=End(cut))
        low = End(cut, strict=True)
    high = None if fact.maximum is None else End(fact.maximum)
    if low is None or high is None or low.value < high.value:
        yield _span(low, high)


def _span(low: End | None, high: End | None) -> Piece:
    if low and high:
        sample = (low.value + high.value) / 2
    elif low:
        sample = low.value + 1
    else:
        sample = high.value - 1 if high else Decimal(0)
    return Piece(sample=sample, low=low, high=high)


def _whole(piece: Piece) -> Piece | None:
    """Keep the whole numbers of a piece, or nothing where it holds none."""
    low = piece.low and _first_inside(piece.low)
    high = piece.high and _last_inside(piece.high)
    if low and high and low.value > high.value:
        return None
    end = low or high
    return Piece(sample=end.value if end else Decimal(0), low=low, high=high)


def _first_inside(end: End) -> End:
    value = end.value.to_integral_value(ROUND_CEILING)
    return End(value + 1 if end.strict and value == end.value else value)


def _last_inside(end: End) -> End:
    value = end.value.to_integral_value(ROUND_FLOOR)
    return End(value - 1 if end.strict and value == end.value else value)
