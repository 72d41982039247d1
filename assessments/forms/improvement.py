"""The forms of an improvement action: planning it, changing it, finding it back."""

from typing import Any

from django import forms
from django.utils import timezone

from assessments.forms.bsn import BsnFreeForm
from assessments.forms.visit_edits import EditIdField, ProseField
from assessments.models import ImprovementAction
from assessments.together import colleagues
from assessments.visit_improvements import NOBODY_YET
from providers.actor import Actor
from providers.forms import plain_helper
from providers.forms.fields import DayField, require
from providers.forms.merging import MergingForm

# The choice of somebody who has no account here.
OTHER = 0


class ImprovementForm(BsnFreeForm, MergingForm):
    """Planning and changing; who is either a colleague here or a name or role that is typed."""

    use_required_attribute = False
    bsn_free = ("what", "why", "role_name", "expected", "measured_by")

    key = EditIdField()
    who = forms.TypedChoiceField(
        label="Wie doet het",
        coerce=int,
        error_messages={"required": "Kies wie het doet.", "invalid_choice": "Kies iemand uit de lijst."},
    )
    due = DayField(label="Klaar op", error_messages={"required": "Vul in wanneer het klaar is."})
    why = ProseField(
        label="Waarom",
        required=False,
        help_text="Wat is er nu niet goed?",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    expected = ProseField(
        label="Welk resultaat verwacht u",
        help_text="Wat merken cliënten of zorgverleners straks?",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    measured_by = ProseField(
        label="Hoe merkt of meet u dat",
        required=False,
        help_text="Bijvoorbeeld: in oktober 10 dossiers bekijken.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    field_order = ("key", "what", "why", "who", "role_name", "due", "expected", "measured_by")

    class Meta:
        model = ImprovementAction
        fields = ("what", "why", "role_name", "due", "expected", "measured_by")
        labels = {"what": "Wat gaat u doen", "role_name": "Iemand anders, namelijk"}
        help_texts = {
            "what": "Eén ding, in een korte zin.",
            "role_name": "Een naam of een functie, bijvoorbeeld: wijkverpleegkundige team Noord.",
        }

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = {user.pk: user.name for user in colleagues(by.organisation_id)}
        now = self.instance.assignee
        if now and now.pk not in people:
            people[now.pk] = f"{now.name} (werkt hier niet meer)"
        self.fields["who"].choices = [("", "Kies wie"), *people.items(), (OTHER, "Iemand anders")]  # type: ignore[attr-defined]
        require(self, "what", "Vul in wat u gaat doen.")
        require(self, "expected", "Vul in welk resultaat u verwacht.")
        if self.instance.pk:
            self.initial["who"] = self.instance.assignee_id or OTHER
            if self.initial["role_name"] == NOBODY_YET:
                self.initial.update(who="", role_name="")
            self.remember([*self.kept, "who"])
        if self.instance.is_point:
            # The date is the inspectorate's; only the plan is the provider's.
            self.kept.remove("due")
            del self.fields["due"], self.fields["was_due"]
        self.helper = plain_helper("Opslaan" if self.instance.pk else "Verbeteractie maken")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        who, role, due = (cleaned.get(name) for name in ("who", "role_name", "due"))
        if who == OTHER and not (role or self.has_error("role_name")):
            self.add_error("role_name", "Vul in wie het doet, of kies hierboven een collega.")
        elif who not in (None, OTHER):
            # A colleague was chosen; what was typed for somebody else no longer counts.
            cleaned["role_name"] = ""
        if due and due != self.initial.get("due") and due < timezone.localdate():
            self.add_error("due", "Deze dag is al voorbij. Kies vandaag of een latere dag.")
        self.instance.assignee_id = None if who == OTHER else who
        return cleaned


class FilterForm(forms.Form):
    """Which actions are shown; what cannot be read does not filter. The names are those in the address."""

    wie = forms.ChoiceField(label="Van wie", required=False, choices=[("", "Iedereen"), ("mij", "Van mij")])
    wanneer = forms.ChoiceField(label="Datum", required=False, choices=[("", "Alle"), ("laat", "Te laat")])
    thema = forms.TypedChoiceField(label="Thema", required=False, coerce=int, empty_value=None)
    jaar = forms.TypedChoiceField(label="Uit zelfevaluatie", required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, themes: list[tuple[int, str]], years: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["thema"].choices = [("", "Alle thema’s"), *themes]  # type: ignore[attr-defined]
        self.fields["jaar"].choices = [("", "Alle jaren"), *((y, str(y)) for y in years)]  # type: ignore[attr-defined]
