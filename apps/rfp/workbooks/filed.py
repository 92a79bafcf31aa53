"""A questionnaire file in JSON or YAML, in the format of the shipped ones, from anybody's hands.

Every value is held to its kind before it becomes part of a form: what is wrong is named by its
place in the file, what has no meaning here is remarked. Scalars of YAML arrive as text.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from apps.core.errors import Incomplete
from apps.rfp.workbooks.form import ALWAYS, OPTIONAL, PART, SCALE, of_file
from apps.rfp.workbooks.proposals import Notes, Proposal

HEAD: Final = ("slug", "title", "version", "note", "licence", "reference", "rfp")
FIGURE: Final = re.compile(r"\d{1,6}(\.\d{1,4})?", re.ASCII)
MOST_PROBLEMS: Final = 50
ENDS: Final = 2  # of a scale
DEEPEST: Final = 40  # a condition of the deepest kind takes some 30


class Wrong(ValueError):
    """A value of another kind; the message is a sentence for people."""


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise Wrong(_("Write this as text."))
    return value


def _needed(value: Any) -> str:
    if not _text(value).strip():
        raise Wrong(_("Write something here."))
    return str(value)


def _figure(value: Any) -> str:
    written = value if isinstance(value, str) else str(value)
    if isinstance(value, bool) or not FIGURE.fullmatch(written):
        raise Wrong(_("Give a number from 0, with at most four decimals, for example 12.5."))
    return written


def _least(value: Any) -> str:
    return "" if value in (None, "") else _figure(value)


def _flag(value: Any) -> bool:
    if value in (True, "true"):
        return True
    if value in (False, "false"):
        return False
    raise Wrong(_("Say true or false."))


def _words(value: Any) -> int | None:
    if value in (None, ""):
        return None
    if isinstance(value, bool) or not re.fullmatch(r"\d{1,5}", str(value), re.ASCII):
        raise Wrong(_("Give a whole number of words."))
    return int(value)


def _mapping(value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise Wrong(_("Give an object of names and values."))
    return {str(name): _exact(one) for name, one in value.items()}


def _rubric(value: Any) -> dict[str, str]:
    return {step: _text(sentence) for step, sentence in _mapping(value).items()}


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise Wrong(_("Give a list."))
    return [_exact(one) for one in value]


def _rules(value: Any) -> list[dict[str, Any]]:
    return [_mapping(one) for one in _list(value)]


def _scale(value: Any) -> list[str]:
    ends = [_figure(one) for one in _list(value)]
    if len(ends) != ENDS:
        raise Wrong(_("Give the lowest and the highest score."))
    return ends


def _exact(value: Any, deep: int = 0) -> Any:
    """Return plain data as it is; a number with decimals has to come as text to stay exact."""
    if isinstance(value, float):
        raise Wrong(_("Write each value as text, for example 72 or 12.5 in quotes."))
    if deep > DEEPEST:
        raise Wrong(_("This is nested too deep. Flatten it."))
    if isinstance(value, Mapping):
        return {str(name): _exact(one, deep + 1) for name, one in value.items()}
    return [_exact(one, deep + 1) for one in value] if isinstance(value, list) else value


QUESTION: Final[Mapping[str, Callable[[Any], Any]]] = {
    **dict.fromkeys(("code", "topic", "unit", "evidence", "evidence_class", "domain"), _text),
    **dict.fromkeys(("text", "kind", "mode"), _needed),
    **dict.fromkeys(("required", "evidence_required", "evidence_expires"), _flag),
    **dict.fromkeys(("allows_na", "commitment"), _flag),
    **dict.fromkeys(("knockout", "show_if", "limits"), _mapping),
    "weight": _figure,
    **dict.fromkeys(("minimum", "held_at"), _least),
    "options": _list,
    "rubric": _rubric,
    "auto": _rules,
    "word_limit": _words,
    "scale": _scale,
}
MISSING: Final[Mapping[str, Any]] = {
    **dict.fromkeys(("code", "topic", "text", "evidence", "domain"), ""),
    "weight": "0",
    "required": True,
    "mode": "info",
    "evidence_required": False,
}
SECTION: Final[Mapping[str, Callable[[Any], Any]]] = {
    **dict.fromkeys(("code", "lot"), _text),
    **dict.fromkeys(("title", "envelope"), _needed),
    "weight": _figure,
    "minimum": _least,
}
EMPTY: Final = {
    **dict.fromkeys(("code", "lot", "minimum", "title"), ""),
    "weight": "0",
    "envelope": "technical",
}
LOT: Final[Mapping[str, Callable[[Any], Any]]] = {
    **dict.fromkeys(("code", "name"), _needed),
    "description": _text,
}


def propose(content: Mapping[str, Any]) -> Proposal:
    """Return the questionnaire of a file; Incomplete names every place that has to be mended."""
    return Filed(content).read()


class Filed:
    def __init__(self, content: Mapping[str, Any]) -> None:
        self.content = content
        self.notes = Notes()
        self.problems: dict[str, str] = {}

    def read(self) -> Proposal:
        head = {
            name: value
            for name, value in self.content.items()
            if name in HEAD and isinstance(value, str)
        }
        sections = [
            self.section(f"sections[{at}]", one)
            for at, one in enumerate(self.content["sections"], start=1)
        ]
        lots = self.lots(self.content.get("lots", []))
        self.unknown("", self.content, {*HEAD, "sections", "facts", "lots"})
        if self.content.get("facts"):
            sentence = _(
                "What is asked about the tender itself comes with the shipped questionnaire that the"
                " file names, if there is one."
            )
            self.notes.left_out("facts", "facts", sentence)
        if self.problems:
            first = next(iter(self.problems.values()))
            raise Incomplete(first, fields={"file": first, **self.problems})
        form = of_file({**head, "sections": sections, "lots": lots})
        return Proposal(form, tuple(self.notes.held))

    def lots(self, given: Any) -> list[dict[str, Any]]:
        if not isinstance(given, list) or not all(isinstance(one, Mapping) for one in given):
            self.problem("lots", _("Give a list of lots, each with a code and a name."))
            return []
        found = []
        for at, one in enumerate(given, start=1):
            place, whole = f"lots[{at}]", {"code": "", "name": "", "description": "", **one}
            self.unknown(place, one, set(LOT))
            found.append({name: self.value(place, name, whole[name], LOT[name]) for name in LOT})
        codes = [one["code"] for one in found]
        if len(set(codes)) != len(codes):
            self.problem("lots", _("A code is given twice. Change one of them."))
        return found

    def section(self, place: str, given: Any) -> dict[str, Any]:
        if not isinstance(given, Mapping) or not isinstance(given.get("questions", []), list):
            self.problem(place, _("Give a section: a title, a weight and a list of questions."))
            return {}
        self.unknown(place, given, set(PART))
        whole = {**EMPTY, **given}
        return {
            **{name: self.value(place, name, whole[name], SECTION[name]) for name in SECTION},
            "questions": [
                self.question(f"{place}.questions[{at}]", one)
                for at, one in enumerate(given.get("questions", []), start=1)
            ],
        }

    def question(self, place: str, given: Any) -> dict[str, Any]:
        if not isinstance(given, Mapping):
            self.problem(place, _("Give a question: a text and a kind of answer."))
            return {}
        known = {*ALWAYS, *OPTIONAL, "scale"}
        self.unknown(place, given, known)
        whole = {**MISSING, "kind": "", **{k: v for k, v in given.items() if k in known}}
        if whole.get("scale") == list(SCALE):
            del whole["scale"]
        return {
            name: self.value(place, name, value, QUESTION.get(name, _exact))
            for name, value in whole.items()
        }

    def value(self, place: str, name: str, value: Any, read: Callable[[Any], Any]) -> Any:
        try:
            return read(value)
        except Wrong as wrong:
            self.problem(f"{place}.{name}", str(wrong))
            return None

    def problem(self, place: str, sentence: str) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems[place] = _("{place}: {sentence}").format(place=place, sentence=sentence)

    def unknown(self, place: str, given: Mapping[str, Any], known: set[str]) -> None:
        """Remark the names that stand for nothing here."""
        for name, value in given.items():
            if name not in known and value not in (None, "", [], {}):
                sentence = _("“{name}” stands for nothing here.").format(name=str(name)[:60])
                at = f"{place}.{name}".strip(".")[:120]
                self.notes.left_out(at, str(value)[:160], sentence)
