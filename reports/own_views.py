"""The documents of an account for its provider, and the PDF of what it published for everybody."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from assessments.models import PublicAccount, Revision
from assessments.permissions import can_fill_in
from providers import audit
from providers.http import Request
from reports import own_documents
from reports.blank_views import XLSX
from reports.models import OwnDocument, name_of
from wlzthuis import downloads

Status = OwnDocument.Status
MADE = (OwnDocument.Kind.PDF, OwnDocument.Kind.DOSSIER)


def _own(request: Request, pk: int) -> Revision:
    revisions = Revision.objects.visible_to(request.actor).select_related("self_assessment", "organisation")
    revision = get_object_or_404(revisions, pk=pk)
    if not can_fill_in(request.actor, revision):
        raise Http404
    return revision


@login_required
@require_safe
def documents(request: Request, pk: int) -> HttpResponse:
    """What can be taken home, and how far what was asked for is."""
    revision = _own(request, pk)
    template = "reports/own/_made.html" if "HX-Request" in request.headers else "reports/own/documents.html"
    return render(request, template, {"revision": revision, **_made(revision)})


def _made(revision: Revision) -> dict[str, object]:
    known = {row.kind: row for row in OwnDocument.objects.filter(revision=revision).select_related("file")}
    return {
        "made": [(kind, known.get(kind)) for kind in MADE],
        "is_pending": any(row.is_pending for row in known.values()),
    }


@login_required
@require_safe
def document_now(request: Request, pk: int, form: str) -> HttpResponse:
    """The answers as workbook or JSON, made at once."""
    revision = _own(request, pk)
    if form == "xlsx":
        response = HttpResponse(own_documents.workbook(revision), content_type=XLSX)
    elif form == "json":
        response = HttpResponse(own_documents.export(revision), content_type="application/json")
    else:
        raise Http404
    response["Content-Disposition"] = content_disposition_header(True, name_of(revision, form))
    response["Cache-Control"] = "private, no-store"
    audit.record(
        "document_downloaded",
        by=request.actor,
        about=revision.organisation_id,
        obj=revision,
        outcome=audit.SEEN,
    )
    return response


@login_required
@require_POST
def document_ask(request: Request, pk: int, kind: str) -> HttpResponse:
    """Have a PDF or dossier made."""
    revision = _own(request, pk)
    if kind not in MADE or revision.is_open:
        raise Http404
    own_documents.ask(revision, kind, by=request.actor)
    return redirect("reports:documents", pk)


@login_required
@require_safe
def document_download(request: Request, pk: int, kind: str) -> HttpResponseBase:
    """On to a finished document."""
    revision = _own(request, pk)
    document = get_object_or_404(OwnDocument.objects.select_related("file"), revision=revision, kind=kind)
    if document.status != Status.READY:
        messages.info(request, "Dit document is er nog niet.")
        return redirect("reports:documents", pk)
    audit.record(
        "document_downloaded",
        by=request.actor,
        about=revision.organisation_id,
        obj=document,
        outcome=audit.SEEN,
    )
    return downloads.hand_over(document.file)


@require_safe
def public_account_pdf(request: Request, slug: str, year: int, number: int) -> HttpResponseBase:
    """The PDF of a published account, for everybody."""
    accounts = PublicAccount.objects.filter(status__in=OwnDocument.SHOWN, slug=slug, number=number)
    account = get_object_or_404(accounts, year=year if 0 < year < 10_000 else 0)
    documents = OwnDocument.objects.select_related("file__request__organisation", "file__request__account")
    document = documents.filter(account=account, status=Status.READY).first()
    if document is None:
        context = {"account": account}
        response = render(request, "reports/own/making.html", context, status=202)
        response["Refresh"] = "4"
        return response
    return downloads.answer(request, document.file)
