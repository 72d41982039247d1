"""The board signs; anybody who may read it sees what changed; the provider sees who received it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from assessments import (
    bsn_guard,
    consultation,
    difference,
    file_guard,
    questions,
    received,
    services,
    signing,
)
from assessments.errors import NotReady, WrongState
from assessments.forms.signing import SigningForm
from assessments.library import care_offices
from assessments.models import Revision
from assessments.permissions import can_adopt, can_fill_in
from assessments.question import Question
from assessments.views.consultation import visible
from assessments.views.visit_conflicts import CONFLICT
from assessments.workflow import REVISION
from norms.models import Framework
from providers.http import Request


@login_required
def signing_page(request: Request, pk: int) -> HttpResponse:
    """What the board has to know before it signs, the declarations, and the way back."""
    revision = visible(request, pk)
    if not can_adopt(request.actor, revision):
        if can_fill_in(request.actor, revision) and request.method != "POST":
            return redirect(revision)
        raise PermissionDenied if request.method == "POST" else Http404
    if revision.status != Revision.Status.TO_ADOPT:
        return _too_late(request, revision, request.POST.get("plan", ""))
    form = SigningForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            declared = form.cleaned_data
            signing.sign(revision.pk, declared["code_year"], declared["plan"] or "", by=request.actor)
        except WrongState:
            revision.refresh_from_db()
            return _too_late(request, revision, declared["plan"] or "")
        except NotReady as reason:
            messages.warning(request, f"Dit kan nog niet. {reason}")
        else:
            messages.success(
                request, "De zelfevaluatie is vastgesteld en ingediend. U ziet hier wie haar opent."
            )
            return redirect("assessments:received", revision.pk)
    question_set = questions.load(revision)
    topics = consultation.topics(revision, reader=request.actor)
    context = {
        "revision": revision,
        "form": form,
        "question_set": question_set,
        "counts": counts(question_set),
        "attention": attention(question_set),
        "unfinished": [section for section in question_set.sections if section.open_judgements],
        "topics": topics,
        "heard_too_little": consultation.heard_too_little(topics),
        "bsn_found": bsn_guard.findings(revision),
        "files": file_guard.of(revision),
        "offices": care_offices(revision.organisation_id).order_by("name"),
        "choice": next(
            (choice for choice in REVISION.available(revision, request.actor) if choice.action == "return"),
            None,
        ),
    }
    return render(request, "assessments/signing/sign.html", context)


def _too_late(request: Request, revision: Revision, plan: str) -> HttpResponse:
    """Nothing is signed now; a plan that was typed is shown once more, unless it was signed before."""
    status, plan = revision.get_status_display().lower(), plan.replace("\r\n", "\n").strip()
    if plan and not any(line.endswith(plan) for line in revision.declarations):
        context = {"revision": revision, "status": status, "plan": plan}
        return render(request, "assessments/signing/too_late.html", context, status=CONFLICT)
    messages.warning(request, f"De status is: {status}. Tekenen kan nu niet.")
    return redirect(revision)


def counts(question_set: questions.QuestionSet) -> dict[str | None, int]:
    """How often each level was given."""
    found: dict[str | None, int] = {}
    for question in question_set.judgements:
        level = question.value if isinstance(question.value, str) else None
        found[level] = found.get(level, 0) + 1
    return found


def attention(question_set: questions.QuestionSet) -> list[Question]:
    """Judgements that fall short or carry a signal, worst first."""
    order = {"fails": 0, "largely_fails": 1}
    asking = [question for question in question_set.judgements if question.value in order or question.signals]
    return sorted(asking, key=lambda question: order.get(str(question.value), 2))


@login_required
def revision_difference(request: Request, pk: int) -> HttpResponse:
    """What is otherwise than in the handed-in version before."""
    revision = visible(request, pk)
    if revision.is_open:
        raise Http404
    services.record_opening(revision, by=request.actor)
    before = difference.before_of(Revision.objects.visible_to(request.actor), revision)
    changes = []
    if before and before.content and revision.content:
        words = difference.Words(revision.content)
        readable = difference.readable_files(request.actor, revision)
        changes = difference.compare(before.content, revision.content, words, readable)
    context = {
        "revision": revision,
        "before": before,
        "changes": changes,
        "titles": dict(Framework.objects.values_list("code", "name")),
    }
    return render(request, "assessments/signing/difference.html", context)


@login_required
def revision_received(request: Request, pk: int) -> HttpResponse:
    """To whom the account is open, and what they opened."""
    revision = visible(request, pk)
    if not can_fill_in(request.actor, revision):
        raise Http404
    context = {"revision": revision, "readers": received.readers(revision)}
    return render(request, "assessments/signing/received.html", context)
