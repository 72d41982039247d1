from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "assessments"

    def ready(self) -> None:
        from assessments import improvement, scanning, together, visits
        from assessments.improvement import IMPROVEMENT
        from assessments.public_account import PUBLIC_ACCOUNT
        from assessments.scope import on_profile_changed
        from assessments.workflow import REVISION, VISIT
        from providers import audit, leaving, profile
        from wlzthuis import health

        profile.changed.connect(on_profile_changed)
        for machine in (REVISION, VISIT, IMPROVEMENT, PUBLIC_ACCOUNT):
            subject = str(machine.model._meta.verbose_name).capitalize()
            for action, step in machine.steps.items():
                audit.ACTIONS[machine.logged(action)] = f"{subject}: {step.label.lower()}"
        audit.ACTIONS.update(
            {
                "revision_opened": "Zelfevaluatie geopend",
                "concept_opened": "Conceptrapport geopend",
                "evidence_opened": "Bewijsstuk geopend",
                "evidence_added": "Bewijsstuk toegevoegd",
                "evidence_archived": "Bewijsstuk gearchiveerd",
                "evidence_restored": "Bewijsstuk teruggehaald uit het archief",
                "evidence_released": "Bewijsstuk vrijgegeven",
                "evidence_withdrawn": "Vrijgave van een bewijsstuk ingetrokken",
                "bsn_overruled": "BSN-controle opzijgezet",
                "consultation_kept": "Gesprek met cliënten of medewerkers vastgelegd",
                "consultation_removed": "Gesprek met cliënten of medewerkers verwijderd",
                "public_account_begun": "Openbare verantwoording begonnen",
                "visit_planned": "Bezoek gepland",
                "self_assessment_started": "Zelfevaluatie begonnen",
                "scope_chosen": "Reikwijdte van een zelfevaluatie gewijzigd",
                "campaign_sent": "Uitvraag verstuurd",
                "campaign_withdrawn": "Uitvraag ingetrokken",
                "campaign_reminded": "Aanbieders herinnerd aan een uitvraag",
                "campaign_exported": "Uitvraag gedownload",
                "extension_asked": "Uitstel gevraagd",
                "extension_granted": "Uitstel gegeven",
                "extension_refused": "Uitstel geweigerd",
            }
        )
        health.watch("scanner", scanning.ping)
        leaving.HANDOVERS += [
            leaving.Handover("Open bezoeken", visits.open_visits, visits.hand_over),
            leaving.Handover("Verdeelde thema’s", together.open_theme_count, together.hand_over_themes),
            leaving.Handover(
                "Open verbeteracties", improvement.open_action_count, improvement.hand_over_actions
            ),
        ]
