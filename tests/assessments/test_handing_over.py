"""What stands in the way of handing over, and what a supplement begins with."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments import digest, files, received, together, widening
from assessments.errors import NotReady, WrongState
from assessments.models import EvidenceRevision, ImprovementAction, Revision
from providers import mail
from providers.models import Mail, Organisation, ProviderRegion, Role
from tests import factories as f
from tests.test_access import png

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("editions", "private_folder")]
BSN = "111222333"


def client_of(revision: Revision, role: str = Role.QUALITY_OFFICER) -> Client:
    client = Client()
    client.force_login(f.acting(role, revision.organisation).person)
    return client


def test_a_file_with_a_virus_stops_it_and_one_that_nobody_can_read_is_told() -> None:
    revision = f.answered_revision()
    officer, board = f.quality_officer(revision.organisation), f.director(revision.organisation)
    link = files.attach_evidence(revision.pk, f.item("W1"), png(), by=officer)
    file = EvidenceRevision.objects.filter(pk=link.evidence_revision_id)
    file.update(bsn="unreadable")
    page = client_of(revision).get(revision.get_absolute_url()).content.decode()
    assert "kan de tekst van ‘rooster.png’ niet lezen" in page
    file.update(scan="infected")
    with pytest.raises(NotReady, match="rooster.png"):
        f.REVISION.perform(revision.pk, "offer", by=officer)
    page = client_of(revision).get(revision.get_absolute_url()).content.decode()
    assert "In een bestand is een virus gevonden" in page and "rooster.png, bij W1" in page
    file.update(scan="clean")
    f.REVISION.perform(revision.pk, "offer", by=officer)
    # Found after it was offered: the board cannot sign either.
    file.update(scan="infected")
    with pytest.raises(NotReady, match="virus"):
        f.sign(revision.pk, 2022, by=board)
    signing = client_of(revision, Role.DIRECTOR).get(reverse("assessments:signing", args=[revision.pk]))
    assert "Stuur haar terug" in signing.content.decode()


def test_a_supplement_keeps_who_has_what_and_what_is_still_open() -> None:
    revision = f.answered_revision()
    officer, board = f.quality_officer(revision.organisation), f.director(revision.organisation)
    f.theme(revision, officer.person, due=9)
    together.say(revision, f.item("W1"), uuid.uuid4(), "Dit is nog open.", by=board)
    together.say(revision, f.item("W2"), uuid.uuid4(), "Dit is gedaan.", by=board)
    together.settle(revision.comments.get(text="Dit is gedaan."), by=officer)
    f.take(revision, "offer", "submit", "supplement", by=board)
    copy = Revision.objects.get(number=2)
    (theme,) = copy.assignments.all()
    assert (theme.assignee, theme.due) == (officer.user, timezone.localdate() + timedelta(days=9))
    (comment,) = copy.comments.all()
    assert (comment.text, comment.by) == ("Dit is nog open.", board.user)
    assert revision.comments.count() == 2


def test_one_mail_that_cannot_be_made_does_not_keep_the_others(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    revision = f.answered_revision()
    people = [f.person(Role.QUALITY_OFFICER, revision.organisation) for _ in range(3)]
    for number, person in enumerate(people):
        f.theme(revision, person, number=number)
    revision.assignments.update(at=timezone.now() - timedelta(hours=1))
    post = mail.post

    def refuse(kind: str, to: str, *args: Any, **more: Any) -> None:
        if to == people[1].email:
            raise ValueError
        post(kind, to, *args, **more)

    with monkeypatch.context() as patched:
        patched.setattr(mail, "post", refuse)
        assert digest.send() == 2
    assert set(Mail.objects.values_list("to", flat=True)) == {people[0].email, people[2].email}
    assert f"No daily mail for person {people[1].pk}" in caplog.text
    assert digest.send() == 1


def test_a_care_office_that_came_later_could_not_read_before() -> None:
    region = f.region()
    own, office = f.provider(regions=[region]), f.care_office([region])
    revision = f.submitted_revision(own)
    Revision.objects.filter(pk=revision.pk).update(submitted_at=timezone.now() - timedelta(days=90))
    revision.refresh_from_db()
    began = timezone.localdate() - timedelta(days=20)
    ProviderRegion.objects.filter(provider=own).update(valid_from=began)
    since = {reader.organisation.pk: reader.since for reader in received.readers(revision)}
    assert timezone.localdate(since[office.pk]) == began


@pytest.mark.parametrize("kind", ["comment", "action"])
def test_a_bsn_in_a_comment_or_an_action_is_refused_once(kind: str) -> None:
    revision = f.answered_revision()
    item, client = f.item("W1"), client_of(revision)
    if kind == "comment":
        url = reverse("assessments:comments", args=[revision.pk, item.pk])
        data = {"key": str(uuid.uuid4()), "text": f"Kijk bij {BSN}."}
    else:
        url = reverse("assessments:improvement_new")
        who = f.quality_officer(revision.organisation).person.pk
        data = {"key": str(uuid.uuid4()), "what": "Bellen", "why": f"Vraag {BSN}.", "who": str(who)}
        data |= {"due": str(timezone.localdate() + timedelta(days=9)), "expected": "Rust."}
    page = client.post(url, data).content.decode()
    assert "Er lijkt een BSN te staan: *****2333" in page and "Dit is geen BSN maar een ander nummer" in page
    assert not (revision.comments.exists() or ImprovementAction.objects.exists())
    assert client.post(url, data | {"no_bsn": "on"}).status_code == 302
    assert revision.comments.exists() or ImprovementAction.objects.exists()


def test_a_draft_takes_up_more_frameworks_and_nothing_else_does() -> None:
    revision = f.answered_revision(frameworks=[f.IGJ])
    client, url = client_of(revision), reverse("assessments:scope", args=[revision.pk])
    offered = widening.addable(revision).get(framework__code=f.ADDENDUM)
    assert not widening.addable(revision).filter(framework__code=f.IGJ)
    assert "Kies ten minste één" in client.post(url, {"submit": "Toevoegen"}).content.decode()
    before = revision.question_count
    assert client.post(url, {"editions": [offered.pk]}).status_code == 302
    revision.refresh_from_db()
    assert revision.question_count > before and offered in revision.editions.all()
    assert offered not in widening.addable(revision)
    f.REVISION.perform(revision.pk, "offer", by=f.quality_officer(revision.organisation))
    assert b"Meer invullen" not in client.get(url).content
    with pytest.raises(WrongState):
        widening.add_editions(revision.pk, [offered], by=f.quality_officer(revision.organisation))


def test_what_a_colleague_waits_for_comes_first_and_a_beginner_reads_how_it_goes() -> None:
    organisation = f.provider()
    assert b"Zo werkt het" in _tasks_of(Role.QUALITY_OFFICER, organisation)
    revision = f.offered_revision(organisation)
    board = f.director(organisation)
    f.improvement(revision, f.item("W1"), assignee=board.person, due=9)
    page = _tasks_of(Role.DIRECTOR, organisation).decode()
    first = page[page.index("Nu eerst") :]
    assert f"Zelfevaluatie {revision.self_assessment.year} vaststellen" in first[:400]
    f.sign(revision.pk, 2022, by=board)
    assert b"Zo werkt het" not in _tasks_of(Role.QUALITY_OFFICER, organisation)


def _tasks_of(role: str, organisation: Organisation) -> bytes:
    client = Client()
    client.force_login(f.acting(role, organisation).person)
    return client.get(reverse("assessments:tasks")).content
