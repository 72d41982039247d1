"""What a handed-in revision says, as one canonical document with its hash."""

import uuid
from typing import Any

from django.db.models import F
from django.utils import timezone

from assessments import consultation
from assessments.canonical import canonical_json, sha256_hex
from assessments.models import Answer, AnswerVersion, EvidenceLink, Revision
from assessments.scope import Reach, reaches_of
from norms.models import Item

SCHEMA = "thuispeil.self-assessment.1"


def freeze_revision(revision: Revision) -> None:
    """Fill `content` and `sha256` of a revision that is handed in; what was linked gets a text of its own."""
    _write_linked(revision)
    revision.answered_count = revision.answers.filter(is_answered=True).that_apply().count()
    revision.content = revision_content(revision)
    revision.sha256 = sha256_hex(canonical_json(revision.content))


def _write_linked(revision: Revision) -> None:
    """What a linked answer says goes into its own history; the link stays, to tell where it came from."""
    linked = revision.answers.exclude(linked_to=None)
    linked.update(version=F("version") + 1)
    AnswerVersion.objects.bulk_create(
        AnswerVersion(
            organisation_id=row.organisation_id,
            answer=row,
            save_id=uuid.uuid4(),
            version=row.version,
            parent_version=row.version - 1,
            value=row.value,
            text=row.text,
            author_id=row.author_id,
        )
        for row in linked.all()
    )


def revision_content(revision: Revision) -> dict[str, Any]:
    """The revision as JSON: provider, editions, and every question with its answer or null."""
    organisation, submitted = revision.organisation, revision.submitted_at
    editions = revision.editions.select_related("framework").order_by("step", "edition")
    return {
        "schema": SCHEMA,
        "provider": {"name": organisation.name, "kvk": organisation.kvk, "agb": organisation.agb},
        "year": revision.self_assessment.year,
        "revision": revision.number,
        # Of an account that is not handed in yet, for the provider's own use.
        "submitted_on": submitted and timezone.localdate(submitted).isoformat(),
        "adopted_by": revision.adopted_by.name if revision.adopted_by else "",
        "same_person": revision.same_person,
        "declarations": revision.declarations,
        "consultations": consultation.frozen(revision),
        "locations": [
            {"name": place.name, "place": place.place, "establishment": place.establishment}
            for place in revision.locations.all()
        ],
        "editions": [
            {"framework": edition.framework.code, "edition": edition.edition, "title": edition.title}
            for edition in editions
        ],
        "answers": _answers(revision),
    }


def _answers(revision: Revision) -> list[dict[str, Any]]:
    answers = {answer.item_id: answer for answer in Answer.objects.filter(revision=revision)}
    reaches = reaches_of(revision)
    files: dict[int, list[dict[str, str]]] = {}
    for link in EvidenceLink.objects.filter(revision=revision).select_related("evidence_revision"):
        evidence = link.evidence_revision
        files.setdefault(link.item_id, []).append({"name": evidence.name, "sha256": evidence.sha256})
    items = list(
        Item.objects.filter(version__in=revision.editions.all(), filled_by__contains=[Item.Filler.PROVIDER])
        .select_related("version__framework")
        .order_by("version__step", "version__edition", "position")
    )
    names: dict[int | None, dict[str, str]] = {
        answers[item.pk].pk: {"framework": item.version.framework.code, "item": item.code}
        for item in items
        if item.pk in answers
    }
    return [
        {
            "framework": item.version.framework.code,
            "edition": item.version.edition,
            "item": item.code,
            "kind": item.kind,
            "title": item.title or item.text,
            "value": answers[item.pk].value if item.pk in answers else None,
            "text": answers[item.pk].text if item.pk in answers else "",
            # The question under which it was written, when that is another one.
            "linked_to": names.get(answers[item.pk].linked_to_id) if item.pk in answers else None,
            **_reach(reaches.get(item.pk)),
            "evidence": files.get(item.pk, []),
        }
        for item in items
    ]


def _reach(reach: Reach | None) -> dict[str, Any]:
    """Whether the question applied, and the reason when that does not speak for itself."""
    if reach is None:
        return {"applies": True, "applies_reason": "", "applies_chosen": False}
    return {"applies": reach.applies, "applies_reason": reach.reason, "applies_chosen": reach.chosen}
