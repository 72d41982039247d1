"""Visits in lists, one visit at a glance, and its steps."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from assessments import permissions, preparing, publication, reaction, visit_agenda, visit_overview, visits
from assessments.errors import WrongState
from assessments.forms.visit_plan import VisitFilterForm
from assessments.forms.visit_text import CountsForm
from assessments.models import Revision, Visit, VisitMember
from assessments.views.steps import take_step
from assessments.views.visit_conflicts import changed
from assessments.workflow import VISIT
from providers.http import Request
from providers.paging import page_after
from providers.permissions import roles_required

INSPECTION = permissions.INSPECTION
READERS = (*INSPECTION, *permissions.PROVIDER_EDITORS)
NAMED = ("organisation", "publication", "follows", "revision__self_assessment")


def newest_accounts(rows: Any) -> dict[int, Revision]:
    """The newest handed-in account of each provider."""
    newest = (
        Revision.objects.filter(organisation__in=rows, status=Revision.Status.SUBMITTED)
        .select_related("self_assessment")
        .defer("content")
        .order_by("organisation_id", "-self_assessment__year")
        .distinct("organisation_id")
    )
    return {revision.organisation_id: revision for revision in newest}


@roles_required(*READERS)
def visit_list(request: Request) -> HttpResponse:
    """The inspectorate's visits, one's own first, by what comes next; or the provider's own."""
    found = Visit.objects.visible_to(request.actor).for_list()
    if not visit_overview.is_inside(request.actor):
        page = page_after(found, request, order=("-starts_on", "-id"))
        rows = [(visit, visit_overview.asked_of_provider(visit)) for visit in page.rows]
        return render(request, "assessments/visits/own.html", {"page": page, "rows": rows})
    own = VisitMember.objects.filter(user=request.actor.user)
    data = request.GET.copy()
    if "welke" not in data:
        data["welke"] = "mijn" if own.exists() else "alle"
    form = VisitFilterForm(data)
    wanted = form.cleaned_data if form.is_valid() else {}
    mine = wanted.get("welke") == "mijn"
    if mine:
        found = found.filter(pk__in=own.values("visit"))
    context: dict[str, Any] = {"form": form, "mine": mine}
    if status := wanted.get("status"):
        if statuses := form.statuses_of(status):
            found = found.filter(status__in=statuses)
        context["page"] = page_after(found, request, order=("-starts_on", "-id"))
    else:
        context["groups"] = visit_agenda.groups(found, request.actor)
    return render(request, "assessments/visits/list.html", context)


def visible_visit(request: Request, pk: int, named: Sequence[str] = NAMED) -> Visit:
    """The visit with what a page about it names; 404 when it is not this actor's to see."""
    visits_seen = Visit.objects.visible_to(request.actor).select_related(*named)
    return get_object_or_404(visits_seen.defer("revision__content"), pk=pk)


def recordable_visit(request: Request, pk: int) -> Visit:
    """The visit for a write: 403 for who is not of its team."""
    visit = visible_visit(request, pk)
    if not permissions.can_record(request.actor, visit):
        raise PermissionDenied
    return visit


@roles_required(*READERS)
def visit(request: Request, pk: int) -> HttpResponse:
    return render_visit(request, visible_visit(request, pk))


def render_visit(request: Request, visit: Visit, counts_form: CountsForm | None = None) -> HttpResponse:
    actor = request.actor
    inside = visit_overview.is_inside(actor)
    rows = visit_overview.criteria(visit, actor)
    missing = next((row.item for row in rows if not row.common), None)
    may_record = inside and visit.status in Visit.CORRECTING and permissions.can_record(actor, visit)
    context = {
        "visit": visit,
        "inside": inside,
        "rows": rows,
        "first_item": rows[0].item if rows else None,
        "situation": visit_overview.situation(visit, actor),
        "steps": visit_overview.next_steps(visit, actor, missing),
        "timeline": visit_overview.timeline(visit, actor),
        "versions": visit_overview.readable_versions(visit, actor),
        "locations": visit.locations.all(),
        "editions": visit.editions.select_related("framework").order_by("step", "edition"),
        "preparing": preparing.of_visit(visit, actor),
        "term": visit_overview.reaction_term(visit),
        "reaction_term": reaction.term_for(visit, actor),
        "may_record": may_record,
        "copies": visit_overview.copies(visit) if may_record else [],
        "has_text": visit.passages.exists(),
        "after": publication.aftermath(visit, actor),
        "counts_form": counts_form or (CountsForm(visit=visit) if may_record else None),
    }
    template = "visit.html" if inside else "visit_provider.html"
    return render(request, f"assessments/visits/{template}", context)


@roles_required(*INSPECTION)
@require_POST
def visit_counts(request: Request, pk: int) -> HttpResponse:
    shown = recordable_visit(request, pk)
    form = CountsForm(request.POST, visit=shown)
    if form.is_valid():
        try:
            visits.save_counts(shown.pk, form.counts, form.seen, by=request.actor)
        except visits.StaleCounts as stale:
            form.show_newer(stale.current)
        except WrongState as state:
            messages.warning(request, changed(state))
            return redirect(shown)
        else:
            messages.success(request, "De aantallen zijn opgeslagen.")
            return redirect(shown)
    return render_visit(request, shown, form)


@roles_required(*READERS)
def visit_step(request: Request, pk: int, action: str) -> HttpResponse:
    shown = visible_visit(request, pk)
    response = take_step(request, VISIT, shown, action, done=DONE.get(action, ""))
    if action == "compose" and request.method == "POST":
        return redirect("assessments:report_text", shown.pk)
    return response


DONE = {
    "conduct": "Het bezoek staat op uitgevoerd.",
    "compose": "De standaardtekst staat klaar. Vul haar aan.",
    "send_concept": "Het conceptrapport is verstuurd. De aanbieder kan het nu lezen.",
    "submit_reaction": "Uw reactie is verstuurd. De inspectie beantwoordt elke opmerking.",
    "no_remarks": "U heeft laten weten dat u geen opmerkingen heeft.",
    "process": "De reactie is verwerkt. Een coördinerend inspecteur kan het rapport vaststellen.",
    "settle": "Het rapport is vastgesteld. De PDF wordt gemaakt.",
    "reopen": "Het rapport is terug bij het team, met uw reden.",
    "decide": "Het besluit is genomen. Het rapport wordt vanzelf openbaar zodra de wachttijd om is.",
    "suspend": "De openbaarmaking is opgeschort.",
    "resume": "De opschorting is opgeheven.",
    "withdraw": "Het rapport is ingetrokken.",
    "cancel": "Het bezoek is geannuleerd.",
}
