"""Deciding that a question applies or not."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms

from assessments.forms.self_assessment import described
from assessments.values import clean_text
from norms.models import FrameworkVersion
from providers.forms import plain_helper

# What the form sends for each choice; the last follows the profile.
CHOICES = {"True": True, "False": False, "None": None}


class WideningForm(forms.Form):
    """Which more frameworks an account shall ask."""

    use_required_attribute = False

    editions = forms.TypedMultipleChoiceField(
        label="Wat wilt u erbij invullen?",
        help_text="Wat u elders al heeft beantwoord, vult u niet nog eens in.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Kies ten minste één normenkader."},
    )

    def __init__(self, *args: Any, offered: Iterable[FrameworkVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = {str(edition.pk): edition for edition in offered}
        field = cast(forms.TypedMultipleChoiceField, self.fields["editions"])
        field.choices = [(key, described(edition)) for key, edition in rows.items()]
        field.coerce = rows.__getitem__
        self.helper = plain_helper("Toevoegen")


class ScopeForm(forms.Form):
    # Browsers colour what is required and empty as wrong before anybody answered.
    use_required_attribute = False

    applies = forms.ChoiceField(
        label="Wat geldt voor u?",
        choices=[
            ("True", "Dit geldt voor ons"),
            ("False", "Dit geldt niet voor ons"),
            ("None", "Volg het profiel"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Kies wat er geldt."},
    )
    reason = forms.CharField(
        label="Waarom?",
        help_text="Na het indienen zien lezers deze reden. Volgt u het profiel? Dan is er geen reden nodig.",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Schrijf waarom. Dan begrijpen lezers uw keuze."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper("Opslaan")

    def clean_applies(self) -> bool | None:
        return CHOICES[self.cleaned_data["applies"]]

    def clean_reason(self) -> str:
        return clean_text(self.cleaned_data["reason"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "applies" in cleaned and cleaned["applies"] is None:
            self.errors.pop("reason", None)
            cleaned["reason"] = ""
        return cleaned
