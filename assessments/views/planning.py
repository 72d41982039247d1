"""Planning a visit, changing the plan, declaring to have no interest, the letter and the agenda file."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from assessments import calendar_file, permissions, planning, preparation_text
from assessments.errors import WrongState
from assessments.forms.visit_plan import ChangeForm, HandOverForm, MoveForm, PlanForm, SeenForm
from assessments.models import Visit
from assessments.views.visit_conflicts import CONFLICT, changed, unsaved_page
from assessments.views.visits import newest_accounts, visible_visit
from providers.http import Request
from providers.models import Organisation
from providers.permissions import roles_required

INSPECTION = permissions.INSPECTION
READERS = (*INSPECTION, *permissions.PROVIDER_EDITORS)


@roles_required(*INSPECTION)
def visit_plan(request: Request, provider: int) -> HttpResponse:
    """A new visit; with ?vervolg=… a follow-up of what fell short."""
    organisation = get_object_or_404(Organisation.objects.providers(), pk=provider)
    follows = _followed(request, organisation)
    form = PlanForm(request.POST or None, provider=organisation, planner=request.actor, follows=follows)
    if request.method == "POST" and form.is_valid():
        visit = planning.plan_visit(provider=organisation, **form.plan, by=request.actor)
        messages.success(request, f"Het bezoek aan {organisation} is gepland.")
        return redirect(visit)
    account = newest_accounts([organisation]).get(organisation.pk)
    context = {"form": form, "provider": organisation, "account": account, "follows": follows}
    return render(request, "assessments/visits/plan.html", context)


def _followed(request: Request, organisation: Organisation) -> Visit | None:
    number = request.GET.get("vervolg", "")
    if not number:
        return None
    settled = Visit.objects.visible_to(request.actor).filter(status__in=planning.FOLLOWED)
    return get_object_or_404(settled, number=number, organisation=organisation)


def _changeable(request: Request, pk: int) -> Visit:
    visit = visible_visit(request, pk)
    if not permissions.can_change_plan(request.actor, visit):
        raise PermissionDenied
    return visit


def _write(
    request: Request, visit: Visit, form: SeenForm, template: str, write: Callable[[], Visit], done: str
) -> HttpResponse:
    """Show a form about the plan, or carry it out; what a colleague changed in between is shown first."""
    context = {"visit": visit, "form": form, "newer": []}
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            write()
        except planning.StalePlan as stale:
            context["newer"] = [(event, planning.changes_in_words(event)) for event in stale.events]
            form.show_newer(planning.mark(visit))
            status = CONFLICT
        except ValidationError as error:
            form.add_error(None, error)
        except WrongState as state:
            if texts := _texts(form):
                return unsaved_page(request, visit, state, texts)
            messages.warning(request, changed(state))
            return redirect(visit)
        else:
            messages.success(request, done)
            return redirect(visit)
    return render(request, f"assessments/visits/{template}.html", context, status=status)


def _texts(form: SeenForm) -> list[tuple[str, str]]:
    """What was typed, to keep."""
    areas = {name: field for name, field in form.fields.items() if isinstance(field.widget, forms.Textarea)}
    return [(str(field.label), form.cleaned_data[name]) for name, field in areas.items()]


def _only_while(request: Request, visit: Visit, *statuses: str) -> HttpResponse | None:
    """Back to the visit when its plan stands. What is sent then says so itself, and keeps what was typed."""
    if request.method == "POST" or visit.status in statuses:
        return None
    messages.warning(request, changed(WrongState(visit.get_status_display())))
    return redirect(visit)


@roles_required(*INSPECTION)
def visit_move(request: Request, pk: int) -> HttpResponse:
    """Other days."""
    visit = _changeable(request, pk)
    if late := _only_while(request, visit, Visit.Status.PLANNED):
        return late
    form = MoveForm(request.POST or None, visit=visit)

    def write() -> Visit:
        chosen = form.cleaned_data
        return planning.move(
            visit.pk,
            chosen["starts_on"],
            chosen["ends_on"],
            chosen["reason"],
            chosen["seen"],
            by=request.actor,
        )

    return _write(request, visit, form, "move", write, "Het bezoek is verzet.")


@roles_required(*INSPECTION)
def visit_change(request: Request, pk: int) -> HttpResponse:
    """Places, team, coordinator and how the team judges."""
    visit = _changeable(request, pk)
    if late := _only_while(request, visit, Visit.Status.PLANNED):
        return late
    form = ChangeForm(request.POST or None, visit=visit, by=request.actor)

    def write() -> Visit:
        return planning.change(visit.pk, form.changes, form.cleaned_data["seen"], by=request.actor)

    return _write(request, visit, form, "change", write, "Het plan is opgeslagen.")


@roles_required(*INSPECTION)
def visit_hand_over(request: Request, pk: int) -> HttpResponse:
    """A colleague takes the place of a member of the team."""
    visit = _changeable(request, pk)
    if late := _only_while(request, visit, *planning.OPEN):
        return late
    form = HandOverForm(request.POST or None, visit=visit, by=request.actor)

    def write() -> Visit:
        chosen = form.cleaned_data
        return planning.hand_over(
            visit.pk, chosen["leaver"], chosen["heir"], chosen["seen"], by=request.actor
        )

    return _write(request, visit, form, "hand_over", write, "Het bezoek is overgedragen.")


@roles_required(*INSPECTION)
@require_POST
def visit_declare(request: Request, pk: int) -> HttpResponse:
    """A member declares to have no interest in the provider, or leaves the team (`conflict`)."""
    visit = visible_visit(request, pk)
    try:
        if "conflict" in request.POST:
            planning.report_conflict(visit.pk, by=request.actor)
            messages.success(request, "U zit niet meer in het team van dit bezoek. Dank dat u dit meldde.")
        else:
            planning.declare(visit.pk, by=request.actor)
            messages.success(request, "Uw verklaring is vastgelegd. U kunt nu vastleggen bij dit bezoek.")
    except WrongState as state:
        messages.warning(request, changed(state))
    return redirect(visit)


@roles_required(*READERS)
@require_GET
def visit_letter(request: Request, pk: int) -> HttpResponse:
    """The letter that announces a visit, to print."""
    visit = visible_visit(request, pk)
    if not visit.announced:
        raise Http404
    told = visit.events.filter(action__in=("plan", "announce"), internal=False).order_by("-at").first()
    day = timezone.localdate(told.at if told else visit.created_at)
    context = {"visit": visit, "letter": preparation_text.letter(visit, day)}
    return render(request, "assessments/visits/letter.html", context)


@roles_required(*INSPECTION)
@require_GET
def visit_calendar(request: Request, pk: int) -> HttpResponse:
    """One visit as an agenda file."""
    found = Visit.objects.visible_to(request.actor).filter(pk=pk)
    visit = get_object_or_404(calendar_file.with_changes(found))
    return _calendar(calendar_file.calendar([visit]), f"bezoek-{visit.number}.ics")


@roles_required(*INSPECTION)
@require_GET
def calendar(request: Request) -> HttpResponse:
    """The visits of one's own teams as an agenda file: what comes, and what was this last year."""
    since = timezone.localdate() - calendar_file.KEPT
    own = Visit.objects.visible_to(request.actor).filter(members__user=request.actor.user, ends_on__gte=since)
    found = calendar_file.with_changes(own).order_by("starts_on", "pk")
    return _calendar(calendar_file.calendar(found), "mijn-bezoeken.ics")


def _calendar(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=calendar_file.CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
