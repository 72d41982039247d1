"""Who acts, told to PostgreSQL, so that row-level security keeps each organisation's rows apart.

The application asks its own permissions first (`visible_to`); this is the second wall behind them, which
holds when a filter is forgotten. A transaction that nobody told anything sees no organisation's rows.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.migrations.operations import RunSQL
from psycopg import Connection
from psycopg.pq import TransactionStatus


@dataclass(frozen=True)
class Scope:
    """What the database knows of who acts: the kind of organisation, the organisation and the person."""

    kind: str = ""
    organisation: int | None = None
    user: int | None = None

    @property
    def settings(self) -> tuple[str, str, str]:
        return self.kind, str(self.organisation or ""), str(self.user or "")


NOBODY = Scope()
# The clock, management commands, and the few writes for somebody who has no place in the portal yet.
SYSTEM = Scope(kind="system")
_scope: ContextVar[Scope] = ContextVar("scope", default=NOBODY)

# Local to the transaction: nothing stays behind on a connection that the next request uses.
TELL = (
    "SELECT set_config('thuispeil.kind', %s, true), set_config('thuispeil.organisation', %s, true), "
    "set_config('thuispeil.user', %s, true)"
)


def current() -> Scope:
    """Whose every new transaction is, in this thread."""
    return _scope.get()


@contextmanager
def acting(scope: Scope) -> Iterator[None]:
    """Every transaction inside is this scope's, also one that was open already. Decorates functions too."""
    token = _scope.set(scope)
    _tell_open()
    try:
        yield
    finally:
        _scope.reset(token)
        _tell_open()


@contextmanager
def as_system() -> Iterator[None]:
    """One transaction that passes every policy: for commands, clocks, and who has no place in the portal yet.

    Decorates functions too. What a person may cause with it is checked before.
    """
    with acting(SYSTEM), transaction.atomic():
        yield


def begin(raw: Connection[Any]) -> None:
    """Open a transaction on psycopg's connection and tell it who acts, in a single round trip."""
    raw.execute(f"BEGIN; {TELL}", _scope.get().settings)


def _tell_open() -> None:
    # A transaction that failed takes no statement any more; its rollback brings the old scope back.
    if connection.in_atomic_block and _is_sound(connection.connection):
        connection.connection.execute(TELL, _scope.get().settings)


def _is_sound(raw: Any) -> bool:
    return raw.info.transaction_status in (TransactionStatus.IDLE, TransactionStatus.INTRANS)


def rows(scope: Scope, statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    """The rows of one statement under a scope, in a single round trip when no transaction is open."""
    if connection.in_atomic_block:
        with acting(scope), connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall()
    told = dict(zip(("_kind", "_organisation", "_user"), scope.settings, strict=True))
    tell_first = TELL % tuple(f"%({name})s" for name in told)
    with connection.cursor() as cursor:
        # Statements sent together are one transaction.
        cursor.execute(f"{tell_first}; {statement}", told | values)
        cursor.nextset()
        return cursor.fetchall()


# --- for migrations: the words of which policies are made

# Sub-selects, so that PostgreSQL asks them once per statement and not once per row.
KIND = "(SELECT acting_kind())"
ORGANISATION = "(SELECT acting_organisation())"
USER = "(SELECT acting_user())"
EVERYBODY = "true"
NOONE = "false"


def acts_as(*kinds: str) -> str:
    """Who acts is of one of these kinds.

    The comparison stands in the sub-select too. Of `(SELECT acting_kind()) = …` PostgreSQL expects that
    hardly a row passes it: it then sorts all rows where it could take the first ones from an index.
    """
    return "(SELECT acting_kind() IN ({}))".format(", ".join(f"'{kind}'" for kind in kinds))


INSPECTORATE = acts_as("inspectorate")
PORTAL = acts_as("portal")


def own(column: str = "organisation_id", *kinds: str) -> str:
    """The row belongs to the organisation acted for (of one of these kinds, if given)."""
    condition = f"{column} = {ORGANISATION}"
    return both(condition, acts_as(*kinds)) if kinds else condition


def via(table: str, column: str, condition: str = EVERYBODY) -> str:
    """The row hangs under one of another table that may be seen, and of which the condition holds.

    Not EXISTS: for that PostgreSQL may first gather all rows of the other table, to read a few of this one.
    """
    return f"(SELECT true FROM {table} p WHERE p.id = {column} AND {condition})"  # noqa: S608 (our own words)


def any_of(*conditions: str) -> str:
    return "(" + " OR ".join(conditions) + ")"


def both(*conditions: str) -> str:
    return "(" + " AND ".join(conditions) + ")"


def isolate(
    table: str,
    *,
    read: str,
    write: str | None = None,
    insert: str | None = None,
    update: str | None = None,
    delete: str | None = None,
) -> RunSQL:
    """Row-level security for a table, its owner included.

    `write` stands for insert, update and delete where these are not given. Who may not read a row cannot
    change it either. The system passes each policy.
    """
    write = write or NOONE
    using = {
        "SELECT": f"USING (__{read}__)",
        "INSERT": f"WITH CHECK (__{insert or write}__)",
        "UPDATE": f"USING (__{update or write}__) WITH CHECK (__{update or write}__)",
        "DELETE": f"USING (__{delete or write}__)",
    }
    create = [
        f"CREATE POLICY may_{command.lower()} ON {table} FOR {command} "
        + clause.replace("(__", f"({acts_as('system')} OR ").replace("__)", ")")
        for command, clause in using.items()
    ]
    forward = [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        *create,
    ]
    backward = [
        *(f"DROP POLICY may_{command.lower()} ON {table}" for command in using),
        f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
    ]
    return RunSQL(";\n".join(forward), ";\n".join(backward))
