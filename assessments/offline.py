"""A visit on a device without a network: what goes along as JSON, and how its edits come back.

The device keeps everything encrypted (static/js/offline); here is nothing that an online page has not too.
"""

import hashlib
import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from assessments import judging, questions, report_text, visit_notes
from assessments.field_edits import Counts, Edit, Outcome
from assessments.forms.visit_edits import SOURCE_LABELS
from assessments.models import Judgement, Visit, VisitCopy
from assessments.permissions import can_record
from assessments.values import CHECKS
from assessments.visit_overview import in_reading_order
from assessments.visit_workspace import finding_items
from norms.models import Item, ScaleLevel
from providers import audit
from providers.actor import Actor

SCHEMA = "thuispeil.visit-offline.1"
BATCH = 100  # edits in one request
MODULES = (
    "crypto",
    "dom",
    "export",
    "model",
    "queue",
    "screen",
    "store",
    "sync",
    "take",
    "worker",
    "workspace",
)
# All that the page without a network is made of; it holds no data.
SHELL = (
    "css/answers.css",
    "css/components.css",
    "css/layout.css",
    "css/offline.css",
    "css/theme.css",
    "img/check.svg",
    "img/chevron-down.svg",
    "img/favicon.svg",
    "vendor/fonts/atkinson-hyperlegible-next/atkinson-hyperlegible-next-latin-wght-normal.woff2",
    "vendor/fonts/source-serif-4/source-serif-4-latin-opsz-normal.woff2",
    "vendor/nlds.css",
)


def page() -> str:
    """The page itself. Nothing on it is anybody's, so that a copy of it may lie on every device."""
    levels = ScaleLevel.objects.order_by("code").values_list("code", flat=True).distinct()
    context = {
        "lock_seconds": settings.OFFLINE_LOCK_MINUTES * 60,
        "batch": BATCH,
        "levels": ["", *levels],
    }
    return render_to_string("assessments/visits/offline.html", context)


def shell() -> dict[str, Any]:
    """The files that the page needs without a network, and a name that changes when one of them does."""
    modules = [f"js/offline/{name}.js" for name in MODULES]
    files = [static(name) for name in (*SHELL, *modules)]
    name = hashlib.sha256("\n".join([page(), *files]).encode()).hexdigest()[:16]
    # Modules import each other by the name without a fingerprint.
    files += [f"{settings.STATIC_URL}{module}" for module in modules]
    return {"name": f"offline-{name}", "files": sorted(set(files))}


def snapshot(visit: Visit, actor: Actor) -> dict[str, Any]:
    """All that this member of the team sees of a visit, as JSON (schema thuispeil.visit-offline.1).

    A constant number of queries.
    """
    items = in_reading_order(report_text.judged_items(visit))
    return {
        "schema": SCHEMA,
        "person": {"pk": actor.person.pk, "name": actor.person.name},
        "at": timezone.now().isoformat(),
        "visit": _visit(visit, actor),
        "items": _items(visit, items, actor),
        "choices": [{"pk": item.pk, "label": f"{item.code}. {item.title}"} for item in finding_items(items)],
        "sources": [{"code": str(code), "label": label} for code, label in SOURCE_LABELS.items()],
        "check_answers": [{"code": code, "label": label} for code, label in CHECKS.items()],
        "findings": _findings(visit),
        "judgements": _judgements(visit, actor),
        "counts": {
            "values": {name: getattr(visit, name) for name in Counts.FIELDS},
            "versions": visit.count_versions,
        },
        "notes": _notes(visit),
    }


def _visit(visit: Visit, actor: Actor) -> dict[str, Any]:
    may_record = visit.status in Visit.CORRECTING and can_record(actor, visit)
    return {
        "pk": visit.pk,
        "number": visit.number,
        "provider": visit.organisation.name,
        "days": report_text.visit_days(visit),
        "status": visit.get_status_display(),
        "locations": [place.name for place in visit.locations.all()],
        "focus": visit.focus,
        "may_record": may_record,
        "may_add": may_record and visit.status in Visit.RECORDING,
    }


def _items(visit: Visit, items: list[Item], actor: Actor) -> list[dict[str, Any]]:
    hidden = judging.hidden_scores(visit, actor, items)
    closed = judging.closed_items(visit, items)
    own = _own_scores(visit, hidden)
    checks: dict[int | None, list[Item]] = {}
    for check in judging.checks(items):
        checks.setdefault(check.parent_id, []).append(check)
    levels = {
        scale: [
            {"code": level.code, "label": level.label} for level in scale.levels.filter(for_inspectorate=True)
        ]
        for scale in {item.version.scale for item in items}
    }
    return [
        {
            "pk": item.pk,
            "code": item.code,
            "title": item.title,
            "text": item.text,
            "asks_provider": item.asks_provider,
            "levels": levels[item.version.scale],
            "checks": [
                {"pk": check.pk, "code": check.code, "title": check.title}
                for check in checks.get(item.pk, [])
            ],
            "own": own.get(item.pk),
            "own_hidden": item.pk in hidden,
            "closed": item.pk in closed,
        }
        for item in items
    ]


def _own_scores(visit: Visit, hidden: set[int]) -> dict[int, dict[str, Any]]:
    """What the provider handed in per judged item, but for those that are judged first."""
    if visit.revision is None:
        return {}
    blocks = [block for part in questions.load(visit.revision).sections for block in part.blocks]
    return {
        block.judgement.item.pk: {
            "level": block.judgement.value or "",
            "note": block.judgement.note,
            "checks": [
                {"title": check.item.title, "answer": check.shown_value or ""} for check in block.checks
            ],
        }
        for block in blocks
        if block.judgement and block.judgement.item.pk not in hidden
    }


def _findings(visit: Visit) -> list[dict[str, Any]]:
    rows = visit.findings.select_related("author").prefetch_related("items")
    return [
        {
            "id": str(row.pk),
            "source": row.source,
            "text": row.text,
            "items": sorted(item.pk for item in row.items.all()),
            "removed": row.removed,
            "versions": row.versions,
            "author": row.author.name,
            "at": row.created_at.isoformat(),
        }
        for row in rows
    ]


def _judgements(visit: Visit, actor: Actor) -> list[dict[str, Any]]:
    rows = Judgement.objects.visible_to(actor).filter(visit=visit)
    return [
        {
            "id": str(row.pk),
            "item": row.item_id,
            "common": row.author_id is None,
            "mine": row.author_id == actor.person.pk,
            "author": row.author.name if row.author else "",
            "level": row.level,
            "reason": row.reason,
            "findings": sorted(str(found.pk) for found in row.findings.all()),
            "versions": row.versions,
        }
        for row in rows.select_related("author").prefetch_related("findings").order_by("author__name", "pk")
    ]


def _notes(visit: Visit) -> list[dict[str, Any]]:
    """The newest version of each note of the team."""
    return [
        {
            "item": item,
            "text": note.text,
            "version": note.version,
            "author": note.author.name,
            "at": note.at.isoformat(),
        }
        for item, note in visit_notes.newest(visit).items()
    ]


def key_of(raw: Any) -> uuid.UUID | None:
    """The key that a device made for its copy, None when it is none."""
    try:
        return uuid.UUID(raw)
    except (AttributeError, TypeError, ValueError):
        return None


def note_taken(visit: Visit, key: uuid.UUID, device: str, *, by: Actor) -> None:
    """That a member of the team takes the visit along; asked again, it is the same copy."""
    copy, _ = VisitCopy.objects.get_or_create(
        pk=key,
        defaults={
            "organisation_id": visit.organisation_id,
            "visit": visit,
            "user": by.person,
            "device": device,
        },
    )
    if (copy.visit_id, copy.user_id) != (visit.pk, by.person.pk):
        raise PermissionDenied
    audit.record("visit_taken_along", by=by, obj=visit)


def note_sent(visit: Visit, key: uuid.UUID | None, edits: int, returned: bool, *, by: Actor) -> None:
    """When the last edits of a copy came in, and that it was wiped. Not knowing the copy refuses no text."""
    now = timezone.now()
    times = {"sent_at": now} if edits else {}
    if returned:
        times["returned_at"] = now
    if times and key:
        VisitCopy.objects.filter(pk=key, visit=visit, user=by.person).update(**times)
    if edits:
        audit.record("visit_edits_sent", by=by, obj=visit)


def read_edit(raw: Any) -> Edit | None:
    """An edit as a device sends it, None when it cannot be read. What its value may be is for field_edits."""
    try:
        return Edit(
            id=uuid.UUID(raw["id"]),
            kind=str(raw["kind"]),
            object_id=uuid.UUID(raw["object"]),
            field=str(raw["field"]),
            base_version=_number(raw["base"]),
            value=raw["value"],
            item_id=None if raw.get("item") is None else _number(raw["item"]),
            common=raw.get("common") is True,
            after=uuid.UUID(raw["after"]) if raw.get("after") else None,
            read=None if raw.get("read") is None else _number(raw["read"]),
            made_at=_moment(raw.get("made_at")),
        )
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


def _number(raw: Any) -> int:
    if type(raw) is not int or not 0 <= raw < 2**31:
        raise ValueError
    return raw


def _moment(raw: Any) -> datetime | None:
    """When the device says that it was; a clock that cannot be read is no reason to refuse a text."""
    try:
        moment = parse_datetime(raw) if isinstance(raw, str) else None
    except ValueError:
        return None
    return moment if moment and timezone.is_aware(moment) and 2000 < moment.year < 3000 else None


def told(outcome: Outcome) -> dict[str, Any]:
    """An outcome as JSON."""
    return {
        "id": str(outcome.edit.id),
        "result": outcome.result,
        "version": outcome.version,
        "current": outcome.current,
        "author": outcome.other_author,
        "at": outcome.other_at.isoformat() if outcome.other_at else None,
        "message": outcome.message,
    }


def unreadable(rows: Iterable[Any]) -> list[dict[str, Any]]:
    """The answer on edits that could not be read."""
    return [
        {"id": str(raw.get("id", "")), "result": "refused", "message": "Deze wijziging is niet te lezen."}
        for raw in rows
        if isinstance(raw, dict)
    ]
