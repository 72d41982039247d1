"""What the board declares before it hands in."""

from typing import Any

from django import forms
from django.utils import timezone

from assessments import bsn, signing
from assessments.forms.visit_edits import ProseField

FIRST_CODE = 2005


class SigningForm(forms.Form):
    """The picture is right, or it goes back; the code is worked with, or not yet and then there is a plan."""

    use_required_attribute = False
    error_title = "Nog niet ingediend: uw verklaring is nog niet compleet"

    picture = forms.BooleanField(
        label=signing.PICTURE,
        error_messages={
            "required": "Klopt het beeld? Zet dan een vinkje. Klopt het niet? Stuur de zelfevaluatie terug."
        },
    )
    governance = forms.ChoiceField(
        label="Werkt u met de Governancecode Zorg die nu geldt?",
        help_text="Lezers zien uw antwoord. Met ‘nog niet’ kunt u ook indienen.",
        choices=[("yes", "Ja"), ("not_yet", "Nog niet")],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Kies of u met de Governancecode Zorg werkt.",
            "invalid_choice": "Kies of u met de Governancecode Zorg werkt.",
        },
    )
    code_year = forms.IntegerField(
        label="Ja: het jaar van die code",
        help_text="Het jaar staat op de voorkant van de code.",
        min_value=FIRST_CODE,
        widget=forms.NumberInput({"inputmode": "numeric", "class": "field__control--short"}),
        error_messages={
            "required": "Vul het jaar van de Governancecode in.",
            "invalid": "Vul een jaar in, bijvoorbeeld 2022.",
            "min_value": "De eerste Governancecode Zorg is van 2005.",
        },
    )
    plan = ProseField(
        label="Nog niet: wat gaat u doen, en wanneer is het klaar?",
        help_text="Dit komt in uw verklaring te staan.",
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": "Schrijf wat u gaat doen, en wanneer het klaar is."},
    )

    def clean_code_year(self) -> Any:
        year = self.cleaned_data["code_year"]
        if year and year > timezone.localdate().year:
            raise forms.ValidationError("Dit jaar moet nog komen.")
        return year

    def clean_plan(self) -> Any:
        plan = self.cleaned_data["plan"]
        if warning := bsn.warning(plan):
            raise forms.ValidationError(warning)
        return plan

    def clean(self) -> dict[str, Any]:
        """What belongs to the other answer does not count, whatever stands there."""
        cleaned = super().clean() or {}
        for answer, name in (("yes", "code_year"), ("not_yet", "plan")):
            if cleaned.get("governance") != answer:
                self.errors.pop(name, None)
                cleaned[name] = None
        return cleaned
