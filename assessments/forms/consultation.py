"""Writing down a talk with clients or staff."""

from typing import Any

from django import forms

from assessments import bsn
from assessments.forms.visit_edits import ProseField
from assessments.models import Consultation, Evidence
from providers.actor import Actor
from providers.forms import plain_helper
from providers.forms.fields import DayField, require
from providers.forms.merging import MergingForm


class ConsultationForm(MergingForm):
    """One talk. Which outcomes can be, follows from the subject and from who was heard."""

    use_required_attribute = False

    held_on = DayField(
        label="Wanneer",
        ahead=0,
        error_messages={
            "required": "Vul in wanneer u dit besprak.",
            "too_late": "Deze dag moet nog komen. Vul in wanneer u dit besprak.",
        },
    )
    summary = ProseField(
        label="Wat is er besproken?",
        help_text="Kort. Noem geen namen van cliënten of medewerkers.",
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": "Schrijf kort op wat er is besproken."},
    )

    class Meta:
        model = Consultation
        fields = ("body", "outcome", "held_on", "who", "summary", "evidence")
        labels = {"who": "Wie waren erbij?", "evidence": "Verslag of ander stuk"}
        help_texts = {
            "who": "Functies, geen namen. Bijvoorbeeld: voorzitter cliëntenraad en de bestuurder.",
            "evidence": "Uit uw bewijsstukken. Dit hoeft niet.",
        }
        widgets = {"body": forms.RadioSelect, "outcome": forms.RadioSelect}

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        subject = self.instance.subject
        is_account = subject == Consultation.Subject.ACCOUNT
        if is_account:
            del self.fields["outcome"]
            self.instance.outcome = Consultation.Outcome.DISCUSSED
            self.kept = [name for name in self.kept if name != "outcome"]
            self.fields.pop("was_outcome", None)
        else:
            self.fields["outcome"].choices = Consultation.Outcome.choices  # type: ignore[attr-defined]
            self.fields["outcome"].help_text = "De cliëntenraad stemt in of niet. De werkvloer geeft advies."
            require(self, "outcome", "Kies wat de uitkomst was.")
        self.fields["body"].choices = Consultation.Body.choices  # type: ignore[attr-defined]
        require(self, "body", "Kies met wie u sprak.")
        require(self, "who", "Vul in wie erbij waren, met hun functie.")
        evidence = self.fields["evidence"]
        evidence.queryset = Evidence.objects.visible_to(by).kept().order_by("title")  # type: ignore[attr-defined]
        evidence.empty_label = "Geen"  # type: ignore[attr-defined]
        self.helper = plain_helper("Opslaan")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name in ("who", "summary"):
            if warning := bsn.warning(cleaned.get(name) or ""):
                self.add_error(name, warning)
        body, outcome = cleaned.get("body"), cleaned.get("outcome")
        if body and outcome:
            fitting = Consultation.outcomes_of(self.instance.subject, body)
            if outcome not in fitting:
                words = " of ".join(f"‘{choice.label}’" for choice in fitting)
                self.add_error("outcome", f"Bij deze gesprekspartner past {words}.")
        return cleaned
