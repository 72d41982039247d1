"""One answer for two questions, and the answers of an earlier year that did not come along."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from assessments import carrying, permissions, questions, services
from assessments.errors import WrongState
from assessments.models import Revision
from assessments.questions import Question
from assessments.values import Value, joined
from norms.models import Item
from providers.http import Request


@login_required
def answer_link(request: Request, pk: int, item: int) -> HttpResponse:
    """Two answers to what is one question, side by side: the person says what both will be."""
    revision = _own(request, pk)
    question_set = questions.load(revision)
    question = next((row for row in question_set.questions if row.item.pk == item), None)
    if question is None:
        raise Http404
    twin, place = question.twin, _place(revision, question)
    if twin is None or twin.answer is None or revision.status != Revision.Status.DRAFT:
        return redirect(place)
    if request.method == "POST":
        try:
            services.link_answer(revision.pk, _wanted(request, question, twin), by=request.actor)
        except (WrongState, services.AnswerConflict):
            messages.warning(request, "Niet gekoppeld: intussen is er iets gewijzigd. Kies opnieuw.")
            return redirect(request.path)
        messages.success(request, f"{question.code} en {twin.code} hebben nu één antwoord.")
        return redirect(place)
    texts = (question.in_words, twin.in_words)
    context = {
        "revision": revision,
        "question": question,
        "twin": twin,
        "back": place,
        "is_equal": not question.is_answered or texts[0] == texts[1],
        "can_join": "both" in question.choice_names,
    }
    return render(request, "assessments/self_assessments/link.html", context)


def _own(request: Request, pk: int) -> Revision:
    visible = Revision.objects.visible_to(request.actor).select_related("self_assessment", "organisation")
    revision = get_object_or_404(visible, pk=pk)
    if not permissions.can_fill_in(request.actor, revision):
        raise PermissionDenied
    return revision


def _place(revision: Revision, question: Question) -> str:
    section = reverse("assessments:fill_in_section", args=[revision.pk, question.item.section_id])
    return f"{section}#{question.id}"


def _wanted(request: Request, question: Question, twin: Question) -> services.Link:
    """What was chosen, on the versions that the page showed."""
    seen = tuple(
        int(text) if (text := request.POST.get(name, "")).isdecimal() and len(text) < 10 else -1
        for name in ("own", "other")
    )
    says: tuple[Value, str] | None = None
    if "mine" in request.POST:
        says = question.value, question.note
    elif "both" in request.POST and question.item.kind == Item.Kind.TEXT:
        says = joined(twin.value, question.value), ""
    elif "both" in request.POST:
        says = question.value, joined(twin.note, question.note)
    return services.Link(question.item.pk, twin.item.pk, (seen[0], seen[1]), says)


@login_required
def left_behind(request: Request, pk: int) -> HttpResponse:
    """The answers of an earlier account that have no place in this one, to read."""
    revision = _own(request, pk)
    if revision.based_on_id is None:
        raise Http404
    stayed = [questions.of_answer(answer) for answer in carrying.left_behind(revision)]
    context = {"revision": revision, "questions": stayed}
    return render(request, "assessments/self_assessments/left_behind.html", context)
