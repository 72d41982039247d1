"""Composing a public account, and the pages that everybody reads."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from assessments import public_account as domain
from assessments.errors import WrongState
from assessments.forms.public_account import FrontForm, PassageForm, SearchForm
from assessments.models import PublicAccount, PublicPassage, Revision
from assessments.public_account import PUBLIC_ACCOUNT
from assessments.views.consultation import visible
from assessments.views.steps import take_step
from providers.http import Request
from providers.paging import page_after

S = PublicAccount.Status
LATE = "Deze versie is al openbaar. Begin een nieuwe versie om iets te wijzigen."


# --- composing


def _own(request: Request, pk: int) -> Revision:
    """A handed-in revision of the own organisation."""
    revision = visible(request, pk)
    if not domain.can_compose(request.actor, revision) or revision.is_open:
        raise Http404
    return revision


def _versions(revision: Revision) -> list[PublicAccount]:
    rows = PublicAccount.objects.filter(self_assessment=revision.self_assessment_id)
    return list(rows.select_related("revision", "organisation").order_by("-number"))


def _draft(revision: Revision) -> PublicAccount:
    rows = PublicAccount.objects.filter(self_assessment=revision.self_assessment_id, status=S.DRAFT)
    return get_object_or_404(rows.select_related("revision__self_assessment", "organisation"))


@login_required
def public_account(request: Request, pk: int) -> HttpResponse:
    """The draft to work on, or what there is and how to begin."""
    revision = _own(request, pk)
    versions = _versions(revision)
    draft = next((row for row in versions if row.status == S.DRAFT), None)
    if request.method == "POST" and draft is None:
        try:
            domain.begin(revision.pk, by=request.actor)
        except WrongState:
            messages.warning(request, "Er is een nieuwere zelfevaluatie ingediend. Begin daarmee.")
            return redirect(revision)
        return redirect("assessments:public_account", pk)
    if draft is None:
        context: dict[str, Any] = {"revision": revision, "versions": versions, **_standing(request, versions)}
        return render(request, "assessments/public_account/begin.html", context)
    if request.method == "POST":
        try:
            draft = domain.locked_draft(draft.pk, by=request.actor)
        except WrongState:
            messages.warning(request, LATE)
            return redirect("assessments:public_account", pk)
    form = FrontForm(request.POST or None, instance=draft)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Titel en inleiding zijn bewaard.")
        return redirect("assessments:public_account", pk)
    passages = list(draft.passages.select_related("item"))
    taken = {passage.item_id for passage in passages}
    choices = domain.choosable(draft.revision)
    context = {
        "revision": revision,
        "draft": draft,
        "form": form,
        "passages": passages,
        "levels": {choice.item.pk: choice.level for choice in choices},
        "choices": [choice for choice in choices if choice.item.pk not in taken],
        "steps": PUBLIC_ACCOUNT.available(draft, request.actor),
        "bsn_places": domain.bsn_places(draft),
        **_standing(request, versions),
    }
    return render(request, "assessments/public_account/edit.html", context)


def _standing(request: Request, versions: list[PublicAccount]) -> dict[str, Any]:
    """What is public now, and what can be done with it."""
    public = next((row for row in versions if row.status == S.PUBLISHED), None)
    return {
        "public": public,
        "public_steps": PUBLIC_ACCOUNT.available(public, request.actor) if public else [],
    }


@login_required
def public_account_passage(request: Request, pk: int, item: int) -> HttpResponse:
    """One item: take it up, or change how it will be shown. Its own explanation is a proposal, no more."""
    revision = _own(request, pk)
    draft = _draft(revision)
    choice = next((row for row in domain.choosable(draft.revision) if row.item.pk == item), None)
    if choice is None:
        raise Http404
    rows = draft.passages.select_for_update(of=("self",)) if request.method == "POST" else draft.passages
    known = rows.filter(item=item).first()
    row = known or PublicPassage(account=draft, item=choice.item, heading=choice.item.title, text=choice.text)
    form = PassageForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        try:
            domain.keep_passage(form.save(commit=False), by=request.actor)
        except WrongState:
            messages.warning(request, LATE)
        else:
            messages.success(request, "Opgenomen." if known is None else "Bewaard.")
        return redirect("assessments:public_account", pk)
    context = {"revision": revision, "draft": draft, "form": form, "choice": choice, "known": known}
    return render(request, "assessments/public_account/passage.html", context)


@login_required
@require_POST
def public_account_move(request: Request, pk: int, item: int) -> HttpResponse:
    """A place up or down, or out."""
    draft = _draft(_own(request, pk))
    try:
        if "drop" in request.POST:
            domain.drop_passage(draft.pk, item, by=request.actor)
            messages.success(request, "Het onderdeel staat er niet meer in.")
        else:
            domain.move_passage(draft.pk, item, "up" in request.POST, by=request.actor)
    except WrongState:
        messages.warning(request, LATE)
    return redirect("assessments:public_account", pk)


@login_required
@require_safe
def public_account_preview(request: Request, pk: int) -> HttpResponse:
    """The draft exactly as the public will read it."""
    draft = _draft(_own(request, pk))
    context = {"account": draft, "content": domain.content_of(draft), "is_preview": True}
    return render(request, "assessments/public_account/page.html", context)


@login_required
def public_account_step(request: Request, pk: int, action: str) -> HttpResponse:
    """Publish the draft, or withdraw what is public."""
    revision = _own(request, pk)
    wanted = S.PUBLISHED if action == "withdraw" else S.DRAFT
    shown = next((row for row in _versions(revision) if row.status == wanted), None)
    if shown is None:
        raise Http404
    return take_step(request, PUBLIC_ACCOUNT, shown, action, done=DONE.get(action, ""))


DONE = {
    "publish": "Uw verantwoording is openbaar. De PDF volgt zo.",
    "withdraw": "Uw verantwoording is ingetrokken. Op het adres staat nu uw reden.",
}


# --- for everybody


@require_safe
def public_accounts(request: Request) -> HttpResponse:
    """What providers tell about their care, newest first."""
    form = SearchForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    found = PublicAccount.objects.public().for_list()
    if words := (wanted.get("zoek") or "").replace("\x00", ""):
        found = found.filter(organisation__name__icontains=words)
    if wanted.get("jaar") is not None and 0 < wanted["jaar"] < 10_000:
        found = found.filter(year=wanted["jaar"])
    context = {
        "form": form,
        "page": page_after(found, request, order=("-published_at", "-id")),
        "is_searched": any(value is not None and value != "" for value in wanted.values()),
    }
    return render(request, "assessments/public_account/list.html", context)


@require_safe
def public_account_page(request: Request, slug: str, year: int) -> HttpResponse:
    """Today's version of a year; a page that says so when it was withdrawn."""
    versions = _of_year(slug, year)
    account = next((row for row in versions if row.status == S.PUBLISHED), versions[0])
    return _show(request, account, versions)


@require_safe
def public_account_version(request: Request, slug: str, year: int, number: int) -> HttpResponse:
    """One version, also after another came in its place."""
    versions = _of_year(slug, year)
    account = next((row for row in versions if row.number == number), None)
    if account is None:
        raise Http404
    return _show(request, account, versions)


def _of_year(slug: str, year: int) -> list[PublicAccount]:
    if not 0 < year < 10_000:
        raise Http404
    rows = PublicAccount.objects.exclude(status=S.DRAFT).filter(slug=slug, year=year)
    versions = list(rows.select_related("organisation").order_by("-number"))
    if not versions:
        raise Http404
    return versions


def _show(request: Request, account: PublicAccount, versions: list[PublicAccount]) -> HttpResponse:
    if account.status == S.WITHDRAWN:
        page = "assessments/public_account/withdrawn.html"
        return render(request, page, {"account": account}, status=410)
    context: dict[str, Any] = {
        "account": account,
        "content": account.content,
        "newest": next((row for row in versions if row.status == S.PUBLISHED), None),
        "earlier": [row for row in versions if row.status == S.REPLACED and row.number < account.number],
    }
    return render(request, "assessments/public_account/page.html", context)
