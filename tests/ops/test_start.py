"""A portal for real people does not start with what somebody else can guess."""

import os
import secrets
import subprocess
import sys

import pytest

from wlzthuis import env

REAL = {
    "DEMO": "0",
    "DEBUG": "0",
    "SECURE": "1",
    "SECRET_KEY": secrets.token_urlsafe(48),
    "DATABASE_URL": f"postgresql://thuispeil_app:{secrets.token_urlsafe(12)}@db.example/thuispeil",
    "REDIS_URL": f"redis://:{secrets.token_urlsafe(12)}@broker.example/0",
    "DJANGO_SETTINGS_MODULE": "wlzthuis.settings",
}


def start(**changes: str) -> str:
    """What the start of Django says when it is refused, '' when it is not."""
    command = [sys.executable, "-c", "import django; django.setup()"]
    done = subprocess.run(command, env=os.environ | REAL | changes, capture_output=True, text=True)
    return done.stderr.strip().rpartition("\n")[2]


def test_a_sound_portal_starts() -> None:
    assert start() == ""
    assert start(DATABASE_URL="postgresql:///thuispeil", REDIS_URL="unix:///run/valkey.sock") == ""


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"SECRET_KEY": ""}, "Set SECRET_KEY"),
        ({"SECRET_KEY": "kort"}, "SECRET_KEY must be random"),
        ({"SECRET_KEY": "ab" * 40}, "SECRET_KEY must be random"),
        ({"SECRET_KEY": "django-insecure-" + "0123456789abcdefghij" * 2}, "SECRET_KEY must be random"),
        ({"DATABASE_URL": "postgresql://app:postgres@db/x"}, "password for db"),
        ({"DATABASE_URL": "postgresql://thuispeil_app:thuispeil_app@db/x"}, "password for db"),
        ({"DATABASE_URL": "postgresql://app:Wachtwoord123!@db/x"}, "password for db"),
        ({"REDIS_URL": "redis://:valkey@broker/0"}, "password for broker"),
        ({"DEBUG": "1"}, "DEBUG=1"),
        ({"EHERKENNING_ISSUER": "http://broker.example"}, "must begin with https"),
        ({"INSPECTORATE_OIDC_ISSUER": "sign-on.example"}, "must begin with https"),
    ],
)
def test_an_unsafe_one_does_not(changes: dict[str, str], words: str) -> None:
    said = start(**changes)
    assert words in said
    assert not any(value and value in said for name, value in changes.items() if name != "DEBUG")


def test_the_way_to_the_database_can_be_guarded() -> None:
    address = "postgresql://app:x@db.example/x?sslmode=verify-full&sslrootcert=/ca.pem"
    assert env.database(address)["OPTIONS"] == {"sslmode": "verify-full", "sslrootcert": "/ca.pem"}


def test_a_demo_may_be_careless() -> None:
    assert start(DEMO="1", SECURE="0", SECRET_KEY="kort", REDIS_URL="redis://127.0.0.1/0") == ""
