"""Planning a visit, and finding providers and visits in their lists."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, cast

from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.formats import date_format

from assessments.forms.visit_edits import ProseField
from assessments.models import Visit
from assessments.permissions import INSPECTION
from norms.models import FrameworkVersion, Item, Validity
from providers.actor import Actor
from providers.models import Location, Membership, Organisation, Region, User

DEFAULT_FRAMEWORK = "igj-wlz-thuis"
FURTHEST = timedelta(days=2 * 365)
DATE_ERRORS = {"invalid": "Vul een datum in, bijvoorbeeld 31-12-2026."}


def judged_editions() -> QuerySet[FrameworkVersion]:
    """Editions in which the inspectorate judges something."""
    judged = Item.objects.filter(
        version=OuterRef("pk"),
        kind=Item.Kind.JUDGEMENT,
        filled_by__contains=[Item.Filler.INSPECTORATE],
    )
    return (
        FrameworkVersion.objects.filter(Exists(judged))
        .select_related("framework")
        .order_by("step", "edition")
    )


def colleagues(actor: Actor) -> QuerySet[User]:
    """Inspectors of the actor's own inspectorate, without the actor."""
    roles = Membership.objects.on().filter(organisation=actor.organisation_id, role__in=INSPECTION)
    people = User.objects.filter(pk__in=roles.values("user"), is_active=True)
    return people.exclude(pk__in=[actor.user.pk] if actor.user else []).order_by("name", "pk")


class PlaceChoice(forms.ModelMultipleChoiceField):
    def label_from_instance(self, place: Location) -> str:
        return f"{place.name}, {place.place}"


class EditionChoice(forms.ModelMultipleChoiceField):
    def label_from_instance(self, edition: FrameworkVersion) -> str:
        return f"{edition.title}, versie {edition.edition}"


class PlanForm(forms.Form):
    use_required_attribute = False

    locations = PlaceChoice(
        label="Locaties en teams",
        queryset=Location.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Kies ten minste één locatie of team.",
            "invalid_choice": "Kies een locatie of team uit de lijst.",
            "invalid_pk_value": "Kies een locatie of team uit de lijst.",
        },
    )
    starts_on = forms.DateField(
        label="Eerste dag", error_messages={**DATE_ERRORS, "required": "Vul de eerste dag van het bezoek in."}
    )
    ends_on = forms.DateField(
        label="Laatste dag",
        required=False,
        help_text="Leeg als het bezoek één dag duurt.",
        error_messages=DATE_ERRORS,
    )
    announced = forms.TypedChoiceField(
        label="Weet de aanbieder dat u komt?",
        help_text="Een aangekondigd bezoek ziet de aanbieder meteen in Thuispeil. "
        "Een onaangekondigd bezoek ziet de aanbieder pas als het is uitgevoerd.",
        choices=[("yes", "Aangekondigd"), ("no", "Onaangekondigd")],
        coerce=lambda value: value == "yes",
        initial="yes",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Kies of u het bezoek aankondigt.",
            "invalid_choice": "Kies of u het bezoek aankondigt.",
        },
    )
    team = forms.ModelMultipleChoiceField(
        label="Team",
        help_text="U zit zelf in het team. Wie in het team zit, stelt het rapport niet vast.",
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": "Kies een collega uit de lijst.",
            "invalid_pk_value": "Kies een collega.",
        },
    )
    editions = EditionChoice(
        label="Waaraan toetst u?",
        queryset=FrameworkVersion.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Kies ten minste één normenkader.",
            "invalid_choice": "Kies een normenkader uit de lijst.",
            "invalid_pk_value": "Kies een normenkader uit de lijst.",
        },
    )
    confirmed = forms.BooleanField(label="Ik weet dit en plan het bezoek met deze versie", required=False)
    focus = ProseField(
        label="Aanleiding en aandachtspunten",
        help_text="Alleen voor de inspectie. De aanbieder ziet dit niet.",
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, *args: Any, provider: Organisation, planner: Actor, **kwargs: Any):
        super().__init__(*args, **kwargs)
        places = provider.locations.all()
        _offer(self, "locations", places)
        self.fields["locations"].initial = places if len(places) == 1 else []
        self.fields["locations"].required = bool(places)
        _offer(self, "team", colleagues(planner))
        editions = judged_editions()
        _offer(self, "editions", editions)
        self.fields["editions"].initial = [e for e in editions if e.framework.code == DEFAULT_FRAMEWORK][-1:]
        self.warnings = (
            [] if self.is_bound else _warnings(self.fields["editions"].initial, timezone.localdate())
        )

    def clean_starts_on(self) -> date:
        day, today = self.cleaned_data["starts_on"], timezone.localdate()
        if not today - FURTHEST <= day <= today + FURTHEST:
            raise forms.ValidationError("Kijk het jaar na: deze dag ligt meer dan twee jaar van vandaag.")
        return day

    def clean_editions(self) -> QuerySet[FrameworkVersion]:
        """In a report each criterium is called by its code, so no code may come twice."""
        editions = self.cleaned_data["editions"]
        codes = Item.objects.filter(
            version__in=editions, filled_by__contains=[Item.Filler.INSPECTORATE]
        ).values_list("code", flat=True)
        if len(codes) != len(set(codes)):
            raise forms.ValidationError(
                "Deze kaders gebruiken dezelfde nummers. Kies van elk kader één versie."
            )
        return editions

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and "ends_on" in cleaned:
            cleaned["ends_on"] = last or first
            if cleaned["ends_on"] < first:
                self.add_error("ends_on", "De laatste dag ligt vóór de eerste dag. Kijk beide dagen na.")
            elif cleaned["ends_on"] > first + timedelta(days=366):
                self.add_error("ends_on", "Een bezoek duurt ten hoogste een jaar. Kijk de laatste dag na.")
        self.warnings = _warnings(cleaned.get("editions") or [], first or timezone.localdate())
        if self.warnings and not cleaned.get("confirmed"):
            self.add_error(
                "confirmed", "Vink aan dat u toch met deze versie wilt toetsen, of kies een andere."
            )
        return cleaned


def _offer(form: forms.Form, name: str, rows: QuerySet[Any]) -> None:
    """Give a field the rows that can be chosen here."""
    cast(forms.ModelMultipleChoiceField, form.fields[name]).queryset = rows


def _warnings(editions: Iterable[FrameworkVersion], day: date) -> list[str]:
    """A sentence per edition that does not hold on the day."""
    return [sentence for edition in editions if (sentence := _warning(edition, day))]


def _warning(edition: FrameworkVersion, day: date) -> str:
    validity = edition.validity_on(day)
    if validity == Validity.FORMER and edition.valid_until:
        sentence = f"‘{edition.title}’ gold tot en met {date_format(edition.valid_until, 'j F Y')}."
        return f"{sentence} {edition.succession_note}".strip()
    if validity == Validity.UPCOMING and edition.valid_from:
        return f"‘{edition.title}’ geldt pas vanaf {date_format(edition.valid_from, 'j F Y')}."
    return ""


class ProviderFilterForm(forms.Form):
    q = forms.CharField(label="Naam, KvK-nummer of plaats", required=False, max_length=100)
    regio = forms.ModelChoiceField(
        label="Zorgkantoorregio",
        queryset=Region.objects.filter(ended_on=None),
        required=False,
        empty_label="Alle regio's",
        error_messages={"invalid_choice": "Kies een regio uit de lijst."},
    )
    ingediend = forms.ChoiceField(
        label="Zelfevaluatie",
        choices=[("", "Wel of niet ingediend"), ("ja", "Ingediend"), ("nee", "Nog niet ingediend")],
        required=False,
        error_messages={"invalid_choice": "Kies een keuze uit de lijst."},
    )


class VisitFilterForm(forms.Form):
    welke = forms.ChoiceField(
        label="Welke bezoeken",
        choices=[("mijn", "Mijn bezoeken"), ("alle", "Alle bezoeken")],
        required=False,
        error_messages={"invalid_choice": "Kies een keuze uit de lijst."},
    )
    status = forms.ChoiceField(
        label="Status",
        choices=[("", "Elke status"), *Visit.Status.choices],
        required=False,
        error_messages={"invalid_choice": "Kies een status uit de lijst."},
    )
