"""A backup that can be proved, and the way back.

The database is dumped as it was at one moment (an exported snapshot); rows are counted and files named in
that same moment. Files are only ever added, so all that the dump names is there afterwards; a file that is
not, or is not what its row says, fails the backup. What is restored is compared with all of that again.
"""

import hashlib
import json
import os
import re
import subprocess
import tarfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from django.db.models import FileField, Model

from wlzthuis.isolation import as_system

DATABASE, FILES, MANIFEST = "database.dump", "files.tar", "manifest.json"
FORMAT = 1


class BackupError(Exception):
    """Why there is no backup, or why nothing was restored: a sentence for who runs the portal."""


@dataclass(frozen=True)
class Manifest:
    """What a backup holds. `files`: name → sha256 of the content."""

    format: int
    made_at: str
    version: str
    role: str
    postgres: int
    migrations: dict[str, str]
    counts: dict[str, int]
    files: dict[str, str]
    parts: dict[str, str]

    def __str__(self) -> str:
        rows = sum(self.counts.values())
        return f"{rows} rows in {len(self.counts)} tables and {len(self.files)} files, as of {self.made_at}"


def make(folder: Path) -> Manifest:
    """Write a backup to a new folder. Raises BackupError, and leaves no half one behind under that name."""
    if folder.exists():
        raise BackupError(f"{folder} exists already.")
    fresh = folder.with_name(f"{folder.name}.unfinished")
    fresh.mkdir(mode=0o700, parents=True)
    with _moment() as snapshot:
        check_programs()
        _run("pg_dump", "--format=custom", "--no-owner", "--enable-row-security", f"--snapshot={snapshot}",
             f"--file={fresh / DATABASE}", f"--dbname={_name()}")  # fmt: skip
        counts, named, migrations = _counts(), _named_files(), _migrations()
    files = _archive(fresh / FILES, named)
    manifest = Manifest(
        format=FORMAT,
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        version=_version(),
        role=_role(),
        postgres=_server_version(),
        migrations=migrations,
        counts=counts,
        files=files,
        parts={name: _digest_of(fresh / name) for name in (DATABASE, FILES)},
    )
    (fresh / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1, sort_keys=True))
    for path in fresh.iterdir():
        path.chmod(0o600)
    fresh.rename(folder)
    return manifest


def restore(folder: Path, *, force: bool = False) -> Manifest:
    """Fill an empty database and folder from a backup. Raises BackupError before anything is touched.

    `force` empties what is there first. Web, worker and beat must not run.
    """
    manifest = read(folder)
    check_programs(at_least=manifest.postgres)
    if manifest.role != _role():
        raise BackupError(f"The backup is of the role {manifest.role}; connect as a role of that name.")
    root = Path(default_storage.path(""))
    if not force and (_tables() or any(path.is_file() for path in root.rglob("*"))):
        raise BackupError("The database or the folder of private files is not empty. FORCE=1 empties both.")
    _empty(root)
    connection.close()
    _run("pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", f"--dbname={_name()}",
         str(folder / DATABASE))  # fmt: skip
    with tarfile.open(folder / FILES) as archive:
        archive.extractall(root, filter="data")
    _compare(manifest)
    return manifest


def read(folder: Path) -> Manifest:
    """The manifest of a backup of which every part is what it says. Raises BackupError."""
    try:
        manifest = Manifest(**json.loads((folder / MANIFEST).read_text()))
    except (OSError, ValueError, TypeError) as error:
        raise BackupError(f"{folder} holds no backup that can be read: {error}") from None
    if manifest.format != FORMAT:
        raise BackupError(f"This backup has format {manifest.format}, and this portal reads {FORMAT}.")
    for name, digest in manifest.parts.items():
        if not (folder / name).is_file() or _digest_of(folder / name) != digest:
            raise BackupError(f"{name} is not what the manifest says: nothing was restored.")
    return manifest


def check_programs(at_least: int = 0) -> None:
    """Raises BackupError when PostgreSQL's programs are absent or older than the server or the backup."""
    try:
        said = _run("pg_dump", "--version")
    except FileNotFoundError:
        raise BackupError("pg_dump and pg_restore are not on the PATH: install postgresql-client.") from None
    found, needed = int(re.findall(r"\d+", said)[0]), max(_server_version(), at_least)
    if found < needed:
        raise BackupError(f"pg_dump is of PostgreSQL {found}, and {needed} or newer is needed.")


@contextmanager
def _moment() -> Iterator[str]:
    """A transaction that sees one moment, as the system; gives the name under which others see it too."""
    with connection.cursor() as cursor:
        cursor.execute("SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        try:
            with as_system():
                cursor.execute("SELECT pg_export_snapshot()")
                yield cursor.fetchone()[0]
        finally:
            cursor.execute("SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ COMMITTED")


def _counts() -> dict[str, int]:
    counts = {}
    with connection.cursor() as cursor:
        for table in _tables():
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608
            counts[table] = cursor.fetchone()[0]
    return counts


def _tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        return [name for (name,) in cursor.fetchall()]


def _named_files() -> dict[str, str]:
    """Every file that a row names, with its sha256 when the row knows that too."""
    named: dict[str, str] = {}
    for model, field in _file_fields():
        for row in model._default_manager.exclude(**{field.name: ""}).iterator():
            named[str(getattr(row, field.name))] = getattr(row, "sha256", "")
    return named


def _file_fields() -> list[tuple[type[Model], FileField]]:
    return [
        (model, field)
        for model in apps.get_models()
        for field in model._meta.fields
        if isinstance(field, FileField)
    ]


def _archive(path: Path, named: dict[str, str]) -> dict[str, str]:
    """Pack the files; gives the sha256 of each. Raises BackupError naming those that are not right."""
    found, wrong = {}, []
    with tarfile.open(path, "w") as archive:
        for name in sorted(named):
            try:
                with default_storage.open(name) as file:
                    digest = found[name] = hashlib.file_digest(file, "sha256").hexdigest()
                    if named[name] not in ("", digest):
                        wrong.append(f"{name} is damaged")
                    file.seek(0)
                    entry = tarfile.TarInfo(name)
                    entry.size, entry.mode = file.size, 0o600
                    archive.addfile(entry, file.file)
            except FileNotFoundError:
                wrong.append(f"{name} is not there")
    if wrong:
        raise BackupError(
            "No backup was made. Of the files that the database names:\n  " + "\n  ".join(wrong)
        )
    return found


def _compare(manifest: Manifest) -> None:
    with as_system():
        counts = _counts()
        named = _named_files()
    if counts != manifest.counts:
        odd = sorted(set(counts.items()) ^ set(manifest.counts.items()))
        raise BackupError(f"Restored, but not with the same numbers of rows: {odd}")
    wrong = [name for name, digest in manifest.files.items() if _stored(name) != digest]
    wrong += sorted(named.keys() - manifest.files.keys())
    if wrong:
        raise BackupError("Restored, but these files are not right:\n  " + "\n  ".join(wrong))


def _stored(name: str) -> str:
    try:
        with default_storage.open(name) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return ""


def _empty(root: Path) -> None:
    with connection.cursor() as cursor:
        if _tables():
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
    for path in sorted(root.rglob("*"), reverse=True) if root.is_dir() else []:
        path.rmdir() if path.is_dir() else path.unlink()


def _run(program: str, *arguments: str) -> str:
    """Run one of PostgreSQL's programs on the portal's database, as the system. Raises BackupError."""
    address = connection.settings_dict
    told = {"PGHOST": address["HOST"], "PGPORT": address["PORT"], "PGUSER": address["USER"]}
    told |= {"PGPASSWORD": address["PASSWORD"], "PGOPTIONS": "-c thuispeil.kind=system"}
    told |= {f"PG{name.upper()}": value for name, value in address["OPTIONS"].items() if name[:3] == "ssl"}
    env = os.environ | {name: str(value) for name, value in told.items() if value}
    done = subprocess.run([program, *arguments], env=env, capture_output=True, text=True)
    if done.returncode:
        raise BackupError(f"{program} failed: {done.stderr.strip()}")
    return done.stdout


def _name() -> str:
    return str(connection.settings_dict["NAME"])


def _role() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return str(cursor.fetchone()[0])


def _server_version() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        return int(cursor.fetchone()[0]) // 10_000


def _migrations() -> dict[str, str]:
    """The last migration of each app."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, max(name) FROM django_migrations GROUP BY app ORDER BY app")
        return dict(cursor.fetchall())


def _version() -> str:
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]
    return str(project["version"])


def _digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
