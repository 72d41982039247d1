"""The outbox and its worker: over a real mail server, and with one that is away or refuses."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.template import TemplateDoesNotExist
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from providers import mail
from providers.checks import mail_can_be_sent
from providers.models import Mail
from providers.tasks import send_mails
from tests.providers.smtp import MailServer, mail_server

pytestmark = pytest.mark.django_db
TO = "saskia@proef.example"


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    """A mail server to which the portal sends, outside a demo."""
    with mail_server() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = settings.DEMO = False
        yield running


def post(to: str = TO, name: str = "Zorg & Zo", **kwargs: Any) -> Mail:
    application = SimpleNamespace(name=name, contact_name="Saskia")
    mail.post("application_received", to, {"application": application}, **kwargs)
    return Mail.objects.latest("created_at")


def make_due() -> None:
    Mail.objects.filter(sent_at=None, failed_at=None).update(due_at=timezone.now())


def test_a_mail_goes_once_as_text_and_html_and_is_wiped(server: MailServer):
    row = post()
    assert (mail.send_due(), mail.send_due()) == (1, 0)
    (message,) = server.taken
    assert (message["To"], message["Subject"]) == (TO, "Wij hebben uw aanmelding ontvangen")
    assert message["Message-ID"].startswith(f"<{row.pk}@")
    text, html = (part.get_content() for part in message.iter_parts())
    assert "Zorg & Zo" in text and "<" not in text and "\n\n\n" not in text
    assert "Zorg &amp; Zo" in html and '<html lang="nl">' in html
    row.refresh_from_db()
    assert row.sent_at and (row.text, row.html) == ("", "")


def test_a_demo_keeps_the_text(server: MailServer, settings: Any):
    settings.DEMO = True
    row = post()
    mail.send_due()
    row.refresh_from_db()
    assert row.sent_at and "Saskia" in row.text


def test_a_key_makes_a_second_mail_needless():
    post(key="eens")
    post(key="eens", name="Ander")
    assert Mail.objects.count() == 1


def test_one_unknown_mailbox_does_not_hold_up_the_others(server: MailServer, caplog: Any):
    server.unknown.append("weg@")
    lost, fine = post("weg@proef.example"), post("er@proef.example")
    assert mail.send_due() == 1
    lost.refresh_from_db()
    fine.refresh_from_db()
    assert fine.sent_at and not lost.sent_at and lost.due_at > timezone.now()
    for _ in mail.PAUSES:
        make_due()
        mail.send_due()
    lost.refresh_from_db()
    assert lost.failed_at and lost.text == ""
    assert caplog.records[-1].levelname == "ERROR"
    assert "proef.example" not in caplog.text and "Saskia" not in caplog.text
    make_due()
    assert mail.send_due() == 0


def test_a_server_that_is_away_costs_time_only(settings: Any):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    first, second = post(), post()
    assert mail.send_due() == 0
    attempts = Mail.objects.filter(pk__in=[first.pk, second.pk]).values_list("attempts", flat=True)
    assert sorted(attempts) == [0, 1], "the others wait for the clock"


def test_a_lease_keeps_a_second_worker_off_and_runs_out(server: MailServer):
    row = post()
    assert mail._claim() == row
    assert mail.send_due() == 0
    make_due()  # as if the first worker died
    assert mail.send_due() == 1
    # What the first one finds afterwards changes nothing any more.
    row.attempts = 1
    mail._give_back(row, OSError())
    row.refresh_from_db()
    assert row.sent_at


def test_links_come_from_the_settings_alone(settings: Any):
    settings.PUBLIC_URL = "https://thuispeil.example"
    assert mail.link("account_login").startswith("https://thuispeil.example/")


def test_every_mail_has_a_subject_a_text_and_html():
    folder = Path(settings.BASE_DIR) / "templates" / "mail"
    names = {path.name.split(".")[0] for path in folder.iterdir()}
    kinds = {name for name in names if not name.endswith("base")}
    for kind in kinds:
        assert {f"{kind}.subject.txt", f"{kind}.txt", f"{kind}.html"} <= {p.name for p in folder.iterdir()}
        assert re.search(r"\S", (folder / f"{kind}.subject.txt").read_text())
    with pytest.raises(TemplateDoesNotExist):
        mail.post("nonsense", TO)


@pytest.mark.django_db(transaction=True)
def test_one_transaction_wakes_the_worker_once(django_capture_on_commit_callbacks: Any):
    with transaction.atomic():
        post()
        post()
        assert len(connection.run_on_commit) == 1
        transaction.set_rollback(True)
    assert not Mail.objects.exists()


def test_a_portal_for_real_people_needs_a_mail_server_and_an_address(settings: Any):
    settings.DEMO, settings.EMAIL_HOST, settings.PUBLIC_URL = False, "", "http://localhost:8000"
    assert [fault.id for fault in mail_can_be_sent(None)] == ["providers.E001", "providers.E002"]
    settings.DEMO = True
    assert mail_can_be_sent(None) == []


def test_the_mailbox_shows_a_mail_without_letting_it_do_anything(client: Client, settings: Any):
    row = post(name="<script>alert(1)</script>")
    assert "Wij hebben uw aanmelding ontvangen" in client.get(reverse("mailbox")).content.decode()
    assert "&lt;script&gt;" in client.get(reverse("mailbox_mail", args=[row.pk])).content.decode()
    shown = client.get(reverse("mailbox_html", args=[row.pk]))
    assert "<script" not in shown.content.decode()
    policy = shown["Content-Security-Policy"]
    assert "sandbox" in policy and "script-src" not in policy and "default-src 'none'" in policy
    settings.DEMO = False
    for name, args in (("mailbox", []), ("mailbox_mail", [row.pk]), ("mailbox_html", [row.pk])):
        assert client.get(reverse(name, args=args)).status_code == 404


@pytest.mark.broker
@pytest.mark.django_db(transaction=True)
def test_a_worker_on_the_broker_sends(server: MailServer, tmp_path: Path):
    send_mails.app.control.purge()
    base, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    env = os.environ | {
        "DATABASE_URL": f"{base}/{connection.settings_dict['NAME']}",
        "DJANGO_SETTINGS_MODULE": "wlzthuis.settings",
        "DEMO": "0",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(server.port),
        "EMAIL_TLS": "0",
    }
    command = [sys.executable, "-m", "celery", "-A", "wlzthuis", "worker", "-c", "1", "-l", "INFO"]
    with (tmp_path / "worker.log").open("wb") as log:
        worker = subprocess.Popen(command, cwd=settings.BASE_DIR, env=env, stdout=log, stderr=log)
        try:
            with transaction.atomic():
                row = post()
            end = time.monotonic() + 30
            while not server.taken and time.monotonic() < end:
                time.sleep(0.1)
        finally:
            worker.terminate()
            worker.wait(30)
    assert len(server.taken) == 1, (tmp_path / "worker.log").read_text()
    row.refresh_from_db()
    assert row.sent_at and row.sent_at - row.created_at < timedelta(seconds=30)
