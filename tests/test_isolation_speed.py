"""Policies in the words that PostgreSQL can plan with: a list costs the same however many rows there are."""

import pytest
from django.db import connection

POLICIES = """
SELECT tablename || ' ' || policyname, condition
FROM pg_policies, LATERAL (VALUES (qual), (with_check)) AS conditions (condition)
WHERE schemaname = current_schema AND condition IS NOT NULL
"""


@pytest.mark.django_db
def test_the_kind_is_compared_within_its_sub_select() -> None:
    """See isolation.acts_as."""
    assert [name for name, condition in _policies() if "AS acting_kind) = " in condition] == []


@pytest.mark.django_db
def test_the_row_above_is_looked_up_and_not_gathered() -> None:
    """See isolation.via."""
    gathered = [name for name, condition in _policies() if "EXISTS" in condition and "(p.id = " in condition]
    assert gathered == []


def _policies() -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(POLICIES)
        found = cursor.fetchall()
    assert len(found) > 100
    return found
