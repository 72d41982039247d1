"""Who acts, for whom, in which roles: what every permission asks."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from providers.actor import ANONYMOUS, SESSION_KEY, SYSTEM, Actor, actor_for
from providers.middleware import ActorMiddleware
from providers.models import ROLES_OF_KIND, Membership, Organisation, Role, User
from providers.permissions import can_edit_organisation
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_roles_come_from_the_memberships_of_one_organisation():
    home, other = make.provider("A Thuiszorg"), make.provider("B Thuiszorg")
    user = make.person(Role.QUALITY_OFFICER, home)
    make.add_role(user, Role.DIRECTOR, home)
    make.add_role(user, Role.COUNCIL_MEMBER, other)
    actor = actor_for(user)
    assert (actor.organisation, actor.roles) == (home, {"quality_officer", "director"})
    assert actor.choices == (home, other)
    assert actor.role_names == "Kwaliteitsmedewerker, Bestuurder"
    switched = actor_for(user, other.pk)
    assert (switched.organisation, switched.roles) == (other, {"council_member"})


def test_an_organisation_that_is_not_hers_is_not_chosen():
    home, foreign = make.provider(), make.provider()
    user = make.person(Role.DIRECTOR, home)
    assert actor_for(user, foreign.pk).organisation == home


@pytest.mark.parametrize(("starts", "ends"), [(1, None), (-9, -1)])
def test_a_membership_holds_only_in_its_period(starts, ends):
    today = timezone.localdate()
    user = make.person(Role.DIRECTOR, make.provider())
    user.memberships.update(
        valid_from=today + timedelta(days=starts), valid_until=ends and today + timedelta(days=ends)
    )
    actor = actor_for(user)
    assert (actor.organisation, actor.roles, actor.kind) == (None, frozenset(), "")


def test_the_last_day_counts():
    user = make.person(Role.DIRECTOR, make.provider())
    user.memberships.update(valid_until=timezone.localdate())
    assert actor_for(user).has(Role.DIRECTOR)


@pytest.mark.parametrize("kind", Organisation.Kind.values)
@pytest.mark.parametrize("role", Role.values)
def test_a_role_that_does_not_fit_the_organisation_gives_nothing(kind, role):
    organisation = Organisation.objects.create(kind=kind, name="Organisatie")
    actor = actor_for(make.person(role, organisation))
    assert actor.has(role) is (role in ROLES_OF_KIND[kind])


def test_every_role_fits_one_kind_of_organisation():
    fits = [role for roles in ROLES_OF_KIND.values() for role in roles]
    assert sorted(fits) == sorted(Role.values)


def test_nobody_and_the_clock_hold_no_role_of_people():
    for actor in (ANONYMOUS, SYSTEM):
        assert not actor.has(*Role.values)
        assert actor.kind == ""
        assert actor.is_anonymous
        with pytest.raises(PermissionDenied):
            _ = actor.person


def test_the_actor_takes_one_query(django_assert_num_queries):
    user = make.person(Role.DIRECTOR, make.provider())
    make.add_role(user, Role.DIRECTOR, make.provider())
    with django_assert_num_queries(1):
        assert actor_for(user).choices


def test_a_request_gets_its_actor_in_one_statement(django_assert_num_queries):
    home, other = make.provider("A"), make.provider("B")
    user = make.person(Role.DIRECTOR, home)
    make.add_role(user, Role.DIRECTOR, other)
    request: Any = RequestFactory().get("/")
    request.user, request.session = user, {SESSION_KEY: other.pk}
    with django_assert_num_queries(1):
        ActorMiddleware(lambda request: HttpResponse())(request)
    assert request.actor.organisation == other


def test_a_request_runs_in_the_scope_of_its_actor():
    user = make.person(Role.DIRECTOR, make.provider())
    request: Any = RequestFactory().get("/")
    request.user, request.session = user, {}
    seen = []

    def view(request):
        with connection.cursor() as cursor:
            cursor.execute("SELECT acting_kind(), acting_organisation(), acting_user()")
            seen.append(cursor.fetchone())
        return HttpResponse()

    ActorMiddleware(view)(request)
    assert seen == [("provider", user.memberships.get().organisation_id, user.pk)]


def test_who_has_no_session_costs_no_statement(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/health/live").status_code == 200


def test_who_may_change_an_organisation():
    home = make.provider()
    may = {
        "officer": make.quality_officer(home),
        "director": make.director(home),
        "portal": make.acting(Role.PORTAL_ADMIN, make.portal()),
    }
    may_not = {
        "council": make.acting(Role.COUNCIL_MEMBER, home),
        "other": make.director(make.provider()),
        "inspector": make.inspector(),
        "care office": make.acting(Role.CARE_OFFICE_OFFICER, make.care_office()),
        "nobody": ANONYMOUS,
        "without organisation": Actor(user=User()),
    }
    assert {name for name, by in {**may, **may_not}.items() if can_edit_organisation(by, home)} == set(may)


def test_an_address_is_one_account_whatever_its_capitals():
    user = User.objects.create_user("Jan@Voorbeeld.Example", "Jan", "een lang wachtwoord")
    assert user.email == "jan@voorbeeld.example"
    assert User.objects.get_by_natural_key("JAN@voorbeeld.example") == user
    assert user.check_password("een lang wachtwoord")
    with pytest.raises(IntegrityError, match="user_email_lower"), transaction.atomic():
        User.objects.filter(pk=user.pk).update(email="Jan@voorbeeld.example")


def test_a_role_is_held_once_at_a_time_and_periods_are_in_order():
    home = make.provider()
    user = make.person(Role.DIRECTOR, home)
    with pytest.raises(IntegrityError, match="membership_once"), transaction.atomic():
        make.add_role(user, Role.DIRECTOR, home)
    with pytest.raises(IntegrityError, match="period"), transaction.atomic():
        user.memberships.update(valid_until=date(2000, 1, 1))
    user.memberships.update(valid_until=date(2025, 1, 1))
    make.add_role(user, Role.DIRECTOR, home)
    assert Membership.objects.filter(user=user).count() == 2


@pytest.mark.parametrize(
    ("name", "initials"),
    [("Saskia Bakker", "SB"), ("Ruud van Dalen", "RD"), ("Cher", "C"), ("", "?"), ("émile zola", "ÉZ")],
)
def test_initials(name, initials):
    assert User(name=name).initials == initials
