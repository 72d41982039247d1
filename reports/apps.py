from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        from assessments.public_account import PUBLIC_ACCOUNT
        from assessments.workflow import VISIT
        from providers import audit
        from reports.own_documents import on_published
        from reports.services import follow_publication, request_report

        VISIT.hooks.extend([request_report, follow_publication])
        PUBLIC_ACCOUNT.hooks.append(on_published)
        audit.ACTIONS.update(
            {
                "report_opened": "Niet-openbaar rapport geopend",
                "report_downloaded": "Rapport gedownload",
                "document_asked": "Document van een zelfevaluatie gevraagd",
                "document_downloaded": "Document van een zelfevaluatie gedownload",
            }
        )
