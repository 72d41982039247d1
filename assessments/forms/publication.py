"""Forms about what follows the decision to publish: suspension, objections, own words, a better version."""

from collections.abc import Mapping
from typing import Any

from django import forms

from assessments.forms.bsn import BsnFreeForm
from assessments.forms.visit_edits import ProseField
from assessments.models import Objection, Publication
from assessments.publication import Suspension
from providers.forms import plain_helper
from providers.forms.fields import DayField, LastDayField, require, seen_for

SHORT = 2_000
TOO_LONG = f"Maak deze tekst korter: ten hoogste {SHORT} tekens."


class SuspensionForm(BsnFreeForm, forms.Form):
    """Who suspends, until when, and why."""

    use_required_attribute = False
    bsn_free = ("case_number", "note")

    suspended_by = forms.ChoiceField(
        label="Wie schort op?",
        choices=Publication.SuspendedBy.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Kies wie opschort.", "invalid_choice": "Kies wie opschort."},
    )
    case_number = forms.CharField(
        label="Zaaknummer", required=False, max_length=60, help_text="Van de rechtbank."
    )
    until = LastDayField(
        label="Tot en met",
        help_text="Als u dit al weet. De opschorting stopt niet vanzelf: u krijgt dan een taak.",
    )
    note = ProseField(
        label="Reden",
        help_text="Alleen de inspectie leest dit.",
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": "Schrijf een reden."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper("Openbaarmaking opschorten")

    @property
    def suspension(self) -> Suspension:
        given = self.cleaned_data
        return Suspension(given["suspended_by"], given["case_number"], given["until"])


class ObjectionForm(BsnFreeForm, forms.ModelForm):
    """An objection that came in."""

    use_required_attribute = False
    bsn_free = ("subject",)

    received_on = DayField(
        label="Ontvangen op",
        ahead=0,
        error_messages={
            "required": "Vul in wanneer het bezwaar binnenkwam.",
            "too_late": "Deze dag moet nog komen. Vul in wanneer het bezwaar binnenkwam.",
        },
    )
    subject = ProseField(
        label="Waarover het gaat",
        required=False,
        help_text="Kort, zonder namen. Nodig bij een andere belanghebbende. Alleen de inspectie leest dit.",
        max_length=SHORT,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"max_length": TOO_LONG},
    )

    class Meta:
        model = Objection
        fields = ("received_on", "made_by", "subject")
        widgets = {"made_by": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["made_by"].choices = Objection.MadeBy.choices  # type: ignore[attr-defined]
        require(self, "made_by", "Kies wie bezwaar maakt.")
        self.helper = plain_helper("Bezwaar vastleggen")


class OutcomeForm(BsnFreeForm, forms.Form):
    """What came of an objection."""

    use_required_attribute = False
    bsn_free = ("reason",)

    outcome = forms.ChoiceField(
        label="Uitkomst",
        choices=Objection.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Kies wat de uitkomst is.",
            "invalid_choice": "Kies wat de uitkomst is.",
        },
    )
    outcome_on = DayField(
        label="Datum van de uitkomst",
        ahead=0,
        error_messages={
            "required": "Vul de datum van de uitkomst in.",
            "too_late": "Deze dag moet nog komen. Vul in wanneer de uitkomst er was.",
        },
    )
    reason = ProseField(
        label="Reden",
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": "Schrijf een reden."},
    )

    def __init__(self, *args: Any, read_by_provider: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        readers = "De inspectie en de aanbieder lezen" if read_by_provider else "Alleen de inspectie leest"
        self.fields["reason"].help_text = f"{readers} dit."
        self.helper = plain_helper("Uitkomst vastleggen")


class StrikeForm(BsnFreeForm, forms.Form):
    """Why an objection should not have been recorded so."""

    use_required_attribute = False
    bsn_free = ("reason",)

    reason = ProseField(
        label="Wat is er verkeerd vastgelegd?",
        help_text="Alleen de inspectie leest dit.",
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": "Schrijf wat er verkeerd is vastgelegd."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper("Doorhalen")


class SeenTextForm(BsnFreeForm, forms.Form):
    """A `text`, with what stood there when it was typed: a colleague's is not overwritten unseen."""

    use_required_attribute = False
    bsn_free = ("text",)

    seen = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)
    # What a colleague wrote meanwhile.
    newer = ""

    def __init__(self, data: Mapping[str, Any] | None = None, *, text: str = "") -> None:
        super().__init__(data, initial={"text": text, "seen": text})
        seen_for(self, "seen", "text")
        self.helper = plain_helper("Bewaren")


class PublicReactionForm(SeenTextForm):
    """The provider's own words beside the report, which everybody will read."""

    text = ProseField(
        label="Uw reactie bij het rapport",
        required=False,
        max_length=SHORT,
        help_text=f"Kort en zakelijk, ten hoogste {SHORT} tekens. Noem geen namen. "
        "Laat dit leeg als u niets wilt toevoegen.",
        widget=forms.Textarea({"rows": 6}),
        error_messages={"max_length": TOO_LONG},
    )


class CorrectionForm(BsnFreeForm, forms.Form):
    """Why a better version is made."""

    use_required_attribute = False
    bsn_free = ("reason",)

    reason = ProseField(
        label="Waarom komt er een verbeterde versie?",
        help_text="Iedereen leest dit straks bij het rapport. Noem geen namen.",
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": "Schrijf waarom er een verbeterde versie komt."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper("Verbetering beginnen")


class PlaceForm(SeenTextForm):
    """The new text of one passage."""

    text = ProseField(
        label="Wat er moet staan",
        widget=forms.Textarea({"rows": 8}),
        error_messages={"required": "Schrijf wat er moet staan."},
    )
