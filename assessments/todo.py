"""What each role has to do next, by when, and whom it waits for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator

from assessments import campaigns, improvement, questions, together
from assessments.models import Campaign, ImprovementAction, Receipt, Revision, SelfAssessment, Visit
from assessments.report_text import visit_days
from providers.actor import Actor
from providers.models import Application, Membership, Organisation, Role

LIMIT = 30
RECENT_DAYS = 60
# Working terms of the portal itself. Only the first has a source: a report within a month of the visit.
CONCEPT_DAYS = 30
PROCESS_WEEKS, SETTLE_WEEKS, DECIDE_WEEKS = 2, 4, 6


@dataclass(frozen=True)
class Task:
    """One thing to do (`label` names the button) or to wait for (no label)."""

    title: str
    text: str
    url: str
    label: str = ""
    due: date | None = None
    done: int | None = None
    total: int | None = None
    # Before others of the same day.
    comes_first: bool = False

    @property
    def days_left(self) -> int | None:
        return (self.due - timezone.localdate()).days if self.due else None

    @property
    def is_late(self) -> bool:
        return self.days_left is not None and self.days_left < 0

    @property
    def due_words(self) -> str:
        """How far away the date is, in words."""
        days = self.days_left
        if days is None:
            return ""
        if days == 0:
            return "vandaag"
        count = f"{abs(days)} {'dag' if abs(days) == 1 else 'dagen'}"
        return f"{count} te laat" if days < 0 else f"nog {count}"


def account_due(year: int) -> date:
    """An account over a year is due before 1 July of the next one (Addendum, leren en verbeteren)."""
    return date(year + 1, 6, 30)


def tasks(actor: Actor) -> list[Task]:
    """To do, the earliest date first and undated last."""
    found = [task for source in _SOURCES if actor.has(*source[0]) for task in source[1](actor)]
    return sorted(found, key=lambda task: (task.due or date.max, not task.comes_first, task.title))


def waiting(actor: Actor) -> list[Task]:
    """What lies with somebody else."""
    return [task for source in _WAITING if actor.has(*source[0]) for task in source[1](actor)]


def _own_revisions(actor: Actor) -> QuerySet[Revision]:
    return Revision.objects.filter(organisation=actor.organisation_id).for_list()


def _fill_in(actor: Actor) -> Iterator[Task]:
    for revision in _own_revisions(actor).filter(status=Revision.Status.DRAFT)[:LIMIT]:
        year = revision.self_assessment.year
        returned = revision.offered_at is not None
        yield Task(
            f"Zelfevaluatie {year} {'aanpassen' if returned else 'afmaken'}",
            "De bestuurder stuurde haar terug. Lees waarom, pas haar aan en bied haar opnieuw aan."
            if returned
            else "Beantwoord de vragen die nog open staan. "
            "Bied de zelfevaluatie daarna aan uw bestuurder aan.",
            revision.get_absolute_url(),
            "Lezen en aanpassen" if returned else "Verder invullen",
            account_due(year),
            revision.answered,
            revision.question_count,
        )


def _themes(actor: Actor) -> Iterator[Task]:
    """The themes that a colleague gave to this person, or that she took herself."""
    mine = together.open_themes(actor.person, actor.own).select_related(
        "revision__self_assessment", "section"
    )
    sets: dict[int, questions.QuestionSet] = {}
    for row in mine.order_by("due", "pk")[:LIMIT]:
        if row.revision_id not in sets:
            sets[row.revision_id] = questions.load(row.revision)
        section = sets[row.revision_id].section(row.section_id)
        if section and section.answered < section.total:
            yield Task(
                f"Thema {row.section.code} invullen",
                f"{row.section.title}, {row.revision.self_assessment}.",
                reverse("assessments:fill_in_section", args=[row.revision_id, row.section_id]),
                "Invullen",
                row.due,
                section.answered,
                section.total,
                comes_first=True,
            )


def _improve(actor: Actor) -> Iterator[Task]:
    for action in improvement.open_actions(actor.person, actor.own).order_by("due", "pk")[:LIMIT]:
        yield Task(
            action.what,
            f"Verbeteractie, {action.get_status_display().lower()}.",
            action.get_absolute_url(),
            "Bekijken",
            action.due,
        )


def _overdue(actor: Actor) -> Iterator[Task]:
    """What others, or nobody here, should have finished: somebody has to ask."""
    late = ImprovementAction.objects.visible_to(actor).overdue(timezone.localdate())
    count = late.exclude(assignee=actor.user).count()
    if count:
        yield Task(
            "Verbeteracties nalopen",
            f"{count} {'actie van een ander is' if count == 1 else 'acties van anderen zijn'} te laat.",
            f"{reverse('assessments:improvements')}?wanneer=laat",
            "Bekijken",
        )


def _start(actor: Actor) -> Iterator[Task]:
    year = timezone.localdate().year
    if not SelfAssessment.objects.filter(organisation=actor.organisation_id, year=year).exists():
        yield Task(
            f"Zelfevaluatie {year} beginnen",
            "Bekijk waar u staat. Stap 1, de norm Wlz-zorg thuis, kunt u los indienen.",
            reverse("assessments:self_assessment_new"),
            "Beginnen",
            account_due(year),
        )


def _adopt(actor: Actor) -> Iterator[Task]:
    for revision in _own_revisions(actor).filter(status=Revision.Status.TO_ADOPT)[:LIMIT]:
        year = revision.self_assessment.year
        yield Task(
            f"Zelfevaluatie {year} vaststellen",
            f"{revision.answered} van {revision.question_count} vragen zijn beantwoord. "
            "Lees wat opvalt en dien in, of stuur terug.",
            reverse("assessments:signing", args=[revision.pk]),
            "Lezen en vaststellen",
            account_due(year),
        )


def _find_colleagues(actor: Actor) -> Iterator[Task]:
    """A director who just came in is alone: somebody has to fill in."""
    officers = Membership.objects.on().filter(role=Role.QUALITY_OFFICER)
    if not officers.filter(organisation=actor.organisation_id).exists():
        yield Task(
            "Kwaliteitsmedewerker uitnodigen",
            "Nog niemand kan de zelfevaluatie invullen. Nodig een collega uit, of geef uzelf deze rol.",
            reverse("colleagues"),
            "Naar uw collega’s",
        )


def _react(actor: Actor) -> Iterator[Task]:
    concepts = Visit.objects.visible_to(actor).for_list().filter(status=Visit.Status.AT_PROVIDER)
    for visit in concepts[:LIMIT]:
        yield Task(
            "Reageren op het conceptrapport",
            f"Bezoek van {visit_days(visit)}. U kijkt of de feiten kloppen.",
            reverse("assessments:concept", args=[visit.pk]),
            "Reageren",
            visit.reaction_due,
        )


def _coming_visit(actor: Actor) -> Iterator[Task]:
    planned = Visit.objects.visible_to(actor).for_list().filter(status=Visit.Status.PLANNED)
    for visit in planned[:LIMIT]:
        yield Task(
            "Bezoek van de inspectie",
            f"De inspectie komt op {visit_days(visit)}.",
            visit.get_absolute_url(),
            "Bekijken",
            visit.starts_on,
        )


_TEAM_STEPS = {
    Visit.Status.PLANNED: ("Bezoek voorbereiden en vastleggen", "Openen"),
    Visit.Status.CONDUCTED: ("Rapport opstellen", "Opstellen"),
    Visit.Status.DRAFTING: ("Conceptrapport afmaken", "Verder schrijven"),
    Visit.Status.REACTED: ("Reactie van de aanbieder verwerken", "Verwerken"),
}


def _team_work(actor: Actor) -> Iterator[Task]:
    visits = Visit.objects.filter(members__user=actor.user, status__in=list(_TEAM_STEPS)).for_list()
    for visit in visits.order_by("starts_on", "pk")[:LIMIT]:
        title, label = _TEAM_STEPS[Visit.Status(visit.status)]
        days = visit_days(visit)
        yield Task(
            title,
            f"{visit.organisation}, {'bezoek' if visit.announced else 'onaangekondigd bezoek'} van {days}.",
            visit.get_absolute_url(),
            label,
            _team_due(visit),
        )


def _team_due(visit: Visit) -> date:
    """The day of the visit, and after it when the next step should be done."""
    if visit.status == Visit.Status.PLANNED:
        return visit.starts_on
    if visit.status == Visit.Status.REACTED:
        return _after_reaction(visit, PROCESS_WEEKS)
    return visit.ends_on + timedelta(days=CONCEPT_DAYS)


def _after_reaction(visit: Visit, weeks: int) -> date:
    return (visit.reaction_due or visit.ends_on) + timedelta(weeks=weeks)


_COORDINATOR_STEPS = {
    Visit.Status.PROCESSED: ("Rapport vaststellen", "Vaststellen", SETTLE_WEEKS),
    Visit.Status.SETTLED: ("Besluit tot openbaarmaking nemen", "Besluiten", DECIDE_WEEKS),
}


def _coordination(actor: Actor) -> Iterator[Task]:
    visits = (
        Visit.objects.filter(status__in=list(_COORDINATOR_STEPS))
        .exclude(members__user=actor.user)
        .for_list()
        .order_by("starts_on", "pk")
    )
    for visit in visits[:LIMIT]:
        title, label, weeks = _COORDINATOR_STEPS[Visit.Status(visit.status)]
        text = f"{visit.organisation}, rapport {visit.number}."
        yield Task(title, text, visit.get_absolute_url(), label, _after_reaction(visit, weeks))


def _unread_accounts(actor: Actor) -> Iterator[Task]:
    seen = Receipt.objects.filter(revision=OuterRef("pk"), reader=actor.organisation_id)
    unread = (
        Revision.objects.visible_to(actor)
        .for_list()
        .filter(~Exists(seen), status=Revision.Status.SUBMITTED, submitted_at__gte=_recently())
        .order_by("-submitted_at")
    )
    for revision in unread[:LIMIT]:
        yield Task(
            f"Zelfevaluatie van {revision.organisation} lezen",
            f"Over {revision.self_assessment.year}, ingediend op {_day(revision.submitted_at)}.",
            revision.get_absolute_url(),
            "Lezen",
        )


def _new_reports(actor: Actor) -> Iterator[Task]:
    if actor.organisation_id is None:
        return
    held = Organisation.objects.in_regions_of(actor.organisation_id)
    visits = (
        Visit.objects.public()
        .for_list()
        .filter(organisation__in=held.values("pk"), publication__published_at__gte=_recently())
        .order_by("-publication__published_at")
    )
    for visit in visits[:LIMIT]:
        yield Task(
            f"Nieuw rapport over {visit.organisation}",
            f"Openbaar sinds {_day(visit.publication.published_at)}.",
            reverse("reports:detail", args=[visit.number, "1.0"]),
            "Lezen",
        )


def _day(moment: datetime | None) -> str:
    return date_format(timezone.localtime(moment), "j F Y") if moment else ""


def _recently() -> datetime:
    return timezone.now() - timedelta(days=RECENT_DAYS)


def _asked(actor: Actor) -> Iterator[Task]:
    # Once it lies with the board, adopting it is the task.
    offered = Revision.objects.filter(organisation=actor.organisation_id, status=Revision.Status.TO_ADOPT)
    asked = campaigns.asked_of(actor).exclude(campaign__year__in=offered.values("self_assessment__year"))
    for target in asked[:LIMIT]:
        campaign = target.campaign
        yield Task(
            f"Zelfevaluatie {campaign.year} indienen",
            f"{target.asked_by} vraagt dit: {Truncator(campaign.reason).chars(160)}",
            reverse("assessments:campaign_for_us", args=[target.pk]),
            "Bekijken",
            target.due_on,
        )


def _requests_for_time(actor: Actor) -> Iterator[Task]:
    for target in campaigns.requests_for_time(actor)[:LIMIT]:
        until = date_format(target.extension_asked_on or target.due_on, "j F Y")
        address = reverse("assessments:campaign_extend", args=[target.campaign_id])
        yield Task(
            "Uitstel beoordelen",
            f"{target.organisation} vraagt uitstel tot en met {until} voor ‘{target.campaign}’.",
            f"{address}?wie={target.pk}",
            "Beantwoorden",
            target.due_on,
        )


def _administer(actor: Actor) -> Iterator[Task]:
    yield Task(
        "Organisaties nakijken",
        "Bekijk en wijzig de gegevens waarmee organisaties in Thuispeil staan.",
        reverse("organisations"),
        "Openen",
    )


def _applications(actor: Actor) -> Iterator[Task]:
    waiting = Application.objects.filter(status=Application.Status.RECEIVED)
    count = waiting.count()
    if count:
        yield Task(
            "Aanmeldingen beantwoorden",
            f"{count} {'zorgaanbieder wacht' if count == 1 else 'zorgaanbieders wachten'} op uw antwoord.",
            reverse("applications"),
            "Openen",
        )


def _waiting_for_board(actor: Actor) -> Iterator[Task]:
    if actor.has(Role.DIRECTOR):
        return
    for revision in _own_revisions(actor).filter(status=Revision.Status.TO_ADOPT)[:LIMIT]:
        yield Task(
            "Uw bestuurder",
            f"Stelt de zelfevaluatie {revision.self_assessment.year} vast.",
            revision.get_absolute_url(),
        )


def _waiting_for_inspectorate(actor: Actor) -> Iterator[Task]:
    after = [Visit.Status.REACTED, Visit.Status.PROCESSED, Visit.Status.SETTLED]
    for visit in Visit.objects.visible_to(actor).for_list().filter(status__in=after)[:LIMIT]:
        yield Task(
            "De inspectie", f"Verwerkt uw reactie op rapport {visit.number}.", visit.get_absolute_url()
        )


def _waiting_for_provider(actor: Actor) -> Iterator[Task]:
    visits = Visit.objects.filter(members__user=actor.user, status=Visit.Status.AT_PROVIDER).for_list()
    for visit in visits.order_by("reaction_due")[:LIMIT]:
        yield Task(
            str(visit.organisation),
            f"Kan reageren tot en met {date_format(visit.reaction_due or visit.ends_on, 'j F')}.",
            visit.get_absolute_url(),
            due=visit.reaction_due,
        )


def _waiting_for_publication(actor: Actor) -> Iterator[Task]:
    visits = Visit.objects.filter(status=Visit.Status.DECIDED).for_list()
    for visit in visits.order_by("publication__publish_at")[:LIMIT]:
        day = _day(visit.publication.publish_at)
        yield Task(str(visit.organisation), f"Wordt openbaar op {day}.", visit.get_absolute_url())


_EDITORS = (Role.QUALITY_OFFICER, Role.DIRECTOR)
_INSPECTION = (Role.INSPECTOR, Role.COORDINATING_INSPECTOR)
_SOURCES = (
    (_EDITORS, _themes),
    (_EDITORS, _improve),
    (_EDITORS, _overdue),
    ((Role.QUALITY_OFFICER,), _fill_in),
    ((Role.QUALITY_OFFICER,), _start),
    ((Role.DIRECTOR,), _adopt),
    ((Role.DIRECTOR,), _find_colleagues),
    (_EDITORS, _react),
    (_EDITORS, _coming_visit),
    (_INSPECTION, _team_work),
    ((Role.COORDINATING_INSPECTOR,), _coordination),
    ((Role.CARE_OFFICE_OFFICER,), _unread_accounts),
    ((Role.CARE_OFFICE_OFFICER,), _new_reports),
    (_EDITORS, _asked),
    (Campaign.ASKERS, _requests_for_time),
    ((Role.PORTAL_ADMIN,), _applications),
    ((Role.PORTAL_ADMIN,), _administer),
)
_WAITING = (
    ((Role.QUALITY_OFFICER,), _waiting_for_board),
    (_EDITORS, _waiting_for_inspectorate),
    (_INSPECTION, _waiting_for_provider),
    ((Role.COORDINATING_INSPECTOR,), _waiting_for_publication),
)
