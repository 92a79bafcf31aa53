from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.forms import Form
from apps.workspace.models import User
from apps.workspace.states import Role


class CaseForm(Form):
    title = forms.CharField(
        label=_("What do you want to buy?"),
        max_length=160,
        help_text=_("For example: Customer care, four languages"),
        error_messages={"required": _("Give the procurement a title.")},
    )
    reference = forms.CharField(
        label=_("Your reference"),
        max_length=40,
        help_text=_("Vendors see it. For example: CC-2026-014"),
        error_messages={"required": _("Give the procurement a reference of your own.")},
    )
    currency = forms.CharField(
        label=_("Currency of prices"),
        max_length=3,
        initial="GBP",
        help_text=_("Three letters, such as GBP or EUR"),
    )
    about = forms.CharField(
        label=_("Summary"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Two or three sentences for your panel."),
    )

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).upper()


class AppointForm(Form):
    user = forms.ModelChoiceField(
        label=_("Person"), queryset=User.objects.none(), empty_label=_("Choose a person")
    )
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person: Any = self.fields["user"]
        person.queryset = people
        person.label_from_instance = lambda user: user.name


class ColleagueForm(Form):
    email = forms.EmailField(label=_("E-mail address"))
    name = forms.CharField(label=_("Name"), max_length=120)


class InterestForm(Form):
    conflict = forms.TypedChoiceField(
        label=_("Do you have a conflict of interest with any vendor in this procurement?"),
        choices=[("no", _("No, none")), ("yes", _("Yes"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the two.")},
    )
    note = forms.CharField(
        label=_("What is the conflict?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For example: I worked for one of the vendors until 2024."),
    )


class JoinForm(Form):
    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        error_messages={"required": _("Type your name, as colleagues know you.")},
    )
