"""The backend class, where Django looks for it."""

from django.db.backends.postgresql import base

from wlzthuis import isolation


class DatabaseWrapper(base.DatabaseWrapper):
    def _set_autocommit(self, autocommit: bool) -> None:
        super()._set_autocommit(autocommit)  # type: ignore[misc]
        if not autocommit:
            with self.wrap_database_errors:
                isolation.tell(self)
