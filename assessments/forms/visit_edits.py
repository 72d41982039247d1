"""Forms about findings and judgements: what they hold is saved as edits per field."""

import uuid
from collections.abc import Iterable, Sequence
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from assessments.field_edits import FINDING, JUDGEMENT, Edit, Outcome
from assessments.forms.visit_clash import Clash
from assessments.models import Finding, Judgement
from assessments.values import CHECKS, clean_text
from norms.models import Item
from providers.forms.fields import seen_for

SOURCE_LABELS = {
    Finding.Source.INTERVIEW_CLIENT: "Cliënt",
    Finding.Source.INTERVIEW_RELATIVE: "Naaste",
    Finding.Source.INTERVIEW_PROFESSIONAL: "Zorgverlener",
    Finding.Source.INTERVIEW_BOARD: "Bestuur",
    Finding.Source.RECORD: "Dossier",
    Finding.Source.OBSERVATION: "Observatie",
    Finding.Source.DOCUMENT: "Document",
    Finding.Source.MEDICATION: "Medicatie",
}


class EditIdField(forms.UUIDField):
    """The id of an edit, made when the page was; an unreadable one counts as a new edit."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> uuid.UUID:
        try:
            return super().clean(value) or uuid.uuid4()
        except ValidationError:
            return uuid.uuid4()


class VersionField(forms.IntegerField):
    """The version that was shown; an unreadable one is the oldest, so that it can only conflict."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> int:
        try:
            return super().clean(value) or 0
        except ValidationError:
            return 0


class ProseField(forms.CharField):
    """Free text with uniform line ends and the portal's own limit."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return clean_text(super().to_python(value) or "")


class FieldEditForm(forms.Form):
    """A form whose fields become edits. Hidden beside each: the edit's id and the version it replaces."""

    kind = ""
    names: Sequence[str] = ()
    # Fields of which two values can stand together: texts one after the other, lists as one.
    joins: Sequence[str] = ()
    use_required_attribute = False

    def __init__(
        self, data: QueryDict | None = None, *, target: Any, versions: dict[str, int], **kwargs: Any
    ):
        super().__init__(data, **kwargs)
        self.target_id = target
        for name in ("object", *self.names):
            self.fields[f"{name}_edit"] = EditIdField(
                required=False, initial=target if name == "object" else uuid.uuid4()
            )
        for name in self.names:
            self.fields[f"{name}_base"] = VersionField(required=False, initial=versions.get(name, 0))
            seen_for(self, f"{name}_base", name)

    @property
    def stamps(self) -> SafeString:
        """The hidden inputs. Not by their widgets: a page has some seventy, and each takes a template."""
        drawn = []
        for key, field in self.fields.items():
            if field.widget.is_hidden:
                name = self.add_prefix(key)
                value = self.data.get(name, "") if self.is_bound else self.get_initial_for_field(field, key)
                seen = field.widget.attrs.get("data-seen-for")
                mark = f' data-seen-for="{escape(seen)}"' if seen else ""
                drawn.append(
                    f'<input type="hidden" name="{name}" id="id_{name}" value="{escape(value)}"{mark}>'
                )
        return mark_safe("".join(drawn))  # noqa: S308 (escaped above; the names are the form's own)

    def value_of(self, name: str) -> Any:
        return self.cleaned_data[name]

    def edits(self, **place: Any) -> list[Edit]:
        """The edits of a valid form; `place` is a judgement's item and whether it is common."""
        cleaned = self.cleaned_data
        return [
            Edit(
                cleaned[f"{name}_edit"],
                self.kind,
                cleaned["object_edit"],
                name,
                cleaned[f"{name}_base"],
                self.value_of(name),
                **place,
            )
            for name in self.names
        ]

    def clashes(self, outcomes: Iterable[Outcome]) -> list[Clash]:
        """What somebody else changed in between, field by field, for a choice."""
        return [
            Clash(
                field=self.add_prefix(outcome.edit.field),
                label=str(self.fields[outcome.edit.field].label),
                mine=self.shown(outcome.edit.field, outcome.edit.value),
                theirs=self.shown(outcome.edit.field, outcome.current),
                their_values=_as_list(outcome.current),
                author=outcome.other_author,
                base=self.add_prefix(f"{outcome.edit.field}_base"),
                version=str(outcome.version),
                can_join=outcome.edit.field in self.joins,
                is_list=isinstance(outcome.current, list),
            )
            for outcome in outcomes
            if outcome.result == "conflict"
        ]

    def texts(self) -> list[tuple[str, str]]:
        """What was typed, with its label, for when it cannot be saved any more."""
        prose = [name for name in self.names if isinstance(self.fields[name], ProseField)]
        return [(str(self.fields[name].label), self.cleaned_data[name]) for name in prose]

    def shown(self, name: str, value: Any) -> list[str]:
        """A value in words, a line each."""
        choices = {str(code): str(label) for code, label in getattr(self.fields[name], "choices", [])}
        if choices:
            return [choices.get(code, code) for code in _as_list(value)]
        return str(value).splitlines()


def set_choices(form: forms.Form, name: str, choices: Sequence[tuple[Any, str]]) -> None:
    """Give a choice field what can be chosen here."""
    cast(forms.ChoiceField, form.fields[name]).choices = choices


def _as_list(value: Any) -> list[str]:
    return [str(part) for part in value] if isinstance(value, list) else [str(value)]


class FindingForm(FieldEditForm):
    kind = FINDING
    names = ("source", "text", "items")
    joins = ("text", "items")

    source = forms.ChoiceField(
        label="Waar komt het vandaan?",
        choices=list(SOURCE_LABELS.items()),
        widget=forms.RadioSelect,
        error_messages={
            "required": "Kies waar de bevinding vandaan komt.",
            "invalid_choice": "Kies waar de bevinding vandaan komt.",
        },
    )
    text = ProseField(
        label="Wat hoorde of zag u?",
        help_text="Een feit, zonder namen.",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Schrijf op wat u hoorde of zag."},
    )
    items = forms.TypedMultipleChoiceField(
        label="Telt mee voor",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Kies bij welk criterium de bevinding hoort.",
            "invalid_choice": "Kies bij welk criterium de bevinding hoort.",
        },
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        items: Iterable[Item],
        finding: Finding | None = None,
        **kwargs: Any,
    ):
        target, versions = (finding.pk, finding.versions) if finding else (uuid.uuid4(), {})
        super().__init__(data, target=target, versions=versions, **kwargs)
        set_choices(self, "items", [(item.pk, f"{item.code}. {item.title}") for item in items])

    def clean_items(self) -> list[int]:
        return sorted(self.cleaned_data["items"])


class JudgementForm(FieldEditForm):
    kind = JUDGEMENT
    names = Judgement.FIELDS
    joins = ("reason", "findings")

    level = forms.ChoiceField(
        label="Oordeel",
        widget=forms.RadioSelect,
        error_messages={"required": "Kies een oordeel.", "invalid_choice": "Kies een oordeel."},
    )
    reason = ProseField(
        label="Reden",
        help_text="Verwijs naar uw bevindingen.",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Schrijf waarom dit het oordeel is."},
    )
    findings = forms.MultipleChoiceField(
        label="Bevindingen die dit laten zien",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Kies bevindingen uit de lijst."},
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        levels: Sequence[tuple[str, str]],
        findings: Sequence[tuple[str, str]],
        judgement: Judgement | None = None,
        checks: Sequence["CheckForm"] = (),
        **kwargs: Any,
    ):
        self.checks = checks
        target, versions = (judgement.pk, judgement.versions) if judgement else (uuid.uuid4(), {})
        super().__init__(data, target=target, versions=versions, **kwargs)
        set_choices(self, "level", levels)
        set_choices(self, "findings", findings)

    def clean_findings(self) -> list[str]:
        return sorted(self.cleaned_data["findings"])

    def is_valid(self) -> bool:
        checks = [check.is_valid() for check in self.checks]
        return super().is_valid() and all(checks)

    def edits(self, *, common: bool = False, **place: Any) -> list[Edit]:
        """Also of the deelvragen, each a judgement of its own."""
        below = [edit for check in self.checks for edit in check.edits(common=common)]
        return [*super().edits(common=common, **place), *below]

    def clashes(self, outcomes: Iterable[Outcome]) -> list[Clash]:
        outcomes = list(outcomes)
        below = {check.item.pk: check for check in self.checks}
        own = [outcome for outcome in outcomes if outcome.edit.item_id not in below]
        found = super().clashes(own)
        for pk, check in below.items():
            found += check.clashes([outcome for outcome in outcomes if outcome.edit.item_id == pk])
        return found


class CheckForm(FieldEditForm):
    """Ja, deels or nee on one deelvraag; without an answer there is nothing to save."""

    kind = JUDGEMENT
    names = ("level",)

    level = forms.ChoiceField(required=False, choices=list(CHECKS.items()), widget=forms.RadioSelect)

    def __init__(
        self, data: QueryDict | None, *, item: Item, judgement: Judgement | None = None, **kwargs: Any
    ):
        target, versions = (judgement.pk, judgement.versions) if judgement else (uuid.uuid4(), {})
        super().__init__(data, target=target, versions=versions, **kwargs)
        self.item = item
        self.fields["level"].label = f"{item.code}. {item.title}"

    def edits(self, **place: Any) -> list[Edit]:
        found = super().edits(item_id=self.item.pk, **place)
        return [edit for edit in found if edit.value or edit.base_version]


class OpenForm(forms.Form):
    """Why the team does not wait until each has judged."""

    use_required_attribute = False
    prefix = "open"

    reason = ProseField(
        label="Reden",
        help_text="Waarom wacht u niet tot iedereen heeft geoordeeld?",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Schrijf waarom u niet wacht tot iedereen heeft geoordeeld."},
    )
