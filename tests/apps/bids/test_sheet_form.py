"""The price sheet between people and the engine: percentages and shares, paths and places."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.http import QueryDict

from apps.bids.forms.figures import to_sheet, to_typed
from apps.bids.forms.sheet import SheetForm, typed_from
from apps.bids.types.sheet import Basis, parse, priced, pruned
from apps.core.errors import Incomplete
from apps.engine.pricing.models import PRICING_MODELS
from tests.factories.bids import SHEET, WORKLOAD

DEMO = sorted((Path(__file__).resolve().parents[3] / "cceval" / "demo").glob("vendors_*.toml"))
BASIS = Basis(models=tuple(PRICING_MODELS), currency="GBP", months=36, workload=WORKLOAD)


def demo_sheet(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))["price_sheet"]


@pytest.mark.parametrize("path", DEMO, ids=lambda path: path.stem)
def test_a_sheet_survives_the_way_through_the_form(path):
    """Stored figures to typed ones and back: the same amounts, to the last digit."""
    sheet = demo_sheet(path)
    typed = to_typed(BASIS, sheet)
    assert priced(to_sheet(BASIS, typed), BASIS) == priced(sheet, BASIS)


@pytest.mark.parametrize("path", DEMO, ids=lambda path: path.stem)
def test_a_sheet_survives_the_way_through_the_page(path):
    sheet = to_sheet(BASIS, to_typed(BASIS, demo_sheet(path)))
    data = QueryDict(mutable=True)
    form = SheetForm(BASIS, to_typed(BASIS, sheet))
    data["model"] = form.model
    for line in every_line(form):
        data[line.name] = line.value
    assert to_sheet(BASIS, typed_from(BASIS, data)) == sheet


def every_line(form):
    waiting = [line for block in form.blocks() for line in block.lines]
    while waiting:
        line = waiting.pop()
        waiting += [cell for row in line.rows for cell in row]
        waiting += [inner for part in line.parts for inner in part.lines]
        if line.kind not in {"table", "parts"}:
            yield line


def test_there_are_demo_sheets_to_try():
    assert len(DEMO) == 4


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("12", "0.12"), ("12.5", "0.125"), ("0", "0"), ("33.333333", "0.33333333"), ("12,5", "0.125")],
)
def test_a_percentage_becomes_a_share_without_loss(typed, stored):
    given = {"model": "per_minute", "first_contact_resolution": typed}
    assert to_sheet(BASIS, given)["first_contact_resolution"] == stored


@pytest.mark.parametrize(
    ("stored", "typed"), [("0.12", "12"), ("0.125", "12.5"), ("1", "100"), ("0.0001", "0.01")]
)
def test_a_share_is_shown_as_a_percentage(stored, typed):
    given = {"model": "per_minute", "first_contact_resolution": stored}
    assert to_typed(BASIS, given)["first_contact_resolution"] == typed


@pytest.mark.parametrize("text", ["1,250", "1.250", "1 250", "1e3", "£5", "NaN", "--1", "٣"])
def test_a_figure_that_can_be_read_in_two_ways_or_in_none_is_refused(text):
    with pytest.raises(Incomplete) as refused:
        to_sheet(BASIS, {"model": "per_minute", "promised_fte": text})
    assert list(refused.value.fields) == ["promised_fte"]


def test_empty_rows_and_groups_fall_away():
    assert pruned({"a": " ", "b": [{"c": ""}, {"c": " d "}], "e": {"f": None}, "g": 0}) == {
        "b": [{"c": "d"}],
        "g": 0,
    }


def test_every_models_fields_have_controls():
    for slug in PRICING_MODELS:
        form = SheetForm(BASIS, {"model": slug})
        names = {line.name for block in form.blocks() for line in block.lines}
        expected = {f"rates.{one.name}" for one in PRICING_MODELS[slug].fields}
        assert expected <= names, slug


def test_a_model_the_buyer_did_not_ask_for_has_no_rates_to_fill():
    narrow = Basis(("per_fte",), "GBP", 36, WORKLOAD)
    form = SheetForm(narrow, {"model": "per_minute"})
    assert not [b for b in form.blocks() for line in b.lines if line.name.startswith("rates.")]


def test_a_name_nobody_reads_is_refused():
    for name in ("vendor", "fx", "buyer_costs", "performance", "floor_cost_per_paid_hour"):
        with pytest.raises(Incomplete) as refused:
            parse({**SHEET, name: "1"}, BASIS)
        assert list(refused.value.fields) == [name]


def test_the_read_back_uses_words_and_units():
    form = SheetForm(BASIS, to_typed(BASIS, SHEET))
    shown = {label: text for one in form.read_back() for label, text in one.lines}
    assert shown["Attrition a year"] == "25%"
    assert shown["Tiering"] == "Graduated: each unit at its own tier"
    (tiers,) = [table for one in form.read_back() for table in one.tables if table.label == "Tiers"]
    assert tiers.columns == ("Up to", "Rate")
    assert tiers.rows == (("20,000 min", "0.91 GBP"), ("", "0.83 GBP"))
