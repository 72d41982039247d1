"""From what was recorded at a visit to the text of its report, and to the frozen versions of it."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import OuterRef, Q
from django.utils import timezone
from django.utils.formats import date_format

from assessments import bsn, editions, report_template
from assessments.canonical import canonical_json, sha256_hex
from assessments.errors import NotReady, WrongState
from assessments.models import (
    Answer,
    ConceptVersion,
    Delivery,
    FactualRemark,
    Finding,
    Judgement,
    Passage,
    PassageVersion,
    Visit,
)
from assessments.permissions import can_record
from assessments.report_template import Template
from assessments.values import clean_text
from norms.models import Item
from providers.actor import Actor

SCHEMA = "thuispeil.inspection-report.1"


def template_of(visit: Visit) -> Template:
    """The template that the visit's report was composed with, or would be."""
    return report_template.edition(visit.report_template, visit.starts_on)


def judged_items(visit: Visit) -> list[Item]:
    """The items that the inspectorate judges at this visit, in order; a follow-up takes its own choice."""
    chosen = Visit.items.through.objects.filter(visit=visit).values("item")
    judged = visit.editions.order_by("step", "edition").annotate(chosen=ArraySubquery(chosen))
    return [
        item
        for edition, own in judged.values_list("pk", "chosen")
        for item in editions.contents(edition).items
        if (not own or item.pk in own)
        and item.kind == Item.Kind.JUDGEMENT
        and Item.Filler.INSPECTORATE in item.filled_by
    ]


def compose(visit: Visit, *, by: Actor) -> None:
    """Put the passages ready, standard texts filled in; what was written before stays."""
    template = template_of(visit)
    visit.report_template = template.edition
    words = _words(visit)
    passages = [
        Passage(
            organisation_id=visit.organisation_id,
            visit=visit,
            key=part["key"],
            text=part["text"].format(**words),
        )
        for part in template.passages
    ]
    passages += [
        Passage(organisation_id=visit.organisation_id, visit=visit, key=part["key"], item=item)
        for item in judged_items(visit)
        for part in template.item_passages
    ]
    Passage.objects.bulk_create(passages, ignore_conflicts=True)
    new = Passage.objects.filter(visit=visit, versions=None)
    PassageVersion.objects.bulk_create(_version_of(passage, uuid.uuid4(), by) for passage in new)


def _version_of(passage: Passage, save_id: uuid.UUID, by: Actor) -> PassageVersion:
    """A passage as it is now, for the row of its texts."""
    return PassageVersion(
        organisation_id=passage.organisation_id,
        passage=passage,
        save_id=save_id,
        parent_version=passage.version - 1,
        version=passage.version,
        text=passage.text,
        due_on=passage.due_on,
        author=by.person,
    )


def _words(visit: Visit) -> dict[str, str]:
    places = [place.name for place in visit.locations.all()]
    editions = [edition.title for edition in visit.editions.order_by("step")]
    return {
        "provider": visit.organisation.name,
        "days": visit_days(visit),
        "locations": join_words(places) or "één locatie",
        "announced": "vooraf aangekondigd" if visit.announced else "niet vooraf aangekondigd",
        "editions": join_words(editions),
        "counts": join_words(_counts(visit)) or "geen gesprekken, dossiers of documenten",
    }


def _counts(visit: Visit) -> list[str]:
    """How much was seen, in words; what was not there is not named."""
    counts = (
        (visit.interviews, "gesprek", "gesprekken"),
        (visit.records, "dossier", "dossiers"),
        (visit.home_visits, "huisbezoek", "huisbezoeken"),
        (visit.documents, "document", "documenten"),
    )
    return [f"{number} {one if number == 1 else more}" for number, one, more in counts if number]


def weeks_in_words(weeks: int) -> str:
    return "één week" if weeks == 1 else f"{weeks} weken"


def visit_days(visit: Visit) -> str:
    first, last = (date_format(day, "j F Y") for day in (visit.starts_on, visit.ends_on))
    return first if visit.starts_on == visit.ends_on else f"{first} tot en met {last}"


def join_words(words: Sequence[str]) -> str:
    return " en ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def passages_in_order(visit: Visit) -> list[tuple[Passage, str]]:
    """The passages with their titles, in the order in which they are written."""
    template = template_of(visit)
    labels = {part["key"]: part["label"] for part in [*template.passages, *template.item_passages]}
    general = [part["key"] for part in template.passages]
    rows = Passage.objects.filter(visit=visit, key__in=labels).select_related("item__version")

    def place(row: Passage) -> tuple[Any, ...]:
        if row.item is None:
            return (0, general.index(row.key))
        edition = row.item.version
        return (1, edition.step, edition.edition, row.item.position, list(labels).index(row.key))

    return [
        (row, f"{row.item.code}, {labels[row.key].lower()}" if row.item else labels[row.key])
        for row in sorted(rows, key=place)
    ]


class StalePassage(Exception):
    """Somebody saved this passage in between; `current` is that row, `author` who it was.

    Nothing was written.
    """

    def __init__(self, current: Passage, author: str) -> None:
        self.current, self.author = current, author


@transaction.atomic
def save_passage(
    passage_id: int,
    text: str,
    due_on: date | None,
    base_version: int,
    *,
    by: Actor,
    save_id: uuid.UUID | None = None,
) -> Passage:
    """Write one passage, and keep its earlier text. A save that comes again changes nothing.

    Raises PermissionDenied, WrongState or StalePassage.
    """
    passage = Passage.objects.get(pk=passage_id)
    visit = Visit.objects.select_for_update(no_key=True).get(pk=passage.visit_id)
    if not can_record(by, visit):
        raise PermissionDenied
    if visit.status not in Visit.WRITING:
        raise WrongState(visit.get_status_display())
    passage.refresh_from_db()
    text = clean_text(text)
    if (passage.text, passage.due_on) == (text, due_on):
        return passage
    save_id = save_id or uuid.uuid4()
    saved = PassageVersion.objects.filter(passage=passage, save_id=save_id).first()
    if saved and (saved.text, saved.due_on) == (text, due_on):
        return passage
    if passage.version != base_version:
        last = PassageVersion.objects.filter(passage=passage).select_related("author").first()
        raise StalePassage(passage, last.author.name if last else "een collega")
    passage.text, passage.due_on, passage.version = text, due_on, passage.version + 1
    passage.save()
    # A page that the back button brought has its old id; with another text it is no repeat.
    _version_of(passage, uuid.uuid4() if saved else save_id, by).save()
    return passage


def missing_text(visit: Visit) -> str:
    """A Dutch sentence about what the report cannot do without, or ''."""
    passages = Passage.objects.filter(visit=visit).select_related("item")
    if not any(passage.key == "summary" and passage.text for passage in passages):
        return "Schrijf eerst de samenvatting ‘In het kort’."
    undated = [p.item.code for p in passages if p.item and p.key == "must" and p.text and not p.due_on]
    if undated:
        return f"Zet eerst een datum bij wat moet beter: {', '.join(undated)}."
    # Of which a device sent only part.
    halves = Finding.objects.filter(Q(source="") | Q(text=""), visit=visit, removed=False)
    if code := halves.filter(items__isnull=False).values_list("items__code", flat=True).first():
        return f"Bij een bevinding onder {code} ontbreekt de bron of de tekst. Vul die aan of verwijder haar."
    return ""


def freeze(visit: Visit, kind: str, *, by: Actor) -> ConceptVersion:
    """Keep the report as it is now, as canonical content with its hash. In the transition's transaction.

    Raises NotReady when a BSN seems to stand in it: others will read it.
    """
    number = visit.versions.filter(kind=ConceptVersion.Kind.CONCEPT).count() + 1
    version = "1.0" if kind == ConceptVersion.Kind.FINAL else f"0.{number}"
    content = report_content(visit, kind, version)
    for place in passages_of(content):
        if warning := bsn.warning(place["text"]):
            raise NotReady(f"Bij {place['key']}: {warning}")
    return ConceptVersion.objects.create(
        organisation_id=visit.organisation_id,
        visit=visit,
        version=version,
        kind=kind,
        content=content,
        sha256=sha256_hex(canonical_json(content)),
        created_by=by.person,
    )


def report_content(visit: Visit, kind: str, version: str) -> dict[str, Any]:
    """The whole report as JSON (schema thuispeil.inspection-report.1)."""
    template = template_of(visit)
    items = judged_items(visit)
    passages = {(p.key, p.item_id): p for p in Passage.objects.filter(visit=visit)}
    blocks = _item_blocks(visit, items, passages)

    def prose(key: str) -> str:
        return passages[key, None].text if (key, None) in passages else ""

    return {
        "schema": SCHEMA,
        "number": visit.number,
        "version": version,
        "kind": kind,
        "template": template.edition,
        "authority": template.data["authority"],
        "chapters": template.headings("chapters"),
        "annexes": template.headings("annexes"),
        "fixed_texts": template.fixed_texts(
            kind,
            {"provider": visit.organisation.name, "weeks": weeks_in_words(visit.reaction_weeks)},
        ),
        "provider": _provider(visit),
        "locations": [
            {"name": place.name, "place": place.place, "establishment": place.establishment}
            for place in visit.locations.all()
        ],
        "visit": {
            "announced": visit.announced,
            "started_on": visit.starts_on.isoformat(),
            "ended_on": visit.ends_on.isoformat(),
            "inspectors": visit.members.count(),
            "counts": {
                "interviews": visit.interviews,
                "files": visit.records,
                "home_visits": visit.home_visits,
                "documents": visit.documents,
            },
        },
        "frameworks": _frameworks(visit),
        "self_assessment": _self_assessment(visit),
        "dates": _dates(visit, kind),
        "scale": _scale(items),
        "summary": prose("summary"),
        "occasion": prose("occasion"),
        "provider_text": prose("provider_text"),
        "method": prose("method"),
        "next_steps": prose("next_steps"),
        "items": blocks,
        "actions": _actions(items, passages),
        "remarks": _remarks(visit) if kind == ConceptVersion.Kind.FINAL else [],
        "no_remarks": kind == ConceptVersion.Kind.FINAL and not visit.remarks.exists(),
        "documents": [{"title": line, "dated": None} for line in lines(prose("documents"))],
        "norm_text": _norm_text(items),
    }


def lines(text: str) -> list[str]:
    return [line.strip(" \t-•") for line in text.splitlines() if line.strip(" \t-•")]


def _provider(visit: Visit) -> dict[str, Any]:
    provider = visit.organisation
    regions = provider.provider_regions.on(visit.starts_on).select_related("region").order_by("region__code")
    return {
        "name": provider.name,
        "kvk": provider.kvk,
        "agb": provider.agb,
        "regions": [{"code": row.region.code, "name": row.region.name} for row in regions],
    }


def _frameworks(visit: Visit) -> list[dict[str, Any]]:
    return [
        {
            "code": edition.framework.code,
            "edition": edition.edition,
            "title": edition.title,
            "publisher": edition.framework.publisher,
            "source": edition.source,
        }
        for edition in visit.editions.select_related("framework").order_by("step", "edition")
    ]


def _self_assessment(visit: Visit) -> dict[str, Any] | None:
    revision = visit.revision
    if revision is None or revision.submitted_at is None:
        return None
    return {
        "year": revision.self_assessment.year,
        "revision": revision.number,
        "submitted_on": timezone.localdate(revision.submitted_at).isoformat(),
    }


def _dates(visit: Visit, kind: str) -> dict[str, str | None]:
    days = {
        event.action: timezone.localdate(event.at).isoformat()
        for event in visit.events.filter(
            action__in=["send_concept", "submit_reaction", "no_remarks", "close_term"]
        )
    }
    final = kind == ConceptVersion.Kind.FINAL
    today = timezone.localdate().isoformat()
    return {
        "concept_sent_on": days.get("send_concept") if final else today,
        "concept_received_on": _received_on(visit) if final else None,
        "reaction_due": visit.reaction_due.isoformat() if final and visit.reaction_due else None,
        "reaction_received_on": days.get("submit_reaction") or days.get("no_remarks"),
        "settled_on": today if final else None,
    }


def _received_on(visit: Visit) -> str | None:
    delivery = Delivery.objects.filter(version__visit=visit).order_by("-at").first()
    return delivery.on.isoformat() if delivery else None


def _scale(items: Sequence[Item]) -> list[dict[str, str]]:
    levels = {
        level.code: level
        for scale in {item.version.scale for item in items}
        for level in scale.levels.filter(for_inspectorate=True)
    }
    return [
        {"code": level.code, "label": level.label, "meaning": level.meaning}
        for level in sorted(levels.values(), key=lambda level: level.position)
    ]


def _item_blocks(visit: Visit, items: Sequence[Item], passages: dict[Any, Passage]) -> list[dict[str, Any]]:
    judgements = {
        judgement.item_id: judgement
        for judgement in Judgement.objects.filter(visit=visit, author=None).prefetch_related("findings")
    }
    own = {answer.item_id: answer for answer in Answer.objects.filter(revision=visit.revision_id)}
    findings = findings_by_item(visit, items)

    def points(key: str, item: Item) -> list[str]:
        passage = passages.get((key, item.pk))
        return lines(passage.text) if passage else []

    blocks = []
    for item in items:
        numbered = [(f"{item.code}-{n}", finding) for n, finding in enumerate(findings[item.pk], start=1)]
        judgement = judgements.get(item.pk)
        answer = own.get(item.pk)
        blocks.append(
            {
                "code": item.code,
                "title": item.title,
                "text": item.text,
                "is_whole": not item.asks_provider,
                "level": judgement.level if judgement else "",
                "own_asked": item.asks_provider,
                # The score only: the explanation belongs to the self-assessment, which is never public.
                "own": {"level": answer.value, "text": ""} if answer and answer.is_answered else None,
                "good": points("good", item),
                "better": points("better", item),
                "must": points("must", item),
                "findings": [
                    {
                        "number": number,
                        "source": finding.source,
                        "source_label": finding.get_source_display(),
                        "text": finding.text,
                    }
                    for number, finding in numbered
                ],
                "grounds": _grounds(item, judgement, numbered),
            }
        )
    return blocks


def _grounds(
    item: Item, judgement: Judgement | None, numbered: Sequence[tuple[str, Finding]]
) -> list[dict[str, Any]]:
    """The reason, a paragraph a ground, numbered on after the findings that it cites."""
    if judgement is None:
        return []
    cited = {finding.pk for finding in judgement.findings.all()}
    cites = [number for number, finding in numbered if finding.pk in cited]
    return [
        {"number": f"{item.code}-{n}", "text": text, "cites": cites}
        for n, text in enumerate(lines(judgement.reason), start=len(numbered) + 1)
    ]


def findings_by_item(
    visit: Visit, items: Sequence[Item], *, removed: bool = False
) -> dict[int, list[Finding]]:
    """Findings per judged item, with `removed` also those; under a deelvraag for the criterion above it."""
    judged = {item.pk for item in items}
    parents = {row.pk: row.parent_id for row in editions.items_beside(items)}
    grouped: dict[int, list[Finding]] = {item.pk: [] for item in items}
    about = Finding.items.through.objects.filter(finding=OuterRef("pk")).values("item")
    found = Finding.objects.filter(visit=visit, removed__in=[False, removed])
    for finding in found.annotate(about=ArraySubquery(about)):
        owners = set()
        for node in finding.about:
            while node is not None and node not in judged:
                node = parents.get(node)
            if node is not None:
                owners.add(node)
        for owner in owners:
            grouped[owner].append(finding)
    return grouped


def _actions(items: Sequence[Item], passages: dict[Any, Passage]) -> list[dict[str, Any]]:
    musts = [(item, passages[("must", item.pk)]) for item in items if ("must", item.pk) in passages]
    rows = [(item, passage.due_on, line) for item, passage in musts for line in lines(passage.text)]
    rows.sort(key=lambda row: row[1] or date.max)
    return [
        {"number": f"V{n}", "text": line, "due_on": due.isoformat() if due else None, "item": item.code}
        for n, (item, due, line) in enumerate(rows, start=1)
    ]


def remark_place(remark: FactualRemark, newest: ConceptVersion | None) -> str:
    """Where a remark stands in the newest concept: a recalled one may have been numbered otherwise.

    The same text under the same heading is the same passage; of one that is gone, its name in its version.
    """
    if newest is None or remark.version_id == newest.pk:
        return remark.passage
    before = {place["key"]: place for place in passages_of(remark.version.content)}
    then = before.get(remark.passage)
    now = [
        place["key"]
        for place in passages_of(newest.content)
        if then and (place["part"], place["text"]) == (then["part"], then["text"])
    ]
    if remark.passage in now:
        return remark.passage
    return now[0] if now else f"{remark.passage} in versie {remark.version.version}"


def newest_concept(visit: Visit) -> ConceptVersion | None:
    return visit.versions.filter(kind=ConceptVersion.Kind.CONCEPT).order_by("created_at", "pk").last()


def _remarks(visit: Visit) -> list[dict[str, Any]]:
    newest = newest_concept(visit)
    return [
        {
            "number": number,
            "passage": remark_place(remark, newest),
            "text": remark.text,
            "verdict": remark.verdict or None,
            "answer": remark.answer,
        }
        for number, remark in enumerate(visit.remarks.prefetch_related("version"), start=1)
    ]


def _norm_text(items: Sequence[Item]) -> list[dict[str, Any]]:
    questions: dict[int | None, list[dict[str, str]]] = {}
    checks = Item.objects.filter(parent__in=items, kind=Item.Kind.CHECK).order_by("position")
    for check in checks:
        questions.setdefault(check.parent_id, []).append(
            {"code": check.code, "text": check.text or check.title}
        )
    return [
        {"code": item.code, "title": item.title, "questions": questions.get(item.pk, [])} for item in items
    ]


def passages_of(content: Mapping[str, Any]) -> list[dict[str, str]]:
    """The places in a frozen report to which a remark can point: number or heading, with its text."""
    texts = [
        ("In het kort", content["summary"]),
        ("Aanleiding", content["occasion"]),
        ("De aanbieder", content["provider_text"]),
        ("Werkwijze", content["method"]),
        ("Wat er nu gebeurt", content["next_steps"]),
    ]
    places = [{"key": label, "text": text, "part": ""} for label, text in texts if text]
    for item in content["items"]:
        part = f"{item['code']} {item['title']}"
        for heading, key in (("gaat goed", "good"), ("kan beter", "better"), ("moet beter", "must")):
            if item[key]:
                places.append(
                    {"key": f"{item['code']} {heading}", "text": "\n".join(item[key]), "part": part}
                )
        for passage in [*item["findings"], *item["grounds"]]:
            places.append({"key": passage["number"], "text": passage["text"], "part": part})
    return places
