"""What who asks providers for an account has to do: read it, read reports, and answer requests for time."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from assessments import campaigns
from assessments.models import Campaign, ConceptVersion, Receipt, Revision, Visit
from assessments.todo.task import LIMIT, Source, Task, day_of
from providers.actor import Actor
from providers.models import Organisation, Role

RECENT_DAYS = 60


def _recently() -> datetime:
    return timezone.now() - timedelta(days=RECENT_DAYS)


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
            f"Over {revision.self_assessment.year}, ingediend op {day_of(revision.submitted_at)}.",
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
            f"Openbaar sinds {day_of(visit.publication.published_at)}.",
            reverse("reports:detail", args=[visit.number, visit.newest]),
            "Lezen",
        )


TASKS: tuple[Source, ...] = (
    (Campaign.ASKERS, _requests_for_time),
    ((Role.CARE_OFFICE_OFFICER,), _unread_accounts),
    ((Role.CARE_OFFICE_OFFICER,), _new_reports),
)
