"""Notes at a visit, asking for documents, and consent for a home visit."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils import timezone

from assessments import visit_notes
from assessments.forms.evidence import FileField
from assessments.forms.visit_edits import EditIdField, ProseField, VersionField
from assessments.models import HomeVisit, Visit, VisitNote
from assessments.values import joined
from norms.models import Item
from providers.actor import Actor
from providers.forms.fields import DayField, seen_for


class NoteForm(forms.Form):
    """The note on an item, or on the whole visit: its text, the version it replaces and the save's own id."""

    text = ProseField(label="Notitie", required=False, widget=forms.Textarea({"rows": 3}))
    base = VersionField(required=False)
    key = EditIdField(required=False)

    def __init__(self, data: Any = None, *, note: VisitNote | None, item: Item | None):
        initial = {
            "text": note.text if note else "",
            "base": note.version if note else 0,
            "key": uuid.uuid4(),
        }
        prefix = f"n{item.pk if item else 0}"
        was_posted = data is not None and f"{prefix}-text" in data
        super().__init__(data if was_posted else None, prefix=prefix, initial=initial)
        self.fields["text"].label = f"Notitie bij {item.code}" if item else "Notitie bij het bezoek"
        seen_for(self, "base", "text")
        seen_for(self, "key", "text")


@dataclass
class Note:
    """One note on the page: its form, and what came of saving it."""

    item: Item | None
    form: NoteForm
    stored: VisitNote | None
    clash: VisitNote | None = None
    errors: list[str] = field(default_factory=list)
    is_saved: bool = False

    @property
    def place(self) -> int:
        return self.item.pk if self.item else 0

    @property
    def choice_names(self) -> dict[str, str]:
        """Names of the buttons that choose between two texts."""
        return {choice: f"{self.form.prefix}-{choice}" for choice in ("mine", "theirs", "both")}

    @property
    def shown(self) -> str:
        """The text in the box: what was typed, as long as it is not saved."""
        return self.form["text"].value() or ""

    def save(self, visit: Visit, *, by: Actor) -> None:
        """Write what was typed, after a choice between two texts if one was made. Raises WrongState."""
        if not self.form.is_bound:
            return
        if not self.form.is_valid():
            self.errors = [str(error) for errors in self.form.errors.values() for error in errors]
            return
        typed = self._chosen()
        if typed is None:
            self._renew(self.stored)
            return
        text, base = typed
        try:
            saved = visit_notes.save(
                visit.pk, self.place or None, text, base, self.form.cleaned_data["key"], by=by
            )
        except visit_notes.StaleNote as stale:
            self.clash = stale.current
            self._show(text)
        else:
            self._renew(saved)

    def _chosen(self) -> tuple[str, int] | None:
        """The text to save and the version it replaces; None to keep what is stored."""
        cleaned, data = self.form.cleaned_data, self.form.data
        choice = next((choice for choice, name in self.choice_names.items() if name in data), "")
        if not choice or self.stored is None:
            return cleaned["text"], cleaned["base"]
        if choice == "theirs":
            return None
        seen = VersionField(required=False).clean(data.get(f"{self.form.prefix}-seen"))
        text = joined(self.stored.text, cleaned["text"]) if choice == "both" else cleaned["text"]
        return text, seen

    def _renew(self, stored: VisitNote | None) -> None:
        self.stored, self.is_saved = stored, True
        self.form = NoteForm(note=stored, item=self.item)

    def _show(self, text: str) -> None:
        self.form.data = data = self.form.data.copy()  # type: ignore[attr-defined]
        data[f"{self.form.prefix}-text"] = text


class DocumentRequestForm(forms.Form):
    use_required_attribute = False

    what = ProseField(
        label="Welke documenten heeft u nodig?",
        help_text="Bijvoorbeeld: het rooster van de nachten in oktober, zonder namen van cliënten.",
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": "Schrijf welke documenten u nodig heeft."},
    )
    why = ProseField(
        label="Waarvoor?",
        help_text="De aanbieder leest dit.",
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Schrijf waarvoor u ze nodig heeft."},
    )
    due = DayField(
        label="Uiterlijk op",
        error_messages={"required": "Vul in wanneer u de documenten nodig heeft."},
    )
    key = EditIdField(required=False, initial=uuid.uuid4)


class GiveForm(forms.Form):
    """A file for a request."""

    use_required_attribute = False

    file = FileField(label="Bestand")


class HomeVisitForm(forms.Form):
    use_required_attribute = False

    day = DayField(
        label="Dag van het huisbezoek",
        error_messages={"required": "Vul de dag van het huisbezoek in."},
    )
    consent_on = DayField(
        label="Toestemming gegeven op",
        error_messages={"required": "Vul in wanneer u de toestemming kreeg."},
    )
    consent_by = forms.ChoiceField(
        label="Wie gaf toestemming?",
        help_text="Schrijf nergens een naam of adres op.",
        choices=HomeVisit.ConsentBy,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Kies wie toestemming gaf.",
            "invalid_choice": "Kies wie toestemming gaf.",
        },
    )
    consent_how = forms.ChoiceField(
        label="Hoe?",
        choices=HomeVisit.ConsentHow,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Kies hoe u de toestemming kreeg.",
            "invalid_choice": "Kies hoe u de toestemming kreeg.",
        },
    )
    key = EditIdField(required=False, initial=uuid.uuid4)

    def __init__(self, *args: Any, visit: Visit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.visit = visit
        today = timezone.localdate()
        day = max(visit.starts_on, min(today, visit.ends_on))
        self.initial = {"day": day, "consent_on": min(today, day)}

    def clean_day(self) -> Any:
        day = self.cleaned_data["day"]
        if not self.visit.starts_on <= day <= self.visit.ends_on:
            raise forms.ValidationError("Deze dag valt buiten het bezoek. Kies een dag van het bezoek.")
        return day
