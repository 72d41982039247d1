"""Which edition is compared, and in which year."""

from typing import Any

from django import forms

from assessments import calibration
from norms.models import FrameworkVersion


class CalibrationForm(forms.Form):
    """Without a choice: the newest year and the first edition. Always one year, never all together."""

    kader = forms.TypedChoiceField(
        label="Versie van het kader", coerce=int, error_messages={"invalid_choice": "Kies uit de lijst."}
    )
    jaar = forms.TypedChoiceField(
        label="Jaar van het bezoek", coerce=int, error_messages={"invalid_choice": "Kies uit de lijst."}
    )

    def __init__(self, data: Any) -> None:
        self.editions = {edition.pk: edition for edition in calibration.compared_editions()}
        years = calibration.years()
        first = {"kader": next(iter(self.editions), ""), "jaar": next(iter(years), "")}
        super().__init__({name: data.get(name) or value for name, value in first.items()})
        self.fields["kader"].choices = [  # type: ignore[attr-defined]
            (pk, f"{edition.title}, versie {edition.edition}") for pk, edition in self.editions.items()
        ]
        self.fields["jaar"].choices = [(year, str(year)) for year in years]  # type: ignore[attr-defined]

    @property
    def edition(self) -> FrameworkVersion:
        return self.editions[self.cleaned_data["kader"]]
