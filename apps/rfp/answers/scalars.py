"""The kinds of answer that stand in one field: `parse` reads what came in, `show` writes it."""

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.rfp.answers import figures
from apps.rfp.answers.values import Question, Row, Value, empty, refuse

YES_NO = ("Yes", "No")
YEARS = (1900, 2200)
FOUR_DIGITS = re.compile(r"\d{4}", re.ASCII)
DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)


class Kind(Protocol):
    """One way of answering; `parse` never sees a blank."""

    def parse(self, question: Question, raw: object) -> Value: ...
    def show(self, question: Question, value: Any) -> str: ...


@dataclass(frozen=True)
class Text:
    most: int  # characters

    def parse(self, question: Question, raw: object) -> Value:
        if not isinstance(raw, str):
            refuse(_("Answer with text."))
        text = raw.replace("\r\n", "\n").replace("\r", "\n").strip()
        if any(unicodedata.category(sign) == "Cc" and sign not in "\n\t" for sign in text):
            refuse(_("The text holds control characters. Type it here, or paste it as plain text."))
        if len(text) > self.most:
            sentence = _("Shorten the answer to {most} characters; it has {length}.")
            refuse(sentence.format(most=self.most, length=len(text)))
        words = len(text.split())
        if question.word_limit and words > question.word_limit:
            sentence = _("Shorten the answer to {most} words; it has {length}.")
            refuse(sentence.format(most=question.word_limit, length=words))
        return text

    def show(self, _question: Question, value: Any) -> str:
        return str(value)


@dataclass(frozen=True)
class Choice:
    """One of the options; without options of its own a question takes Yes or No."""

    options: tuple[str, ...] = ()

    def parse(self, question: Question, raw: object) -> Value:
        options = self.options or tuple(question.options)
        if not isinstance(raw, str) or raw not in options:
            refuse(_("Choose one of: {options}.").format(options=", ".join(options)))
        return raw

    def show(self, _question: Question, value: Any) -> str:
        return str(value)


@dataclass(frozen=True)
class Choices:
    def parse(self, question: Question, raw: object) -> Value:
        given = [raw] if isinstance(raw, str) else raw
        known = [str(option) for option in question.options]
        if not isinstance(given, Sequence) or not all(one in known for one in given):
            refuse(_("Choose from: {options}.").format(options=", ".join(known)))
        return [option for option in known if option in given]

    def show(self, _question: Question, value: Any) -> str:
        return ", ".join(value)


@dataclass(frozen=True)
class Figure:
    """A number; shares and amounts below 0 would win points by a rule they do not meet.

    Bounds of the author stand in place of these.
    """

    least: int | None
    most: int | None

    def parse(self, question: Question, raw: object) -> Value:
        least, most = (figures.decimal(question.limits.get(name, "")) for name in ("least", "most"))
        text = figures.read_between(
            raw,
            self.least if least is None else least,
            self.most if most is None else most,
        )
        if question.limits.get("whole") and Decimal(text) % 1:
            refuse(_("Give a whole number."))
        return text

    def show(self, question: Question, value: Any) -> str:
        gap = "" if question.unit.startswith("%") else " "
        return f"{figures.grouped(value)}{gap}{question.unit}".strip()


@dataclass(frozen=True)
class Year:
    """A calendar year: 2024 is no quantity, so it is never written 2,024."""

    def parse(self, _question: Question, raw: object) -> Value:
        text = str(raw).strip() if isinstance(raw, str | int) else ""
        if not FOUR_DIGITS.fullmatch(text) or not YEARS[0] <= int(text) <= YEARS[1]:
            refuse(_("Write the year with four digits, for example 2027."))
        return text

    def show(self, _question: Question, value: Any) -> str:
        return str(value)


@dataclass(frozen=True)
class Date:
    def parse(self, _question: Question, raw: object) -> Value:
        text = raw.strip() if isinstance(raw, str) else ""
        try:
            day = dt.date.fromisoformat(text)
        except ValueError:
            day = None
        if day is None or day.isoformat() != text or not YEARS[0] <= day.year <= YEARS[1]:
            refuse(_("Write the date as year, month, day, for example 2027-03-31."))
        return text

    def show(self, _question: Question, value: Any) -> str:
        return str(date_format(dt.date.fromisoformat(value), "j F Y"))


@dataclass(frozen=True)
class DateRange:
    """Two days in order, `{"from", "to"}`; both belong to it."""

    def parse(self, question: Question, raw: object) -> Value:
        if not isinstance(raw, Mapping) or set(raw) != {"from", "to"}:
            refuse(_("Give two dates: from and to."))
        if all(map(empty, raw.values())):
            return ""
        if any(map(empty, raw.values())):
            refuse(_("Give both dates, from and to."))
        found = {name: str(Date().parse(question, raw[name])) for name in ("from", "to")}
        if found["from"] > found["to"]:
            refuse(_("Let the dates end on the day they begin, or later."))
        return found

    def show(self, question: Question, value: Any) -> str:
        days = {name: Date().show(question, value[name]) for name in ("from", "to")}
        return _("{start} to {end}").format(start=days["from"], end=days["to"])


@dataclass(frozen=True)
class Files:
    """The facts of the files attached; the bytes and their checks are the portal's business."""

    def parse(self, question: Question, raw: object) -> Value:
        if not isinstance(raw, Sequence) or isinstance(raw, str):
            refuse(_("Attach a file here."))
        return [self._file(question, one) for one in raw]

    @staticmethod
    def _file(question: Question, one: object) -> Row:
        if not isinstance(one, Mapping) or set(one) - {"expires"} != {"name", "sha256", "size"}:
            refuse(_("Attach a file here."))
        name, digest, size = one["name"], one["sha256"], one["size"]
        if not isinstance(name, str) or not DIGEST.fullmatch(str(digest)) or type(size) is not int:
            refuse(_("Attach the file again; its facts did not arrive."))
        kinds = [str(option).lower() for option in question.options]
        if kinds and name.rpartition(".")[2].lower() not in kinds:
            refuse(_("Attach one of these kinds of file: {kinds}.").format(kinds=", ".join(kinds)))
        until = {"expires": Date().parse(question, one["expires"])} if "expires" in one else {}
        return {"name": name, "sha256": digest, "size": size, **until}

    def show(self, question: Question, value: Any) -> str:
        return ", ".join(self._shown(question, one) for one in value)

    @staticmethod
    def _shown(question: Question, one: Row) -> str:
        if "expires" not in one:
            return str(one["name"])
        until = Date().show(question, one["expires"])
        return _("{name} (expires {day})").format(name=one["name"], day=until)
