"""The first screen after signing in."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from assessments import questions, todo
from assessments.models import Revision
from assessments.permissions import PROVIDER_EDITORS
from providers.http import Request
from providers.models import Role


@login_required
def tasks(request: Request) -> HttpResponse:
    """What to do next, by when; the first task stands apart."""
    found = todo.tasks(request.actor)
    context = {
        "today": timezone.localdate(),
        "first": found[0] if found else None,
        "others": found[1:],
        "waiting": todo.waiting(request.actor),
        "draft": _draft(request),
        "newcomer": _is_new(request),
    }
    return render(request, "assessments/tasks.html", context)


def _is_new(request: Request) -> bool:
    """Whether somebody who fills in or signs works for a provider that never handed in."""
    handed_in = Revision.objects.filter(
        organisation=request.actor.organisation_id, status__in=Revision.HANDED_IN
    )
    return request.actor.has(*PROVIDER_EDITORS) and not handed_in.exists()


def _draft(request: Request) -> questions.QuestionSet | None:
    """The open account with its progress per section, for who fills it in."""
    if not request.actor.has(Role.QUALITY_OFFICER):
        return None
    draft = (
        Revision.objects.filter(organisation=request.actor.organisation_id, status=Revision.Status.DRAFT)
        .select_related("self_assessment")
        .order_by("-self_assessment__year")
        .first()
    )
    return questions.load(draft) if draft else None
