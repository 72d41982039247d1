"""The daily mail: what is in it, for whom, and never two on one Dutch day."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments import digest, questions, tasks
from assessments.improvement import IMPROVEMENT
from assessments.models import Assignment, Revision
from providers.models import Mail, Membership, Role, User
from tests import factories as f

pytestmark = pytest.mark.django_db

# Beyond the moment in which a write may not be seen by others yet.
LATER = timedelta(minutes=2)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Move the clock to an hour of a day from now, in the Netherlands."""
    start = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)

    def move(days: int, hour: int, minute: int = 0) -> None:
        moment: datetime = start + timedelta(days=days)
        moment = moment.replace(hour=hour, minute=minute)
        monkeypatch.setattr(timezone, "now", lambda: moment.astimezone(timezone.get_fixed_timezone(0)))

    move(0, 9)
    return move


@pytest.fixture
def draft(at: Callable[..., None]) -> Revision:
    return f.answered_revision(f.provider("De Linde"), n=2)


@pytest.fixture
def bas(draft: Revision) -> User:
    return f.person(Role.QUALITY_OFFICER, draft.organisation, email="bas@proef.example", name="Bas Jansen")


def mails() -> list[Mail]:
    return list(Mail.objects.filter(kind="digest").order_by("created_at"))


def test_a_theme_is_told_at_once_and_once(draft: Revision, bas: User, at: Callable[..., None]) -> None:
    f.theme(draft, bas, due=20)
    assert tasks.send_digests() == 0
    at(0, 9, 5)
    assert tasks.send_digests() == 1
    at(0, 12)
    assert tasks.send_digests() == 0
    at(1, 9)
    assert tasks.send_digests() == 0
    (mail,) = mails()
    assert mail.to == "bas@proef.example"
    assert "Thema W1" in mail.text
    assert reverse("account") + "#mail" in mail.text
    assert "1 punt" in mail.subject


def test_what_comes_after_the_mail_of_the_day_waits_for_the_next(
    draft: Revision, bas: User, at: Callable[..., None]
) -> None:
    f.theme(draft, bas, due=20)
    at(0, 9, 5)
    tasks.send_digests()
    at(0, 10)
    f.theme(draft, bas, due=21, number=1)
    f.comment(draft, f.asked_items(draft, "judgement")[0], "Dit leest u alleen in Thuispeil.")
    at(0, 23, 59)
    assert tasks.send_digests() == 0
    at(1, 0, 1)
    assert tasks.send_digests() == 1
    text = mails()[1].text
    assert "Thema W2" in text
    assert "Thema W1" not in text.replace("bij W1", "")
    assert "bij W1" in text
    assert "Dit leest u alleen" not in text


def test_one_comment_is_told_to_who_has_its_theme_and_to_nobody_else(
    draft: Revision, bas: User, at: Callable[..., None]
) -> None:
    """Others have other themes, one theme was taken back, and one person had her mail already."""
    asked = [section.judgements[0].item for section in questions.load(draft).sections[:4]]
    people = [bas, *(f.person(Role.QUALITY_OFFICER, draft.organisation) for _ in range(2))]
    for number, user in enumerate(people):
        f.theme(draft, user, due=20, number=number)
    taken_back = f.theme(draft, people[2], due=20, number=3)
    Assignment.objects.filter(pk=taken_back.pk).update(assignee=None, due=None)
    at(0, 9, 5)
    assert tasks.send_digests() == 3
    User.objects.filter(pk=people[1].pk).update(digested_at=timezone.now() + timedelta(days=1))
    at(0, 10)
    for number, item in enumerate(asked):
        f.comment(draft, item, by=f.actor(bas if number == 0 else people[2]))
    at(1, 9)
    assert digest._news(timezone.now()) == {}, "said by the reader, told already, or of nobody"
    f.comment(draft, asked[0], by=f.actor(people[2]))
    at(1, 9, 5)
    assert [(pk, len(lines)) for pk, lines in digest._news(timezone.now()).items()] == [(bas.pk, 1)]


def test_a_source_that_fails_does_not_silence_the_others(
    draft: Revision,
    bas: User,
    at: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(people: set[int], since: datetime, today: date) -> list[digest.Line]:
        User.objects.raw("SELECT no_such_column")[0]
        return []

    monkeypatch.setattr(digest, "SOURCES", [broken, *digest.SOURCES])
    f.theme(draft, bas, due=20)
    at(0, 9, 5)
    assert tasks.send_digests() == 1
    assert "broken" in caplog.text


@pytest.mark.parametrize("kind", ["theme", "action"])
def test_a_reminder_of_a_day_without_mail_comes_later_and_once(
    draft: Revision, bas: User, at: Callable[..., None], kind: str
) -> None:
    f.theme(draft, bas, due=9) if kind == "theme" else f.improvement(draft, assignee=bas, due=9)
    at(0, 9, 5)
    tasks.send_digests()
    sent = []
    for day in (1, 4, 5, 6, 11, 12):
        at(day, 7)
        if tasks.send_digests():
            sent.append(day)
    assert sent == [4, 11]


def test_what_one_takes_shortly_before_its_date_is_no_reminder(
    draft: Revision, at: Callable[..., None]
) -> None:
    f.theme(draft, f.quality_officer(draft.organisation).person, due=3)
    at(0, 9, 5)
    assert tasks.send_digests() == 0
    at(3, 9)
    assert tasks.send_digests() == 1


def test_a_week_before_and_on_the_day_unless_all_is_answered(
    draft: Revision, bas: User, at: Callable[..., None]
) -> None:
    f.theme(draft, bas, due=9)
    at(0, 9, 5)
    tasks.send_digests()
    sent = []
    for day in range(1, 12):
        at(day, 7)
        if tasks.send_digests():
            sent.append(day)
    assert sent == [2, 9]
    assert "Denk aan de datum" in mails()[1].text


def test_a_finished_theme_and_a_finished_action_are_not_reminded(
    draft: Revision, bas: User, at: Callable[..., None]
) -> None:
    theme = f.theme(draft, bas, due=9)
    action = f.improvement(draft, assignee=bas, due=9, by=f.quality_officer(draft.organisation))
    IMPROVEMENT.perform(action.pk, "finish", by=f.actor(bas), note="Gelukt.")
    at(0, 9, 5)
    tasks.send_digests()
    for item in f.asked_items(draft):
        if item.section_id == theme.section_id:
            value = {"judgement": "meets", "check": "yes"}.get(item.kind, "x")
            draft.answers.update_or_create(
                item=item,
                defaults={
                    "organisation_id": draft.organisation_id,
                    "author": bas,
                    "value": value,
                    "is_answered": True,
                },
            )
    for day in (2, 9):
        at(day, 7)
        assert tasks.send_digests() == 0


def test_an_action_is_told_and_reminded(draft: Revision, bas: User, at: Callable[..., None]) -> None:
    action = f.improvement(draft, what="Achterwacht regelen", assignee=bas, due=8)
    sent = []
    for day, minute in ((0, 5), (1, 0), (2, 0), (8, 0)):
        at(day, 9, minute)
        if tasks.send_digests():
            sent.append(day)
    assert sent == [0, 1, 8]
    for mail in mails():
        assert "Losse verbeteractie" in mail.text and action.get_absolute_url() in mail.text
        assert "Achterwacht" not in f"{mail.text} {mail.html}"


def test_an_action_is_named_after_its_question(draft: Revision, bas: User, at: Callable[..., None]) -> None:
    asked = f.asked_items(draft, "judgement")[0]
    f.improvement(draft, asked, what="Achterwacht regelen", assignee=bas, due=20)
    at(0, 9, 5)
    assert tasks.send_digests() == 1
    assert f"Verbeteractie bij {asked.code}. {asked.title}" in mails()[0].text


def test_what_one_gave_oneself_is_no_news(draft: Revision, at: Callable[..., None]) -> None:
    officer = f.quality_officer(draft.organisation)
    f.theme(draft, officer.person, due=20)
    f.improvement(draft, due=20)
    f.comment(draft, f.asked_items(draft, "judgement")[0])
    at(0, 9, 5)
    assert tasks.send_digests() == 0


def test_nobody_who_left_is_locked_out_or_does_not_want_it(
    draft: Revision, bas: User, at: Callable[..., None]
) -> None:
    people = [bas, *(f.person(Role.QUALITY_OFFICER, draft.organisation) for _ in range(2))]
    for number, user in enumerate(people):
        f.theme(draft, user, due=20, number=number)
    at(0, 9, 5)
    yesterday = timezone.localdate() - timedelta(days=1)
    Membership.objects.filter(user=people[0]).update(valid_until=yesterday)
    User.objects.filter(pk=people[1].pk).update(is_active=False)
    User.objects.filter(pk=people[2].pk).update(wants_digest=False)
    assert tasks.send_digests() == 0


def test_who_became_a_council_member_gets_none(draft: Revision, bas: User, at: Callable[..., None]) -> None:
    f.theme(draft, bas, due=20)
    Membership.objects.filter(user=bas).update(role=Role.COUNCIL_MEMBER)
    at(0, 9, 5)
    assert tasks.send_digests() == 0


def test_work_for_a_provider_one_left_is_not_told_at_another(
    draft: Revision, bas: User, at: Callable[..., None]
) -> None:
    f.theme(draft, bas, due=20)
    Membership.objects.filter(user=bas).delete()
    f.add_role(bas, Role.DIRECTOR, f.provider("Nieuwe baan"))
    at(0, 9, 5)
    assert tasks.send_digests() == 0


def test_two_workers_make_one_mail(draft: Revision, bas: User, at: Callable[..., None]) -> None:
    f.theme(draft, bas, due=20)
    at(0, 9, 5)
    moment = timezone.now()
    news = digest._news(moment)
    assert [digest._send_to(bas.pk, news[bas.pk], moment) for _ in range(2)] == [True, False]
    assert len(mails()) == 1


def test_the_switch_on_the_account_page(draft: Revision, bas: User) -> None:
    client = Client()
    client.force_login(bas)
    assert "Uitzetten" in client.get(reverse("account")).content.decode()
    client.post(reverse("account_digest"))
    bas.refresh_from_db()
    assert not bas.wants_digest
    assert re.search(r"Uit\. U ziet alles", client.get(reverse("account")).content.decode())
    client.post(reverse("account_digest"), {"on": "1"})
    bas.refresh_from_db()
    assert bas.wants_digest


def test_the_clock_asks() -> None:
    from django.conf import settings

    entries = {entry["task"]: entry["schedule"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert entries[tasks.send_digests.name].hour == set(range(7, 21)), "nobody wants mail at night"
