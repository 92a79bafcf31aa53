"""What a questionnaire can ask: the shipped questions beside those of one's own."""

from dataclasses import dataclass

from apps.rfp.models import Rfp
from apps.rfp.selectors.reading import questionnaire, shipped_sections


@dataclass(frozen=True)
class Line:
    code: str
    topic: str
    text: str
    mode: str
    knockout: bool
    kept: bool


@dataclass(frozen=True)
class Group:
    code: str
    title: str
    envelope: str
    lines: list[Line]

    @property
    def kept(self) -> int:
        return sum(line.kept for line in self.lines)


def offer(rfp: Rfp) -> list[Group]:
    """Return every question that can be kept, section by section; ticked are those held now."""
    chapters = {chapter.section.code: chapter for chapter in questionnaire(rfp)}
    held = {one.code for chapter in chapters.values() for one in chapter.questions}
    groups = []
    for shipped in shipped_sections(rfp):
        own = chapters.pop(shipped["code"], None)
        lines = {
            one["code"]: Line(
                one["code"], one["topic"], one["text"], one["mode"],
                "knockout" in one, one["code"] in held,
            )
            for one in shipped["questions"]
        }  # fmt: skip
        title = own.section.title if own else shipped["title"]
        for one in own.questions if own else ():
            lines[one.code] = Line(
                one.code, one.topic, one.text, one.mode, bool(one.knockout), kept=True
            )
        groups.append(Group(shipped["code"], title, shipped["envelope"], list(lines.values())))
    groups += [
        Group(
            chapter.section.code,
            chapter.section.title,
            chapter.section.envelope,
            [
                Line(one.code, one.topic, one.text, one.mode, bool(one.knockout), kept=True)
                for one in chapter.questions
            ],
        )
        for chapter in chapters.values()
    ]
    return [group for group in groups if group.lines]
