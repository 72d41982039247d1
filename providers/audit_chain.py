"""Whether the log is still what it was: every line sealed, every seal right and tied to the one before."""

from dataclasses import dataclass

from django.db import connection

from wlzthuis.isolation import as_system

# The database computes the digests anew, with the function that made them.
BROKEN = """
SELECT s.number FROM providers_auditseal s LEFT JOIN providers_auditevent e ON e.id = s.event_id
LEFT JOIN providers_auditseal p ON p.number = s.number - 1
WHERE e.id IS NULL OR s.previous <> coalesce(p.sha256, '') OR (s.number > 1 AND p.number IS NULL)
   OR s.sha256 <> audit_digest(s.previous, s.number, e)
ORDER BY s.number LIMIT 1
"""
UNSEALED = """
SELECT count(*) FROM providers_auditevent e
WHERE NOT EXISTS (SELECT 1 FROM providers_auditseal s WHERE s.event_id = e.id)
"""
LAST = "SELECT number, sha256 FROM providers_auditseal ORDER BY number DESC LIMIT 1"


@dataclass(frozen=True)
class Chain:
    """`broken_at` is the number of the first wrong link, None when all are right.

    Who keeps `length` and `head` elsewhere also sees that lines were cut off at the end.
    """

    length: int
    head: str
    broken_at: int | None
    unsealed: int

    @property
    def is_whole(self) -> bool:
        return self.broken_at is None and not self.unsealed


@as_system()
def check() -> Chain:
    """Read the whole log and follow the chain."""
    with connection.cursor() as cursor:
        cursor.execute(BROKEN)
        broken = cursor.fetchone()
        cursor.execute(UNSEALED)
        unsealed = cursor.fetchone()
        cursor.execute(LAST)
        length, head = cursor.fetchone() or (0, "")
    return Chain(length, head, broken[0] if broken else None, unsealed[0] if unsealed else 0)
