"""The code of a quickscan, as it was copied from paper or a screen."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from assessments import quickscan
from norms.models import FrameworkVersion
from providers.forms import plain_helper


class CodeForm(forms.Form):
    code = forms.CharField(
        label="Code van uw quickscan",
        help_text="U vindt de code onder uw uitslag. Streepjes en spaties maken niet uit.",
        max_length=100,
        error_messages={"required": "Vul de code in."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "size": 24}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper("Verder")

    def clean_code(self) -> tuple[FrameworkVersion, dict[str, str]]:
        try:
            return quickscan.decode(self.cleaned_data["code"])
        except quickscan.WrongCode:
            raise ValidationError(
                "Deze code klopt niet. Kijk of u alle tekens heeft overgenomen. Lukt het niet? "
                "Doe de quickscan dan opnieuw."
            ) from None
