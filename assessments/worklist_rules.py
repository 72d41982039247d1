"""Which signals count and from when: configuration of who runs the portal, read once by each process."""

from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from assessments.models import RiskSignal


@dataclass(frozen=True)
class Rules:
    """The file worklist_rules.yaml says what each means."""

    signals: tuple[str, ...]
    not_enough: tuple[str, ...]
    attention: tuple[str, ...]
    low_from: int
    far_above_steps: int
    judged_months: int
    growth_percent: int
    growth_clients: int
    growth_months: int


@cache
def rules() -> Rules:
    """Raises ImproperlyConfigured when the file cannot be used, with the reason."""
    return read(Path(settings.WORKLIST_RULES))


def read(path: Path) -> Rules:
    try:
        told = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as fault:
        raise ImproperlyConfigured(f"{path}: {fault}") from fault
    expected = {field.name: field.type for field in fields(Rules)}
    if not isinstance(told, dict) or told.keys() != expected.keys():
        raise ImproperlyConfigured(f"{path} must say exactly: {', '.join(expected)}")
    values = {name: _value(path, name, told[name], kind is int) for name, kind in expected.items()}
    if unknown := set(values["signals"]) - set(RiskSignal.Code.values):
        raise ImproperlyConfigured(f"{path}: no signals are called {', '.join(sorted(unknown))}")
    return Rules(**values)


def _value(path: Path, name: str, told: Any, is_number: bool) -> Any:
    if is_number:
        if type(told) is not int or told < 0:
            raise ImproperlyConfigured(f"{path}: {name} must be a whole number of zero or more")
        return told
    if not isinstance(told, list) or not all(isinstance(word, str) for word in told):
        raise ImproperlyConfigured(f"{path}: {name} must be a list of words")
    return tuple(told)
