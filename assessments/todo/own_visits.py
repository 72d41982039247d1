"""What a provider has to do for the inspectorate: a visit, its report, and what has to get better."""

from collections.abc import Iterator

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator

from assessments import improvement, reaction, visit_improvements
from assessments.models import DocumentRequest, Measure, Visit
from assessments.permissions import PROVIDER_EDITORS
from assessments.report_text import visit_days
from assessments.todo.task import LIMIT, Source, Task, day_of
from providers.actor import Actor


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


def _react(actor: Actor) -> Iterator[Task]:
    concepts = Visit.objects.visible_to(actor).for_list().filter(status=Visit.Status.AT_PROVIDER)
    for visit in concepts[:LIMIT]:
        # The term begins with the opening: until then the day is that of who opens it now.
        last_day = visit.reaction_due or reaction.last_day(timezone.localdate(), visit.reaction_weeks)
        begins = "" if visit.reaction_due else " De termijn begint als u het opent."
        yield Task(
            "Reageren op het conceptrapport",
            f"Bezoek van {visit_days(visit)}. U kijkt of de feiten kloppen.{begins}",
            reverse("assessments:concept", args=[visit.pk]),
            "Reageren",
            last_day,
        )


def _points(actor: Actor) -> Iterator[Task]:
    """What the inspectorate asks and nobody here has taken up; what one took up oneself is told already."""
    open_points = visit_improvements.points(actor).open().filter(assignee=None)
    for action in open_points.with_lacking()[:LIMIT]:
        number = action.visit.number if action.visit else ""
        asked = improvement.NOT_ENOUGH if action.lacking else Truncator(action.demand).chars(120)
        yield Task(
            "Verbeteren wat de inspectie vraagt",
            f"{action.point} uit rapport {number}: {asked}",
            action.get_absolute_url(),
            "Bekijken",
            action.due,
        )


def _measures(actor: Actor) -> Iterator[Task]:
    """What the inspectorate imposed and still awaits."""
    awaited = Measure.objects.visible_to(actor).filter(status__in=Measure.AWAITED)
    for measure in awaited.order_by("due_on", "pk")[:LIMIT]:
        yield Task(
            measure.title,
            "De inspectie vond dit nog niet genoeg. Lees wat ontbreekt, en lever opnieuw in."
            if measure.is_returned
            else "Lees wat u moet doen en lever in waaruit blijkt dat het gedaan is.",
            measure.get_absolute_url(),
            "Bekijken",
            measure.due_on,
        )


def _waiting_for_inspectorate(actor: Actor) -> Iterator[Task]:
    after = [Visit.Status.REACTED, Visit.Status.PROCESSED, Visit.Status.SETTLED]
    for visit in Visit.objects.visible_to(actor).for_list().filter(status__in=after)[:LIMIT]:
        yield Task(
            "De inspectie", f"Verwerkt uw reactie op rapport {visit.number}.", visit.get_absolute_url()
        )


def _waiting_for_own_publication(actor: Actor) -> Iterator[Task]:
    for visit in Visit.objects.visible_to(actor).for_list().filter(status=Visit.Status.DECIDED)[:LIMIT]:
        day = day_of(visit.publication.publish_at)
        yield Task(
            "De inspectie",
            f"Maakt rapport {visit.number} openbaar op {day}.",
            f"{visit.get_absolute_url()}#openbaarmaking",
        )


TASKS: tuple[Source, ...] = (
    (PROVIDER_EDITORS, _coming_visit),
    (PROVIDER_EDITORS, _documents_asked),
    (PROVIDER_EDITORS, _react),
    (PROVIDER_EDITORS, _points),
    (PROVIDER_EDITORS, _measures),
)
WAITING: tuple[Source, ...] = (
    (PROVIDER_EDITORS, _waiting_for_inspectorate),
    (PROVIDER_EDITORS, _waiting_for_own_publication),
)
