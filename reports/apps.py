from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        from assessments.workflow import VISIT
        from reports.services import follow_publication, request_report

        VISIT.hooks.extend([request_report, follow_publication])
