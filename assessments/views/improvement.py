"""Improvement actions: the board and the list, planning, changing, and taking their steps."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from assessments import beside, improvement
from assessments.forms.improvement import FilterForm, ImprovementForm
from assessments.improvement import IMPROVEMENT, Source
from assessments.models import ImprovementAction, Measure, Revision
from assessments.permissions import PROVIDER_EDITORS
from assessments.views.steps import take_step
from assessments.views.together import asked_item, own_revision
from assessments.visit_improvements import points
from norms.models import Item
from providers.http import Request
from providers.paging import page_after
from providers.permissions import roles_required

S = ImprovementAction.Status
# So many cards a column; the list has them all.
COLUMN = 30


@roles_required(*PROVIDER_EDITORS)
def improvements(request: Request) -> HttpResponse:
    """The provider's actions, as a board by status or as a list by date."""
    own = ImprovementAction.objects.visible_to(request.actor)
    themes = Item.objects.filter(pk__in=own.values("item__section")).order_by("version__step", "position")
    years = own.filter(revision__isnull=False).values_list("revision__self_assessment__year", flat=True)
    form = FilterForm(
        request.GET,
        themes=[(item.pk, f"{item.code}. {item.title}") for item in themes],
        years=sorted(set(years), reverse=True),
    )
    form.is_valid()
    found = _filtered(own.for_list(), form.cleaned_data, request)
    as_list = request.GET.get("weergave") == "lijst"
    is_filtered = any(form.cleaned_data.values())
    # What the inspectorate asks stands above the board, until it is done or somebody looks for something.
    asked = [] if as_list or is_filtered else list(points(request.actor).open()[:COLUMN])
    context = {
        "form": form,
        "measures": Measure.objects.visible_to(request.actor).running().for_list().order_by("due_on", "pk"),
        "points": asked,
        "as_list": as_list,
        "query": _query(request),
        # The date of what the inspectorate asks is not the provider's to change.
        "overdue": own.overdue(timezone.localdate()).filter(point="").count(),
        "is_filtered": is_filtered,
        "page": _list(found, request) if as_list else None,
        "columns": [] if as_list else _board(found.exclude(pk__in=[row.pk for row in asked]), request),
    }
    return render(request, "assessments/improvement/improvements.html", context)


def _filtered(
    actions: QuerySet[ImprovementAction], chosen: dict[str, Any], request: Request
) -> QuerySet[ImprovementAction]:
    if chosen.get("wie"):
        actions = actions.filter(assignee=request.actor.user)
    if chosen.get("wanneer"):
        actions = actions.filter(status__in=ImprovementAction.OPEN, due__lt=timezone.localdate())
    if chosen.get("thema"):
        actions = actions.filter(item__section=chosen["thema"])
    if chosen.get("jaar"):
        actions = actions.filter(revision__self_assessment__year=chosen["jaar"])
    return actions


def _query(request: Request) -> str:
    """What was filtered on, for the links between board and list."""
    kept = request.GET.copy()
    for name in ("weergave", "na"):
        kept.pop(name, None)
    return kept.urlencode()


def _list(found: QuerySet[ImprovementAction], request: Request) -> Any:
    closed = ~Q(status__in=ImprovementAction.OPEN)
    return page_after(found.annotate(is_closed=closed), request, order=("is_closed", "due", "id"))


def _board(found: QuerySet[ImprovementAction], request: Request) -> list[dict[str, Any]]:
    """A column for each status; none at all when there is nothing to show."""
    columns = [_column(found, status, request) for status in S if status != S.CHECKED]
    return columns if any(column["cards"] for column in columns) else []


def _column(found: QuerySet[ImprovementAction], status: S, request: Request) -> dict[str, Any]:
    order = ("due", "pk") if status in ImprovementAction.OPEN else ("-ended_at", "-pk")
    # What the inspectorate found good enough is done.
    statuses = (S.DONE, S.CHECKED) if status == S.DONE else (status,)
    rows = list(found.filter(status__in=statuses).prefetch_related("evidence").order_by(*order)[: COLUMN + 1])
    return {
        "status": status,
        "cards": [
            {"action": row, "steps": IMPROVEMENT.available(row, request.actor)} for row in rows[:COLUMN]
        ],
        "has_more": len(rows) > COLUMN,
    }


@roles_required(*PROVIDER_EDITORS)
def improvement_new(request: Request) -> HttpResponse:
    """Plan an action: from an item of an account when the address names one, else a loose one."""
    source = _source(request)
    form = ImprovementForm(
        request.POST if request.method == "POST" else None, by=request.actor, initial={"key": uuid.uuid4()}
    )
    if request.method == "POST" and form.is_valid():
        made = improvement.plan(form.save(commit=False), source, form.cleaned_data["key"], by=request.actor)
        messages.success(request, "De verbeteractie staat erbij. U vindt haar ook bij ‘Verbeteracties’.")
        return redirect(_asked_at(source) or made)
    return render(request, "assessments/improvement/form.html", {"form": form, "source": source})


def _asked_at(source: Source) -> str:
    """The question in a draft from which somebody came, to go on there."""
    if not (source.revision and source.item and source.revision.status == Revision.Status.DRAFT):
        return ""
    page = reverse("assessments:fill_in_section", args=[source.revision.pk, source.item.section_id])
    return f"{page}#vraag-{source.item.pk}"


def _source(request: Request) -> Source:
    account, item = request.GET.get("zelfevaluatie", ""), request.GET.get("vraag", "")
    if not (account or item):
        return Source()
    if not (account.isdecimal() and item.isdecimal() and len(account + item) < 18):
        raise Http404
    revision = own_revision(request, int(account))
    return Source(revision, asked_item(revision, int(item)))


def _own(request: Request, pk: int) -> ImprovementAction:
    actions = ImprovementAction.objects.visible_to(request.actor).for_list().with_lacking()
    return get_object_or_404(actions.select_related("created_by", "visit__organisation"), pk=pk)


def _changeable(request: Request, pk: int) -> ImprovementAction:
    """For who may change it: the inspectorate reads what it asked, and checks it."""
    action = _own(request, pk)
    if not improvement.can_improve(request.actor, action):
        raise PermissionDenied
    return action


@login_required
def improvement_detail(request: Request, pk: int) -> HttpResponse:
    """One action: what, who, when, its steps, its evidence, and the score before and after."""
    return _show(request, _own(request, pk))


def _show(request: Request, action: ImprovementAction, file_errors: list[str] | None = None) -> HttpResponse:
    context = {
        "action": action,
        "choices": IMPROVEMENT.available(action, request.actor),
        "events": _events(request, action),
        "may_improve": improvement.can_improve(request.actor, action),
        "files": action.evidence.order_by("-uploaded_at", "-pk"),
        "file_errors": file_errors or [],
        "after": beside.score_after(action),
    }
    return render(request, "assessments/improvement/improvement.html", context)


def _events(request: Request, action: ImprovementAction) -> list[tuple[Any, str, Any]]:
    """What happened and by whom; another organisation is named, its people are not."""
    own = request.actor.organisation_id
    rows = action.events.select_related("by", "by_organisation")
    return [
        (row, EVENTS[row.action], row.by if row.by_organisation_id == own else row.by_organisation)
        for row in rows
    ]


EVENTS = {
    "plan": "Gepland",
    "ask": "Gevraagd na een bezoek",
    "accept": "Voldoende bevonden",
    "refuse": "Niet voldoende bevonden",
    "change": "Gewijzigd",
    "evidence": "Bewijsstuk toegevoegd",
    "start": "Begonnen",
    "finish": "Klaar gemeld",
    "stop": "Gestopt",
    "reopen": "Opnieuw opgepakt",
}


@login_required
def improvement_edit(request: Request, pk: int) -> HttpResponse:
    """Change an open action; what a colleague changed meanwhile is told beside the field."""
    _changeable(request, pk)
    action = ImprovementAction.objects.select_for_update(of=("self",)).get(pk=pk)
    if not action.is_open:
        messages.warning(request, f"Deze actie is {action.get_status_display().lower()}. Pak haar eerst op.")
        return redirect(action)
    before = action.assignee_id, action.due
    form = ImprovementForm(request.POST or None, instance=action, by=request.actor)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save()
            improvement.note_change(action, before, by=request.actor)
        messages.success(request, "De verbeteractie is gewijzigd.")
        return redirect(action)
    return render(request, "assessments/improvement/form.html", {"form": form, "action": _own(request, pk)})


@login_required
def improvement_step(request: Request, pk: int, action: str) -> HttpResponse:
    """Begin, finish, stop or take up again."""
    shown = _own(request, pk)
    is_judged = action == "finish" and shown.is_point
    done = f"Mooi. {improvement.JUDGED}" if is_judged else DONE.get(action, "")
    response = take_step(request, IMPROVEMENT, shown, action, done=done)
    if request.method == "POST" and response.status_code == 302 and "bord" in request.POST:
        return redirect(
            f"{reverse('assessments:improvements')}?{QueryDict(request.POST['bord']).urlencode()}"
        )
    return response


DONE = {
    "start": "Begonnen. De actie staat nu bij ‘Bezig’.",
    "finish": "Mooi. De actie staat nu bij ‘Klaar’.",
    "stop": "De actie is gestopt, met uw reden.",
    "reopen": "De actie staat weer bij ‘Bezig’.",
    "accept": "Dit punt is klaar.",
    "refuse": "Het punt ligt weer bij de aanbieder, met uw reden.",
}


@login_required
@require_POST
def improvement_evidence(request: Request, pk: int) -> HttpResponse:
    """Keep a file in the library and show it with the action."""
    action = _changeable(request, pk)
    errors: list[str] = []
    for upload in request.FILES.getlist("file"):
        try:
            improvement.add_evidence(action, upload, by=request.actor)
        except ValidationError as error:
            errors += error.messages
    if not request.FILES:
        errors.append("Kies eerst een bestand.")
    return _show(request, action, errors) if errors else redirect(action)
