from django.apps import AppConfig


class ProvidersConfig(AppConfig):
    name = "providers"

    def ready(self) -> None:
        from providers import audit

        audit.ACTIONS.update(
            {
                "switched": "Gewisseld van organisatie",
                "page_refused": "Pagina geweigerd",
                "audit_exported": "Logboek gedownload",
            }
        )
