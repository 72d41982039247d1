"""Filling in: a page per section, a page with everything, and saving one answer."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from assessments import beside, editions, files, permissions, questions, services
from assessments.errors import WrongState
from assessments.models import Answer, Revision
from assessments.posted import NOT_READABLE, read_posted
from assessments.question import Question
from assessments.questions import QuestionSet, Section
from assessments.values import joined
from assessments.views.together import go_beside
from norms import mappings
from norms.models import Item
from providers.http import Request


@login_required
def fill_in(request: Request, pk: int, section: int | None = None) -> HttpResponse:
    """Questions of one section, or of all. A draft of one's own can be written, the rest is read."""
    revision = _visible(request, pk)
    services.record_opening(revision, by=request.actor)
    question_set = questions.load(revision)
    if not permissions.can_fill_in(request.actor, revision):
        question_set.keep_evidence(request.actor)
    chosen = question_set.section(section) if section else None
    if section and chosen is None:
        raise Http404
    shown = [chosen] if chosen else question_set.sections
    editable = revision.status == Revision.Status.DRAFT and permissions.can_fill_in(request.actor, revision)
    if request.method == "POST":
        if not permissions.can_fill_in(request.actor, revision):
            raise PermissionDenied
        if _save_all(request, revision, shown):
            return _after_saving(request, question_set, chosen, _chosen_at(request, shown))
    if permissions.can_fill_in(request.actor, revision):
        beside.attach(question_set, shown)
    template = "fill_in.html" if editable or request.method == "POST" else "read.html"
    context = {
        "revision": revision,
        "question_set": question_set,
        "sections": shown,
        "section": chosen,
        "neighbours": _neighbours(question_set, chosen),
        "problems": [q for part in shown for q in part.questions if q.errors or q.file_errors or q.conflict],
        # Without the item: to look up the address of every question took longer than to fetch them.
        "answers_url": reverse("assessments:answer", args=[pk, 0]).removesuffix("0/"),
        "editable": editable,
        "may_fill_in": editable,
        "is_untouched": chosen is not None and not chosen.answered,
        "meanings": _meanings(chosen) if chosen else [],
    }
    return render(request, f"assessments/self_assessments/{template}", context)


def _meanings(section: Section) -> list[tuple[str, str]]:
    """What the levels mean, where the section asks for a judgement."""
    return editions.contents(section.item.version_id).meanings if section.judgements else []


def _visible(request: Request, pk: int) -> Revision:
    revisions = Revision.objects.visible_to(request.actor).select_related("self_assessment", "organisation")
    return get_object_or_404(revisions, pk=pk)


def _neighbours(question_set: QuestionSet, section: Section | None) -> dict[str, Section | None]:
    if section is None:
        return {"previous": None, "next": None}
    sections = question_set.sections
    place = sections.index(section)
    return {
        "previous": sections[place - 1] if place else None,
        "next": sections[place + 1] if place + 1 < len(sections) else None,
    }


def _after_saving(
    request: Request, question_set: QuestionSet, section: Section | None, at: Question | None
) -> HttpResponse:
    if chosen := go_beside(request, question_set.revision):
        return chosen
    if re.fullmatch(r"[0-9]{1,18}", item := request.POST.get("choose", "")):
        return redirect("assessments:choose_evidence", question_set.revision.pk, int(item))
    following = _neighbours(question_set, section)["next"]
    if "next" in request.POST and following:
        return redirect("assessments:fill_in_section", question_set.revision.pk, following.item.pk)
    messages.success(request, f"Opgeslagen om {timezone.localtime():%H:%M}.")
    return redirect(f"{request.path}#{at.id}" if at else request.path)


def _chosen_at(request: Request, sections: list[Section]) -> Question | None:
    """The question beside which a button was pressed, to come back to."""
    pressed = {*request.POST.getlist("apart"), *request.POST.getlist("confirm")}
    for question in (question for part in sections for question in part.questions):
        if question.key in pressed or not request.POST.keys().isdisjoint(question.choice_names.values()):
            return question
    return None


def _save_all(request: Request, revision: Revision, sections: list[Section]) -> bool:
    """Save what can be saved; the rest stays on the page with its reason. True when all was saved."""
    complete, write = True, partial(services.save_answer, revision.pk, by=request.actor)
    for question in (question for part in sections for question in part.questions):
        complete &= _save(request, question, write)
        complete &= _attach(request, revision, question)
        complete &= _use_newest(request, question)
        complete &= _detach(request, question)
        complete &= _choose(request, revision, question)
    return complete


def _choose(request: Request, revision: Revision, question: Question) -> bool:
    """What was pressed beside one question: give it an answer of its own, or confirm the one of then."""
    try:
        if question.answer and question.key in request.POST.getlist("apart"):
            services.unlink_answer(revision.pk, question.item.pk, by=request.actor)
        if question.answer and question.key in request.POST.getlist("confirm"):
            services.confirm_answer(revision.pk, question.item.pk, by=request.actor)
    except WrongState as state:
        question.errors = [f"Niet gewijzigd: de zelfevaluatie is intussen {str(state).lower()}."]
    return not question.errors


def _save(
    request: Request,
    question: Question,
    write: Callable[[services.NewAnswer], Answer],
) -> bool:
    try:
        new = read_posted(question, request.POST)
        if new is None:
            return True
        new = _settle_conflict(request, question, new)
        if new is None or (question.answer and _same(question.answer, new)):
            return True
        question.answer = write(new)
        if question.source:
            # A page from before the link shows what both say now.
            question.value, question.note = question.answer.value, question.answer.text
    except ValidationError as error:
        question.errors = list(error.messages)
    except services.AnswerConflict as conflict:
        # Nothing stands there when the version was made up.
        question.conflict = Answer.objects.select_related("author").filter(pk=conflict.current.pk).first()
        if question.conflict is None:
            question.errors = [NOT_READABLE]
    except WrongState as state:
        question.errors = [f"Niet opgeslagen: de zelfevaluatie is intussen {str(state).lower()}."]
    return not (question.errors or question.conflict)


def _same(answer: Answer, new: services.NewAnswer) -> bool:
    return (answer.value, answer.text) == (new.value, new.text)


def _settle_conflict(
    request: Request, question: Question, new: services.NewAnswer
) -> services.NewAnswer | None:
    """Apply the person's choice between two texts; None means that the stored text stays."""
    choice = next((choice for choice, name in question.choice_names.items() if name in request.POST), "")
    seen = request.POST.get(f"c-{question.item.pk}", "")
    if not choice or not re.fullmatch(r"[0-9]{1,9}", seen) or question.answer is None:
        return new
    if choice == "theirs":
        question.value, question.note = question.answer.value, question.answer.text
        return None
    if choice == "both" and question.item.kind == Item.Kind.TEXT:
        new = replace(new, value=joined(question.answer.value, new.value))
    elif choice == "both":
        new = replace(new, text=joined(question.answer.text, new.text))
    question.value, question.note = new.value, new.text
    return replace(new, base_version=int(seen), is_chosen=True)


def _attach(request: Request, revision: Revision, question: Question) -> bool:
    for upload in request.FILES.getlist(question.file_name):
        try:
            link = files.attach_evidence(revision.pk, question.item, upload, by=request.actor)
            question.evidence.append(link)
        except ValidationError as error:
            question.file_errors += error.messages
        except WrongState as state:
            question.file_errors.append(f"Niet bewaard: de zelfevaluatie is intussen {str(state).lower()}.")
    return not question.file_errors


def _use_newest(request: Request, question: Question) -> bool:
    for link in question.evidence:
        if str(link.pk) in request.POST.getlist("renew"):
            try:
                files.renew_evidence(link, by=request.actor)
            except WrongState as state:
                question.file_errors.append(
                    f"Niet gewijzigd: de zelfevaluatie is intussen {str(state).lower()}."
                )
    return not question.file_errors


def _detach(request: Request, question: Question) -> bool:
    for link in question.evidence:
        if str(link.pk) in request.POST.getlist("detach"):
            try:
                files.detach_evidence(link, by=request.actor)
            except WrongState as state:
                question.file_errors.append(
                    f"Niet losgemaakt: de zelfevaluatie is intussen {str(state).lower()}."
                )
    return not question.file_errors


@login_required
@require_POST
def answer(request: Request, pk: int, item: int) -> HttpResponse:
    """Save one answer while typing (htmx); gives back its new version and when it was saved."""
    # Locked (a request is a transaction) before the answer is read, so that it need not be read again.
    locked = Revision.objects.visible_to(request.actor).select_for_update(no_key=True)
    revision = get_object_or_404(locked.only("organisation", "status"), pk=pk)
    if not permissions.can_fill_in(request.actor, revision):
        raise PermissionDenied
    try:
        question = questions.load_one(revision, item)
    except Item.DoesNotExist:
        raise Http404 from None
    if "confirm" in request.POST:
        return _confirm(request, revision, question)
    was_carried = question.needs_confirming
    write = partial(services.write_answer, revision, question.answer, by=request.actor)
    _save(request, question, write)
    context: dict[str, Any] = {
        "field": question,
        "followers": _followers(question),
        "now": timezone.localtime(),
        "was_carried": was_carried and not question.needs_confirming,
        "signalled": questions.load_signalled(revision, question.item),
    }
    # A fragment: it needs nothing of the frame around a page.
    return HttpResponse(render_to_string("assessments/self_assessments/_saved.html", context))


def _followers(question: Question) -> list[Item]:
    """The questions that say the same as this one, which a page that shows them does not see change."""
    if question.answer is None or question.source or not mappings.same_items([question.item.pk]):
        return []
    linked = Answer.objects.filter(linked_to=question.answer.pk).values_list("item", flat=True)
    return [editions.item(pk) for pk in sorted(linked)]


def _confirm(request: Request, revision: Revision, question: Question) -> HttpResponse:
    """Confirm one answer of an earlier account, in its place on the page."""
    if question.answer is None:
        raise Http404
    _choose(request, revision, question)
    context = {"field": question, "now": timezone.localtime()}
    return HttpResponse(render_to_string("assessments/self_assessments/_confirmed.html", context))
