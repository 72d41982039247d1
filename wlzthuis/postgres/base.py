"""The backend class, where Django looks for it."""

from django.db.backends.postgresql import base

from wlzthuis import isolation


class DatabaseWrapper(base.DatabaseWrapper):
    def _set_autocommit(self, autocommit: bool) -> None:
        if autocommit:
            super()._set_autocommit(autocommit)  # type: ignore[misc]
        else:
            # psycopg would begin by itself, and we tell in a second round trip. It commits as always.
            with self.wrap_database_errors:
                isolation.begin(self.connection)
