"""Recording a visit, criterion by criterion: findings, one's own judgement and the common one."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from assessments import permissions
from assessments.errors import WrongState
from assessments.field_edits import FINDING, Edit, apply_edits
from assessments.forms.visit_clash import other_inputs, settle
from assessments.forms.visit_edits import FieldEditForm, FindingForm, OpenForm
from assessments.judging import open_judgements
from assessments.models import Finding, Visit
from assessments.report_text import judged_items
from assessments.views.visit_conflicts import clash_page, unsaved_page
from assessments.views.visits import recordable_visit, visible_visit
from assessments.visit_workspace import Desk, desk, finding_items
from providers.http import Request
from providers.permissions import roles_required

INSPECTION = permissions.INSPECTION


@roles_required(*INSPECTION)
def visit_criterion(request: Request, pk: int, item: int) -> HttpResponse:
    """Own score beside one's judgement, findings below; colleagues outside the team can read it."""
    visit = visible_visit(request, pk, ("organisation", "revision"))
    return _page(request, _desk(request, visit, item))


def _desk(request: Request, visit: Visit, item: int) -> Desk:
    found = desk(visit, item, request.actor)
    if found is None:
        raise Http404
    return found


def _page(request: Request, shown: Desk, **forms: Any) -> HttpResponse:
    """The page, with a form that was refused in the place of a fresh one."""
    actor, visit = request.actor, shown.visit
    may_record = visit.status in Visit.CORRECTING and permissions.can_record(actor, visit)
    context: dict[str, Any] = {
        "visit": visit,
        "desk": shown,
        "may_record": may_record,
        "may_add": may_record and visit.status in Visit.RECORDING,
        "may_open": shown.is_closed and permissions.can_open_judgements(actor, visit),
        "open_form": OpenForm(),
        "refused": next(iter(forms.values()), None),
    }
    if may_record:
        fresh = {
            "finding_form": shown.finding_form(),
            "own_form": shown.own_form(actor),
            "common_form": shown.common_form(actor),
        }
        context |= fresh
    context |= forms
    return render(request, "assessments/visits/criterion.html", context)


@roles_required(*INSPECTION)
@require_POST
def judgement(request: Request, pk: int, item: int) -> HttpResponse:
    """Save one's own judgement, or with `common` the team's."""
    shown = _desk(request, recordable_visit(request, pk), item)
    common = "common-object_edit" in request.POST
    data = settle(request.POST)
    form = shown.common_form(request.actor, data) if common else shown.own_form(request.actor, data)
    here = reverse("assessments:visit_criterion", args=[pk, item])
    words = "Het gezamenlijke oordeel is vastgelegd." if common else "Uw oordeel is opgeslagen."
    place = {"item_id": item, "common": common}
    name = "common_form" if common else "own_form"
    back = f"{here}#gezamenlijk" if common else here
    return _save(request, shown.visit, form, back, words, place) or _page(request, shown, **{name: form})


@roles_required(*INSPECTION)
@require_POST
def judgements_open(request: Request, pk: int, item: int) -> HttpResponse:
    """Show the team what each judged so far, though not all have."""
    shown = _desk(request, visible_visit(request, pk), item)
    if not permissions.can_open_judgements(request.actor, shown.visit):
        raise PermissionDenied
    form = OpenForm(request.POST)
    here = reverse("assessments:visit_criterion", args=[pk, item])
    if form.is_valid():
        try:
            open_judgements(pk, item, form.cleaned_data["reason"], by=request.actor)
        except WrongState as state:
            return unsaved_page(request, shown.visit, state, [("Reden", form.cleaned_data["reason"])])
        messages.success(request, "Het team ziet nu elkaars oordelen.")
        return redirect(f"{here}#gezamenlijk")
    return _page(request, shown, open_form=form)


@roles_required(*INSPECTION)
@require_POST
def finding_new(request: Request, pk: int) -> HttpResponse:
    visit = recordable_visit(request, pk)
    item = request.POST.get("criterion", "")
    shown = _desk(request, visit, int(item) if item.isdecimal() and len(item) < 12 else 0)
    form = shown.finding_form(settle(request.POST))
    back = reverse("assessments:visit_criterion", args=[pk, shown.item.pk])
    saved = _save(request, visit, form, f"{back}#bevindingen", "De bevinding is bewaard.", {})
    return saved or _page(request, shown, finding_form=form)


@roles_required(*INSPECTION)
def finding_edit(request: Request, pk: int, finding: UUID) -> HttpResponse:
    visit = (recordable_visit if request.method == "POST" else visible_visit)(request, pk)
    row = get_object_or_404(Finding.objects.filter(visit=visit).select_related("author"), pk=finding)
    form = _finding_form(request, visit, row)
    if request.method == "POST":
        back = _criterion_of(visit, row)
        if saved := _save(request, visit, form, back, "De bevinding is gewijzigd.", {}):
            return saved
    context = {
        "visit": visit,
        "finding": row,
        "form": form,
        "back": _criterion_of(visit, row),
        "may_record": visit.status in Visit.CORRECTING and permissions.can_record(request.actor, visit),
    }
    return render(request, "assessments/visits/finding.html", context)


@roles_required(*INSPECTION)
@require_POST
def finding_remove(request: Request, pk: int, finding: UUID) -> HttpResponse:
    """Take a finding out of the report, or with `undo` put it back; nothing of it is lost."""
    visit = recordable_visit(request, pk)
    row = get_object_or_404(Finding.objects.filter(visit=visit), pk=finding)
    gone = "undo" not in request.POST
    # What stands there now was on the page that the button was on.
    version = row.versions.get("removed", 0)
    edit = Edit(uuid4(), FINDING, row.pk, "removed", version, gone, read=_read(request) if gone else None)
    back = _criterion_of(visit, row)
    try:
        (outcome,) = apply_edits(visit.pk, [edit], by=request.actor, device="browser")
    except (WrongState, ValidationError):
        messages.warning(request, "Dat kan nu niet meer: het concept is verstuurd.")
        return redirect(back)
    if outcome.result == "conflict":
        messages.warning(request, f"{outcome.other_author} wijzigde deze bevinding. Lees haar eerst opnieuw.")
    else:
        messages.success(request, "De bevinding is verwijderd." if gone else "De bevinding staat er weer.")
    return redirect(back)


def _read(request: Request) -> int:
    """The version of the text that was on the page; an unreadable one is the oldest."""
    read = request.POST.get("read", "")
    return int(read) if read.isdecimal() and len(read) < 9 else 0


def _finding_form(request: Request, visit: Visit, row: Finding) -> FindingForm:
    current = [item.pk for item in row.items.all()]
    return FindingForm(
        settle(request.POST) if request.method == "POST" else None,
        items=finding_items(judged_items(visit)),
        finding=row,
        prefix="finding",
        initial={"source": row.source, "text": row.text, "items": current},
    )


def _criterion_of(visit: Visit, row: Finding) -> str:
    """The page of the first criterion that the finding is about."""
    judged = {item.pk for item in judged_items(visit)}
    about = row.items.order_by("position").values_list("pk", "parent_id")
    found = next((node for pair in about for node in pair if node in judged), None)
    if found is None:
        return visit.get_absolute_url()
    return reverse("assessments:visit_criterion", args=[visit.pk, found]) + "#bevindingen"


def _save(
    request: Request, visit: Visit, form: FieldEditForm, back: str, words: str, place: dict[str, Any]
) -> HttpResponse | None:
    """Send the form's edits. A redirect when saved, a page with both texts on a clash, None when refused."""
    if not form.is_valid():
        return None
    try:
        outcomes = apply_edits(visit.pk, form.edits(**place), by=request.actor, device="browser")
    except WrongState as state:
        return unsaved_page(request, visit, state, form.texts())
    except ValidationError as error:
        form.add_error(None, error)
        return None
    if clashes := form.clashes(outcomes):
        return clash_page(request, visit, clashes, other_inputs(form.data), back)
    messages.success(request, words)
    return redirect(back)
