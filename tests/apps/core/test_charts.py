"""Charts: the same numbers give the same bytes, every drawing names itself, nothing in it runs."""

import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from apps.core.charts import (
    break_even,
    cost_stack,
    decision_path,
    maturity,
    panel_spread,
    rank_shares,
    score_bars,
    svg,
    tornado,
    total_ranges,
    vendor_glyph,
    winner_strips,
)
from apps.core.templatetags import gallery

SVG = "{http://www.w3.org/2000/svg}"
CSS = Path(svg.__file__).parent.parent / "static" / "core" / "css"
HOSTILE = '<script>alert("x")</script> & Söhne'
EXAMPLES: dict[str, tuple[Callable[..., str], object]] = {
    "break_even": (break_even.render, gallery.volumes()),
    "cost_stack": (cost_stack.render, gallery.costs()),
    "decision_path": (decision_path.render, gallery.path()),
    "maturity": (maturity.render, gallery.ruler()),
    "panel_spread": (panel_spread.render, gallery.spread()),
    "rank_shares": (rank_shares.render, gallery.ranks()),
    "score_bars": (score_bars.render, gallery.bars()),
    "tornado": (tornado.render, gallery.moves()),
    "total_ranges": (total_ranges.render, gallery.totals()),
    "winner_strips": (winner_strips.render, gallery.strips()),
}
each_chart = pytest.mark.parametrize("name", sorted(EXAMPLES))
each_width = pytest.mark.parametrize("width", [350, 440, 640, 720, 1056])


def draw(name: str, width: int = 720) -> str:
    render, chart = EXAMPLES[name]
    return render(chart, width=width)


def parse(drawing: str) -> ET.Element:
    return ET.fromstring(drawing)  # noqa: S314 -- our own drawing


def rects(drawing: str, css: str) -> list[dict[str, float]]:
    return [
        {side: float(mark.attrib[side]) for side in ("x", "y", "width", "height")}
        for mark in parse(drawing).iter(f"{SVG}rect")
        if css in mark.attrib["class"].split()
    ]


def texts(drawing: str) -> list[str]:
    return [mark.text or "" for mark in parse(drawing).iter(f"{SVG}text")]


def test_every_chart_module_has_an_example_here() -> None:
    modules = {path.stem for path in Path(svg.__file__).parent.glob("*.py")}
    assert modules - {"__init__", "svg", "figures", "rosette", "vendor_glyph"} == set(EXAMPLES)


@each_chart
@each_width
def test_the_same_numbers_give_the_same_bytes(name: str, width: int) -> None:
    assert draw(name, width) == draw(name, width)


@each_chart
@each_width
def test_a_drawing_is_an_image_named_by_its_title_and_description(name: str, width: int) -> None:
    root = parse(draw(name, width))
    title, desc = root[0], root[1]
    assert root.attrib["role"] == "img"
    assert (title.tag, desc.tag) == (f"{SVG}title", f"{SVG}desc")
    assert root.attrib["aria-labelledby"] == f"{title.attrib['id']} {desc.attrib['id']}"
    assert len(title.text or "") > 0
    assert len(desc.text or "") > 0


@each_chart
def test_two_widths_of_one_chart_have_different_ids(name: str) -> None:
    ids = [parse(draw(name, width))[0].attrib["id"] for width in (350, 720)]
    assert len(set(ids)) == 2


@each_chart
@each_width
def test_nothing_in_a_drawing_runs_or_carries_a_style(name: str, width: int) -> None:
    for mark in parse(draw(name, width)).iter():
        assert mark.tag != f"{SVG}script"
        assert [key for key in mark.attrib if key == "style" or key.startswith("on")] == []


@each_chart
@each_width
def test_no_text_is_smaller_than_11_px(name: str, width: int) -> None:
    def sizes(mark: ET.Element, scale: float) -> list[float]:
        found = re.search(r"scale\(([\d.]+)\)", mark.attrib.get("transform", ""))
        scale *= float(found[1]) if found else 1
        own = [float(mark.attrib["font-size"]) * scale] if mark.tag == f"{SVG}text" else []
        return own + [size for child in mark for size in sizes(child, scale)]

    assert [size for size in sizes(parse(draw(name, width)), 1) if size < 10.95] == []


@each_chart
@each_width
def test_every_mark_has_a_colour_for_paper_and_a_class_for_the_web(name: str, width: int) -> None:
    def bare(mark: ET.Element, *, inherits: bool) -> list[str]:
        has = bool({"fill", "stroke"} & mark.attrib.keys()) and "class" in mark.attrib
        drawn = mark.tag.removeprefix(SVG) in {"rect", "line", "path", "circle", "text"}
        own = [mark.tag] if drawn and not has and not inherits else []
        return own + [tag for child in mark for tag in bare(child, inherits=inherits or has)]

    root = parse(draw(name, width))
    assert [tag for child in root for tag in bare(child, inherits=False)] == []


@each_chart
def test_every_class_of_a_drawing_has_a_rule(name: str) -> None:
    rules = "".join(path.read_text(encoding="utf-8") for path in CSS.glob("*.css"))
    used = {
        css for mark in parse(draw(name)).iter() for css in mark.attrib.get("class", "").split()
    }
    assert [css for css in sorted(used) if not re.search(rf"\.{css}\b", rules)] == []


@each_chart
@each_width
def test_every_mark_lies_inside_its_drawing(name: str, width: int) -> None:
    root = parse(draw(name, width))
    _, _, wide, high = (float(part) for part in root.attrib["viewBox"].split())
    for mark in root.iter(f"{SVG}rect"):
        if mark.attrib.get("rx") == "3":  # the square of vendor B, in its own box
            continue
        box = {side: float(mark.attrib[side]) for side in ("x", "y", "width", "height")}
        assert box["x"] >= -0.1
        assert box["x"] + box["width"] <= wide + 0.1
        assert box["y"] + box["height"] <= high + 0.1


def test_the_text_of_strangers_is_escaped() -> None:
    vendor = svg.Vendor("A", HOSTILE)
    chart = rank_shares.RankShares(title=HOSTILE, rows=(rank_shares.RankRow(vendor, (1.0,)),))
    drawing = rank_shares.render(chart, width=1056)
    assert "<script" not in drawing
    assert parse(drawing)[0].text == HOSTILE


@pytest.mark.parametrize("letter", ["A", "F", "Z", "<b>", ""])
def test_a_glyph_exists_for_any_letter_and_escapes_it(letter: str) -> None:
    drawing = vendor_glyph.render(vendor_glyph.VendorGlyph(letter=letter, label=HOSTILE))
    assert "<script" not in drawing
    assert "<b>" not in drawing


def test_after_e_the_five_hues_start_again() -> None:
    assert [svg.hue(letter) for letter in "ABCDEFGHIJ"] == list("ABCDEABCDE")


def test_charts_load_no_django() -> None:
    modules = ", ".join(
        f"apps.core.charts.{name}" for name in (*EXAMPLES, "rosette", "vendor_glyph")
    )
    code = f"import sys, {modules}; print('django' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_score_bars_start_at_zero_and_keep_their_proportion() -> None:
    bars = tuple(score_bars.ScoreBar(f"Criterion {value}", value) for value in (25, 50, 100))
    drawn = rects(score_bars.render(score_bars.ScoreBars(title="t", bars=bars)), "k1")
    assert {bar["x"] for bar in drawn} == {192.0}
    assert [bar["width"] for bar in drawn] == [118.5, 237.0, 474.0]


def test_a_missing_score_is_said_and_not_drawn() -> None:
    chart = score_bars.ScoreBars(title="t", bars=(score_bars.ScoreBar("Security", None),))
    drawing = score_bars.render(chart)
    assert [bar["width"] for bar in rects(drawing, "k1")] == [0.0]
    assert "not given" in texts(drawing)


def test_rank_shares_never_claim_all_or_nothing() -> None:
    rows = (rank_shares.RankRow(svg.Vendor("A", "Ada"), (0.997, 0.003)),)
    drawing = rank_shares.render(rank_shares.RankShares(title="t", rows=rows))
    assert ">\N{NO-BREAK SPACE}99%" in texts(drawing)
    assert parse(drawing)[1].text == "Ada: >\N{NO-BREAK SPACE}99%, <\N{NO-BREAK SPACE}1%"


def test_ranks_after_the_third_are_one_segment() -> None:
    row = rank_shares.RankRow(svg.Vendor("A", "Ada"), (0.2, 0.2, 0.2, 0.2, 0.1, 0.1))
    drawing = rank_shares.render(rank_shares.RankShares(title="t", rows=(row,)))
    fourth = rects(drawing, "r3")
    first = rects(drawing, "r0")
    assert [round(bar["width"] + 1.5) for bar in fourth] == [2 * round(first[0]["width"] + 1.5)]


def test_cost_parts_add_up_to_the_bar_that_carries_their_sum() -> None:
    whole = cost_stack.CostBar("whole", (40e6,))
    parts = cost_stack.CostBar("parts", (10e6, 10e6, 10e6, 10e6))
    chart = cost_stack.CostStack(
        title="t", parts=("a", "b", "c", "d"), bars=(whole, parts), currency="EUR"
    )
    drawing = cost_stack.render(chart)
    ends = [
        max(
            bar["x"] + bar["width"]
            for css in ("k1", "k2", "k5", "k3")
            for bar in rects(drawing, css)
            if bar["y"] == y
        )
        for y in (24.0, 68.0)
    ]
    assert ends[0] == ends[1]
    assert texts(drawing).count("€40.0M") == 2


def test_every_crossing_is_drawn_and_named() -> None:
    crossings = tuple(break_even.Crossing(300_000 + 40_000 * n, 7e5 + 5e4 * n) for n in range(5))
    drawing = break_even.render(replace(gallery.volumes(), crossings=crossings))
    assert len(list(parse(drawing).iter(f"{SVG}circle"))) == 5
    labels = ["300K", "340K", "380K", "420K", "460K"]
    assert [label for label in labels if label not in texts(drawing)] == []


def boxes(drawing: str, size: str) -> list[tuple[float, float, float, float]]:
    """Where the labels of that size lie: left, top, right, bottom."""
    found = []
    for one in parse(drawing).iter(f"{SVG}text"):
        if one.get("font-size") == size and one.get("class") == "t-s":
            x, y, reach = float(one.get("x")), float(one.get("y")), svg.width_of(one.text, 12.5)
            left = x - reach if one.get("text-anchor") == "end" else x
            found.append((left, y - 11, left + reach, y + 2))
    return found


@pytest.mark.parametrize("width", [350, 616, 720])
def test_crowded_crossings_keep_their_rings_and_only_the_labels_that_have_room(width: int) -> None:
    """Ten lines' crossings within a few hundred contacts: what was drawn over itself before."""
    volumes = (3461, 3500, 3680, 3692, 3860, 4000, 4105, 4108, 4385, 5000)
    crossings = tuple(break_even.Crossing(v, 5e5 + 100 * v) for v in volumes)
    lines = tuple(
        break_even.CostLine(f"Line {n}", ((2000, 4e5 + n * 5e4), (7000, 15e5 - n * 1e5)))
        for n in range(4)
    )
    chart = replace(
        gallery.volumes(), lines=lines, crossings=crossings, low=3500, high=4900, forecast=4100
    )
    drawing = break_even.render(chart, width=width)
    assert len(list(parse(drawing).iter(f"{SVG}circle"))) == 10
    held = boxes(drawing, "12.5")
    assert 3 <= len(held) <= 10
    for place, (left, top, right, bottom) in enumerate(held):
        for other in held[:place]:
            assert not (
                left < other[2] and other[0] < right and top < other[3] and other[1] < bottom
            )
    shown = [text for text in texts(drawing) if text in {f"{v:,}" for v in volumes}]
    assert len(shown) == len(set(shown)) == len(held)  # 3,461 and 3,500, not "3K" twice
    assert all(f"{v:,}" in parse(drawing)[1].text for v in volumes)


def test_a_name_that_is_too_long_wraps_and_shows_in_full_on_rest() -> None:
    name = "Security, data protection and business continuity of every site offered"
    segments = (winner_strips.Segment("B", 0, 1),)
    chart = winner_strips.WinnerStrips(
        "t",
        (winner_strips.Strip(name, 0.25, segments), winner_strips.Strip("Price", 0.4, segments)),
    )
    for width, rows in ((720, ["Security, data protection", "and business continuity o…"]),
                        (350, ["Security, data protection and business continuit…"])):  # fmt: skip
        drawing = winner_strips.render(chart, width=width)
        assert [text for text in texts(drawing) if text in rows] == rows
        resting = [one.text for one in parse(drawing).iter(f"{SVG}title")][1:]
        assert len(resting) == 1
        assert name.endswith(resting[0])
    whole = replace(chart, strips=chart.strips[1:])
    assert len(list(parse(winner_strips.render(whole)).iter(f"{SVG}title"))) == 1


def test_labels_of_crossings_do_not_cover_one_another() -> None:
    crossings = (break_even.Crossing(400_000, 8e5), break_even.Crossing(404_000, 8e5))
    drawing = break_even.render(replace(gallery.volumes(), crossings=crossings))
    spots = [
        (float(mark.attrib["x"]), float(mark.attrib["y"]), mark.attrib["text-anchor"])
        for mark in parse(drawing).iter(f"{SVG}text")
        if mark.text in {"400K", "404K"} and mark.attrib["text-anchor"] != "middle"
    ]
    assert spots[0] != spots[1]
    assert len({(y, anchor) for _, y, anchor in spots}) == 2


def test_two_circles_of_a_panel_never_overlap() -> None:
    scores = tuple(panel_spread.PanelScore(value, "AB") for value in (3, 3, 3, 3, 3.1, 5))
    drawing = panel_spread.render(panel_spread.PanelSpread(title="t", scores=scores))
    spots = [
        (float(c.attrib["cx"]), float(c.attrib["cy"])) for c in parse(drawing).iter(f"{SVG}circle")
    ]
    near = [
        (a, b)
        for place, a in enumerate(spots)
        for b in spots[place + 1 :]
        if (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 < 23**2
    ]
    assert near == []


def test_a_spread_of_two_points_is_marked_and_one_point_is_not() -> None:
    def spread(*values: float) -> str:
        scores = tuple(panel_spread.PanelScore(value, "AB") for value in values)
        return panel_spread.render(panel_spread.PanelSpread(title="t", scores=scores))

    assert [len(rects(spread(2, 4), css)) for css in ("mk", "bg")] == [1, 0]
    assert [len(rects(spread(3, 4), css)) for css in ("mk", "bg")] == [0, 1]
    assert [len(rects(spread(4, 4), css)) for css in ("mk", "bg")] == [0, 0]


def test_winner_strips_name_the_flip_nearest_to_the_agreed_weight() -> None:
    segments = (
        winner_strips.Segment("A", 0, 0.1),
        winner_strips.Segment("B", 0.1, 0.3),
        winner_strips.Segment("C", 0.3, 1),
    )
    strip = winner_strips.Strip("Price", 0.25, segments)
    drawing = winner_strips.render(winner_strips.WinnerStrips(title="t", strips=(strip,)))
    assert "flips above 30%" in texts(drawing)


def test_a_criterion_without_flips_says_who_always_leads() -> None:
    strip = winner_strips.Strip("Price", 0.25, (winner_strips.Segment("B", 0, 1),))
    drawing = winner_strips.render(winner_strips.WinnerStrips(title="t", strips=(strip,)))
    assert "B leads at any weight" in texts(drawing)
