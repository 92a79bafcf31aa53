from typing import Any

from allauth.account import forms as account_forms
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.forms import Form
from apps.workspace.models import User
from apps.workspace.states import Role
from apps.workspace.types import CONFIDENTIALITY


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
    because = forms.CharField(
        label=_("Why these roles meet"),
        required=False,
        max_length=500,
        help_text=_("Reports print it."),
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person: Any = self.fields["user"]
        person.queryset = people
        person.label_from_instance = lambda user: user.name


class ExceptionForm(Form):
    reason = forms.CharField(
        label=_("Why this person holds both"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For every meeting listed here. Reports print it."),
    )


class ColleagueForm(Form):
    email = forms.EmailField(label=_("E-mail address"))
    name = forms.CharField(label=_("Name"), max_length=120)


class DeclarationForm(Form):
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
    confidential = forms.BooleanField(
        label=_("I agree to confidentiality"), required=False, help_text=CONFIDENTIALITY
    )


class JoinForm(Form):
    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        error_messages={"required": _("Type your name, as colleagues know you.")},
    )


# The forms of allauth with our labels: sentence case, no placeholder that repeats the label.
LABELS = {
    "login": _("E-mail address"),
    "email": _("E-mail address"),
    "oldpassword": _("Current password"),
    "password1": _("New password"),
    "password2": _("New password again"),
    "code": _("Code"),
    "name": _("Name of the passkey"),
    "passwordless": _("Let it sign me in alone"),
}
HINTS = {
    "password1": _(
        "At least 12 characters. Not a common password, and nothing like your name or address."
    ),
    "name": _("So that you can tell your passkeys apart."),
    "passwordless": _("Without a password or a code. The device then asks for a PIN or a finger."),
}


class Plain:
    """Puts our words on whichever of the fields a form has."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = LABELS.get(name, field.label)
            field.help_text = HINTS.get(name, field.help_text)


class LoginForm(Plain, account_forms.LoginForm):  # type: ignore[misc]  # allauth ships no types
    pass


class ChangePasswordForm(Plain, account_forms.ChangePasswordForm):  # type: ignore[misc]
    pass


class SetPasswordForm(Plain, account_forms.SetPasswordForm):  # type: ignore[misc]
    pass


class ResetPasswordForm(Plain, account_forms.ResetPasswordForm):  # type: ignore[misc]
    pass


class ResetPasswordKeyForm(Plain, account_forms.ResetPasswordKeyForm):  # type: ignore[misc]
    pass


class ReauthenticateForm(Plain, account_forms.ReauthenticateForm):  # type: ignore[misc]
    pass


class RequestLoginCodeForm(Plain, account_forms.RequestLoginCodeForm):  # type: ignore[misc]
    pass


class ConfirmLoginCodeForm(Plain, account_forms.ConfirmLoginCodeForm):  # type: ignore[misc]
    pass


class AuthenticateForm(Plain, mfa_forms.AuthenticateForm):  # type: ignore[misc]
    pass


class ReauthenticateCodeForm(Plain, mfa_forms.ReauthenticateForm):  # type: ignore[misc]
    pass


class ActivateForm(Plain, totp_forms.ActivateTOTPForm):  # type: ignore[misc]
    pass


class AddPasskeyForm(Plain, webauthn_forms.AddWebAuthnForm):  # type: ignore[misc]
    pass


class EditPasskeyForm(Plain, webauthn_forms.EditWebAuthnForm):  # type: ignore[misc]
    pass
