"""Decision path: the questions asked, the answer each took, the roads not taken, the recommendation."""

import math
from dataclasses import dataclass

from apps.core.charts import figures, svg

_GAP = 44
_LEAST = 160  # px a question needs beside its neighbours
_PILL = 24
_MARGIN = 14  # px at the end of a row, for the line that leads to the next


@dataclass(frozen=True, slots=True)
class PathStep:
    """`others` are the answers not given, each with where it would have led."""

    question: str
    evidence: str
    answer: str
    others: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class DecisionPath:
    """`outcome` is the recommendation, `notes` up to three lines below it."""

    title: str
    steps: tuple[PathStep, ...]
    outcome: str
    notes: tuple[str, ...] = ()
    desc: str = ""
    question_word: str = "Question {number}"
    outcome_word: str = "Recommendation"


@dataclass(frozen=True, slots=True)
class _Plan:
    """How many boxes stand in a row and how large they are."""

    per_row: int
    width: float
    lines: int
    size: float
    pills: int

    @property
    def height(self) -> float:
        return 42 + self.lines * 18 + 20 + 28

    @property
    def row(self) -> float:
        return self.height + (12 + self.pills * (_PILL + 6) if self.pills else 0) + 36


def _plan(chart: DecisionPath, *, width: float) -> _Plan:
    boxes = len(chart.steps) + 1
    most = max(1, int((width - _MARGIN + _GAP) // (_LEAST + _GAP))) if width >= svg.WIDE else 1
    rows = math.ceil(boxes / most)
    per_row = math.ceil(boxes / rows)
    box = (width - _MARGIN - _GAP * (per_row - 1)) / per_row if per_row > 1 else width - 2
    size = 14.0
    longest = [svg.wrap(step.question, size, box - 24, lines=4) for step in chart.steps]
    return _Plan(
        per_row=per_row,
        width=box,
        lines=max((len(lines) for lines in longest), default=1),
        size=size,
        pills=max((len(step.others) for step in chart.steps), default=0),
    )


def render(chart: DecisionPath, *, width: int = 720, locale: str = figures.DEFAULT_LOCALE) -> str:
    plan = _plan(chart, width=width)
    across = plan.per_row > 1
    out: list[str] = []
    for place, step in enumerate(chart.steps):
        x, y = _spot(place, plan)
        number = figures.number(place + 1, locale=locale)
        out.append(_box(step, chart.question_word.format(number=number), x=x, y=y, plan=plan))
        out.append(_others(step, x=x, y=y, plan=plan))
        out.append(_arrow(place, plan, width=width) if across else _down(x, y, plan))
    x, y = _spot(len(chart.steps), plan)
    out.append(_outcome(chart, x=x, y=y, plan=plan))
    height = y + plan.height + 2
    if across and any(_spot(place, plan)[1] == y for place in range(len(chart.steps))):
        height = y + plan.row - 30
    said = "; ".join(f"{step.question} {step.answer}" for step in chart.steps)
    desc = chart.desc or f"{said}; {chart.outcome}"
    return svg.drawing(width, height, "".join(out), title=chart.title, desc=desc)


def _spot(place: int, plan: _Plan) -> tuple[float, float]:
    row, column = divmod(place, plan.per_row)
    return 1 + column * (plan.width + _GAP), 1 + row * plan.row


def _box(step: PathStep, heading: str, *, x: float, y: float, plan: _Plan) -> str:
    frame = svg.Ink("hf nowst", svg.PAPER, stroke=svg.INK, stroke_width=1.5)
    room = plan.width - 24
    out = [svg.rect(x, y, plan.width, plan.height, frame, rx=5)]
    out.append(svg.text(x + 12, y + 21, heading, svg.Type("t-m", svg.INK_3, 12)))
    style = svg.Type("t-n", svg.INK, plan.size, 600)
    for number, words in enumerate(svg.wrap(step.question, plan.size, room, lines=plan.lines)):
        out.append(svg.text(x + 12, y + 41 + number * 18, words, style))
    base = y + plan.height - 12
    out.append(
        svg.text(
            x + 12, base - 26, svg.fit(step.evidence, 12.5, room), svg.Type("t-m", svg.INK_2, 12.5)
        )
    )
    answer = svg.fit(step.answer, 13, room)
    out.append(svg.rect(x + 9, base - 15, svg.width_of(answer, 13) + 8, 20, svg.MARKER, rx=2))
    out.append(svg.text(x + 12, base, answer, svg.Type("t-n", svg.INK, 13, 600)))
    return "".join(out)


def _others(step: PathStep, *, x: float, y: float, plan: _Plan) -> str:
    """The roads not taken: dashed, grey, each with where it would have led."""
    across = plan.per_row > 1
    indent = 0 if across else 52
    room = plan.width - indent
    out: list[str] = []
    if step.others and across:
        stem = x + 20
        dashed = svg.Pen("gr", svg.LINE_2, 1.5, "4 4")
        out.append(svg.line(stem, y + plan.height, stem, y + plan.height + 12, dashed))
    for number, (answer, outcome) in enumerate(step.others):
        top = y + plan.height + 12 + number * (_PILL + 6)
        words = svg.fit(f"{answer}: {outcome}", 12, room - 20)
        reach = min(svg.width_of(words, 12) + 22, room)
        out.append(svg.rect(x + indent, top, reach, _PILL, svg.PALE, rx=12))
        out.append(svg.text(x + indent + 11, top + 16, words, svg.BODY))
    return "".join(out)


def _arrow(place: int, plan: _Plan, *, width: float) -> str:
    x, y = _spot(place, plan)
    to_x, to_y = _spot(place + 1, plan)
    middle = y + plan.height / 2
    start = x + plan.width
    if to_y == y:
        head = f"M{svg.coord(to_x)} {svg.coord(middle)} l-8 -4.5 v9 Z"
        return svg.line(start, middle, to_x - 7, middle, svg.NOW) + svg.area(head, svg.SOLID)
    turn, below = width - 4, to_y - 20
    enter = to_x + 20
    path = (
        f"M{svg.coord(start)} {svg.coord(middle)} H{svg.coord(turn)} V{svg.coord(below)}"
        f" H{svg.coord(enter)} V{svg.coord(to_y - 7)}"
    )
    head = f"M{svg.coord(enter)} {svg.coord(to_y)} l-4.5 -8 h9 Z"
    return svg.stroke(path, svg.NOW) + svg.area(head, svg.SOLID)


def _down(x: float, y: float, plan: _Plan) -> str:
    stem, end = x + 26, y + plan.row
    head = f"M{svg.coord(stem)} {svg.coord(end)} l-4.5 -8 h9 Z"
    return svg.line(stem, y + plan.height, stem, end - 6, svg.NOW) + svg.area(head, svg.SOLID)


def _outcome(chart: DecisionPath, *, x: float, y: float, plan: _Plan) -> str:
    room = plan.width - 32
    pale = svg.Type("t-wr", svg.PAPER, 13)
    out = [svg.rect(x, y, plan.width, plan.height, svg.SOLID, rx=6)]
    out.append(svg.text(x + 16, y + 22, chart.outcome_word, svg.Type("t-wr", svg.PAPER, 12)))
    base = y + 46
    lines = max(2, int((plan.height - 50) // 22))
    for words in svg.wrap(chart.outcome, 17, room, lines=lines):
        out.append(svg.text(x + 16, base, words, svg.Type("t-w", svg.PAPER, 17, 600)))
        base += 22
    for note in chart.notes[:3]:
        if base + 4 > y + plan.height:
            break
        out.append(svg.text(x + 16, base, svg.fit(note, 13, room), pale))
        base += 18
    return "".join(out)
