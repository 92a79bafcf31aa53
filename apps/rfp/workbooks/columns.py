"""The columns of a section's sheet: what stands in each, how it is written and how it is read.

One table serves both ways, so that a field cannot be exported and forgotten on the way back.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.rfp.states import AnswerKind, EnvelopeKind, EvidenceClass, ScoringMode
from apps.rfp.workbooks import entries, phrases
from apps.rfp.workbooks.form import Form, Item

FORMAT: Final = "cceval.questionnaire.1"
HIDDEN_SHEET: Final = "cceval"
SECTION_MARK: Final = "cceval.section"
COLUMNS_MARK: Final = "cceval.columns"
ROW_MARK: Final = "question:"
REMOVE: Final = "remove"
ANCHOR: Final = "rubric."
STEPS: Final = ("0", "1", "2", "3", "4", "5")


class CellType(StrEnum):
    TEXT = "text"
    FIGURE = "figure"
    LIST = "list"  # a dropdown


def yes_no(value: bool) -> str:  # noqa: FBT001 -- the value of a cell
    return "true" if value else "false"


# The dropdowns: what is stored by what people see. The lists travel in the hidden sheet, so that a
# workbook exported in one language is read in another.
LISTS: Final[Mapping[str, Mapping[str, str | Promise]]] = {
    "kind": {kind.value: kind.label for kind in AnswerKind},
    "mode": {mode.value: mode.label for mode in ScoringMode},
    "envelope": {kind.value: kind.label for kind in EnvelopeKind},
    "yes_no": {"true": _("Yes"), "false": _("No")},
    "evidence_class": {one.value: one.label for one in EvidenceClass},
    "action": {REMOVE: _("Remove")},
    "domain": {
        "technology": _("Technology"),
        "scalability": _("Scalability"),
        "security": _("Security"),
        "analytics": _("Analytics"),
        "culture": _("Culture"),
        "commercial": _("Commercial"),
    },
}


@dataclass(frozen=True)
class Column:
    """One column: `write` makes the cell's text from a question, `read` the field's value again."""

    key: str
    heading: str | Promise
    width: int
    write: Callable[[Item], str]
    read: Callable[[str], Any]
    type: CellType = CellType.TEXT
    values: str = ""  # the name of a list, for a dropdown
    locked: bool = False


def _field(name: str) -> Callable[[Item], str]:
    return lambda item: str(getattr(item, name))


def _text(text: str) -> str:
    return text


def _without(item: Item, *names: str) -> dict[str, Any]:
    return {name: value for name, value in item.knockout.items() if name not in names}


def _split(item: Item) -> bool:
    """Whether reason and channels may stand in columns of their own beside the tests."""
    reason, channels = item.knockout.get("reason", "-"), item.knockout.get("channels", ["-"])
    plain = isinstance(reason, str) and bool(reason.strip())
    listed = isinstance(channels, list) and bool(channels)
    return plain and listed and all(isinstance(one, str) and one for one in channels)


def _knockout(item: Item) -> str:
    return phrases.write_tests(
        _without(item, "reason", "channels") if _split(item) else item.knockout
    )


def _reason(item: Item) -> str:
    return str(item.knockout.get("reason", "")) if _split(item) else ""


def _channels(item: Item) -> str:
    return entries.write_list(item.knockout.get("channels", [])) if _split(item) else ""


def _words(text: str) -> int | None:
    if not text.strip():
        return None
    if not text.strip().isascii() or not text.strip().isdigit():
        raise phrases.Unclear(_("Give the word limit as a whole number, for example 300."))
    return int(text)


def _flag(text: str) -> bool:
    return text == "true"


def _marked(key: str, heading: str | Promise) -> Column:
    """Return a column of yes or no."""
    return Column(
        *(key, heading, 11, lambda item: yes_no(getattr(item, key)), _flag),
        *(CellType.LIST, "yes_no"),
    )


BEFORE: Final = (
    Column("topic", _("Topic"), 22, _field("topic"), _text),
    Column("text", _("Question"), 60, _field("text"), _text),
    Column("kind", _("Kind of answer"), 17, _field("kind"), _text, CellType.LIST, "kind"),
    Column(
        "options",
        _("Choices, columns or file types"),
        30,
        lambda item: entries.write_options(item.options),
        lambda text: tuple(entries.read_options(text)),
    ),
    Column("unit", _("Unit"), 10, _field("unit"), _text),
    Column(
        "limits",
        _("Limits"),
        16,
        lambda item: entries.write_limits(item.limits),
        entries.read_limits,
    ),
    _marked("required", _("Mandatory")),
    _marked("allows_na", _("Not applicable allowed")),
    Column("mode", _("How it counts"), 21, _field("mode"), _text, CellType.LIST, "mode"),
    Column("weight", _("Points"), 9, _field("weight"), _text, CellType.FIGURE),
    Column("minimum", _("Minimum score"), 9, _field("minimum"), _text, CellType.FIGURE),
    Column(
        "condition",
        _("Asked only if"),
        28,
        lambda item: phrases.write_condition(item.condition),
        phrases.read_condition,
    ),
    Column("knockout", _("Excluded if"), 28, _knockout, phrases.read_tests),
    Column("knockout.reason", _("Reason for the excluded"), 28, _reason, _text),
    Column(
        "knockout.channels", _("Exclusion counts for channels"), 18, _channels, entries.read_list
    ),
    Column(
        "auto",
        _("Score by rule"),
        26,
        lambda item: phrases.write_marks(item.auto),
        lambda text: tuple(phrases.read_marks(text)),
    ),
)
AFTER: Final = (
    Column("evidence", _("Evidence"), 24, _field("evidence"), _text),
    _marked("evidence_required", _("Evidence mandatory")),
    Column(
        *("evidence_class", _("What it proves"), 16, _field("evidence_class"), _text),
        *(CellType.LIST, "evidence_class"),
    ),
    _marked("evidence_expires", _("Expiry date asked")),
    Column("held_at", _("Held at without it"), 9, _field("held_at"), _text, CellType.FIGURE),
    Column(
        "word_limit",
        _("Word limit"),
        8,
        lambda item: "" if item.word_limit is None else str(item.word_limit),
        _words,
        CellType.FIGURE,
    ),
    _marked("commitment", _("Becomes a contract row")),
    Column("domain", _("Domain"), 14, _field("domain"), _text, CellType.LIST, "domain"),
)
PLACING: Final = (
    Column("action", _("Remove?"), 10, lambda _item: "", _text, CellType.LIST, "action"),
    Column("order", _("Order"), 7, lambda _item: "", _text, CellType.FIGURE),
    Column("code", _("Number"), 9, _field("code"), _text, locked=True),
)


def anchor(step: str) -> Column:
    """Return the column of one score's sentence."""
    heading = _("What earns {step}")
    return Column(
        ANCHOR + step,
        str(heading).format(step=step),
        26,
        lambda item: str(item.rubric.get(step, "")),
        _text,
    )


def columns_for(steps: Iterable[str]) -> tuple[Column, ...]:
    return (*PLACING, *BEFORE, *(anchor(step) for step in steps), *AFTER)


def steps_of(form: Form) -> list[str]:
    """Return every score some rubric speaks of, and 0 to 5 in any case."""
    found = {step for _part, item in form.items for step in item.rubric} | set(STEPS)
    return sorted(found, key=lambda step: (not step.isdecimal(), len(step), step))


@dataclass(frozen=True)
class Exported:
    """What the hidden sheet knows about the moment of the export."""

    digest: str
    head: Mapping[str, Any]
    codes: frozenset[str]
    sections: frozenset[str]
    scales: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    more: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    section_more: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
