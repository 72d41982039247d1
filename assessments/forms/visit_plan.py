"""Planning a visit, and finding providers and visits in their lists."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any, cast

from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.formats import date_format

from assessments import planning, report_text
from assessments.forms.visit_edits import ProseField, VersionField
from assessments.models import Visit
from assessments.permissions import INSPECTION
from norms.models import FrameworkVersion, Item, Validity
from providers.actor import Actor
from providers.forms.fields import YEAR, DayField, seen_for
from providers.models import Location, Membership, Organisation, User

DEFAULT_FRAMEWORK = "igj-wlz-thuis"


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


def inspectors(actor: Actor) -> QuerySet[User]:
    """Inspectors of the actor's own inspectorate."""
    roles = Membership.objects.on().filter(organisation=actor.organisation_id, role__in=INSPECTION)
    return User.objects.filter(pk__in=roles.values("user"), is_active=True).order_by("name", "pk")


def colleagues(actor: Actor) -> QuerySet[User]:
    """Inspectors of the actor's own inspectorate, without the actor."""
    return inspectors(actor).exclude(pk=actor.person.pk)


class PlaceChoice(forms.ModelMultipleChoiceField):
    def label_from_instance(self, place: Location) -> str:
        return f"{place.name}, {place.place}"


class EditionChoice(forms.ModelMultipleChoiceField):
    def label_from_instance(self, edition: FrameworkVersion) -> str:
        return f"{edition.title}, versie {edition.edition}"


class DaysForm(forms.Form):
    """The days of a visit, and a warning to confirm when an edition does not hold on the first."""

    use_required_attribute = False

    starts_on = DayField(
        label="Eerste dag",
        back=2 * YEAR,
        ahead=2 * YEAR,
        error_messages={
            "required": "Vul de eerste dag van het bezoek in.",
            **dict.fromkeys(
                ("too_early", "too_late"),
                "Kijk het jaar na: deze dag ligt meer dan twee jaar van vandaag.",
            ),
        },
    )
    ends_on = DayField(label="Laatste dag", required=False, help_text="Leeg als het bezoek één dag duurt.")
    confirmed = forms.BooleanField(label="Ik weet dit en plan het bezoek met deze versie", required=False)

    warnings: list[str] = []

    def judged_with(self, cleaned: dict[str, Any]) -> Iterable[FrameworkVersion]:
        """The editions that should hold on the first day."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and "ends_on" in cleaned:
            cleaned["ends_on"] = last or first
            if cleaned["ends_on"] < first:
                self.add_error("ends_on", "De laatste dag ligt vóór de eerste dag. Kijk beide dagen na.")
            elif cleaned["ends_on"] > first + timedelta(days=366):
                self.add_error("ends_on", "Een bezoek duurt ten hoogste een jaar. Kijk de laatste dag na.")
        self.warnings = _warnings(self.judged_with(cleaned), first or timezone.localdate())
        if self.warnings and not cleaned.get("confirmed"):
            self.add_error(
                "confirmed", "Vink aan dat u toch met deze versie wilt toetsen, of kies een andere."
            )
        return cleaned


class ChoicesForm(forms.Form):
    """Places, team and how the team judges: what is chosen when planning and may change after."""

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
    announced = forms.TypedChoiceField(
        label="Weet de aanbieder dat u komt?",
        help_text="Een aangekondigd bezoek ziet de aanbieder meteen in Thuispeil, met een mail en een brief. "
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
    own_score_hidden = forms.BooleanField(
        label="Verberg het eigen oordeel van de aanbieder tot u zelf oordeelt",
        help_text="Ieder teamlid ziet het per onderdeel pas na het eigen oordeel.",
        required=False,
    )
    judged_apart = forms.BooleanField(
        label="Ieder teamlid oordeelt eerst apart",
        help_text="U ziet elkaars oordeel pas als ieder heeft geoordeeld. Elk oordeel blijft bewaard.",
        required=False,
    )
    focus = ProseField(
        label="Aanleiding en aandachtspunten",
        help_text="Alleen voor de inspectie. De aanbieder ziet dit niet.",
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class PlanForm(DaysForm, ChoicesForm):
    """A new visit; a follow-up (`follows`) names what it judges again instead of editions."""

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
    items = forms.TypedMultipleChoiceField(
        label="Wat toetst u opnieuw?",
        help_text="Aangevinkt staat wat tekortschoot. U kunt dit aanpassen.",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Kies ten minste één onderdeel.",
            "invalid_choice": "Kies een onderdeel uit de lijst.",
        },
    )

    def __init__(
        self, *args: Any, provider: Organisation, planner: Actor, follows: Visit | None = None, **kwargs: Any
    ):
        super().__init__(*args, **kwargs)
        self.follows = follows
        places = provider.locations.all()
        _offer(self, "locations", places)
        visited = follows.locations.all() if follows else places if len(places) == 1 else []
        self.fields["locations"].initial = visited
        self.fields["locations"].required = bool(places)
        _offer(self, "team", colleagues(planner))
        if follows:
            del self.fields["editions"]
            self._offer_items(follows)
        else:
            del self.fields["items"]
            editions = judged_editions()
            _offer(self, "editions", editions)
            self.fields["editions"].initial = [e for e in editions if e.framework.code == DEFAULT_FRAMEWORK][
                -1:
            ]
        if not self.is_bound:
            shown = self.judged_with({name: field.initial for name, field in self.fields.items()})
            self.warnings = _warnings(shown, timezone.localdate())

    def _offer_items(self, follows: Visit) -> None:
        self.judged = {item.pk: item for item in report_text.judged_items(follows)}
        low = planning.fell_short(follows)
        field = cast(forms.TypedMultipleChoiceField, self.fields["items"])
        field.choices = [(pk, f"{item.code}. {item.title}") for pk, item in self.judged.items()]
        field.initial = [item.pk for item in low]
        if not low:
            field.help_text = "Bij dat bezoek schoot niets tekort. Kies zelf wat u opnieuw toetst."

    def judged_with(self, cleaned: dict[str, Any]) -> Iterable[FrameworkVersion]:
        if not self.follows:
            return cleaned.get("editions") or []
        chosen = {self.judged[pk].version_id for pk in cleaned.get("items") or []}
        return FrameworkVersion.objects.filter(pk__in=chosen).select_related("framework")

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

    @property
    def plan(self) -> dict[str, Any]:
        """What planning.plan_visit takes, of a valid form."""
        cleaned = {name: value for name, value in self.cleaned_data.items() if name != "confirmed"}
        if self.follows:
            cleaned["editions"] = self.judged_with(cleaned)
            cleaned["items"] = [self.judged[pk] for pk in cleaned["items"]]
        return cleaned | {"follows": self.follows}


class SeenForm(forms.Form):
    """Hidden: the mark of the plan that the form shows."""

    seen = VersionField(required=False)

    def show_newer(self, mark: int) -> None:
        """The next attempt is about the plan as it is now."""
        self.data = data = self.data.copy()  # type: ignore[attr-defined]
        data["seen"] = str(mark)


class MoveForm(DaysForm, SeenForm):
    reason = ProseField(
        label="Waarom verzet u het bezoek?",
        help_text="Alleen de inspectie leest dit.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Schrijf waarom u het bezoek verzet."},
    )

    def __init__(self, *args: Any, visit: Visit, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.visit = visit
        self.fields["starts_on"].initial, self.fields["ends_on"].initial = visit.starts_on, visit.ends_on
        self.fields["seen"].initial = planning.mark(visit)
        self.fields["confirmed"].label = "Ik weet dit en verzet het bezoek met deze versie"
        seen_for(self, "seen", "starts_on", "ends_on", "reason")

    def judged_with(self, cleaned: dict[str, Any]) -> Iterable[FrameworkVersion]:
        return self.visit.editions.select_related("framework")


class ChangeForm(ChoicesForm, SeenForm):
    coordinator = forms.ModelChoiceField(
        label="Wie coördineert het bezoek?",
        queryset=User.objects.none(),
        empty_label="Kies een inspecteur",
        error_messages={
            "required": "Kies wie het bezoek coördineert.",
            "invalid_choice": "Kies een inspecteur uit de lijst.",
        },
    )
    field_order = ("locations", "announced", "coordinator", "team")

    def __init__(self, *args: Any, visit: Visit, by: Actor, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.visit = visit
        members = list(visit.members.all())
        people = inspectors(by) | User.objects.filter(pk__in=[member.user_id for member in members])
        _offer(self, "locations", visit.organisation.locations.all())
        self.fields["locations"].required = visit.organisation.locations.exists()
        _offer(self, "team", people)
        _offer(self, "coordinator", people)
        self.fields["team"].help_text = (
            "Wie u toevoegt, verklaart eerst geen belang te hebben. Wie in het team zit, stelt het rapport "
            "niet vast."
        )
        if visit.announced:
            del self.fields["announced"]
        else:
            self.fields["announced"].help_text = (
                "Kiest u ‘Aangekondigd’? Dan krijgt de aanbieder een mail en een brief. Dat kunt u niet "
                "terugdraaien."
            )
        if planning.has_judgements(visit):
            for name in ("own_score_hidden", "judged_apart"):
                self.fields[name].disabled = True
                self.fields[name].help_text = "Er is al geoordeeld. Dit kan niet meer anders."
        self.initial = {
            "locations": visit.locations.all(),
            "announced": "yes" if visit.announced else "no",
            "team": [member.user_id for member in members],
            "coordinator": next((member.user_id for member in members if member.coordinates), None),
            "own_score_hidden": visit.own_score_hidden,
            "judged_apart": visit.judged_apart,
            "focus": visit.focus,
            "seen": planning.mark(visit),
        }
        seen_for(self, "seen", *(name for name in self.fields if name != "seen"))

    @property
    def changes(self) -> planning.Changes:
        cleaned = self.cleaned_data
        return planning.Changes(
            locations=list(cleaned["locations"]),
            team=list(cleaned["team"]),
            coordinator=cleaned["coordinator"],
            announced=cleaned.get("announced", self.visit.announced),
            focus=cleaned["focus"],
            own_score_hidden=cleaned["own_score_hidden"],
            judged_apart=cleaned["judged_apart"],
        )


class HandOverForm(SeenForm):
    use_required_attribute = False

    leaver = forms.ModelChoiceField(
        label="Wie draagt over?",
        queryset=User.objects.none(),
        empty_label=None,
        error_messages={
            "required": "Kies wie het bezoek overdraagt.",
            "invalid_choice": "Kies iemand uit het team.",
        },
    )
    heir = forms.ModelChoiceField(
        label="Wie neemt het over?",
        help_text="Deze collega verklaart eerst geen belang te hebben bij de aanbieder.",
        queryset=User.objects.none(),
        empty_label="Kies een inspecteur",
        error_messages={
            "required": "Kies wie het bezoek overneemt.",
            "invalid_choice": "Kies een inspecteur uit de lijst.",
        },
    )

    def __init__(self, *args: Any, visit: Visit, by: Actor, **kwargs: Any):
        super().__init__(*args, **kwargs)
        members = visit.members.values("user")
        _offer(self, "leaver", User.objects.filter(pk__in=members).order_by("name", "pk"))
        _offer(self, "heir", inspectors(by))
        self.initial = {"leaver": by.person.pk, "seen": planning.mark(visit)}
        seen_for(self, "seen", "leaver", "heir")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("heir") and cleaned.get("heir") == cleaned.get("leaver"):
            self.add_error("heir", "Kies een ander dan wie overdraagt.")
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


class VisitFilterForm(forms.Form):
    welke = forms.ChoiceField(
        label="Welke bezoeken",
        choices=[("mijn", "Mijn bezoeken"), ("alle", "Alle bezoeken")],
        required=False,
        error_messages={"invalid_choice": "Kies een keuze uit de lijst."},
    )
    status = forms.ChoiceField(
        label="Status",
        choices=[
            ("", "Wat nog loopt, per volgende stap"),
            ("klaar", "Wat klaar is"),
            ("elke", "Elke status"),
            *Visit.Status.choices,
        ],
        required=False,
        error_messages={"invalid_choice": "Kies een status uit de lijst."},
    )

    def statuses_of(self, choice: str) -> Sequence[str]:
        """The statuses that a choice stands for; none for every status."""
        return {"klaar": planning.CLOSED, "elke": ()}.get(choice, (choice,))
