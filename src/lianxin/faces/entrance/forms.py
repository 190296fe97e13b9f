"""Forms of the entrance."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

PASSWORD_MOST = 128


def _password(autocomplete: str, label: Any, help_text: Any = "") -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, help_text=help_text, max_length=PASSWORD_MOST, strip=False, widget=widget)


def _code(label: Any, help_text: Any = "") -> forms.CharField:
    attributes = {"autocomplete": "one-time-code", "inputmode": "numeric", "autocapitalize": "characters"}
    return forms.CharField(label=label, help_text=help_text, max_length=20, widget=forms.TextInput(attrs=attributes))


class StaffLoginForm(forms.Form):
    """First factor of staff."""

    login_name = forms.CharField(
        label=_("Login name"),
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = _password("current-password", _("Password"))


class CodeForm(forms.Form):
    """Second factor of staff."""

    code = forms.CharField(
        label=_("One-time code"),
        help_text=_("The 6 digits in your authenticator app, or one of your printed recovery codes."),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters"}),
    )


class PhoneForm(forms.Form):
    """Where the code for a resident goes."""

    phone = forms.CharField(
        label=_("Mobile number"),
        max_length=20,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )


class PhoneCodeForm(forms.Form):
    """The code that came by SMS."""

    code = _code(_("One-time code"), _("The 6 digits from the message."))


class WhoForm(forms.Form):
    """Which of those who share a number is here."""

    person = forms.ChoiceField(label=_("Who are you?"), widget=forms.RadioSelect)
    birth_year = forms.IntegerField(
        label=_("Year of birth"),
        help_text=_("Four digits, as on the identity card."),
        min_value=1880,
        max_value=2200,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "bday-year"}),
    )

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = people  # type: ignore[attr-defined]


class NewPasswordForm(forms.Form):
    """A password, twice."""

    password = _password(
        "new-password", _("New password"), _("At least 10 characters; a sentence of several words is easy to remember.")
    )
    again = _password("new-password", _("The same again"))

    def clean(self) -> dict[str, Any]:
        """Compare the two."""
        values = super().clean() or {}
        if values.get("password") and values.get("again") and values["password"] != values["again"]:
            self.add_error("again", _("The two passwords differ."))
        return values


class LinkForm(NewPasswordForm):
    """What a one-time link asks for; parts that are not to be set anew are left out."""

    code = _code(_("One-time code"), _("The 6 digits that the authenticator app shows now."))

    def __init__(self, *args: Any, asks_password: bool, asks_second_factor: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_password:
            del self.fields["password"], self.fields["again"]
        if not asks_second_factor:
            del self.fields["code"]


class ChangePasswordForm(NewPasswordForm):
    """A new password for somebody who knows the old one."""

    old = _password("current-password", _("Present password"))
    field_order = ["old", "password", "again"]


class SecondFactorForm(forms.Form):
    """A new authenticator for somebody who knows the password."""

    code = _code(_("One-time code"), _("The 6 digits that the authenticator app shows now."))
    old = _password("current-password", _("Your password"))


class PasswordForm(forms.Form):
    """Proof that it is still the holder who sits here."""

    old = _password("current-password", _("Your password"))


class LanguageForm(forms.Form):
    """Language of the pages."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
