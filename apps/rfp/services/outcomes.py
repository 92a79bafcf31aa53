"""What an import would do, in the lists that a person reads before confirming it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.rfp.services.import_plan import Plan
from apps.rfp.workbooks.comparing import QUESTION, Change, Difference
from apps.rfp.workbooks.form import Form, open_weights
from apps.rfp.workbooks.merging import Merged, Way
from apps.rfp.workbooks.proposals import Remark

MEANT: Final = frozenset({"100", "0"})  # sums of weights that need no remark
LABELS: Final[Mapping[Change, str | Promise]] = {
    Change.ADDED: gettext_lazy("added"),
    Change.REMOVED: gettext_lazy("removed"),
    Change.CHANGED: gettext_lazy("changed"),
    Change.MOVED: gettext_lazy("moved"),
}
TONES: Final = {
    Change.ADDED: "ok",
    Change.REMOVED: "warn",
    Change.CHANGED: "brand",
    Change.MOVED: "line",
}
WAYS: Final[Mapping[Way, tuple[str | Promise, str | Promise]]] = {
    Way.UPDATE: (
        gettext_lazy("Change the draft as the file says"),
        gettext_lazy("Questions are known by their numbers."),
    ),
    Way.ADD: (
        gettext_lazy("Add to the draft"),
        gettext_lazy("New sections behind the others, under numbers of their own."),
    ),
    Way.REPLACE: (
        gettext_lazy("Replace the questionnaire"),
        gettext_lazy("What is asked now goes; the file's questions come instead."),
    ),
}


@dataclass(frozen=True)
class Line:
    """One row of a list: where, what, and what of it."""

    code: str
    title: str
    label: str = ""
    tone: str = ""
    heading: str = ""
    before: str = ""
    after: str = ""
    place: str = ""


@dataclass(frozen=True)
class Outcome:
    """What an import would do, all of it, before anything is saved."""

    way: Way
    ways: tuple[Way, ...]
    merged: Merged
    plan: Plan
    remarks: tuple[Remark, ...]
    seen: str  # of the draft and of what it would become; the confirmation names it again
    draft: Form

    @property
    def differences(self) -> tuple[Difference, ...]:
        return self.merged.comparison.differences

    @cached_property
    def lists(self) -> dict[str, Sequence[Line]]:
        """Return the lists by name, the most pressing first."""
        return {
            "refused": [self._fault(*one) for one in self.plan.refused.items()],
            "changes": [self._line(one) for one in self.differences],
            "left": [_remark(one) for one in self.remarks if not one.taken],
            "altered": [_remark(one) for one in self.remarks if one.taken],
            "mend": [self._fault(*one) for one in self.plan.to_mend.items()],
        }

    @cached_property
    def counts(self) -> dict[str, int]:
        """Return how many questions are added, changed, moved and removed."""
        touched = {(one.change, one.code) for one in self.differences if one.what == QUESTION}
        found = Counter(change for change, _code in touched)
        return {change.value: found[change] for change in Change}

    @property
    def before(self) -> int:
        return len(self.draft.codes)

    @property
    def after(self) -> int:
        return sum(len(part.items) for part in self.merged.comparison.target.parts)

    @property
    def may_be_taken(self) -> bool:
        return bool(self.differences) and not self.plan.refused

    @property
    def choices(self) -> list[tuple[str, str, str, bool]]:
        """Return the ways as value, label, hint, and whether it is the one looked at."""
        return [
            (way.value, str(WAYS[way][0]), str(WAYS[way][1]), way is self.way) for way in self.ways
        ]

    @property
    def weights(self) -> str:
        """Say what the sections add up to where that is not 100; weights are never rescaled."""
        target = self.merged.comparison.target
        sums = dict(open_weights(target))
        wholes = [(lot.code, sums[f"lot {lot.code}"]) for lot in target.lots] or [("", sums[""])]
        return " ".join(_weights(code, total) for code, total in wholes if total not in MEANT)

    @property
    def kept(self) -> str:
        return ", ".join(self.merged.comparison.kept)

    def _line(self, one: Difference) -> Line:
        text = ""
        if one.what == QUESTION and one.change in {Change.ADDED, Change.REMOVED}:
            text = self._texts.get((one.change, one.code), "")
        added = one.change is Change.ADDED
        return Line(
            code=one.code,
            title=one.title,
            label=str(LABELS[one.change]),
            tone=TONES[one.change],
            heading=one.heading,
            before=one.before if not text or added else text,
            after=text if added else one.after,
            place=one.place,
        )

    @cached_property
    def _texts(self) -> dict[tuple[Change, str], str]:
        target = self.merged.comparison.target
        return {
            **{(Change.REMOVED, item.code): item.text for _part, item in self.draft.items},
            **{(Change.ADDED, item.code): item.text for _part, item in target.items},
        }

    def _fault(self, name: str, sentence: str) -> Line:
        """Name the place in the file beside the number that the draft would give."""
        code = name.rpartition(".")[0]
        return Line(code=code, title=sentence, place=self.merged.places.get(code, ""))

    def plain(self) -> dict[str, Any]:
        """Return all of it for the API."""
        return {
            "way": self.way.value,
            "ways": [way.value for way in self.ways],
            "seen": self.seen,
            "before": self.before,
            "after": self.after,
            "counts": self.counts,
            "kept": list(self.merged.comparison.kept),
            "weights": self.weights,
            "differences": [
                {
                    "change": one.change.value,
                    "what": one.what,
                    "code": one.code,
                    "title": one.title,
                    "field": one.field,
                    "before": one.before,
                    "after": one.after,
                    "place": one.place,
                }
                for one in self.differences
            ],
            **{
                name: [
                    {"place": one.place or one.code, "text": one.title} for one in self.lists[name]
                ]
                for name in ("refused", "mend")
            },
            **{
                name: [
                    {"place": one.place, "text": one.title, "reason": one.after}
                    for one in self.lists[name]
                ]
                for name in ("left", "altered")
            },
        }


def _weights(lot: str, total: str) -> str:
    sentence = _("The weights of the sections will add up to {total}, not to 100.")
    if lot:
        sentence = _("The weights of lot {lot} will add up to {total}, not to 100.")
    return sentence.format(lot=lot, total=total)


def _remark(one: Remark) -> Line:
    return Line(code="", title=one.text, after=one.reason, place=one.place)
