"""Asking providers for an account: what, whom, by when; and the answers to more time."""

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.formats import date_format

from assessments.campaigns import NewCampaign, askable
from assessments.forms.self_assessment import account_years, described
from assessments.forms.visit_edits import ProseField
from assessments.models import CampaignTarget
from norms.models import FrameworkVersion
from providers.actor import Actor
from providers.forms.fields import YEAR, DayField
from providers.models import Organisation, OrganisationQuerySet, ProviderRegion, Region

# With more providers than this nobody ticks them one by one.
TICKABLE = 60
# That many lines of a pasted list are quoted when they are wrong; the others are counted.
QUOTED = 20
MOST_NUMBERS = 5000


class TermField(DayField):
    """Until when somebody has time: from today on, at most two years ahead."""

    default_error_messages = dict.fromkeys(
        ("too_early", "too_late"), "Kies een dag vanaf vandaag, en niet meer dan twee jaar vooruit."
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(back=0, ahead=2 * YEAR, **kwargs)


class KeyField(forms.UUIDField):
    """Made with the form; an unreadable one counts as a new form."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> uuid.UUID:
        try:
            return super().clean(value) or uuid.uuid4()
        except forms.ValidationError:
            return uuid.uuid4()


class CampaignForm(forms.Form):
    """What is asked and of whom. Valid, it knows the `providers` that are meant."""

    use_required_attribute = False
    ALL, REGIONS, NAMES, NUMBERS = "alle", "regio", "naam", "kvk"
    # The field that says more about a group.
    PARTS = {REGIONS: "regions", NAMES: "names", NUMBERS: "numbers"}

    key = KeyField(required=False, initial=uuid.uuid4)
    title = forms.CharField(
        label="Titel",
        help_text="Zo staat de uitvraag bij de aanbieder, bijvoorbeeld ‘Verantwoording 2026’.",
        max_length=160,
        error_messages={
            "required": "Vul een titel in.",
            "max_length": "Maak de titel korter: ten hoogste 160 tekens.",
        },
    )
    reason = ProseField(
        label="Waarom vraagt u dit?",
        help_text="De aanbieder leest dit. Schrijf ook wat u met de antwoorden doet.",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Schrijf waarom u dit vraagt."},
    )
    year = forms.TypedChoiceField(
        label="Over welk jaar?",
        coerce=int,
        error_messages={"required": "Kies een jaar.", "invalid_choice": "Kies een jaar uit de lijst."},
    )
    editions = forms.TypedMultipleChoiceField(
        label="Welke normenkaders?",
        help_text="De aanbieder dient ze samen in. Vraag niet meer dan u gebruikt.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Kies ten minste één normenkader.",
            "invalid_choice": "Kies een normenkader uit de lijst.",
        },
    )
    due_on = TermField(
        label="Uiterlijk indienen op",
        help_text="De dag zelf telt nog mee.",
        error_messages={"required": "Vul de dag in waarop u de antwoorden nodig heeft."},
    )
    group = forms.ChoiceField(
        label="Aan wie vraagt u dit?",
        widget=forms.RadioSelect,
        initial=ALL,
        error_messages={
            "required": "Kies aan wie u dit vraagt.",
            "invalid_choice": "Kies een groep uit de lijst.",
        },
    )
    regions = forms.ModelMultipleChoiceField(
        label="Zorgkantoorregio's",
        queryset=Region.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Kies ten minste één regio.",
            "invalid_choice": "Kies een regio uit de lijst.",
            "invalid_pk_value": "Kies een regio uit de lijst.",
        },
    )
    names = forms.ModelMultipleChoiceField(
        label="Aanbieders",
        queryset=Organisation.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Vink ten minste één aanbieder aan.",
            "invalid_choice": "Kies een aanbieder uit de lijst.",
            "invalid_pk_value": "Kies een aanbieder uit de lijst.",
        },
    )
    numbers = forms.CharField(
        label="KvK-nummers",
        help_text="Eén nummer per regel. U kunt een kolom uit een rekenblad plakken.",
        widget=forms.Textarea(attrs={"rows": 6, "inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": "Plak ten minste één KvK-nummer."},
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._askable = askable(actor)
        self._limited = actor.kind == Organisation.Kind.CARE_OFFICE
        self.providers: list[int] = []
        year = cast(forms.ChoiceField, self.fields["year"])
        year.choices = [(year, str(year)) for year in account_years()]
        editions = {
            str(edition.pk): edition
            for edition in FrameworkVersion.objects.default_for(timezone.localdate())
            .for_self_assessment()
            .only("title", "label", "minutes", "step")
        }
        norms = cast(forms.TypedMultipleChoiceField, self.fields["editions"])
        norms.choices = [(pk, described(edition)) for pk, edition in editions.items()]
        norms.coerce = editions.__getitem__
        norms.initial = list(editions)[:1]
        self._offer_groups()

    def _offer_groups(self) -> None:
        named = self._askable.order_by("name", "pk")
        few = len(named.values("pk")[: TICKABLE + 1]) <= TICKABLE
        where = ProviderRegion.objects.on().filter(provider__in=self._askable.values("pk"))
        regions = Region.objects.filter(ended_on=None)
        if self._limited:
            regions = regions.filter(pk__in=where.values("region"))
        cast(forms.ModelMultipleChoiceField, self.fields["regions"]).queryset = regions
        self.fields["names"].queryset = named if few else named.none()  # type: ignore[attr-defined]
        every = "Alle aanbieders in mijn regio's" if self._limited else "Alle aanbieders in Thuispeil"
        choices = [(self.ALL, every), (self.REGIONS, "Alle aanbieders in regio's die ik kies")]
        if few:
            choices.append((self.NAMES, "Aanbieders die ik aanvink"))
        choices.append((self.NUMBERS, "Aanbieders op een lijst met KvK-nummers"))
        cast(forms.ChoiceField, self.fields["group"]).choices = choices

    def full_clean(self) -> None:
        """Only the part of the chosen group is asked; on the page none of the parts is called optional."""
        for group, name in self.PARTS.items():
            self.fields[name].required = self.data.get("group") == group
        super().full_clean()
        for name in self.PARTS.values():
            self.fields[name].required = True

    @property
    def new(self) -> NewCampaign:
        cleaned = self.cleaned_data
        return NewCampaign(
            **{name: cleaned[name] for name in ("key", "title", "reason", "year", "editions", "due_on")}
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if group := cleaned.get("group"):
            found = self._group(group, cleaned)
            if found is not None:
                self.providers = list(found.order_by("name", "pk").values_list("pk", flat=True))
                if not self.providers:
                    self.add_error("group", "In deze groep zit geen enkele aanbieder. Kies een andere groep.")
        return cleaned

    def _group(self, group: str, cleaned: dict[str, Any]) -> OrganisationQuerySet | None:
        """The providers that are meant, None when the group itself is not clear."""
        if group == self.ALL:
            return self._askable
        chosen = cleaned.get(self.PARTS[group])
        if not chosen:
            return None
        if group == self.REGIONS:
            here = ProviderRegion.objects.on().filter(region__in=chosen)
            return self._askable.filter(pk__in=here.values("provider"))
        if group == self.NAMES:
            return self._askable.filter(pk__in=chosen)
        return self._by_number(chosen)

    def _by_number(self, text: str) -> OrganisationQuerySet | None:
        lines = [(n, "".join(line.split())) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
        if len(lines) > MOST_NUMBERS:
            self.add_error("numbers", f"Deze lijst is te lang. Plak ten hoogste {MOST_NUMBERS} regels.")
            return None
        sound = {line for _, line in lines if len(line) == 8 and line.isascii() and line.isdigit()}
        found = self._askable.filter(kvk__in=sound)
        known = set(found.values_list("kvk", flat=True))
        wrong = [_wrong_line(n, line, line in sound, self._limited) for n, line in lines if line not in known]
        if wrong:
            more = len(wrong) - QUOTED
            rest = [f"En nog {more} regel{'s' if more > 1 else ''}."] if more > 0 else []
            self.add_error("numbers", [*wrong[:QUOTED], *rest])
            return None
        return found


def _wrong_line(number: int, line: str, is_sound: bool, limited: bool) -> str:
    """One sentence for unknown and for another region's: the list may not tell which providers there are."""
    if not is_sound:
        return f"Regel {number}: ‘{line[:20]}’ is geen KvK-nummer. Dat heeft 8 cijfers."
    return f"Regel {number}: {line} is onbekend{' of niet in uw regio' if limited else ''}."


class ExtensionForm(forms.Form):
    """Until when, and why: to give more time, and to ask for it."""

    use_required_attribute = False

    until = TermField(label="Uitstel tot en met", error_messages={"required": "Vul een dag in."})
    reason = ProseField(
        label="Reden",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Schrijf een reden."},
    )

    def __init__(self, *args: Any, targets: Iterable[CampaignTarget], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.after = max((target.due_on for target in targets), default=None)

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        if self.after and until <= self.after:
            raise forms.ValidationError(f"Kies een dag na {date_format(self.after, 'j F Y')}.")
        return until


class ReasonForm(forms.Form):
    use_required_attribute = False

    reason = ProseField(
        label="Reden",
        help_text="De aanbieder leest deze reden.",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Schrijf een reden."},
    )


class TargetFilterForm(forms.Form):
    q = forms.CharField(label="Naam of KvK-nummer", required=False, max_length=100)
    status = forms.ChoiceField(
        label="Status",
        required=False,
        choices=[
            ("", "Elke status"),
            *CampaignTarget.State.choices[:-1],
            ("vraag", "Vraagt uitstel"),
        ],
        error_messages={"invalid_choice": "Kies een status uit de lijst."},
    )
