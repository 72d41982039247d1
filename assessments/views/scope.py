"""Which questions of a self-assessment apply, with the reason, and deciding otherwise."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from assessments import editions, permissions, scope, widening
from assessments.errors import WrongState
from assessments.forms.scope import ScopeForm, WideningForm
from assessments.models import Revision, ScopeChoice
from norms.models import Item
from providers import profile
from providers.http import Request


def _own(request: Request, pk: int) -> Revision:
    """The own organisation's revision; readers find the reasons in what was handed in."""
    revisions = Revision.objects.visible_to(request.actor).select_related("self_assessment", "organisation")
    revision = get_object_or_404(revisions, pk=pk)
    if not permissions.can_fill_in(request.actor, revision):
        raise PermissionDenied
    return revision


@login_required
def scope_page(request: Request, pk: int) -> HttpResponse:
    """All questions by edition and section: what applies, and why; and taking up more of them."""
    revision = _own(request, pk)
    is_draft = revision.status == Revision.Status.DRAFT
    form = WideningForm(request.POST or None, offered=widening.addable(revision) if is_draft else [])
    if request.method == "POST" and form.is_valid():
        try:
            widening.add_editions(revision.pk, form.cleaned_data["editions"], by=request.actor)
        except WrongState as state:
            messages.warning(request, f"Niet toegevoegd: de zelfevaluatie is intussen {str(state).lower()}.")
        else:
            messages.success(request, "Toegevoegd. De nieuwe vragen staan bij ‘Vragen’.")
        return redirect("assessments:scope", pk)
    on = scope.day_of(revision.self_assessment.year)
    chosen = revision.editions.select_related("framework").order_by("step", "edition")
    context = {
        "revision": revision,
        "on": on,
        "has_profile": profile.facts(revision.organisation_id, on) is not None,
        "chapters": [(edition, scope.parts(revision, edition)) for edition in chosen],
        "may_choose": is_draft,
        "form": form,
    }
    return render(request, "assessments/scope/scope.html", context)


@login_required
def scope_choice(request: Request, pk: int, item: int) -> HttpResponse:
    """Decide for one question, or for a whole section."""
    revision = _own(request, pk)
    asked = _asked(revision, item)
    made = ScopeChoice.objects.filter(revision=revision, item=asked).select_related("by").order_by("-pk")
    history = list(made[:20])
    initial = {"applies": str(history[0].applies), "reason": history[0].reason} if history else {}
    form = ScopeForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        choice = form.cleaned_data
        try:
            scope.choose(revision.pk, asked, choice["applies"], choice["reason"], by=request.actor)
        except WrongState as state:
            messages.warning(request, f"Niet opgeslagen: de zelfevaluatie is intussen {str(state).lower()}.")
        else:
            messages.success(request, f"Opgeslagen bij {asked.code}. {asked.title}.")
        return redirect(f"{reverse('assessments:scope', args=[pk])}#item-{asked.pk}")
    context = {
        "revision": revision,
        "item": asked,
        "form": form,
        "history": history,
        "may_choose": revision.status == Revision.Status.DRAFT,
    }
    return render(request, "assessments/scope/choice.html", context)


def _asked(revision: Revision, pk: int) -> Item:
    """A question or section of the revision."""
    try:
        item = editions.item(pk)
    except Item.DoesNotExist:
        raise Http404 from None
    is_ours = item.is_section or item.asks_provider
    if not is_ours or not revision.editions.filter(pk=item.version_id).exists():
        raise Http404
    return item
