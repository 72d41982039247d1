from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        from assessments.workflow import VISIT
        from providers import audit
        from reports.services import follow_publication, request_report

        VISIT.hooks.extend([request_report, follow_publication])
        audit.ACTIONS.update(
            {
                "report_opened": "Niet-openbaar rapport geopend",
                "report_downloaded": "Rapport gedownload",
            }
        )
