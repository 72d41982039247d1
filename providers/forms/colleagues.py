"""Inviting colleagues, their roles, and their leaving."""

from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from providers.colleagues import Colleague
from providers.forms import plain_helper
from providers.forms.fields import EmailField, LastDayField, seen_for
from providers.models import ROLES_OF_KIND, Invitation, Organisation, Role, User

# What a role lets somebody do, for who gives it.
MEANING = {
    Role.QUALITY_OFFICER: "vult de zelfevaluatie in en reageert op rapporten",
    Role.DIRECTOR: "stelt vast, dient in en nodigt collega's uit",
    Role.COUNCIL_MEMBER: "leest mee voor de cliëntenraad of de ondernemingsraad",
    Role.INSPECTOR: "bezoekt aanbieders en schrijft rapporten",
    Role.COORDINATING_INSPECTOR: "stelt rapporten vast, maakt ze openbaar en nodigt collega's uit",
    Role.CARE_OFFICE_OFFICER: "leest wat aanbieders in de regio indienen en nodigt collega's uit",
    Role.PORTAL_ADMIN: "beheert organisaties en accounts, en ziet geen inhoud",
}


def roles_of(organisation: Organisation) -> list[Role]:
    """The roles that people of this organisation can have, in a fixed order."""
    return [role for role in Role if role in ROLES_OF_KIND[organisation.kind]]


class InvitationForm(forms.Form):
    error_title = "Nog niet verstuurd"

    name = forms.CharField(label="Naam", max_length=120, error_messages={"required": "Vul de naam in."})
    email = EmailField(label="E-mailadres", help_text="Het eigen adres van uw collega, geen gedeeld postvak.")
    roles = forms.MultipleChoiceField(
        label="Rollen",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Kies ten minste één rol.",
            "invalid_choice": "Kies een rol uit de lijst.",
        },
    )
    valid_until = LastDayField(
        label="Laatste dag", help_text="Leeg als de rollen blijven gelden tot u ze wijzigt."
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = roles_of(organisation)
        choices = [(role.value, f"{role.label}: {MEANING[role]}") for role in roles]
        self.fields["roles"].choices = choices  # type: ignore[attr-defined]
        if len(roles) == 1:
            self.fields["roles"].initial = roles
        self.fields["name"].widget.attrs["autocomplete"] = "off"
        self.fields["email"].widget.attrs["autocomplete"] = "off"
        self.helper = plain_helper("Uitnodiging versturen")


class RolesForm(forms.Form):
    """Per role of the organisation's kind: held or not, and the last day."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, organisation: Organisation, colleague: Colleague, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.roles = roles_of(organisation)
        self.fields["seen"].initial = colleague.mark
        held = {membership.role: membership for membership in colleague.memberships}
        for role in self.roles:
            self.fields[f"has_{role}"] = forms.BooleanField(
                label=f"{role.label}: {MEANING[role]}", required=False, initial=role in held
            )
            until = held[role].valid_until if role in held else None
            self.fields[f"until_{role}"] = LastDayField(
                label=f"Laatste dag als {role.label[0].lower()}{role.label[1:]}", initial=until
            )
        seen_for(self, "seen", *(name for name in self.fields if name != "seen"))
        self.helper = plain_helper("Rollen opslaan")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not any(cleaned.get(f"has_{role}") for role in self.roles):
            self.add_error(
                f"has_{self.roles[0]}",
                "Kies ten minste één rol. Vertrekt deze collega? Gebruik dan ‘Laten vertrekken’.",
            )
        return cleaned

    def wanted(self) -> dict[str, date | None]:
        """Each role that was ticked, with its last day."""
        cleaned = self.cleaned_data
        return {str(role): cleaned[f"until_{role}"] for role in self.roles if cleaned[f"has_{role}"]}


class LeaveForm(forms.Form):
    error_title = "Nog niet vertrokken"

    when = forms.ChoiceField(
        label="Wanneer stopt de toegang?",
        choices=[("now", "Meteen"), ("day", "Na een laatste dag")],
        initial="now",
        widget=forms.RadioSelect,
        error_messages={"required": "Kies wanneer de toegang stopt.", "invalid_choice": "Kies uit de lijst."},
    )
    last_day = LastDayField(label="Laatste dag", help_text="Alleen bij ‘Na een laatste dag’.")
    heir = forms.ModelChoiceField(
        label="Wie neemt het open werk over?",
        help_text="Het werk gaat meteen over, ook als de toegang later stopt.",
        queryset=User.objects.none(),
        empty_label="Kies een collega",
        error_messages={
            "required": "Kies wie het open werk overneemt.",
            "invalid_choice": "Kies een collega uit de lijst.",
        },
    )

    def __init__(self, *args: Any, others: list[User], open_work: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if open_work:
            choices = User.objects.filter(pk__in=[user.pk for user in others]).order_by("name", "pk")
            self.fields["heir"].queryset = choices  # type: ignore[attr-defined]
        else:
            del self.fields["heir"]
        self.helper = plain_helper("Laten vertrekken")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("when") == "day" and "last_day" in cleaned and not cleaned["last_day"]:
            self.add_error("last_day", "Vul de laatste dag in.")
        return cleaned

    def last(self) -> date | None:
        """The last day, None for at once."""
        return self.cleaned_data["last_day"] if self.cleaned_data["when"] == "day" else None


class FactorForm(forms.Form):
    error_title = "De tweede stap staat er nog"
    use_required_attribute = False

    known_by = forms.ChoiceField(
        label="Hoe weet u wie dit vraagt?",
        choices=[
            ("shown", "Ik zag deze persoon, met een identiteitsbewijs"),
            ("vouched", "Een collega bevestigde het, via een nummer dat ik zelf opzocht"),
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Kies hoe u weet wie dit vraagt.",
            "invalid_choice": "Kies uit de lijst.",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper("Tweede stap weghalen")


class NewAccountForm(forms.Form):
    """The name and password of who takes an invitation and has no account yet."""

    error_title = "U heeft nog geen account"

    name = forms.CharField(
        label="Uw naam",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Vul uw naam in."},
    )
    password = forms.CharField(
        label="Wachtwoord",
        help_text="Ten minste 12 tekens. Een paar losse woorden achter elkaar onthoudt u makkelijk.",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Kies een wachtwoord."},
    )
    again = forms.CharField(
        label="Wachtwoord nog een keer",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Vul het wachtwoord nog een keer in."},
    )

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invitation = invitation
        self.fields["name"].initial = invitation.name
        self.helper = plain_helper("Account maken en beginnen")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        password, again = cleaned.get("password"), cleaned.get("again")
        if password and again and password != again:
            self.add_error("again", "De twee wachtwoorden zijn niet gelijk. Vul ze opnieuw in.")
        elif password:
            try:
                validate_password(password, User(email=self.invitation.email, name=cleaned.get("name", "")))
            except ValidationError as fault:
                self.add_error("password", fault)
        return cleaned
