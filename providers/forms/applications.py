"""Applying for a place in the portal, and answering that."""

from typing import Any

from django import forms

from providers import admission
from providers.forms import plain_helper
from providers.forms.fields import EmailField, NumberField, require
from providers.identifiers import validate_agb, validate_establishment, validate_kvk
from providers.models import Application, Region, Role

ROLES = [
    (Role.DIRECTOR.value, "Bestuurder: ik stel vast en dien in, en ik nodig collega's uit"),
    (Role.QUALITY_OFFICER.value, "Kwaliteitsmedewerker: ik vul in en voeg bewijs toe"),
]


class ApplicationForm(forms.ModelForm):
    error_title = "Nog niet verstuurd"

    kvk = NumberField(validate_kvk, 8, label="KvK-nummer", help_text="8 cijfers. Nullen vooraan horen erbij.")
    establishment = NumberField(
        validate_establishment, 12, label="Vestigingsnummer", help_text="12 cijfers, uit het Handelsregister."
    )
    agb = NumberField(
        validate_agb, 8, label="AGB-code", help_text="8 cijfers. U vindt de code in het AGB-register."
    )
    contact_email = EmailField(
        label="Uw e-mailadres", help_text="Uw eigen adres bij de organisatie. Hierheen gaat de link."
    )
    contact_roles = forms.MultipleChoiceField(
        label="Uw rol",
        help_text="Doet u allebei? Kies dan allebei.",
        choices=ROLES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Kies ten minste één rol.",
            "invalid_choice": "Kies een rol uit de lijst.",
        },
    )

    class Meta:
        model = Application
        fields = ["name", "kvk", "establishment", "agb", "place", "regions"]
        help_texts = {
            "name": "Zoals bij de Kamer van Koophandel.",
            "place": "De plaats van deze vestiging.",
            "regions": "Kies de regio's waarin u Wlz-zorg thuis geeft.",
        }
        widgets = {"regions": forms.CheckboxSelectMultiple}
        error_messages = {
            "regions": {
                "required": "Kies ten minste één regio.",
                "invalid_choice": "Kies een regio uit de lijst.",
                "invalid_pk_value": "Kies een regio uit de lijst.",
            }
        }

    field_order = [*Meta.fields, "contact_name", "contact_email", "contact_roles"]
    contact_name = forms.CharField(
        label="Uw naam", max_length=120, error_messages={"required": "Vul uw naam in."}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper("Aanmelding versturen")
        require(self, "name", "Vul de naam van de organisatie in.")
        require(self, "place", "Vul de plaats in.")
        require(self, "kvk", "Vul het KvK-nummer in. Dat heeft 8 cijfers.")
        require(self, "establishment", "Vul het vestigingsnummer in. Dat heeft 12 cijfers.")
        require(self, "agb", "Vul de AGB-code in. Die heeft 8 cijfers.")
        self.fields["regions"].queryset = Region.objects.filter(ended_on=None)  # type: ignore[attr-defined]
        self.fields["contact_name"].widget.attrs["autocomplete"] = "name"
        self.fields["contact_email"].widget.attrs["autocomplete"] = "email"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "kvk" in cleaned and "agb" in cleaned:
            sentence = admission.hindrance(cleaned["kvk"], cleaned["agb"])
            if sentence:
                self.add_error("agb", sentence)
        return cleaned

    def application(self) -> Application:
        """The application as filled in, not kept yet."""
        for name in ("contact_name", "contact_email", "contact_roles"):
            setattr(self.instance, name, self.cleaned_data[name])
        return self.instance


class RefusalForm(forms.Form):
    use_required_attribute = False
    error_title = "Nog niet afgewezen"

    reason = forms.CharField(
        label="Reden",
        help_text="Deze tekst staat in de mail aan wie de organisatie aanmeldde.",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Schrijf waarom u de aanmelding afwijst."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper("Afwijzen")
