"""Fields that several forms about organisations and people share."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone


def as_number(form: forms.BaseForm, name: str, size: int) -> None:
    """A register number: a longer one gets the sentence of its validator, not a silent cut."""
    field = form.fields[name]
    field.widget.attrs.pop("maxlength", None)
    field.widget.attrs.update(inputmode="numeric", size=size, autocomplete="off")
    field.validators = field.validators[-1:]


def require(form: forms.BaseForm, name: str, message: str) -> None:
    """A field that must be filled in, with the sentence for when it is not."""
    form.fields[name].required = True
    form.fields[name].error_messages["required"] = message


class LastDayField(forms.DateField):
    """The last day on which something holds: today or later, or empty for no end."""

    default_error_messages = {"invalid": "Vul een datum in, bijvoorbeeld 31-12-2026."}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, **kwargs})

    def clean(self, value: Any) -> date | None:
        day = super().clean(value)
        if day and day < timezone.localdate():
            raise ValidationError("Deze dag is al voorbij. Kies vandaag of een latere dag.")
        return day


class EmailField(forms.EmailField):
    """An address as we keep it: in small letters."""

    default_error_messages = {
        "required": "Vul een e-mailadres in.",
        "invalid": "Vul een e-mailadres in zoals naam@organisatie.nl.",
    }

    def clean(self, value: Any) -> str:
        return super().clean(value).lower()
