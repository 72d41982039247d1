"""What each role has to do next, by when, and whom it waits for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator

from assessments import campaigns, improvement, planning, questions, together, visit_improvements
from assessments.concept_mail import OPEN_AFTER
from assessments.models import (
    Campaign,
    ConceptVersion,
    Concern,
    Correction,
    DocumentRequest,
    ImprovementAction,
    Measure,
    Objection,
    PassageRemark,
    Receipt,
    Revision,
    SecondReader,
    SelfAssessment,
    TermExtension,
    Visit,
    VisitMember,
)
from assessments.report_text import visit_days
from assessments.visit_agenda import next_day
from providers.actor import Actor
from providers.models import Application, Membership, Organisation, Profile, Role

LIMIT = 30
RECENT_DAYS = 60


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
    # A colleague can do nothing until this is done: it goes before what has more time.
    is_awaited: bool = False

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
    return sorted(found, key=_order)


def _order(task: Task) -> tuple[date, bool, bool, str]:
    due = task.due or date.max
    today = timezone.localdate()
    return min(due, today) if task.is_awaited else due, not task.is_awaited, not task.comes_first, task.title


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
    # What the inspectorate asks and nobody took up is told by itself.
    count = late.exclude(assignee=actor.user).exclude(~Q(point=""), assignee=None).count()
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


def _describe(actor: Actor) -> Iterator[Task]:
    if not Profile.objects.filter(organisation=actor.organisation_id).exists():
        yield Task(
            "Vertel wat u doet en voor wie",
            "Drie minuten. Daarna vraagt Thuispeil alleen wat voor u geldt.",
            reverse("profile"),
            "Naar uw profiel",
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
            is_awaited=True,
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
            next_day(visit)[0],
        )


_COORDINATOR_STEPS = {
    Visit.Status.PROCESSED: ("Rapport vaststellen", "Vaststellen"),
    Visit.Status.SETTLED: ("Besluit tot openbaarmaking nemen", "Besluiten"),
}


def _coordination(actor: Actor) -> Iterator[Task]:
    visits = (
        Visit.objects.filter(status__in=list(_COORDINATOR_STEPS))
        .exclude(members__user=actor.user)
        .for_list()
        .order_by("starts_on", "pk")
    )
    for visit in visits[:LIMIT]:
        title, label = _COORDINATOR_STEPS[Visit.Status(visit.status)]
        text = f"{visit.organisation}, rapport {visit.number}."
        yield Task(title, text, visit.get_absolute_url(), label, next_day(visit)[0])


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
    newest = ConceptVersion.objects.filter(visit=OuterRef("pk"), kind=ConceptVersion.Kind.FINAL)
    visits = (
        Visit.objects.public()
        .for_list()
        .annotate(newest=Subquery(newest.order_by("-created_at", "-pk").values("version")[:1]))
        .filter(organisation__in=held.values("pk"), publication__published_at__gte=_recently())
        .order_by("-publication__published_at")
    )
    for visit in visits[:LIMIT]:
        yield Task(
            f"Nieuw rapport over {visit.organisation}",
            f"Openbaar sinds {_day(visit.publication.published_at)}.",
            reverse("reports:detail", args=[visit.number, visit.newest]),
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


def _read_along(actor: Actor) -> Iterator[Task]:
    """Reports that a team asked this inspector to read."""
    asked = SecondReader.objects.filter(user=actor.user, done_at=None, visit__status__in=Visit.WRITING)
    for row in asked.select_related("visit__organisation", "asked_by")[:LIMIT]:
        yield Task(
            "Meelezen met een rapport",
            f"{row.asked_by} vraagt u mee te lezen: {row.visit.organisation}, rapport {row.visit.number}.",
            reverse("assessments:second_reading", args=[row.visit_id]),
            "Meelezen",
        )


def _answer_readers(actor: Actor) -> Iterator[Task]:
    """Remarks of second readers that the team did not answer."""
    unanswered = PassageRemark.objects.filter(visit=OuterRef("pk"), answered_at=None)
    visits = Visit.objects.filter(Exists(unanswered), members__user=actor.user, status__in=Visit.WRITING)
    for visit in visits.for_list().order_by("starts_on", "pk")[:LIMIT]:
        yield Task(
            "Opmerkingen van een meelezer",
            f"{visit.organisation}, rapport {visit.number}. U bepaalt wat u ermee doet.",
            reverse("assessments:second_reading", args=[visit.pk]),
            "Beantwoorden",
        )


def _requests_for_reaction_time(actor: Actor) -> Iterator[Task]:
    last = TermExtension.objects.filter(version__visit=OuterRef("pk")).order_by("-at", "-pk")
    visits = Visit.objects.filter(members__user=actor.user, status=Visit.Status.AT_PROVIDER).annotate(
        last_change=Subquery(last.values("kind")[:1])
    )
    asked = visits.filter(last_change=TermExtension.Kind.ASKED).for_list()
    for visit in asked.order_by("reaction_due", "pk")[:LIMIT]:
        yield Task(
            "Uitstel voor een reactie beoordelen",
            f"{visit.organisation} vraagt meer tijd voor het conceptrapport.",
            reverse("assessments:reaction_term", args=[visit.pk]),
            "Beantwoorden",
            visit.reaction_due,
        )


def _deliver(actor: Actor) -> Iterator[Task]:
    """Concepts that nobody opened in a week: then a letter has to begin the term."""
    sent = ConceptVersion.objects.filter(visit=OuterRef("pk")).order_by("-created_at", "-pk")
    unopened = (
        Visit.objects.for_list()
        .filter(status=Visit.Status.AT_PROVIDER, reaction_due=None)
        .annotate(sent_at=Subquery(sent.values("created_at")[:1]))
        .filter(sent_at__lt=timezone.now() - timedelta(days=max(OPEN_AFTER)))
    )
    for visit in unopened.order_by("sent_at", "pk")[:LIMIT]:
        yield Task(
            "Conceptrapport aangetekend bezorgen",
            f"{visit.organisation} opende het concept niet. Verstuurd op {_day(visit.sent_at)}.",
            reverse("assessments:concept_delivery", args=[visit.pk]),
            "Bezorging vastleggen",
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
        due = date_format(visit.reaction_due, "j F") if visit.reaction_due else ""
        yield Task(
            str(visit.organisation),
            f"Kan reageren tot en met {due}." if due else "Heeft het conceptrapport nog niet geopend.",
            visit.get_absolute_url(),
            due=visit.reaction_due,
        )


def _waiting_for_publication(actor: Actor) -> Iterator[Task]:
    visits = Visit.objects.filter(status=Visit.Status.DECIDED).for_list()
    for visit in visits.order_by("publication__publish_at")[:LIMIT]:
        day = _day(visit.publication.publish_at)
        yield Task(str(visit.organisation), f"Wordt openbaar op {day}.", visit.get_absolute_url())


def _declare(actor: Actor) -> Iterator[Task]:
    """Of which visits this member of the team did not declare yet to have no interest in the provider."""
    waiting = Visit.objects.filter(members__user=actor.user, members__no_conflict_at=None)
    waiting = waiting.exclude(status__in=planning.CLOSED)
    for visit in waiting.for_list().order_by("starts_on", "pk")[:LIMIT]:
        yield Task(
            "Verklaren dat u geen belang heeft",
            f"{visit.organisation}, bezoek van {visit_days(visit)}. Daarna kunt u vastleggen.",
            f"{visit.get_absolute_url()}#verklaring",
            "Verklaren",
            max(visit.starts_on, timezone.localdate()),
            comes_first=True,
        )


def _uncoordinated(actor: Actor) -> Iterator[Task]:
    led = VisitMember.objects.filter(visit=OuterRef("pk"), coordinates=True)
    planned = Visit.objects.filter(~Exists(led), status=Visit.Status.PLANNED).for_list()
    for visit in planned.order_by("starts_on", "pk")[:LIMIT]:
        yield Task(
            "Kiezen wie een bezoek coördineert",
            f"{visit.organisation}, bezoek van {visit_days(visit)}. Nu coördineert niemand het.",
            reverse("assessments:visit_change", args=[visit.pk]),
            "Kiezen",
            visit.starts_on,
        )


def _documents_asked(actor: Actor) -> Iterator[Task]:
    asked = DocumentRequest.objects.visible_to(actor).open().annotate(files=Count("given"))
    for row in asked.select_related("visit").order_by("due", "pk")[:LIMIT]:
        yield Task(
            "Documenten geven aan de inspectie",
            f"Bij het bezoek van {visit_days(row.visit)}. U gaf {row.files} "
            f"{'bestand' if row.files == 1 else 'bestanden'}.",
            row.get_absolute_url(),
            "Bekijken",
            row.due,
        )


def _documents_late(actor: Actor) -> Iterator[Task]:
    late = DocumentRequest.objects.open().filter(visit__members__user=actor.user)
    late = late.filter(due__lt=timezone.localdate()).select_related("visit__organisation")
    for row in late.order_by("due", "pk")[:LIMIT]:
        yield Task(
            f"Gevraagde documenten van {row.visit.organisation} nalopen",
            "De termijn is voorbij en u heeft nog niet gezegd dat alles er is.",
            row.get_absolute_url(),
            "Bekijken",
            row.due,
        )


def _points(actor: Actor) -> Iterator[Task]:
    """What the inspectorate asks and nobody here has taken up; what one took up oneself is told already."""
    for action in visit_improvements.points(actor).open().filter(assignee=None)[:LIMIT]:
        yield Task(
            "Verbeteren wat de inspectie vraagt",
            f"{action.point} uit rapport {action.visit.number}: {Truncator(action.demand).chars(120)}"
            if action.visit
            else "",
            action.get_absolute_url(),
            "Bekijken",
            action.due,
        )


def _points_reported(actor: Actor) -> Iterator[Task]:
    """What a provider says is better, of visits that one made."""
    yield from _by_visit(
        actor, Q(status=ImprovementAction.Status.DONE), "Verbeterpunten controleren", "gereed"
    )


def _points_late(actor: Actor) -> Iterator[Task]:
    late = Q(status__in=ImprovementAction.OPEN, due__lt=timezone.localdate())
    yield from _by_visit(actor, late, "Verbeterpunten zijn te laat", "te laat")


def _by_visit(actor: Actor, which: Q, title: str, words: str) -> Iterator[Task]:
    mine = ImprovementAction.objects.points().filter(which, visit__members__user=actor.user)
    counted = mine.values("visit", "visit__number", "visit__organisation__name")
    for row in counted.annotate(n=Count("pk"), first=Min("due")).order_by("first", "visit")[:LIMIT]:
        yield Task(
            title,
            f"{row['visit__organisation__name']}, rapport {row['visit__number']}: "
            f"{row['n']} {'punt is' if row['n'] == 1 else 'punten zijn'} {words}.",
            f"{reverse('assessments:visit', args=[row['visit']])}#punten",
            "Bekijken",
            row["first"],
        )


def _measures(actor: Actor) -> Iterator[Task]:
    """What the inspectorate imposed and still awaits."""
    awaited = Measure.objects.visible_to(actor).filter(status__in=Measure.AWAITED)
    for measure in awaited.order_by("due_on", "pk")[:LIMIT]:
        yield Task(
            measure.title,
            "Lees wat u moet doen en lever in waaruit blijkt dat het gedaan is.",
            measure.get_absolute_url(),
            "Bekijken",
            measure.due_on,
        )


def _measures_to_follow(actor: Actor) -> Iterator[Task]:
    """Delivered or late, of those that one recorded; who coordinates sees all."""
    waits = Q(status=Measure.Status.DELIVERED)
    waits |= Q(status__in=Measure.AWAITED, due_on__lt=timezone.localdate())
    rows = Measure.objects.visible_to(actor).for_list().filter(waits)
    if not actor.has(Role.COORDINATING_INSPECTOR):
        rows = rows.filter(recorded_by=actor.user)
    for measure in rows.order_by("due_on", "pk")[:LIMIT]:
        is_delivered = measure.status == Measure.Status.DELIVERED
        yield Task(
            "Maatregel beoordelen" if is_delivered else "Maatregel is te laat",
            f"{measure.organisation}, {measure.title.lower()}.",
            measure.get_absolute_url(),
            "Beoordelen" if is_delivered else "Bekijken",
            measure.due_on,
        )


def _objections(actor: Actor) -> Iterator[Task]:
    for row in Objection.objects.filter(outcome="").select_related("visit__organisation")[:LIMIT]:
        yield Task(
            "Uitkomst van een bezwaar vastleggen",
            f"{row.visit.organisation}, rapport {row.visit.number}. Ontvangen op "
            f"{date_format(row.received_on, 'j F Y')}.",
            f"{row.visit.get_absolute_url()}#openbaarmaking",
            "Bekijken",
        )


def _suspended(actor: Actor) -> Iterator[Task]:
    """Suspensions of which the day is known: they do not end by themselves."""
    rows = Visit.objects.filter(
        status=Visit.Status.SUSPENDED, publication__suspended_until__isnull=False
    ).for_list()
    for visit in rows.order_by("publication__suspended_until")[:LIMIT]:
        yield Task(
            "Opschorting opheffen of verlengen",
            f"{visit.organisation}, rapport {visit.number}.",
            visit.get_absolute_url(),
            "Bekijken",
            visit.publication.suspended_until,
        )


def _corrections(actor: Actor) -> Iterator[Task]:
    """Better versions that wait for somebody who did not write them."""
    rows = Correction.objects.open().filter(places__isnull=False).exclude(visit__members__user=actor.user)
    for row in rows.select_related("visit__organisation").distinct()[:LIMIT]:
        yield Task(
            "Verbeterde versie vaststellen",
            f"{row.visit.organisation}, rapport {row.visit.number}.",
            reverse("assessments:correction", args=[row.visit_id]),
            "Lezen",
        )


def _waiting_for_own_publication(actor: Actor) -> Iterator[Task]:
    for visit in Visit.objects.visible_to(actor).for_list().filter(status=Visit.Status.DECIDED)[:LIMIT]:
        day = _day(visit.publication.publish_at)
        yield Task(
            "De inspectie",
            f"Maakt rapport {visit.number} openbaar op {day}.",
            f"{visit.get_absolute_url()}#openbaarmaking",
        )


def _shared_concerns(actor: Actor) -> Iterator[Task]:
    """What care offices told and nobody dealt with yet."""
    waiting = Concern.objects.visible_to(actor).open().filter(shared_by__isnull=False)
    count = waiting.count()
    if count:
        yield Task(
            "Signalen beoordelen",
            f"{count} {'signaal' if count == 1 else 'signalen'} van een zorgkantoor "
            f"{'wacht' if count == 1 else 'wachten'} op de inspectie.",
            reverse("assessments:concerns"),
            "Bekijken",
        )


_EDITORS = (Role.QUALITY_OFFICER, Role.DIRECTOR)
_INSPECTION = (Role.INSPECTOR, Role.COORDINATING_INSPECTOR)
_SOURCES = (
    (_EDITORS, _themes),
    (_EDITORS, _improve),
    (_EDITORS, _overdue),
    ((Role.QUALITY_OFFICER,), _fill_in),
    ((Role.QUALITY_OFFICER,), _start),
    ((Role.QUALITY_OFFICER,), _describe),
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
    (_INSPECTION, _declare),
    ((Role.COORDINATING_INSPECTOR,), _uncoordinated),
    (_EDITORS, _documents_asked),
    (_INSPECTION, _documents_late),
    (_EDITORS, _points),
    (_EDITORS, _measures),
    (_INSPECTION, _points_reported),
    (_INSPECTION, _points_late),
    (_INSPECTION, _measures_to_follow),
    ((Role.COORDINATING_INSPECTOR,), _objections),
    ((Role.COORDINATING_INSPECTOR,), _suspended),
    ((Role.COORDINATING_INSPECTOR,), _corrections),
    (_INSPECTION, _read_along),
    (_INSPECTION, _answer_readers),
    (_INSPECTION, _requests_for_reaction_time),
    ((Role.COORDINATING_INSPECTOR,), _deliver),
    ((Role.COORDINATING_INSPECTOR,), _shared_concerns),
)
_WAITING = (
    ((Role.QUALITY_OFFICER,), _waiting_for_board),
    (_EDITORS, _waiting_for_inspectorate),
    (_INSPECTION, _waiting_for_provider),
    ((Role.COORDINATING_INSPECTOR,), _waiting_for_publication),
    (_EDITORS, _waiting_for_own_publication),
)
