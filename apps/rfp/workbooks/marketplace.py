"""Question sets of the UK Digital Marketplace (MIT): sections of questions, some with questions below.

Read from compiled JSON, or from YAML whose scalars are all text. Lots, follow-ups on several answers,
lists that follow a buyer's own list, and limits in characters are not known here and are remarked.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django.utils.translation import gettext as _

from apps.rfp.states import AnswerKind
from apps.rfp.workbooks.form import Item
from apps.rfp.workbooks.markup import plain_text
from apps.rfp.workbooks.proposals import (
    CHOICES,
    LONGEST_TEXT,
    Chapters,
    Notes,
    Proposal,
    choices_of,
    fits,
    leftovers,
    one_line,
    title_of,
    topic_of,
)

KINDS: Final[Mapping[str, str]] = {
    "text": AnswerKind.TEXT_SHORT.value,
    "textbox_large": AnswerKind.TEXT_LONG.value,
    "boolean": AnswerKind.YES_NO.value,
    "radios": AnswerKind.SINGLE_CHOICE.value,
    "checkboxes": AnswerKind.MULTI_CHOICE.value,
    "checkbox_tree": AnswerKind.MULTI_CHOICE.value,
    "number": AnswerKind.NUMBER.value,
    "date": AnswerKind.DATE.value,
    "upload": AnswerKind.FILE.value,
    "list": AnswerKind.TABLE.value,
    "pricing": AnswerKind.TABLE.value,
}
SECTION_KNOWN: Final = {"name", "questions"}
KNOWN: Final = {
    *("id", "name", "question", "question_advice", "hint", "type", "options", "unit", "optional"),
    *("questions", "children", "followup", "depends", "max_length_in_words", "list_item_name"),
    *("fields", "optional_fields", "validations", "number_of_items", "limits", "required_value"),
    *("dynamic_field", "assessment", "hidden"),
}
PRICE_COLUMNS: Final[Mapping[str, str]] = {
    "price": AnswerKind.CURRENCY.value,
    "minimum_price": AnswerKind.CURRENCY.value,
    "maximum_price": AnswerKind.CURRENCY.value,
    "price_unit": AnswerKind.TEXT_SHORT.value,
    "price_interval": AnswerKind.TEXT_SHORT.value,
}
MOST_WORDS: Final = 5000
LEAST_NAME: Final = 60
DEEPEST: Final = 6


@dataclass(frozen=True)
class Follow:
    """A question that is asked after certain answers to another one."""

    question: str
    answers: tuple[str, ...]


def propose(sections: Sequence[Mapping[str, Any]]) -> Proposal:
    reading = Reading()
    for section in sections:
        title = plain_text(str(section.get("name") or section.get("slug") or ""))[0]
        reading.section = one_line(title) or _("Questions")
        reading.unknown.update(name for name in section if name not in SECTION_KNOWN)
        for number, question in enumerate(section.get("questions") or (), start=1):
            reading.question(question, f"{reading.section} [{number}]", "", 0)
    reading.conditions()
    leftovers(reading.unknown, reading.notes)
    return Proposal(reading.chapters.form(), tuple(reading.notes.held))


class Reading:
    def __init__(self) -> None:
        self.chapters, self.notes = Chapters(), Notes()
        self.unknown: Counter[str] = Counter()
        self.section = ""
        self.codes: dict[str, str] = {}  # identifier of the set → provisional number
        self.seen: set[str] = set()
        self.identifiers: dict[str, str] = {}  # and back; an identifier may come once per lot
        self.follows: dict[str, Follow] = {}  # identifier → what it follows
        self.labels: dict[str, dict[str, str]] = {}  # provisional number → value → label

    def question(self, one: Mapping[str, Any], place: str, topic: str, depth: int) -> None:
        self.unknown.update(name for name in one if name not in KNOWN)
        name = one_line(plain_text(str(one.get("name") or ""))[0]) or topic
        identifier = str(one.get("id") or place)
        place = self.unique(identifier)
        children = one.get("children") or ()
        if one.get("type") == "multiquestion" or (children and one.get("type") not in KINDS):
            self.group(one, children, (place, name, depth))
            return
        text = self.text(one, name, place)
        if text and fits(text, place, self.notes):
            self.take(one, text, name, (identifier, place))
        elif not text:
            self.notes.left_out(place, name, _("This has no text that asks something."))

    def unique(self, identifier: str) -> str:
        """Return a name of its own: a set may repeat an identifier for each lot."""
        place, number = identifier, 1
        while place in self.seen:
            number += 1
            place = f"{identifier} ({number})"
        self.seen.add(place)
        return place

    def group(
        self,
        one: Mapping[str, Any],
        children: Sequence[Mapping[str, Any]],
        at: tuple[str, str, int],
    ) -> None:
        """Take the questions below a heading; the heading itself asks nothing."""
        place, name, depth = at
        if one.get("type") == "dynamic_list":
            sentence = _("It repeats for each entry of another list, which is not known here.")
            self.notes.left_out(place, name, sentence)
            return
        heading = plain_text(str(one.get("question") or ""))[0]
        if heading:
            self.notes.left_out(place, heading, _("The heading of a group asks nothing itself."))
        self.limits(one, place, heading or name)
        for number, child in enumerate(children, start=1):
            if depth < DEEPEST:
                self.question(child, f"{place} [{number}]", name, depth + 1)
            else:
                self.notes.left_out(place, name, _("It is nested too deep."))

    def text(self, one: Mapping[str, Any], name: str, place: str) -> str:
        """Return the question with its advice below it, as far as it fits."""
        asked, marked = plain_text(str(one.get("question") or name))
        for key in ("question_advice", "hint"):
            advice, also = plain_text(str(one.get(key) or ""))
            marked = marked or also
            if not advice:
                continue
            if "{%" in advice or "{{" in advice:
                self.notes.left_out(place, advice, _("Its advice is a template with gaps."))
            elif len(asked) + len(advice) + 2 > LONGEST_TEXT:
                self.notes.left_out(place, advice, _("Its advice does not fit behind its text."))
            else:
                asked = f"{asked}\n\n{advice}"
        if "{%" in asked or "{{" in asked:
            self.notes.changed(place, asked, _("The text is a template with gaps. Fill them in."))
        if marked:
            self.notes.changed(place, asked, _("Its markup was made plain text."))
        return asked

    def take(self, one: Mapping[str, Any], text: str, name: str, at: tuple[str, str]) -> None:
        identifier, place = at
        kind = KINDS.get(str(one.get("type")))
        if kind is None:
            sentence = _("“{kind}” is no kind of answer that is known here.")
            self.notes.left_out(place, text, sentence.format(kind=one.get("type")))
            return
        options = self.options(one, kind, place)
        if options is None:
            return
        if one.get("type") == "number" and one.get("unit") == "%":
            kind = AnswerKind.PERCENT.value
        self.limits(one, place, text)
        item = Item(
            code=place,
            topic=title_of(name, place, self.notes) if name else topic_of(text),
            text=text,
            kind=kind,
            options=options,
            unit=str(one.get("unit") or "")[:LEAST_NAME],
            required=not _says(one.get("optional")) and not _says(one.get("hidden")),
            word_limit=self.words(one, kind, place),
        )
        self.codes[identifier] = "" if identifier in self.codes else place
        self.identifiers[place] = identifier
        for other, answers in (one.get("followup") or {}).items():
            self.follows[str(other)] = Follow(identifier, tuple(map(_word, answers)))
        self.chapters.add(title_of(self.section, place, self.notes), item)

    def options(self, one: Mapping[str, Any], kind: str, place: str) -> tuple[Any, ...] | None:
        if kind in CHOICES:
            return self.choices(one, place)
        if one.get("type") == "list":
            name = str(one.get("list_item_name") or _("Entry"))[:LEAST_NAME]
            return ({"name": name, "kind": AnswerKind.TEXT_SHORT.value},)
        if one.get("type") == "pricing":
            return self.prices(one, place)
        return ()

    def choices(self, one: Mapping[str, Any], place: str) -> tuple[str, ...] | None:
        labels: dict[str, str] = {}
        flat: list[str] = []
        for label, option in _flat(one.get("options") or (), ""):
            flat.append(label)
            labels[_word(option.get("value", label))] = one_line(label)
            rest = set(option) - {"label", "value", "options"}
            self.unknown.update(f"options.{name}" for name in rest)
        if one.get("type") == "checkbox_tree":
            sentence = _("Its branches were made one list; each choice names its branch.")
            self.notes.changed(place, "; ".join(flat), sentence)
        self.labels[place] = labels
        return choices_of(flat, place, self.notes)

    def prices(self, one: Mapping[str, Any], place: str) -> tuple[dict[str, str], ...] | None:
        names = [str(name) for name in one.get("fields") or {}]
        if not names or not set(names) <= set(PRICE_COLUMNS):
            self.notes.left_out(place, ", ".join(names), _("Its price fields are not known here."))
            return None
        return tuple(
            {"name": name.replace("_", " ").capitalize(), "kind": PRICE_COLUMNS[name]}
            for name in names
        )

    def words(self, one: Mapping[str, Any], kind: str, place: str) -> int | None:
        given = str(one.get("max_length_in_words") or "")
        if given.isdecimal() and 1 <= int(given) <= MOST_WORDS and kind.startswith("text"):
            return int(given)
        if given:
            self.notes.left_out(place, given, _("This limit of words cannot be taken over."))
        return None

    def limits(self, one: Mapping[str, Any], place: str, text: str) -> None:
        """Remark what is asked of an answer and cannot be asked here."""
        for check in one.get("validations") or ():
            if check.get("name") not in {"answer_required", "not_a_number", "not_money_format"}:
                sentence = _("A check of the answer was not taken over: {check}.")
                said = check.get("message") or check.get("name")
                self.notes.left_out(place, text, sentence.format(check=str(said)[:100]))
        for name in ("limits", "number_of_items", "required_value", "assessment", "depends"):
            if one.get(name) not in (None, [], {}):
                sentence = _("“{name}” was not taken over: {value}.")
                said = sentence.format(name=name, value=str(one[name])[:100])
                self.notes.left_out(place, text, said)

    def conditions(self) -> None:
        """Ask follow-ups after their one answer, once every question is known."""
        for items in self.chapters.items.values():
            items[:] = [self.conditional(item, self.identifiers[item.code]) for item in items]

    def conditional(self, item: Item, identifier: str) -> Item:
        follow = self.follows.get(identifier)
        if follow is None:
            return item
        rule = self.rule(follow)
        if rule is None:
            sentence = _("It follows certain answers to {question}: {answers}; it is always asked.")
            said = sentence.format(question=follow.question, answers=", ".join(follow.answers))
            self.notes.left_out(item.code, item.text, said)
            return item
        return replace(item, condition=rule)

    def rule(self, follow: Follow) -> dict[str, str] | None:
        asked = self.codes.get(follow.question)
        chained = follow.question in self.follows
        if not asked or chained or len(follow.answers) != 1:
            return None
        kinds = {item.code: item.kind for items in self.chapters.items.values() for item in items}
        answer = follow.answers[0]
        if kinds[asked] == AnswerKind.YES_NO:
            value = {"true": "Yes", "false": "No"}.get(answer.lower())
        elif kinds[asked] == AnswerKind.SINGLE_CHOICE:
            value = self.labels[asked].get(answer)
        else:
            value = None
        return {"question": asked, "op": "equals", "value": value} if value else None


def _flat(options: Sequence[Mapping[str, Any]], above: str) -> list[tuple[str, Mapping[str, Any]]]:
    found: list[tuple[str, Mapping[str, Any]]] = []
    for option in options:
        label = plain_text(str(option["label"]))[0]
        name = f"{above}: {label}" if above else label
        below = option.get("options") or ()
        found += _flat(below, name) if below else [(name, option)]
    return found


def _word(value: Any) -> str:
    """Write a scalar as YAML would have it: JSON brings true, YAML here brings the text."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _says(value: Any) -> bool:
    return _word(value if value is not None else "") in {"true", "True", "yes", "Yes"}
