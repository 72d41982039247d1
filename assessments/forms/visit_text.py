"""The form about how much was seen at a visit."""

from collections.abc import Mapping
from typing import Any

from django import forms

from assessments.forms.visit_edits import VersionField
from assessments.models import Visit
from assessments.visits import COUNTS
from providers.forms.fields import seen_for

COUNT_LABELS = ("Gesprekken", "Dossiers", "Documenten")


class CountsForm(forms.Form):
    """How much was seen. Hidden beside each number is the one that was shown."""

    use_required_attribute = False

    def __init__(self, data: Mapping[str, Any] | None = None, *, visit: Visit):
        super().__init__(data, prefix="counts")
        for name, label in zip(COUNTS, COUNT_LABELS, strict=True):
            self.fields[name] = forms.IntegerField(
                label=label,
                min_value=0,
                max_value=999,
                initial=getattr(visit, name),
                error_messages={
                    "required": "Vul een getal in. Geen? Vul 0 in.",
                    "invalid": "Vul een heel getal in.",
                    "min_value": "Vul 0 of meer in.",
                    "max_value": "Vul ten hoogste 999 in.",
                },
            )
            self.fields[f"{name}_seen"] = VersionField(required=False, initial=getattr(visit, name))
            seen_for(self, f"{name}_seen", name)

    @property
    def counts(self) -> dict[str, int]:
        return {name: self.cleaned_data[name] for name in COUNTS}

    @property
    def seen(self) -> dict[str, int]:
        return {name: self.cleaned_data[f"{name}_seen"] for name in COUNTS}

    def show_newer(self, current: dict[str, int]) -> None:
        """Say what a colleague filled in, and let the next attempt decide."""
        self.data = data = self.data.copy()  # type: ignore[attr-defined]
        for name, number in current.items():
            data[self.add_prefix(f"{name}_seen")] = str(number)
            self.add_error(
                name, f"Een collega vulde intussen {number} in. Kijk welk getal klopt en sla opnieuw op."
            )
