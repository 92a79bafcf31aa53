"""The questionnaire as a whole: where it starts, its sections and their weights."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.forms import Form
from apps.rfp.forms.questions import unmarked
from apps.rfp.models import Section
from apps.rfp.states import EnvelopeKind, Preset, RfpKind
from apps.rfp.types import Shipped


class StartForm(Form):
    """What to start from (see `services.starting.start`), which packs, and how much ceremony."""

    questionnaire = forms.ChoiceField(
        label=_("Start from"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the questionnaire to start from.")},
    )
    packs = forms.MultipleChoiceField(
        label=_("Add packs"), required=False, widget=forms.CheckboxSelectMultiple
    )
    preset = forms.ChoiceField(
        label=_("How much ceremony"),
        required=False,
        choices=Preset.choices,
        initial=Preset.ASSURED,
        widget=forms.RadioSelect,
    )

    kind = forms.ChoiceField(
        required=False, choices=RfpKind.choices, initial=RfpKind.TENDER, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, sources: list[str], packs: list[Shipped], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        questionnaire: Any = self.fields["questionnaire"]
        questionnaire.choices = [(name, name) for name in sources]
        if len(sources) == 1:
            questionnaire.initial = sources[0]
        pack: Any = self.fields["packs"]
        pack.choices = [(one.slug, one.title) for one in packs]
        unmarked(self, "preset")

    def chosen(self) -> dict[str, Any]:
        given = self.checked()
        return {
            "source": given["questionnaire"],
            "packs": given["packs"],
            "preset": given["preset"] or Preset.ASSURED,
            "kind": given["kind"] or RfpKind.TENDER,
        }


class SectionForm(Form):
    title = forms.CharField(
        label=_("Title"), error_messages={"required": _("Give the section a title.")}
    )
    weight = forms.CharField(label=_("Weight"), required=False, help_text=_("Percent of quality"))
    minimum = forms.CharField(
        label=_("Minimum"),
        required=False,
        help_text=_("Percent of its points; a bid below is excluded. Empty asks for none."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unmarked(self)


class AddSectionForm(Form):
    title = forms.CharField(
        label=_("Title"), error_messages={"required": _("Give the section a title.")}
    )
    envelope = forms.ChoiceField(
        label=_("Envelope"), choices=EnvelopeKind.choices, initial=EnvelopeKind.TECHNICAL
    )


class PlaceForm(Form):
    """Where a question goes: to a place of its section, or to the end of another one."""

    section = forms.ChoiceField(label=_("Move to section"), required=False)
    place = forms.IntegerField(
        required=False,
        min_value=1,
        error_messages=dict.fromkeys(("invalid", "min_value"), _("Count places from 1.")),
    )

    def __init__(self, *args: Any, sections: Iterable[Section], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["section"]
        field.choices = [(one.code, f"{one.code} {one.title}") for one in sections]
        unmarked(self)


class WeightsForm(Form):
    """One field per weighted section, named `weight-<code>`."""

    def __init__(self, *args: Any, codes: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.codes = codes
        for code in codes:
            self.fields[f"weight-{code}"] = forms.CharField(
                label=_("Weight of section {code}").format(code=code), required=False
            )

    def weights(self) -> dict[str, str]:
        given = self.checked()
        return {code: given[f"weight-{code}"] or "0" for code in self.codes}


class KeepForm(Form):
    codes = forms.MultipleChoiceField(
        label=_("Questions to ask"),
        error_messages={"required": _("Keep at least one question.")},
    )

    def __init__(self, *args: Any, codes: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["codes"]
        field.choices = [(code, code) for code in codes]
