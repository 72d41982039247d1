"""Starting an account: which year, which locations, which frameworks."""

from typing import Any, cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from assessments.models import SelfAssessment
from norms.models import FrameworkVersion
from providers.models import Location, Organisation


class EditionChoice(forms.ModelMultipleChoiceField):
    def label_from_instance(self, edition: FrameworkVersion) -> str:
        parts = [edition.title, edition.label, f"Ongeveer {edition.minutes} minuten"]
        return ". ".join(part.rstrip(".") for part in parts if part) + "."


class StartForm(forms.Form):
    year = forms.TypedChoiceField(
        label="Jaar",
        coerce=int,
        error_messages={"required": "Kies een jaar.", "invalid_choice": "Kies een jaar uit de lijst."},
    )
    locations = forms.ModelMultipleChoiceField(
        label="Locaties en teams",
        help_text="Kies voor welke locaties en teams u deze zelfevaluatie invult.",
        queryset=Location.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Kies ten minste één locatie of team."},
    )
    editions = EditionChoice(
        label="Normenkaders",
        help_text="Stap 1 kunt u los indienen. De rest voegt u toe als u dat wilt.",
        queryset=FrameworkVersion.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Kies ten minste één normenkader."},
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation = organisation
        this_year = timezone.localdate().year
        years = cast(forms.ChoiceField, self.fields["year"])
        years.choices = [(year, str(year)) for year in range(this_year, this_year - 3, -1)]
        years.initial = this_year
        self._offer("locations", organisation.locations.all())
        current = FrameworkVersion.objects.default_for(timezone.localdate())
        self._offer("editions", current.for_self_assessment().select_related("framework"))
        self.helper = FormHelper()
        self.helper.add_input(Submit("submit", "Zelfevaluatie beginnen"))

    def _offer(self, name: str, rows: QuerySet[Any]) -> None:
        """Let a person choose among rows, all of them chosen beforehand."""
        field = cast(forms.ModelMultipleChoiceField, self.fields[name])
        field.queryset = rows
        field.initial = rows  # not read yet: a form that was sent does not need them

    def clean_year(self) -> int:
        year = self.cleaned_data["year"]
        if SelfAssessment.objects.filter(organisation=self.organisation, year=year).exists():
            raise forms.ValidationError(
                f"U heeft al een zelfevaluatie over {year}. Ga daarin verder, of kies een ander jaar."
            )
        return year
