from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "assessments"

    def ready(self) -> None:
        from assessments import (
            after_mail,
            improvement,
            planning,
            risk_signals,
            scanning,
            together,
            worklist_rules,
        )
        from assessments.improvement import IMPROVEMENT
        from assessments.measures import MEASURE
        from assessments.public_account import PUBLIC_ACCOUNT
        from assessments.publication import tell_correction, tell_decision
        from assessments.scope import on_profile_changed
        from assessments.visit_improvements import follow_settling
        from assessments.workflow import REVISION, VISIT
        from providers import audit, leaving, profile
        from wlzthuis import health

        VISIT.hooks.extend([follow_settling, tell_decision, tell_correction, after_mail.tell_report])
        IMPROVEMENT.hooks.append(after_mail.tell_point)
        MEASURE.hooks.append(after_mail.tell_measure)
        profile.changed.connect(on_profile_changed)
        worklist_rules.rules()
        profile.changed.connect(risk_signals.on_profile_changed)
        for machine in (REVISION, VISIT, IMPROVEMENT):
            machine.hooks.append(risk_signals.on_event)
        for machine in (REVISION, VISIT, IMPROVEMENT, MEASURE, PUBLIC_ACCOUNT):
            subject = str(machine.model._meta.verbose_name).capitalize()
            for action, step in machine.steps.items():
                audit.ACTIONS[machine.logged(action)] = f"{subject}: {step.label.lower()}"
        audit.ACTIONS.update(
            {
                "revision_opened": "Zelfevaluatie geopend",
                "concept_opened": "Conceptrapport geopend",
                "concept_delivered": "Conceptrapport ontvangen",
                "reaction_asked": "Uitstel van een reactietermijn gevraagd",
                "reaction_given": "Reactietermijn verlengd",
                "reaction_refused": "Uitstel van een reactietermijn geweigerd",
                "reader_asked": "Meelezer gevraagd",
                "passage_remarked": "Opmerking van een meelezer",
                "passage_remark_answered": "Opmerking van een meelezer beantwoord",
                "evidence_opened": "Bewijsstuk geopend",
                "evidence_added": "Bewijsstuk toegevoegd",
                "evidence_archived": "Bewijsstuk gearchiveerd",
                "evidence_restored": "Bewijsstuk teruggehaald uit het archief",
                "evidence_released": "Bewijsstuk vrijgegeven",
                "evidence_withdrawn": "Vrijgave van een bewijsstuk ingetrokken",
                "bsn_overruled": "BSN-controle opzijgezet",
                "editions_added": "Normenkaders toegevoegd aan een zelfevaluatie",
                "consultation_kept": "Gesprek met cliënten of medewerkers vastgelegd",
                "consultation_removed": "Gesprek met cliënten of medewerkers verwijderd",
                "public_account_begun": "Openbare verantwoording begonnen",
                "visit_plan": "Bezoek gepland",
                "visit_move": "Bezoek verzet",
                "visit_change": "Plan van een bezoek gewijzigd",
                "visit_relocate": "Andere locaties bij een bezoek",
                "visit_announce": "Bezoek alsnog aangekondigd",
                "visit_hand_over": "Bezoek overgedragen",
                "visit_declare": "Verklaard geen belang te hebben bij een bezoek",
                "visit_conflict": "Uit het bezoekteam gegaan om een belang",
                "documents_asked": "Documenten gevraagd",
                "documents_given": "Document gegeven op verzoek",
                "documents_taken_back": "Document teruggenomen bij een verzoek",
                "documents_closed": "Verzoek om documenten afgesloten",
                "home_visit_recorded": "Toestemming voor een huisbezoek vastgelegd",
                "home_visit_dropped": "Huisbezoek vervallen",
                "visit_taken_along": "Bezoek meegenomen op een apparaat",
                "visit_edits_sent": "Wijzigingen bij een bezoek verstuurd vanaf een apparaat",
                "judgements_opened": "Oordelen van een bezoek voor het team geopend",
                "objection_recorded": "Bezwaar vastgelegd",
                "objection_settled": "Uitkomst van een bezwaar vastgelegd",
                "objection_struck": "Bezwaar doorgehaald",
                "correction_begun": "Verbetering van een rapport begonnen",
                "correction_dropped": "Verbetering van een rapport gestopt",
                "public_reaction_kept": "Reactie bij een rapport bewaard",
                "measure_record": "Maatregel vastgelegd",
                "self_assessment_started": "Zelfevaluatie begonnen",
                "scope_chosen": "Reikwijdte van een zelfevaluatie gewijzigd",
                "concern_recorded": "Signaal of melding vastgelegd",
                "concern_shared": "Signaal gedeeld met de inspectie",
                "concern_opened": "Signaal of melding geopend",
                "concern_closed": "Signaal of melding afgehandeld",
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
            leaving.Handover("Open bezoeken", planning.open_visits, planning.hand_over_all),
            leaving.Handover("Verdeelde thema’s", together.open_theme_count, together.hand_over_themes),
            leaving.Handover(
                "Open verbeteracties", improvement.open_action_count, improvement.hand_over_actions
            ),
        ]
