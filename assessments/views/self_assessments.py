"""Lists of accounts, starting one, reading one, and taking its steps."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from assessments import beside, bsn_guard, campaigns, file_guard, permissions, questions, services
from assessments.editions import contents
from assessments.forms.self_assessment import StartForm
from assessments.models import Revision, RevisionEvent
from assessments.views.signing import attention, counts
from assessments.views.steps import take_step
from assessments.workflow import REVISION
from providers.http import Request
from providers.models import Organisation, Role
from providers.paging import page_after
from providers.permissions import roles_required

READERS = (
    Role.QUALITY_OFFICER,
    Role.DIRECTOR,
    Role.COUNCIL_MEMBER,
    Role.INSPECTOR,
    Role.COORDINATING_INSPECTOR,
    Role.CARE_OFFICE_OFFICER,
)


@roles_required(*READERS)
def self_assessments(request: Request) -> HttpResponse:
    """The provider's own accounts by year, or the handed-in ones that a reader may see, newest first."""
    revisions = Revision.objects.visible_to(request.actor).for_list()
    if request.actor.kind == Organisation.Kind.PROVIDER:
        rows = revisions.order_by("-self_assessment__year", "-number")[:200]
        context = {
            "revisions": rows,
            "may_start": permissions.can_start(request.actor),
            "asked": campaigns.asked_of(request.actor),
        }
        return render(request, "assessments/self_assessments/own.html", context)
    page = page_after(
        revisions.filter(status=Revision.Status.SUBMITTED), request, order=("-submitted_at", "-id")
    )
    return render(request, "assessments/self_assessments/handed_in.html", {"page": page})


@roles_required(*permissions.PROVIDER_EDITORS)
def self_assessment_new(request: Request) -> HttpResponse:
    form = StartForm(request.POST or None, organisation=request.actor.own, suggested=request.GET)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        try:
            revision = services.start_self_assessment(**chosen, by=request.actor)
        except services.AlreadyStarted:
            form.refuse_year()
        else:
            section, _ = contents(chosen["editions"][0].pk).sections[0]
            return redirect("assessments:fill_in_section", revision.pk, section.pk)
    return render(request, "assessments/self_assessments/new.html", {"form": form})


@login_required
def revision(request: Request, pk: int) -> HttpResponse:
    """One revision at a glance: scores, what asks attention, what can be done, who saw it."""
    shown = _visible(request, pk)
    services.record_opening(shown, by=request.actor)
    question_set = questions.load(shown)
    # The council reads what was handed in, not the talk between writer and board.
    own = permissions.can_fill_in(request.actor, shown)
    events = list(shown.events.select_related("by")) if own else []
    year_before, compared = beside.compared(question_set)
    context = {
        "revision": shown,
        "question_set": question_set,
        "counts": counts(question_set),
        "attention": attention(question_set),
        "unfinished": [section for section in question_set.sections if section.open_judgements],
        "choices": REVISION.available(shown, request.actor),
        "locations": shown.locations.all(),
        "events": events,
        "returned": _returned(shown, events),
        "receipts": shown.receipts.select_related("reader") if own else [],
        "open_revision": _open_revision(shown) if own else None,
        "may_fill_in": shown.status == Revision.Status.DRAFT
        and permissions.can_fill_in(request.actor, shown),
        "own": own,
        "year_before": year_before,
        "compared": compared,
        "bsn_found": own and shown.is_open and bsn_guard.findings(shown),
        "files": file_guard.of(shown) if own and shown.is_open else None,
    }
    return render(request, "assessments/self_assessments/revision.html", context)


def _visible(request: Request, pk: int) -> Revision:
    revisions = Revision.objects.visible_to(request.actor).select_related(
        "self_assessment", "organisation", "created_by", "offered_by", "adopted_by"
    )
    return get_object_or_404(revisions, pk=pk)


def _open_revision(shown: Revision) -> Revision | None:
    """A newer draft of the same year, when there is one."""
    return (
        Revision.objects.filter(self_assessment=shown.self_assessment_id, status__in=Revision.OPEN)
        .exclude(pk=shown.pk)
        .first()
    )


def _returned(shown: Revision, events: list[RevisionEvent]) -> RevisionEvent | None:
    """The board's reason for sending a draft back, as long as it waits for an answer."""
    waits = shown.status == Revision.Status.DRAFT and events and events[-1].action == "return"
    return events[-1] if waits else None


@login_required
def revision_step(request: Request, pk: int, action: str) -> HttpResponse:
    shown = _visible(request, pk)
    if action == "submit" and permissions.can_adopt(request.actor, shown):
        # Who hands in declares something too.
        return redirect("assessments:signing", pk)
    response = take_step(request, REVISION, shown, action, done=DONE.get(action, ""))
    if action == "supplement" and request.method == "POST" and (draft := _open_revision(shown)):
        return redirect(draft)
    return response


DONE = {
    "offer": "De zelfevaluatie ligt bij uw bestuurder. U krijgt haar terug als er iets anders moet.",
    "submit": "De zelfevaluatie is vastgesteld en ingediend. "
    "De inspectie en uw zorgkantoor kunnen haar lezen.",
    "return": "De zelfevaluatie is teruggestuurd, met uw reden.",
    "supplement": "Dit is de nieuwe versie. De ingediende versie blijft staan tot u deze indient.",
}
