"""The forms of django-allauth, in plain Dutch and in our own markup."""

import re
from typing import Any, ClassVar

from allauth.account import forms as account
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.recovery_codes import forms as codes
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from crispy_forms.layout import Submit
from django import forms
from django.core.cache import cache
from django.core.exceptions import ValidationError

from providers.forms import plain_helper

STRONG = "Minstens 12 tekens. Een zin van een paar woorden is sterk, en u onthoudt hem makkelijk."
DIFFERENT = "U typte twee keer iets anders. Vul hetzelfde wachtwoord nog eens in."
CODE = {
    "label": "Code",
    "help_text": "De 6 cijfers die uw app nu toont.",
    "required": "Vul de code uit uw app in.",
}


class Plain(forms.Form):
    """Labels above the fields, none inside them; sentences that say what to do."""

    button: ClassVar[str] = "Opslaan"
    words: ClassVar[dict[str, dict[str, str]]] = {}
    error_title: str | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            words = self.words.get(name, {})
            field.widget.attrs.pop("placeholder", None)
            field.label = words.get("label", field.label)
            field.help_text = words.get("help_text", "")
            field.error_messages["required"] = words.get("required", "Vul dit in.")
        self.helper = plain_helper(self.button)

    def add_error(self, field: str | None, error: Any) -> None:
        """Two passwords that differ have no other words in the base."""
        is_bare = field == "password2" and not isinstance(error, ValidationError)
        super().add_error(field, DIFFERENT if is_bare else error)


PASSWORD = {"label": "Wachtwoord", "required": "Vul uw wachtwoord in."}
NEW_PASSWORDS = {
    "password1": {
        "label": "Nieuw wachtwoord",
        "help_text": STRONG,
        "required": "Vul een nieuw wachtwoord in.",
    },
    "password2": {
        "label": "Nieuw wachtwoord, nog een keer",
        "required": "Vul het wachtwoord nog een keer in.",
    },
}
ADDRESS = {"label": "E-mailadres", "required": "Vul uw e-mailadres in."}


class LoginForm(Plain, account.LoginForm):
    button = "Inloggen"
    words = {"login": ADDRESS, "password": PASSWORD}
    error_title = "U bent nog niet ingelogd"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username webauthn"


class ChangeEmailForm(Plain, account.AddEmailForm):
    words = {
        "email": {
            "label": "Nieuw e-mailadres",
            "help_text": "We sturen een link naar dit adres. Tot u daarop klikt, geldt uw oude adres.",
            "required": "Vul uw nieuwe e-mailadres in.",
        }
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.inputs = [Submit("action_add", "Link versturen")]


class ChangePasswordForm(Plain, account.ChangePasswordForm):
    button = "Wachtwoord wijzigen"
    words = {"oldpassword": {"label": "Huidig wachtwoord", "required": PASSWORD["required"]}} | NEW_PASSWORDS


class SetPasswordForm(Plain, account.SetPasswordForm):
    button = "Wachtwoord instellen"
    words = NEW_PASSWORDS


class ResetPasswordForm(Plain, account.ResetPasswordForm):
    button = "Link versturen"
    error_title = "Nog niet verstuurd"
    words = {"email": ADDRESS}


class NewPasswordForm(Plain, account.ResetPasswordKeyForm):
    button = "Wachtwoord instellen"
    words = NEW_PASSWORDS


class ReauthenticateForm(Plain, account.ReauthenticateForm):
    button = "Doorgaan"
    error_title = "Nog niet bevestigd"
    words = {"password": PASSWORD}


class Once(forms.Form):
    """A code counts once. The library forgets it after half a minute, and takes it for one and a half."""

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        digits = re.sub(r"\D", "", code)
        if not cache.add(f"second-step-{self.user.pk}-{digits}", True, 120):  # type: ignore[attr-defined]
            raise get_adapter().validation_error("incorrect_code")
        return code


class SecondStepForm(Plain, Once, mfa.AuthenticateForm):
    button = "Inloggen"
    words = {
        "code": CODE
        | {"help_text": "De 6 cijfers uit uw app. Heeft u de app niet? Vul dan een herstelcode in."}
    }
    error_title = "U bent nog niet ingelogd"


class SecondStepAgainForm(Plain, Once, mfa.ReauthenticateForm):
    button = "Doorgaan"
    words = SecondStepForm.words


class ActivateAppForm(Plain, totp.ActivateTOTPForm):
    button = "App instellen"
    words = {"code": CODE}


class RemoveAppForm(Plain, totp.DeactivateTOTPForm):
    button = "App verwijderen"


class NewCodesForm(Plain, codes.GenerateRecoveryCodesForm):
    button = "Nieuwe codes maken"


class AddPasskeyForm(Plain, webauthn.AddWebAuthnForm):
    button = "Passkey toevoegen"
    words = {
        "name": {"label": "Naam", "help_text": "Zo herkent u hem later, bijvoorbeeld: laptop van het werk."},
        "passwordless": {
            "label": "Ook inloggen zonder wachtwoord",
            "help_text": "Uw apparaat vraagt dan om uw vingerafdruk, gezicht of pincode.",
        },
    }
