"""What a transaction was told ends with it: a connection that is used again knows nothing."""

import pytest
from django.db import connection, transaction

from wlzthuis.isolation import Scope, acting


@pytest.mark.django_db(transaction=True)
def test_nothing_stays_behind_on_the_connection() -> None:
    with connection.cursor() as cursor:
        cursor.execute("RESET thuispeil.kind")
    with acting(Scope("provider", 7, 8)):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT acting_kind(), acting_organisation(), acting_user()")
            assert cursor.fetchone() == ("provider", 7, 8)
        with connection.cursor() as cursor:
            cursor.execute("SELECT acting_kind(), acting_organisation(), acting_user()")
            assert cursor.fetchone() == ("", None, None)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT acting_kind(), acting_organisation(), acting_user()")
        assert cursor.fetchone() == ("system", None, None)
