"""Forms about people and organisations; each field says in Dutch what is wrong with it."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.core.exceptions import ValidationError

from providers.models import Location, Organisation


def plain_helper(button: str) -> FormHelper:
    """The whole form in our template pack with one button."""
    helper = FormHelper()
    helper.add_input(Submit("submit", button))
    return helper


class OrganisationForm(forms.ModelForm):
    class Meta:
        model = Organisation
        fields = ["name", "kvk", "agb", "place"]
        help_texts = {
            "name": "Zoals bij de Kamer van Koophandel.",
            "kvk": "8 cijfers. Nullen vooraan horen erbij.",
            "agb": "8 cijfers. U vindt de code in het AGB-register.",
        }
        error_messages = {
            "name": {"required": "Vul de naam van de organisatie in."},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper("Opslaan")
        for name in ("kvk", "agb"):
            # A longer number gets the sentence of the validator, not a silent cut.
            self.fields[name].widget.attrs.pop("maxlength", None)
            self.fields[name].widget.attrs.update(inputmode="numeric", size=14, autocomplete="off")
            self.fields[name].validators = self.fields[name].validators[-1:]
        if self.instance.kind == Organisation.Kind.PROVIDER:
            self._require("kvk", "Vul het KvK-nummer in. Dat heeft 8 cijfers.")
            self._require("agb", "Vul de AGB-code in. Die heeft 8 cijfers.")

    def _require(self, name: str, message: str) -> None:
        self.fields[name].required = True
        self.fields[name].error_messages["required"] = message

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        pair = {"kvk": cleaned.get("kvk"), "agb": cleaned.get("agb")}
        others = Organisation.objects.providers().filter(**pair).exclude(pk=self.instance.pk)
        if self.instance.kind == Organisation.Kind.PROVIDER and all(pair.values()) and others.exists():
            self.add_error("agb", "Deze AGB-code is bij dit KvK-nummer al in gebruik. Kijk beide nummers na.")
        return cleaned


class LocationForm(forms.ModelForm):
    class Meta:
        model = Location
        fields = ["name", "place", "establishment"]
        help_texts = {"establishment": "12 cijfers, uit het Handelsregister. Mag leeg blijven voor een team."}
        error_messages = {
            "name": {"required": "Vul een naam in, bijvoorbeeld Team Noord."},
            "place": {"required": "Vul de plaats in."},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper("Opslaan")
        number = self.fields["establishment"]
        number.widget.attrs.pop("maxlength", None)
        number.widget.attrs.update(inputmode="numeric", size=18, autocomplete="off")
        number.validators = number.validators[-1:]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        same = Location.objects.filter(organisation=self.instance.organisation_id, name=cleaned.get("name"))
        if same.exclude(pk=self.instance.pk).exists():
            self.add_error(
                "name", ValidationError("U heeft al een locatie of team met deze naam. Kies een andere naam.")
            )
        return cleaned
