from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        from assessments.workflow import VISIT
        from reports.services import request_report

        VISIT.hooks.append(request_report)
