"""Fields that several forms about organisations and people share."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

# Days; long enough for a leap day.
YEAR = 366


class NumberField(forms.CharField):
    """A register number. Spaces and dots, as people copy them, are no fault."""

    def __init__(self, check: Callable[[str], None], digits: int, **kwargs: Any) -> None:
        super().__init__(validators=[check], **kwargs)
        self.widget.attrs.update(inputmode="numeric", size=digits + 6, autocomplete="off")

    def to_python(self, value: Any) -> str:
        return re.sub(r"[\s.]", "", super().to_python(value) or "")


def require(form: forms.BaseForm, name: str, message: str) -> None:
    """A field that must be filled in, with the sentence for when it is not."""
    form.fields[name].required = True
    form.fields[name].error_messages["required"] = message


def seen_for(form: forms.BaseForm, hidden: str, *names: str) -> None:
    """Say of which fields a hidden one tells what stood there.

    A browser that keeps what was typed in them keeps it as well (static/js/keep.js): old text beside a new
    mark would overwrite a colleague unseen.
    """
    form.fields[hidden].widget.attrs["data-seen-for"] = " ".join(map(form.add_prefix, names))


class DayField(forms.DateField):
    """A day, at most `back` days before today and `ahead` days after; further away, the year is a slip."""

    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    default_error_messages = {
        "invalid": "Vul een datum in, bijvoorbeeld 31-12-2026.",
        "too_early": "Kijk het jaar na: deze dag is te lang geleden.",
        "too_late": "Kijk het jaar na: deze dag ligt te ver vooruit.",
    }

    def __init__(self, *, back: int = 10 * YEAR, ahead: int = 10 * YEAR, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.back, self.ahead = timedelta(days=back), timedelta(days=ahead)

    def clean(self, value: Any) -> date | None:
        day, today = super().clean(value), timezone.localdate()
        if day and day < today - self.back:
            raise ValidationError(self.error_messages["too_early"], code="too_early")
        if day and day > today + self.ahead:
            raise ValidationError(self.error_messages["too_late"], code="too_late")
        return day


class LastDayField(DayField):
    """The last day on which something holds: today or later, or empty for no end."""

    default_error_messages = {"too_early": "Deze dag is al voorbij. Kies vandaag of een latere dag."}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "back": 0, **kwargs})


class EmailField(forms.EmailField):
    """An address as we keep it: in small letters."""

    default_error_messages = {
        "required": "Vul een e-mailadres in.",
        "invalid": "Vul een e-mailadres in zoals naam@organisatie.nl.",
    }

    def clean(self, value: Any) -> str:
        return super().clean(value).lower()
