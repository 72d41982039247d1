"""Starting an account: which year, which locations, which frameworks."""

from collections.abc import Callable, Iterable
from typing import Any, cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.http import QueryDict
from django.utils import timezone

from assessments.campaigns import asked_editions
from assessments.carrying import earlier_revisions
from norms.models import FrameworkVersion
from providers.models import Organisation

# Editions by which an account is met for the first time.
FIRST_STEPS = (1, 2)


def account_years() -> list[int]:
    """The years over which an account can be started, the newest first."""
    this_year = timezone.localdate().year
    return list(range(this_year, this_year - 3, -1))


class StartForm(forms.Form):
    year = forms.TypedChoiceField(
        label="Jaar",
        coerce=int,
        error_messages={"required": "Kies een jaar.", "invalid_choice": "Kies een jaar uit de lijst."},
    )
    locations = forms.TypedMultipleChoiceField(
        label="Locaties en teams",
        help_text="Kies voor welke locaties en teams u deze zelfevaluatie invult.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Kies ten minste één locatie of team."},
    )
    editions = forms.TypedMultipleChoiceField(
        label="Normenkaders",
        help_text="Begin met stap 1: die kunt u los indienen. De rest voegt u nu toe, of later.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Kies ten minste één normenkader."},
    )

    based_on = forms.TypedChoiceField(
        label="Waarmee wilt u beginnen?",
        help_text="Neemt u antwoorden over? Dan bevestigt u ze daarna één voor één.",
        widget=forms.RadioSelect,
        required=False,
        empty_value=None,
    )

    def __init__(
        self, *args: Any, organisation: Organisation, suggested: QueryDict | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        years = cast(forms.ChoiceField, self.fields["year"])
        years.choices = [(year, str(year)) for year in account_years()]
        years.initial = years.choices[0][0]
        self._offer("locations", organisation.locations.all(), str)
        today = FrameworkVersion.objects.default_for(timezone.localdate()).values("pk")
        editions = FrameworkVersion.objects.filter(pk__in=today)
        if suggested:
            # What was asked stays possible after a newer edition has come.
            editions = editions | asked_editions(organisation.pk)
        self._offer(
            "editions", editions.for_self_assessment().only("title", "label", "minutes", "step"), described
        )
        # The first step can be handed in alone; who just begins is not met by everything at once.
        self.fields["editions"].initial = self.fields["editions"].initial[:1]
        self._offer_earlier(organisation)
        self._suggest(suggested or QueryDict())
        self.helper = FormHelper()
        self.helper.add_input(Submit("submit", "Zelfevaluatie beginnen"))

    def _offer(self, name: str, rows: Iterable[Any], label: Callable[[Any], str]) -> None:
        """Let a person choose among rows, all of them chosen beforehand. Few rows, so read once."""
        field = cast(forms.TypedMultipleChoiceField, self.fields[name])
        offered = {str(row.pk): row for row in rows}
        field.choices = [(key, label(row)) for key, row in offered.items()]
        field.initial, field.coerce = list(offered), offered.__getitem__

    def _offer_earlier(self, organisation: Organisation) -> None:
        """Let a person begin with the answers of another year, when there is one."""
        # A form that came back without it did not have it: then nothing needs to be looked up.
        sent = not self.is_bound or "based_on" in self.data
        earlier = {str(row.pk): row for row in earlier_revisions(organisation.pk)} if sent else {}
        if not earlier:
            del self.fields["based_on"]
            return
        field = cast(forms.TypedChoiceField, self.fields["based_on"])
        years = [(key, f"Met uw antwoorden van {row.self_assessment.year}") for key, row in earlier.items()]
        field.choices = [*years, ("", "Met lege vragen")]
        field.initial, field.coerce = years[0][0], earlier.__getitem__

    def _suggest(self, suggested: QueryDict) -> None:
        """Choose beforehand what an address proposes, as far as it can be chosen."""
        years, editions = self.fields["year"], cast(forms.ChoiceField, self.fields["editions"])
        if suggested.get("jaar") in {str(year) for year in account_years()}:
            years.initial = suggested["jaar"]
        offered = {key for key, _ in editions.choices}  # type: ignore[misc,union-attr]
        if chosen := [key for key in suggested.getlist("kader") if key in offered]:
            editions.initial = chosen

    def refuse_year(self) -> None:
        """Say that the chosen year has its account already."""
        year = self.cleaned_data["year"]
        self.add_error(
            "year", f"U heeft al een zelfevaluatie over {year}. Ga daarin verder, of kies een ander jaar."
        )


def described(edition: FrameworkVersion) -> str:
    # The first two are the way in; the others are added by choice, in any order.
    step = f"Stap {edition.step}: " if edition.step in FIRST_STEPS else ""
    parts = [step + edition.title, edition.label, f"Ongeveer {edition.minutes} minuten"]
    return ". ".join(part.rstrip(".") for part in parts if part) + "."
