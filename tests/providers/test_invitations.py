"""Inviting a colleague, and the link that works once."""

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from providers import colleagues, invitations
from providers.errors import Refused
from providers.models import AuditEvent, Invitation, Mail, Membership, Organisation, Role, User
from tests import factories as f

pytestmark = pytest.mark.django_db
EMAIL = "noor@proef.example"
PASSWORD = "een-paar-losse-woorden"


@pytest.fixture
def own() -> Organisation:
    return f.provider("De Linde")


def invite(organisation: Organisation, **changes: Any) -> Invitation:
    given = {"name": "Noor de Wit", "email": EMAIL, "roles": [Role.QUALITY_OFFICER]} | changes
    return invitations.invite(organisation, **given, by=f.director(organisation))


def link() -> str:
    """The link in the newest mail."""
    found = re.search(r"https?://[^/]+(/uitnodiging/\S+)", Mail.objects.latest("created_at").text)
    assert found
    return found[1]


def take(client: Client, url: str, *, follow: bool = False, **changes: str) -> Any:
    filled = {"name": "Noor de Wit", "password": PASSWORD, "again": PASSWORD} | changes
    return client.post(url, filled, follow=follow)


def test_a_new_person_comes_in_by_the_link_once(client: Client, own: Organisation):
    invite(own)
    url = link()
    page = client.get(url).content.decode()
    assert "De Linde" in page and "kwaliteitsmedewerker" in page and f.director(own).person.name in page
    assert take(client, url)["Location"] == reverse("assessments:tasks")
    user = User.objects.get(email=EMAIL)
    assert user.check_password(PASSWORD)
    assert client.get(reverse("assessments:tasks")).context["actor"].organisation == own
    (membership,) = Membership.objects.filter(user=user)
    assert (membership.role, membership.valid_until) == (Role.QUALITY_OFFICER, None)
    again = Client()
    assert again.get(url).status_code == take(again, url).status_code == 404
    assert "al gebruikt" in again.get(url).content.decode()
    assert User.objects.filter(email=EMAIL).count() == 1


def test_the_secret_is_long_and_only_its_digest_is_kept(own: Organisation):
    row = invite(own)
    token = link().split("/")[2]
    assert len(token) >= 43  # 32 bytes
    assert token not in str(vars(Invitation.objects.get(pk=row.pk)))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"expires_at": timezone.now() - timedelta(seconds=1)}, "verlopen"),
        ({"withdrawn_at": timezone.now()}, "ingetrokken"),
    ],
)
def test_a_link_that_is_over_says_what_to_do(client: Client, own: Organisation, changes: Any, sentence: str):
    row = invite(own)
    Invitation.objects.filter(pk=row.pk).update(**changes)
    page = take(client, link())
    assert page.status_code == 404
    assert sentence in page.content.decode() and "Vraag een nieuwe" in page.content.decode()
    assert not User.objects.filter(email=EMAIL).exists()


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"password": "kort", "again": "kort"}, "password", "Neem ten minste 12 tekens"),
        ({"password": "1q2w3e4r5t6y", "again": "1q2w3e4r5t6y"}, "password", "te algemeen"),
        ({"password": EMAIL, "again": EMAIL}, "password", "lijkt te veel op"),
        ({"again": "iets-heel-anders"}, "again", "niet gelijk"),
        ({"name": ""}, "name", "Vul uw naam in"),
    ],
)
def test_a_weak_password_is_refused_in_dutch_and_the_link_still_works(
    client: Client, own: Organisation, changes: Any, field: str, sentence: str
):
    invite(own)
    answer = take(client, link(), **changes)
    assert answer.status_code == 200
    assert sentence in answer.context["form"].errors[field][0]
    assert take(client, link()).status_code == 302


def test_who_has_an_account_signs_in_first(client: Client, own: Organisation):
    user = f.person(Role.DIRECTOR, f.provider("Andere Zorg"), email=EMAIL)
    invite(own)
    url = link()
    assert f"?next={url}" in client.get(url).content.decode()
    take(client, url)
    assert not Membership.objects.filter(user=user, organisation=own).exists()
    assert not user.has_usable_password(), "a link may not give an account a password"
    client.force_login(user)
    assert client.post(url).status_code == 302
    assert Membership.objects.filter(user=user, organisation=own, role=Role.QUALITY_OFFICER).exists()
    assert client.get(reverse("assessments:tasks")).context["actor"].organisation == own
    event = AuditEvent.objects.get(action="invitation_accepted")
    assert (event.user, event.acting_for, event.about) == (user, own, own)


def test_another_person_cannot_take_it(client: Client, own: Organisation):
    stranger = f.person(Role.DIRECTOR, f.provider("Andere Zorg"))
    invite(own)
    client.force_login(stranger)
    assert "voor een ander e-mailadres" in client.get(link()).content.decode()
    assert client.post(link()).status_code == 403
    assert not Membership.objects.filter(user=stranger, organisation=own).exists()


def test_the_domain_itself_keeps_to_one_person_and_one_time(own: Organisation):
    """Also when two requests passed the page's own check at the same moment."""
    user, stranger = f.person(Role.DIRECTOR, f.provider(), email=EMAIL), f.person(Role.DIRECTOR, f.provider())
    invite(own)
    token = link().split("/")[2]
    with pytest.raises(PermissionDenied):
        invitations.accept(token, user=stranger)
    invitations.accept(token, user=user)
    with pytest.raises(Refused, match="intussen gebruikt"):
        invitations.accept(token, user=user)
    assert Membership.objects.filter(organisation=own, user=user).count() == 1


def test_roles_of_another_kind_cannot_be_offered(client: Client, own: Organisation):
    for role in (Role.INSPECTOR, Role.PORTAL_ADMIN):
        with pytest.raises(PermissionDenied):
            invite(own, roles=[role])
    client.force_login(f.director(own).person)
    form = {"name": "Noor", "email": EMAIL, "roles": ["inspector"]}
    assert client.post(reverse("invite", args=[own.pk]), form).status_code == 200
    assert not Invitation.objects.exists()


def test_one_open_invitation_for_an_address(own: Organisation):
    first = invite(own)
    with pytest.raises(Refused, match="staat al een uitnodiging open"):
        invite(own, email=EMAIL.upper())
    Invitation.objects.update(expires_at=timezone.now())
    assert invite(own) != first
    assert Invitation.objects.open().count() == 1
    assert invite(f.provider("Andere Zorg")), "another organisation invites for itself"


def test_who_works_here_already_is_not_invited(own: Organisation):
    member = f.person(Role.COUNCIL_MEMBER, own)
    with pytest.raises(Refused, match="werkt al voor"):
        invite(own, email=member.email)


def test_sending_again_makes_the_old_link_worthless(client: Client, own: Organisation):
    row = invite(own)
    old = link()
    url = reverse("invitation_again", args=[own.pk, row.pk])
    client.force_login(f.director(own).person)
    assert "net verstuurd" in client.post(url, follow=True).content.decode()
    Invitation.objects.update(invited_at=timezone.now() - invitations.PAUSE)
    client.post(url)
    assert link() != old
    client.logout()
    assert (client.get(old).status_code, client.get(link()).status_code) == (404, 200)
    client.force_login(f.director(own).person)
    client.post(reverse("invitation_withdraw", args=[own.pk, row.pk]))
    client.logout()
    assert client.get(link()).status_code == 404


def test_invitations_of_others_cannot_be_touched(client: Client, own: Organisation):
    row = invite(own)
    other = f.director(f.provider("Andere Zorg"))
    client.force_login(other.person)
    for name in ("invitation_again", "invitation_withdraw"):
        for organisation in (own, other.own):
            url = reverse(name, args=[organisation.pk, row.pk])
            assert client.post(url).status_code == 404
    with pytest.raises(PermissionDenied):
        invitations.withdraw(row.pk, by=other)
    row.refresh_from_db()
    assert row.is_open


def test_an_organisation_does_not_send_mails_without_end(own: Organisation):
    for number in range(invitations.PER_DAY):
        invite(own, email=f"nummer{number}@proef.example")
    with pytest.raises(Refused, match="per dag"):
        invite(own)


def test_who_may_no_longer_invite_cannot_let_anybody_in(client: Client, own: Organisation):
    """Else who is let go comes back by a link to another address of hers."""
    boss, leaver = f.director(own), f.actor(f.person(Role.DIRECTOR, own), own)
    invitations.invite(own, name="Ik", email=EMAIL, roles=[Role.DIRECTOR], by=leaver)
    colleagues.leave(own, leaver.person, last_day=None, heir=None, by=boss)
    url = link()
    page = take(client, url, follow=True)
    assert "gaat er niet meer over" in page.content.decode()
    assert not User.objects.filter(email=EMAIL).exists()
    Invitation.objects.update(invited_at=timezone.now() - invitations.PAUSE)
    invitations.send_again(Invitation.objects.get().pk, by=boss)
    assert take(client, link())["Location"] == reverse("assessments:tasks")


def test_coming_in_by_invitation_is_signing_in_like_any_other(client: Client, own: Organisation):
    """The session stands in the list, so that it can be ended from elsewhere; and the log says so."""
    invite(own)
    take(client, link())
    user = User.objects.get(email=EMAIL)
    assert UserSession.objects.filter(user=user, session_key=client.session.session_key).exists()
    assert AuditEvent.objects.filter(action="sign_in", user=user, acting_for=own).exists()
    # Her password was typed just now, so it is not asked again before the second factor is set up.
    assert client.get(reverse("mfa_activate_totp")).status_code == 200
