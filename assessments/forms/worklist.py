"""Finding providers in the worklist, and keeping a list under a name."""

from typing import Any, cast

from django import forms
from django.http import QueryDict

from assessments.models import RiskSignal, SavedView
from assessments.worklist_rules import rules
from providers.forms.fields import DayField
from providers.models import DeliveryForm, Region

ALL_REGIONS = "Alle regio's"
ORDERS = {
    "naam": "Naam",
    "bezoek": "Laatste bezoek, langst geleden eerst",
    "ingediend": "Laatst ingediend, nieuwste eerst",
    "clienten": "Aantal cliënten, meeste eerst",
}
UNLISTED = {"invalid_choice": "Kies een keuze uit de lijst."}


class WorklistForm(forms.Form):
    """All in the address. Of several signals a provider has each one."""

    q = forms.CharField(label="Naam, KvK-nummer of plaats", required=False, max_length=100)
    regio = forms.ModelChoiceField(
        label="Zorgkantoorregio",
        queryset=Region.objects.filter(ended_on=None),
        required=False,
        empty_label=ALL_REGIONS,
        error_messages={"invalid_choice": "Kies een regio uit de lijst."},
    )
    leveringsvorm = forms.ChoiceField(
        label="Leveringsvorm",
        choices=[("", "Alle leveringsvormen"), *DeliveryForm.choices],
        required=False,
        error_messages=UNLISTED,
    )
    voor = DayField(
        label="Laatste bezoek vóór",
        help_text="Ook wie nooit is bezocht.",
        required=False,
    )
    volgorde = forms.ChoiceField(
        label="Volgorde", choices=list(ORDERS.items()), required=False, error_messages=UNLISTED
    )
    signaal = forms.MultipleChoiceField(
        label="Met deze signalen",
        help_text="Kiest u er meer, dan ziet u aanbieders die ze allemaal hebben.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages=UNLISTED,
    )

    def __init__(self, data: QueryDict) -> None:
        self.sent = data
        super().__init__(data)
        self.fields["signaal"].choices = [(code, words) for code, words, _ in self.signals]  # type: ignore[attr-defined]

    @property
    def selects(self) -> list[tuple[str, str, list[tuple[str, str, bool]]]]:
        """Name, label and options (value, words, chosen) of each list to choose from."""
        regions = cast(forms.ModelChoiceField, self.fields["regio"]).queryset or ()
        offered: dict[str, list[tuple[Any, str]]] = {
            "regio": [("", ALL_REGIONS), *((row.pk, str(row)) for row in regions)],
            "leveringsvorm": [("", "Alle leveringsvormen"), *DeliveryForm.choices],
            "volgorde": list(ORDERS.items()),
        }
        return [
            (
                name,
                str(self.fields[name].label),
                [(str(code), words, str(code) == self.sent.get(name, "")) for code, words in options],
            )
            for name, options in offered.items()
        ]

    @property
    def signals(self) -> list[tuple[str, str, bool]]:
        """Code, words and whether it was chosen, of each signal that counts."""
        labels, chosen = dict(RiskSignal.Code.choices), self.sent.getlist("signaal")
        return [(code, str(labels[code]), code in chosen) for code in rules().signals]

    @property
    def query(self) -> str:
        """What was chosen, as it stands in the address; what cannot be understood is left out."""
        chosen = QueryDict(mutable=True)
        for name in self.fields:
            if name not in self.errors:
                chosen.setlist(name, list(filter(None, dict.fromkeys(self.sent.getlist(name)))))
        return chosen.urlencode()


class SavedViewForm(forms.ModelForm):
    """A name for the list that is on the screen."""

    use_required_attribute = False

    class Meta:
        model = SavedView
        fields = ("name",)
        labels = {"name": "Naam van deze weergave"}
        error_messages = {
            "name": {
                "required": "Geef de weergave een naam.",
                "max_length": "Maak de naam korter: ten hoogste 60 tekens.",
            }
        }
