from django.urls import path

from assessments.views import (
    calibration,
    campaigns,
    concept,
    concerns,
    consultation,
    evidence,
    fill_in,
    improvement,
    links,
    measures,
    offline,
    planning,
    public_account,
    publication,
    quickscan,
    reaction_term,
    report_difference,
    report_text,
    scope,
    second_reading,
    self_assessments,
    signing,
    tasks,
    together,
    visit_prepare,
    visits,
    worklist,
    workspace,
)

app_name = "assessments"

urlpatterns: list = [
    path("taken/", tasks.tasks, name="tasks"),
    path("quickscan/", quickscan.quickscan_page, name="quickscan"),
    path("quickscan/meenemen/", quickscan.quickscan_take, name="quickscan_take"),
    # self-assessments
    path("zelfevaluaties/", self_assessments.self_assessments, name="self_assessments"),
    path("zelfevaluaties/nieuw/", self_assessments.self_assessment_new, name="self_assessment_new"),
    path("zelfevaluaties/<int:pk>/", self_assessments.revision, name="revision"),
    path("zelfevaluaties/<int:pk>/stap/<slug:action>/", self_assessments.revision_step, name="revision_step"),
    path("zelfevaluaties/<int:pk>/invullen/", fill_in.fill_in, name="fill_in"),
    path("zelfevaluaties/<int:pk>/invullen/<int:section>/", fill_in.fill_in, name="fill_in_section"),
    path("zelfevaluaties/<int:pk>/reikwijdte/", scope.scope_page, name="scope"),
    path("zelfevaluaties/<int:pk>/reikwijdte/<int:item>/", scope.scope_choice, name="scope_choice"),
    path("zelfevaluaties/<int:pk>/antwoorden/<int:item>/", fill_in.answer, name="answer"),
    path("zelfevaluaties/<int:pk>/antwoorden/<int:item>/koppelen/", links.answer_link, name="answer_link"),
    path(
        "zelfevaluaties/<int:pk>/antwoorden/<int:item>/eerder/", links.answer_history, name="answer_history"
    ),
    path("zelfevaluaties/<int:pk>/niet-overgenomen/", links.left_behind, name="left_behind"),
    path("zelfevaluaties/<int:pk>/bsn/", evidence.bsn_check, name="bsn_check"),
    path(
        "zelfevaluaties/<int:pk>/antwoorden/<int:item>/bewijsstukken/",
        evidence.choose_evidence,
        name="choose_evidence",
    ),
    path("bewijsstukken/", evidence.evidence_library, name="library"),
    path("bewijsstukken/nieuw/", evidence.evidence_new, name="evidence_new"),
    path("bewijsstukken/bestand/<int:pk>/", evidence.evidence, name="evidence"),
    path("bewijsstukken/<int:pk>/", evidence.evidence_detail, name="evidence_detail"),
    path("bewijsstukken/<int:pk>/bestand/", evidence.evidence_new_file, name="evidence_new_file"),
    path("bewijsstukken/<int:pk>/archief/", evidence.evidence_archive, name="evidence_archive"),
    path("bewijsstukken/<int:pk>/vrijgeven/", evidence.evidence_release, name="evidence_release"),
    path("zelfevaluaties/<int:pk>/verdelen/", together.sharing, name="sharing"),
    path("zelfevaluaties/<int:pk>/opmerkingen/<int:item>/", together.comments, name="comments"),
    path(
        "zelfevaluaties/<int:pk>/opmerkingen/<int:comment>/afgehandeld/",
        together.comment_settle,
        name="comment_settle",
    ),
    path("zelfevaluaties/<int:pk>/medezeggenschap/", consultation.consultations, name="consultations"),
    path(
        "zelfevaluaties/<int:pk>/medezeggenschap/nieuw/<slug:subject>/",
        consultation.consultation_new,
        name="consultation_new",
    ),
    path(
        "zelfevaluaties/<int:pk>/medezeggenschap/<int:talk>/",
        consultation.consultation_edit,
        name="consultation_edit",
    ),
    path(
        "zelfevaluaties/<int:pk>/medezeggenschap/<int:talk>/verwijderen/",
        consultation.consultation_remove,
        name="consultation_remove",
    ),
    path("zelfevaluaties/<int:pk>/vaststellen/", signing.signing_page, name="signing"),
    path("zelfevaluaties/<int:pk>/verschil/", signing.revision_difference, name="difference"),
    path("zelfevaluaties/<int:pk>/ontvangen/", signing.revision_received, name="received"),
    path("zelfevaluaties/<int:pk>/verantwoording/", public_account.public_account, name="public_account"),
    path(
        "zelfevaluaties/<int:pk>/verantwoording/voorbeeld/",
        public_account.public_account_preview,
        name="public_account_preview",
    ),
    path(
        "zelfevaluaties/<int:pk>/verantwoording/onderdeel/<int:item>/",
        public_account.public_account_passage,
        name="public_account_passage",
    ),
    path(
        "zelfevaluaties/<int:pk>/verantwoording/onderdeel/<int:item>/plaats/",
        public_account.public_account_move,
        name="public_account_move",
    ),
    path(
        "zelfevaluaties/<int:pk>/verantwoording/stap/<slug:action>/",
        public_account.public_account_step,
        name="public_account_step",
    ),
    # end self-assessments
    # public accounts
    path("verantwoording/", public_account.public_accounts, name="public_accounts"),
    path(
        "verantwoording/<slug:slug>/<int:year>/",
        public_account.public_account_page,
        name="public_account_page",
    ),
    path(
        "verantwoording/<slug:slug>/<int:year>/versie/<int:number>/",
        public_account.public_account_version,
        name="public_account_version",
    ),
    # end public accounts
    # improvement
    path("verbeteracties/", improvement.improvements, name="improvements"),
    path("verbeteracties/nieuw/", improvement.improvement_new, name="improvement_new"),
    path("verbeteracties/<int:pk>/", improvement.improvement_detail, name="improvement"),
    path("verbeteracties/<int:pk>/wijzigen/", improvement.improvement_edit, name="improvement_edit"),
    path(
        "verbeteracties/<int:pk>/stap/<slug:action>/", improvement.improvement_step, name="improvement_step"
    ),
    path("verbeteracties/<int:pk>/bewijs/", improvement.improvement_evidence, name="improvement_evidence"),
    # end improvement
    # where to go
    path("werklijst/", worklist.worklist_page, name="worklist"),
    path("werklijst/weergaven/<int:pk>/verwijderen/", worklist.saved_view_remove, name="saved_view_remove"),
    path("aanbieders/<int:pk>/", worklist.provider, name="provider"),
    path("aanbieders/<int:pk>/tijdlijn/", worklist.provider_timeline, name="timeline"),
    path("signalen/", concerns.concern_list, name="concerns"),
    path("signalen/nieuw/", concerns.concern_new, name="concern_share"),
    path("signalen/nieuw/<int:provider>/", concerns.concern_new, name="concern_new"),
    path("signalen/<int:pk>/", concerns.concern, name="concern"),
    path("kalibratie/", calibration.calibration_page, name="calibration"),
    # end where to go
    # visits
    path("bezoeken/", visits.visit_list, name="visits"),
    path("bezoeken/agenda.ics", planning.calendar, name="calendar"),
    path("bezoeken/plannen/<int:provider>/", planning.visit_plan, name="visit_plan"),
    path("bezoeken/<int:pk>/", visits.visit, name="visit"),
    path("bezoeken/<int:pk>/aantallen/", visits.visit_counts, name="visit_counts"),
    path("bezoeken/<int:pk>/stap/send_concept/", reaction_term.send_concept, name="concept_send"),
    # these two ask more than a reason
    path("bezoeken/<int:pk>/stap/suspend/", publication.visit_suspend, name="visit_suspend"),
    path("bezoeken/<int:pk>/stap/correct/", publication.visit_correct, name="visit_correct"),
    path("bezoeken/<int:pk>/stap/<slug:action>/", visits.visit_step, name="visit_step"),
    path("bezoeken/<int:pk>/criterium/<int:item>/", workspace.visit_criterion, name="visit_criterion"),
    path("bezoeken/<int:pk>/criterium/<int:item>/oordeel/", workspace.judgement, name="judgement"),
    path("bezoeken/<int:pk>/criterium/<int:item>/openen/", workspace.judgements_open, name="judgements_open"),
    path("bezoeken/<int:pk>/bevindingen/", workspace.finding_new, name="finding_new"),
    path("bezoeken/<int:pk>/bevindingen/<uuid:finding>/", workspace.finding_edit, name="finding_edit"),
    path(
        "bezoeken/<int:pk>/bevindingen/<uuid:finding>/verwijderen/",
        workspace.finding_remove,
        name="finding_remove",
    ),
    # without a network; the worker's address is its scope
    path("bezoeken/offline/", offline.offline_page, name="offline"),
    path("bezoeken/offline/sw.js", offline.offline_worker, name="offline_worker"),
    path("bezoeken/offline/sessie/", offline.offline_session, name="offline_session"),
    path("bezoeken/<int:pk>/meenemen/", offline.visit_take, name="visit_take"),
    path("bezoeken/<int:pk>/wijzigingen/", offline.visit_edits, name="visit_edits"),
    # the report: its text, the concept, the reaction
    path("bezoeken/<int:pk>/rapporttekst/", report_text.report_text_page, name="report_text"),
    path("bezoeken/<int:pk>/rapporttekst/<int:passage>/", report_text.passage, name="passage"),
    path(
        "bezoeken/<int:pk>/rapporttekst/<int:passage>/eerder/",
        report_text.passage_history,
        name="passage_history",
    ),
    path("bezoeken/<int:pk>/meelezen/", second_reading.second_reading_page, name="second_reading"),
    path("bezoeken/<int:pk>/meelezen/klaar/", second_reading.reader_done, name="reader_done"),
    path(
        "bezoeken/<int:pk>/meelezen/<int:remark>/antwoord/",
        second_reading.reader_answer,
        name="reader_answer",
    ),
    path("bezoeken/<int:pk>/verschil/", report_difference.report_difference, name="report_difference"),
    path("bezoeken/<int:pk>/concept/", concept.concept, name="concept"),
    path("bezoeken/<int:pk>/concept/bezorging/", reaction_term.delivery, name="concept_delivery"),
    path("bezoeken/<int:pk>/concept/termijn/", reaction_term.term, name="reaction_term"),
    path("bezoeken/<int:pk>/concept/termijn/afwijzen/", reaction_term.refuse, name="term_refuse"),
    path("bezoeken/<int:pk>/opmerkingen/<int:remark>/", concept.remark_edit, name="remark_edit"),
    path(
        "bezoeken/<int:pk>/opmerkingen/<int:remark>/bewijs/", concept.remark_evidence, name="remark_evidence"
    ),
    path(
        "bezoeken/<int:pk>/opmerkingen/<int:remark>/verwijderen/", concept.remark_delete, name="remark_delete"
    ),
    path("bezoeken/<int:pk>/opmerkingen/<int:remark>/antwoord/", concept.remark_answer, name="remark_answer"),
    # preparing visits
    path("bezoeken/<int:pk>/verzetten/", planning.visit_move, name="visit_move"),
    path("bezoeken/<int:pk>/plan/", planning.visit_change, name="visit_change"),
    path("bezoeken/<int:pk>/overdragen/", planning.visit_hand_over, name="visit_hand_over"),
    path("bezoeken/<int:pk>/verklaring/", planning.visit_declare, name="visit_declare"),
    path("bezoeken/<int:pk>/brief/", planning.visit_letter, name="visit_letter"),
    path("bezoeken/<int:pk>/agenda.ics", planning.visit_calendar, name="visit_calendar"),
    path("bezoeken/<int:pk>/voorbereiding/", visit_prepare.visit_preparation, name="visit_preparation"),
    path("bezoeken/<int:pk>/notities/<int:item>/", visit_prepare.visit_note, name="visit_note"),
    path(
        "bezoeken/<int:pk>/documenten/nieuw/",
        visit_prepare.document_request_new,
        name="document_request_new",
    ),
    path("bezoeken/documenten/<int:pk>/", visit_prepare.document_request, name="document_request"),
    path(
        "bezoeken/documenten/<int:pk>/terugnemen/<int:given>/",
        visit_prepare.document_take_back,
        name="document_take_back",
    ),
    path("bezoeken/documenten/<int:pk>/afsluiten/", visit_prepare.document_close, name="document_close"),
    path("bezoeken/<int:pk>/huisbezoeken/", visit_prepare.visit_homes, name="visit_homes"),
    path("bezoeken/<int:pk>/huisbezoeken/<int:home>/vervallen/", visit_prepare.home_drop, name="home_drop"),
    # end preparing visits
    # end visits
    # after publication
    path("bezoeken/<int:pk>/bezwaar/", publication.objection_new, name="objection_new"),
    path("bezoeken/<int:pk>/bezwaar/<int:objection>/", publication.objection_settle, name="objection_settle"),
    path(
        "bezoeken/<int:pk>/bezwaar/<int:objection>/doorhalen/",
        publication.objection_strike,
        name="objection_strike",
    ),
    path("bezoeken/<int:pk>/reactie-bij-rapport/", publication.public_reaction, name="public_reaction"),
    path("bezoeken/<int:pk>/verbetering/", publication.correction, name="correction"),
    path("bezoeken/<int:pk>/verbetering/stoppen/", publication.correction_drop, name="correction_drop"),
    path(
        "bezoeken/<int:pk>/verbetering/<int:number>/", publication.correction_place, name="correction_place"
    ),
    path("maatregelen/", measures.measures, name="measures"),
    path("maatregelen/openbaar/", measures.public_measures, name="public_measures"),
    path("maatregelen/nieuw/<int:provider>/", measures.measure_new, name="measure_new"),
    path("maatregelen/<int:pk>/", measures.measure, name="measure"),
    path("maatregelen/<int:pk>/stap/extend/", measures.measure_extend, name="measure_extend"),
    path("maatregelen/<int:pk>/stap/<slug:action>/", measures.measure_step, name="measure_step"),
    path("maatregelen/<int:pk>/bewijs/", measures.measure_evidence, name="measure_evidence"),
    # end after publication
    # campaigns
    path("uitvragen/", campaigns.campaign_list, name="campaigns"),
    path("uitvragen/nieuw/", campaigns.campaign_new, name="campaign_new"),
    path("uitvragen/<int:pk>/", campaigns.campaign, name="campaign"),
    path("uitvragen/<int:pk>/download/", campaigns.campaign_download, name="campaign_download"),
    path("uitvragen/<int:pk>/keuze/", campaigns.campaign_selection, name="campaign_selection"),
    path("uitvragen/<int:pk>/uitstel/", campaigns.campaign_extend, name="campaign_extend"),
    path(
        "uitvragen/<int:pk>/uitstel/<int:target>/weigeren/", campaigns.campaign_refuse, name="campaign_refuse"
    ),
    path("uitvragen/<int:pk>/intrekken/", campaigns.campaign_withdraw, name="campaign_withdraw"),
    path("uitvragen/voor-ons/<int:pk>/", campaigns.campaign_for_us, name="campaign_for_us"),
    path(
        "uitvragen/voor-ons/<int:pk>/uitstel/",
        campaigns.campaign_ask_extension,
        name="campaign_ask_extension",
    ),
    path(
        "uitvragen/voor-ons/<int:pk>/kaders/", campaigns.campaign_add_editions, name="campaign_add_editions"
    ),
    # end campaigns
]
