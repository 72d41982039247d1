"""Providers and visits in lists, planning a visit, one visit at a glance, and its steps."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from assessments import permissions, visit_overview, visits
from assessments.errors import WrongState
from assessments.forms.visit_plan import PlanForm, ProviderFilterForm, VisitFilterForm
from assessments.forms.visit_text import CountsForm
from assessments.models import Revision, Visit, VisitMember
from assessments.views.steps import take_step
from assessments.views.visit_conflicts import changed
from assessments.workflow import VISIT
from providers.http import Request
from providers.models import Organisation, OrganisationQuerySet, ProviderRegion
from providers.paging import page_after
from providers.permissions import roles_required

INSPECTION = permissions.INSPECTION
READERS = (*INSPECTION, *permissions.PROVIDER_EDITORS)


@roles_required(*INSPECTION)
def providers(request: Request) -> HttpResponse:
    """All providers by name, handed in or not; three queries for what stands beside them."""
    form = ProviderFilterForm(request.GET)
    found = Organisation.objects.providers()
    if form.is_valid():
        found = _filtered(found, form.cleaned_data)
    page = page_after(found, request, order=("name", "id"))
    accounts = _newest_accounts(page.rows)
    last = _last_visits(page.rows)
    rows = [(row, accounts.get(row.pk), last.get(row.pk)) for row in page.rows]
    return render(request, "assessments/visits/providers.html", {"form": form, "page": page, "rows": rows})


def _filtered(found: OrganisationQuerySet, wanted: dict[str, Any]) -> OrganisationQuerySet:
    if words := wanted["q"]:
        found = found.filter(Q(name__icontains=words) | Q(kvk__startswith=words) | Q(place__icontains=words))
    if wanted["regio"]:
        here = ProviderRegion.objects.on().filter(region=wanted["regio"])
        found = found.filter(pk__in=here.values("provider"))
    if wanted["ingediend"]:
        handed_in = Exists(
            Revision.objects.filter(organisation=OuterRef("pk"), status=Revision.Status.SUBMITTED)
        )
        found = found.filter(handed_in if wanted["ingediend"] == "ja" else ~handed_in)
    return found


def _newest_accounts(rows: Any) -> dict[int, Revision]:
    """The newest handed-in account of each provider."""
    newest = (
        Revision.objects.filter(organisation__in=rows, status=Revision.Status.SUBMITTED)
        .select_related("self_assessment")
        .defer("content")
        .order_by("organisation_id", "-self_assessment__year")
        .distinct("organisation_id")
    )
    return {revision.organisation_id: revision for revision in newest}


def _last_visits(rows: Any) -> dict[int, Visit]:
    last = (
        Visit.objects.filter(organisation__in=rows)
        .order_by("organisation_id", "-starts_on", "-pk")
        .distinct("organisation_id")
    )
    return {visit.organisation_id: visit for visit in last}


@roles_required(*INSPECTION)
def visit_plan(request: Request, provider: int) -> HttpResponse:
    organisation = get_object_or_404(Organisation.objects.providers(), pk=provider)
    form = PlanForm(request.POST or None, provider=organisation, planner=request.actor)
    if request.method == "POST" and form.is_valid():
        wanted = {name: value for name, value in form.cleaned_data.items() if name != "confirmed"}
        visit = visits.plan_visit(provider=organisation, **wanted, by=request.actor)
        messages.success(request, f"Het bezoek aan {organisation} is gepland.")
        return redirect(visit)
    account = _newest_accounts([organisation]).get(organisation.pk)
    context = {"form": form, "provider": organisation, "account": account}
    return render(request, "assessments/visits/plan.html", context)


@roles_required(*READERS)
def visit_list(request: Request) -> HttpResponse:
    """The inspectorate's visits, one's own first; or the provider's, with what is asked of it."""
    found = Visit.objects.visible_to(request.actor).for_list()
    if not visit_overview.is_inside(request.actor):
        page = page_after(found, request, order=("-starts_on", "-id"))
        rows = [(visit, visit_overview.asked_of_provider(visit)) for visit in page.rows]
        return render(request, "assessments/visits/own.html", {"page": page, "rows": rows})
    wanted, form, mine = _wanted(request, found)
    page = page_after(wanted, request, order=("-starts_on", "-id"))
    return render(request, "assessments/visits/list.html", {"page": page, "form": form, "mine": mine})


def _wanted(request: Request, found: QuerySet[Visit]) -> tuple[QuerySet[Visit], VisitFilterForm, bool]:
    """Without a choice: one's own visits, or all for who is in no team."""
    own = VisitMember.objects.filter(user=request.actor.user)
    data = request.GET.copy()
    if "welke" not in data:
        data["welke"] = "mijn" if own.exists() else "alle"
    form = VisitFilterForm(data)
    wanted = form.cleaned_data if form.is_valid() else {}
    mine = wanted.get("welke") == "mijn"
    if mine:
        found = found.filter(pk__in=own.values("visit"))
    if wanted.get("status"):
        found = found.filter(status=wanted["status"])
    return found, form, mine


def visible_visit(request: Request, pk: int) -> Visit:
    """The visit with what every page about it names; 404 when it is not this actor's to see."""
    visits_seen = Visit.objects.visible_to(request.actor).select_related(
        "organisation", "publication", "revision__self_assessment"
    )
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
        "members": visit.members.select_related("user").order_by("user__name"),
        "term": visit_overview.reaction_term(visit),
        "may_record": may_record,
        "has_text": visit.passages.exists(),
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
