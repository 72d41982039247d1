"""Applying for a place in the portal, and being admitted or refused."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from providers import admission, invitations
from providers.errors import Refused
from providers.models import (
    Application,
    AuditEvent,
    Invitation,
    Mail,
    Organisation,
    ProviderRegion,
    Role,
)
from tests import factories as f
from tests.providers.racing import race
from wlzthuis.isolation import acting

pytestmark = pytest.mark.django_db
Status = Application.Status


def filled_in(**changes: Any) -> dict[str, Any]:
    return {
        "name": "Zorg aan Huis",
        "kvk": "01234567",
        "establishment": "000012345678",
        "agb": "07123456",
        "place": "Delft",
        "regions": [f.region().pk],
        "contact_name": "Noor de Wit",
        "contact_email": "Noor@Proef.example",
        "contact_roles": ["director", "quality_officer"],
    } | changes


def admin() -> Any:
    return f.acting(Role.PORTAL_ADMIN, f.portal())


def send(client: Client, **changes: Any) -> Any:
    return client.post(reverse("apply"), filled_in(**changes))


def test_anybody_applies_and_hears_so(client: Client):
    assert send(client)["Location"] == reverse("application_sent")
    row = Application.objects.get()
    assert (row.kvk, row.contact_email, row.status) == ("01234567", "noor@proef.example", Status.RECEIVED)
    assert list(row.regions.all()) == [f.region()]
    assert Mail.objects.get().to == "noor@proef.example"
    assert AuditEvent.objects.get().action == "application_received"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("kvk", "1234567", "Vul een KvK-nummer van 8 cijfers in."),
        ("kvk", "١٢٣٤٥٦٧٨", "Vul een KvK-nummer van 8 cijfers in."),
        ("establishment", "0123", "Vul een vestigingsnummer van 12 cijfers in."),
        ("agb", "", "Vul de AGB-code in."),
        ("regions", [], "Kies ten minste één regio."),
        ("regions", ["x"], "Kies een regio uit de lijst."),
        ("contact_roles", ["inspector"], "Kies een rol uit de lijst."),
        ("contact_email", "noor", "Vul een e-mailadres in"),
        ("name", "\x00", "null"),
    ],
)
def test_a_mistake_is_told_beside_its_field_and_nothing_is_kept(
    client: Client, field: str, value: Any, sentence: str
):
    answer = send(client, **{field: value})
    assert answer.status_code == 200
    assert sentence.lower() in " ".join(answer.context["form"].errors[field]).lower()
    assert not Application.objects.exists() and not Mail.objects.exists()


def test_numbers_may_be_typed_as_they_are_printed_and_a_long_one_gets_one_sentence(client: Client):
    page = send(client, kvk="0123 45678")
    assert page.context["form"].errors == {
        "kvk": ["Vul een KvK-nummer van 8 cijfers in. Nullen vooraan horen erbij."]
    }
    send(client, kvk="0123 4567", establishment=" 0000.1234.5678 ", agb="07 123456")
    row = Application.objects.get()
    assert (row.kvk, row.establishment, row.agb) == ("01234567", "000012345678", "07123456")


def test_who_applied_reads_that_she_is_admitted_and_a_colleague_that_she_is_invited(client: Client):
    send(client)
    organisation = admission.admit(Application.objects.get().pk, by=admin()).organisation
    assert organisation
    mail = Mail.objects.get(kind="application_admitted")
    assert "heeft uw organisatie toegelaten" in mail.text and "/uitnodiging/" in mail.html
    invite = {"name": "Bo", "email": "bo@proef.example", "roles": [Role.QUALITY_OFFICER], "by": admin()}
    invitations.invite(organisation, **invite)
    assert "nodigt u uit" in Mail.objects.get(kind="invitation").text


def test_who_stands_already_is_sent_to_the_own_board_without_a_name(client: Client):
    own = f.provider("De Linde", kvk="01234567", agb="07123456")
    board = f.person(Role.DIRECTOR, own, name="Ruud van Dalen")
    page = send(client).content.decode()
    assert "staat al in Thuispeil" in page and "Vraag uw eigen bestuurder" in page
    assert board.name not in page and board.email not in page


def test_a_second_application_hears_that_the_first_waits(client: Client):
    send(client)
    assert "al aangemeld" in send(client, contact_email="ander@proef.example").content.decode()
    assert Application.objects.count() == 1


def test_the_database_stops_a_second_application_that_came_at_the_same_moment():
    first = f.application()
    again = Application(kvk=first.kvk, agb=first.agb, name="x", contact_roles=["director"])
    with pytest.raises(Refused, match="al aangemeld"):
        admission.apply(again, [])


def test_one_address_cannot_send_very_many(client: Client):
    for number in range(admission.PER_HOUR):
        assert send(client, kvk=f"0000000{number}").status_code == 302
    page = send(client, kvk="00000009").content.decode()
    assert "Probeer het over een uur opnieuw" in page and 'value="00000009"' in page
    assert Application.objects.count() == admission.PER_HOUR


def test_admitting_makes_the_organisation_and_invites(client: Client):
    row = f.application()
    by = admin()
    with acting(by.scope):  # the database lets the administrator do all of it
        admission.admit(row.pk, by=by)
    made = Organisation.objects.get(kvk=row.kvk)
    assert made.locations.get().establishment == row.establishment
    assert ProviderRegion.objects.on().get(provider=made).region == f.region()
    invitation = Invitation.objects.get(organisation=made)
    assert (invitation.email, invitation.roles) == (row.contact_email, ["director"])
    row.refresh_from_db()
    assert (row.status, row.organisation, row.handled_by) == (Status.ADMITTED, made, by.user)
    assert set(AuditEvent.objects.values_list("action", flat=True)) == {"application_admitted", "invited"}
    with pytest.raises(Refused):
        admission.refuse(row.pk, "Te laat.", by=by)


def test_refusing_mails_the_reason(client: Client):
    row = f.application()
    client.force_login(admin().person)
    page = client.post(reverse("application", args=[row.pk]), {"reason": "Het KvK-nummer klopt niet."})
    assert page.status_code == 302
    mail = Mail.objects.get()
    assert (mail.to, mail.kind) == (row.contact_email, "application_refused")
    assert "Het KvK-nummer klopt niet." in mail.text and reverse("apply") in mail.text
    row.refresh_from_db()
    assert row.status == Status.REFUSED and not Organisation.objects.filter(kvk=row.kvk).exists()


def test_an_organisation_that_came_in_between_is_told(client: Client):
    row = f.application()
    f.provider(kvk=row.kvk, agb=row.agb)
    client.force_login(admin().person)
    page = client.post(reverse("application_admit", args=[row.pk]), follow=True).content.decode()
    assert "Er staat al een organisatie met dit KvK-nummer" in page
    row.refresh_from_db()
    assert row.status == Status.RECEIVED


def test_the_administrator_sees_who_may_be_the_same():
    row = f.application(name="De Linde")
    same_name, same_number = f.provider("de linde"), f.provider(kvk=row.kvk)
    f.provider("Iets anders")
    assert set(admission.look_alikes(row)) == {same_name, same_number}


def test_only_the_administrator_decides():
    row = f.application()
    with pytest.raises(PermissionDenied):
        admission.admit(row.pk, by=f.director(f.provider()))


@pytest.mark.django_db(transaction=True)
def test_of_two_administrators_one_wins():
    row = f.application()
    one, other = (f.actor(f.person(Role.PORTAL_ADMIN, f.portal())) for _ in range(2))
    outcomes = race(
        (one, lambda: admission.admit(row.pk, by=one)),
        (other, lambda: admission.refuse(row.pk, "Nee.", by=other)),
    )
    assert outcomes == ["lost", "won"]
    row.refresh_from_db()
    assert (row.status == Status.ADMITTED) == Organisation.objects.filter(kvk=row.kvk).exists()
    assert Mail.objects.count() == 1
