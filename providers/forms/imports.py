"""Choosing a file to import."""

from typing import Any

from django import forms

from providers.forms import plain_helper


class ImportForm(forms.Form):
    error_title = "Nog niets ingelezen"

    file = forms.FileField(
        label="Bestand",
        help_text="CSV of Excel (.xlsx), ten hoogste 5 MB en 5.000 rijen. U ziet eerst wat er zou gebeuren.",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.txt"}),
        error_messages={
            "required": "Kies een bestand.",
            "invalid": "Kies een bestand.",
            "missing": "Kies een bestand.",
            "empty": "Dit bestand is leeg. Kies een ander.",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper("Inlezen")
