"""Forms about an organisation and its places; each field says in Dutch what is wrong with it."""

from typing import Any

from django.conf import settings

from providers.forms import plain_helper
from providers.forms.fields import NumberField, require
from providers.forms.merging import MergingForm
from providers.identifiers import validate_agb, validate_establishment, validate_kvk
from providers.models import Location, Organisation


class OrganisationForm(MergingForm):
    taken = ("agb", "Deze AGB-code is bij dit KvK-nummer al in gebruik. Kijk beide nummers na.")

    kvk = NumberField(
        validate_kvk,
        8,
        required=False,
        label="KvK-nummer",
        help_text="8 cijfers. Nullen vooraan horen erbij.",
    )
    agb = NumberField(
        validate_agb,
        8,
        required=False,
        label="AGB-code",
        help_text="8 cijfers. U vindt de code in het AGB-register.",
    )

    class Meta:
        model = Organisation
        fields = ["name", "kvk", "agb", "place"]
        help_texts = {"name": "Zoals bij de Kamer van Koophandel."}
        error_messages = {
            "name": {"required": "Vul de naam van de organisatie in."},
        }

    def __init__(self, *args: Any, numbers_stand: bool, **kwargs: Any) -> None:
        """`numbers_stand`: only the portal changes them, for eHerkenning lets people in by them."""
        super().__init__(*args, **kwargs)
        self.helper = plain_helper("Opslaan")
        if numbers_stand:
            for name in ("kvk", "agb"):
                self.fields[name].disabled = True
                self.fields[
                    name
                ].help_text = (
                    f"Klopt dit nummer niet? Mail naar {settings.SUPPORT_EMAIL}. De beheerder wijzigt het."
                )
        if self.instance.kind == Organisation.Kind.PROVIDER:
            require(self, "kvk", "Vul het KvK-nummer in. Dat heeft 8 cijfers.")
            require(self, "agb", "Vul de AGB-code in. Die heeft 8 cijfers.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        pair = {"kvk": cleaned.get("kvk"), "agb": cleaned.get("agb")}
        others = Organisation.objects.providers().filter(**pair).exclude(pk=self.instance.pk)
        if self.instance.kind == Organisation.Kind.PROVIDER and all(pair.values()) and others.exists():
            self.add_error(*self.taken)
        return cleaned


class LocationForm(MergingForm):
    taken = ("name", "U heeft al een locatie of team met deze naam. Kies een andere naam.")

    establishment = NumberField(
        validate_establishment,
        12,
        required=False,
        label="Vestigingsnummer",
        help_text="12 cijfers, uit het Handelsregister. Mag leeg blijven voor een team.",
    )

    class Meta:
        model = Location
        fields = ["name", "place", "establishment"]
        error_messages = {
            "name": {"required": "Vul een naam in, bijvoorbeeld Team Noord."},
            "place": {"required": "Vul de plaats in."},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper("Opslaan")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        same = Location.objects.filter(organisation=self.instance.organisation_id, name=cleaned.get("name"))
        if same.exclude(pk=self.instance.pk).exists():
            self.add_error(*self.taken)
        return cleaned
