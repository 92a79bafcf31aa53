"""Points, bounds, bands, floors and the gaps worth closing."""

from decimal import Decimal
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.engine.errors import InvalidInput, ScaleError
from apps.engine.readiness.framework import parse
from apps.engine.readiness.score import band_of, read_answers, score
from apps.engine.reading import Reader
from tests.engine.readiness.framing import band, dimension, question, shipped, two_pillars

SMALL = parse(two_pillars())
READINESS = parse(shipped())


def answers(**levels):
    """Answers of the small framework; the middle everywhere unless said otherwise."""
    return {"skills": 3, "cover": 3, "crm": 3, "phones": 1, **levels}


def pillars(technology, knowledge, service_levels, security):
    """Answers to the readiness score that reach these points, one question a point at a time."""
    wanted = {
        "technology": technology,
        "knowledge": knowledge,
        "service_levels": service_levels,
        "security": security,
    }
    found = {}
    for item in READINESS.dimensions:
        left = wanted[item.slug]
        for asked in item.questions:
            found[asked.slug] = min(5, left)
            left -= found[asked.slug]
    return found


def test_points_follow_weights_and_levels():
    # people: (3/5 + 3/5) of 25 each; tools: crm 3/5 of 40, phones all of 10
    found = score(SMALL, answers())
    assert [(item.points.low, item.answered) for item in found.dimensions] == [
        (Decimal(30), 2),
        (Decimal(34), 2),
    ]
    assert (found.total.low, found.total.high, found.total.exact) == (64, 64, True)
    assert found.band.slug == "middle"
    assert found.missing == ()


def test_a_missing_answer_counts_nothing_below_and_everything_above():
    found = score(SMALL, answers(crm=None))
    assert (found.total.low, found.total.high) == (Decimal(40), Decimal(80))
    assert found.total.exact is False
    assert (found.band_lo.slug, found.band_hi.slug, found.band) == ("low", "top", None)
    assert [missing.slug for missing in found.missing] == ["crm"]


def test_an_absent_answer_is_a_missing_one():
    assert score(SMALL, {}) == score(SMALL, dict.fromkeys(("skills", "cover", "crm", "phones")))


def test_the_band_is_given_where_both_bounds_agree():
    assert score(SMALL, answers(phones=None)).band.slug == "middle"


@pytest.mark.parametrize(
    ("points", "slug"),
    [
        ((13, 13, 12, 11), "high_risk"),
        ((13, 13, 13, 11), "hybrid"),
        ((20, 20, 20, 19), "hybrid"),
        ((20, 20, 20, 20), "ready"),
        ((25, 25, 15, 15), "ready"),
        # a total of 80 and more does not make up for a pillar below its floor
        ((25, 25, 25, 14), "hybrid"),
        ((9, 25, 25, 25), "hybrid"),
        ((10, 25, 25, 20), "ready"),
        ((25, 9, 25, 25), "hybrid"),
        ((25, 25, 9, 25), "hybrid"),
        ((0, 0, 0, 0), "high_risk"),
        ((25, 25, 25, 25), "ready"),
    ],
)
def test_the_readiness_bands_and_floors(points, slug):
    assert score(READINESS, pillars(*points)).band.slug == slug


def test_a_total_between_two_whole_numbers_has_a_band():
    raw = two_pillars()
    raw["dimensions"][0]["questions"][0]["weight"] = 3
    framework = parse(raw)
    # people reach 37.5 of 50 (30 for skills, 7.5 for cover), tools 42 (32 and 10)
    found = score(framework, {"skills": 4, "cover": 3, "crm": 4, "phones": 1})
    assert (found.total.low, found.band.slug) == (Decimal("79.5"), "middle")


def test_thirds_that_add_up_to_the_edge_of_a_band_reach_it():
    raw = two_pillars(
        dimensions=[dimension("one", 100, *(question(f"q{n}", levels=2) for n in range(3)))],
        bands=[band("low", 0, "66.666666667"), band("top", "66.666666667", 100)],
        floors=[{"band": "top", "dimension": "one", "at_least": "66.666666667"}],
    )
    found = score(parse(raw), {"q0": 1, "q1": 1, "q2": 0})
    assert (str(found.total.low), found.band.slug) == ("66.666666667", "top")


def test_a_floor_is_met_failed_or_open():
    def state(**levels):
        (floor,) = score(SMALL, answers(**levels)).floors
        return floor.met, floor.points.low, floor.points.high

    assert state(crm=5, phones=0) == (True, 40, 40)
    assert state(crm=3, phones=1) == (False, 34, 34)
    assert state(crm=None, phones=1) == (None, 10, 50)


def test_a_floor_holds_for_every_band_above():
    raw = two_pillars(floors=[{"band": "middle", "dimension": "tools", "at_least": 40}])
    found = score(parse(raw), {"skills": 5, "cover": 5, "crm": 3, "phones": 1})
    assert (found.total.low, found.band.slug) == (Decimal(84), "low")


# Gaps


def test_gaps_are_ranked_by_the_points_to_be_won():
    found = score(SMALL, answers(skills=5, phones=None))
    assert [(gap.question.slug, gap.level, gap.to_win, gap.per_level) for gap in found.gaps] == [
        ("crm", 3, Fraction(16), Fraction(8)),
        ("cover", 3, Fraction(10), Fraction(5)),
        ("phones", None, Fraction(10), Fraction(10)),
    ]


def test_the_fewest_gaps_that_lift_into_the_next_band_are_named():
    found = score(SMALL, answers())
    assert found.next_band.band.slug == "top"
    assert found.next_band.missing == Decimal(16)
    assert [gap.question.slug for gap in found.next_band.close] == ["crm"]


def test_a_floor_calls_for_gaps_of_its_own_dimension():
    found = score(SMALL, {"skills": 5, "cover": 3, "crm": 4, "phones": 0})
    # 72 of 100, tools 32 of the 40 they need: cover alone would give 82
    assert [gap.question.slug for gap in found.next_band.close] == ["phones"]
    assert score(SMALL, {"skills": 5, "cover": 5, "crm": 3, "phones": 1}).next_band.missing == 0


def test_the_top_band_has_no_next():
    best = {"skills": 5, "cover": 5, "crm": 5, "phones": 1}
    found = score(SMALL, best)
    assert (found.band.slug, found.next_band, found.gaps) == ("top", None, ())


def test_an_answer_off_the_levels_is_refused():
    for levels, path in (
        ({"skills": 6}, "skills"),
        ({"cover": -1}, "cover"),
        ({"luck": 1}, "luck"),
    ):
        with pytest.raises(ScaleError) as caught:
            score(SMALL, levels)
        assert caught.value.path == path


def test_answers_are_read_with_their_paths():
    reader = Reader({"answers": {"skills": "4", "cover": 2, "crm": None}}).key("answers")
    assert read_answers(SMALL, reader) == {"skills": 4, "cover": 2, "crm": None, "phones": None}
    for raw, path in (
        ({"skills": 6}, "answers.skills"),
        ({"skills": "2.5"}, "answers.skills"),
        ({"skills": True}, "answers.skills"),
        ({"mood": 1}, "answers.mood"),
    ):
        with pytest.raises(InvalidInput) as caught:
            read_answers(SMALL, Reader({"answers": raw}).key("answers"))
        assert caught.value.path == path


# Properties


@st.composite
def frameworks(draw):
    sizes = draw(st.lists(st.integers(1, 3), min_size=1, max_size=3))
    points = draw(st.lists(st.integers(1, 60), min_size=len(sizes), max_size=len(sizes)))
    total = sum(points)
    edges = sorted(draw(st.sets(st.integers(1, max(1, total - 1)), max_size=3)) - {total})
    dimensions = [
        dimension(
            f"d{place}",
            worth,
            *(
                question(f"q{place}_{n}", draw(st.integers(2, 6)), weight=draw(st.integers(1, 4)))
                for n in range(size)
            ),
        )
        for place, (size, worth) in enumerate(zip(sizes, points, strict=True))
    ]
    starts = [0, *edges]
    bands = [
        band(f"b{place}", start, end)
        for place, (start, end) in enumerate(zip(starts, [*edges, total], strict=True))
    ]
    floors = [
        {
            "band": draw(st.sampled_from(bands[1:]))["slug"],
            "dimension": picked["slug"],
            "at_least": draw(st.integers(1, picked["points"])),
        }
        for picked in draw(st.lists(st.sampled_from(dimensions), max_size=2))
        if len(bands) > 1
    ]
    raw = two_pillars(points=total, dimensions=dimensions, bands=bands, floors=floors)
    return parse(raw)


def draw_answers(data, framework, *, missing=True):
    level = {
        asked.slug: st.integers(0, asked.top) | (st.none() if missing else st.nothing())
        for asked in framework.questions
    }
    return {slug: data.draw(levels) for slug, levels in level.items()}


def place(framework, banded):
    return framework.bands.index(banded)


@given(framework=frameworks(), data=st.data())
def test_any_completion_of_missing_answers_stays_within_the_bounds(framework, data):
    given_answers = draw_answers(data, framework)
    found = score(framework, given_answers)
    complete = {
        asked.slug: given_answers[asked.slug]
        if given_answers[asked.slug] is not None
        else data.draw(st.integers(0, asked.top))
        for asked in framework.questions
    }
    done = score(framework, complete)
    assert found.total.low <= done.total.low <= found.total.high
    assert (
        place(framework, found.band_lo)
        <= place(framework, done.band)
        <= place(framework, found.band_hi)
    )


@given(framework=frameworks(), data=st.data())
def test_a_better_answer_never_lowers_a_total_or_a_band(framework, data):
    before = draw_answers(data, framework, missing=False)
    asked = data.draw(st.sampled_from(framework.questions))
    after = before | {asked.slug: data.draw(st.integers(before[asked.slug], asked.top))}
    low, high = score(framework, before), score(framework, after)
    assert low.total.low <= high.total.low
    assert place(framework, low.band) <= place(framework, high.band)


@given(framework=frameworks(), data=st.data())
def test_forgetting_an_answer_widens_the_bounds_and_never_raises_the_lower_one(framework, data):
    before = draw_answers(data, framework)
    asked = data.draw(st.sampled_from(framework.questions))
    known, unknown = score(framework, before), score(framework, before | {asked.slug: None})
    assert unknown.total.low <= known.total.low
    assert unknown.total.high >= known.total.high


@given(framework=frameworks(), data=st.data())
def test_every_total_lies_in_the_one_band_whose_edges_hold_it_unless_a_floor_fails(framework, data):
    found = score(framework, draw_answers(data, framework, missing=False))
    total = found.total.low
    (around,) = [
        item
        for item in framework.bands
        if item.start <= total < item.end or (item is framework.bands[-1] and total == item.end)
    ]
    assert 0 <= total <= framework.points
    assert found.band == around or (
        place(framework, found.band) < place(framework, around)
        and any(floor.met is False for floor in found.floors)
    )


@given(framework=frameworks(), data=st.data())
def test_closing_the_named_gaps_reaches_the_next_band_and_fewer_gaps_do_not(framework, data):
    given_answers = draw_answers(data, framework)
    found = score(framework, given_answers)
    if found.next_band is None:
        assert found.band_lo == framework.bands[-1]
        return
    goal = place(framework, found.next_band.band)

    def reached(gaps):
        closed = given_answers | {gap.question.slug: gap.question.top for gap in gaps}
        return place(framework, score(framework, closed).band_lo) >= goal

    assert reached(found.next_band.close)
    fewer = len(found.next_band.close) - 1
    assert not any(reached(some) for some in combinations(found.gaps, fewer))


@given(framework=frameworks(), data=st.data())
def test_gaps_and_points_together_make_the_whole(framework, data):
    found = score(framework, draw_answers(data, framework))
    assert found.total.lo + sum(gap.to_win for gap in found.gaps) == framework.points


@given(framework=frameworks())
def test_full_points_are_in_the_top_band(framework):
    full = {item.slug: Fraction(item.points) for item in framework.dimensions}
    assert band_of(framework, full) == framework.bands[-1]
