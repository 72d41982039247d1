"""Django's PostgreSQL backend, of which each transaction begins by telling who acts."""
