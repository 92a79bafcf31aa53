"""The small forms: inviting, accepting, declining, a colleague, a file."""

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.forms import Form


class InviteForm(Form):
    vendor_name = forms.CharField(
        label=_("Vendor"),
        max_length=160,
        error_messages={"required": _("Name the vendor.")},
    )
    contact = forms.CharField(
        label=_("Contact person"),
        max_length=120,
        error_messages={"required": _("Name the person you write to.")},
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("The link works for this address alone, for 72 hours. You can send it again."),
        error_messages={
            "required": _("Give the address of the contact person."),
            "invalid": _("Write a full address, for example name@company.example."),
        },
    )


class AcceptForm(Form):
    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        help_text=_("As it stands on the receipt of your bid."),
        error_messages={"required": _("Type your name.")},
    )


class DeclineForm(Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The buyer reads it. For example: we have no team in that language."),
        error_messages={"required": _("Give the buyer a reason, in one sentence.")},
    )


class ColleagueForm(Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        error_messages={"required": _("Name your colleague.")},
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        error_messages={
            "required": _("Give your colleague's address."),
            "invalid": _("Write a full address, for example name@company.example."),
        },
    )


class FileForm(Form):
    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,  # the service says it, in the words of every other refusal
        error_messages={"required": _("Choose a file first.")},
    )
    expires = forms.CharField(label=_("Valid until"), required=False, max_length=10)


class CodeForm(Form):
    code = forms.CharField(
        label=_("Recovery code"),
        max_length=200,
        help_text=_("14 groups of four letters, on the receipt of your last submission."),
        error_messages={"required": _("Type the recovery code of your last receipt.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
