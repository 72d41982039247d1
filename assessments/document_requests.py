"""Documents that the inspectorate asks of a provider around a visit, and the files that come.

Asking tells that there is a visit, so it waits until the provider may know of it.
"""

import uuid
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from assessments import files, library, permissions, visit_mail
from assessments.errors import NotReady, WrongState
from assessments.models import DocumentRequest, DocumentRequestFile, EvidenceRevision, Visit
from assessments.values import clean_text
from providers import audit, mail
from providers.actor import Actor

S = Visit.Status
ASKING = (S.PLANNED, S.CONDUCTED, S.DRAFTING, S.AT_PROVIDER, S.REACTED)
NOT_KNOWN = "De aanbieder weet nog niet van dit bezoek. U kunt documenten opvragen als het is uitgevoerd."


@transaction.atomic
def ask(visit_id: int, *, what: str, why: str, due: date, key: uuid.UUID, by: Actor) -> DocumentRequest:
    """Ask for documents by a day and mail the provider; what one form sends twice is asked once.

    Raises PermissionDenied, WrongState, NotReady (the provider may not know yet) or ValidationError by field.
    """
    visit = Visit.objects.select_for_update(no_key=True, of=("self",)).get(pk=visit_id)
    if not permissions.can_record(by, visit):
        raise PermissionDenied
    if visit.status not in ASKING:
        raise WrongState(visit.get_status_display())
    if not visit.is_known_to_provider:
        raise NotReady(NOT_KNOWN)
    if known := DocumentRequest.objects.filter(visit=visit, key=key).first():
        return known
    what, why = clean_text(what), clean_text(why)
    if not what:
        raise ValidationError({"what": "Schrijf welke documenten u nodig heeft."})
    if not why:
        raise ValidationError({"why": "Schrijf waarvoor u ze nodig heeft."})
    if due < timezone.localdate():
        raise ValidationError({"due": "Deze dag is al voorbij. Kies vandaag of een latere dag."})
    asked = DocumentRequest.objects.create(
        organisation_id=visit.organisation_id,
        visit=visit,
        key=key,
        what=what,
        why=why,
        due=due,
        asked_by=by.person,
    )
    audit.record("documents_asked", by=by, about=visit.organisation_id, obj=asked)
    link = mail.link("assessments:document_request", asked.pk)
    visit_mail.tell("documents_asked", visit, moment=f"request-{asked.pk}", link=link, asked=asked)
    return asked


@transaction.atomic
def give(request_id: int, upload: UploadedFile, *, by: Actor) -> DocumentRequestFile:
    """Put a file in the provider's library and under the request. A file that is there already is linked.

    Raises PermissionDenied, WrongState or ValidationError.
    """
    asked = _open_for(request_id, by)
    files.check_upload(upload)
    file = files.same_content(asked.organisation_id, upload)
    if file is None:
        file = library.add_piece(upload, "", None, by=by).revisions.get()
    return _link(asked, file, by)


def _link(asked: DocumentRequest, file: EvidenceRevision, by: Actor) -> DocumentRequestFile:
    given, is_new = DocumentRequestFile.objects.get_or_create(
        request=asked,
        evidence_revision=file,
        defaults={"organisation_id": asked.organisation_id, "by": by.person},
    )
    if is_new:
        audit.record("documents_given", by=by, about=asked.organisation_id, obj=asked)
    return given


@transaction.atomic
def take_back(given_id: int, *, by: Actor) -> None:
    """A wrong file goes from under the request; in the library it stays."""
    given = DocumentRequestFile.objects.get(pk=given_id)
    asked = _open_for(given.request_id, by)
    given.delete()
    audit.record("documents_taken_back", by=by, about=asked.organisation_id, obj=asked)


def _open_for(request_id: int, by: Actor) -> DocumentRequest:
    # Shared: the provider adds, the inspectorate closes; the row itself is not the provider's to change.
    asked = DocumentRequest.objects.select_related("visit").get(pk=request_id)
    if not permissions.can_react(by, asked.visit):
        raise PermissionDenied
    if not asked.is_open:
        raise WrongState(asked.get_status_display())
    return asked


@transaction.atomic
def close(request_id: int, status: str, *, by: Actor) -> DocumentRequest:
    """Everything came (complete), or it is not needed any more (withdrawn). Once; the first says how.

    Raises PermissionDenied or WrongState.
    """
    asked = DocumentRequest.objects.select_for_update(of=("self",)).select_related("visit").get(pk=request_id)
    if not permissions.can_record(by, asked.visit):
        raise PermissionDenied
    if asked.status == status:
        return asked
    if not asked.is_open:
        raise WrongState(asked.get_status_display())
    asked.status, asked.closed_at, asked.closed_by = status, timezone.now(), by.person
    asked.save(update_fields=["status", "closed_at", "closed_by"])
    audit.record("documents_closed", by=by, about=asked.organisation_id, obj=asked)
    return asked
