"""Fields that forms of several apps share."""

import importlib
import pkgutil
from collections.abc import Iterator
from datetime import timedelta
from types import ModuleType

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

import assessments.forms
import providers.forms
from providers.forms.fields import DayField, LastDayField

# Days from today.
NEAR = st.integers(0, 9_000)
FAR = st.integers(-9_000, 9_000)


@given(back=NEAR, ahead=NEAR, offset=FAR)
def test_a_day_counts_between_its_bounds_and_nowhere_else(back: int, ahead: int, offset: int) -> None:
    field = DayField(back=back, ahead=ahead)
    day = timezone.localdate() + timedelta(days=offset)
    if -back <= offset <= ahead:
        assert field.clean(day.isoformat()) == day
    else:
        with pytest.raises(ValidationError) as refused:
            field.clean(day.isoformat())
        assert refused.value.code == ("too_early" if offset < 0 else "too_late")


def test_a_last_day_is_today_at_the_earliest_or_none() -> None:
    today = timezone.localdate()
    assert LastDayField().clean("") is None
    assert LastDayField().clean(today.isoformat()) == today
    with pytest.raises(ValidationError, match="al voorbij"):
        LastDayField().clean((today - timedelta(days=1)).isoformat())
    with pytest.raises(ValidationError, match="Kijk het jaar na"):
        LastDayField().clean("9999-12-31")


def modules(package: ModuleType) -> Iterator[ModuleType]:
    for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        yield importlib.import_module(found.name)


def test_no_form_takes_the_year_9999() -> None:
    days = [
        (form.__name__, name, type(field))
        for package in (assessments.forms, providers.forms)
        for module in modules(package)
        for form in vars(module).values()
        if isinstance(form, type) and issubclass(form, forms.BaseForm)
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, forms.DateField)
    ]
    assert len(days) > 10
    assert [day for day in days if not issubclass(day[2], DayField)] == []
