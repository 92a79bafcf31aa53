"""A foreign sheet read by a confirmed layout, row by row; nothing falls away without a remark."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from apps.core.quarantine.values import CellKind, Sheet
from apps.rfp.states import AnswerKind, ScoringMode
from apps.rfp.workbooks.foreign import Layout
from apps.rfp.workbooks.form import Item, figure
from apps.rfp.workbooks.proposals import (
    CHOICES,
    LONGEST_TITLE,
    Chapters,
    Notes,
    choices_of,
    fits,
    one_line,
    title_of,
    topic_of,
)
from apps.rfp.workbooks.vocabulary import KINDS, NO, YES, Role

SEPARATORS: Final = ("\n", ";", "|")
WEIGHT: Final = re.compile(r"(\d{1,3}(?:\.\d{1,4})?)\s*(%?)", re.ASCII)
WORDS: Final = re.compile(r"(\d{1,4})\s*(?:words)?", re.ASCII | re.IGNORECASE)
MOST_WORDS: Final = 5000
LONGEST_UNIT, LONGEST_EVIDENCE = 60, 200
BRACKETS: Final = re.compile(r"\{?[A-Z_]+\}?")  # structure words such as {QUESTION_GROUP


class Taking:
    def __init__(self, sheet: Sheet, layout: Layout, chapters: Chapters, notes: Notes) -> None:
        self.sheet, self.layout = sheet, layout
        self.chapters, self.notes = chapters, notes
        self.section = one_line(sheet.name)
        self.at = layout.columns[Role.QUESTION]
        self.top = -1 if layout.header is None else layout.header
        self.skipped = frozenset() if layout.hidden_rows else sheet.hidden_rows
        self.covered = {
            (row, column): top_left
            for top_left, last in sheet.merged
            for row in range(top_left[0], min(last[0], sheet.height) + 1)
            for column in {self.at, *layout.columns.values()}
            if top_left[1] <= column <= last[1]
        }

    def read(self) -> None:
        for column in sorted(self.sheet.hidden_columns.intersection(self.layout.columns.values())):
            sentence = _("This column is hidden in the file; it was taken.")
            self.notes.changed(self.letters(column), self.heading(column), sentence)
        for row in self.sheet.rows:
            if row <= self.top:
                self.above(row)
            else:
                self.row(row)
        self.other_columns()

    def above(self, row: int) -> None:
        """What stands above the headings is remarked, the headings themselves are not."""
        text = " ".join(self.texts(row))
        if text and row != self.layout.header:
            self.notes.left_out(self.place(row), text, _("This stands above the questions."))

    def place(self, row: int, column: int | None = None) -> str:
        return f"{self.sheet.name}!{self.sheet.name_of(row, self.at if column is None else column)}"

    def texts(self, row: int) -> list[str]:
        """Return what a row says, without empty cells and words of structure."""
        return list(self.sheet.rows.get(row, {}).values())

    def value(self, row: int, role: Role) -> str:
        """Return a cell by its role; a merged one speaks for every row it covers."""
        column = self.layout.columns.get(role)
        if column is None:
            return ""
        return self.sheet.text(*self.covered.get((row, column), (row, column)))

    def row(self, row: int) -> None:
        text = self.sheet.text(row, self.at)
        merged = self.covered.get((row, self.at), (row, self.at))
        if merged[0] == row and merged[1] != self.at:
            text = ""  # a line across the columns: a heading
        if row in self.skipped:
            if said := " ".join(self.texts(row)):
                self.notes.left_out(self.place(row), said, _("This row is hidden."))
        elif not text:
            self.without_question(row)
        elif self.is_header(row):
            self.notes.left_out(self.place(row), text, _("The headings are repeated here."))
        else:
            self.question(row, text)

    def is_header(self, row: int) -> bool:
        header = self.layout.header
        return header is not None and self.texts(row) == self.texts(header)

    def without_question(self, row: int) -> None:
        """One short text alone in a row is the heading of a section; more is remarked."""
        said = self.texts(row)
        words = [text for text in said if not BRACKETS.fullmatch(text)]
        numbered = self.value(row, Role.CODE)
        rest = [text for text in words if text != numbered] or words
        if len(rest) == 1 and len(one_line(rest[0])) <= LONGEST_TITLE and len(words) == len(said):
            self.section = one_line(" ".join(words))
        elif said:
            self.notes.left_out(
                self.place(row), " ".join(said), _("This row has no text in the question column.")
            )

    def question(self, row: int, text: str) -> None:
        place = self.place(row)
        cell = self.sheet.cells[row, self.at]
        if cell.kind is CellKind.ERROR:
            self.notes.left_out(place, text, _("The cell holds an error."))
            return
        self.oddities(row, place, text)
        topic = self.topic(row, text)
        if guidance := self.value(row, Role.GUIDANCE):
            text = f"{text}\n\n{guidance}"
        if not fits(text, place, self.notes):
            return
        if section := self.value(row, Role.SECTION):
            self.section = title_of(section, place, self.notes)
        kind, options = self.kind(row, place)
        if kind is None:
            return
        weight = self.weight(row)
        item = Item(
            code=f"{self.sheet.name}!{row + 1}",
            topic=topic,
            text=text.replace("\r\n", "\n"),
            kind=kind,
            options=options,
            unit=self.short(row, Role.UNIT, LONGEST_UNIT),
            weight=weight,
            mode=(ScoringMode.MANUAL if Decimal(weight) else ScoringMode.INFO).value,
            required=self.required(row),
            evidence=self.short(row, Role.EVIDENCE, LONGEST_EVIDENCE),
            word_limit=self.words(row) if kind.startswith("text") else None,
        )
        self.chapters.add(title_of(self.section, place, self.notes), item)

    def oddities(self, row: int, place: str, text: str) -> None:
        """Remark what a person does not see in a text that is taken."""
        if (row, self.at) in self.sheet.formulas:
            sentence = _("A formula makes this text; its last value is taken.")
            self.notes.changed(place, text, sentence)
        if row in self.sheet.hidden_rows:
            self.notes.changed(place, text, _("This row is hidden in the file; it was taken."))
        if (row, self.at) in self.covered:
            self.notes.changed(place, text, _("The cell is merged with others; it counts once."))

    def topic(self, row: int, text: str) -> str:
        """Return a topic with the number it had, so that a question can be found again."""
        number, topic = self.value(row, Role.CODE), self.value(row, Role.TOPIC)
        line = one_line(f"{number} {topic or topic_of(text)}")
        return line if len(line) <= LONGEST_TITLE else topic_of(line)

    def kind(self, row: int, place: str) -> tuple[str | None, tuple[str, ...]]:
        """Return how vendors answer; None, with a remark, where the choices cannot be taken."""
        said, listed = self.value(row, Role.KIND), self.value(row, Role.OPTIONS)
        named = KINDS.get(one_line(said).lower().replace("_", " ")) or KINDS.get(said.lower())
        options = list(_split(listed))
        if {option.lower() for option in options} == {"yes", "no"}:
            return AnswerKind.YES_NO.value, ()
        if len(options) > 1 and (named is None or named.value in CHOICES):
            kind = named or AnswerKind.SINGLE_CHOICE
            found = choices_of(options, place, self.notes)
            return (kind.value, found) if found else (None, ())
        if listed:
            sentence = _("The choices “{listed}” are not in this cell; it was made a text.")
            self.remark_kind(row, Role.OPTIONS, sentence.format(listed=listed[:60]))
        if named is not None and named.value not in CHOICES:
            return named.value, ()
        if said:
            sentence = _("“{said}” is no kind of answer that is known here; it was made a text.")
            self.remark_kind(row, Role.KIND, sentence.format(said=said[:60]))
        return AnswerKind.TEXT_LONG.value, ()

    def remark_kind(self, row: int, role: Role, sentence: str) -> None:
        place = self.place(row, self.layout.columns[role])
        self.notes.changed(place, self.sheet.text(row, self.at), sentence)

    def weight(self, row: int) -> str:
        """Return the points as they stand; what is no weight is remarked and counts 0."""
        said = self.value(row, Role.WEIGHT)
        found = WEIGHT.fullmatch(said)
        if found:
            return figure(found[1])
        if said:
            self.remark(row, Role.WEIGHT, said, _("This is no weight; the question counts 0."))
        return "0"

    def required(self, row: int) -> bool:
        if Role.REQUIRED not in self.layout.columns:
            return True
        said = one_line(self.value(row, Role.REQUIRED)).lower()
        if said not in YES | NO:
            sentence = _("This says neither yes nor no; the question was made mandatory.")
            self.remark(row, Role.REQUIRED, said, sentence)
        return said not in NO

    def words(self, row: int) -> int | None:
        said = self.value(row, Role.WORD_LIMIT)
        found = WORDS.fullmatch(said)
        if found and 1 <= int(found[1]) <= MOST_WORDS:
            return int(found[1])
        if said:
            self.remark(row, Role.WORD_LIMIT, said, _("This is no word limit from 1 to 5,000."))
        return None

    def short(self, row: int, role: Role, most: int) -> str:
        said = one_line(self.value(row, role))
        if len(said) > most:
            sentence = _("This is longer than {most} characters.").format(most=most)
            self.remark(row, role, said, sentence)
            return ""
        return said

    def remark(self, row: int, role: Role, said: str, sentence: str) -> None:
        self.notes.left_out(self.place(row, self.layout.columns[role]), said, sentence)

    def other_columns(self) -> None:
        """Name the columns that hold something and have no role."""
        filled: dict[int, list[str]] = {}
        for row, texts in self.sheet.rows.items():
            for column, text in texts.items():
                if row > self.top and column not in self.layout.columns.values():
                    filled.setdefault(column, []).append(text)
        for column, found in sorted(filled.items()):
            sentence = _("Column {letters} was not taken over: {count} cells.")
            if column in self.sheet.hidden_columns:
                sentence = _("Column {letters} is hidden and was not taken over: {count} cells.")
            letters = self.sheet.name_of(0, column)[:-1]
            self.notes.left_out(
                self.letters(column),
                self.heading(column) or found[0],
                sentence.format(letters=letters, count=len(found)),
            )

    def letters(self, column: int) -> str:
        return f"{self.sheet.name}!{self.sheet.name_of(0, column)[:-1]}"

    def heading(self, column: int) -> str:
        return self.sheet.text(self.top, column) if self.top >= 0 else ""


def _split(listed: str) -> Iterator[str]:
    """Yield the choices of a cell: one on a line, or between semicolons, bars or short commas."""
    for separator in SEPARATORS:
        if separator in listed:
            yield from (one.strip(" •-\t") for one in listed.split(separator) if one.strip(" •-\t"))
            return
    short = [one.strip() for one in listed.split(",")]
    if len(short) > 1 and all(0 < len(one) <= LONGEST_UNIT for one in short):
        yield from short
        return
    if listed.lower().replace(" ", "") in {"yes/no", "y/n"}:
        yield from ("Yes", "No")
