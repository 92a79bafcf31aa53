"""Sheets that say what a row is by a word in brackets, as the European ESPD criterion workbook does.

`{CRITERION` opens a section, `{QUESTION}` is a question, `{QUESTION_SUBGROUP` with ONTRUE or ONFALSE
is asked only after that answer to the question before it. The words stand in indented columns, so
they are looked for, not expected in one place.
"""

import re
from dataclasses import dataclass, replace
from typing import Any, Final

from django.utils.translation import gettext as _

from apps.core.quarantine.values import Sheet
from apps.rfp.states import AnswerKind
from apps.rfp.workbooks.proposals import LONGEST_TEXT, one_line
from apps.rfp.workbooks.taking import Taking
from apps.rfp.workbooks.vocabulary import Role

WORD: Final = re.compile(r"\{[A-Z_]+\}?|[A-Z_]+\}")
QUESTION, CRITERION, SUBGROUP = "{QUESTION}", "{CRITERION", "{QUESTION_SUBGROUP"
AFTER: Final = {"ONTRUE": "Yes", "ONFALSE": "No"}
REPEATS: Final = re.compile(r"\d\.\.(n|\*|[2-9]\d*)")
SHORT: Final = 40  # characters: a question such as "Your answer" says nothing by itself


def word_of(sheet: Sheet, row: int) -> str:
    texts = sheet.rows.get(row, {}).values()
    return next((text for text in texts if WORD.fullmatch(text)), "")


def is_bracketed(sheet: Sheet) -> bool:
    return any(word_of(sheet, row) == QUESTION for row in sheet.rows)


@dataclass(frozen=True)
class Level:
    """A group that is open: the rule it puts on its questions, and whether one can be said."""

    rule: dict[str, Any] | None
    said: str
    answered: str  # what stood before it, for the group that follows it


class Bracketed(Taking):
    """One sheet whose rows say what they are."""

    levels: list[Level]
    lead: str  # what the criterion asks, until its first question has taken it
    answered: str  # the last question of yes or no, empty where there is none

    def read(self) -> None:
        self.levels, self.lead, self.answered = [], "", ""
        super().read()

    def row(self, row: int) -> None:
        word = word_of(self.sheet, row)
        if row in self.skipped or self.is_header(row) or not word:
            super().row(row)
        elif word == QUESTION:
            self.asked(row)
        elif word == CRITERION:
            self.section = one_line(self.value(row, Role.TOPIC) or self.section)
            self.lead = self.sheet.text(row, self.at)
            self.levels, self.answered = [], ""
        elif word.startswith("{") and not word.endswith("}"):
            self.opened(row, word)
        elif word.endswith("}") and not word.startswith("{"):
            self.closed()
        else:
            self.no_question(row, word)

    def no_question(self, row: int, word: str) -> None:
        text = self.sheet.text(row, self.at)
        if text:
            sentence = _("A row of the kind {word} asks nothing that is known here.")
            self.notes.left_out(self.place(row), text, sentence.format(word=word.strip("{}")))

    def opened(self, row: int, word: str) -> None:
        """Open a group: on an answer where it says so, otherwise always."""
        self.no_question(row, word)
        texts = self.texts(row)
        if repeats := next((text for text in texts if REPEATS.fullmatch(text)), ""):
            sentence = _("This group may be answered {times} times; here it is asked once.")
            self.notes.left_out(self.place(row), word, sentence.format(times=repeats))
        after = next((text for text in texts if text in AFTER), "")
        rule = None
        if after and word == SUBGROUP and self.answered:
            rule = {"question": self.answered, "op": "equals", "value": AFTER[after]}
        self.levels.append(Level(rule, after, self.answered))
        self.answered = ""

    def closed(self) -> None:
        if self.levels:
            self.answered = self.levels.pop().answered

    def asked(self, row: int) -> None:
        before = sum(map(len, self.chapters.items.values()))
        text = self.sheet.text(row, self.at) or self.value(row, Role.TOPIC)
        place = self.place(row)
        if not text:
            self.notes.left_out(place, QUESTION, _("This question has no text."))
            return
        if self.lead and len(text) <= SHORT and len(self.lead) + len(text) + 2 <= LONGEST_TEXT:
            text = f"{self.lead}\n\n{text}"
            self.notes.changed(place, text, _("The text of its criterion stands before it."))
        elif self.lead:
            self.notes.left_out(place, self.lead, _("The text of a criterion asks nothing itself."))
        self.lead = ""
        self.question(row, text)
        if sum(map(len, self.chapters.items.values())) > before:
            self.conditional(row, place)

    def conditional(self, row: int, place: str) -> None:
        """Put the rules of the open groups on the question that was just taken."""
        title = next(
            title
            for title in reversed(self.chapters.titles)
            if self.chapters.items[title][-1].code == f"{self.sheet.name}!{row + 1}"
        )
        items = self.chapters.items[title]
        said = [level.rule for level in self.levels if level.said]
        rules = [rule for rule in said if rule]
        item = items[-1]
        if len(rules) < len(said):
            items[-1] = replace(item, required=False)
            sentence = _("It follows an answer that is not a question here; it is always asked.")
            self.notes.left_out(place, item.text, sentence)
        elif rules:
            rule: dict[str, Any] = rules[0] if len(rules) == 1 else {"all": rules}
            items[-1] = replace(item, condition=rule, required=False)
        if item.kind == AnswerKind.YES_NO:
            self.answered = item.code
