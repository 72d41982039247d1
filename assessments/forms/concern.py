"""Writing down a concern about a provider, and closing it."""

import uuid
from typing import Any

from django import forms

from assessments import bsn
from assessments.forms.campaign import KeyField
from assessments.forms.visit_edits import ProseField
from assessments.models import Concern
from providers.forms import plain_helper
from providers.forms.fields import YEAR, DayField, require
from providers.models import OrganisationQuerySet


class ConcernForm(forms.ModelForm):
    """About a provider that stands fixed, or one of those that are offered."""

    use_required_attribute = False

    key = KeyField(required=False, initial=uuid.uuid4)
    received_on = DayField(
        label="Wanneer hoorde of zag u dit?",
        back=5 * YEAR,
        ahead=0,
        error_messages={
            "required": "Vul in wanneer u dit hoorde of zag.",
            **dict.fromkeys(
                ("too_early", "too_late"), "Kies een dag tot en met vandaag, hooguit vijf jaar terug."
            ),
        },
    )
    text = ProseField(
        label="Wat is er gezegd of gezien?",
        help_text="Feiten, zonder namen van cliënten, naasten of medewerkers.",
        widget=forms.Textarea({"rows": 6}),
        error_messages={"required": "Schrijf op wat er is gezegd of gezien."},
    )

    class Meta:
        model = Concern
        fields = ("organisation", "received_on", "source", "subject", "text")
        labels = {
            "organisation": "Over welke zorgaanbieder gaat het?",
            "source": "Van wie komt het?",
            "subject": "Waar gaat het over?",
        }
        help_texts = {"subject": "In een paar woorden, zonder namen. Bijvoorbeeld: geen zorg in de nacht."}
        widgets = {"source": forms.RadioSelect}
        error_messages = {
            "organisation": {"invalid_choice": "Kies een zorgaanbieder uit de lijst."},
            "source": {"invalid_choice": "Kies uit de lijst van wie het komt."},
            "subject": {"max_length": "Maak het korter: ten hoogste 120 tekens."},
        }

    def __init__(self, *args: Any, offered: OrganisationQuerySet | None, button: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if offered is None:
            del self.fields["organisation"]
        else:
            self.fields["organisation"].queryset = offered.order_by("name", "pk")  # type: ignore[attr-defined]
            self.fields["organisation"].empty_label = "Kies een zorgaanbieder"  # type: ignore[attr-defined]
            require(self, "organisation", "Kies over welke zorgaanbieder het gaat.")
        self.fields["source"].choices = Concern.Source.choices  # type: ignore[attr-defined]
        require(self, "source", "Kies van wie het komt.")
        require(self, "subject", "Vul in waar het over gaat.")
        self.helper = plain_helper(button)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in ("subject", "text"):
            if warning := bsn.warning(cleaned.get(name) or ""):
                self.add_error(name, warning)
        return cleaned

    def save(self, commit: bool = True) -> Concern:
        self.instance.key = self.cleaned_data["key"]
        return super().save(commit)


class CloseForm(forms.Form):
    """What was done with a concern."""

    use_required_attribute = False

    reason = ProseField(
        label="Wat heeft u ermee gedaan?",
        help_text="Alleen de inspectie leest dit. Noem geen namen.",
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": "Schrijf wat u ermee heeft gedaan, of waarom u er niets mee doet."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper("Afhandelen")

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"]
        if warning := bsn.warning(reason):
            raise forms.ValidationError(warning)
        return reason


class ConcernFilterForm(forms.Form):
    status = forms.ChoiceField(
        label="Welke signalen",
        choices=[("", "Nog open"), ("alle", "Alle")],
        required=False,
        error_messages={"invalid_choice": "Kies een keuze uit de lijst."},
    )
