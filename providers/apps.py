from django.apps import AppConfig


class ProvidersConfig(AppConfig):
    name = "providers"

    def ready(self) -> None:
        from providers import audit, checks  # noqa: F401 (registers itself)

        audit.ACTIONS.update(
            {
                "switched": "Gewisseld van organisatie",
                "page_refused": "Pagina geweigerd",
                "audit_exported": "Logboek gedownload",
            }
        )
