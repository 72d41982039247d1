"""Keeping everything of an organisation for a while."""

from typing import Any

from django import forms

from providers.forms import plain_helper


class HoldForm(forms.Form):
    reason = forms.CharField(
        label="Waarom alles bewaard moet blijven",
        help_text="Bijvoorbeeld een lopende zaak, met het nummer. Noem geen namen van mensen.",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Schrijf waarom alles bewaard moet blijven."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper("Bewaarplicht instellen")
