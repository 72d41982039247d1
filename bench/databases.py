"""Two databases of the bench's own, on the server that DATABASE_URL names; the named one is left alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg.sql import SQL, Identifier


@contextmanager
def own_databases(url: str, names: tuple[str, ...]) -> Iterator[list[str]]:
    """Addresses of databases that do not exist yet and are dropped afterwards; the first one is made."""
    parts = urlsplit(url)
    paths = [f"{parts.path}_bench_{name}" for name in names]
    with psycopg.connect(url, autocommit=True) as server:
        try:
            _drop(server, paths)
            server.execute(SQL("CREATE DATABASE {}").format(Identifier(paths[0][1:])))
            yield [urlunsplit(parts._replace(path=path)) for path in paths]
        finally:
            _drop(server, paths)


def copy(url: str, source: str, target: str) -> None:
    """Make one database as a copy of another, to which nobody may be connected."""
    statement = SQL("CREATE DATABASE {} TEMPLATE {}")
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(statement.format(*(Identifier(urlsplit(name).path[1:]) for name in (target, source))))


def analyze(url: str) -> None:
    """What autovacuum would have done some minutes after so many new rows."""
    with psycopg.connect(url, autocommit=True) as database:
        database.execute("VACUUM (ANALYZE)")


def _drop(server: psycopg.Connection, paths: list[str]) -> None:
    for path in paths:
        server.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(path[1:])))
