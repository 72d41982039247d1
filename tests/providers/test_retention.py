"""What is kept how long: each kind at its edge, holds, and the log of what went."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.models import AnswerVersion
from providers import retention
from providers.errors import Refused
from providers.models import (
    Application,
    AuditEvent,
    Import,
    Invitation,
    LegalHold,
    Mail,
    Membership,
    Organisation,
    Removal,
    Role,
    User,
)
from tests import factories as f

pytestmark = pytest.mark.django_db
TERM = 30


@pytest.fixture(autouse=True)
def terms(settings: Any) -> None:
    settings.RETENTION_DAYS = dict.fromkeys(settings.RETENTION_DAYS, TERM)


def ago(days: float) -> Any:
    return timezone.now() - timedelta(days=days)


def mail(organisation: Organisation, **moments: Any) -> Mail:
    return Mail.objects.create(
        kind="x", to="a@proef.example", subject="x", organisation=organisation, **moments
    )


def invitation(organisation: Organisation, number: int, **moments: Any) -> Invitation:
    return Invitation.objects.create(
        organisation=organisation,
        email=f"a{number}@proef.example",
        name="A",
        roles=[Role.DIRECTOR],
        token_sha256=f"{number:064}",
        **{"expires_at": ago(-1), **moments},
    )


def application(number: int, **fields: Any) -> Application:
    admin = f.acting(Role.PORTAL_ADMIN, f.portal()).person
    return Application.objects.create(
        name="A",
        kvk=f"{number:08}",
        establishment="000000000001",
        agb="00000001",
        place="Delft",
        contact_name="A",
        contact_email="a@proef.example",
        contact_roles=[Role.DIRECTOR],
        **({"handled_by": admin, "reason": "x", **fields} if fields else {}),
    )


def test_each_kind_goes_after_its_term_and_not_before() -> None:
    own = f.provider()
    keep: list[Any] = [
        mail(own, sent_at=ago(TERM - 1)),
        mail(own, created_at=ago(TERM + 1)),  # still to be sent
        invitation(own, 1),
        invitation(own, 2, withdrawn_at=ago(TERM - 1)),
        application(1),
        application(2, status="refused", handled_at=ago(TERM - 1)),
    ]
    go: list[Any] = [
        mail(own, sent_at=ago(TERM + 1)),
        mail(own, failed_at=ago(TERM + 1)),
        invitation(own, 3, expires_at=ago(TERM + 1)),
        invitation(own, 4, withdrawn_at=ago(TERM + 1)),
        application(3, status="refused", handled_at=ago(TERM + 1)),
        Import.objects.create(
            kind="providers",
            organisation=own,
            file_name="x",
            rows=[],
            created_by=f.director(own).person,
            created_at=ago(TERM + 1),
        ),
        Session.objects.create(session_key="old", session_data="x", expire_date=ago(TERM + 1)),
    ]
    removed = retention.remove_old()
    assert [type(row).objects.filter(pk=row.pk).exists() for row in keep] == [True] * len(keep)
    assert [type(row).objects.filter(pk=row.pk).exists() for row in go] == [False] * len(go)
    counts = {"mails": 2, "invitations": 2, "applications": 1, "imports": 1, "people": 0, "sessions": 1}
    assert removed == counts
    logged = dict(Removal.objects.values_list("kind", "count"))
    assert logged == {kind: count for kind, count in counts.items() if count}
    assert not any(retention.remove_old().values()), "a second time nothing is left"


def test_zero_days_keeps_for_good(settings: Any) -> None:
    settings.RETENTION_DAYS = {**settings.RETENTION_DAYS, "mails": 0}
    kept = mail(f.provider(), sent_at=ago(9999))
    assert "mails" not in retention.remove_old()
    assert Mail.objects.filter(pk=kept.pk).exists()


def test_a_hold_keeps_everything_of_its_organisation_until_it_is_lifted() -> None:
    own, admin = f.provider(), f.acting(Role.PORTAL_ADMIN, f.portal())
    held, person = mail(own, sent_at=ago(TERM + 1)), leaver(own, TERM + 1)
    hold = retention.place_hold(own, "Een zaak", by=admin)
    retention.remove_old()
    assert Mail.objects.filter(pk=held.pk).exists()
    assert User.objects.get(pk=person.pk).name == person.name
    with pytest.raises(Refused):
        retention.place_hold(own, "Nog een", by=admin)
    retention.lift_hold(hold.pk, by=admin)
    with pytest.raises(Refused):
        retention.lift_hold(hold.pk, by=admin)
    retention.remove_old()
    assert not Mail.objects.filter(pk=held.pk).exists()
    assert User.objects.get(pk=person.pk).name == retention.GONE
    assert set(AuditEvent.objects.filter(about=own).values_list("action", flat=True)) >= {
        "hold_placed",
        "hold_lifted",
    }


def leaver(organisation: Organisation, days: int) -> User:
    user = f.person(Role.QUALITY_OFFICER, organisation, name="Anna Voorbeeld")
    left = timezone.localdate(ago(days))
    Membership.objects.filter(user=user).update(valid_until=left)
    User.objects.filter(pk=user.pk).update(date_joined=ago(days + 100))
    return user


def test_who_left_everywhere_is_forgotten_but_what_she_wrote_stays() -> None:
    own = f.provider()
    revision = f.answered_revision(own)
    author = AnswerVersion.objects.filter(answer__revision=revision)[0].author
    Membership.objects.filter(user=author).update(valid_until=timezone.localdate(ago(TERM + 1)))
    User.objects.filter(pk=author.pk).update(date_joined=ago(TERM + 100))
    lately, still = leaver(own, TERM - 1), leaver(own, TERM + 1)
    f.add_role(still, Role.DIRECTOR, f.provider())
    assert retention.remove_old()["people"] == 1
    author.refresh_from_db()
    assert (author.name, author.is_active, author.has_usable_password()) == (retention.GONE, False, False)
    assert author.email.endswith("@weg.invalid")
    assert AnswerVersion.objects.filter(author=author).exists()
    assert {User.objects.get(pk=user.pk).name for user in (lately, still)} == {"Anna Voorbeeld"}


def test_only_the_portal_places_and_lifts_holds() -> None:
    own = f.provider()
    with pytest.raises(PermissionDenied):
        retention.place_hold(own, "x", by=f.director(own))


def test_the_pages() -> None:
    own, admin = f.provider("De Linde"), f.acting(Role.PORTAL_ADMIN, f.portal())
    client = Client()
    client.force_login(admin.person)
    empty = client.post(reverse("hold_place", args=[own.pk]), {"reason": " "})
    assert "Schrijf waarom alles bewaard moet blijven." in empty.content.decode()
    client.post(reverse("hold_place", args=[own.pk]), {"reason": "Zaak 12"})
    twice = client.post(reverse("hold_place", args=[own.pk]), {"reason": "Zaak 13"})
    assert "geldt al een bewaarplicht" in twice.content.decode() and "Zaak 13" in twice.content.decode()
    page = client.get(reverse("retention")).content.decode()
    assert "De Linde" in page and "Zaak 12" in page and "30 dagen" in page
    client.post(reverse("hold_lift", args=[LegalHold.objects.get().pk]))
    assert list(client.get(reverse("retention")).context["holds"]) == []
