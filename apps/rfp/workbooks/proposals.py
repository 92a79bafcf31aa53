"""What a questionnaire from elsewhere becomes: proposed questions, and a remark for all the rest."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import gettext as _

from apps.rfp.states import AnswerKind
from apps.rfp.workbooks.form import Form, Item, Part

LONGEST_TEXT: Final = 2000
LONGEST_TITLE: Final = 120
MOST_OPTIONS: Final = 60
LONGEST_OPTION: Final = 500
TOPIC_WORDS: Final = 6
SPACES: Final = re.compile(r"\s+")
CHOICES: Final = (AnswerKind.SINGLE_CHOICE.value, AnswerKind.MULTI_CHOICE.value)
LEAST_CHOICES: Final = 2


@dataclass(frozen=True)
class Remark:
    """Something a person has to know: not taken over (`taken` is False), or taken over changed."""

    place: str
    text: str
    reason: str
    taken: bool = False


@dataclass(frozen=True)
class Proposal:
    """Questions under provisional numbers; `numbering.joined` gives them their own."""

    form: Form
    remarks: tuple[Remark, ...]

    @property
    def left_out(self) -> tuple[Remark, ...]:
        return tuple(remark for remark in self.remarks if not remark.taken)


@dataclass
class Notes:
    """The remarks of one reading, as they come up."""

    held: list[Remark] = field(default_factory=list)

    def left_out(self, place: str, text: str, reason: str) -> None:
        self.held.append(Remark(place, one_line(text)[:160], reason))

    def changed(self, place: str, text: str, reason: str) -> None:
        self.held.append(Remark(place, one_line(text)[:160], reason, taken=True))


@dataclass
class Chapters:
    """Sections in the making; a section comes to be with its first question."""

    titles: list[str] = field(default_factory=list)
    items: dict[str, list[Item]] = field(default_factory=dict)

    def add(self, title: str, item: Item) -> None:
        if title not in self.items:
            self.titles.append(title)
        self.items.setdefault(title, []).append(item)

    def form(self) -> Form:
        return Form(
            parts=tuple(
                Part(code=f"s{at}", title=title, items=tuple(self.items[title]))
                for at, title in enumerate(self.titles, start=1)
            )
        )


def one_line(text: str) -> str:
    return SPACES.sub(" ", text).strip()


def title_of(text: str, place: str, notes: Notes) -> str:
    """Return a title that fits; what was cut is remarked."""
    line = one_line(text)
    if len(line) <= LONGEST_TITLE:
        return line
    notes.changed(
        place, line, _("The title was cut to {most} characters.").format(most=LONGEST_TITLE)
    )
    return line[: LONGEST_TITLE - 1].rstrip() + "…"


def topic_of(text: str) -> str:
    """Return the first words of a question, for one that brings no topic of its own."""
    words = one_line(text).split()
    topic = " ".join(words[:TOPIC_WORDS])
    return (topic if len(words) <= TOPIC_WORDS else f"{topic} …")[:LONGEST_TITLE]


def fits(text: str, place: str, notes: Notes) -> bool:
    """Whether a question's text can be taken; if not, it is remarked."""
    if len(text) <= LONGEST_TEXT:
        return True
    sentence = _("The question has {length} characters; {most} are possible. Shorten it.")
    notes.left_out(place, text, sentence.format(length=len(text), most=LONGEST_TEXT))
    return False


def choices_of(options: Sequence[str], place: str, notes: Notes) -> tuple[str, ...] | None:
    """Return choices without twins, or None when they cannot be taken."""
    found = tuple(dict.fromkeys(one_line(option) for option in options if option.strip()))
    if len(found) != len(options):
        notes.changed(place, "; ".join(options), _("Empty and repeated choices were left out."))
    if not LEAST_CHOICES <= len(found) <= MOST_OPTIONS:
        sentence = _("It offers {count} choices; from 2 to {most} are possible.")
        notes.left_out(
            place, "; ".join(found), sentence.format(count=len(found), most=MOST_OPTIONS)
        )
        return None
    if any(len(option) > LONGEST_OPTION for option in found):
        notes.left_out(place, "; ".join(found), _("A choice is longer than 500 characters."))
        return None
    return found


def leftovers(seen: Counter[str], notes: Notes) -> None:
    """Remark the names of a set that stand for nothing here, with how often they came."""
    for name, count in sorted(seen.items()):
        sentence = _("“{name}” stands for nothing here; it came {count} times.")
        notes.left_out(name, name, sentence.format(name=name, count=count))
