"""Composing a public account, and finding one."""

from typing import Any

from django import forms

from assessments import bsn
from assessments.forms.visit_edits import ProseField
from assessments.models import PublicAccount, PublicPassage
from providers.forms import plain_helper
from providers.forms.fields import require
from providers.forms.merging import MergingForm


class FrontForm(MergingForm):
    """Title and introduction."""

    use_required_attribute = False

    intro = ProseField(
        label="Inleiding",
        required=False,
        help_text="Wie bent u, voor wie zorgt u, en wat wilt u dat lezers onthouden? Schrijf korte zinnen.",
        widget=forms.Textarea({"rows": 6}),
    )

    class Meta:
        model = PublicAccount
        fields = ("title", "intro")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        require(self, "title", "Geef uw verantwoording een titel.")
        self.helper = plain_helper("Opslaan")


class PassageForm(MergingForm):
    """How one item will be shown."""

    use_required_attribute = False

    text = ProseField(
        label="Tekst voor lezers",
        help_text="Schrijf voor cliënten en naasten. Noem geen namen.",
        widget=forms.Textarea({"rows": 9}),
        error_messages={"required": "Schrijf een tekst, of ga terug en kies dit onderdeel niet."},
    )

    class Meta:
        model = PublicPassage
        fields = ("heading", "text", "show_score")
        labels = {"show_score": "Laat ook ons eigen oordeel zien"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        require(self, "heading", "Geef dit onderdeel een kop.")
        self.helper = plain_helper("Opslaan" if self.instance.pk else "Opnemen")

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if warning := bsn.warning(text):
            raise forms.ValidationError(warning)
        return text


class SearchForm(forms.Form):
    """Which public accounts to show."""

    zoek = forms.CharField(
        label="Naam van de aanbieder",
        required=False,
        max_length=100,
        widget=forms.TextInput({"type": "search"}),
    )
    jaar = forms.IntegerField(
        label="Jaar", required=False, widget=forms.NumberInput({"inputmode": "numeric"})
    )
