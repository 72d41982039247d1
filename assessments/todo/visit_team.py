"""What an inspector has to do for the visits of which one is in the team, and for reports of others."""

from collections.abc import Iterator

from django.db.models import Count, Exists, Min, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from assessments import planning
from assessments.models import (
    DocumentRequest,
    ImprovementAction,
    Measure,
    PassageRemark,
    SecondReader,
    TermExtension,
    Visit,
)
from assessments.permissions import INSPECTION
from assessments.report_text import visit_days
from assessments.todo.task import LIMIT, Source, Task
from assessments.visit_agenda import next_day
from providers.actor import Actor
from providers.models import Role

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


TASKS: tuple[Source, ...] = (
    (INSPECTION, _team_work),
    (INSPECTION, _declare),
    (INSPECTION, _documents_late),
    (INSPECTION, _read_along),
    (INSPECTION, _answer_readers),
    (INSPECTION, _requests_for_reaction_time),
    (INSPECTION, _points_reported),
    (INSPECTION, _points_late),
    (INSPECTION, _measures_to_follow),
)
WAITING: tuple[Source, ...] = ((INSPECTION, _waiting_for_provider),)
