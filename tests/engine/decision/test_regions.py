"""The pieces into which limits cut the scale of a fact."""

from decimal import Decimal

from apps.engine.decision.facts import FACTS, Fact, Kind, Origin
from apps.engine.decision.regions import End, Piece, pieces
from apps.engine.fields import Unit


def number(minimum, maximum, unit=Unit.RATIO):
    return Fact(
        slug="test",
        kind=Kind.NUMBER,
        origin=Origin.STATEMENT,
        help="A figure.",
        unit=unit,
        minimum=minimum and Decimal(minimum),
        maximum=maximum and Decimal(maximum),
    )


def test_a_flag_has_two_pieces():
    assert pieces(FACTS["build.able"], ()) == (Piece(sample=False), Piece(sample=True))


def test_a_choice_has_a_piece_for_each_option():
    found = pieces(FACTS["readiness.band"], ("ready",))
    assert [piece.sample for piece in found] == ["high_risk", "hybrid", "ready"]


def test_a_limit_is_a_piece_of_its_own_between_what_lies_below_and_above():
    assert pieces(number("0", "100"), [Decimal(60)]) == (
        Piece(Decimal(30), End(Decimal(0)), End(Decimal(60), strict=True)),
        Piece(Decimal(60), End(Decimal(60)), End(Decimal(60))),
        Piece(Decimal(80), End(Decimal(60), strict=True), End(Decimal(100))),
    )


def test_a_limit_on_the_bound_leaves_nothing_beyond():
    assert [piece.sample for piece in pieces(number("0", "1"), [Decimal(0), Decimal(1)])] == [
        Decimal(0),
        Decimal("0.5"),
        Decimal(1),
    ]


def test_an_open_scale_has_open_ends():
    assert pieces(number(None, None), [Decimal(5)]) == (
        Piece(Decimal(4), None, End(Decimal(5), strict=True)),
        Piece(Decimal(5), End(Decimal(5)), End(Decimal(5))),
        Piece(Decimal(6), End(Decimal(5), strict=True), None),
    )
    assert pieces(number(None, None), []) == (Piece(Decimal(0)),)


def test_a_count_keeps_whole_numbers_only():
    found = pieces(number("0", None, Unit.COUNT), [Decimal(1), Decimal("2.5")])
    assert found == (
        Piece(Decimal(0), End(Decimal(0)), End(Decimal(0))),
        Piece(Decimal(1), End(Decimal(1)), End(Decimal(1))),
        Piece(Decimal(2), End(Decimal(2)), End(Decimal(2))),
        Piece(Decimal(3), End(Decimal(3)), None),
    )


def test_neighbouring_limits_of_a_count_have_nothing_between():
    found = pieces(number("0", "3", Unit.COUNT), [Decimal(1), Decimal(2)])
    assert [piece.sample for piece in found] == [0, 1, 2, 3]


def test_an_open_count_starts_anywhere():
    assert pieces(number(None, None, Unit.COUNT), []) == (Piece(Decimal(0)),)
    below, *_ = pieces(number(None, None, Unit.COUNT), [Decimal("1.5")])
    assert below == Piece(Decimal(1), None, End(Decimal(1)))
