"""Secret words, planted in every kind of text and every state, are searched in all that each role can fetch.

Every address with every object is asked by everybody, by GET and by POST (some of it in the long proofs);
what a word's readers may not include has to stay without it. A new address without arguments here fails.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import quote

import pytest
from django.core import mail as sent
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils import timezone

from assessments import (
    concerns,
    corrections,
    document_requests,
    files,
    improvement,
    judging,
    library,
    measures,
    planning,
    public_account,
    publication,
    reaction,
    report_text,
    risk_signals,
    second_reading,
)
from assessments.models import (
    BsnOverrule,
    Campaign,
    CampaignTarget,
    Comment,
    ConceptVersion,
    Concern,
    Consultation,
    DocumentRequest,
    DocumentRequestFile,
    Evidence,
    EvidenceRevision,
    FactualRemark,
    Finding,
    HomeVisit,
    ImprovementAction,
    Measure,
    Objection,
    Passage,
    PassageRemark,
    PublicAccount,
    PublicPassage,
    Revision,
    SavedView,
    Visit,
)
from providers.models import Application, Contract, Import, Invitation, LegalHold, Mail, Role
from tests import factories as f
from tests.test_access import png, url_names

pytestmark = pytest.mark.django_db

EDITORS = frozenset({"quality", "director"})
INSIDE = frozenset({"inspector", "coordinator"})
PERSONS = (
    "anonymous",
    "quality",
    "director",
    "council",
    "other",
    "other_director",
    "inspector",
    "coordinator",
    "office",
    "far_office",
    "admin",
    "no_role",
)
# The second of a kind, and who stands furthest off: they walk in the long proofs.
SECOND = {"other_director", "director", "coordinator", "council", "far_office", "admin", "no_role"}
EVERYBODY = frozenset(PERSONS)
HANDED_IN = EDITORS | INSIDE | {"council", "office"}


@dataclass
class World:
    clients: dict[str, Client] = field(default_factory=dict)
    emails: dict[str, str] = field(default_factory=dict)
    # word -> who may read it
    readers: dict[str, frozenset[str]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    arguments: dict[str, list[list[Any]]] = field(default_factory=dict)

    def secret(self, name: str, readers: frozenset[str]) -> str:
        """A new word that only these may read."""
        word = f"geheim{len(self.readers):03}woord"
        self.readers[word], self.names[word] = readers, name
        return word

    def upload(self, word: str) -> SimpleUploadedFile:
        """A file named after its secret: with content of its own, because a library refuses one twice."""
        return png(f"{word}.png", f"#{int(word.removeprefix('geheim').removesuffix('woord')):06x}")


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


def build() -> World:
    made = World()
    region = f.region()
    own, other = f.provider("De Linde", regions=[region]), f.provider("Andere Zorg")
    office = f.care_office([region])
    people = f.everybody(own, other, office)
    made.clients["anonymous"] = Client(raise_request_exception=False)
    for name, user in people.items():
        made.clients[name] = Client(raise_request_exception=False)
        made.clients[name].force_login(user)
        made.emails[user.email] = name
    plant_accounts(made, own, people)
    plant_visits(made, own, people)
    plant_doors(made, own, office, people)
    plant_concerns(made, own, people)
    made.arguments = arguments(own)
    return made


# --- what is planted


def plant_accounts(made: World, own: Any, people: dict[str, Any]) -> None:
    officer, board = f.actor(people["quality"]), f.actor(people["director"])

    def account(year: int, name: str, readers: frozenset[str], seen_by: frozenset[str]) -> Revision:
        revision = f.draft_revision(own, year=year, by=officer)
        asked, second = f.asked_items(revision, "judgement")[:2]
        old = made.secret(f"{name}: a text that was written over", EDITORS)
        f.answer(revision, asked, "meets", old, by=officer)
        text = made.secret(f"{name}: an answer", readers)
        f.answer(revision, asked, "meets", text, base_version=1, by=officer)
        file = made.secret(f"{name}: the name of a file", seen_by)
        files.attach_evidence(revision.pk, second, made.upload(file), by=officer)
        return revision

    draft = account(2021, "draft", EDITORS, EDITORS)
    f.consultation(draft, summary=made.secret("a talk about a draft", EDITORS))
    offered = account(2022, "offered", EDITORS, EDITORS)
    f.REVISION.perform(offered.pk, "offer", by=officer)
    returned = account(2023, "returned", EDITORS, EDITORS)
    f.REVISION.perform(returned.pk, "offer", by=officer)
    note = made.secret("why the board returned it", EDITORS)
    f.REVISION.perform(returned.pk, "return", by=board, note=note)
    shared = account(2020, "released", HANDED_IN, EDITORS | INSIDE | {"office"})
    piece = EvidenceRevision.objects.latest("pk").evidence_id
    library.release(piece, library.care_offices(own.pk).get().pk, by=officer)
    f.REVISION.perform(shared.pk, "offer", by=officer)
    f.sign(shared.pk, 2022, by=board)
    for year, name in ((2024, "handed in"), (2025, "superseded")):
        revision = account(year, name, HANDED_IN, EDITORS | INSIDE)
        f.REVISION.perform(revision.pk, "offer", by=officer)
        f.sign(revision.pk, 2022, by=board)
    f.REVISION.perform(revision.pk, "supplement", by=officer)
    newer = Revision.objects.get(self_assessment=revision.self_assessment_id, status="draft")
    asked = f.asked_items(newer, "judgement")[0]
    addition = made.secret("an addition to what was handed in", EDITORS)
    f.answer(newer, asked, "fails", addition, base_version=1, by=officer)
    for revision in Revision.objects.order_by("pk"):
        said = made.secret(f"what a colleague said about {revision}", EDITORS)
        f.comment(revision, asked, said, by=officer)
        action = made.secret(f"an action from {revision}", EDITORS)
        why = made.secret(f"why there is an action from {revision}", EDITORS)
        hoped = made.secret(f"what is expected of an action from {revision}", EDITORS)
        measured = made.secret(f"how an action from {revision} is measured", EDITORS)
        planned = f.improvement(
            revision, asked, what=action, why=why, expected=hoped, measured_by=measured, by=officer
        )
    improvement.IMPROVEMENT.perform(
        planned.pk, "finish", by=officer, note=made.secret("what came of an action", EDITORS)
    )
    BsnOverrule.objects.create(
        organisation=own,
        revision=draft,
        keys=[],
        reason=made.secret("why a number is no BSN", EDITORS),
        by=people["quality"],
    )
    plant_public_accounts(made, own, officer, board)
    plant_library(made, own, officer)


def plant_public_accounts(made: World, own: Any, officer: Any, board: Any) -> None:
    """A version that is public with the draft of the next one, and a version that was taken back."""

    def begun(year: int, name: str, readers: frozenset[str]) -> PublicAccount:
        revision = Revision.objects.get(self_assessment__year=year, status="submitted")
        account = public_account.begin(revision.pk, by=officer)
        account.title = made.secret(f"{name}: the title", readers)
        account.intro = made.secret(f"{name}: the introduction", readers)
        account.save()
        item = public_account.choosable(revision)[0].item
        passage = account.passages.filter(item=item).first() or PublicPassage(account=account, item=item)
        passage.heading = made.secret(f"{name}: a heading", readers)
        passage.text = made.secret(f"{name}: a passage", readers)
        public_account.keep_passage(passage, by=officer)
        return account

    def step(account: PublicAccount, action: str, note: str = "") -> None:
        public_account.PUBLIC_ACCOUNT.perform(account.pk, action, by=board, note=note)

    step(begun(2020, "public account", EVERYBODY), "publish")
    begun(2020, "next public account", EDITORS)
    gone = begun(2024, "withdrawn public account", EDITORS)
    step(gone, "publish")
    step(gone, "withdraw", made.secret("why a public account was taken back", EVERYBODY))


def plant_library(made: World, own: Any, officer: Any) -> None:
    """Pieces that hang nowhere, whoever may read them, and one that was released no longer."""
    office = library.care_offices(own.pk).get().pk
    for state in ("kept", "released", "archived"):
        title = made.secret(f"the title of a piece that is {state} and hangs nowhere", EDITORS)
        name = made.secret(f"the file of a piece that is {state} and hangs nowhere", EDITORS)
        piece = library.add_piece(made.upload(name), title, None, by=officer)
        if state == "released":
            library.release(piece.pk, office, by=officer)
        if state == "archived":
            library.archive(piece.pk, True, by=officer)
    handed_in = EvidenceRevision.objects.get(links__revision__self_assessment__year=2024).evidence_id
    library.release(handed_in, office, by=officer)
    library.withdraw(handed_in, office, by=officer)


# How far a visit goes, step by step.
COURSE = [
    "planned",
    "conducted",
    "drafting",
    "at_provider",
    "reacted",
    "processed",
    "settled",
    "decided",
    "published",
    "suspended",
    "withdrawn",
]


def plant_visits(made: World, own: Any, people: dict[str, Any]) -> None:
    for announced in (True, False):
        for state in COURSE if not announced else ("planned", "drafting", "published"):
            plant_visit(made, own, people, state, announced)
    plant_apart(made, own, people)
    cancelled = f.planned_visit(own, announced=False, by=f.actor(people["inspector"]))
    note = made.secret("why an unannounced visit was cancelled", INSIDE)
    f.step(cancelled, "cancel", f.actor(people["inspector"]), note)
    made.readers[cancelled.number], made.names[cancelled.number] = INSIDE, "number of a cancelled visit"


def plant_apart(made: World, own: Any, people: dict[str, Any]) -> None:
    """A visit at which each judges first without the others; one item was opened."""
    lead, board = f.actor(people["inspector"]), f.actor(people["coordinator"])
    visit = f.planned_visit(own, by=lead)
    Visit.objects.filter(pk=visit.pk).update(judged_apart=True)
    visit = f.step(visit, "conduct", lead)
    visit.members.create(user=f.person("inspector", f.inspectorate(), name="Wacht Nog"))
    alone = made.secret("a judgement apart", frozenset({"inspector"}))
    f.judge(visit, "W2", "fails", alone, common=False, by=lead)
    f.judge(visit, "W1", "fails", made.secret("a judgement that was opened", INSIDE), common=False, by=lead)
    why = made.secret("why judgements were opened", INSIDE)
    judging.open_judgements(visit.pk, f.item("W1").pk, why, by=board)


def plant_visit(made: World, own: Any, people: dict[str, Any], state: str, announced: bool) -> None:
    lead, board = f.actor(people["inspector"]), f.actor(people["coordinator"])
    officer = f.actor(people["quality"])
    name = f"{state}, {'announced' if announced else 'unannounced'}"
    reached = COURSE[: COURSE.index(state) + 1]
    shared = EDITORS | INSIDE if "at_provider" in reached else INSIDE
    text_readers = EVERYBODY if state == "published" else shared
    # Of a report that was withdrawn everybody may know that it was, and why.
    number_readers = EVERYBODY if state in ("published", "withdrawn") else EDITORS | INSIDE
    if not announced and state == "planned":
        number_readers = INSIDE

    visit = f.planned_visit(own, announced=announced, by=lead)
    made.readers[visit.number], made.names[visit.number] = number_readers, f"{name}: its number"
    Visit.objects.filter(pk=visit.pk).update(focus=made.secret(f"{name}: focus", INSIDE))
    plant_preparation(made, name, visit, people)
    if state == "planned":
        return
    visit = f.step(visit, "conduct", lead)
    found = f.finding(visit, "W2", text=made.secret(f"{name}: a finding", text_readers))
    reason = made.secret(f"{name}: a judgement", text_readers)
    for judged in report_text.judged_items(visit):
        grounds = [found] if judged.code == "W2" else []
        f.judge(visit, judged.code, "fails", reason, findings=grounds)
    f.judge(visit, "W2", "meets", made.secret(f"{name}: one inspector's own judgement", INSIDE), common=False)
    taken_out = f.finding(visit, "W1", text=made.secret(f"{name}: a finding that was removed", INSIDE))
    f.edit_finding(visit, key=taken_out.pk, removed=True)
    if state == "conducted":
        return
    visit = f.step(visit, "compose", lead)
    f.passage(visit, "summary", made.secret(f"{name}: a passage", text_readers))
    for code in ("W1", "W2", "W3"):
        f.passage(visit, "must", f"Doe hier iets aan bij {code}.", code=code, due_in=60)
    f.passage(visit, "method", made.secret(f"{name}: a text that was written over", INSIDE))
    f.passage(visit, "method", "Zo gingen wij te werk.")
    said_by_reader = f.reader_remark(visit, made.secret(f"{name}: a remark of a second reader", INSIDE))
    done = made.secret(f"{name}: what the team did with it", INSIDE)
    second_reading.answer(said_by_reader.pk, done, by=lead)
    steps: list[tuple[str, Callable[[], Any]]] = [
        ("at_provider", lambda: f.step(visit, "send_concept", lead)),
        ("reacted", lambda: f.step(visit, "submit_reaction", officer)),
        ("processed", lambda: f.step(visit, "process", lead)),
        ("settled", lambda: f.step(visit, "settle", board)),
        ("decided", lambda: f.step(visit, "decide", board)),
        ("published", lambda: f.step(visit, "publish", f.SYSTEM)),
        ("suspended", lambda: f.step(visit, "suspend", board, made.secret(f"{name}: why suspended", INSIDE))),
        (
            "withdrawn",
            lambda: f.step(visit, "withdraw", board, made.secret(f"{name}: why withdrawn", EVERYBODY)),
        ),
    ]
    for status, take in steps:
        if status in reached:
            take()
        if status == "decided" and state == "decided":
            plant_after(made, name, visit, officer, lead, board)
        if status == "at_provider" and status in reached:
            reaction.record_opening(visit.versions.get(), by=officer)
            # While it is not sent, the reaction is the provider's alone.
            readers = EDITORS if state == "at_provider" else text_readers
            reaction.record_opening(visit.versions.get(), by=officer)
            said = made.secret(f"{name}: a remark", readers)
            row = reaction.save_remark(visit.pk, "W2-1", said, by=officer)
            shown_to = EDITORS if state == "at_provider" else EDITORS | INSIDE
            file = made.secret(f"{name}: a file with a remark", shown_to)
            piece = library.add_piece(made.upload(file), "Rooster", None, by=officer)
            reaction.show_with(row.pk, list(piece.revisions.all()), by=officer)
            why = made.secret(f"{name}: why more time is asked", EDITORS | INSIDE)
            until = timezone.localdate() + timedelta(days=40)
            reaction.ask_extension(visit.pk, until, why, by=officer)
            no = made.secret(f"{name}: why it is not given", EDITORS | INSIDE)
            reaction.refuse_extension(visit.pk, no, by=lead)
        if status == "reacted" and status in reached:
            remark = FactualRemark.objects.get(visit=visit)
            # The provider reads the answer with the settled report.
            readers = text_readers if "settled" in reached else INSIDE
            answer = made.secret(f"{name}: the answer to a remark", readers)
            reaction.answer_remark(remark.pk, "rejected", answer, by=lead)


def plant_preparation(made: World, name: str, visit: Visit, people: dict[str, Any]) -> None:
    """A plan that was changed, notes, and documents that a provider that knows of the visit is asked for."""
    lead, yesterday = f.actor(people["inspector"]), visit.starts_on - timedelta(days=1)
    why = made.secret(f"{name}: why it was moved", INSIDE)
    planning.move(visit.pk, yesterday, yesterday, why, planning.mark(visit), by=lead)
    f.note(visit, made.secret(f"{name}: a note that was written over", INSIDE))
    f.note(visit, made.secret(f"{name}: a note", INSIDE))
    f.home_visit(visit, day=yesterday, consent_on=yesterday)
    if visit.announced:
        readers = EDITORS | INSIDE
        what, why = (made.secret(f"{name}: {part} documents are asked", readers) for part in ("which", "why"))
        asked = f.documents_asked(visit, what=what, why=why)
        file = made.secret(f"{name}: the name of a file that was asked", readers)
        upload = made.upload(file)
        document_requests.give(asked.pk, upload, by=f.actor(people["quality"]))


def plant_after(made: World, name: str, visit: Visit, officer: Any, lead: Any, board: Any) -> None:
    """What hangs on a decision: objections, the provider's own words, a better version, points, measures."""
    words = made.secret(f"{name}: what the provider will say beside it", EDITORS | INSIDE)
    publication.keep_reaction(visit.pk, words, seen="", by=officer)
    for made_by, readers in (("provider", EDITORS | INSIDE), ("other", INSIDE)):
        subject = made.secret(f"{name}: what an objection of {made_by} is about", INSIDE)
        row = f.objection(visit, made_by, subject=subject)
        reason = made.secret(f"{name}: what came of an objection of {made_by}", readers)
        publication.settle_objection(row.pk, "unfounded", row.received_on, reason, by=board)
        because = made.secret(f"{name}: why an objection of {made_by} was struck", INSIDE)
        publication.strike_objection(row.pk, because, by=board)
    better = corrections.begin(visit.pk, made.secret(f"{name}: why it is corrected", INSIDE), by=lead)
    place = next(place for place in corrections.places(better) if place.key == "W2-1")
    text = made.secret(f"{name}: a corrected passage", INSIDE)
    corrections.write(visit.pk, place.key, text, seen=place.before, by=lead)
    point = f.point(visit)
    file = made.secret(f"{name}: the name of a file with a point", EDITORS | INSIDE)
    improvement.add_evidence(point, made.upload(file), by=officer)
    plan = made.secret(f"{name}: what the provider says of a point", EDITORS | INSIDE)
    improvement.IMPROVEMENT.perform(point.pk, "finish", by=officer, note=plan)
    wrong = made.secret(f"{name}: why a point is not good enough", EDITORS | INSIDE)
    improvement.IMPROVEMENT.perform(point.pk, "refuse", by=lead, note=wrong)
    for kind, readers in (("improvement_plan", EDITORS | INSIDE), ("heightened_supervision", EVERYBODY)):
        points = made.secret(f"{name}: what {kind} asks", EDITORS | INSIDE)
        reason = made.secret(f"{name}: why {kind}", EDITORS | INSIDE)
        measure = f.measure(visit.organisation, kind, points=points, reason=reason, visit=visit, by=board)
        if readers == EVERYBODY:
            text = made.secret(f"{name}: what is published of {kind}", EVERYBODY)
            measures.MEASURE.perform(measure.pk, "publish", by=board, note=text)
        file = made.secret(f"{name}: the name of a file for {kind}", EDITORS | INSIDE)
        measures.add_evidence(measure.pk, made.upload(file), by=officer)
        delivered = made.secret(f"{name}: what is delivered for {kind}", EDITORS | INSIDE)
        measures.MEASURE.perform(measure.pk, "deliver", by=officer, note=delivered)


def plant_doors(made: World, own: Any, office: Any, people: dict[str, Any]) -> None:
    lines = frozenset({"director", "admin"})
    Invitation.objects.create(
        organisation=own,
        email=f"{made.secret('who was invited', lines)}@proef.example",
        name="Nieuw",
        roles=[Role.DIRECTOR],
        expires_at="2099-01-01T00:00Z",
        token_sha256="0" * 64,
    )
    Application.objects.create(
        name=made.secret("who applies", frozenset({"admin"})),
        kvk="00000001",
        establishment="000000000001",
        agb="00000001",
        place="Delft",
        contact_name="Nieuw",
        contact_email="nieuw@proef.example",
        contact_roles=[Role.DIRECTOR],
    )
    contact = made.secret("whom the care office calls", frozenset({"office"}) | EDITORS)
    Contract.objects.create(care_office=office, provider=own, delivery_form="7", contact=contact)
    row = made.secret("a row of an import", frozenset({"office"}))
    Import.objects.create(
        kind="contracts",
        organisation=office,
        file_name=f"{made.secret('the name of an import', frozenset({'office'}))}.csv",
        rows=[{"row": 2, "cells": {"kvk": row}}],
        created_by=people["office"],
    )
    hold = made.secret("why nothing may be removed", frozenset({"admin"}))
    LegalHold.objects.create(organisation=own, reason=hold, placed_by=people["admin"])
    for asker, who in ((office, "office"), (f.inspectorate(), "inspector")):
        inside = frozenset({"office"}) if who == "office" else INSIDE
        campaign = Campaign.objects.create(
            organisation=asker,
            title=made.secret(f"what the {who} asks", inside | EDITORS),
            reason=made.secret(f"why the {who} asks", inside | EDITORS),
            year=2026,
            due_on="2099-01-01",
            created_by=people[who],
        )
        campaign.editions.set(f.editions(f.IGJ))
        CampaignTarget.objects.create(
            campaign=campaign,
            organisation=own,
            asked_by=asker,
            due_on="2099-01-01",
            extension_asked_on="2099-02-01",
            extension_asked_because=made.secret(f"why more time is asked of the {who}", inside | EDITORS),
            extension_asked_at="2026-01-01T00:00Z",
        )


def plant_concerns(made: World, own: Any, people: dict[str, Any]) -> None:
    for who, readers in (("inspector", INSIDE), ("office", INSIDE | {"office"})):
        concern = f.concern(
            own,
            by=f.actor(people[who]),
            subject=made.secret(f"what the {who} was told", readers),
            text=made.secret(f"a concern of the {who} in full", readers),
        )
        concerns.close(
            concern.pk,
            made.secret(f"what came of the concern of the {who}", INSIDE),
            by=f.actor(people["inspector"]),
        )
        open_one = made.secret(f"what the {who} was told that is still open", readers)
        f.concern(own, by=f.actor(people[who]), subject=open_one)
    name = made.secret("what an inspector calls her view", frozenset({"inspector"}))
    SavedView.objects.create(user=people["inspector"], name=name, query="")
    risk_signals.refresh_all()


# --- every address


def preparations() -> dict[str, list[list[Any]]]:
    """The addresses of preparing a visit: of one that the provider knows of, and of one that it does not."""
    planned = Visit.objects.filter(status=Visit.Status.PLANNED)
    few = [[pk] for pk in planned.values_list("pk", flat=True)]
    names = (
        "visit_calendar visit_move visit_change visit_hand_over visit_declare visit_letter visit_preparation "
        "document_request_new visit_homes"
    )
    requests = DocumentRequest.objects.values_list("pk", flat=True)[:2]
    given = DocumentRequestFile.objects.values_list("request", "pk")[:2]
    homes = HomeVisit.objects.filter(visit__in=planned).values_list("visit", "pk")
    return {
        **{f"assessments:{name}": few for name in names.split()},
        "assessments:visit_note": [[*row, item] for row in few for item in (0, f.item("W2").pk)],
        "assessments:document_request": [[pk] for pk in requests],
        "assessments:document_close": [[pk] for pk in requests],
        "assessments:document_take_back": [list(row) for row in given],
        "assessments:home_drop": [list(row) for row in homes],
    }


def arguments(own: Any) -> dict[str, list[list[Any]]]:
    """Arguments for every address that takes some: each object in each state."""
    revisions = list(Revision.objects.values_list("pk", flat=True))
    section = f.asked_items(Revision.objects.earliest("pk"), "judgement")[0]
    everywhere = list(Visit.objects.values_list("pk", flat=True))
    criterion = f.item("W2").pk
    reports = [[row.visit.number, row.version] for row in ConceptVersion.objects.select_related("visit")]
    passages = Passage.objects.filter(key="method").values_list("visit", "pk")
    campaigns = [[pk] for pk in Campaign.objects.values_list("pk", flat=True)]
    targets = [[pk] for pk in CampaignTarget.objects.values_list("pk", flat=True)]
    improvements = list(ImprovementAction.objects.values_list("pk", flat=True))
    sanctions = list(Measure.objects.values_list("pk", flat=True))
    members = [member.user_id for member in own.memberships.all()]
    invitation, application = own.invitations.get().pk, Application.objects.get().pk
    steps = ("cancel", "settle", "no_remarks")
    talks = [
        [revision, pk]
        for pk, revision in Consultation.objects.values_list("pk", "self_assessment__revisions")
    ]
    public = [list(row) for row in PublicAccount.objects.values_list("slug", "year", "number")]
    return {
        "organisation_detail": [[own.pk]],
        "location_edit": [[own.locations.get().pk]],
        "profile_of": [[own.pk]],
        "reports:blank": [["igj-wlz-thuis", "2024-09-01", "xlsx"]],
        "tally_edit": [[f.tally(own).counted_on]],
        "norms:framework": [["igj-wlz-thuis"]],
        "norms:edition": [["igj-wlz-thuis", "2024-09-01"]],
        "norms:difference": [["igj-wlz-thuis"]],
        "assessments:revision": [[pk] for pk in revisions],
        "assessments:fill_in": [[pk] for pk in revisions],
        "assessments:fill_in_section": [[pk, section.section_id] for pk in revisions],
        "assessments:answer": [[pk, section.pk] for pk in revisions],
        "assessments:answer_link": [[pk, section.pk] for pk in revisions],
        "assessments:answer_history": [[pk, section.pk] for pk in revisions],
        "assessments:left_behind": [[pk] for pk in revisions],
        "assessments:revision_step": [
            [pk, step] for pk in revisions for step in ("offer", "submit", "return", "supplement")
        ],
        "assessments:sharing": [[pk] for pk in revisions],
        "assessments:comments": [[pk, section.pk] for pk in revisions],
        "assessments:comment_settle": [list(pair) for pair in Comment.objects.values_list("revision", "pk")],
        "assessments:improvement": [[pk] for pk in improvements],
        "assessments:improvement_edit": [[pk] for pk in improvements],
        "assessments:improvement_step": [[pk, step] for pk in improvements for step in ("start", "stop")],
        "assessments:improvement_evidence": [[pk] for pk in improvements],
        "assessments:scope": [[pk] for pk in revisions],
        "assessments:scope_choice": [[pk, section.pk] for pk in revisions],
        "assessments:evidence_detail": [[pk] for pk in Evidence.objects.values_list("pk", flat=True)],
        "assessments:evidence_new_file": [[pk] for pk in Evidence.objects.values_list("pk", flat=True)],
        "assessments:evidence_archive": [[pk] for pk in Evidence.objects.values_list("pk", flat=True)],
        "assessments:evidence_release": [[pk] for pk in Evidence.objects.values_list("pk", flat=True)],
        "assessments:choose_evidence": [[pk, section.pk] for pk in revisions],
        "assessments:bsn_check": [[pk] for pk in revisions],
        "assessments:consultations": [[pk] for pk in revisions],
        "assessments:consultation_new": [[pk, "account"] for pk in revisions],
        "assessments:consultation_edit": talks,
        "assessments:consultation_remove": talks,
        "assessments:signing": [[pk] for pk in revisions],
        "assessments:difference": [[pk] for pk in revisions],
        "assessments:received": [[pk] for pk in revisions],
        "assessments:public_account": [[pk] for pk in revisions],
        "assessments:public_account_preview": [[pk] for pk in revisions],
        "assessments:public_account_passage": [[pk, section.pk] for pk in revisions],
        "assessments:public_account_move": [[pk, section.pk] for pk in revisions],
        "assessments:public_account_step": [[pk, "publish"] for pk in revisions],
        "assessments:public_account_page": [row[:2] for row in public],
        "assessments:public_account_version": public,
        "reports:public_account_pdf": public,
        "reports:documents": [[pk] for pk in revisions],
        "reports:document_now": [[pk, form] for pk in revisions for form in ("xlsx", "json")],
        "reports:document_ask": [[pk, "pdf"] for pk in revisions],
        "reports:document_download": [[pk, "pdf"] for pk in revisions],
        "assessments:evidence": [[pk] for pk in EvidenceRevision.objects.values_list("pk", flat=True)],
        **preparations(),
        "assessments:provider": [[own.pk]],
        "assessments:timeline": [[own.pk]],
        "assessments:saved_view_remove": [[pk] for pk in SavedView.objects.values_list("pk", flat=True)],
        "assessments:concern": [[pk] for pk in Concern.objects.values_list("pk", flat=True)],
        "assessments:concern_new": [[own.pk]],
        "assessments:visit_plan": [[own.pk]],
        "assessments:visit": [[pk] for pk in everywhere],
        "assessments:visit_counts": [[pk] for pk in everywhere],
        "assessments:visit_step": [[pk, step] for pk in everywhere for step in steps],
        "assessments:visit_criterion": [[pk, criterion] for pk in everywhere],
        "assessments:judgement": [[pk, criterion] for pk in everywhere],
        "assessments:finding_new": [[pk] for pk in everywhere],
        "assessments:finding_remove": [
            [visit, pk] for pk, visit in Finding.objects.values_list("pk", "visit")
        ],
        "assessments:judgements_open": [[pk, criterion] for pk in everywhere],
        "assessments:visit_take": [[pk] for pk in everywhere],
        "assessments:visit_edits": [[pk] for pk in everywhere],
        "assessments:finding_edit": [[visit, pk] for pk, visit in Finding.objects.values_list("pk", "visit")],
        "assessments:report_text": [[pk] for pk in everywhere],
        "assessments:passage": [list(pair) for pair in passages],
        "assessments:passage_history": [list(pair) for pair in passages],
        "assessments:second_reading": [[pk] for pk in everywhere],
        "assessments:reader_done": [[pk] for pk in everywhere],
        "assessments:reader_answer": [
            list(pair) for pair in PassageRemark.objects.values_list("visit", "pk")
        ],
        "assessments:report_difference": [[pk] for pk in everywhere],
        "assessments:concept_send": [[pk] for pk in everywhere],
        "assessments:concept_delivery": [[pk] for pk in everywhere],
        "assessments:reaction_term": [[pk] for pk in everywhere],
        "assessments:term_refuse": [[pk] for pk in everywhere],
        "assessments:remark_edit": [list(pair) for pair in FactualRemark.objects.values_list("visit", "pk")],
        "assessments:remark_evidence": [
            list(pair) for pair in FactualRemark.objects.values_list("visit", "pk")
        ],
        "assessments:concept": [[pk] for pk in everywhere],
        "assessments:remark_delete": [
            [visit, pk] for pk, visit in FactualRemark.objects.values_list("pk", "visit")
        ],
        "assessments:remark_answer": [
            [visit, pk] for pk, visit in FactualRemark.objects.values_list("pk", "visit")
        ],
        "assessments:visit_suspend": [[pk] for pk in everywhere],
        "assessments:visit_correct": [[pk] for pk in everywhere],
        "assessments:objection_new": [[pk] for pk in everywhere],
        "assessments:objection_settle": [
            [visit, pk] for pk, visit in Objection.objects.values_list("pk", "visit")
        ],
        "assessments:objection_strike": [
            [visit, pk] for pk, visit in Objection.objects.values_list("pk", "visit")
        ],
        "assessments:public_reaction": [[pk] for pk in everywhere],
        "assessments:correction": [[pk] for pk in everywhere],
        "assessments:correction_drop": [[pk] for pk in everywhere],
        "assessments:correction_place": [[pk, 1] for pk in everywhere],
        "assessments:measure_new": [[own.pk]],
        "assessments:measure": [[pk] for pk in sanctions],
        "assessments:measure_extend": [[pk] for pk in sanctions],
        "assessments:measure_evidence": [[pk] for pk in sanctions],
        "assessments:measure_step": [[pk, step] for pk in sanctions for step in ("deliver", "meet")],
        "assessments:campaign": campaigns,
        "assessments:campaign_download": campaigns,
        "assessments:campaign_selection": campaigns,
        "assessments:campaign_extend": campaigns,
        "assessments:campaign_withdraw": campaigns,
        "assessments:campaign_for_us": targets,
        "assessments:campaign_ask_extension": targets,
        "assessments:campaign_add_editions": targets,
        "assessments:campaign_refuse": [
            list(pair) for pair in CampaignTarget.objects.values_list("campaign", "pk")
        ],
        # Secret addresses that nobody was given, and accounts elsewhere.
        "file": [["nonsense"]],
        "invitation": [["nonsense"]],
        "openid_connect_login": [["nonsense"]],
        "openid_connect_callback": [["nonsense"]],
        "account_reset_password_from_key": [["1", "nonsense"]],
        "account_confirm_email": [["nonsense"]],
        "mfa_remove_webauthn": [[1]],
        "session_end": [[1]],
        "organisation_colleagues": [[own.pk]],
        "invite": [[own.pk]],
        "colleague": [[own.pk, member] for member in members],
        "colleague_leave": [[own.pk, member] for member in members],
        "colleague_factor": [[own.pk, member] for member in members],
        "invitation_again": [[own.pk, invitation]],
        "invitation_withdraw": [[own.pk, invitation]],
        "application": [[application]],
        "providers_example": [["csv"], ["xlsx"]],
        "contracts_example": [["csv"]],
        "providers_preview": [[pk] for pk in Import.objects.values_list("pk", flat=True)],
        "contracts_preview": [[pk] for pk in Import.objects.values_list("pk", flat=True)],
        "application_admit": [[application]],
        "hold_place": [[own.pk]],
        "hold_lift": [[pk] for pk in LegalHold.objects.values_list("pk", flat=True)],
        "reports:detail": reports,
        "reports:status": reports,
        "reports:download": reports,
        "reports:retry": reports,
    }


# Addresses that this walk leaves out, and why.
LEFT_OUT = {
    "mailbox": "a demo's own mails, which everybody may read there",
    "mailbox_mail": "the same",
    "mailbox_html": "the same",
}


def addresses(world: World) -> Iterator[str]:
    for name in url_names(get_resolver().url_patterns):
        if name in LEFT_OUT:
            continue
        for args in world.arguments.get(name, [[]]):
            try:
                yield reverse(name, args=args)
            except NoReverseMatch:
                pytest.fail(f"say in `arguments` with which objects {name} is to be asked")


def text_of(response: Any) -> str:
    body = b"".join(response) if response.streaming else response.content
    return f"{response.headers} {body.decode('utf-8', 'replace')}"


def leaks(world: World, person: str, text: str) -> list[str]:
    return [
        world.names[word] for word, readers in world.readers.items() if word in text and person not in readers
    ]


# Words that somebody who may read them does come across, so that the walk searches for something.
MET = {
    "quality": {
        "draft: an answer",
        "why the board returned it",
        "handed in: the name of a file",
        "at_provider, unannounced: a finding",
        "at_provider, unannounced: a remark",
        "decided, unannounced: what came of an objection of provider",
        "decided, unannounced: why a point is not good enough",
        "next public account: a passage",
        "the title of a piece that is archived and hangs nowhere",
        "what came of an action",
    },
    "inspector": {
        "handed in: an answer",
        "planned, unannounced: focus",
        "planned, unannounced: its number",
        "conducted, unannounced: one inspector's own judgement",
        "what the office was told that is still open",
        "what came of the concern of the inspector",
        "reacted, unannounced: the answer to a remark",
        "decided, unannounced: a corrected passage",
        "decided, unannounced: what an objection of other is about",
        "decided, unannounced: why an objection of provider was struck",
        "decided, unannounced: why improvement_plan",
    },
    "office": {
        "handed in: an answer",
        "what the office was told",
        "whom the care office calls",
        "what the office asks",
    },
    "director": {"who was invited"},
    "admin": {"who applies", "why nothing may be removed"},
    "anonymous": {
        "published, announced: a passage",
        "public account: a passage",
        "why a public account was taken back",
        "withdrawn, unannounced: why withdrawn",
        "decided, unannounced: what is published of heightened_supervision",
    },
}


def walk(world: World, person: str, method: str) -> Iterator[tuple[str, str]]:
    """Every address with what it answers this person, each in a transaction that leaves no trace."""
    client = world.clients[person]
    cookies = SimpleCookie(client.cookies)
    for url in addresses(world):
        client.cookies = SimpleCookie(cookies)  # some addresses end the session
        with transaction.atomic():
            response = getattr(client, method)(url)
            # The address that was asked may come back in the answer; who asked knew it.
            text = text_of(response).replace(url, "").replace(quote(url, safe=""), "")
            transaction.set_rollback(True)
        assert response.status_code < 500, (person, method, url)
        yield url, text


@pytest.mark.parametrize(
    "person",
    [pytest.param(person, marks=[pytest.mark.prove] * (person in SECOND)) for person in PERSONS],
)
def test_nobody_fetches_what_is_not_hers(world: World, person: str) -> None:
    met, leaked = set(), []
    for url, text in walk(world, person, "get"):
        met |= {name for word, name in world.names.items() if word in text}
        leaked += [f"{url}: {name}" for name in leaks(world, person, text)]
    assert leaked == []
    assert MET.get(person, set()) - met == set()


@pytest.mark.prove
@pytest.mark.parametrize("person", PERSONS)
def test_nobody_is_told_by_the_answer_to_a_form(world: World, person: str) -> None:
    found = [
        f"{url}: {name}" for url, text in walk(world, person, "post") for name in leaks(world, person, text)
    ]
    assert found == []


SEARCHES = [
    "reports:list",
    "assessments:worklist",
    "organisations",
    "assessments:campaigns",
]


@pytest.mark.parametrize("name", SEARCHES)
def test_searching_for_a_word_tells_nothing(world: World, name: str) -> None:
    """Who may not read a word gets the same page for it as for a word that does not exist."""
    for person in PERSONS:
        client, nothing = world.clients[person], "bestaatniet999woord"
        client.get(reverse(name))  # takes along what still waits to be said
        empty = client.get(reverse(name), {"q": nothing})
        for word, readers in world.readers.items():
            if person not in readers and empty.status_code == 200 and is_searched(world.names[word]):
                page = client.get(reverse(name), {"q": word})
                assert same(page, word) == same(empty, nothing), (person, world.names[word])


def is_searched(name: str) -> bool:
    """Numbers and names: in texts of answers and reports nothing searches."""
    return name.endswith("its number") or name.startswith(("who ", "what "))


def same(response: Any, word: str) -> str:
    """A page without what differs each time."""
    import re

    text = response.content.decode().replace(word, "…")
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"|na=[^"&]+', "", text)


def test_the_public_attachment_holds_only_what_is_public(world: World) -> None:
    for version in ConceptVersion.objects.filter(kind="final", visit__status="published"):
        assert leaks(world, "anonymous", str(version.content)) == []


def test_no_mail_tells_its_reader_more_than_the_portal(world: World) -> None:
    assert not sent.outbox
    for mail in Mail.objects.all():
        person = world.emails.get(mail.to, "anonymous")
        assert leaks(world, person, f"{mail.subject} {mail.text} {mail.html}") == [], mail.kind
