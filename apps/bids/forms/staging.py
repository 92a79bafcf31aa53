"""Planning a stage, and scoring a vendor in it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.bids.models.stage import LEAST, MOST
from apps.bids.states import StageKind
from apps.core.forms import Form

DAY = {
    "required": _("Give the day."),
    "invalid": _("Write the day as year, month, day, for example 2027-03-31."),
}


def _day(label: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, error_messages=DAY)


class PlanForm(Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=StageKind.choices)
    title = forms.CharField(
        label=_("Title"), max_length=120, error_messages={"required": _("Give it a title.")}
    )
    first_day = _day(_("First day"))
    last_day = _day(_("Last day"))
    guests = forms.MultipleChoiceField(
        label=_("Vendors"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Whoever scores a stage learns the names of the vendors in it."),
        error_messages={"required": _("Choose the vendors that take part.")},
    )

    def __init__(self, *args: Any, vendors: tuple[tuple[str, str], ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["guests"]
        field.choices = vendors
        for at in range(LEAST, MOST + 1):
            self.fields[f"level_{at}"] = forms.CharField(
                label=_("What {at} means").format(at=at),
                max_length=300,
                required=at in {LEAST, MOST},
                error_messages={"required": _("Say what this score means.")},
            )

    def values(self) -> dict[str, Any]:
        """Return what the service takes: the levels of the rubric as one mapping."""
        given = self.checked()
        levels = {str(at): given.pop(f"level_{at}") for at in range(LEAST, MOST + 1)}
        return {**given, "rubric": levels}


class CountedForm(Form):
    """A stage that was published with a weight: its rubric is known, who takes part is not."""

    question = forms.ChoiceField(label=_("Stage"))
    first_day = _day(_("First day"))
    last_day = _day(_("Last day"))
    guests = forms.MultipleChoiceField(
        label=_("Shortlisted vendors"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only they are ranked."),
        error_messages={"required": _("Choose the vendors that take part.")},
    )
    left_out_because = forms.CharField(
        label=_("Why the others are not shortlisted"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Kept on record and shown beside the ranking. Empty where all take part."),
    )

    def __init__(
        self,
        *args: Any,
        vendors: tuple[tuple[str, str], ...],
        counted: tuple[tuple[str, str], ...],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **{"auto_id": "c_%s", **kwargs})
        guests: Any = self.fields["guests"]
        guests.choices = vendors
        stages: Any = self.fields["question"]
        stages.choices = counted

    def values(self) -> dict[str, Any]:
        """Return what the service takes; kind and rubric are the published ones."""
        given = self.checked()
        stages: Any = self.fields["question"]
        named = dict(stages.choices)[given["question"]]
        return {**given, "title": str(named), "kind": "", "rubric": {}}


class ScoreForm(Form):
    guest = forms.CharField(widget=forms.HiddenInput)
    value = forms.TypedChoiceField(
        label=_("Score"),
        coerce=int,
        choices=[("", _("Choose")), *((at, str(at)) for at in range(LEAST, MOST + 1))],
        error_messages={
            "required": _("Give a score from 0 to 5."),
            "invalid_choice": _("Give a score from 0 to 5."),
        },
    )
    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Give the reason in a sentence.")},
    )
