"""What every registered diagnostic keeps to."""

from copy import deepcopy
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.engine.diagnostics import DIAGNOSTICS
from apps.engine.errors import InvalidInput
from apps.engine.fields import Choice, Field, Table
from tests.engine.diagnostics.examples import INPUTS

BEYOND = Decimal("0.000000001")
EVERY = sorted(DIAGNOSTICS)


def refused(slug, inputs):
    with pytest.raises(InvalidInput) as caught:
        DIAGNOSTICS[slug].run(inputs)
    return caught.value


def bounds(field):
    """Figures just outside the bounds of a field."""
    step = 1 if field.unit.value == "count" else BEYOND
    if field.minimum is not None:
        yield field.minimum - step
    if field.maximum is not None:
        yield field.maximum + step


def just_outside():
    for slug in EVERY:
        for item in DIAGNOSTICS[slug].fields:
            if isinstance(item, Field):
                for figure in bounds(item):
                    yield pytest.param(
                        slug, (item.name,), figure, id=f"{slug}-{item.name}-{figure}"
                    )
            elif isinstance(item, Table):
                for column in item.columns:
                    for figure in bounds(column) if isinstance(column, Field) else ():
                        where = (item.name, 0, column.name)
                        name = f"{slug}-{item.name}-{column.name}-{figure}"
                        yield pytest.param(slug, where, figure, id=name)


def full_row(table):
    return {
        column.name: "1" if isinstance(column, Field) else column.options[0]
        for column in table.columns
    }


@pytest.mark.parametrize(("slug", "where", "figure"), list(just_outside()))
def test_a_figure_just_outside_its_bounds_is_refused_by_name(slug, where, figure):
    inputs = deepcopy(INPUTS[slug])
    name, *inner = where
    if inner:
        (table,) = [item for item in DIAGNOSTICS[slug].fields if item.name == name]
        inputs.setdefault(name, [full_row(table)])
        inputs[name][0][inner[1]] = format(figure, "f")
        path = f"inputs.{name}[0].{inner[1]}"
    else:
        inputs[name] = format(figure, "f")
        path = f"inputs.{name}"
    assert refused(slug, inputs).path == path


@pytest.mark.parametrize("slug", EVERY)
def test_a_required_input_that_is_missing_is_refused_by_name(slug):
    for item in DIAGNOSTICS[slug].fields:
        if item.required:
            without = {name: raw for name, raw in INPUTS[slug].items() if name != item.name}
            assert refused(slug, without).path == f"inputs.{item.name}"


@pytest.mark.parametrize("slug", EVERY)
def test_an_input_that_nobody_reads_is_refused_by_name(slug):
    assert refused(slug, INPUTS[slug] | {"moon": "full"}).path == "inputs.moon"


@pytest.mark.parametrize("slug", EVERY)
def test_a_float_is_refused_wherever_it_stands(slug):
    numbers = [item for item in DIAGNOSTICS[slug].fields if isinstance(item, Field)]
    assert refused(slug, INPUTS[slug] | {numbers[0].name: 0.5}).path == f"inputs.{numbers[0].name}"


@pytest.mark.parametrize("slug", EVERY)
def test_fields_have_names_of_their_own_and_help_for_people(slug):
    names = [item.name for item in DIAGNOSTICS[slug].fields]
    assert len(set(names)) == len(names)
    assert [item.name for item in DIAGNOSTICS[slug].fields if not item.help.endswith(".")] == []


def some(item):
    """Any raw value that the field itself accepts."""
    if isinstance(item, Choice):
        return st.sampled_from(item.options)
    if isinstance(item, Table):
        row = st.fixed_dictionaries({column.name: some(column) for column in item.columns})
        return st.lists(row, min_size=1, max_size=3)
    low = Decimal(-1000) if item.minimum is None else item.minimum
    high = low + 1000 if item.maximum is None else item.maximum
    places = 0 if item.unit.value == "count" else 3
    return st.decimals(low, high, places=places).map(lambda figure: format(figure, "f"))


def some_inputs(slug):
    fields = DIAGNOSTICS[slug].fields
    return st.fixed_dictionaries(
        {item.name: some(item) for item in fields if item.required},
        optional={item.name: some(item) for item in fields if not item.required},
    )


def tried(diagnostic, inputs):
    """The finding, or None with the refusal."""
    try:
        return diagnostic.run(inputs), None
    except InvalidInput as error:
        return None, error


@pytest.mark.parametrize("slug", EVERY)
@given(data=st.data())
def test_any_input_is_refused_by_name_or_gives_a_finding_inside_its_bounds(slug, data):
    diagnostic = DIAGNOSTICS[slug]
    finding, refusal = tried(diagnostic, data.draw(some_inputs(slug)))
    if finding is None:
        assert refusal.path.startswith("inputs")
        return
    assert finding.band is None or finding.band in diagnostic.bands
    figures = [figure.value for figure in finding.figures.values()]
    assert all(value is None or value.is_finite() for value in (finding.value, *figures))
    if finding.unit == "points" and finding.value is not None:
        assert 0 <= finding.value <= 100
    if finding.interval is not None and finding.value is not None:
        low, high = finding.interval.lo, finding.interval.hi
        # the ends come from a square root: equal to the last digits, not exactly
        assert low is None or low <= finding.value + BEYOND
        assert high is None or finding.value <= high + BEYOND
