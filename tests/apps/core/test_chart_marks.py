"""Charts one by one: rulers, decision paths, rosettes, axes."""

import pytest

from apps.core.charts import (
    decision_path,
    maturity,
    rosette,
    svg,
)
from apps.core.templatetags import gallery
from tests.apps.core.test_charts import SVG, parse, rects, texts


def test_the_pointer_of_a_score_stands_at_its_place_on_the_ruler() -> None:
    drawing = maturity.render(gallery.ruler(), width=404)
    pointer = next(p for p in parse(drawing).iter(f"{SVG}path") if p.attrib["class"] == "nowf")
    assert pointer.attrib["d"].startswith(f"M{2 + 400 * 0.68:g} ")


def test_a_decision_path_shows_every_question_answer_and_road_not_taken() -> None:
    for width in (350, 720, 1056):
        shown = " ".join(texts(decision_path.render(gallery.path(), width=width)))
        for words in ("50 to 79", "Below 50: Fix first", "80 or more: Award", "No: EEA bids only"):
            assert words in shown
        assert "Award to Castellan CX" in shown


def test_a_path_of_eleven_questions_stays_inside_its_width() -> None:
    step = decision_path.PathStep("Is it so, and is it so for a long time?", "Minutes", "Yes")
    chart = decision_path.DecisionPath(title="t", steps=(step,) * 11, outcome="Keep in house")
    drawing = decision_path.render(chart, width=1056)
    assert len(rects(drawing, "nowst")) == 11
    assert max(box["x"] + box["width"] for box in rects(drawing, "nowst")) <= 1056


def test_one_bit_more_draws_another_rosette() -> None:
    first = rosette.render(rosette.Rosette(digest="00" * 32))
    other = rosette.render(rosette.Rosette(digest="01" + "00" * 31))
    assert first == rosette.render(rosette.Rosette(digest="00" * 32))
    assert first != other


def test_one_of_the_three_rings_is_plum() -> None:
    for byte in range(3):
        drawing = rosette.render(rosette.Rosette(digest=f"000000{byte:02x}" + "00" * 28))
        rings = [path.attrib["class"] for path in parse(drawing).iter(f"{SVG}path")]
        assert rings.index("g2") // 4 == byte


@pytest.mark.parametrize("digest", ["", "00", "zz" * 32, "00" * 33])
def test_a_rosette_is_drawn_from_a_sha256_and_from_nothing_else(digest: str) -> None:
    with pytest.raises(ValueError, match="hexadecimal"):
        rosette.Rosette(digest=digest)


@pytest.mark.parametrize(
    ("low", "high", "about", "expected"),
    [
        (68.2, 83.0, 4, [65, 70, 75, 80, 85]),
        (0, 36_700_000, 4, [0, 10e6, 20e6, 30e6, 40e6]),
        (0.1, 0.4, 3, [0.1, 0.2, 0.3, 0.4]),
        (5, 5, 4, [4, 6]),
    ],
)
def test_axes_have_round_marks_around_their_figures(
    low: float, high: float, about: int, expected: list[float]
) -> None:
    assert svg.ticks(low, high, about=about) == expected
