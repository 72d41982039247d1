"""Forms about the text of the report and what is said about it."""

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.formats import date_format

from assessments.forms.visit_clash import Clash
from assessments.forms.visit_edits import ProseField, VersionField
from assessments.models import FactualRemark, Passage, Visit
from assessments.visits import COUNTS
from providers.forms.fields import seen_for


class PassageForm(forms.Form):
    """One passage. `seen` tells whether the text is still what was shown, so that only changes are saved."""

    text = ProseField(required=False, widget=forms.Textarea(attrs={"rows": 4}))
    due_on = forms.DateField(
        label="Uiterlijk",
        required=False,
        error_messages={"invalid": "Vul een datum in, bijvoorbeeld 31-12-2026."},
    )
    base = VersionField(required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, data: Mapping[str, Any] | None, passage: Passage, words: Mapping[str, str], *, visited_on: date
    ):
        shown = {"text": passage.text, "due_on": passage.due_on, "base": passage.version}
        super().__init__(
            data, prefix=f"p{passage.pk}", initial={**shown, "seen": _mark(passage.text, passage.due_on)}
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
    def title(self) -> str:
        label = str(self.fields["text"].label)
        return f"{self.passage.item.code}, {label.lower()}" if self.passage.item else label

    @property
    def typed(self) -> tuple[str, str]:
        return self.title, "\n".join(_lines(self.cleaned_data["text"], self.cleaned_data.get("due_on")))

    def clash(self, current: Passage) -> Clash:
        cleaned = self.cleaned_data
        return Clash(
            field=self.add_prefix("text"),
            label=self.title,
            mine=_lines(cleaned["text"], cleaned.get("due_on")),
            theirs=_lines(current.text, current.due_on),
            their_values=[current.text],
            author="een collega",
            base=self.add_prefix("base"),
            version=str(current.version),
        )


def _mark(text: str, due_on: Any) -> str:
    return hashlib.sha256(f"{text}\n{due_on or ''}".encode()).hexdigest()[:16]


def _lines(text: str, due_on: Any) -> list[str]:
    return [*text.splitlines(), *([f"Uiterlijk {date_format(due_on, 'j F Y')}"] if due_on else [])]


class RemarkForm(forms.Form):
    use_required_attribute = False

    passage = forms.CharField(widget=forms.HiddenInput, max_length=30)
    text = ProseField(
        label="Wat klopt er niet?",
        help_text="Schrijf ook wat er volgens u wel moet staan, en waaruit dat blijkt. Noem geen namen.",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Schrijf wat er niet klopt, en wat er volgens u wel moet staan."},
    )


class AnswerForm(forms.Form):
    use_required_attribute = False

    verdict = forms.ChoiceField(
        label="Neemt u dit over?",
        choices=FactualRemark.Verdict.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Kies of u de opmerking overneemt.",
            "invalid_choice": "Kies of u de opmerking overneemt.",
        },
    )
    answer = ProseField(
        label="Waarom",
        help_text="De aanbieder leest dit in het rapport.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Schrijf waarom."},
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seen_for(self, "seen", "verdict", "answer")


COUNT_LABELS = ("Gesprekken", "Dossiers", "Huisbezoeken, met toestemming", "Documenten")


class CountsForm(forms.Form):
    """How much was seen. Hidden beside each number is the one that was shown."""

    use_required_attribute = False

    def __init__(self, data: Mapping[str, Any] | None = None, *, visit: Visit):
        super().__init__(data, prefix="counts")
        for name, label in zip(COUNTS, COUNT_LABELS, strict=True):
            self.fields[name] = forms.IntegerField(
                label=label,
                min_value=0,
                max_value=999,
                initial=getattr(visit, name),
                error_messages={
                    "required": "Vul een getal in. Geen? Vul 0 in.",
                    "invalid": "Vul een heel getal in.",
                    "min_value": "Vul 0 of meer in.",
                    "max_value": "Vul ten hoogste 999 in.",
                },
            )
            self.fields[f"{name}_seen"] = VersionField(required=False, initial=getattr(visit, name))
            seen_for(self, f"{name}_seen", name)

    @property
    def counts(self) -> dict[str, int]:
        return {name: self.cleaned_data[name] for name in COUNTS}

    @property
    def seen(self) -> dict[str, int]:
        return {name: self.cleaned_data[f"{name}_seen"] for name in COUNTS}

    def show_newer(self, current: dict[str, int]) -> None:
        """Say what a colleague filled in, and let the next attempt decide."""
        self.data = data = self.data.copy()  # type: ignore[attr-defined]
        for name, number in current.items():
            data[self.add_prefix(f"{name}_seen")] = str(number)
            self.add_error(
                name, f"Een collega vulde intussen {number} in. Kijk welk getal klopt en sla opnieuw op."
            )
