"""What one page shows of a whole visit, and what of it the provider may see."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from assessments import judging, online, permissions, planning, report_text
from assessments.models import Answer, ConceptVersion, Judgement, Visit, VisitCopy, VisitEvent
from assessments.workflow import VISIT
from assessments.workflow.machine import Choice
from norms.models import Item
from providers.actor import Actor

S = Visit.Status
HAPPENED = {
    "plan": "Bezoek gepland",
    "move": "Bezoek verzet",
    "change": "Plan gewijzigd",
    "relocate": "Andere locaties of teams",
    "announce": "Bezoek aangekondigd",
    "hand_over": "Bezoek overgedragen",
    "declare": "Verklaard geen belang te hebben",
    "conflict": "Uit het team gegaan om een belang bij de aanbieder",
    "conduct": "Bezoek uitgevoerd",
    "compose": "Rapporttekst klaargezet",
    "send_concept": "Conceptrapport verstuurd",
    "recall": "Conceptrapport teruggehaald",
    "deliver": "Conceptrapport ontvangen",
    "ask_extension": "Uitstel gevraagd",
    "extend_term": "Reactietermijn verlengd",
    "refuse_extension": "Uitstel geweigerd",
    "submit_reaction": "Reactie van de aanbieder ontvangen",
    "no_remarks": "De aanbieder heeft geen opmerkingen",
    "close_term": "Reactietermijn gesloten",
    "process": "Reactie verwerkt",
    "reopen": "Teruggestuurd naar het team",
    "settle": "Rapport vastgesteld",
    "decide": "Besluit tot openbaarmaking genomen",
    "publish": "Rapport openbaar gemaakt",
    "suspend": "Openbaarmaking opgeschort",
    "correct": "Verbeterde versie vastgesteld",
    "resume": "Opschorting opgeheven",
    "withdraw": "Rapport ingetrokken",
    "take_offline": "Rapport van het internet gehaald",
    "cancel": "Bezoek geannuleerd",
}
# How the inspectorate works among itself is not the provider's to read.
INTERNAL = {"compose", "reopen", "process"}


@dataclass(frozen=True)
class Moment:
    """Something that happened, in words."""

    at: datetime
    title: str
    who: str
    note: str = ""
    version: ConceptVersion | None = None
    changes: Sequence[str] = ()


@dataclass
class Criterion:
    """One judged item with every judgement of it; `judgements` are (name, level) of the team's members."""

    item: Item
    own: str | None
    own_hidden: bool = False
    judgements: list[tuple[str, str]] = field(default_factory=list)
    common: str | None = None


@dataclass(frozen=True)
class Next:
    """A step that can be taken, or what it waits for and where that is solved."""

    choice: Choice
    url: str
    solve_url: str = ""
    solve_label: str = ""


def is_inside(actor: Actor) -> bool:
    return actor.has(*permissions.INSPECTION)


def readable_versions(visit: Visit, actor: Actor) -> list[ConceptVersion]:
    """The frozen versions of the report that the actor may open, oldest first."""
    inside = is_inside(actor)
    if not inside and visit.status not in Visit.SHARED:
        return []
    versions = ConceptVersion.objects.filter(visit=visit).defer("content").order_by("created_at", "pk")
    return list(versions if inside else versions.openable())


def timeline(visit: Visit, actor: Actor) -> list[Moment]:
    """What happened, newest first. A provider reads neither the inspectorate's names nor its notes."""
    inside = is_inside(actor)
    events = visit.events.select_related("by", "by_organisation", "version").defer("version__content")
    shown = events if inside else events.filter(internal=False).exclude(action__in=INTERNAL)
    return [_moment(event, inside, actor) for event in reversed(shown)]


def _moment(event: VisitEvent, inside: bool, actor: Actor) -> Moment:
    own = inside or event.by_organisation_id == actor.organisation_id
    if event.by is None:
        who = "Vanzelf"
    elif own or event.by_organisation is None:
        who = str(event.by)
    else:
        who = str(event.by_organisation)
    title = HAPPENED.get(event.action, event.action)
    note = event.note if own else ""
    return Moment(event.at, title, who, note, event.version, planning.changes_in_words(event))


def criteria(visit: Visit, actor: Actor) -> list[Criterion]:
    """Every judged item with the provider's own score; the inspectorate's own work for itself only."""
    items = report_text.judged_items(visit)
    own = dict(
        Answer.objects.filter(revision=visit.revision_id, item__in=items, is_answered=True).values_list(
            "item", "value"
        )
    )
    rows = {item.pk: Criterion(item, own.get(item.pk)) for item in in_reading_order(items)}
    if is_inside(actor):
        for pk in judging.hidden_scores(visit, actor, items):
            rows[pk].own, rows[pk].own_hidden = None, True
        _add_judgements(visit, actor, rows)
    elif visit.status in Visit.SHARED and not awaits_opening(visit):
        _add_frozen_levels(visit, rows)
    return list(rows.values())


def copies(visit: Visit) -> list[VisitCopy]:
    """On whose devices the visit still is: from there something may come in."""
    return list(visit.copies.filter(returned_at=None).select_related("user"))


def in_reading_order(items: Sequence[Item]) -> list[Item]:
    """Criteria first, the norm as a whole after its criteria, edition by edition."""
    editions = list(dict.fromkeys(item.version_id for item in items))
    return sorted(items, key=lambda item: (editions.index(item.version_id), not item.asks_provider))


def _add_judgements(visit: Visit, actor: Actor, rows: dict[int, Criterion]) -> None:
    seen = Judgement.objects.visible_to(actor).filter(visit=visit)
    judgements = seen.exclude(level="").select_related("author")
    for judgement in judgements.order_by("author__name", "pk"):
        row = rows.get(judgement.item_id)
        if row and judgement.author:
            row.judgements.append((judgement.author.name, judgement.level))
        elif row:
            row.common = judgement.level


def _add_frozen_levels(visit: Visit, rows: dict[int, Criterion]) -> None:
    """What the newest frozen version says; codes are unique within an edition."""
    newest = visit.versions.order_by("created_at", "pk").last()
    if newest is None:
        return
    blocks = newest.content["items"]
    for item, block in zip(report_text.judged_items(visit), blocks, strict=True):
        rows[item.pk].common = block["level"]


def next_steps(visit: Visit, actor: Actor, missing: Item | None) -> list[Next]:
    """What the actor can do now; `missing` is the first item without a common judgement."""
    return [_next(visit, choice, missing) for choice in VISIT.available(visit, actor)]


def _next(visit: Visit, choice: Choice, missing: Item | None) -> Next:
    url = reverse("assessments:visit_step", args=[visit.pk, choice.action])
    if not choice.blocked:
        return Next(choice, url)
    if choice.action == "send_concept" and missing:
        place = reverse("assessments:visit_criterion", args=[visit.pk, missing.pk])
        return Next(choice, url, f"{place}#gezamenlijk", f"Naar {missing.code}")
    if choice.action == "send_concept":
        return Next(choice, url, reverse("assessments:report_text", args=[visit.pk]), "Naar de rapporttekst")
    if choice.action in ("process", "submit_reaction", "no_remarks"):
        return Next(choice, url, reverse("assessments:concept", args=[visit.pk]), "Naar het concept")
    return Next(choice, url)


def days_left(day: date) -> str:
    """How far a day is, in words."""
    days = (day - timezone.localdate()).days
    if days < 0:
        return "de termijn is voorbij"
    if days == 0:
        return "vandaag is de laatste dag"
    return f"nog {days} {'dag' if days == 1 else 'dagen'}"


def awaits_opening(visit: Visit) -> bool:
    """Whether the concept lies with a provider that has not received it: its term did not begin."""
    return visit.status == S.AT_PROVIDER and visit.reaction_due is None


def reaction_term(visit: Visit) -> str:
    """'Reageer uiterlijk 12 december, nog 21 dagen', while the concept is with the provider."""
    if visit.status != S.AT_PROVIDER:
        return ""
    if visit.reaction_due is None:
        weeks = report_text.weeks_in_words(visit.reaction_weeks)
        return f"U heeft {weeks} om te reageren, vanaf de dag waarop u het concept opent"
    return f"Reageer uiterlijk {date_format(visit.reaction_due, 'j F')}, {days_left(visit.reaction_due)}"


def situation(visit: Visit, actor: Actor) -> str:
    """One sentence: how the visit stands, and who is next."""
    return (_INSIDE if is_inside(actor) else _PROVIDER)[S(visit.status)].format(**_words(visit))


def _words(visit: Visit) -> dict[str, Any]:
    publication = getattr(visit, "publication", None)
    due = date_format(visit.reaction_due, "j F Y") if visit.reaction_due else ""
    return {
        "days": report_text.visit_days(visit),
        "by_due": f" uiterlijk {due}" if due else "",
        "reacts_until": f"Die reageert uiterlijk {due}." if due else "Die heeft het nog niet geopend.",
        "opening": _day(publication.publish_at) if publication else "",
        "would_open": _day(online.opening(timezone.now())),
        "since": _day(publication.published_at) if publication and publication.published_at else "",
    }


def _day(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "j F Y")


_INSIDE = {
    S.PLANNED: "Het bezoek is op {days}. Het team kan bevindingen en oordelen nu al vastleggen.",
    S.CONDUCTED: "Het bezoek is uitgevoerd. Vul bevindingen en oordelen aan en stel het rapport op.",
    S.DRAFTING: "Het team schrijft het rapport. De aanbieder ziet er nog niets van.",
    S.AT_PROVIDER: "Het conceptrapport ligt bij de aanbieder. {reacts_until}",
    S.REACTED: "Het team beantwoordt de opmerkingen en past de tekst aan.",
    S.PROCESSED: "Een coördinerend inspecteur die niet heeft geoordeeld, stelt het rapport vast.",
    S.SETTLED: "Het rapport ligt vast. Een coördinerend inspecteur besluit over de openbaarmaking. "
    "Bij een besluit van vandaag wordt het openbaar op {would_open}.",
    S.DECIDED: "Het rapport wordt vanzelf openbaar op {opening}.",
    S.SUSPENDED: "De openbaarmaking is opgeschort. Het rapport is nu niet openbaar.",
    S.PUBLISHED: "Het rapport is openbaar sinds {since}.",
    S.WITHDRAWN: "Het rapport is ingetrokken en niet meer openbaar.",
    S.OFFLINE: "Het rapport stond vijf jaar online en is nu niet meer openbaar.",
    S.CANCELLED: "Het bezoek gaat niet door.",
}
_PROVIDER = {
    **_INSIDE,
    S.PLANNED: "De inspectie komt op {days}. In de brief leest u wat u kunt voorbereiden.",
    S.CONDUCTED: "De inspectie werkt haar bevindingen uit. U krijgt eerst een conceptrapport.",
    S.DRAFTING: "De inspectie schrijft het conceptrapport. Het verschijnt hier zodra het klaar is.",
    S.AT_PROVIDER: "Het conceptrapport ligt klaar. Lees of de feiten kloppen en reageer{by_due}.",
    S.REACTED: "De inspectie heeft uw reactie en beantwoordt haar.",
    S.PROCESSED: "De inspectie heeft uw reactie verwerkt en stelt het rapport vast.",
    S.SETTLED: "Het rapport ligt vast. De inspectie besluit over de openbaarmaking.",
}
_ASKED = {
    S.PLANNED: "Bezoek op {days}",
    S.CONDUCTED: "U wacht op het conceptrapport",
    S.DRAFTING: "U wacht op het conceptrapport",
    S.AT_PROVIDER: "Conceptrapport lezen en reageren{by_due}",
    S.REACTED: "De inspectie verwerkt uw reactie",
    S.PROCESSED: "De inspectie stelt het rapport vast",
    S.SETTLED: "De inspectie besluit over openbaarmaking",
    S.DECIDED: "Wordt openbaar op {opening}",
    S.PUBLISHED: "Openbaar sinds {since}",
}


def asked_of_provider(visit: Visit) -> str:
    """A few words for the provider's list: what is asked, or what it waits for."""
    return _ASKED.get(S(visit.status), "").format(**_words(visit))
