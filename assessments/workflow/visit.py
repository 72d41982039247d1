"""Course of a visit, from planned to published and after."""

from typing import Any

from django.utils import timezone
from django.utils.formats import date_format

from assessments import bsn, concept_mail, corrections, online, permissions, report_text, visit_mail
from assessments.errors import NotReady
from assessments.models import (
    ConceptVersion,
    DocumentRequest,
    FactualRemark,
    Judgement,
    Publication,
    Revision,
    TermExtension,
    Visit,
    VisitEvent,
)
from assessments.workflow.machine import Machine, Step
from providers.actor import Actor

S = Visit.Status


def _not_conducted(visit: Visit, actor: Actor) -> str:
    if visit.starts_on > timezone.localdate():
        return f"Het bezoek begint pas op {date_format(visit.starts_on, 'j F Y')}."
    if names := visit.undeclared():
        return f"Dit teamlid moet nog verklaren geen belang te hebben: {', '.join(names)}."
    return ""


def _conduct(visit: Visit, actor: Actor, note: str) -> dict[str, Any]:
    visit.conducted_at = timezone.now()
    if visit.revision_id is None:
        visit.revision = Revision.objects.newest_account(visit.organisation_id)
    return {}


def _cancel(visit: Visit, actor: Actor, note: str) -> dict[str, Any]:
    withdrawn = DocumentRequest.Status.WITHDRAWN
    visit.document_requests.open().update(status=withdrawn, closed_by=actor.person, closed_at=timezone.now())
    if visit.announced:
        visit_mail.tell("visit_cancelled", visit, moment=f"visit-{visit.pk}")
    return {"internal": not visit.announced}


def _compose(visit: Visit, actor: Actor, note: str) -> dict[str, Any]:
    report_text.compose(visit, by=actor)
    return _inside(visit, actor, note)


def _inside(visit: Visit, actor: Actor, note: str) -> dict[str, Any]:
    """How the inspectorate works among itself is not the provider's to read."""
    return {"internal": True}


def _unjudged(visit: Visit, actor: Actor) -> str:
    judged = set(
        Judgement.objects.filter(visit=visit, author=None)
        .exclude(level="")
        .exclude(reason="")
        .values_list("item", flat=True)
    )
    missing = [item.code for item in report_text.judged_items(visit) if item.pk not in judged]
    if missing:
        return f"Leg eerst het gezamenlijke oordeel met reden vast bij {', '.join(missing)}."
    return report_text.missing_text(visit)


def _send_concept(visit: Visit, actor: Actor, note: str) -> dict[str, Any]:
    # The term begins when the provider has it, see assessments.reaction.
    visit.reaction_due = None
    version = report_text.freeze(visit, ConceptVersion.Kind.CONCEPT, by=actor)
    concept_mail.announce(visit, version)
    return {"version": version}


def _recall(visit: Visit, actor: Actor, note: str) -> dict[str, Any]:
    visit.reaction_due = None
    concept_mail.tell_recalled(visit, visit.versions.latest("created_at"))
    return {}


def _term_runs(visit: Visit, actor: Actor) -> str:
    if visit.reaction_due is None:
        return "Het concept is nog niet ontvangen."
    if visit.reaction_due >= timezone.localdate():
        return "De reactietermijn loopt nog."
    if TermExtension.objects.awaits_answer(visit):
        return "De aanbieder vroeg uitstel. Beantwoord dat eerst."
    return ""


def _unread(visit: Visit) -> str:
    """Who did not receive the concept has nothing to say of it."""
    return "" if visit.reaction_due else "Lees eerst het conceptrapport."


def _no_remarks_yet(visit: Visit, actor: Actor) -> str:
    if unread := _unread(visit):
        return unread
    if FactualRemark.objects.filter(visit=visit).exists():
        return ""
    return "Schrijf eerst bij een passage wat er niet klopt, of kies ‘Geen opmerkingen’."


def _has_remarks(visit: Visit, actor: Actor) -> str:
    if FactualRemark.objects.filter(visit=visit).exists():
        return "U heeft al opmerkingen geschreven. Verstuur uw reactie, of verwijder ze eerst."
    return _unread(visit)


def _unanswered(visit: Visit, actor: Actor) -> str:
    count = FactualRemark.objects.filter(visit=visit, verdict="").count()
    if count == 0:
        return ""
    return (
        f"Beantwoord eerst {'de opmerking' if count == 1 else f'alle {count} opmerkingen'} van de aanbieder."
    )


def _unprocessed(visit: Visit, actor: Actor) -> str:
    # While the reaction is handled the text can change again, so what a concept needs is asked once more.
    return _unanswered(visit, actor) or _unjudged(visit, actor)


def _settle(visit: Visit, actor: Actor, note: str) -> dict[str, Any]:
    return {"version": report_text.freeze(visit, ConceptVersion.Kind.FINAL, by=actor)}


def _decide(visit: Visit, actor: Actor, note: str) -> dict[str, Any]:
    now = timezone.now()
    Publication.objects.create(
        organisation_id=visit.organisation_id,
        visit=visit,
        decided_by=actor.person,
        decided_at=now,
        publish_at=online.opening(now),
    )
    return {}


def _waiting(visit: Visit, actor: Actor) -> str:
    return "" if visit.publication.publish_at <= timezone.now() else "De wachttijd loopt nog."


def _publish(visit: Visit, actor: Actor, note: str) -> dict[str, Any]:
    visit.publication.published_at = timezone.now()
    visit.publication.save()
    return {}


def _suspend(visit: Visit, actor: Actor, note: str) -> dict[str, Any]:
    # The status has moved on already; the step's sources tell the two apart.
    published = visit.publication.published_at is not None
    visit.suspended_from = S.PUBLISHED if published else S.DECIDED
    return {}


def _resume(visit: Visit, actor: Actor, note: str) -> dict[str, Any]:
    visit.suspended_from = ""
    _forget_suspension(visit.publication)
    visit.publication.save()
    return {}


def _forget_suspension(publication: Publication) -> None:
    publication.suspended_by, publication.case_number, publication.suspended_until = "", "", None


def _end(visit: Visit, actor: Actor, note: str) -> dict[str, Any]:
    # Everybody reads it where the report stood.
    if warning := bsn.warning(note):
        raise NotReady(warning)
    visit.suspended_from = ""
    _forget_suspension(visit.publication)
    visit.publication.ended_at, visit.publication.ended_because = timezone.now(), note
    visit.publication.save()
    return {}


def _online_term(visit: Visit, actor: Actor) -> str:
    since = visit.publication.published_at
    return "" if since and since < online.kept_since() else "Het rapport staat nog geen vijf jaar online."


def known_to(visit: Visit) -> int | None:
    """The provider, once it may read the inspectorate's text; before that only the inspectorate."""
    return visit.organisation_id if visit.status in Visit.SHARED else None


VISIT = Machine(
    model=Visit,
    event_model=VisitEvent,
    subject="visit",
    hooks=[],
    about=known_to,
    steps={
        "conduct": Step(
            "Bezoek is uitgevoerd",
            (S.PLANNED,),
            S.CONDUCTED,
            permissions.can_record,
            blocked=_not_conducted,
            apply=_conduct,
            explain="Daarna kunt u het rapport opstellen. Bevindingen en oordelen kunt u nog aanvullen.",
        ),
        "compose": Step(
            "Rapport opstellen",
            (S.CONDUCTED,),
            S.DRAFTING,
            permissions.can_record,
            apply=_compose,
            explain="Thuispeil zet de tekst klaar uit wat u heeft vastgelegd. U past haar aan.",
        ),
        "send_concept": Step(
            "Conceptrapport versturen",
            (S.DRAFTING,),
            S.AT_PROVIDER,
            permissions.can_record,
            blocked=_unjudged,
            apply=_send_concept,
            explain="De aanbieder leest het concept en reageert op feiten die niet kloppen.",
            has_page=True,
        ),
        "recall": Step(
            "Concept terughalen",
            (S.AT_PROVIDER,),
            S.DRAFTING,
            permissions.can_record,
            apply=_recall,
            needs_note=True,
            explain="De aanbieder leest het dan niet meer en hoort dat er een nieuw concept komt. "
            "Alleen de inspectie leest uw reden.",
        ),
        "submit_reaction": Step(
            "Reactie versturen",
            (S.AT_PROVIDER,),
            S.REACTED,
            permissions.can_react,
            blocked=_no_remarks_yet,
            explain="De inspectie beantwoordt elke opmerking. Daarna kunt u niets meer toevoegen.",
        ),
        "no_remarks": Step(
            "Geen opmerkingen",
            (S.AT_PROVIDER,),
            S.REACTED,
            permissions.can_react,
            blocked=_has_remarks,
            explain="De feiten in het concept kloppen.",
        ),
        "close_term": Step(
            "Reactietermijn sluiten", (S.AT_PROVIDER,), S.REACTED, permissions.is_system, blocked=_term_runs
        ),
        "process": Step(
            "Reactie is verwerkt",
            (S.REACTED,),
            S.PROCESSED,
            permissions.can_record,
            blocked=_unprocessed,
            apply=_inside,
            explain="Een coördinerend inspecteur die niet heeft geoordeeld, stelt het rapport vast.",
        ),
        "settle": Step(
            "Vaststellen",
            (S.PROCESSED,),
            S.SETTLED,
            permissions.can_settle,
            apply=_settle,
            explain="Lees eerst de tekst van het rapport. Die ligt daarna vast.",
        ),
        "reopen": Step(
            "Terug naar het team",
            (S.PROCESSED,),
            S.REACTED,
            permissions.can_settle,
            apply=_inside,
            needs_note=True,
            explain="Schrijf wat het team nog moet aanpassen.",
        ),
        "decide": Step(
            "Besluit tot openbaarmaking nemen",
            (S.SETTLED,),
            S.DECIDED,
            permissions.can_settle,
            apply=_decide,
            explain="Het rapport wordt vanzelf openbaar zodra de wachttijd om is.",
        ),
        "publish": Step(
            "Openbaar maken",
            (S.DECIDED,),
            S.PUBLISHED,
            permissions.is_system,
            blocked=_waiting,
            apply=_publish,
        ),
        "suspend": Step(
            "Openbaarmaking opschorten",
            (S.DECIDED, S.PUBLISHED),
            S.SUSPENDED,
            permissions.can_settle,
            apply=_suspend,
            needs_note=True,
            explain="Bijvoorbeeld na een uitspraak van de rechter. Het rapport is zolang niet openbaar.",
            has_page=True,
        ),
        "resume": Step(
            "Opschorting opheffen",
            (S.SUSPENDED,),
            lambda visit: visit.suspended_from,
            permissions.can_settle,
            apply=_resume,
            needs_note=True,
        ),
        "correct": Step(
            "Verbeterde versie vaststellen",
            corrections.CORRECTABLE,
            lambda visit: visit.status,
            permissions.can_settle,
            blocked=corrections.not_ready,
            apply=corrections.settle,
            offered=corrections.is_offered,
            explain="De nieuwe versie komt naast de oude te staan, met de reden erbij.",
            has_page=True,
        ),
        "withdraw": Step(
            "Rapport intrekken",
            (S.PUBLISHED, S.SUSPENDED),
            S.WITHDRAWN,
            permissions.can_settle,
            apply=_end,
            needs_note=True,
            explain="Het rapport is daarna niet meer openbaar. Was het dat wel, "
            "dan leest iedereen op die plaats wanneer en waarom u het introk.",
        ),
        "take_offline": Step(
            "Van het internet halen",
            (S.PUBLISHED,),
            S.OFFLINE,
            permissions.is_system,
            blocked=_online_term,
            apply=_end,
        ),
        "cancel": Step(
            "Bezoek annuleren",
            (S.PLANNED,),
            S.CANCELLED,
            permissions.can_change_plan,
            apply=_cancel,
            needs_note=True,
            explain="Alleen de inspectie leest de reden. Weet de aanbieder van het bezoek? "
            "Dan krijgt zij een mail dat het niet doorgaat.",
        ),
    },
)
