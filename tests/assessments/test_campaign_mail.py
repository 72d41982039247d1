"""Which mails a campaign causes: to whom, on which days, and each once."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from assessments import campaign_mail, campaigns, tasks
from assessments.models import Campaign, CampaignTarget
from providers.models import Mail, Membership, Organisation, Role
from tests import factories as f
from tests.assessments.test_campaigns import today
from tests.factories import campaign as ask
from wlzthuis.isolation import acting

pytestmark = pytest.mark.django_db


@pytest.fixture
def staffed(editions: Any) -> Organisation:
    """A provider with a director, two quality officers of whom one is the director too, and others."""
    provider = f.provider("De Linde")
    director = f.person(Role.DIRECTOR, provider, email="bestuur@proef.example", name="Bea Bestuur")
    f.add_role(director, Role.QUALITY_OFFICER, provider)
    f.person(Role.QUALITY_OFFICER, provider, email="kwaliteit@proef.example")
    f.person(Role.COUNCIL_MEMBER, provider, email="raad@proef.example")
    gone = f.person(Role.DIRECTOR, provider, email="weg@proef.example")
    Membership.objects.filter(user=gone).update(valid_until=today(-1))
    locked = f.person(Role.QUALITY_OFFICER, provider, email="dicht@proef.example")
    type(locked).objects.filter(pk=locked.pk).update(is_active=False)
    return provider


ADDRESSED = ["bestuur@proef.example", "kwaliteit@proef.example"]


def addressed(kind: str) -> list[str]:
    return sorted(Mail.objects.filter(kind=kind).values_list("to", flat=True))


@pytest.fixture
def on_day(monkeypatch: pytest.MonkeyPatch) -> Callable[[int, int], None]:
    """Move the clock to so many days from now, at an hour of the day in the Netherlands."""
    start = timezone.localtime().replace(minute=0, second=0, microsecond=0)

    def move(days: int, hour: int = 9) -> None:
        moment = (start + timedelta(days=days)).replace(hour=hour)
        monkeypatch.setattr(timezone, "now", lambda: moment.astimezone(timezone.get_fixed_timezone(0)))

    return move


def test_who_is_asked_gets_one_mail(staffed: Organisation) -> None:
    empty = f.provider("Zonder mensen")
    ask(staffed, empty)
    assert (tasks.tell_providers(), tasks.tell_providers()) == (2, 0)
    assert addressed("campaign_asked") == ADDRESSED
    mail = Mail.objects.get(to="bestuur@proef.example")
    assert mail.organisation == staffed
    assert mail.subject == "Uitvraag van Inspectie Gezondheidszorg en Jeugd: Verantwoording"
    target = CampaignTarget.objects.get(organisation=staffed)
    for text in (mail.text, mail.html):
        assert "Bea Bestuur" in text and "Wij bereiden de inkoop voor." in text
        assert f"/uitvragen/voor-ons/{target.pk}/" in text
    # Lost between the outbox and the note that it was told: told again, mailed once.
    CampaignTarget.objects.update(told=CampaignTarget.Told.NOTHING)
    tasks.tell_providers()
    assert Mail.objects.count() == 2


def test_who_asks_reaches_people_it_may_not_see(staffed: Organisation) -> None:
    """Reminding happens in the asker's own request."""
    asker = f.inspector()
    campaign = ask(staffed, by=asker)
    with acting(asker.scope):
        assert not Membership.objects.filter(organisation=staffed).exists()
        assert campaigns.remind(campaign.pk, campaign.targets.values_list("pk", flat=True), by=asker) == 1
        assert not Membership.objects.filter(organisation=staffed).exists()
    assert addressed("campaign_reminder") == ADDRESSED


def test_text_of_people_is_text(staffed: Organisation) -> None:
    asker = f.inspector()
    campaign = ask(staffed, by=asker, title="R&D <b>\n Bcc: x@proef.example")
    Campaign.objects.update(reason="<script>1</script> & meer")
    tasks.tell_providers()
    mail = Mail.objects.filter(kind="campaign_asked").first()
    assert mail is not None
    assert "\n" not in mail.subject and "R&D <b>" in mail.subject
    assert "<script>1</script> & meer" in mail.text
    assert "<script>" not in mail.html and "&lt;script&gt;" in mail.html
    assert campaign.title in str(campaign)


def test_a_withdrawal_is_told_to_who_was_asked_and_to_nobody_else(staffed: Organisation) -> None:
    asker = f.inspector()
    never_told, told = ask(staffed, by=asker), ask(staffed, by=asker)
    campaigns.withdraw(never_told.pk, "Vergissing.", by=asker)
    tasks.tell_providers()
    campaigns.withdraw(told.pk, "Wij weten genoeg.", by=asker)
    assert (tasks.tell_providers(), tasks.tell_providers()) == (1, 0)
    assert addressed("campaign_asked") == addressed("campaign_withdrawn") == ADDRESSED
    assert "Wij weten genoeg." in Mail.objects.filter(kind="campaign_withdrawn")[0].text


def test_the_answers_to_more_time_are_mailed(staffed: Organisation) -> None:
    asker = f.inspector()
    campaign = ask(staffed, by=asker)
    pk = campaign.targets.get().pk
    for _ in range(2):
        campaigns.ask_extension(pk, today(60), "Ziekte.", by=f.director(staffed))
        campaigns.refuse_extension(pk, "Nu nodig.", by=asker)
        Mail.objects.filter(kind="campaign_refused").update(key="")
    assert addressed("campaign_refused") == sorted(ADDRESSED * 2)
    assert "Nu nodig." in Mail.objects.filter(kind="campaign_refused")[0].text
    campaigns.extend(campaign.pk, [pk], today(60), "Vooruit.", by=asker)
    assert addressed("campaign_extended") == ADDRESSED
    assert "Vooruit." in Mail.objects.filter(kind="campaign_extended")[0].html


@pytest.mark.parametrize("hour", [0, 7, 23])
def test_reminders_go_on_their_days_and_once(
    staffed: Organisation, on_day: Callable[..., None], hour: int
) -> None:
    on_day(0, hour)
    ask(staffed, due=20)
    reminded = []
    for day in range(0, 30):
        on_day(day, hour)
        counts = [tasks.remind_campaigns() for _ in range(2)]
        assert counts[1] == 0
        if counts[0]:
            reminded.append(20 - day)
    assert reminded == list(campaign_mail.REMIND_AT)
    assert addressed("campaign_reminder") == sorted(ADDRESSED * 3)
    subjects = Mail.objects.order_by("created_at").values_list("subject", flat=True)
    assert [subject.split(":")[0] for subject in subjects[::2]] == [
        "Herinnering",
        "Herinnering",
        "Nog niet ingediend",
    ]


def test_no_reminder_for_who_was_asked_today_handed_in_or_is_asked_no_longer(
    staffed: Organisation, on_day: Callable[..., None]
) -> None:
    asker = f.inspector()
    ask(staffed, due=14)
    assert tasks.remind_campaigns() == 0
    withdrawn = ask(staffed, by=asker, due=10)
    campaigns.withdraw(withdrawn.pk, "Niet nodig.", by=asker)
    f.submitted_revision(staffed, frameworks=(f.IGJ,))
    for day in range(1, 20):
        on_day(day)
        assert tasks.remind_campaigns() == 0
    assert not Mail.objects.filter(kind="campaign_reminder").exists()


def test_more_time_moves_the_reminders(staffed: Organisation, on_day: Callable[..., None]) -> None:
    asker = f.inspector()
    campaign = ask(staffed, by=asker, due=10)
    campaigns.extend(campaign.pk, [campaign.targets.get().pk], today(40), "Ziekte.", by=asker)
    start, days = today(), []
    for day in range(1, 45):
        on_day(day)
        if tasks.remind_campaigns():
            days.append((timezone.localdate() - start).days)
    assert days == [26, 37, 41]


def test_by_hand_and_by_clock_is_one_mail_a_day(staffed: Organisation, on_day: Callable[..., None]) -> None:
    asker = f.inspector()
    campaign = ask(staffed, by=asker, due=17)
    target = campaign.targets.get()
    on_day(3)
    assert campaigns.remind(campaign.pk, [target.pk], by=asker) == 1
    assert campaigns.remind(campaign.pk, [target.pk], by=asker) == 0
    assert tasks.remind_campaigns() == 0
    # Even when the note of it were lost, the outbox takes no second one of the day.
    CampaignTarget.objects.update(reminded_on=None)
    assert tasks.remind_campaigns() == 1
    assert addressed("campaign_reminder") == ADDRESSED
    on_day(4)
    assert campaigns.remind(campaign.pk, [target.pk], by=asker) == 1


def test_midnight_is_that_of_the_netherlands(staffed: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    """In summer the day begins at 22:00 UTC: until then the last day still counts."""
    campaign = ask(staffed)
    CampaignTarget.objects.update(due_on="2027-07-01")
    utc = timezone.get_fixed_timezone(0)
    for moment, state in (
        (datetime(2027, 7, 1, 21, 59, tzinfo=utc), "open"),
        (datetime(2027, 7, 1, 22, 1, tzinfo=utc), "late"),
    ):
        monkeypatch.setattr(timezone, "now", lambda moment=moment: moment)
        assert campaign.targets.with_state().get().state == state


def test_many_providers_are_told_in_batches(staffed: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(campaign_mail, "BATCH", 2)
    others = [f.provider(locations=0) for _ in range(4)]
    for other in others:
        f.person(Role.DIRECTOR, other)
    campaign = ask(staffed, *others)
    assert tasks.tell_providers() == 5
    assert Mail.objects.count() == 6
    Campaign.objects.update(created_at=timezone.now() - timedelta(days=9))
    campaign.targets.update(due_on=today(3))
    assert tasks.remind_campaigns() == 5
    assert Mail.objects.count() == 12
