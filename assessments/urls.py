from django.urls import path

from assessments.views import (
    campaigns,
    concept,
    consultation,
    evidence,
    fill_in,
    improvement,
    links,
    public_account,
    quickscan,
    report_text,
    scope,
    self_assessments,
    signing,
    tasks,
    together,
    visits,
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
    # visits
    path("aanbieders/", visits.providers, name="providers"),
    path("bezoeken/", visits.visit_list, name="visits"),
    path("bezoeken/plannen/<int:provider>/", visits.visit_plan, name="visit_plan"),
    path("bezoeken/<int:pk>/", visits.visit, name="visit"),
    path("bezoeken/<int:pk>/aantallen/", visits.visit_counts, name="visit_counts"),
    path("bezoeken/<int:pk>/stap/<slug:action>/", visits.visit_step, name="visit_step"),
    path("bezoeken/<int:pk>/criterium/<int:item>/", workspace.visit_criterion, name="visit_criterion"),
    path("bezoeken/<int:pk>/criterium/<int:item>/oordeel/", workspace.judgement, name="judgement"),
    path("bezoeken/<int:pk>/bevindingen/", workspace.finding_new, name="finding_new"),
    path("bezoeken/<int:pk>/bevindingen/<uuid:finding>/", workspace.finding_edit, name="finding_edit"),
    path("bezoeken/<int:pk>/rapporttekst/", report_text.report_text_page, name="report_text"),
    path("bezoeken/<int:pk>/concept/", concept.concept, name="concept"),
    path(
        "bezoeken/<int:pk>/opmerkingen/<int:remark>/verwijderen/", concept.remark_delete, name="remark_delete"
    ),
    path("bezoeken/<int:pk>/opmerkingen/<int:remark>/antwoord/", concept.remark_answer, name="remark_answer"),
    # end visits
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
