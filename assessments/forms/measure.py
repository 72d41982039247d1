"""Recording a measure, letting it run longer, and finding measures."""

from typing import Any

from django import forms

from assessments import measures
from assessments.forms.bsn import BsnFreeForm
from assessments.forms.visit_edits import ProseField
from assessments.measure_kinds import Kind, kind_of, kinds
from assessments.models import Measure, Visit
from providers.actor import Actor
from providers.forms import plain_helper
from providers.forms.fields import DayField, LastDayField, require
from providers.models import Organisation


class VisitChoice(forms.ModelChoiceField):
    def label_from_instance(self, visit: Visit) -> str:
        return f"Rapport {visit.number}"


class MeasureForm(BsnFreeForm, forms.ModelForm):
    """A measure that was decided."""

    use_required_attribute = False
    bsn_free = ("points", "reason")

    kind = forms.ChoiceField(
        label="Soort maatregel",
        widget=forms.RadioSelect,
        error_messages={"required": "Kies een soort.", "invalid_choice": "Kies een soort uit de lijst."},
    )
    visit = VisitChoice(
        label="Na welk bezoek",
        queryset=Visit.objects.none(),
        required=False,
        empty_label="Geen bezoek",
        error_messages={"invalid_choice": "Kies een bezoek uit de lijst."},
    )
    decided_on = DayField(
        label="Datum van het besluit",
        ahead=0,
        error_messages={
            "required": "Vul de datum van het besluit in.",
            "too_late": "Deze dag moet nog komen. Vul in wanneer het besluit is genomen.",
        },
    )
    due_on = DayField(
        label="Uiterlijk klaar op", error_messages={"required": "Vul in wanneer het uiterlijk klaar is."}
    )
    points = ProseField(
        label="Wat de aanbieder moet doen",
        help_text="Eén punt per regel. De aanbieder leest dit.",
        widget=forms.Textarea({"rows": 5}),
        error_messages={"required": "Schrijf wat de aanbieder moet doen."},
    )
    reason = ProseField(
        label="Waarom",
        help_text="De aanbieder leest dit. Noem geen namen.",
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": "Schrijf waarom."},
    )

    field_order = ("kind", "visit", "decided_on", "due_on", "points", "reason")

    class Meta:
        model = Measure
        fields = ("kind", "visit", "decided_on", "due_on", "points", "reason")

    def __init__(self, *args: Any, provider: Organisation, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.organisation = provider
        may = measures.recordable(by)
        self.fields["kind"].choices = [(kind.code, _words(kind)) for kind in may]  # type: ignore[attr-defined]
        # Not one that the provider may not know of.
        visits = Visit.objects.filter(organisation=provider, status__in=Visit.SHARED)
        self.fields["visit"].queryset = visits.order_by("-starts_on", "-pk")  # type: ignore[attr-defined]
        self.helper = plain_helper("Maatregel vastleggen")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        kind, decided_on, due_on = (cleaned.get(name) for name in ("kind", "decided_on", "due_on"))
        if kind and decided_on and due_on:
            try:
                measures.check_term(kind_of(kind), decided_on, due_on)
            except forms.ValidationError as refused:
                self.add_error(None, refused)
        return cleaned


def _words(kind: Kind) -> str:
    return f"{kind.label}. {kind.decided_by} besluit."


class ExtendForm(BsnFreeForm, forms.Form):
    """Until when a measure runs now, and why."""

    use_required_attribute = False
    bsn_free = ("reason",)

    until = LastDayField(
        label="Tot en met",
        required=True,
        error_messages={"required": "Kies tot en met welke dag de maatregel loopt."},
    )
    reason = ProseField(
        label="Reden",
        help_text="De aanbieder leest dit.",
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": "Schrijf een reden."},
    )
    by_other = forms.BooleanField(required=False)

    def __init__(self, *args: Any, kind: Kind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind.extended_by:
            self.fields["by_other"].label = f"{kind.extended_by} heeft de verlenging besloten"
            require(self, "by_other", f"Alleen {kind.extended_by.lower()} verlengt deze maatregel.")
        else:
            del self.fields["by_other"]
        self.helper = plain_helper("Verlengen")


class MeasureFilterForm(forms.Form):
    """Which measures are shown; what cannot be read does not filter. The names are those in the address."""

    welke = forms.ChoiceField(
        label="Tonen",
        required=False,
        choices=[("", "Wat loopt"), ("laat", "Te laat"), ("ingeleverd", "Ingeleverd"), ("alle", "Alles")],
    )
    soort = forms.ChoiceField(label="Soort", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(kind.code, kind.label) for kind in kinds().values()]
        self.fields["soort"].choices = [("", "Alle soorten"), *choices]  # type: ignore[attr-defined]
