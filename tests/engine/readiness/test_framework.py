"""What a framework must be before anybody may answer it."""

from decimal import Decimal

import pytest

from apps.engine.errors import InvalidInput, ScaleError, WeightsError
from apps.engine.readiness.framework import Origin, parse
from tests.engine.readiness.framing import (
    FRAMEWORKS,
    band,
    dimension,
    question,
    shipped,
    two_pillars,
)


def refused(raw, path=""):
    with pytest.raises(InvalidInput) as caught:
        parse(raw, path)
    return caught.value


def changed(change):
    raw = two_pillars()
    change(raw)
    return raw


@pytest.mark.parametrize("file", FRAMEWORKS, ids=lambda file: file.stem)
def test_a_shipped_framework_parses_under_the_name_of_its_file(file):
    framework = parse(shipped(file.stem))
    assert framework.slug == file.stem
    assert sum(item.points for item in framework.dimensions) == framework.points


@pytest.mark.parametrize("file", FRAMEWORKS, ids=lambda file: file.stem)
def test_a_shipped_framework_says_what_shows_an_answer_and_what_closes_a_gap(file):
    framework = parse(shipped(file.stem))
    assert [q.slug for q in framework.questions if not (q.evidence and q.advice)] == []
    assert [b.slug for b in framework.bands if not b.advice] == []


def test_the_readiness_score_has_four_pillars_of_25_points_and_the_bands_of_the_guide():
    framework = parse(shipped())
    assert [(item.slug, item.points, len(item.questions)) for item in framework.dimensions] == [
        ("technology", 25, 5),
        ("knowledge", 25, 5),
        ("service_levels", 25, 5),
        ("security", 25, 5),
    ]
    assert [(item.slug, item.start, item.end) for item in framework.bands] == [
        ("high_risk", 0, 50),
        ("hybrid", 50, 80),
        ("ready", 80, 100),
    ]
    assert [(item.dimension, item.at_least) for item in framework.floors] == [
        ("technology", 10),
        ("knowledge", 10),
        ("service_levels", 10),
        ("security", 15),
    ]
    assert {len(item.levels) for item in framework.questions} == {6}
    assert framework.origin is Origin.ADAPTED


def test_texts_weights_and_origin_are_kept():
    raw = two_pillars(about="Two pillars.", origin="default")
    raw["dimensions"][0] |= {"about": "Who answers."}
    raw["dimensions"][0]["questions"][0] |= {
        "evidence": "A list.",
        "advice": "Train.",
        "ask_vendor": "How do you train?",
    }
    framework = parse(raw)
    first = framework.dimensions[0]
    assert (framework.about, first.about) == ("Two pillars.", "Who answers.")
    assert (first.questions[0].evidence, first.questions[0].advice) == ("A list.", "Train.")
    assert first.questions[0].ask_vendor == "How do you train?"
    assert framework.origin is Origin.DEFAULT
    assert framework.dimensions[1].weight == Decimal(5)
    assert framework.questions[3].top == 1


def test_a_hole_between_bands_is_refused_where_it_is():
    error = refused(changed(lambda raw: raw["bands"][2].update({"from": 81})))
    assert isinstance(error, ScaleError)
    assert str(error) == "bands[2].from: Start this band at 80, where the one before ends."


def test_an_overlap_of_bands_is_refused_where_it_is():
    assert (
        refused(changed(lambda raw: raw["bands"][1].update({"from": 49}))).path == "bands[1].from"
    )


def test_bands_that_end_too_early_or_too_late_are_refused():
    error = refused(changed(lambda raw: raw["bands"][2].update({"to": 99})))
    assert str(error) == "bands[2].to: End the last band at 100."


def test_dimensions_that_miss_the_total_are_refused():
    error = refused(changed(lambda raw: raw["dimensions"][0].update(points=45)))
    assert isinstance(error, WeightsError)
    assert str(error) == (
        "dimensions: The dimensions add up to 95 points; they must add up to 100."
    )


def test_a_fault_inside_a_case_is_named_from_the_case():
    raw = changed(lambda raw: raw["dimensions"][1]["questions"][0].update(weight=0))
    assert refused(raw, "framework").path == "framework.dimensions[1].questions[0].weight"
    assert refused(two_pillars(points=90), "framework").path == "framework.dimensions"
    assert refused(two_pillars(slug="A b"), "framework").path == "framework.slug"


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (lambda raw: raw.update(origin="guess"), "origin"),
        (lambda raw: raw.update(source=""), "source"),
        (lambda raw: raw.update(colour="red"), "colour"),
        (lambda raw: raw.pop("version"), "version"),
        (lambda raw: raw.update(points="1e2"), "points"),
        (lambda raw: raw.update(dimensions=[]), "dimensions"),
        (lambda raw: raw.update(bands=[]), "bands"),
        (lambda raw: raw["bands"].append(band("low", 0, 1)), "bands"),
        (lambda raw: raw["bands"][0].update(to=0), "bands[0].to"),
        (lambda raw: raw["bands"][0].update(slug="Low!"), "bands[0].slug"),
        (lambda raw: raw["dimensions"][0].update(points=0), "dimensions[0].points"),
        (lambda raw: raw["dimensions"][0].update(points=1001), "dimensions[0].points"),
        (lambda raw: raw["dimensions"][0].update(questions=[]), "dimensions[0].questions"),
        (lambda raw: raw["dimensions"][0].update(slug="tools"), "dimensions"),
        (
            lambda raw: raw["dimensions"][0]["questions"][0].update(slug="crm"),
            "questions",
        ),
        (
            lambda raw: raw["dimensions"][0]["questions"][0].update(levels=["Only one."]),
            "dimensions[0].questions[0].levels",
        ),
        (
            lambda raw: raw["dimensions"][0]["questions"][0]["levels"].append(7),
            "dimensions[0].questions[0].levels[6]",
        ),
        (
            lambda raw: raw["dimensions"][0]["questions"][0].update(levels=["x"] * 12),
            "dimensions[0].questions[0].levels",
        ),
        (
            lambda raw: raw["dimensions"][0]["questions"][0].update(weight=0.5),
            "dimensions[0].questions[0].weight",
        ),
        (
            lambda raw: raw["dimensions"][0]["questions"][0].update(hint="x"),
            "dimensions[0].questions[0].hint",
        ),
        (lambda raw: raw["floors"][0].update(band="low"), "floors[0].band"),
        (lambda raw: raw["floors"][0].update(band="heaven"), "floors[0].band"),
        (lambda raw: raw["floors"][0].update(dimension="luck"), "floors[0].dimension"),
        (lambda raw: raw["floors"][0].update(at_least=51), "floors[0].at_least"),
        (lambda raw: raw["floors"][0].update(at_least=0), "floors[0].at_least"),
    ],
)
def test_a_fault_is_named_with_the_path_of_its_field(change, path):
    assert refused(changed(change)).path == path


def test_a_framework_needs_no_floors():
    raw = two_pillars()
    del raw["floors"]
    assert parse(raw).floors == ()


def test_too_many_dimensions_are_refused():
    many = [dimension(f"d{place}", 1, question(f"q{place}")) for place in range(21)]
    assert refused(two_pillars(dimensions=many)).sentence == "Give 1 to 20 dimensions."
