"""What a coordinating inspector has to do for visits of others, and for what care offices tell."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Exists, OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from assessments import permissions
from assessments.concept_mail import OPEN_AFTER
from assessments.models import (
    ConceptVersion,
    Concern,
    Correction,
    Objection,
    Visit,
    VisitMember,
)
from assessments.report_text import visit_days
from assessments.todo.task import LIMIT, Source, Task, day_of
from assessments.visit_agenda import next_day
from providers.actor import Actor
from providers.models import Role

_COORDINATOR_STEPS = {
    Visit.Status.PROCESSED: ("Rapport vaststellen", "Vaststellen"),
    Visit.Status.SETTLED: ("Besluit tot openbaarmaking nemen", "Besluiten"),
}


def _coordination(actor: Actor) -> Iterator[Task]:
    visits = permissions.settleable(actor).filter(status__in=list(_COORDINATOR_STEPS)).for_list()
    for visit in visits.order_by("starts_on", "pk")[:LIMIT]:
        title, label = _COORDINATOR_STEPS[Visit.Status(visit.status)]
        text = f"{visit.organisation}, rapport {visit.number}."
        yield Task(title, text, visit.get_absolute_url(), label, next_day(visit)[0])


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


def _deliver(actor: Actor) -> Iterator[Task]:
    """Concepts that nobody opened in a week: then a letter of somebody outside the team begins the term."""
    sent = ConceptVersion.objects.filter(visit=OuterRef("pk")).order_by("-created_at", "-pk")
    unopened = (
        Visit.objects.for_list()
        .filter(status=Visit.Status.AT_PROVIDER, reaction_due=None)
        .annotate(sent_at=Subquery(sent.values("created_at")[:1]))
        .filter(sent_at__lt=timezone.now() - timedelta(days=max(OPEN_AFTER)))
        .exclude(members__user=actor.user)
    )
    for visit in unopened.order_by("sent_at", "pk")[:LIMIT]:
        yield Task(
            "Conceptrapport aangetekend bezorgen",
            f"{visit.organisation} opende het concept niet. Verstuurd op {day_of(visit.sent_at)}.",
            reverse("assessments:concept_delivery", args=[visit.pk]),
            "Bezorging vastleggen",
        )


def _corrections(actor: Actor) -> Iterator[Task]:
    """Better versions that wait for somebody who did not write them."""
    rows = Correction.objects.open().filter(places__isnull=False, visit__in=permissions.settleable(actor))
    for row in rows.select_related("visit__organisation").distinct()[:LIMIT]:
        yield Task(
            "Verbeterde versie vaststellen",
            f"{row.visit.organisation}, rapport {row.visit.number}.",
            reverse("assessments:correction", args=[row.visit_id]),
            "Lezen",
        )


def _objections(actor: Actor) -> Iterator[Task]:
    for row in Objection.objects.open().select_related("visit__organisation")[:LIMIT]:
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


def _waiting_for_publication(actor: Actor) -> Iterator[Task]:
    visits = Visit.objects.filter(status=Visit.Status.DECIDED).for_list()
    for visit in visits.order_by("publication__publish_at")[:LIMIT]:
        day = day_of(visit.publication.publish_at)
        yield Task(str(visit.organisation), f"Wordt openbaar op {day}.", visit.get_absolute_url())


TASKS: tuple[Source, ...] = (
    ((Role.COORDINATING_INSPECTOR,), _coordination),
    ((Role.COORDINATING_INSPECTOR,), _uncoordinated),
    ((Role.COORDINATING_INSPECTOR,), _deliver),
    ((Role.COORDINATING_INSPECTOR,), _corrections),
    ((Role.COORDINATING_INSPECTOR,), _objections),
    ((Role.COORDINATING_INSPECTOR,), _suspended),
    ((Role.COORDINATING_INSPECTOR,), _shared_concerns),
)
WAITING: tuple[Source, ...] = (((Role.COORDINATING_INSPECTOR,), _waiting_for_publication),)
