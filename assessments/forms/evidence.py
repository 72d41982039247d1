"""Finding, adding and changing evidence, and saying why something is no BSN."""

from typing import Any

from django import forms
from django.utils import timezone

from assessments import files
from assessments.forms.visit_edits import ProseField
from assessments.models import Evidence
from assessments.models.evidence import EvidenceQuerySet
from providers.forms import plain_helper
from providers.forms.fields import YEAR, DayField
from providers.forms.merging import MergingForm

SHOWN = {
    "": "Alles",
    "verloopt": "Verloopt binnenkort",
    "ongebruikt": "Nergens gebruikt",
    "wacht": "Nog niet te openen",
    "archief": "Gearchiveerd",
}
ACCEPT = ".pdf,.docx,.xlsx,.odt,.jpg,.jpeg,.png"
FILE_HELP = f"{files.ALLOWED}, niet groter dan 25 MB."


class SearchForm(forms.Form):
    """Which pieces of the library to show. What cannot be read counts as not asked."""

    zoek = forms.CharField(
        label="Zoeken", required=False, max_length=100, widget=forms.TextInput({"type": "search"})
    )
    toon = forms.ChoiceField(label="Tonen", required=False, choices=list(SHOWN.items()))

    def found(self, library: EvidenceQuerySet) -> EvidenceQuerySet:
        self.is_valid()
        shown, words = self.cleaned_data.get("toon", ""), self.cleaned_data.get("zoek", "")
        found = library.exclude(archived_at=None) if shown == "archief" else library.kept()
        if shown == "verloopt":
            found = found.ending(timezone.localdate())
        elif shown == "ongebruikt":
            found = found.unused()
        elif shown == "wacht":
            found = found.not_clean()
        return found.search(words.replace("\x00", "")) if words else found


class FileField(forms.FileField):
    """A file that check_upload accepts; the browser is told what that may be."""

    def __init__(self, **kwargs: Any) -> None:
        errors = {
            "required": "Kies een bestand.",
            "empty": "Dit bestand is leeg. Kies een ander bestand.",
            "missing": "Kies een bestand.",
            "invalid": "Kies een bestand.",
        }
        super().__init__(
            help_text=FILE_HELP,
            widget=forms.FileInput({"accept": ACCEPT, "class": "file-input"}),
            error_messages=errors,
            **kwargs,
        )


class LastDay(DayField):
    def __init__(self) -> None:
        super().__init__(
            label="Geldig tot en met",
            required=False,
            help_text="U krijgt een mail 30 dagen ervoor en op de dag zelf.",
            back=30 * YEAR,
            ahead=30 * YEAR,
        )


class PieceForm(MergingForm):
    """The title of a piece and its last day."""

    use_required_attribute = False

    title = forms.CharField(
        label="Titel", max_length=200, error_messages={"required": "Geef het bewijsstuk een titel."}
    )
    valid_until = LastDay()

    class Meta:
        model = Evidence
        fields = ("title", "valid_until")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper("Opslaan")


class NewPieceForm(PieceForm):
    """A first file; without a title the piece is called after it."""

    file = FileField(label="Bestand")
    field_order = ("file", "title", "valid_until")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].required = False
        self.fields["title"].help_text = "Laat leeg om de naam van het bestand over te nemen."
        self.helper = plain_helper("Toevoegen")


class NewFileForm(forms.Form):
    use_required_attribute = False

    file = FileField(label="Nieuwe versie van het bestand")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[
            "file"
        ].help_text += " De oude versie blijft bewaard. Wat u al heeft ingediend, houdt die."


class ReasonForm(forms.Form):
    """Why what looks like a BSN is none."""

    use_required_attribute = False

    reason = ProseField(
        label="Waarom is dit geen BSN?",
        help_text="Bijvoorbeeld: ‘Dit is een projectnummer.’ Noem het nummer zelf niet.",
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Schrijf waarom dit geen BSN is."},
    )
