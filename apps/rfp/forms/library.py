"""Templates, the question bank, presets and the sharing of weights."""

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from apps.core.forms import Form
from apps.rfp.forms.questions import unmarked
from apps.rfp.models import Rfp, Section
from apps.rfp.selectors.bank import LONGEST_SEARCH, SOURCES
from apps.rfp.selectors.periods import LABELS, MINIMA
from apps.rfp.selectors.presets import WORDS
from apps.rfp.states import AnswerKind, Preset, Procedure

PERIODS = tuple(LABELS)


class TemplateForm(Form):
    name = forms.CharField(
        label=_("Name"), error_messages={"required": _("Give the template a name.")}
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        help_text=_("What it is for, in a sentence."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class SearchForm(Form):
    """What to look for in the bank; a value that is not known looks for nothing special."""

    q = forms.CharField(label=_("Search"), required=False, max_length=LONGEST_SEARCH)
    source = forms.ChoiceField(
        label=_("From"), required=False, choices=[("", _("Everywhere")), *SOURCES.items()]
    )
    kind = forms.ChoiceField(
        label=_("Answer"), required=False, choices=[("", _("Any kind")), *AnswerKind.choices]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unmarked(self)

    def wanted(self) -> dict[str, str]:
        self.is_valid()
        given = self.cleaned_data
        return {
            "search": given.get("q", ""),
            "source": given.get("source", ""),
            "kind": given.get("kind", ""),
        }


class TakeForm(Form):
    """Which questions of the bank go into which section."""

    section = forms.ChoiceField(
        label=_("Into section"), error_messages={"required": _("Choose the section.")}
    )
    keys = forms.MultipleChoiceField(
        label=_("Questions"), error_messages={"required": _("Tick at least one question.")}
    )

    def __init__(
        self, *args: Any, sections: Iterable[Section], keys: Iterable[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        section, taken = self.fields["section"], self.fields["keys"]
        section.choices = [(str(one.pk), f"{one.code}. {one.title}") for one in sections]  # type: ignore[attr-defined]  # a choice field
        taken.choices = [(key, key) for key in keys]  # type: ignore[attr-defined]  # a choice field


class PresetForm(Form):
    """The preset; for a public one the procedure and its periods, each with its reason."""

    preset = forms.ChoiceField(
        label=_("Preset"),
        choices=Preset.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose Essential, Assured or Public.")},
    )
    procedure = forms.ChoiceField(
        label=_("Procedure"),
        required=False,
        choices=[("", _("None")), *Procedure.choices],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in PERIODS:
            label: Any = LABELS[name]
            self.fields[f"{name}_days"] = forms.IntegerField(
                label=label,
                required=False,
                error_messages={"invalid": _("Give whole days.")},
                help_text=_("Left empty, the minimum of the procedure applies."),
            )
            self.fields[f"{name}_reason"] = forms.CharField(
                label=_("Reason for other days"),
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
        for name, label in ASKING.items():
            self.fields[name] = forms.DateField(
                label=label,
                required=False,
                widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
                error_messages={
                    "invalid": _("Write the day as year, month, day, for example 2027-03-31.")
                },
            )
        unmarked(
            self, *ASKING, "procedure", *(f"{name}_{part}" for name in PERIODS for part in PARTS)
        )

    @staticmethod
    def initial_of(rfp: Rfp) -> dict[str, Any]:
        found: dict[str, Any] = {"preset": rfp.preset, "procedure": rfp.procedure}
        for name, one in rfp.periods.items():
            found |= {f"{name}_{part}": text for part, text in one.items()}
        return found

    def presets(self) -> list[tuple[str, Any, Any, bool]]:
        """Return value, name and words of each preset, and whether it is chosen."""
        chosen = self["preset"].value()
        return [(one.value, one.label, WORDS[one], one.value == chosen) for one in Preset]

    def periods(self) -> list[tuple[BoundField, BoundField, list[str]]]:
        """Return the two fields of each period, and the minimum of each procedure in words."""
        return [(self[f"{name}_days"], self[f"{name}_reason"], _minima(name)) for name in PERIODS]

    def chosen(self) -> dict[str, Any]:
        given = self.checked()
        return {
            "preset": given["preset"],
            "procedure": given["procedure"],
            "periods": {name: one for name in PERIODS if (one := self._period(name, given))},
        }

    @staticmethod
    def _period(name: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return what was typed of a period; nothing where neither days nor dates were."""
        found = {part: given.get(f"{name}_{part}") for part in (*PARTS, *DATES)}
        typed = {part: value for part, value in found.items() if value is not None}
        return typed if typed.keys() - {"reason"} else {}


PARTS, DATES = ("days", "reason"), ("notice_on", "until")
ASKING = {
    "request_notice_on": _("Day on which the notice was sent"),
    "request_until": _("Last day to ask to take part"),
}


def _minima(name: str) -> list[str]:
    """Say the least days of a period: once where all procedures have the same."""
    known = {slug: minima[name] for slug, minima in MINIMA.items() if name in minima}
    if len(known) == len(MINIMA) and len({one.days for one in known.values()}) == 1:
        one = next(iter(known.values()))
        return [_now("{days} days. {source}.").format(days=one.days, source=one.source)]
    return [
        _now("{procedure}: {days} days. {source}.").format(
            procedure=Procedure(slug).label, days=one.days, source=one.source
        )
        for slug, one in known.items()
    ]


class BalanceForm(Form):
    """One weight and one lock per code; `seen` carries what stood there when the page was drawn."""

    def __init__(self, *args: Any, held: Mapping[str, Decimal], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.held = held
        for code in held:
            self.fields[f"weight-{code}"] = forms.CharField(label=code, required=False)
            self.fields[f"lock-{code}"] = forms.BooleanField(required=False)
            self.fields[f"seen-{code}"] = forms.CharField(required=False)
            self.fields[f"next-{code}"] = forms.CharField(required=False)

    def typed(self) -> dict[str, str]:
        given = self.checked()
        return {code: given[f"weight-{code}"] or "0" for code in self.held}

    def locked(self) -> set[str]:
        return {code for code in self.held if self.checked()[f"lock-{code}"]}

    def figures(self, name: str) -> dict[str, Decimal]:
        """Return the hidden figures of a preview; one that was tampered with fits nothing."""
        given = self.checked()
        return {code: _figure(given[f"{name}-{code}"]) for code in self.held}


def _figure(text: str) -> Decimal:
    try:
        found = Decimal(text)
    except InvalidOperation:
        return Decimal(-1)
    return found if found.is_finite() else Decimal(-1)
