"""What the board declares before it hands in."""

from typing import Any

from django import forms
from django.utils import timezone

from assessments import signing

FIRST_CODE = 2005


class SigningForm(forms.Form):
    use_required_attribute = False
    error_title = "Nog niet ingediend: uw verklaring is nog niet compleet"

    picture = forms.BooleanField(
        label=signing.PICTURE, error_messages={"required": "Klopt het beeld? Zet dan een vinkje."}
    )
    governance = forms.BooleanField(
        label="Wij werken met de Governancecode Zorg die nu geldt.",
        error_messages={"required": "Werkt u met de Governancecode Zorg? Zet dan een vinkje."},
    )
    code_year = forms.IntegerField(
        label="Jaar van die code",
        help_text="Het jaar staat op de voorkant van de code.",
        min_value=FIRST_CODE,
        widget=forms.NumberInput({"inputmode": "numeric", "class": "field__control--short"}),
        error_messages={
            "required": "Vul het jaar van de Governancecode in.",
            "invalid": "Vul een jaar in, bijvoorbeeld 2022.",
            "min_value": "De eerste Governancecode Zorg is van 2005.",
        },
    )

    def clean_code_year(self) -> Any:
        year = self.cleaned_data["code_year"]
        if year > timezone.localdate().year:
            raise forms.ValidationError("Dit jaar moet nog komen.")
        return year
