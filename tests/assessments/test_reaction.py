"""The concept at the provider: a term from proven delivery, more time, reminders, remarks with evidence."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import example, given
from hypothesis import strategies as st

from assessments import concept_mail, files, library, planning, reaction, todo
from assessments.errors import NotReady, WrongState
from assessments.models import ConceptVersion, Delivery, EvidenceRevision, TermExtension, Visit
from assessments.tasks import close_reaction_terms, remind_reactions
from providers.actor import SYSTEM
from providers.models import Mail, Role
from tests import factories as make
from tests.assessments.visit_pages import page, signed_in, teammate, url
from tests.test_access import png
from wlzthuis.isolation import acting

pytestmark = pytest.mark.django_db
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
PROOF = "Aangetekend, nummer 3SABC, ondertekend bij de receptie."


def today(days: int = 0) -> date:
    return timezone.localdate() + timedelta(days=days)


def at_provider(**kwargs: Any) -> Visit:
    return make.concept_visit(opened=False, **kwargs)


def due_in(visit: Visit, days: int) -> None:
    Visit.objects.filter(pk=visit.pk).update(reaction_due=today(days))


# --- the days


@given(
    moment=st.datetimes(datetime(2024, 1, 1), datetime(2032, 1, 1), timezones=st.just(UTC)),
    weeks=st.sampled_from(reaction.WEEKS),
)
@example(moment=datetime(2026, 3, 28, 23, 30, tzinfo=UTC), weeks=1)  # the night the clock goes on
@example(moment=datetime(2026, 10, 24, 22, 30, tzinfo=UTC), weeks=1)  # and back
@example(moment=datetime(2028, 1, 31, 22, 59, 59, tzinfo=UTC), weeks=4)  # over 29 February
@example(moment=datetime(2026, 12, 31, 23, 0, tzinfo=UTC), weeks=12)
def test_a_term_has_its_whole_days_after_the_dutch_day_of_delivery(moment: datetime, weeks: int) -> None:
    """Whatever the hour, the month or the clock: full days, ending when a Dutch day ends."""
    delivered_on = timezone.localdate(moment)
    last = reaction.last_day(delivered_on, weeks)
    assert (last - delivered_on).days == 7 * weeks and last.weekday() == delivered_on.weekday()
    end = datetime.combine(last + timedelta(days=1), time.min, AMSTERDAM)
    assert timezone.localdate(end - timedelta(seconds=1)) == last, "the last second is in the term"
    assert timezone.localdate(end) > last, "the first of the next day is not"
    # At least so many times 24 hours, but for the hour that a day in March misses.
    assert end.astimezone(UTC) - moment > timedelta(weeks=weeks) - timedelta(hours=1)


def test_the_term_begins_when_the_provider_opens_the_concept(editions: Any) -> None:
    visit = at_provider()
    version = visit.versions.get()
    officer, lead = make.quality_officer(visit.organisation), signed_in(make.lead(visit))
    assert visit.reaction_due is None
    assert "nog niet geopend" in page(lead, url("visit", visit.pk))
    own = signed_in(officer)
    before = page(own, url("visit", visit.pk))
    assert "U heeft 4 weken om te reageren, vanaf de dag waarop u het concept opent" in before
    assert "Nog niet bekend" in before, "the judgements are part of what one has to open"
    for step in ("no_remarks", "submit_reaction"):
        with pytest.raises(NotReady, match="Lees eerst"):
            make.step(visit, step, officer)
    make.lead(visit)
    page(lead, url("concept", visit.pk))
    assert not Delivery.objects.exists(), "who sent it does not receive it"

    page(own, url("concept", visit.pk))
    visit.refresh_from_db()
    version.refresh_from_db()
    delivery = Delivery.objects.get()
    assert (delivery.on, delivery.how, delivery.by) == (today(), "opened", officer.user)
    assert visit.reaction_due == today(28) and version.opened_at
    page(signed_in(make.director(visit.organisation)), url("concept", visit.pk))
    assert Delivery.objects.count() == 1 and visit.events.filter(action="deliver").count() == 1
    for client in (own, lead):
        assert "4 weken na die dag" in page(client, url("visit", visit.pk))
    assert "Nog niet bekend" not in page(own, url("visit", visit.pk))


def test_the_pdf_counts_as_opening_too(editions: Any) -> None:
    visit = at_provider()
    version = visit.versions.get()
    with acting(make.quality_officer(visit.organisation).scope):
        reaction.record_opening(version, by=make.director(visit.organisation))
    assert Visit.objects.get(pk=visit.pk).reaction_due == today(28)
    council = make.acting(Role.COUNCIL_MEMBER, visit.organisation)
    assert signed_in(council).get(f"/rapporten/{visit.number}/0.1/").status_code in (403, 404)


def test_a_concept_that_nobody_opens_is_delivered_by_hand(editions: Any) -> None:
    visit = at_provider()
    ConceptVersion.objects.filter(visit=visit).update(created_at=timezone.now() - timedelta(days=8))
    coordinator, lead = make.coordinator(), make.lead(visit)
    address = url("concept_delivery", visit.pk)
    assert "aangetekend bezorgen" in page(signed_in(coordinator), url("tasks"))
    board = make.person(Role.COORDINATING_INSPECTOR, make.inspectorate(), name="Coördinator in het team")
    in_team = make.member(visit, board)
    assert "aangetekend bezorgen" not in page(signed_in(in_team), url("tasks"))
    for by in (lead, in_team, make.quality_officer(visit.organisation)):
        with pytest.raises(PermissionDenied):
            reaction.record_delivery(visit.pk, today(-1), "registered", PROOF, by=by)
    for day, how, note in (
        (today(1), "registered", PROOF),
        (today(-9), "registered", PROOF),
        (today(-1), "opened", PROOF),
        (today(-1), "pigeon", PROOF),
        (today(-1), "registered", " "),
    ):
        with pytest.raises(ValidationError):
            reaction.record_delivery(visit.pk, day, how, note, by=coordinator)
    client = signed_in(coordinator)
    wrong = client.post(address, {"on": today(1).isoformat(), "how": "registered", "note": PROOF})
    assert "tot en met vandaag" in wrong.content.decode() and PROOF in wrong.content.decode()
    client.post(address, {"on": today(-2).isoformat(), "how": "registered", "note": PROOF})
    visit.refresh_from_db()
    assert visit.reaction_due == today(26)
    with pytest.raises(NotReady):
        reaction.record_delivery(visit.pk, today(), "registered", PROOF, by=coordinator)
    # Opening it later is noted, and changes nothing of the term.
    own = page(signed_in(make.quality_officer(visit.organisation)), url("concept", visit.pk))
    assert PROOF in own and "aangetekende brief bezorgd" in own
    visit.refresh_from_db()
    assert visit.reaction_due == today(26) and visit.versions.get().opened_at
    assert Mail.objects.filter(kind="concept_term").exists()


def test_the_provider_finds_the_concept_among_its_tasks_with_a_day_before_it_opens_it(editions: Any) -> None:
    visit = at_provider()
    officer = make.quality_officer(visit.organisation)
    task = next(task for task in todo.tasks(officer) if task.label == "Reageren")
    assert task.due == reaction.last_day(today(), visit.reaction_weeks)
    assert "begint als u het opent" in task.text
    reaction.record_opening(visit.versions.get(), by=officer)
    task = next(task for task in todo.tasks(officer) if task.label == "Reageren")
    assert "begint als u het opent" not in task.text


def test_weeks_are_chosen_at_sending_and_open_remarks_are_told(editions: Any) -> None:
    visit = make.drafting_visit()
    lead = signed_in(make.lead(visit))
    address = url("concept_send", visit.pk)
    assert 'value="4"' in page(lead, address)
    for wrong in ("0", "13", "x", ""):
        assert "1 tot en met 12 weken" in lead.post(address, {"weeks": wrong}).content.decode()
    assert Visit.objects.get(pk=visit.pk).status == "drafting"
    lead.post(address, {"weeks": "6"})
    sent = Visit.objects.get(pk=visit.pk)
    assert (sent.status, sent.reaction_weeks, sent.reaction_due) == ("at_provider", 6, None)
    assert lead.post(address, {"weeks": "2"}).status_code == 302
    assert Visit.objects.get(pk=visit.pk).reaction_weeks == 6
    text = sent.versions.get().content["fixed_texts"][0]["text"]
    assert "Daarvoor heeft hij 6 weken" in text


# --- more time


def test_more_time_is_asked_given_and_refused_with_reasons(editions: Any) -> None:
    visit = make.concept_visit()
    officer, lead = make.quality_officer(visit.organisation), make.lead(visit)
    own, team = signed_in(officer), signed_in(lead)
    address = url("reaction_term", visit.pk)
    for until, reason in ((today(28), "Vakantie."), (today(40), " ")):
        with pytest.raises(ValidationError):
            reaction.ask_extension(visit.pk, until, reason, by=officer)
    own.post(address, {"until": today(42).isoformat(), "reason": "Onze bestuurder is er dan pas."})
    asked = TermExtension.objects.get()
    assert (asked.kind, asked.until, asked.due_before) == ("asked", today(42), today(28))
    with pytest.raises(NotReady):
        reaction.ask_extension(visit.pk, today(50), "Nog meer.", by=officer)
    assert "Uitstel voor een reactie beoordelen" in page(team, url("tasks"))
    html = page(team, address)
    assert "Onze bestuurder is er dan pas." in html and today(42).isoformat() in html

    # While nobody answered, the clock does not close the term.
    due_in(visit, -1)
    assert close_reaction_terms() == 0
    with pytest.raises(NotReady, match="Beantwoord"):
        make.step(visit, "close_term", SYSTEM)
    due_in(visit, 28)

    team.post(url("term_refuse", visit.pk), {"no-reason": "De feiten zijn overzichtelijk."})
    with pytest.raises(NotReady):
        reaction.refuse_extension(visit.pk, "Nog eens.", by=lead)
    assert Visit.objects.get(pk=visit.pk).reaction_due == today(28)
    assert "De feiten zijn overzichtelijk." in page(own, url("visit", visit.pk))
    team.post(address, {"until": today(35).isoformat(), "reason": "Toch een week erbij."})
    assert Visit.objects.get(pk=visit.pk).reaction_due == today(35)
    html = page(own, url("visit", visit.pk))
    assert "Toch een week erbij." in html and "met uitstel" in html
    assert lead.person.name not in html
    kinds = list(TermExtension.objects.values_list("kind", flat=True))
    assert kinds == ["asked", "refused", "given"]
    for by in (make.coordinator(), officer, make.quality_officer(make.provider())):
        with pytest.raises(PermissionDenied):
            reaction.extend(visit.pk, today(60), "Omdat.", by=by)
    with pytest.raises(PermissionDenied):
        reaction.ask_extension(visit.pk, today(60), "Omdat.", by=lead)


def test_nobody_asks_or_gives_time_that_does_not_run(editions: Any) -> None:
    unopened, late, sent = at_provider(), make.concept_visit(), make.reacted_visit()
    due_in(late, -1)
    for visit, error in ((unopened, NotReady), (late, NotReady), (sent, WrongState)):
        with pytest.raises(error):
            officer = make.quality_officer(visit.organisation)
            reaction.ask_extension(visit.pk, today(60), "Omdat.", by=officer)
    for visit, error in ((unopened, NotReady), (sent, WrongState)):
        with pytest.raises(error):
            reaction.extend(visit.pk, today(60), "Omdat.", by=make.lead(visit))
    with pytest.raises(ValidationError):
        reaction.extend(late.pk, today(-1), "Omdat.", by=make.lead(late))
    assert close_reaction_terms() == 1
    assert Visit.objects.get(pk=unopened.pk).status == "at_provider", "what was not delivered does not end"


# --- mails


def kinds_of(visit: Visit) -> list[str]:
    found = Mail.objects.filter(key__startswith=f"concept-{visit.versions.latest('pk').pk}-")
    return sorted(found.values_list("kind", flat=True))


def test_each_reminder_goes_once_also_after_a_day_without_a_worker(editions: Any) -> None:
    visit = at_provider()
    make.quality_officer(visit.organisation)
    version = visit.versions.get()
    told = []
    for days in (1, 3, 3, 5, 7, 8, 20):
        sent = timezone.now() - timedelta(days=days)
        ConceptVersion.objects.filter(pk=version.pk).update(created_at=sent)
        remind_reactions()
        told.append(kinds_of(visit).count("concept_unopened"))
    assert told == [0, 1, 1, 1, 2, 2, 2]

    reaction.record_opening(version, by=make.quality_officer(visit.organisation))
    told = []
    for left in (9, 7, 6, 0, 0, -1):
        due_in(visit, left)
        remind_reactions()
        told.append(kinds_of(visit).count("concept_reminder"))
    assert told == [0] * 6, "who opened it today knows the day"


def test_a_reminder_goes_a_week_before_and_on_the_last_day(editions: Any, monkeypatch: Any) -> None:
    visit = make.concept_visit()
    version = visit.versions.get()
    told = []
    for days in (20, 21, 22, 28, 29):
        told.append(concept_mail._reminder(visit_at(visit), version_of(version), today(days)))
    due = visit.reaction_due
    assert due is not None
    assert told == [
        None,
        ("concept_reminder", f"7-before-{due:%Y%m%d}"),
        ("concept_reminder", f"7-before-{due:%Y%m%d}"),
        ("concept_reminder", f"0-before-{due:%Y%m%d}"),
        None,
    ]


def visit_at(visit: Visit) -> Visit:
    return Visit.objects.get(pk=visit.pk)


def version_of(version: ConceptVersion) -> ConceptVersion:
    return ConceptVersion.objects.select_related("delivery").get(pk=version.pk)


def test_a_recalled_concept_is_gone_for_the_provider_and_comes_anew(editions: Any) -> None:
    visit = make.concept_visit()
    officer = make.quality_officer(visit.organisation)
    own = signed_in(officer)
    remark = make.remark(visit, text="Alleen van ons.")
    with pytest.raises(PermissionDenied):
        make.step(visit, "recall", make.coordinator(), "Omdat.")
    make.step(visit, "recall", make.lead(visit), "GEHEIM-waarom")
    assert own.get(url("concept", visit.pk)).status_code == 302
    html = page(own, url("visit", visit.pk))
    assert "Conceptrapport teruggehaald" in html and "GEHEIM-waarom" not in html
    # What the provider wrote and did not send is still its own.
    inside = signed_in(make.lead(visit))
    assert "Alleen van ons." not in page(inside, url("concept", visit.pk))
    make.step(visit, "send_concept", make.lead(visit))
    visit.refresh_from_db()
    assert visit.versions.latest("pk").version == "0.2" and visit.reaction_due is None
    old = visit.versions.earliest("pk")
    ConceptVersion.objects.filter(pk=old.pk).update(opened_at=None)
    old.refresh_from_db()
    reaction.record_opening(old, by=officer)
    assert Visit.objects.get(pk=visit.pk).reaction_due is None, "the old one is not the new one"
    assert "bij de vorige versie" in page(own, url("concept", visit.pk))
    assert Visit.objects.get(pk=visit.pk).reaction_due == today(28)
    assert Delivery.objects.count() == 2
    make.step(visit, "submit_reaction", officer)
    assert remark.text in page(inside, url("concept", visit.pk))


# --- remarks


def test_two_colleagues_do_not_overwrite_each_others_remark(editions: Any) -> None:
    visit = make.concept_visit()
    officer, director = make.quality_officer(visit.organisation), make.director(visit.organisation)
    remark = make.remark(visit)
    reaction.change_remark(remark.pk, "Van de bestuurder.", 1, by=director)
    client = signed_in(officer)
    address = url("remark_edit", visit.pk, remark.pk)
    clash = client.post(address, {"text": "Van de medewerker.", "seen": "1"})
    assert clash.status_code == 409
    html = clash.content.decode()
    assert "Van de bestuurder." in html and "Van de medewerker." in html
    client.post(
        address,
        {
            "text": "Van de medewerker.", "seen": "1", "theirs-text": "Van de bestuurder.",
            "basename-text": "seen", "version-text": "2", "keep_both": "text",
        },
    )  # fmt: skip
    remark.refresh_from_db()
    assert remark.text == "Van de bestuurder.\n\nVan de medewerker." and remark.text_version == 3
    with pytest.raises(reaction.StaleRemark):
        reaction.delete_remark(remark.pk, 1, by=director)
    for by in (make.lead(visit), make.quality_officer(make.provider())):
        with pytest.raises(PermissionDenied):
            reaction.change_remark(remark.pk, "x", 3, by=by)
    make.step(visit, "submit_reaction", officer)
    for late in (
        lambda: reaction.change_remark(remark.pk, "x", 3, by=officer),
        lambda: reaction.show_with(remark.pk, [], by=officer),
    ):
        with pytest.raises(WrongState):
            late()
    kept = client.post(address, {"text": "Nog iets.", "seen": "3"})
    assert kept.status_code == 409 and "Nog iets." in kept.content.decode()


def test_evidence_goes_to_the_inspectorate_with_the_reaction_and_not_before(
    editions: Any, private_folder: Any
) -> None:
    visit = make.concept_visit()
    officer, lead = make.quality_officer(visit.organisation), make.lead(visit)
    remark = make.remark(visit)
    piece = library.add_piece(png("rooster.png"), "Nachtrooster", None, by=officer)
    file = piece.revisions.get()
    own, inside = signed_in(officer), signed_in(lead)
    address = url("remark_evidence", visit.pk, remark.pk)
    assert "Nachtrooster" in page(own, address)
    own.post(address, {"piece": [str(piece.pk), "999999", "x"]})
    assert list(remark.evidence.all()) == [file]
    assert "rooster.png" in page(own, url("concept", visit.pk))
    stranger = make.quality_officer(make.provider())
    other = library.add_piece(png("vreemd.png", "red"), "Vreemd", None, by=stranger).revisions.get()
    with pytest.raises(PermissionDenied):
        reaction.show_with(remark.pk, [other], by=officer)
    own.post(address, {"piece": str(other.evidence_id)})
    assert remark.evidence.count() == 1

    def seen_by_inspectorate() -> bool:
        with acting(lead.scope):
            raw = EvidenceRevision.objects.filter(pk=file.pk).exists()
        shown = EvidenceRevision.objects.visible_to(lead).filter(pk=file.pk).exists()
        assert raw == shown, "the application and the database agree"
        return shown

    assert not seen_by_inspectorate()
    assert inside.get(url("evidence", file.pk)).status_code == 404
    own.post(address, {"detach": str(file.pk)})
    assert not remark.evidence.exists()
    own.post(address, {"piece": str(piece.pk)})
    make.step(visit, "submit_reaction", officer)
    assert seen_by_inspectorate()
    assert "rooster.png" in page(inside, url("concept", visit.pk))
    assert inside.get(url("evidence", file.pk)).status_code == 302
    office = make.acting(Role.CARE_OFFICE_OFFICER, make.care_office())
    assert signed_in(office).get(url("evidence", file.pk)).status_code == 404
    assert files.title_from("rooster.png")


# --- who settles


def test_who_ever_took_part_does_not_settle(editions: Any) -> None:
    visit = make.processed_visit(by=make.inspector())
    coordinator = make.coordinator()
    once = teammate(visit)
    make.add_role(once.person, Role.COORDINATING_INSPECTOR, make.inspectorate())
    make.step(visit, "reopen", coordinator, "Kijk nog eens.")
    once = make.actor(once.person)
    visit.members.filter(user=once.user).update(no_conflict_at=timezone.now())
    passage = visit.passages.get(key="method")
    from assessments import report_text

    report_text.save_passage(passage.pk, "Anders.", None, passage.version, by=once)
    visit.members.filter(user=once.user).delete()
    make.step(visit, "process", make.lead(visit))
    with pytest.raises(PermissionDenied):
        make.step(visit, "settle", once)
    for actor, is_asked in ((once, False), (coordinator, True)):
        assert ("Rapport vaststellen" in {task.title for task in todo.tasks(actor)}) == is_asked
    make.step(visit, "settle", coordinator)


def test_who_left_the_team_with_nothing_but_answers_or_for_an_interest_does_not_settle(editions: Any) -> None:
    visit = make.reacted_visit()
    board = [make.person(Role.COORDINATING_INSPECTOR, make.inspectorate()) for _ in range(3)]
    answering, interested, other = map(make.actor, board)
    for actor in (answering, interested):
        visit.members.create(user=actor.person)
    planning.report_conflict(visit.pk, by=interested)
    planning.declare(visit.pk, by=answering)
    reaction.answer_remark(visit.remarks.get().pk, "rejected", "Dat zagen wij anders.", by=answering)
    make.step(visit, "process", answering)
    heir = make.person(Role.INSPECTOR, make.inspectorate())
    planning.hand_over(visit.pk, answering.person, heir, planning.mark(visit), by=answering)
    for actor in (answering, interested):
        with pytest.raises(PermissionDenied):
            make.step(visit, "settle", actor)
    make.step(visit, "settle", other)


# --- what was taken back


def recalled(visit: Visit) -> None:
    """The concept taken back and sent anew with another summary."""
    make.step(visit, "recall", make.lead(visit), "Er stond een naam in.")
    make.passage(visit, "summary", "Nu zonder die naam.")
    make.step(visit, "send_concept", make.lead(visit))


def test_what_was_taken_back_before_it_was_opened_is_never_read(editions: Any) -> None:
    visit = make.concept_visit(opened=False)
    recalled(visit)
    own, inside = (signed_in(who) for who in (make.quality_officer(visit.organisation), make.lead(visit)))
    old, new = (reverse("reports:detail", args=[visit.number, number]) for number in ("0.1", "0.2"))
    timeline = reverse("assessments:timeline", args=[visit.organisation_id])
    for address in (visit.get_absolute_url(), timeline):
        assert old in page(inside, address)
        html = page(own, address)
        assert old not in html and new in html
    assert own.get(old).status_code == 404 and inside.get(old).status_code == 200
    reaction.record_opening(reaction_version(visit), by=make.quality_officer(visit.organisation))
    assert own.get(url("report_difference", visit.pk)).status_code == 404, "there is nothing to compare with"


def reaction_version(visit: Visit) -> ConceptVersion:
    version = reaction.newest_concept(visit)
    assert version is not None
    return version


def test_nobody_reads_a_concept_by_comparing_it_before_opening_it(editions: Any) -> None:
    visit = make.concept_visit()
    recalled(visit)
    own = signed_in(make.quality_officer(visit.organisation))
    compared = own.get(url("report_difference", visit.pk), follow=True)
    assert "Lees eerst het conceptrapport" in compared.content.decode()
    assert "zonder die naam" not in compared.content.decode()
    page(own, url("concept", visit.pk))
    visit.refresh_from_db()
    assert visit.reaction_due == today(28)
    assert "zonder" in page(own, url("report_difference", visit.pk))


def test_a_concept_sent_anew_shortens_no_term_and_takes_no_given_time_back(editions: Any) -> None:
    visit = make.concept_visit()
    lead, officer = make.lead(visit), make.quality_officer(visit.organisation)
    reaction.extend(visit.pk, today(50), "Ziek.", by=lead)
    make.step(visit, "recall", lead, "Er stond een naam in.")
    refused = signed_in(lead).post(url("concept_send", visit.pk), {"weeks": 1})
    assert "Geef nu niet minder" in refused.content.decode()
    assert Visit.objects.get(pk=visit.pk).status == "drafting"
    reaction.send_concept(visit.pk, 4, by=lead)
    assert "met uitstel" in page(signed_in(officer), url("concept", visit.pk))
    assert Visit.objects.get(pk=visit.pk).reaction_due == today(50)


def test_a_remark_stays_with_the_passage_that_it_is_about(editions: Any) -> None:
    visit = make.concept_visit()
    lead, officer = make.lead(visit), make.quality_officer(visit.organisation)
    second = make.remark(visit, "W2-2", "Overdag is het ook niet op orde.")
    first = make.remark(visit, "W2-1", "Er komt wel iemand.")
    make.step(visit, "recall", lead, "Een andere bevinding.")
    gone = visit.findings.get()
    make.edit_finding(visit, key=gone.pk, removed=True)
    make.finding(visit, "W2", text="De medicatie is afgetekend.")
    make.finding(visit, "W2", text="Het rooster is af.")
    make.step(visit, "send_concept", lead)
    own = signed_in(officer)
    earlier = page(own, url("concept", visit.pk)).split("Bij een vorige versie")[1]
    assert first.text in earlier and second.text not in earlier
    make.step(visit, "submit_reaction", officer)
    for remark in (first, second):
        reaction.answer_remark(remark.pk, "rejected", "Dat zagen wij anders.", by=lead)
    make.step(visit, "process", lead)
    make.step(visit, "settle", make.coordinator())
    said = {row["text"]: row["passage"] for row in visit.versions.get(version="1.0").content["remarks"]}
    assert said == {first.text: "W2-1 in versie 0.1", second.text: "W2-3"}


def test_what_was_sent_stands_for_everybody(editions: Any, private_folder: Any) -> None:
    """Whatever the code forgets to ask: the database keeps the words, the files and the answer."""
    visit = make.reacted_visit(remarks=1)
    said = visit.remarks.all()
    row = said.get()
    officer = make.quality_officer(visit.organisation)
    piece = library.add_piece(png("rooster.png"), "Nachtrooster", None, by=officer)
    changes = (
        lambda: said.update(text="Anders."),
        lambda: said.update(passage="W2-2"),
        said.delete,
        lambda: row.evidence.add(piece.revisions.get()),
    )
    for change in changes:
        with pytest.raises(DatabaseError, match="stands"), transaction.atomic():
            change()
    reaction.answer_remark(row.pk, "rejected", "De map lag er.", by=make.lead(visit))
    make.step(visit, "process", make.lead(visit))
    with pytest.raises(DatabaseError, match="stands"), transaction.atomic():
        said.update(answer="Toch niet.")
