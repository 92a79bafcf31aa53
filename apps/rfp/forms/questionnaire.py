"""The questionnaire as a whole: where it starts, its sections and their weights."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.forms import Form
from apps.rfp.forms.questions import unmarked
from apps.rfp.states import EnvelopeKind, Preset
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
        }


class SectionForm(Form):
    title = forms.CharField(
        label=_("Title"), error_messages={"required": _("Give the section a title.")}
    )
    weight = forms.CharField(label=_("Weight"), required=False, help_text=_("Percent of quality"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unmarked(self, "weight")


class AddSectionForm(Form):
    title = forms.CharField(
        label=_("Title"), error_messages={"required": _("Give the section a title.")}
    )
    envelope = forms.ChoiceField(
        label=_("Envelope"), choices=EnvelopeKind.choices, initial=EnvelopeKind.TECHNICAL
    )


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
