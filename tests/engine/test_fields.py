"""A field reads one raw value and refuses what lies outside."""

from decimal import Decimal

import pytest

from apps.engine.errors import InvalidInput
from apps.engine.fields import (
    ONE,
    ZERO,
    Choice,
    Field,
    Parts,
    Table,
    Text,
    Unit,
    Values,
    read_values,
)
from apps.engine.reading import Reader

SHARE = Field("share", Unit.SHARE, ZERO, ONE, "A share.")
SEATS = Field("seats", Unit.COUNT, ZERO, None, "Seats.", required=False)
TIERS = Table("tiers", (SHARE, SEATS), "Rows.")
PARTS = Parts("parts", ("a", "b"), (SHARE,), "Parts.")


def refused(call):
    with pytest.raises(InvalidInput) as caught:
        call()
    return str(caught.value)


def test_bounds_are_allowed_themselves():
    assert SHARE.read("0") == 0
    assert SHARE.read("1.0") == 1
    assert SHARE.read("0.25") == Decimal("0.25")


@pytest.mark.parametrize("raw", ["-0.000001", "1.000001"])
def test_a_bound_is_refused_just_outside(raw):
    assert refused(lambda: SHARE.read(raw)).startswith("share: Give ")


def test_an_open_side_takes_anything():
    assert Field("rate", Unit.MONEY, None, None, "").read("-99999999.5") == Decimal("-99999999.5")


@pytest.mark.parametrize("raw", [None, ""])
def test_an_empty_value_asks_for_its_unit(raw):
    assert refused(lambda: SHARE.read(raw, "rates.share")) == (
        "rates.share: Give a figure in share here."
    )


def test_counts_are_whole():
    assert SEATS.read("3") == 3
    assert refused(lambda: SEATS.read("3.5")) == "seats: Give a whole number; this is 3.5."


def test_each_kind_of_field_names_itself():
    kinds = [field.kind for field in (SHARE, Choice("c", ("x",), ""), Text("t", ""), TIERS, PARTS)]
    assert kinds == ["number", "choice", "text", "table", "parts"]


def test_choices_and_texts_are_read():
    assert Choice("c", ("x", "y"), "").read("y") == "y"
    assert refused(lambda: Choice("c", ("x", "y"), "").read("z")) == "c: Choose one of: x, y."
    assert Text("t", "").read(" team leader ") == "team leader"
    assert refused(lambda: Text("t", "").read(4, "r.t")) == "r.t: Give text here."


def test_a_table_reads_rows_and_names_the_wrong_cell():
    rows = TIERS.read([{"share": "0.1", "seats": 4}, {"share": "0.2"}])
    assert [row.number("share") for row in rows] == [Decimal("0.1"), Decimal("0.2")]
    assert [row.maybe("seats") for row in rows] == [4, None]
    assert refused(lambda: TIERS.read([{"share": "0.1"}, {"share": "9"}])).startswith(
        "tiers[1].share: "
    )
    assert refused(lambda: TIERS.read([])).startswith("tiers: Give at least 1")
    assert refused(lambda: TIERS.read([{}] * 21)).startswith("tiers: Give at most 20")


def test_parts_keep_their_rates_for_the_model_that_knows_them():
    (part,) = PARTS.read([{"share": "0.5", "model": "b", "rates": {"x": 1}}])
    assert (part.model, part.figures.number("share")) == ("b", Decimal("0.5"))
    assert (part.rates.raw, part.rates.path) == ({"x": 1}, "parts[0].rates")
    assert refused(lambda: PARTS.read([{"share": "0.5", "model": "c", "rates": {}}])) == (
        "parts[0].model: Choose one of: a, b."
    )
    assert refused(lambda: PARTS.read([{"model": "a", "rates": {}}])).startswith("parts[0].share")
    assert "known: model, rates, share" in refused(lambda: PARTS.read([{"other": 1}]))


def test_exactly_the_declared_names_are_read():
    values = read_values((SHARE, SEATS), Reader({"share": "0.5", "seats": ""}, "rates"))
    assert values.given("share")
    assert not values.given("seats")
    assert values.number("seats", ONE) == 1
    assert refused(lambda: read_values((SHARE,), Reader({}, "rates"))) == (
        "rates.share: Add this value; it is missing."
    )
    assert "known: share" in refused(lambda: read_values((SHARE,), Reader({"shar": "1"})))


def test_a_value_is_handed_out_in_its_own_kind_only():
    values = Values({"number": ONE, "text": "x", "rows": (), "nothing": None})
    assert values.text("text") == "x"
    assert values.text("nothing", "y") == "y"
    assert values.rows("rows") == ()
    assert values.rows("nothing") == ()
    assert values.parts("nothing") == ()
    for call in (
        lambda: values.number("text"),
        lambda: values.number("nothing"),
        lambda: values.text("number"),
        lambda: values.rows("number"),
        lambda: values.parts("text"),
    ):
        with pytest.raises(TypeError):
            call()


def test_equal_values_are_equal():
    assert Values({"a": ONE}) == Values({"a": Decimal("1.0")})
    assert hash(Values({"a": ONE})) == hash(Values({"a": Decimal("1.0")}))
    assert Values({"a": ONE}) != Values({"a": ZERO})
    assert Values({"a": ONE}) != {"a": ONE}
