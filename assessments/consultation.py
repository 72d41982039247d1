"""Medezeggenschap: the talks about the choice of the experience instrument and about the account itself.

The two are apart: about the instrument the client council consents and the work floor advises, the account
is discussed with both. Nothing of it stops handing in; what is missing is shown, also to readers.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from assessments.difference import UNNAMED
from assessments.errors import WrongState
from assessments.models import Consultation, Revision
from assessments.permissions import can_fill_in
from providers import audit
from providers.actor import Actor

Body, Subject = Consultation.Body, Consultation.Subject
WORK_FLOOR = (Body.WORKS_COUNCIL, Body.STAFF)


@dataclass(frozen=True)
class Talk:
    """One talk as people read it, from a row or from frozen content."""

    subject: str
    body: str
    outcome: str
    held_on: str
    who: str
    summary: str
    document: str = ""
    pk: int | None = None

    @property
    def body_words(self) -> str:
        return Body(self.body).label

    @property
    def outcome_words(self) -> str:
        return Consultation.Outcome(self.outcome).label


@dataclass(frozen=True)
class Topic:
    """One of the two subjects with its talks, and with whom it was not talked about."""

    code: str
    title: str
    asked: str
    talks: tuple[Talk, ...]

    @property
    def missing(self) -> list[str]:
        """Who was not heard. Without a council, others may have been."""
        heard = {talk.body for talk in self.talks}
        council = [] if heard & {Body.CLIENT_COUNCIL, Body.NO_COUNCIL} else ["de cliëntenraad"]
        floor = [] if heard & {*WORK_FLOOR, Body.NO_COUNCIL} else ["de OR of een andere vertegenwoordiging"]
        return council + floor


ASKED = {
    Subject.INSTRUMENT: "De cliëntenraad stemt in met het instrument waarmee u cliëntervaringen meet. "
    "De ondernemingsraad of een andere vertegenwoordiging van de werkvloer geeft advies.",
    Subject.ACCOUNT: "U bespreekt de zelfevaluatie met de cliëntenraad en met de werkvloer. "
    "Instemming is daarvoor niet nodig.",
}


def topics(revision: Revision, *, reader: Actor) -> list[Topic]:
    """Both subjects: of an open account as they are now, else as they were handed in.

    The title of a piece is for who has the library; others read that there is one.
    """
    talks = _of_rows(revision) if revision.is_open else _of_content(revision.content or {})
    if not can_fill_in(reader, revision):
        talks = [replace(talk, document=talk.document and UNNAMED) for talk in talks]
    return [
        Topic(code, code.label, ASKED[code], tuple(talk for talk in talks if talk.subject == code))
        for code in Subject
    ]


def _of_rows(revision: Revision) -> list[Talk]:
    rows = Consultation.objects.filter(self_assessment=revision.self_assessment_id)
    return [
        Talk(
            row.subject,
            row.body,
            row.outcome,
            row.held_on.isoformat(),
            row.who,
            row.summary,
            row.evidence.title if row.evidence else "",
            row.pk,
        )
        for row in rows.select_related("evidence")
    ]


def _of_content(content: dict[str, Any]) -> list[Talk]:
    return [Talk(**talk) for talk in content.get("consultations", [])]


def frozen(revision: Revision) -> list[dict[str, str]]:
    """The talks for the content of a revision that is handed in."""
    names = ("subject", "body", "outcome", "held_on", "who", "summary", "document")
    return [{name: getattr(talk, name) for name in names} for talk in _of_rows(revision)]


def heard_too_little(found: Iterable[Topic]) -> bool:
    return any(topic.missing for topic in found)


@transaction.atomic
def keep(revision_id: int, row: Consultation, *, by: Actor) -> Consultation:
    """Write down a talk, new or changed. Raises WrongState once the account was handed in."""
    revision = _open(revision_id, by)
    is_new = row.pk is None
    row.organisation_id, row.self_assessment_id = revision.organisation_id, revision.self_assessment_id
    if is_new:
        row.created_by = by.person
    row.save()
    audit.record("consultation_kept", by=by, about=revision.organisation_id, obj=row)
    return row


@transaction.atomic
def remove(revision_id: int, pk: int, *, by: Actor) -> None:
    """Take out a talk that should not be there."""
    revision = _open(revision_id, by)
    row = Consultation.objects.filter(self_assessment=revision.self_assessment_id, pk=pk).first()
    if row:
        audit.record("consultation_removed", by=by, about=revision.organisation_id, obj=row)
        row.delete()


def _open(revision_id: int, by: Actor) -> Revision:
    revision = Revision.objects.select_for_update(no_key=True).get(pk=revision_id)
    if not can_fill_in(by, revision):
        raise PermissionDenied
    if not revision.is_open:
        raise WrongState(revision.get_status_display())
    return revision
