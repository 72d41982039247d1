"""History cannot be changed, by whatever road: the database itself refuses."""

import pytest
from django.db import ProgrammingError, connection, transaction
from django.db.models import Model

from assessments.models import AnswerVersion, FieldEdit, RevisionEvent, VisitEvent
from tests import factories as make

pytestmark = pytest.mark.django_db
HISTORY: list[tuple[type[Model], str]] = [
    (AnswerVersion, "text"),
    (RevisionEvent, "note"),
    (VisitEvent, "note"),
    (FieldEdit, "device"),
]


@pytest.fixture(autouse=True)
def rows(editions):
    make.judged_visit(make.submitted_revision().organisation)


def refused():
    return pytest.raises(ProgrammingError, match="is append-only")


@pytest.mark.parametrize(("model", "column"), HISTORY)
def test_a_row_of_history_is_neither_changed_nor_removed(model, column):
    row = model.objects.first()
    assert row is not None
    before = model.objects.count()
    setattr(row, column, "veranderd")
    with refused(), transaction.atomic():
        row.save()
    with refused(), transaction.atomic():
        model.objects.filter(pk=row.pk).update(**{column: "veranderd"})
    with refused(), transaction.atomic():
        row.delete()
    with refused(), transaction.atomic():
        model.objects.all().delete()
    assert model.objects.count() == before
    row.refresh_from_db()
    assert getattr(row, column) != "veranderd"


@pytest.mark.parametrize(("model", "column"), HISTORY)
def test_plain_sql_is_refused_too(model, column):
    table = model._meta.db_table
    for statement in (f"UPDATE {table} SET {column} = 'veranderd'", f"DELETE FROM {table}"):
        with refused(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
