"""Starting an account: which year, which locations, which frameworks."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils import timezone

from assessments.models import SelfAssessment
from norms.models import FrameworkVersion
from providers.models import Location, Organisation


class EditionChoice(forms.ModelMultipleChoiceField):
    def label_from_instance(self, edition: FrameworkVersion) -> str:  # type: ignore[override]
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
        self.fields["year"].choices = [(year, str(year)) for year in range(this_year, this_year - 3, -1)]
        self.fields["year"].initial = this_year
        locations = organisation.locations.all()
        self.fields["locations"].queryset = locations
        self.fields["locations"].initial = list(locations)
        editions = (
            FrameworkVersion.objects.default_for(timezone.localdate())
            .for_self_assessment()
            .select_related("framework")
        )
        self.fields["editions"].queryset = editions
        self.fields["editions"].initial = list(editions)
        self.helper = FormHelper()
        self.helper.add_input(Submit("submit", "Zelfevaluatie beginnen"))

    def clean_year(self) -> int:
        year = self.cleaned_data["year"]
        if SelfAssessment.objects.filter(organisation=self.organisation, year=year).exists():
            raise forms.ValidationError(
                f"U heeft al een zelfevaluatie over {year}. Ga daarin verder, of kies een ander jaar."
            )
        return year
