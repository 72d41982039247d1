"""Choosing lines of the log."""

from typing import Any

from django import forms

from providers import audit
from providers.forms.fields import DayField
from providers.models import AuditEvent


class AuditFilterForm(forms.Form):
    """Every field may stay empty."""

    since = DayField(label="Vanaf", required=False)
    until = DayField(label="Tot en met", required=False)
    by = forms.ChoiceField(
        label="Door wie",
        required=False,
        choices=[("", "Iedereen"), ("own", "Onze eigen mensen"), ("others", "Anderen")],
    )
    outcome = forms.ChoiceField(
        label="Uitkomst", required=False, choices=[("", "Alles"), *AuditEvent.Outcome.choices]
    )
    action = forms.ChoiceField(label="Wat", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = sorted(audit.ACTIONS.items(), key=lambda entry: entry[1])
        self.fields["action"].choices = [("", "Alles"), *labels]  # type: ignore[attr-defined]
