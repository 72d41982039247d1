"""The way back for who lost every second factor."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from providers.accounts import recovery
from providers.models import AuditEvent, Mail, Role
from tests import factories as f
from tests.accounts.test_second_factor import set_up
from tests.accounts.test_sign_in import member, sign_in, text_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_administrator_takes_a_lost_factor_away(client: Client, settings) -> None:
    settings.SECOND_FACTOR = "compulsory"
    user = member(Role.DIRECTOR)
    own = user.memberships.get().organisation
    sign_in(client, user.email)
    set_up(client)
    assert client.get("/taken/").status_code == 200

    admin = Client()
    sign_in(admin, member(Role.PORTAL_ADMIN).email)
    set_up(admin)
    url = reverse("colleague_factor", args=[own.pk, user.pk])
    assert url in text_of(admin.get(reverse("colleague", args=[own.pk, user.pk])))
    assert "Kies hoe u weet wie dit vraagt" in text_of(admin.post(url, {"known_by": ""}))
    assert Authenticator.objects.filter(user=user).exists(), "nothing goes without saying who asked"

    assert admin.post(url, {"known_by": "vouched"}).status_code == 302
    assert not Authenticator.objects.filter(user=user).exists(), "the recovery codes went too"
    assert client.get("/taken/")["Location"].startswith("/inloggen/"), "signed out everywhere"
    assert AuditEvent.objects.get(action="factor_taken_vouched").object_id == str(user.pk)
    assert "haalde uw tweede stap weg" in Mail.objects.filter(to=user.email).latest("created_at").text
    assert "heeft geen tweede stap" in text_of(admin.post(url, {"known_by": "shown"}))

    sign_in(client, user.email)
    assert client.get("/taken/")["Location"].startswith(reverse("mfa_index")), "a new one comes first"


def test_nobody_else_does_and_nobody_for_herself() -> None:
    own = f.provider("De Linde")
    board, officer = f.director(own), f.quality_officer(own)
    admin = f.acting(Role.PORTAL_ADMIN, f.portal())
    for by, user in ((board, officer.person), (board, board.person), (admin, admin.person)):
        with pytest.raises(PermissionDenied):
            recovery.take_factor(user, own, known_by="shown", by=by)
