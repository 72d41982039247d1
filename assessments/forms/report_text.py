"""Forms about the text of a report: its passages, and what a second reader says of them."""

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from assessments.forms.visit_clash import Clash
from assessments.forms.visit_edits import EditIdField, ProseField, VersionField
from assessments.models import Passage, PassageRemark
from assessments.report_text import StalePassage
from providers.forms.fields import DayField, seen_for
from providers.models import User


class PassageForm(forms.Form):
    """One passage. `seen` tells whether the text is still what was shown, so that only changes are saved."""

    text = ProseField(required=False, widget=forms.Textarea(attrs={"rows": 4}))
    due_on = DayField(label="Uiterlijk", required=False)
    base = VersionField(required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    save_id = EditIdField(required=False)

    # What a colleague wrote meanwhile, to show beside what was typed.
    conflict: Clash | None = None
    # What second readers said of it and nobody answered yet.
    open_remarks: Sequence[PassageRemark] = ()

    def __init__(
        self, data: Mapping[str, Any] | None, passage: Passage, words: Mapping[str, str], *, visited_on: date
    ):
        shown = {"text": passage.text, "due_on": passage.due_on, "base": passage.version}
        super().__init__(
            data,
            prefix=f"p{passage.pk}",
            initial={**shown, "seen": _mark(passage.text, passage.due_on), "save_id": uuid.uuid4()},
        )
        self.passage = passage
        self.visited_on = visited_on
        self.fields["text"].label = words["label"]
        self.fields["text"].help_text = words.get("help", "")
        if passage.key == "summary":
            self.fields["text"].widget.attrs["rows"] = 5
        if passage.key != "must":
            del self.fields["due_on"]
        seen_for(self, "base", "text", "due_on")
        seen_for(self, "seen", "text", "due_on")

    def clean_due_on(self) -> date | None:
        due_on = self.cleaned_data["due_on"]
        if due_on and due_on <= self.visited_on:
            raise forms.ValidationError("Kies een dag na het bezoek.")
        return due_on

    @property
    def was_posted(self) -> bool:
        return self.is_bound and self.add_prefix("text") in self.data

    @property
    def is_touched(self) -> bool:
        """Whether a valid form holds something else than was shown."""
        return _mark(self.cleaned_data["text"], self.cleaned_data.get("due_on")) != self.cleaned_data["seen"]

    @property
    def stamp(self) -> SafeString:
        """The hidden fields: what was seen, and a save id, so that sending one page twice saves once."""
        return format_html("{}{}{}", *(self[name] for name in ("base", "seen", "save_id")))

    @property
    def title(self) -> str:
        label = str(self.fields["text"].label)
        return f"{self.passage.item.code}, {label.lower()}" if self.passage.item else label

    @property
    def typed(self) -> tuple[str, str]:
        return self.title, "\n".join(_lines(self.cleaned_data["text"], self.cleaned_data.get("due_on")))

    def clash(self, stale: StalePassage) -> Clash:
        cleaned, current = self.cleaned_data, stale.current
        return Clash(
            field=self.add_prefix("text"),
            label=self.title,
            mine=_lines(cleaned["text"], cleaned.get("due_on")),
            theirs=_lines(current.text, current.due_on),
            their_values=[current.text],
            author=stale.author,
            base=self.add_prefix("base"),
            version=str(current.version),
        )


def _mark(text: str, due_on: Any) -> str:
    return hashlib.sha256(f"{text}\n{due_on or ''}".encode()).hexdigest()[:16]


def _lines(text: str, due_on: Any) -> list[str]:
    return [*text.splitlines(), *([f"Uiterlijk {date_format(due_on, 'j F Y')}"] if due_on else [])]


class VersionsForm(forms.Form):
    """Which two versions of a report to lay side by side."""

    use_required_attribute = False

    van = forms.ChoiceField(label="Oude versie", error_messages={"invalid_choice": "Kies een versie."})
    naar = forms.ChoiceField(label="Nieuwe versie", error_messages={"invalid_choice": "Kies een versie."})

    def __init__(self, data: Mapping[str, Any], *, editions: Sequence[tuple[str, str]]) -> None:
        super().__init__(data)
        for name in ("van", "naar"):
            self.fields[name].choices = editions  # type: ignore[attr-defined]


class AskReaderForm(forms.Form):
    """Whom to ask to read along, and what to look at."""

    use_required_attribute = False

    reader = forms.ModelChoiceField(
        queryset=User.objects.none(),
        label="Wie leest mee?",
        empty_label="Kies een collega",
        error_messages={"required": "Kies een collega.", "invalid_choice": "Kies een collega uit de lijst."},
    )
    question = ProseField(
        label="Waar let de meelezer op?",
        required=False,
        help_text="Bijvoorbeeld: is de toon goed, volgt het oordeel uit de bevindingen?",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, readers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reader"].queryset = readers  # type: ignore[attr-defined]


class ReaderRemarkForm(forms.Form):
    """What a second reader says of one passage; `passage` is empty for the whole."""

    use_required_attribute = False

    passage = forms.IntegerField(widget=forms.HiddenInput, required=False)
    key = EditIdField(required=False)
    text = ProseField(
        label="Uw opmerking",
        help_text="Alleen collega’s van de inspectie lezen dit.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Schrijf uw opmerking."},
    )

    def clean_text(self) -> str:
        if not self.cleaned_data["text"]:
            raise ValidationError("Schrijf uw opmerking.")
        return self.cleaned_data["text"]


class ReaderAnswerForm(forms.Form):
    use_required_attribute = False

    answer = ProseField(
        label="Wat deed u ermee?",
        help_text="Bijvoorbeeld: aangepast, of waarom niet.",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Schrijf wat u ermee deed."},
    )
