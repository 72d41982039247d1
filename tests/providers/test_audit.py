"""The log: it only grows, its chain shows every change, and each reader sees what is hers to see."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.urls import reverse

from assessments.improvement import IMPROVEMENT
from assessments.measures import MEASURE
from assessments.models import TermExtension
from assessments.planning import PLANNING
from assessments.public_account import PUBLIC_ACCOUNT
from assessments.workflow import REVISION, VISIT
from providers import audit, audit_chain
from providers.models import AuditEvent, AuditSeal, Role
from tests import factories as f
from wlzthuis.isolation import SYSTEM, acting
from wlzthuis.origin import Origin, coming_from

pytestmark = pytest.mark.django_db
ACTION = "page_refused"


def sign_in(actor: Any) -> Client:
    client = Client()
    client.force_login(actor.user)
    return client


def seal() -> None:
    """What a commit does."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def execute(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture
def three_lines() -> list[AuditEvent]:
    director = f.director(f.provider())
    for _ in range(3):
        audit.record(ACTION, by=director, about=director.organisation_id)
    seal()
    return list(AuditEvent.objects.order_by("seal__number"))


@pytest.mark.parametrize("model", [AuditEvent, AuditSeal])
@pytest.mark.parametrize("statement", ["UPDATE {} SET {key} = {key}", "DELETE FROM {}"])
def test_even_the_system_changes_nothing(three_lines: Any, model: Any, statement: str) -> None:
    sql = statement.format(model._meta.db_table, key=model._meta.pk.column)
    with pytest.raises(ProgrammingError, match="permission denied"):
        execute(sql)


def test_the_trigger_holds_when_the_right_is_given_back(three_lines: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("GRANT UPDATE, DELETE ON providers_auditevent TO CURRENT_USER")
    for change in ("UPDATE providers_auditevent SET action = 'x'", "DELETE FROM providers_auditevent"):
        with pytest.raises(ProgrammingError, match="append-only"):
            execute(change)


def test_nobody_but_the_trigger_writes_a_seal(three_lines: list[AuditEvent]) -> None:
    forged = AuditSeal(number=9, event=three_lines[0], previous="", sha256="")
    scope = f.director(f.provider()).scope
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic(), acting(scope):
        AuditSeal.objects.bulk_create([forged])


def test_a_whole_chain(three_lines: Any, capsys: Any) -> None:
    chain = audit_chain.check()
    assert (chain.length, chain.broken_at, chain.unsealed) == (3, None, 0)
    call_command("verify_audit")
    assert chain.head in capsys.readouterr().out


DAMAGE = {
    "a word changed": "UPDATE providers_auditevent SET action = 'x' WHERE id = %(event)s",
    "a moment moved": "UPDATE providers_auditevent SET at = at + interval '1 us' WHERE id = %(event)s",
    "an address wiped": "UPDATE providers_auditevent SET address = '10.9.9.9' WHERE id = %(event)s",
    "a line gone": "DELETE FROM providers_auditevent WHERE id = %(event)s",
    "a link gone": "DELETE FROM providers_auditseal WHERE event_id = %(event)s",
    "a seal changed": "UPDATE providers_auditseal SET sha256 = repeat('0', 64) WHERE event_id = %(event)s",
}


@pytest.mark.parametrize("statement", DAMAGE.values(), ids=DAMAGE.keys())
def test_every_damage_is_seen(three_lines: list[AuditEvent], statement: str) -> None:
    with connection.cursor() as cursor:
        for table in ("providers_auditevent", "providers_auditseal"):
            cursor.execute(f"GRANT UPDATE, DELETE ON {table} TO CURRENT_USER")
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER append_only")
            cursor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        cursor.execute(statement, {"event": three_lines[1].pk})
        assert cursor.rowcount == 1
    assert not audit_chain.check().is_whole
    with pytest.raises(CommandError):
        call_command("verify_audit")


def test_a_line_says_who_for_whom_and_from_where() -> None:
    director = f.director(f.provider())
    with coming_from(Origin("abc", "192.0.2.7")):
        audit.record(ACTION, by=director, about=director.organisation_id)
    event = AuditEvent.objects.get()
    assert (event.user, event.acting_for, event.roles) == (director.user, director.organisation, "director")
    assert (event.address, event.request_id) == ("192.0.2.7", "abc")


def test_an_action_without_a_name_is_refused() -> None:
    with pytest.raises(KeyError):
        audit.record("nonsense", by=f.director(f.provider()))


def test_a_refused_page_is_logged_although_its_request_is_rolled_back() -> None:
    officer = f.quality_officer(f.provider())
    client = sign_in(officer)
    assert client.get(reverse("audit_log")).status_code == 403
    assert client.get(reverse("assessments:revision", args=[999])).status_code == 404
    events = AuditEvent.objects.filter(outcome="refused").order_by("at")
    assert [(event.object_kind, event.user) for event in events] == [
        ("audit_log", officer.user),
        ("assessments:revision", officer.user),
    ]


def test_the_client_chooses_neither_its_address_nor_a_strange_name(settings: Any) -> None:
    settings.TRUSTED_PROXY_COUNT = 1
    client = sign_in(f.quality_officer(f.provider()))
    client.get(
        reverse("audit_log"),
        headers={"X-Forwarded-For": "10.6.6.6, 192.0.2.7", "X-Request-ID": "x\ny: z"},
    )
    event = AuditEvent.objects.get()
    assert event.address == "192.0.2.7"
    assert re.fullmatch("[0-9a-f]{32}", event.request_id)


def test_steps_and_openings_are_logged() -> None:
    own = f.provider()
    revision = f.submitted_revision(own)
    inspector = f.inspector()
    sign_in(inspector).get(reverse("assessments:revision", args=[revision.pk]))
    seen = AuditEvent.objects.get(action="revision_opened")
    assert (seen.user, seen.about, seen.outcome, seen.object_id) == (
        inspector.user,
        own,
        "seen",
        str(revision.pk),
    )
    done = AuditEvent.objects.filter(about=own, outcome="done").values_list("action", flat=True)
    assert {"revision_offer", "revision_submit"} <= set(done)


def test_a_provider_reads_nothing_of_a_visit_before_it_may_know() -> None:
    own = f.provider("De Linde")
    visit = f.drafting_visit(own, announced=False)
    page = sign_in(f.director(own)).get(reverse("audit_log")).content.decode()
    assert AuditEvent.objects.filter(object_id=str(visit.pk), object_kind="visit").count() >= 2
    assert "bezoek" not in page.lower().partition('id="regels"')[2].partition("</section>")[0]
    f.step(visit, "send_concept", f.lead(visit))
    page = sign_in(f.director(own)).get(reverse("audit_log")).content.decode()
    assert "conceptrapport versturen" in page


def test_readers_see_their_own_part() -> None:
    own, other = f.director(f.provider("De Linde")), f.director(f.provider("Andere Zorg"))
    inspector = f.acting(Role.COORDINATING_INSPECTOR, f.inspectorate())
    audit.record(ACTION, by=other, about=other.organisation_id)
    audit.record(ACTION, by=inspector, about=own.organisation_id)
    page = sign_in(own).get(reverse("audit_log")).content.decode()
    assert "Medewerker van Inspectie Gezondheidszorg en Jeugd" in page
    assert inspector.person.name not in page and other.person.name not in page
    admin = sign_in(f.acting(Role.PORTAL_ADMIN, f.portal()))
    everything = admin.get(reverse("audit_log")).content.decode()
    assert inspector.person.name in everything and other.person.name in everything
    export = admin.get(reverse("audit_export")).content.decode()
    assert str(AuditEvent.objects.first()) not in export
    assert len(export.strip().splitlines()) == AuditEvent.objects.count() + 1


def test_filters_and_pages(django_assert_num_queries: Any) -> None:
    director = f.director(f.provider())
    client = sign_in(director)
    for number in range(70):
        outcome = audit.SEEN if number % 2 else audit.DONE
        audit.record(ACTION, by=director, about=director.organisation_id, outcome=outcome)
    url = reverse("audit_log")
    client.get(url)  # the first request of a session notes when it was last used
    # Session, person with roles, the savepoint of the request (two), the lines.
    with django_assert_num_queries(5):
        first = client.get(url + "?outcome=seen&by=own&since=2020-01-01").context
    assert {line.event.outcome for line in first["lines"]} == {"seen"} and len(first["lines"]) == 35
    assert len(client.get(url + "?by=others").context["lines"]) == 0
    page = client.get(url).context["page"]
    rest = client.get(url + page.next_url).context["lines"]
    assert len(page) == 50 and len(rest) == 20
    assert client.get(url + "?since=x&action=nonsense&until=%00").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_lines_of_two_at_once_are_chained_without_waiting_for_each_other() -> None:
    """Somebody who logs and then dawdles holds up nobody: the chain is made at the commit."""
    import threading

    logged, committed = threading.Event(), threading.Event()
    director = f.director(f.provider())

    def dawdle() -> None:
        try:
            with acting(SYSTEM), transaction.atomic():
                audit.record(ACTION, by=director)
                logged.set()
                assert committed.wait(20)
        finally:
            connection.close()

    thread = threading.Thread(target=dawdle)
    thread.start()
    assert logged.wait(20)
    with transaction.atomic():
        audit.record(ACTION, by=director, about=director.organisation_id)
    committed.set()
    thread.join(20)
    assert [seal.event.about_id for seal in AuditSeal.objects.order_by("number")] == [
        director.organisation_id,
        None,
    ]
    assert audit_chain.check().is_whole


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("192.0.2.7:4711", "192.0.2.7"),
        ("2001:DB8::7", "2001:db8::7"),
        ("[2001:db8::7]:4711", "2001:db8::7"),
        ("fe80::1%eth0", "fe80::1"),
        ("unknown", "127.0.0.1"),
        ("[", "127.0.0.1"),
    ],
)
def test_whatever_a_proxy_says_an_address_is_one(settings: Any, said: str, address: str) -> None:
    """Else a page that counts by address fails for everybody behind it."""
    settings.TRUSTED_PROXY_COUNT = 1
    filled = {
        "name": "Zorg",
        "kvk": "01234567",
        "establishment": "000000000001",
        "agb": "01234567",
        "place": "Delft",
        "regions": [f.region().pk],
        "contact_name": "Noor",
        "contact_email": "noor@proef.example",
        "contact_roles": [Role.DIRECTOR],
    }
    answer = Client().post(reverse("apply"), filled, headers={"X-Forwarded-For": f"10.6.6.6, {said}"})
    assert answer.status_code == 302
    assert AuditEvent.objects.get().address == address


def test_going_on_for_another_organisation_is_logged_there() -> None:
    here, there = f.provider("Aan de Gracht"), f.provider("Buiten de Singel")
    user = f.person(Role.QUALITY_OFFICER, here)
    f.add_role(user, Role.DIRECTOR, there)
    sign_in(f.actor(user)).post(reverse("switch_membership"), {"organisation": there.pk})
    event = AuditEvent.objects.get(action="switched")
    assert (event.user, event.acting_for, event.roles) == (user, there, Role.DIRECTOR)


def test_every_action_with_a_name_is_logged_somewhere() -> None:
    """A name alone makes people believe that it is."""
    named = [
        file.read_text()
        for app in ("providers", "assessments", "reports")
        for file in (settings.BASE_DIR / app).rglob("*.py")
    ]
    machines = (REVISION, VISIT, IMPROVEMENT, MEASURE, PUBLIC_ACCOUNT)
    steps = {machine.logged(action) for machine in machines for action in machine.steps}
    steps |= {f"visit_{action}" for action in PLANNING}
    steps |= {f"reaction_{kind}" for kind in TermExtension.Kind.values}
    for action in audit.ACTIONS.keys() - steps:
        assert sum(text.count(f'"{action}"') for text in named) > 1, action
