"""The form in which themes are given to colleagues, and the one for a comment."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format

from assessments.forms.bsn import BsnFreeForm
from assessments.forms.visit_edits import EditIdField, ProseField
from assessments.models import Assignment
from assessments.questions import Section
from assessments.together import Change, Share
from providers.forms import plain_helper
from providers.forms.fields import DayField, require, seen_for
from providers.models import User


@dataclass(frozen=True)
class Row:
    """One theme in the form."""

    section: Section
    assignment: Assignment | None
    who: forms.BoundField
    due: forms.BoundField
    was: forms.BoundField
    has_left: bool


class ShareForm(forms.Form):
    """For each theme who and when. Each row also sends what stood there when the page was shown."""

    use_required_attribute = False

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        sections: Sequence[Section],
        assignments: Iterable[Assignment],
        people: Iterable[User],
    ) -> None:
        super().__init__(data)
        self.sections = sections
        self.assignments = {row.section_id: row for row in assignments}
        self.people = {user.pk: user.name for user in people}
        for section in sections:
            self._add(section)

    def _add(self, section: Section) -> None:
        pk, title = section.item.pk, section.item.title
        row = self.assignments.get(pk)
        now = _share(row)
        choices = [("", "Nog niemand"), *self.people.items()]
        if row and row.assignee and row.assignee_id not in self.people:
            choices.append((row.assignee_id, f"{row.assignee.name} (werkt hier niet meer)"))
        self.fields[f"who-{pk}"] = forms.TypedChoiceField(
            label=f"Wie vult ‘{title}’ in",
            choices=choices,
            coerce=int,
            empty_value=None,
            required=False,
            initial=now.assignee_id,
            error_messages={"invalid_choice": "Kies een collega uit de lijst."},
        )
        self.fields[f"due-{pk}"] = DayField(
            label=f"Wanneer is ‘{title}’ klaar",
            required=False,
            initial=now.due,
        )
        self.fields[f"was-{pk}"] = forms.CharField(
            required=False, initial=_written(now), widget=forms.HiddenInput
        )
        seen_for(self, f"was-{pk}", f"who-{pk}", f"due-{pk}")

    @property
    def rows(self) -> list[Row]:
        return [self._row(section) for section in self.sections]

    def _row(self, section: Section) -> Row:
        pk = section.item.pk
        assignment = self.assignments.get(pk)
        gone = assignment is not None and assignment.assignee_id not in {None, *self.people}
        who, due, was = (self[f"{name}-{pk}"] for name in ("who", "due", "was"))
        return Row(section, assignment, who, due, was, gone)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for section in self.sections:
            self._check(section.item.pk, cleaned)
        return cleaned

    def _check(self, pk: int, cleaned: Mapping[str, Any]) -> None:
        if f"who-{pk}" not in cleaned or f"due-{pk}" not in cleaned:
            return
        wanted = Share(cleaned[f"who-{pk}"], cleaned[f"due-{pk}"])
        if wanted.assignee_id and not wanted.due:
            self.add_error(f"due-{pk}", "Kies ook een dag.")
        elif wanted.due and not wanted.assignee_id:
            self.add_error(f"who-{pk}", "Kies ook een collega, of haal de dag weg.")
        elif wanted.due and wanted.due < timezone.localdate() and _written(wanted) != cleaned[f"was-{pk}"]:
            self.add_error(f"due-{pk}", "Deze dag is al voorbij. Kies vandaag of een latere dag.")

    def changes(self) -> list[Change]:
        """What the person wants, theme by theme; of the rows that can be read."""
        cleaned = self.cleaned_data
        return [
            Change(
                section.item.pk,
                _read(cleaned[f"was-{section.item.pk}"]),
                Share(cleaned[f"who-{section.item.pk}"], cleaned[f"due-{section.item.pk}"]),
            )
            for section in self.sections
        ]

    def show_clash(self, section_id: int, now: Assignment) -> None:
        """Say what a colleague chose meanwhile; saving once more then means one's own."""
        theirs = (
            f"{now.assignee.name}, klaar op {date_format(now.due, 'j F Y')}"
            if now.assignee and now.due
            else "nog niemand"
        )
        self.add_error(
            f"who-{section_id}",
            f"{now.by.name} wijzigde dit intussen in: {theirs}. Uw keuze staat hieronder. "
            "Sla op om uw keuze te houden, of kies iets anders.",
        )
        self.data = cast(QueryDict, self.data).copy()
        self.data[f"was-{section_id}"] = _written(_share(now))


def _share(row: Assignment | None) -> Share:
    return Share(row.assignee_id, row.due) if row else Share()


def _written(share: Share) -> str:
    return f"{share.assignee_id or ''}|{share.due or ''}"


def _read(written: str) -> Share:
    """What was shown; what cannot be read was never shown, so it can only clash."""
    who, _, due = written.partition("|")
    try:
        return Share(int(who) if who else None, date.fromisoformat(due) if due else None)
    except ValueError:
        return Share(-1)


class CommentForm(BsnFreeForm, forms.Form):
    use_required_attribute = False
    bsn_free = ("text",)

    key = EditIdField()
    text = ProseField(
        label="Uw opmerking",
        help_text="Alleen collega’s lezen dit. Het komt niet in de zelfevaluatie.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial={"key": uuid.uuid4()})
        require(self, "text", "Schrijf eerst uw opmerking.")
        self.helper = plain_helper("Plaatsen")
