"""Sharing out themes, and what colleagues say about an item."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from assessments import editions, permissions, questions, together
from assessments.errors import WrongState
from assessments.forms.together import CommentForm, ShareForm
from assessments.models import Answer, Comment, Revision
from norms.models import Item
from providers.http import Request


def own_revision(request: Request, pk: int) -> Revision:
    """A revision of the actor's own organisation, to work on; others get 404, or 403 if they may read it."""
    revisions = Revision.objects.visible_to(request.actor).select_related("self_assessment", "organisation")
    revision = get_object_or_404(revisions.defer("content"), pk=pk)
    if not permissions.can_fill_in(request.actor, revision):
        raise PermissionDenied
    return revision


def asked_item(revision: Revision, pk: int) -> Item:
    """A theme or judgement that a revision asks; 404 for anything else."""
    try:
        item = editions.item(pk)
    except Item.DoesNotExist:
        raise Http404 from None
    is_topic = item.is_section or item.kind == Item.Kind.JUDGEMENT
    if not (is_topic and revision.editions.filter(pk=item.version_id).exists()):
        raise Http404
    return item


def improve_url(revision: Revision, topic: Item) -> str:
    """Where an action is made for an item of a revision."""
    chosen = urlencode({"zelfevaluatie": revision.pk, "vraag": topic.pk})
    return f"{reverse('assessments:improvement_new')}?{chosen}"


def go_beside(request: Request, revision: Revision) -> HttpResponse | None:
    """Where a button beside a question leads, once everything typed on that page was saved."""
    kind, _, item = request.POST.get("beside", "").partition("-")
    if kind not in ("comments", "improve") or not (item.isdecimal() and len(item) < 10):
        return None
    topic = asked_item(revision, int(item))
    if kind == "comments":
        return redirect("assessments:comments", revision.pk, topic.pk)
    return redirect(improve_url(revision, topic))


@login_required
def sharing(request: Request, pk: int) -> HttpResponse:
    """Who fills in which theme by when, and how far each theme is."""
    revision = own_revision(request, pk)
    question_set = questions.load(revision)
    sections = question_set.sections
    form = ShareForm(
        request.POST if request.method == "POST" else None,
        sections=sections,
        assignments=revision.assignments.select_related("assignee", "by"),
        people=together.colleagues(revision.organisation_id),
    )
    if request.method == "POST" and _is_saved(request, revision, form):
        return redirect("assessments:sharing", pk)
    context = {
        "revision": revision,
        "question_set": question_set,
        "form": form,
        "editable": revision.status == Revision.Status.DRAFT,
        "today": timezone.localdate(),
    }
    return render(request, "assessments/together/sharing.html", context)


def _is_saved(request: Request, revision: Revision, form: ShareForm) -> bool:
    """Save what can be saved; what a colleague changed meanwhile stays in the form, with her choice."""
    if not form.is_valid():
        return False
    try:
        clashes = together.share_out(revision.pk, form.changes(), by=request.actor)
    except WrongState as state:
        messages.warning(request, f"Niet opgeslagen. De zelfevaluatie is intussen {str(state).lower()}.")
        return True
    for section, now in clashes.items():
        form.show_clash(section, now)
    if clashes:
        return False
    messages.success(request, "Opgeslagen. Collega’s die een thema kregen, krijgen daarover mail.")
    return True


@login_required
def comments(request: Request, pk: int, item: int) -> HttpResponse:
    """What colleagues say about one item, with its answer beside it."""
    revision = own_revision(request, pk)
    topic = asked_item(revision, item)
    form = CommentForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        together.say(revision, topic, chosen["key"], chosen["text"], by=request.actor)
        messages.success(request, "Uw opmerking staat erbij.")
        return redirect(request.path)
    context = {
        "revision": revision,
        "topic": topic,
        "answer": Answer.objects.filter(revision=revision, item=topic).select_related("author").first(),
        "comments": together.comments(revision).filter(item=topic),
        "form": form,
    }
    return render(request, "assessments/together/comments.html", context)


@login_required
@require_POST
def comment_settle(request: Request, pk: int, comment: int) -> HttpResponse:
    """Mark a comment as dealt with."""
    revision = own_revision(request, pk)
    said = get_object_or_404(Comment.objects.select_related("revision"), revision=revision, pk=comment)
    together.settle(said, by=request.actor)
    return redirect("assessments:comments", revision.pk, said.item_id)
