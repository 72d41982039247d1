"""Changing the roles of colleagues, and letting them go."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from providers import colleagues, leaving
from providers.errors import Refused
from providers.models import AuditEvent, Membership, Organisation, Role, User
from tests import factories as f
from tests.providers.racing import race
from wlzthuis.isolation import acting

pytestmark = pytest.mark.django_db


@pytest.fixture
def own() -> Organisation:
    return f.provider("De Linde")


def today() -> date:
    return timezone.localdate()


def mark(organisation: Organisation, user: User) -> str:
    found = colleagues.colleague(organisation, user.pk)
    return found.mark if found else ""


def set_roles(organisation: Organisation, user: User, wanted: Mapping[Any, date | None]) -> None:
    seen = mark(organisation, user)
    colleagues.set_roles(organisation, user, wanted, seen=seen, by=f.director(organisation))


def leave(organisation: Organisation, user: User, **kwargs: Any) -> None:
    kwargs = {"last_day": None, "heir": None, "by": f.director(organisation)} | kwargs
    colleagues.leave(organisation, user, **kwargs)


def roles(organisation: Organisation, user: User, day: date | None = None) -> set[str]:
    held = Membership.objects.on(day).filter(organisation=organisation, user=user)
    return set(held.values_list("role", flat=True))


def test_roles_change_at_once_and_their_past_stays(own: Organisation):
    user = f.person(Role.QUALITY_OFFICER, own)
    until = today() + timedelta(days=30)
    set_roles(own, user, {Role.COUNCIL_MEMBER: until})
    assert roles(own, user) == {Role.COUNCIL_MEMBER}
    assert roles(own, user, today() - timedelta(days=1)) == {Role.QUALITY_OFFICER}
    assert roles(own, user, until + timedelta(days=1)) == set()
    assert AuditEvent.objects.get().action == "roles_changed"


def test_a_role_that_began_today_can_end_today(own: Organisation):
    user = f.person(Role.QUALITY_OFFICER, own)
    set_roles(own, user, {Role.QUALITY_OFFICER: None, Role.COUNCIL_MEMBER: None})
    set_roles(own, user, {Role.QUALITY_OFFICER: None})
    assert roles(own, user) == {Role.QUALITY_OFFICER}
    set_roles(own, user, {Role.QUALITY_OFFICER: None, Role.COUNCIL_MEMBER: None})
    assert roles(own, user) == {Role.QUALITY_OFFICER, Role.COUNCIL_MEMBER}


def test_a_role_of_another_kind_or_none_is_refused(own: Organisation):
    user = f.person(Role.QUALITY_OFFICER, own)
    for wanted in ({Role.INSPECTOR: None}, {}):
        with pytest.raises(PermissionDenied):
            set_roles(own, user, wanted)


def test_what_changed_in_between_is_not_overwritten(client: Client, own: Organisation):
    user = f.person(Role.QUALITY_OFFICER, own)
    client.force_login(f.director(own).person)
    url = reverse("colleague", args=[own.pk, user.pk])
    seen = client.get(url).context["form"]["seen"].value()
    set_roles(own, user, {Role.COUNCIL_MEMBER: None})
    answer = client.post(url, {"seen": seen, "has_director": "on"})
    assert "wijzigde deze rollen intussen" in answer.content.decode()
    assert roles(own, user) == {Role.COUNCIL_MEMBER}


def test_leaving_ends_the_session_for_this_organisation_only(client: Client, own: Organisation):
    other = f.provider("Andere Zorg")
    user = f.person(Role.QUALITY_OFFICER, own)
    f.add_role(user, Role.QUALITY_OFFICER, other)
    client.force_login(user)
    session = client.session
    session["acting_organisation"] = own.pk
    session.save()
    assert client.get(reverse("organisation")).context["organisation"] == own
    leave(own, user)
    assert client.get(reverse("organisation")).context["organisation"] == other


def test_a_last_day_is_still_a_day_of_work(own: Organisation):
    user = f.person(Role.QUALITY_OFFICER, own)
    leave(own, user, last_day=today() + timedelta(days=3))
    assert roles(own, user, today() + timedelta(days=3)) and not roles(own, user, today() + timedelta(days=4))


def test_the_last_director_cannot_go(client: Client, own: Organisation):
    board = f.director(own)
    f.person(Role.QUALITY_OFFICER, own)
    with pytest.raises(Refused, match="geen bestuurder meer"):
        leave(own, board.person)
    with pytest.raises(Refused):
        leave(own, board.person, last_day=today() + timedelta(days=10))
    with pytest.raises(Refused):
        set_roles(own, board.person, {Role.QUALITY_OFFICER: None})
    with pytest.raises(Refused):
        set_roles(own, board.person, {Role.DIRECTOR: today()})
    assert roles(own, board.person) == {Role.DIRECTOR}
    client.force_login(board.person)
    page = client.post(reverse("colleague_leave", args=[own.pk, board.person.pk]), {"when": "now"})
    assert "geen bestuurder meer" in page.content.decode()
    successor = f.person(Role.DIRECTOR, own)
    leave(own, board.person, by=board)
    assert roles(own, successor) and not roles(own, board.person)


def test_a_successor_who_stops_earlier_or_cannot_sign_in_is_none(own: Organisation):
    board, successor = f.director(own).person, f.person(Role.DIRECTOR, own)
    Membership.objects.filter(user=successor).update(valid_until=today() + timedelta(days=5))
    leave_at = today() + timedelta(days=10)
    with pytest.raises(Refused):
        leave(own, board, last_day=leave_at)
    Membership.objects.filter(user=successor).update(valid_until=None)
    User.objects.filter(pk=successor.pk).update(is_active=False)
    with pytest.raises(Refused):
        leave(own, board, last_day=leave_at)


def test_open_work_needs_an_heir(client: Client, own: Organisation):
    visit = f.planned_visit(own, by=f.inspector())
    leaver, heir = f.inspector().person, f.person(Role.INSPECTOR, f.inspectorate())
    boss = f.coordinator()
    assert leaving.open_work(leaver, f.inspectorate()) == [("Open bezoeken", 1)]
    with pytest.raises(Refused, match="Kies wie het open werk overneemt"):
        leave(f.inspectorate(), leaver, by=boss)
    client.force_login(boss.person)
    url = reverse("colleague_leave", args=[f.inspectorate().pk, leaver.pk])
    assert client.get(url).context["open_work"] == [("Open bezoeken", 1)]
    assert client.post(url, {"when": "now"}).context["form"].errors["heir"]
    assert client.post(url, {"when": "now", "heir": heir.pk}).status_code == 302
    assert set(visit.members.values_list("user", flat=True)) == {heir.pk}
    actions = set(AuditEvent.objects.filter(user=boss.user).values_list("action", flat=True))
    assert {"member_left", "work_handed_over"} <= actions


def test_work_goes_to_a_colleague_only(own: Organisation):
    user, stranger = f.person(Role.QUALITY_OFFICER, own), f.person(Role.DIRECTOR, f.provider())
    for heir in (stranger, user):
        with pytest.raises(PermissionDenied):
            leave(own, user, heir=heir)


def test_a_director_cannot_reach_the_people_of_another(client: Client, own: Organisation):
    theirs = f.person(Role.QUALITY_OFFICER, own)
    other = f.director(f.provider("Andere Zorg"))
    client.force_login(other.person)
    form = {"seen": mark(own, theirs), "has_director": "on", "when": "now"}
    for name in ("colleague", "colleague_leave"):
        for organisation in (own, other.own):
            assert client.get(reverse(name, args=[organisation.pk, theirs.pk])).status_code == 404
            assert client.post(reverse(name, args=[organisation.pk, theirs.pk]), form).status_code == 404
    with acting(other.scope):
        with pytest.raises(PermissionDenied):
            colleagues.set_roles(own, theirs, {Role.DIRECTOR: None}, seen="", by=other)
        with pytest.raises(PermissionDenied):
            colleagues.leave(own, theirs, last_day=None, heir=None, by=other)
        assert not colleagues.colleagues(own), "and the database shows none of them"
    assert roles(own, theirs) == {Role.QUALITY_OFFICER}


@pytest.mark.django_db(transaction=True)
def test_two_directors_who_send_each_other_away_leave_one():
    own = f.provider()
    one, other = (f.actor(f.person(Role.DIRECTOR, own)) for _ in range(2))
    outcomes = race(
        (one, lambda: colleagues.leave(own, other.person, last_day=None, heir=None, by=one)),
        (other, lambda: colleagues.leave(own, one.person, last_day=None, heir=None, by=other)),
    )
    assert outcomes == ["lost", "won"]
    assert Membership.objects.on().filter(organisation=own, role=Role.DIRECTOR).count() == 1
