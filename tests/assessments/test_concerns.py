"""What others tell about a provider: read by the inspectorate and by who told it, never by the provider."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import ProgrammingError, transaction
from django.utils import timezone

from assessments import concerns
from assessments.errors import WrongState
from assessments.models import Concern, ConcernOutcome, RiskSignal, SavedView, Standing
from providers.models import AuditEvent
from tests import factories as f
from tests.assessments.visit_pages import fields, page, signed_in, url
from wlzthuis.isolation import acting

pytestmark = pytest.mark.django_db
SAID = "In de nacht kwam er niemand."


def posted(**changed: Any) -> dict[str, Any]:
    return {
        "key": str(uuid.uuid4()),
        "received_on": str(timezone.localdate()),
        "source": "client",
        "subject": "Geen zorg in de nacht",
        "text": SAID,
    } | changed


def test_an_inspector_writes_down_and_closes() -> None:
    provider, inspector = f.provider("De Linde"), f.inspector()
    client = signed_in(inspector)
    data = posted()
    for _ in range(2):  # sent twice is kept once
        response = client.post(url("concern_new", provider.pk), data, follow=True)
    kept = Concern.objects.get()
    assert (kept.organisation, kept.shared_by, kept.created_by) == (provider, None, inspector.user)
    assert response.redirect_chain[-1][0] == url("provider", provider.pk)
    assert "Geen zorg in de nacht" in page(client, url("provider", provider.pk))
    assert "Geen zorg in de nacht" in page(client, url("concerns"))
    empty = client.post(kept.get_absolute_url(), {"reason": ""})
    assert "Schrijf wat u ermee heeft gedaan" in empty.content.decode()
    client.post(kept.get_absolute_url(), {"reason": "Besproken met de bestuurder."})
    assert ConcernOutcome.objects.get().by == inspector.user
    assert "Geen zorg in de nacht" not in page(client, url("concerns"))
    assert "Geen zorg in de nacht" in page(client, f"{url('concerns')}?status=alle")
    # A colleague who was later loses nothing that was typed.
    late = client.post(kept.get_absolute_url(), {"reason": "Ik belde ook."}).content.decode()
    assert "Besproken met de bestuurder." in late
    assert "Ik belde ook." in late
    with pytest.raises(WrongState):
        concerns.close(kept.pk, "Nog iets anders.", by=inspector)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("text", "Het gaat om BSN 111222333.", "lijkt een BSN"),
        ("subject", "BSN 111222333", "lijkt een BSN"),
        ("received_on", "2999-01-01", "tot en met vandaag"),
        ("received_on", "", "Vul in wanneer"),
        ("source", "buurman", "Kies uit de lijst"),
        ("subject", "", "Vul in waar het over gaat"),
        ("text", " ", "Schrijf op wat er is gezegd"),
    ],
)
def test_what_cannot_be_kept_stays_in_the_form(field: str, value: str, words: str) -> None:
    client = signed_in(f.inspector())
    html = client.post(url("concern_new", f.provider().pk), posted(**{field: value})).content.decode()
    assert words in html
    sent = fields(html)
    if field != "text":
        assert sent["text"] == [SAID]
    assert not Concern.objects.exists()


def test_a_care_office_shares_about_its_own_region() -> None:
    region = f.region()
    here, elsewhere = f.provider("Hier", regions=[region]), f.provider("Elders")
    office = f.acting("care_office_officer", f.care_office([region]))
    client = signed_in(office)
    form = page(client, url("concern_share"))
    assert "Hier" in form
    assert "Elders" not in form
    refused = client.post(url("concern_share"), posted(organisation=elsewhere.pk)).content.decode()
    assert "Kies een zorgaanbieder uit de lijst." in refused
    assert client.get(url("concern_new", elsewhere.pk)).status_code == 404
    with pytest.raises(PermissionDenied):
        concerns.keep(Concern(organisation=elsewhere, received_on=timezone.localdate()), by=office)
    client.post(url("concern_share"), posted(organisation=here.pk))
    kept = Concern.objects.get()
    assert kept.shared_by == office.organisation
    concerns.close(kept.pk, "Alleen voor de inspectie.", by=f.inspector())
    for address in (url("concerns"), kept.get_absolute_url()):
        html = page(client, address)
        assert "Ontvangen" in html
        assert "Alleen voor de inspectie." not in html
        assert "Afgehandeld" not in html
    assert client.post(kept.get_absolute_url(), {"reason": "Weg ermee."}).status_code == 403
    # What the inspectorate knows itself, and what another office told, is nothing of this office.
    others = [f.concern(here, subject="Van de inspectie zelf")]
    far = f.acting("care_office_officer", f.care_office([region], name="Zorgkantoor Later"))
    others.append(f.concern(here, subject="Van een ander", by=far))
    assert not any(str(row) in page(client, url("concerns")) for row in others)
    assert all(client.get(row.get_absolute_url()).status_code == 404 for row in others)


def test_the_database_keeps_them_apart() -> None:
    region = f.region()
    provider, elsewhere = f.provider(regions=[region]), f.provider()
    office = f.acting("care_office_officer", f.care_office([region]))
    shared, own = f.concern(provider, by=office), f.concern(provider)
    concerns.close(shared.pk, "Gezien.", by=f.inspector())
    RiskSignal.objects.create(organisation=provider, code="concern")
    Standing.objects.create(organisation=provider)
    reader = f.person("inspector", f.inspectorate())
    SavedView.objects.create(user=reader, name="x", query="")
    tables = (Concern, ConcernOutcome, RiskSignal, Standing, SavedView)
    seen = {
        "director": (f.director(provider), (0, 0, 0, 0, 0)),
        "office": (office, (1, 0, 0, 0, 0)),
        "inspector": (f.inspector(), (2, 1, 1, 1, 0)),
        "reader": (f.actor(reader), (2, 1, 1, 1, 1)),
        "admin": (f.acting("portal_admin", f.portal()), (0, 0, 0, 0, 0)),
    }
    for who, (actor, numbers) in seen.items():
        with acting(actor.scope):
            assert tuple(model._default_manager.count() for model in tables) == numbers, who
    told = {"received_on": f.LONG_AGO, "source": "other", "subject": "x", "text": "x"}
    for actor, row in (
        (f.director(provider), Concern(organisation=provider, shared_by=None, **told)),
        (office, Concern(organisation=elsewhere, shared_by=office.organisation, **told)),
        (office, Concern(organisation=provider, shared_by=None, **told)),
        (f.inspector(), Concern(organisation=provider, shared_by=office.organisation, **told)),
        (f.inspector(), RiskSignal(organisation=provider, code="growth")),
        (office, ConcernOutcome(concern=own, reason="x", by=office.person)),
    ):
        if isinstance(row, Concern):
            row.created_by = actor.person
        with (
            pytest.raises(ProgrammingError, match="row-level security"),
            transaction.atomic(),
            acting(actor.scope),
        ):
            row.save(force_insert=True)
    for actor in (f.inspector(), office):
        with acting(actor.scope):
            # What was told stands.
            assert Concern.objects.update(text="Iets anders.") == 0
            assert ConcernOutcome.objects.update(reason="Iets anders.") == 0


def test_the_log_tells_the_provider_nothing() -> None:
    provider = f.provider(regions=[f.region()])
    office = f.acting("care_office_officer", f.care_office([f.region()]))
    shared = f.concern(provider, by=office)
    signed_in(f.inspector()).get(shared.get_absolute_url())
    concerns.close(f.concern(provider).pk, "Gezien.", by=f.inspector())
    lines = AuditEvent.objects.filter(action__startswith="concern_")
    assert sorted(lines.values_list("action", flat=True)) == [
        "concern_closed",
        "concern_opened",
        "concern_recorded",
        "concern_shared",
    ]
    assert not lines.exclude(about=None).exists()


def test_open_signals_wait_with_the_coordinators() -> None:
    provider = f.provider(regions=[f.region()])
    office = f.acting("care_office_officer", f.care_office([f.region()]))
    shared = f.concern(provider, by=office, received_on=timezone.localdate() - timedelta(days=2))
    f.concern(provider)
    tasks = page(signed_in(f.coordinator()), url("tasks"))
    assert "1 signaal van een zorgkantoor" in tasks
    concerns.close(shared.pk, "Gezien.", by=f.inspector())
    assert "van een zorgkantoor" not in page(signed_in(f.coordinator()), url("tasks"))
