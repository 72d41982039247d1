"""Rows for tests: plain functions, and moments in the life of an account or a visit.

Everything with a course is brought there by the real domain functions, so a test never starts from a
state that the portal cannot reach.
"""

import uuid
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import count
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.db.models import Model
from django.utils import timezone

from assessments import (
    campaigns,
    concerns,
    corrections,
    document_requests,
    field_edits,
    home_visits,
    measures,
    planning,
    publication,
    questions,
    reaction,
    report_text,
    scope,
    second_reading,
    services,
    together,
    visit_notes,
)
from assessments import consultation as consultations
from assessments import improvement as improvements
from assessments import public_account as public_accounts
from assessments.models import (
    Assignment,
    Campaign,
    Comment,
    ConceptVersion,
    Concern,
    Consultation,
    Correction,
    DocumentRequest,
    FactualRemark,
    Finding,
    HomeVisit,
    ImprovementAction,
    Judgement,
    Measure,
    Objection,
    Passage,
    PassageRemark,
    PublicAccount,
    Publication,
    PublicPassage,
    Revision,
    Visit,
    VisitNote,
)
from assessments.signing import sign
from assessments.workflow import REVISION, VISIT
from norms import loading
from norms.models import Framework, FrameworkVersion, Item, ItemMapping, Scale, ScaleLevel, Signal
from providers import profile as profiles
from providers.actor import SYSTEM, Actor, actor_for
from providers.models import (
    Application,
    Location,
    Membership,
    Organisation,
    Profile,
    ProviderRegion,
    Region,
    RegionHolder,
    Role,
    Tally,
    User,
)

IGJ, ADDENDUM = "igj-wlz-thuis", "addendum-wlz-thuis"
LONG_AGO = date(2020, 1, 1)

_serial = count(1)

# --- people and organisations


def region(code: str = "5518", name: str = "Haaglanden") -> Region:
    return Region.objects.get_or_create(code=code, defaults={"name": name})[0]


def provider(
    name: str = "",
    *,
    place: str = "Delft",
    kvk: str = "",
    agb: str = "",
    regions: Iterable[Region] = (),
    locations: int = 1,
) -> Organisation:
    """A provider with its locations, working in the given regions."""
    number = next(_serial)
    organisation = Organisation.objects.create(
        kind=Organisation.Kind.PROVIDER,
        name=name or f"Thuiszorg Proef {number}",
        kvk=kvk or f"{number:08}",
        agb=agb or f"75{number:06}",
        place=place,
    )
    for index in range(1, locations + 1):
        location(organisation, f"Team {index}")
    for where in regions:
        ProviderRegion.objects.create(provider=organisation, region=where, valid_from=LONG_AGO)
    return organisation


def location(organisation: Organisation, name: str = "Team 1", *, place: str = "Delft") -> Location:
    return Location.objects.create(
        organisation=organisation, name=name, place=place, establishment=f"{next(_serial):012}"
    )


def inspectorate() -> Organisation:
    """The one inspectorate."""
    return Organisation.objects.get_or_create(
        kind=Organisation.Kind.INSPECTORATE, name="Inspectie Gezondheidszorg en Jeugd"
    )[0]


def care_office(regions: Iterable[Region] = (), *, name: str = "Zorgkantoor Haaglanden") -> Organisation:
    office = Organisation.objects.create(kind=Organisation.Kind.CARE_OFFICE, name=name)
    for held in regions:
        RegionHolder.objects.create(region=held, care_office=office, valid_from=LONG_AGO)
    return office


def portal() -> Organisation:
    """The one organisation that manages the portal."""
    return Organisation.objects.get_or_create(kind=Organisation.Kind.PORTAL, name="Beheer Thuispeil")[0]


def person(role: str, organisation: Organisation, *, name: str = "", email: str = "") -> User:
    """A new user with one role. Without a password, so sign in with client.force_login."""
    number = next(_serial)
    user = User.objects.create_user(email or f"persoon{number}@proef.example", name or f"Persoon {number}")
    add_role(user, role, organisation)
    return user


def add_role(user: User, role: str, organisation: Organisation) -> None:
    Membership.objects.create(user=user, organisation=organisation, role=role, valid_from=LONG_AGO)


def everybody(own: Organisation, other: Organisation, office: Organisation) -> dict[str, User]:
    """Somebody in every role that meets the provider `own`, and who has none with it."""
    return {
        "quality": person(Role.QUALITY_OFFICER, own),
        "director": person(Role.DIRECTOR, own),
        "council": person(Role.COUNCIL_MEMBER, own),
        "other": person(Role.QUALITY_OFFICER, other),
        "other_director": person(Role.DIRECTOR, other),
        "inspector": person(Role.INSPECTOR, inspectorate()),
        "coordinator": person(Role.COORDINATING_INSPECTOR, inspectorate()),
        "office": person(Role.CARE_OFFICE_OFFICER, office),
        "far_office": person(Role.CARE_OFFICE_OFFICER, care_office(name="Zorgkantoor Verweg")),
        "admin": person(Role.PORTAL_ADMIN, portal()),
        "no_role": User.objects.create_user("zonder@proeexample", "Zonder Rol"),
    }


def actor(user: User, organisation: Organisation | None = None) -> Actor:
    """The user as she acts, as the middleware would make her."""
    return actor_for(user, organisation.pk if organisation else None)


def acting(role: str, organisation: Organisation) -> Actor:
    """Somebody who holds the role there: the first one, or a new person."""
    member = Membership.objects.on().filter(role=role, organisation=organisation).order_by("pk").first()
    return actor(member.user if member else person(role, organisation), organisation)


def application(**fields: Any) -> Application:
    """A provider that waits to be let in."""
    number = next(_serial)
    given = {
        "name": f"Nieuwe Zorg {number}",
        "kvk": f"9{number:07}",
        "establishment": f"9{number:011}",
        "agb": f"9{number:07}",
        "place": "Delft",
        "contact_name": "Noor de Wit",
        "contact_email": f"noor{number}@proef.example",
        "contact_roles": [Role.DIRECTOR],
    } | fields
    row = Application.objects.create(**given)
    row.regions.add(region())
    return row


def quality_officer(organisation: Organisation) -> Actor:
    return acting(Role.QUALITY_OFFICER, organisation)


def director(organisation: Organisation) -> Actor:
    return acting(Role.DIRECTOR, organisation)


def inspector() -> Actor:
    return acting(Role.INSPECTOR, inspectorate())


def coordinator() -> Actor:
    return acting(Role.COORDINATING_INSPECTOR, inspectorate())


def provider_profile(organisation: Organisation, **fields: Any) -> Profile:
    """What a provider says of itself: mpt and vpt, spread over ordinary houses, nursing and care."""
    told: dict[str, Any] = {
        "has_wlz_clients": True,
        "delivery_forms": ["mpt", "vpt"],
        "housing": ["unclustered"],
        "sectors": ["vv"],
        "bridging_care": False,
    }
    row = Profile(organisation=organisation, **told | fields)
    profiles.save_profile(row, by=quality_officer(organisation))
    return row


def tally(
    organisation: Organisation, day: date = date(2026, 3, 1), clients: int = 3, care: str = "5vv"
) -> Tally:
    """The clients of a day, all of one profile and in one delivery form."""
    cells = {(care, "mpt"): clients}
    return profiles.save_tally(organisation.pk, day, cells, None, by=quality_officer(organisation))


# --- norms

_NORM_MODELS: Sequence[type[Model]] = (
    Framework,
    Scale,
    ScaleLevel,
    FrameworkVersion,
    Item,
    Signal,
    ItemMapping,
)
_norm_rows: list[list[Model]] = []


def load_norms() -> None:
    """The real editions, when they are not there: by the real loader once per process, then by its rows."""
    is_there = FrameworkVersion.objects.exists()
    if not (is_there or _norm_rows):
        loading.load()
    if not _norm_rows:
        _norm_rows.extend(list(model._default_manager.order_by("pk")) for model in _NORM_MODELS)
    elif not is_there:
        for model, rows in zip(_NORM_MODELS, _norm_rows, strict=True):
            model._default_manager.bulk_create(rows)


def remove_norms() -> None:
    for model in reversed(_NORM_MODELS):
        model._default_manager.all()._raw_delete(DEFAULT_DB_ALIAS)


def editions(*codes: str) -> list[FrameworkVersion]:
    """Editions of these frameworks (default: the first two), in the order in which a provider meets them."""
    load_norms()
    chosen = codes or (IGJ, ADDENDUM)
    return list(FrameworkVersion.objects.filter(framework__code__in=chosen).order_by("step"))


def item(code: str, framework: str = IGJ) -> Item:
    load_norms()
    return Item.objects.get(code=code, version__framework__code=framework)


# --- a self-assessment


def draft_revision(
    organisation: Organisation | None = None,
    *,
    year: int | None = None,
    frameworks: Sequence[str] = (),
    by: Actor | None = None,
) -> Revision:
    """A started account without answers, over both frameworks."""
    organisation = organisation or provider()
    return services.start_self_assessment(
        year=year or timezone.localdate().year,
        locations=organisation.locations.all(),
        editions=editions(*frameworks),
        by=by or quality_officer(organisation),
    )


def answered_revision(organisation: Organisation | None = None, *, n: int = 5, **kwargs: Any) -> Revision:
    """A draft with the first n judgements answered: meets, largely_meets, … in turn."""
    revision = draft_revision(organisation, **kwargs)
    levels = ["meets", "largely_meets", "largely_fails", "fails"]
    for index, asked in enumerate(asked_items(revision, Item.Kind.JUDGEMENT)[:n]):
        answer(revision, asked, levels[index % 4], f"Zo staat het er nu voor bij {asked.code}.")
    return revision


def scope_choice(revision: Revision, code: str = "W3.1", reason: str = "Dit doet de gemeente.") -> None:
    """The provider says that a question does not apply to it."""
    scope.choose(revision.pk, item(code), False, reason, by=quality_officer(revision.organisation))


def asked_items(revision: Revision, *kinds: str) -> list[Item]:
    """What a revision asks of its provider, in order."""
    asked = Item.objects.filter(
        version__in=revision.editions.all(), filled_by__contains=[Item.Filler.PROVIDER]
    ).order_by("version__step", "position")
    return list(asked.filter(kind__in=kinds) if kinds else asked)


def answer(
    revision: Revision,
    asked: Item,
    value: Any,
    text: str = "",
    *,
    base_version: int = 0,
    by: Actor | None = None,
) -> Any:
    new = services.NewAnswer(asked.pk, value, text, base_version, uuid.uuid4())
    return services.save_answer(revision.pk, new, by=by or quality_officer(revision.organisation))


def offered_revision(organisation: Organisation | None = None, **kwargs: Any) -> Revision:
    """An answered account that waits for the board."""
    revision = answered_revision(organisation, **kwargs)
    return REVISION.perform(revision.pk, "offer", by=quality_officer(revision.organisation))


def take(revision: Revision, *actions: str, by: Actor) -> None:
    """Steps of an account after one another; who hands in signs."""
    for action in actions:
        sign(revision.pk, 2022, by=by) if action == "submit" else REVISION.perform(revision.pk, action, by=by)


def submitted_revision(organisation: Organisation | None = None, **kwargs: Any) -> Revision:
    """A handed-in, frozen account."""
    revision = offered_revision(organisation, **kwargs)
    return sign(revision.pk, 2022, by=director(revision.organisation))


def theme(revision: Revision, assignee: User, *, due: int = 7, number: int = 0) -> Assignment:
    """A theme of a draft given to a colleague, due in so many days."""
    section = questions.load(revision).sections[number].item
    change = together.Change(
        section.pk,
        together.Share(),
        together.Share(assignee.pk, timezone.localdate() + timedelta(days=due)),
    )
    together.share_out(revision.pk, [change], by=quality_officer(revision.organisation))
    return Assignment.objects.get(revision=revision, section=section)


def comment(
    revision: Revision, asked: Item, text: str = "Klopt dit nog?", *, by: Actor | None = None
) -> Comment:
    together.say(revision, asked, uuid.uuid4(), text, by=by or quality_officer(revision.organisation))
    return Comment.objects.latest("pk")


def improvement(
    revision: Revision,
    asked: Item | None = None,
    *,
    due: int = 30,
    by: Actor | None = None,
    **fields: Any,
) -> ImprovementAction:
    """A planned action at an item of an account, or a loose one; by default of who planned it."""
    by = by or quality_officer(revision.organisation)
    given = {"what": "De achterwacht op papier zetten", "expected": "Iedereen weet wie er komt."} | fields
    if not given.keys() & {"assignee", "role_name"}:
        given["assignee"] = by.person
    action = ImprovementAction(due=timezone.localdate() + timedelta(days=due), **given)
    source = improvements.Source(revision, asked) if asked else improvements.Source()
    return improvements.plan(action, source, uuid.uuid4(), by=by)


# --- a campaign


def campaign(
    *asked: Organisation,
    by: Actor | None = None,
    due: int = 30,
    year: int | None = None,
    frameworks: Sequence[str] = (IGJ,),
    **fields: Any,
) -> Campaign:
    """A sent campaign, due in so many days; that may lie in the past."""
    given: dict[str, Any] = {
        "key": uuid.uuid4(),
        "title": "Verantwoording",
        "reason": "Wij bereiden de inkoop voor.",
    }
    new = campaigns.NewCampaign(
        **given | fields,
        year=year or timezone.localdate().year,
        editions=editions(*frameworks),
        due_on=timezone.localdate() + timedelta(days=due),
    )
    return campaigns.send(new, [row.pk for row in asked], by=by or inspector())


# --- what others tell


def concern(organisation: Organisation, *, by: Actor | None = None, **fields: Any) -> Concern:
    """Something told about a provider, written down by an inspector or shared by a care office."""
    given: dict[str, Any] = {
        "received_on": timezone.localdate(),
        "source": "relative",
        "subject": "Geen zorg in de nacht",
        "text": "Een naaste belt: in de nacht kwam er niemand.",
    }
    return concerns.keep(Concern(organisation=organisation, **given | fields), by=by or inspector())


# --- a visit


def planned_visit(
    organisation: Organisation | None = None,
    *,
    announced: bool = True,
    starts_on: date | None = None,
    frameworks: Sequence[str] = (IGJ,),
    by: Actor | None = None,
    **plan: Any,
) -> Visit:
    """A visit of today by a declared team, so that it can be conducted at once."""
    organisation = organisation or provider()
    day = starts_on or timezone.localdate()
    lead = by or inspector()
    visit = planning.plan_visit(
        provider=organisation,
        locations=organisation.locations.all(),
        editions=editions(*frameworks),
        team=[],
        announced=announced,
        starts_on=day,
        ends_on=day,
        by=lead,
        **plan,
    )
    planning.declare(visit.pk, by=lead)
    return visit


def member(visit: Visit, user: User | None = None, *, name: str = "") -> Actor:
    """Another inspector in the team, who declared to have no interest in the provider."""
    user = user or person(Role.INSPECTOR, inspectorate(), name=name)
    visit.members.create(user=user, no_conflict_at=timezone.now())
    return actor(user)


def note(visit: Visit, text: str = "Vraag naar de nacht.", code: str = "W2") -> VisitNote:
    """The team's note on a criterion, or ('') on the visit as a whole."""
    about = item(code).pk if code else None
    version = VisitNote.objects.filter(visit=visit, item=about).count()
    saved = visit_notes.save(visit.pk, about, text, version, uuid.uuid4(), by=lead(visit))
    assert saved is not None
    return saved


def documents_asked(visit: Visit, *, due: int = 7, **fields: Any) -> DocumentRequest:
    """Documents that the inspectorate asks of a provider that knows of the visit, due in so many days."""
    given = {"what": "Het rooster van de nachten", "why": "Om te zien wie er komt."} | fields
    day = timezone.localdate() + timedelta(days=due)
    return document_requests.ask(visit.pk, **given, due=day, key=uuid.uuid4(), by=lead(visit))


def home_visit(visit: Visit, **fields: Any) -> HomeVisit:
    """Consent of a client, spoken, for a home visit on the visit's first day."""
    told: dict[str, Any] = {
        "day": visit.starts_on,
        "consent_on": min(visit.starts_on, timezone.localdate()),
        "consent_by": "client",
        "consent_how": "spoken",
    } | fields
    return home_visits.record(visit.pk, **told, key=uuid.uuid4(), by=lead(visit))


def lead(visit: Visit) -> Actor:
    """The inspector who planned the visit, and is of its team."""
    return actor(visit.created_by)


def step(visit: Visit, action: str, by: Actor, note: str = "") -> Visit:
    return VISIT.perform(visit.pk, action, by=by, note=note)


def conducted_visit(organisation: Organisation | None = None, **kwargs: Any) -> Visit:
    visit = planned_visit(organisation, **kwargs)
    return step(visit, "conduct", lead(visit))


def edit_finding(
    visit: Visit, *, key: uuid.UUID | None = None, by: Actor | None = None, **fields: Any
) -> Finding:
    """Write fields (source, text, items) of a finding through the one way in."""
    key = key or uuid.uuid4()
    versions = Finding.objects.filter(pk=key).values_list("versions", flat=True).first() or {}
    edits = [
        field_edits.Edit(uuid.uuid4(), field_edits.FINDING, key, field, versions.get(field, 0), value)
        for field, value in fields.items()
    ]
    field_edits.apply_edits(visit.pk, edits, by=by or lead(visit))
    return Finding.objects.get(pk=key)


def finding(
    visit: Visit, *codes: str, text: str = "In de nacht komt er niemand.", source: str = "record"
) -> Finding:
    """A finding under items of the visit, by code."""
    items = [item(code).pk for code in codes or ["W2"]]
    return edit_finding(visit, source=source, text=text, items=items)


def judge(
    visit: Visit,
    code: str,
    level: str = "meets",
    reason: str = "Dit is op orde.",
    *,
    findings: Sequence[Finding] = (),
    common: bool = True,
    by: Actor | None = None,
) -> Judgement:
    """A first judgement on one item; common is the team's own."""
    by = by or lead(visit)
    judged = item(code)
    fields: dict[str, Any] = {"level": level, "reason": reason}
    if findings:
        fields["findings"] = [str(row.pk) for row in findings]
    key = uuid.uuid4()
    edits = [
        field_edits.Edit(uuid.uuid4(), field_edits.JUDGEMENT, key, field, 0, value, judged.pk, common)
        for field, value in fields.items()
    ]
    field_edits.apply_edits(visit.pk, edits, by=by)
    return Judgement.objects.get(visit=visit, item=judged, author=None if common else by.user)


def judged_visit(organisation: Organisation | None = None, **kwargs: Any) -> Visit:
    """A conducted visit with a finding and the common judgement on every item."""
    visit = conducted_visit(organisation, **kwargs)
    found = finding(visit, "W2")
    for judged in report_text.judged_items(visit):
        judge(
            visit,
            judged.code,
            "largely_fails" if judged.code in ("W", "W2") else "meets",
            "Overdag is het op orde.\nIn de nacht niet.",
            findings=[found] if judged.code == "W2" else (),
        )
    return visit


def drafting_visit(organisation: Organisation | None = None, **kwargs: Any) -> Visit:
    """A judged visit whose report has all the text that it needs."""
    visit = judged_visit(organisation, **kwargs)
    visit = step(visit, "compose", lead(visit))
    passage(visit, "summary", "De nacht is niet geregeld. Dat moet eerst beter.")
    passage(visit, "must", "Zorg dat er elke nacht iemand kan komen.", code="W2", due_in=60)
    return visit


def passage(visit: Visit, key: str, text: str, *, code: str = "", due_in: int | None = None) -> Passage:
    """Write one passage; `due_in` days from today for what must be better."""
    row = Passage.objects.get(visit=visit, key=key, item=item(code) if code else None)
    due = timezone.localdate() + timedelta(days=due_in) if due_in else None
    return report_text.save_passage(row.pk, text, due, row.version, by=lead(visit))


def concept_visit(organisation: Organisation | None = None, *, opened: bool = True, **kwargs: Any) -> Visit:
    """A visit whose concept report is with the provider, which opened it unless told otherwise."""
    visit = drafting_visit(organisation, **kwargs)
    visit = step(visit, "send_concept", lead(visit))
    if opened:
        reaction.record_opening(visit.versions.get(), by=quality_officer(visit.organisation))
        visit.refresh_from_db()
    return visit


def remark(
    visit: Visit, passage_key: str = "W2-1", text: str = "Sinds mei komt er wel iemand."
) -> FactualRemark:
    return reaction.save_remark(visit.pk, passage_key, text, by=quality_officer(visit.organisation))


def second_reader(visit: Visit) -> Actor:
    """An inspector outside the team who was asked to read along."""
    reader = person(Role.INSPECTOR, inspectorate(), name="Meelezer Jansen")
    second_reading.ask(visit.pk, reader, "Is de toon goed?", by=lead(visit))
    return actor(reader)


def reader_remark(
    visit: Visit, text: str = "Dit kan korter.", *, key: str = "summary", by: Actor | None = None
) -> PassageRemark:
    by = by or second_reader(visit)
    passage = visit.passages.get(key=key, item=None).pk if key else None
    return second_reading.remark(visit.pk, passage, text, uuid.uuid4(), by=by)


def reacted_visit(organisation: Organisation | None = None, *, remarks: int = 1, **kwargs: Any) -> Visit:
    """A visit on which the provider reacted, with remarks or with none."""
    visit = concept_visit(organisation, **kwargs)
    for _ in range(remarks):
        remark(visit)
    return step(visit, "submit_reaction" if remarks else "no_remarks", quality_officer(visit.organisation))


def processed_visit(organisation: Organisation | None = None, **kwargs: Any) -> Visit:
    """A visit of which every remark is answered."""
    visit = reacted_visit(organisation, **kwargs)
    for row in visit.remarks.all():
        reaction.answer_remark(row.pk, "partly", "De datum is aangepast. Het oordeel blijft.", by=lead(visit))
    return step(visit, "process", lead(visit))


def settled_visit(organisation: Organisation | None = None, **kwargs: Any) -> Visit:
    visit = processed_visit(organisation, **kwargs)
    return step(visit, "settle", coordinator())


def settled_draft(visit: Visit) -> Visit:
    """A visit whose report was being written, settled: the provider read it and had no remarks."""
    visit = step(visit, "send_concept", lead(visit))
    reaction.record_opening(visit.versions.get(), by=quality_officer(visit.organisation))
    step(visit, "no_remarks", quality_officer(visit.organisation))
    step(visit, "process", lead(visit))
    return step(visit, "settle", coordinator())


def decided_visit(organisation: Organisation | None = None, **kwargs: Any) -> Visit:
    """A visit with the decision to publish; its waiting time still runs (see settings)."""
    visit = settled_visit(organisation, **kwargs)
    return step(visit, "decide", coordinator())


def published_visit(organisation: Organisation | None = None, **kwargs: Any) -> Visit:
    """A public report: the waiting time is put in the past, the clock does the rest."""
    visit = decided_visit(organisation, **kwargs)
    Publication.objects.filter(visit=visit).update(publish_at=timezone.now() - timedelta(minutes=1))
    return step(visit, "publish", SYSTEM)


def damage(version_id: int, **columns: Any) -> None:
    """Change a frozen version as only somebody at the database itself could: without its trigger."""
    with transaction.atomic(), connection.cursor() as cursor:
        # A table with checks that still wait cannot be altered.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE assessments_conceptversion DISABLE TRIGGER frozen")
        ConceptVersion.objects.filter(pk=version_id).update(**columns)
        cursor.execute("ALTER TABLE assessments_conceptversion ENABLE TRIGGER frozen")


# --- after publication


def point(visit: Visit, number: str = "V1") -> ImprovementAction:
    """What must be better according to the settled report of this visit."""
    return ImprovementAction.objects.get(visit=visit, point=number)


def reported_point(visit: Visit, upload: UploadedFile, number: str = "V1") -> ImprovementAction:
    """The same, of which the provider says with a file that it is done."""
    officer, action = quality_officer(visit.organisation), point(visit, number)
    improvements.add_evidence(action, upload, by=officer)
    note = "Elke nacht staat er iemand op het rooster."
    return improvements.IMPROVEMENT.perform(action.pk, "finish", by=officer, note=note)


def objection(visit: Visit, made_by: str = "provider", **fields: Any) -> Objection:
    """An objection of today to the publication."""
    given = {"received_on": timezone.localdate(), "subject": "De datum klopt niet."} | fields
    return publication.record_objection(Objection(visit=visit, made_by=made_by, **given), by=coordinator())


def correction(visit: Visit, text: str = "Sinds mei komt er in de nacht wel iemand.") -> Correction:
    """A better version being written, with its first finding corrected."""
    row = corrections.begin(visit.pk, "De aanbieder toonde dat een datum niet klopte.", by=lead(visit))
    place = next(place for place in corrections.places(row) if place.key == "W2-1")
    corrections.write(visit.pk, place.key, text, seen=place.before, by=lead(visit))
    return row


def measure(
    organisation: Organisation,
    kind: str = "improvement_plan",
    *,
    due: int = 30,
    by: Actor | None = None,
    **fields: Any,
) -> Measure:
    """A measure of today, due in so many days."""
    today = timezone.localdate()
    given = {
        "decided_on": today,
        "due_on": today + timedelta(days=due),
        "points": "Maak een plan voor de nacht.",
        "reason": "In de nacht komt er niemand.",
    }
    return measures.record(
        Measure(organisation=organisation, kind=kind, **given | fields), by=by or coordinator()
    )


def delivered_measure(organisation: Organisation, upload: UploadedFile, **fields: Any) -> Measure:
    """A measure of which the provider delivered what was asked."""
    row, officer = measure(organisation, **fields), quality_officer(organisation)
    measures.add_evidence(row.pk, upload, by=officer)
    return measures.MEASURE.perform(row.pk, "deliver", by=officer, note="Dit is ons plan.")


# --- signed and shown


def consultation(revision: Revision, **fields: Any) -> Consultation:
    """A talk with the client council about the account."""
    given = {
        "subject": "account",
        "body": "client_council",
        "outcome": "discussed",
        "held_on": LONG_AGO,
        "who": "voorzitter cliëntenraad",
        "summary": "De nacht kwam ter sprake.",
    } | fields
    return consultations.keep(revision.pk, Consultation(**given), by=quality_officer(revision.organisation))


def public_account(revision: Revision, *, n: int = 2, is_public: bool = False) -> PublicAccount:
    """A draft of what the provider tells the public, of the first n judgements; or that, published."""
    officer = quality_officer(revision.organisation)
    account = public_accounts.begin(revision.pk, by=officer)
    for choice in public_accounts.choosable(revision)[:n]:
        text = "Wij komen ook in de nacht."
        passage = PublicPassage(
            account=account, item=choice.item, heading=f"Over {choice.item.code}", text=text
        )
        public_accounts.keep_passage(passage, by=officer)
    if is_public:
        account = public_accounts.PUBLIC_ACCOUNT.perform(
            account.pk, "publish", by=director(revision.organisation)
        )
    return account
