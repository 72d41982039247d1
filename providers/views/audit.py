"""The log, for who manages an organisation: what it did, and who did or saw what of its data."""

import csv
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from providers import audit
from providers.actor import MANAGERS, Actor
from providers.forms.audit import AuditFilterForm
from providers.http import Request
from providers.models import AuditEvent, Role
from providers.models.audit import AuditEventQuerySet
from providers.paging import page_after
from providers.permissions import roles_required
from providers.spreadsheets import harmless

NEWEST_FIRST = ("-at", "-id")
EXPORT_LIMIT = 50_000
COLUMNS = [
    "wanneer",
    "uitkomst",
    "wat",
    "wie",
    "rollen",
    "namens",
    "over",
    "soort",
    "nummer",
    "vanaf",
    "verzoek",
]


@dataclass(frozen=True)
class Line:
    """An event as this reader may see it: of another organisation's people only for whom they acted."""

    event: AuditEvent
    actor: Actor

    @property
    def what(self) -> str:
        return audit.ACTIONS.get(self.event.action, self.event.action)

    @property
    def who(self) -> str:
        event = self.event
        if event.user is None:
            return "Thuispeil zelf" if event.acting_for_id is None and event.roles == "system" else "Onbekend"
        own = event.acting_for_id == self.actor.organisation_id or self.actor.has(Role.PORTAL_ADMIN)
        return event.user.name if own or event.acting_for is None else f"Medewerker van {event.acting_for}"

    @property
    def roles(self) -> str:
        held = self.event.roles.split(",")
        return ", ".join(str(role.label) for role in Role if role in held)

    @property
    def about(self) -> str:
        return str(self.event.about or "")

    @property
    def which(self) -> str:
        """The number of the object; the portal's own people see none."""
        if not self.event.object_id or self.actor.has(Role.PORTAL_ADMIN):
            return ""
        return self.event.object_id


def found(actor: Actor, form: AuditFilterForm) -> AuditEventQuerySet:
    """The lines that the actor may read and asks for."""
    events = AuditEvent.objects.visible_to(actor)
    wanted = form.cleaned_data if form.is_valid() else {}
    if wanted.get("since"):
        events = events.filter(at__gte=_midnight(wanted["since"]))
    if wanted.get("until"):
        events = events.filter(at__lt=_midnight(wanted["until"] + timedelta(days=1)))
    if wanted.get("outcome"):
        events = events.filter(outcome=wanted["outcome"])
    if wanted.get("action"):
        events = events.filter(action=wanted["action"])
    if wanted.get("by") == "own":
        events = events.filter(acting_for=actor.organisation_id)
    elif wanted.get("by") == "others":
        events = events.exclude(acting_for=actor.organisation_id)
    return events.select_related("user", "acting_for", "about")


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


@roles_required(*MANAGERS)
@require_safe
def audit_log(request: Request) -> HttpResponse:
    """The log, newest first."""
    form = AuditFilterForm(request.GET)
    page = page_after(found(request.actor, form), request, order=NEWEST_FIRST)
    context = {
        "page": page,
        "lines": [Line(event, request.actor) for event in page],
        "form": form,
        "filtered": form.is_valid() and any(form.cleaned_data.values()),
    }
    return render(request, "providers/audit_log.html", context)


@roles_required(*MANAGERS)
@require_safe
def audit_export(request: Request) -> HttpResponse:
    """The same lines as a table, newest first, up to EXPORT_LIMIT."""
    actor = request.actor
    audit.record("audit_exported", by=actor, about=actor.organisation_id)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="logboek-{timezone.localdate()}.csv"'
    writer = csv.writer(response, delimiter=";")
    writer.writerow(COLUMNS)
    events = found(actor, AuditFilterForm(request.GET)).order_by(*NEWEST_FIRST)[:EXPORT_LIMIT]
    writer.writerows([harmless(text) for text in _row(Line(event, actor))] for event in events)
    return response


def _row(line: Line) -> list[str]:
    event = line.event
    own = event.acting_for_id == line.actor.organisation_id
    return [
        timezone.localtime(event.at).isoformat(timespec="seconds"),
        event.get_outcome_display(),
        line.what,
        line.who,
        line.roles,
        str(event.acting_for or ""),
        line.about,
        event.object_kind,
        line.which,
        (event.address or "") if own else "",
        event.request_id,
    ]
