"""Deciding that a question applies or not."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from assessments.values import clean_text
from providers.forms import plain_helper

# What the form sends for each choice; the last follows the profile.
CHOICES = {"True": True, "False": False, "None": None}


class ScopeForm(forms.Form):
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
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper("Opslaan")

    def clean_applies(self) -> bool | None:
        return CHOICES[self.cleaned_data["applies"]]

    def clean_reason(self) -> str:
        return clean_text(self.cleaned_data["reason"]).strip()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("applies") is not None and "reason" in cleaned and not cleaned["reason"]:
            self.add_error("reason", ValidationError("Schrijf waarom. Dan begrijpen lezers uw keuze."))
        return cleaned
