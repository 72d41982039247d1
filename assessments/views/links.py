"""One answer for two questions, the earlier texts of one, and what did not come along from another year."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from assessments import carrying, permissions, questions, services
from assessments.errors import WrongState
from assessments.models import Answer, Revision
from assessments.question import Question
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
        "is_equal": not (question.value or question.note) or texts[0] == texts[1],
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
    """What was chosen, on the versions that the page showed; -1 for another question than it showed."""
    seen = tuple(
        int(text) if (text := request.POST.get(name, "")).isdecimal() and len(text) < 10 else -1
        for name in ("own", "other")
    )
    if request.POST.get("twin") != str(twin.item.pk):
        seen = (-1, -1)
    says: tuple[Value, str] | None = None
    if "mine" in request.POST:
        says = question.value, question.note
    elif "both" in request.POST and question.item.kind == Item.Kind.TEXT:
        says = joined(twin.value, question.value), ""
    elif "both" in request.POST:
        says = question.value, joined(twin.note, question.note)
    return services.Link(question.item.pk, twin.item.pk, (seen[0], seen[1]), says)


@login_required
def answer_history(request: Request, pk: int, item: int) -> HttpResponse:
    """What stood at a question before, to read and to copy from."""
    revision = _own(request, pk)
    answer = get_object_or_404(Answer, revision=revision, item=item)
    question = questions.of_answer(answer)
    versions = answer.versions.select_related("author").order_by("-version")
    texts = [(row, question.words_of(row.value, row.text)) for row in versions]
    context = {
        "revision": revision,
        "question": question,
        # What stands there now is no earlier text.
        "earlier": [(row, words) for row, words in texts if words != question.in_words],
        "back": _place(revision, question),
    }
    return render(request, "assessments/self_assessments/history.html", context)


@login_required
def left_behind(request: Request, pk: int) -> HttpResponse:
    """The answers of an earlier account that have no place in this one, to read."""
    revision = _own(request, pk)
    if not revision.follows_earlier_year:
        raise Http404
    stayed = [questions.of_answer(answer) for answer in carrying.left_behind(revision)]
    context = {"revision": revision, "questions": stayed}
    return render(request, "assessments/self_assessments/left_behind.html", context)
