"""A draft as an import will leave it, before anything is saved."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from apps.rfp.models import Lot, Question, Section
from apps.rfp.types import Chapter


@dataclass
class Plan:
    """A draft as it will be, not saved yet, and what is wrong with it."""

    lots: dict[str, Lot] = field(default_factory=dict)
    sections: list[Section] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    added: list[Question] = field(default_factory=list)
    changed: dict[str, list[str]] = field(default_factory=dict)
    removed: list[str] = field(default_factory=list)
    removed_sections: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)  # place → sentence
    to_mend: dict[str, str] = field(default_factory=dict)  # what publication will ask for
    fresh: bool = False  # nothing of the draft stays, though numbers may come again

    @property
    def chapters(self) -> tuple[Chapter, ...]:
        """Return the draft as it will be, section by section."""
        held: dict[str, list[Question]] = {one.code: [] for one in self.sections}
        for question in self.questions:
            held[question.section.code].append(question)
        return tuple(Chapter(one, tuple(held[one.code])) for one in self.sections)

    def refuse(self, code: str, errors: Mapping[str, str]) -> None:
        for name, sentence in errors.items():
            self.refused[f"{code}.{name}"] = _("{code}: {sentence}").format(
                code=code, sentence=sentence
            )
