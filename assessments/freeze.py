"""What a handed-in revision says, as one canonical document with its hash."""

from typing import Any

from django.utils import timezone

from assessments.canonical import canonical_json, sha256_hex
from assessments.models import Answer, EvidenceLink, Revision
from assessments.scope import Reach, reaches_of
from norms.models import Item

SCHEMA = "thuispeil.self-assessment.1"


def freeze_revision(revision: Revision) -> None:
    """Fill `content` and `sha256` of a revision that is handed in; links become answers of their own."""
    for linked in revision.answers.exclude(linked_to=None).select_related("linked_to"):
        source = linked.linked_to or linked
        linked.value, linked.text, linked.is_answered = source.value, source.text, source.is_answered
        linked.linked_to = None
        linked.save()
    revision.answered_count = revision.answers.filter(is_answered=True).that_apply().count()
    revision.content = revision_content(revision)
    revision.sha256 = sha256_hex(canonical_json(revision.content))


def revision_content(revision: Revision) -> dict[str, Any]:
    """The revision as JSON: provider, editions, and every question with its answer or null."""
    organisation = revision.organisation
    editions = revision.editions.select_related("framework").order_by("step", "edition")
    return {
        "schema": SCHEMA,
        "provider": {"name": organisation.name, "kvk": organisation.kvk, "agb": organisation.agb},
        "year": revision.self_assessment.year,
        "revision": revision.number,
        "submitted_on": timezone.localdate(revision.submitted_at).isoformat(),
        "adopted_by": revision.adopted_by.name if revision.adopted_by else "",
        "same_person": revision.same_person,
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
    items = (
        Item.objects.filter(version__in=revision.editions.all(), filled_by__contains=[Item.Filler.PROVIDER])
        .select_related("version__framework")
        .order_by("version__step", "version__edition", "position")
    )
    return [
        {
            "framework": item.version.framework.code,
            "edition": item.version.edition,
            "item": item.code,
            "kind": item.kind,
            "title": item.title or item.text,
            "value": answers[item.pk].value if item.pk in answers else None,
            "text": answers[item.pk].text if item.pk in answers else "",
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
