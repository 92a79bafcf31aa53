"""The page on which weights are shared out: a line for each weight, as held, typed and proposed."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from apps.core.forms import Form
from apps.rfp.models import Section
from apps.rfp.types import Chapter, plain


@dataclass(frozen=True)
class Line:
    """One weight. `next` and `change` are empty until a preview was asked for."""

    code: str
    title: str
    held: str
    typed: str
    locked: bool
    next: str
    change: str
    refused: bool


def lines_of(
    chapters: tuple[Chapter, ...],
    section: Section | None,
    held: Mapping[str, Decimal],
    form: Form,
    proposed: Mapping[str, Decimal] | None,
) -> list[Line]:
    """Return a line for each weight that is shared, in the order of the questionnaire."""
    titles = {chapter.section.code: chapter.section.title for chapter in chapters}
    if section is not None:
        titles = {one.code: one.topic for chapter in chapters for one in chapter.questions}
    return [
        Line(
            code=code,
            title=titles.get(code, code),
            held=plain(weight),
            typed=form.data.get(f"weight-{code}", plain(weight)),
            locked=f"lock-{code}" in form.data,
            next=plain(proposed[code]) if proposed else "",
            change=_change(proposed[code] - weight) if proposed else "",
            refused=f"weight-{code}" in form.errors,
        )
        for code, weight in held.items()
    ]


def _change(gap: Decimal) -> str:
    return "" if not gap else f"+{plain(gap)}" if gap > 0 else plain(gap)
