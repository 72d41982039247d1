"""Every address × every role: 200, sent to sign in (302), refused (403) or nothing to see (404)."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from PIL import Image

from assessments import document_requests, files
from assessments.models import EvidenceRevision, Finding
from providers.models import Import, Mail
from tests import factories as f
from tests.guards import ELSEWHERE, check_headers

pytestmark = pytest.mark.django_db


@dataclass
class World:
    """One provider with an object in every state that matters, and somebody in every role."""

    clients: dict[str, Client]
    ids: dict[str, Any]


def png(name: str = "rooster.png", colour: str = "white") -> SimpleUploadedFile:
    buffer = io.BytesIO()
    Image.new("RGB", (4, 4), colour).save(buffer, "PNG")
    return SimpleUploadedFile(name, buffer.getvalue(), "image/png")


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        yield build_world()
        transaction.set_rollback(True)


def build_world() -> World:
    region = f.region()
    own, other = f.provider("De Linde", regions=[region]), f.provider("Andere Zorg")
    office = f.care_office([region])
    people = f.everybody(own, other, office)
    inspector = f.actor(people["inspector"])
    with_evidence = f.answered_revision(own, year=2025)
    first = f.asked_items(with_evidence, "judgement")[0]
    files.attach_evidence(with_evidence.pk, first, png(), by=f.actor(people["quality"]))
    evidence = EvidenceRevision.objects.get()
    submitted = f.REVISION.perform(with_evidence.pk, "offer", by=f.quality_officer(own))
    submitted = f.sign(submitted.pk, 2022, by=f.director(own))
    draft = f.answered_revision(own, year=2026)
    draft_item = f.asked_items(draft, "judgement")[0]
    files.attach_evidence(draft.pk, draft_item, png("concept.png", "black"), by=f.actor(people["quality"]))
    f.public_account(submitted)
    public = f.public_account(f.submitted_revision(own, year=2024), is_public=True)
    visits = {
        "unannounced": f.planned_visit(own, announced=False, by=inspector),
        "planned": f.planned_visit(own, by=inspector, focus="De nacht"),
        "drafting": f.drafting_visit(own, by=inspector),
        "concept": f.concept_visit(own, by=inspector),
        "reacted": f.reacted_visit(own, by=inspector),
        "settled": f.settled_visit(own, by=inspector),
        "published": f.published_visit(own, by=inspector),
        "waiting": f.decided_visit(own, by=inspector),
        "withdrawn": f.published_visit(own, by=inspector),
    }
    f.step(visits["withdrawn"], "withdraw", f.actor(people["coordinator"]), "Na bezwaar")
    f.correction(visits["published"])
    asked = f.documents_asked(visits["planned"])
    given = document_requests.give(asked.pk, png("bestand.png", "green"), by=f.actor(people["quality"]))
    f.note(visits["unannounced"])
    home = f.home_visit(visits["unannounced"])
    campaign = f.campaign(own, by=inspector)
    clients = {"anonymous": Client()}
    for name, user in people.items():
        clients[name] = Client()
        clients[name].force_login(user)
    return World(
        clients,
        {
            "draft": draft.pk,
            "submitted": submitted.pk,
            "section": draft_item.section_id,
            "item": draft_item.pk,
            "comment": f.comment(draft, draft_item).pk,
            "improvement": f.improvement(draft, draft_item).pk,
            "evidence": evidence.pk,
            "piece": evidence.evidence_id,
            "asked": asked.pk,
            "given": given.pk,
            "home": home.pk,
            "draft_evidence": EvidenceRevision.objects.exclude(
                pk__in=[evidence.pk, given.evidence_revision_id]
            )
            .get()
            .pk,
            "own": own.pk,
            "public_slug": public.slug,
            "campaign": campaign.pk,
            "target": campaign.targets.get().pk,
            "location": own.locations.get().pk,
            "counted_on": f.tally(own).counted_on,
            "person": people["quality"].pk,
            "stranger": people["other"].pk,
            "application": f.application().pk,
            "import": Import.objects.create(
                kind="contracts", organisation=office, file_name="x.csv", rows=[], created_by=people["office"]
            ).pk,
            "mail": Mail.objects.create(kind="x", to="a@proef.example", subject="Proef").pk,
            "concern": f.concern(own, by=inspector).pk,
            "shared_concern": f.concern(own, by=f.actor(people["office"])).pk,
            "criterion": f.item("W2").pk,
            "point": f.point(visits["settled"]).pk,
            "objection": f.objection(visits["published"]).pk,
            "measure": f.measure(own, by=inspector).pk,
            "finding": Finding.objects.filter(visit=visits["drafting"]).get().pk,
            "passage": visits["drafting"].passages.get(key="documents").pk,
            "remark": visits["concept"].remarks.model.objects.filter(visit=visits["reacted"]).get().pk,
            **{name: visit.pk for name, visit in visits.items()},
            **{f"{name}_number": visit.number for name, visit in visits.items()},
        },
    )


# One letter an outcome: o = shown, > = to sign in, r = redirected, x = refused, - = nothing to see,
# m = wrong method, c = too late, g = gone.
CODES = {"o": 200, ">": 302, "r": 302, "x": 403, "-": 404, "m": 405, "c": 409, "g": 410}
ROLES = (
    "anonymous",
    "quality",
    "director",
    "council",
    "other",
    "other_director",
    "inspector",
    "coordinator",
    "office",
    "far_office",
    "admin",
    "no_role",
)
EVERYONE = "o" * len(ROLES)
NOBODY = "-" * len(ROLES)
MEMBERS = ">" + "o" * (len(ROLES) - 1)

# name, arguments (keys of World.ids, or literals after '='), outcome per role in the order of ROLES.
GET_TABLE = [
    ("start", "", EVERYONE),
    ("about", "", EVERYONE),
    ("accessibility", "", EVERYONE),
    ("privacy", "", EVERYONE),
    ("contact", "", EVERYONE),
    ("live", "", EVERYONE),
    ("ready", "", EVERYONE),
    ("metrics", "", NOBODY),
    ("security_txt", "", EVERYONE),
    ("account_login", "", "orrrrrrrrrrr"),
    ("mfa_login_webauthn", "", "r" * len(ROLES)),
    ("mfa_authenticate", "", "r" * len(ROLES)),
    ("account_email_verification_sent", "", EVERYONE),
    # There is no such way in until it is set up.
    ("openid_connect_login", "=eherkenning", NOBODY),
    ("openid_connect_callback", "=eherkenning", NOBODY),
    ("account_logout", "", "mmmmmmmmmmmm"),
    ("account_reset_password", "", EVERYONE),
    ("account_reset_password_done", "", EVERYONE),
    ("account_reset_password_from_key", "=1 =x", EVERYONE),
    ("account_reset_password_from_key_done", "", EVERYONE),
    ("account", "", MEMBERS),
    ("account_email", "", MEMBERS),
    ("account_confirm_email", "=x", EVERYONE),
    # These people have no password yet, and no second factor.
    ("account_change_password", "", ">rrrrrrrrrrr"),
    ("account_set_password", "", MEMBERS),
    ("account_reauthenticate", "", ">xxxxxxxxxxx"),
    ("mfa_reauthenticate", "", ">xxxxxxxxxxx"),
    ("mfa_reauthenticate_webauthn", "", ">xxxxxxxxxxx"),
    ("mfa_index", "", MEMBERS),
    ("mfa_activate_totp", "", MEMBERS),
    ("mfa_deactivate_totp", "", ">-----------"),
    ("mfa_view_recovery_codes", "", ">-----------"),
    ("mfa_generate_recovery_codes", "", MEMBERS),
    ("mfa_add_webauthn", "", MEMBERS),
    ("mfa_remove_webauthn", "=1", ">-----------"),
    ("usersessions_list", "", MEMBERS),
    ("session_end", "=1", ">mmmmmmmmmmm"),
    ("session", "", MEMBERS),
    ("account_digest", "", ">mmmmmmmmmmm"),
    ("switch_membership", "", ">mmmmmmmmmmm"),
    ("organisation", "", ">oooooooooo-"),
    ("organisations", "", ">xxxxxxxxxox"),
    ("organisation_detail", "own", ">ooo------o-"),
    ("location_new", "", ">ooxooxxxxxx"),
    ("reports:blank", "=igj-wlz-thuis =2024-09-01 =xlsx", EVERYONE),
    ("assessments:quickscan", "", EVERYONE),
    ("assessments:quickscan_take", "", ">ooxooxxxxxx"),
    ("profile", "", ">ooooo------"),
    ("assessments:scope", "draft", ">oo---------"),
    ("assessments:scope", "submitted", ">oox--xxx---"),
    ("assessments:scope_choice", "draft item", ">oo---------"),
    ("assessments:scope_choice", "submitted item", ">oox--xxx---"),
    ("profile_of", "own", ">ooo--ooo---"),
    ("tally_new", "", ">ooxooxxxxxx"),
    ("tally_edit", "counted_on", ">oox--xxxxxx"),
    ("location_edit", "location", ">oox--xxxxxx"),
    ("colleagues", "", ">xoxxoxoooox"),
    ("organisation_colleagues", "own", ">xox------o-"),
    ("invite", "own", ">xox------o-"),
    ("colleague", "own person", ">xox------o-"),
    ("colleague", "own stranger", ">x-x--------"),
    ("colleague_leave", "own person", ">xox------o-"),
    ("colleague_factor", "own person", ">xxx------o-"),
    ("invitation_again", "own =1", ">mmmmmmmmmmm"),
    ("invitation_withdraw", "own =1", ">mmmmmmmmmmm"),
    ("invitation", "=nonsense", NOBODY),
    ("apply", "", EVERYONE),
    ("application_sent", "", EVERYONE),
    ("applications", "", ">xxxxxxxxxox"),
    ("application", "application", ">xxxxxxxxxox"),
    ("application_admit", "application", ">xxxxxxxxxmx"),
    ("providers_import", "", ">xxxxxxxxxox"),
    ("providers_preview", "=99999999", ">xxxxxxxxx-x"),
    ("providers_example", "=csv", ">xxxxxxxxxox"),
    ("providers_example", "=exe", ">xxxxxxxxx-x"),
    ("contracts", "", ">xxxxxxxooxx"),
    ("contracts_import", "", ">xxxxxxxooxx"),
    ("contracts_preview", "import", ">xxxxxxxo-xx"),
    ("contracts_example", "=xlsx", ">xxxxxxxooxx"),
    ("mailbox", "", EVERYONE),
    ("mailbox_mail", "mail", EVERYONE),
    ("mailbox_html", "mail", EVERYONE),
    ("retention", "", ">xxxxxxxxxox"),
    ("hold_place", "own", ">xxxxxxxxxox"),
    ("hold_lift", "=999999", ">xxxxxxxxxmx"),
    ("audit_log", "", ">xoxxoxoooox"),
    ("audit_export", "", ">xoxxoxoooox"),
    ("norms:list", "", EVERYONE),
    ("norms:framework", "=igj-wlz-thuis", "rrrrrrrrrrrr"),
    ("norms:edition", "=igj-wlz-thuis =2024-09-01", EVERYONE),
    ("norms:edition", "=igj-wlz-thuis =1999-01-01", NOBODY),
    ("norms:beginners", "", EVERYONE),
    ("norms:difference", "=igj-wlz-thuis", EVERYONE),
    ("assessments:tasks", "", ">ooooooooooo"),
    ("assessments:self_assessments", "", ">oooooooooxx"),
    ("assessments:self_assessment_new", "", ">ooxooxxxxxx"),
    ("assessments:revision", "draft", ">oo---------"),
    ("assessments:revision", "submitted", ">ooo--ooo---"),
    ("assessments:fill_in", "draft", ">oo---------"),
    ("assessments:fill_in", "submitted", ">ooo--ooo---"),
    ("assessments:fill_in_section", "draft section", ">oo---------"),
    ("assessments:fill_in_section", "submitted section", ">ooo--ooo---"),
    ("assessments:fill_in_section", "draft =99999999", ">-----------"),
    ("assessments:answer", "draft item", ">mmmmmmmmmmm"),
    # There is nothing to link here, so an editor is sent back to the question.
    ("assessments:answer_link", "draft item", ">rr---------"),
    ("assessments:answer_link", "submitted item", ">rrx--xxx---"),
    ("assessments:answer_history", "draft item", ">oo---------"),
    ("assessments:answer_history", "submitted item", ">oox--xxx---"),
    ("assessments:left_behind", "submitted", ">--x--xxx---"),
    ("assessments:sharing", "draft", ">oo---------"),
    ("assessments:sharing", "submitted", ">oox--xxx---"),
    ("assessments:comments", "draft item", ">oo---------"),
    ("assessments:comments", "submitted item", ">oox--xxx---"),
    ("assessments:comments", "draft =99999999", ">-----------"),
    ("assessments:comment_settle", "draft comment", ">mmmmmmmmmmm"),
    ("assessments:improvements", "", ">ooxooxxxxxx"),
    ("assessments:improvement_new", "", ">ooxooxxxxxx"),
    ("assessments:improvement", "improvement", ">oo---------"),
    ("assessments:improvement_edit", "improvement", ">oo---------"),
    ("assessments:improvement_step", "improvement =start", ">oo---------"),
    ("assessments:improvement_step", "improvement =nonsense", ">-----------"),
    ("assessments:improvement_evidence", "improvement", ">mmmmmmmmmmm"),
    ("assessments:revision_step", "draft =offer", ">oo---------"),
    ("assessments:revision_step", "draft =nonsense", ">-----------"),
    ("assessments:revision_step", "submitted =supplement", ">oo---------"),
    # Who may open it is sent on to the file, which asks nobody who she is.
    ("assessments:evidence", "evidence", ">rr---rr----"),
    ("assessments:evidence", "draft_evidence", ">rr---------"),
    ("file", "=nonsense", NOBODY),
    ("assessments:library", "", ">ooxooxxxxxx"),
    ("assessments:evidence_new", "", ">ooxooxxxxxx"),
    ("assessments:evidence_detail", "piece", ">oo---------"),
    ("assessments:evidence_new_file", "piece", ">mmmmmmmmmmm"),
    ("assessments:evidence_archive", "piece", ">mmmmmmmmmmm"),
    ("assessments:evidence_release", "piece", ">oo---------"),
    ("assessments:choose_evidence", "draft item", ">oo---------"),
    ("assessments:choose_evidence", "draft =99999999", ">-----------"),
    ("assessments:bsn_check", "draft", ">oo---------"),
    ("assessments:bsn_check", "submitted", ">oo---------"),
    ("assessments:consultations", "draft", ">oo---------"),
    ("assessments:consultations", "submitted", ">ooo--ooo---"),
    ("assessments:consultation_new", "draft =account", ">oo---------"),
    ("assessments:consultation_new", "draft =nonsense", ">-----------"),
    ("assessments:consultation_new", "submitted =instrument", ">rr---------"),
    ("assessments:consultation_edit", "draft =99999999", ">-----------"),
    ("assessments:consultation_remove", "draft =99999999", ">mmmmmmmmmmm"),
    ("assessments:signing", "draft", ">rr---------"),
    ("assessments:signing", "submitted", ">rr---------"),
    ("assessments:difference", "draft", ">-----------"),
    ("assessments:difference", "submitted", ">ooo--ooo---"),
    ("assessments:received", "submitted", ">oo---------"),
    ("assessments:public_account", "draft", ">-----------"),
    ("assessments:public_account", "submitted", ">oo---------"),
    ("assessments:public_account_preview", "submitted", ">oo---------"),
    ("assessments:public_account_passage", "submitted =99999999", ">-----------"),
    ("assessments:public_account_move", "submitted =99999999", ">mmmmmmmmmmm"),
    ("assessments:public_account_step", "submitted =publish", ">-o---------"),
    ("assessments:public_account_step", "submitted =withdraw", ">-----------"),
    ("assessments:public_accounts", "", EVERYONE),
    ("assessments:public_account_page", "=nonsense =2026", NOBODY),
    ("assessments:public_account_page", "public_slug =2024", EVERYONE),
    ("assessments:public_account_version", "public_slug =2024 =1", EVERYONE),
    ("assessments:public_account_version", "public_slug =2024 =2", NOBODY),
    ("assessments:public_account_version", "public_slug =2025 =1", NOBODY),
    ("reports:documents", "draft", ">oo---------"),
    ("reports:documents", "submitted", ">oo---------"),
    ("reports:document_now", "draft =xlsx", ">oo---------"),
    ("reports:document_now", "submitted =json", ">oo---------"),
    ("reports:document_now", "submitted =exe", ">-----------"),
    ("reports:document_ask", "submitted =pdf", ">mmmmmmmmmmm"),
    ("reports:document_download", "submitted =pdf", ">-----------"),
    ("reports:public_account_pdf", "public_slug =2025 =1", NOBODY),
    ("assessments:worklist", "", ">xxxxxooxxxx"),
    ("assessments:saved_view_remove", "=99999999", ">xxxxxmmxxxx"),
    ("assessments:provider", "own", ">xxxxxooxxxx"),
    ("assessments:timeline", "own", ">ooo--ooo-xx"),
    ("assessments:concerns", "", ">xxxxxooooxx"),
    ("assessments:concern_share", "", ">xxxxxrrooxx"),
    ("assessments:concern_new", "own", ">xxxxxooo-xx"),
    ("assessments:concern", "concern", ">xxxxxoo--xx"),
    ("assessments:concern", "shared_concern", ">xxxxxooo-xx"),
    ("assessments:calibration", "", ">xxxxxxoxxxx"),
    ("assessments:visits", "", ">ooxooooxxxx"),
    ("assessments:visit_plan", "own", ">xxxxxooxxxx"),
    ("assessments:visit", "unannounced", ">--x--ooxxxx"),
    ("assessments:visit", "planned", ">oox--ooxxxx"),
    ("assessments:visit", "concept", ">oox--ooxxxx"),
    ("assessments:visit", "published", ">oox--ooxxxx"),
    ("assessments:calendar", "", ">xxxxxooxxxx"),
    ("assessments:visit_calendar", "unannounced", ">xxxxxooxxxx"),
    ("assessments:visit_move", "planned", ">xxxxxooxxxx"),
    ("assessments:visit_move", "unannounced", ">xxxxxooxxxx"),
    ("assessments:visit_change", "unannounced", ">xxxxxooxxxx"),
    ("assessments:visit_hand_over", "drafting", ">xxxxxooxxxx"),
    ("assessments:visit_hand_over", "published", ">xxxxxrrxxxx"),
    ("assessments:visit_declare", "planned", ">xxxxxmmxxxx"),
    ("assessments:visit_letter", "planned", ">oox--ooxxxx"),
    ("assessments:visit_letter", "unannounced", ">--x----xxxx"),
    ("assessments:visit_preparation", "unannounced", ">xxxxxooxxxx"),
    ("assessments:visit_note", "unannounced criterion", ">xxxxxmmxxxx"),
    ("assessments:document_request_new", "planned", ">xxxxxoxxxxx"),
    ("assessments:document_request_new", "unannounced", ">xxxxxrxxxxx"),
    ("assessments:document_request", "asked", ">oox--ooxxxx"),
    ("assessments:document_take_back", "asked given", ">mmxmmxxxxxx"),
    ("assessments:document_close", "asked", ">xxxxxmmxxxx"),
    ("assessments:visit_homes", "unannounced", ">xxxxxooxxxx"),
    ("assessments:home_drop", "unannounced home", ">xxxxxmmxxxx"),
    ("assessments:visit_counts", "drafting", ">xxxxxmmxxxx"),
    ("assessments:visit_step", "unannounced =conduct", ">--x--o-xxxx"),
    ("assessments:visit_step", "settled =decide", ">--x---oxxxx"),
    ("assessments:visit_step", "concept =no_remarks", ">oox----xxxx"),
    ("assessments:visit_criterion", "unannounced criterion", ">xxxxxooxxxx"),
    ("assessments:visit_criterion", "concept criterion", ">xxxxxooxxxx"),
    ("assessments:visit_criterion", "published criterion", ">xxxxxooxxxx"),
    ("assessments:judgement", "drafting criterion", ">xxxxxmmxxxx"),
    ("assessments:finding_new", "drafting", ">xxxxxmmxxxx"),
    ("assessments:finding_edit", "drafting finding", ">xxxxxooxxxx"),
    ("assessments:finding_remove", "drafting finding", ">xxxxxmmxxxx"),
    ("assessments:judgements_open", "drafting criterion", ">xxxxxmmxxxx"),
    # The page without a network holds nothing of anybody.
    ("assessments:offline", "", EVERYONE),
    ("assessments:offline_worker", "", EVERYONE),
    ("assessments:offline_session", "", EVERYONE),
    ("assessments:visit_take", "drafting", ">xxxxxmmxxxx"),
    ("assessments:visit_edits", "drafting", ">xxxxxmmxxxx"),
    ("assessments:report_text", "drafting", ">xxxxxooxxxx"),
    ("assessments:concept", "drafting", ">rrx--rrxxxx"),
    ("assessments:concept", "unannounced", ">--x--rrxxxx"),
    ("assessments:concept", "concept", ">oox--ooxxxx"),
    ("assessments:passage", "drafting passage", ">xxxxxmmxxxx"),
    ("assessments:passage_history", "drafting passage", ">xxxxxooxxxx"),
    ("assessments:second_reading", "drafting", ">xxxxxooxxxx"),
    ("assessments:reader_done", "drafting", ">xxxxxmmxxxx"),
    ("assessments:reader_answer", "drafting =99999999", ">xxxxxmmxxxx"),
    ("assessments:report_difference", "reacted", ">--x--ooxxxx"),
    ("assessments:report_difference", "settled", ">oox--ooxxxx"),
    ("assessments:concept_send", "drafting", ">--x--o-xxxx"),
    ("assessments:concept_delivery", "concept", ">xxxxxxrxxxx"),
    ("assessments:reaction_term", "concept", ">oox--oxxxxx"),
    ("assessments:term_refuse", "concept", ">xxxxxmmxxxx"),
    ("assessments:remark_edit", "reacted remark", ">rrx--xxxxxx"),
    ("assessments:remark_evidence", "reacted remark", ">rrx--xxxxxx"),
    ("assessments:remark_delete", "reacted remark", ">mmxmmxxxxxx"),
    ("assessments:remark_answer", "reacted remark", ">xxxxxmmxxxx"),
    ("assessments:improvement", "point", ">oo---oo----"),
    ("assessments:improvement_edit", "point", ">oo---xx----"),
    ("assessments:improvement_step", "point =accept", ">-----oo----"),
    ("assessments:visit_suspend", "published", ">xxxxx-oxxxx"),
    ("assessments:visit_correct", "published", ">xxxxx-rxxxx"),
    ("assessments:objection_new", "published", ">xxxxxooxxxx"),
    ("assessments:objection_settle", "published objection", ">xxxxxxoxxxx"),
    ("assessments:objection_strike", "published objection", ">xxxxxxoxxxx"),
    ("assessments:public_reaction", "waiting", ">oox--xxxxxx"),
    ("assessments:public_reaction", "published", ">rrx--xxxxxx"),
    ("assessments:correction", "published", ">xxxxxooxxxx"),
    ("assessments:correction_place", "published =1", ">xxxxxoxxxxx"),
    ("assessments:correction_drop", "published", ">xxxxxmmxxxx"),
    ("assessments:measures", "", ">xxxxxooxxxx"),
    ("assessments:public_measures", "", EVERYONE),
    ("assessments:measure_new", "own", ">xxxxxooxxxx"),
    ("assessments:measure", "measure", ">oox--ooxxxx"),
    ("assessments:measure_extend", "measure", ">xxxxxooxxxx"),
    ("assessments:measure_step", "measure =meet", ">--x--ooxxxx"),
    ("assessments:measure_step", "measure =deliver", ">oox----xxxx"),
    ("assessments:measure_evidence", "measure", ">mmxmmxxxxxx"),
    ("assessments:campaigns", "", ">xxxxxooooxx"),
    ("assessments:campaign_new", "", ">xxxxxooooxx"),
    ("assessments:campaign", "campaign", ">xxxxxoo--xx"),
    ("assessments:campaign_download", "campaign", ">xxxxxoo--xx"),
    ("assessments:campaign_selection", "campaign", ">xxxxxmmmmxx"),
    ("assessments:campaign_extend", "campaign", ">xxxxxrr--xx"),
    ("assessments:campaign_refuse", "campaign target", ">xxxxxmmmmxx"),
    ("assessments:campaign_withdraw", "campaign", ">xxxxxoo--xx"),
    ("assessments:campaign_for_us", "target", ">oox--xxxxxx"),
    ("assessments:campaign_ask_extension", "target", ">oox--xxxxxx"),
    ("assessments:campaign_add_editions", "target", ">mmxmmxxxxxx"),
    ("reports:list", "", EVERYONE),
    ("reports:detail", "concept_number =0.1", "-oo---oo----"),
    ("reports:detail", "settled_number =1.0", "-oo---oo----"),
    ("reports:detail", "published_number =0.1", "-oo---oo----"),
    ("reports:detail", "published_number =1.0", EVERYONE),
    ("reports:detail", "published_number =9.9", NOBODY),
    # Gone for who may not read what was withdrawn.
    ("reports:detail", "withdrawn_number =1.0", "googggoogggg"),
    ("reports:download", "withdrawn_number =1.0", "grrgggrrgggg"),
    ("reports:status", "concept_number =0.1", "-rr---rr----"),
    ("reports:status", "published_number =1.0", "r" * len(ROLES)),
    # Nothing is rendered here; who may fetch a file that is there is tested with the files.
    ("reports:download", "published_number =1.0", "r" * len(ROLES)),
    ("reports:retry", "published_number =1.0", ">xxxxxmmxxxx"),
]


def arguments(world: World, text: str) -> list[Any]:
    return [word[1:] if word.startswith("=") else world.ids[word] for word in text.split()]


def outcome(letter: str) -> int:
    return CODES[letter]


@pytest.mark.parametrize(("name", "args", "expected"), GET_TABLE)
def test_get(world: World, name: str, args: str, expected: str) -> None:
    assert len(expected) == len(ROLES)
    url = reverse(name, args=arguments(world, args))
    # As if a bad link had brought each of them here: nobody is sent on to where it says.
    links = dict(zip(ROLES, cycle(ELSEWHERE), strict=False))
    got = {role: world.clients[role].get(url, {"next": links[role]}) for role in ROLES}
    codes = {role: response.status_code for role, response in got.items()}
    assert codes == {role: outcome(letter) for role, letter in zip(ROLES, expected, strict=True)}, url
    for role, letter in zip(ROLES, expected, strict=True):
        if letter == ">":
            assert got[role]["Location"].startswith(reverse("account_login")), (role, url)
        check_headers(got[role], role, name, url)


def url_names(patterns: list[Any], namespace: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from url_names(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            assert pattern.name, f"{pattern} has no name"
            yield namespace + pattern.name


def test_every_address_is_in_a_table() -> None:
    tested = {row[0] for row in GET_TABLE} | {row[0] for row in POST_TABLE}
    assert set(url_names(get_resolver().url_patterns)) == tested


# name, arguments, form data, outcome per role. What would succeed is tried on objects made for it elsewhere;
# here everybody who may not come in is refused before anything is read.
POST_TABLE: list[tuple[str, str, Callable[[], dict[str, Any]], str]] = [
    ("account_digest", "", dict, ">rrrrrrrrrrr"),
    ("assessments:sharing", "draft", dict, ">rr---------"),
    ("assessments:sharing", "submitted", dict, ">rrx--xxx---"),
    ("assessments:comments", "draft item", dict, ">oo---------"),
    ("assessments:comments", "submitted item", dict, ">oox--xxx---"),
    ("assessments:comment_settle", "draft comment", dict, ">rr---------"),
    ("assessments:improvement_new", "", dict, ">ooxooxxxxxx"),
    ("assessments:improvement_edit", "improvement", dict, ">oo---------"),
    ("assessments:improvement_step", "improvement =start", dict, ">rr---------"),
    ("assessments:improvement_evidence", "improvement", dict, ">oo---------"),
    ("assessments:consultation_new", "draft =account", dict, ">oo---------"),
    ("assessments:consultation_edit", "draft =99999999", dict, ">-----------"),
    ("assessments:consultation_remove", "draft =99999999", dict, ">rr---------"),
    ("assessments:signing", "draft", dict, ">xr---------"),
    ("assessments:public_account", "submitted", lambda: {"title": ""}, ">oo---------"),
    ("assessments:public_account_passage", "submitted =99999999", dict, ">-----------"),
    ("assessments:public_account_move", "submitted =99999999", dict, ">rr---------"),
    ("assessments:public_account_step", "submitted =publish", dict, ">xr---------"),
    ("reports:document_ask", "submitted =nonsense", dict, ">-----------"),
    ("hold_place", "own", dict, ">xxxxxxxxxox"),
    ("hold_lift", "=999999", dict, ">xxxxxxxxx-x"),
    ("assessments:evidence_new", "", dict, ">ooxooxxxxxx"),
    ("assessments:evidence_detail", "piece", dict, ">oo---------"),
    ("assessments:evidence_new_file", "piece", dict, ">oo---------"),
    ("assessments:evidence_archive", "piece", lambda: {"undo": "1"}, ">rr---------"),
    ("assessments:evidence_release", "piece", dict, ">rr---------"),
    ("assessments:choose_evidence", "draft item", dict, ">rr---------"),
    ("assessments:bsn_check", "draft", dict, ">oo---------"),
    ("switch_membership", "", lambda: {"organisation": "0"}, ">xxxxxxxxxxx"),
    # Somebody else's passkey and session do not exist for one.
    ("mfa_remove_webauthn", "=1", dict, ">-----------"),
    ("session_end", "=1", dict, ">-----------"),
    ("openid_connect_login", "=eherkenning", dict, NOBODY),
    ("account_change_password", "", dict, ">rrrrrrrrrrr"),
    ("account_set_password", "", dict, MEMBERS),
    ("account_email", "", dict, ">rrrrrrrrrrr"),
    ("mfa_activate_totp", "", dict, MEMBERS),
    ("mfa_add_webauthn", "", dict, MEMBERS),
    ("mfa_generate_recovery_codes", "", dict, MEMBERS),
    ("session", "", dict, MEMBERS),
    ("organisation", "", lambda: {"name": ""}, ">ooxooxxxxo-"),
    ("organisation_detail", "own", lambda: {"name": ""}, ">oox------o-"),
    ("invite", "own", dict, ">xox------o-"),
    ("colleague", "own person", dict, ">xox------o-"),
    ("colleague", "own stranger", dict, ">x-x--------"),
    ("colleague_leave", "own person", dict, ">xox------o-"),
    ("colleague_factor", "own person", dict, ">xxx------o-"),
    ("invitation_again", "own =1", dict, ">x-x--------"),
    ("invitation_withdraw", "own =1", dict, ">x-x--------"),
    ("invitation", "=nonsense", dict, NOBODY),
    ("providers_import", "", dict, ">xxxxxxxxxox"),
    ("providers_preview", "=99999999", dict, ">xxxxxxxxx-x"),
    ("contracts_import", "", dict, ">xxxxxxxooxx"),
    ("contracts_preview", "import", dict, ">xxxxxxxr-xx"),
    ("apply", "", dict, EVERYONE),
    ("application", "application", dict, ">xxxxxxxxxox"),
    ("application_admit", "=99999999", dict, ">xxxxxxxxx-x"),
    ("location_new", "", lambda: {"name": ""}, ">ooxooxxxxxx"),
    ("assessments:quickscan", "", lambda: {"to": "uitslag", "W1.1": "no"}, EVERYONE),
    ("assessments:quickscan_take", "", lambda: {"code": "?"}, ">ooxooxxxxxx"),
    ("profile", "", lambda: {"sectors": ""}, ">ooxoo------"),
    ("assessments:scope", "draft", lambda: {"editions": "?"}, ">oo---------"),
    ("assessments:scope", "submitted", lambda: {"editions": "?"}, ">oox--xxx---"),
    ("assessments:scope_choice", "draft item", lambda: {"applies": "?"}, ">oo---------"),
    ("assessments:scope_choice", "submitted item", lambda: {"applies": "?"}, ">oox--xxx---"),
    ("tally_new", "", lambda: {"counted_on": ""}, ">ooxooxxxxxx"),
    ("tally_edit", "counted_on", lambda: {"bridging_clients": "x"}, ">oox--xxxxxx"),
    ("assessments:self_assessment_new", "", lambda: {"year": ""}, ">ooxooxxxxxx"),
    ("assessments:answer", "submitted item", dict, ">oox--------"),
    ("assessments:answer_link", "submitted item", dict, ">rrx--xxx---"),
    ("assessments:answer_link", "draft item", dict, ">rr---------"),
    ("assessments:fill_in", "submitted", dict, ">rrx--xxx---"),
    ("assessments:fill_in", "draft", dict, ">rr---------"),
    ("assessments:revision_step", "submitted =submit", dict, ">xrx--xxx---"),
    ("assessments:revision_step", "draft =nonsense", dict, ">-----------"),
    ("assessments:worklist", "", dict, ">xxxxxooxxxx"),
    ("assessments:saved_view_remove", "=99999999", dict, ">xxxxx--xxxx"),
    ("assessments:concern_share", "", dict, ">xxxxxrrooxx"),
    ("assessments:concern_new", "own", dict, ">xxxxxooo-xx"),
    ("assessments:concern", "concern", dict, ">xxxxxoo--xx"),
    ("assessments:concern", "shared_concern", dict, ">xxxxxoox-xx"),
    ("assessments:visit_plan", "own", dict, ">xxxxxooxxxx"),
    ("assessments:calendar", "", dict, ">xxxxxmmxxxx"),
    ("assessments:visit_calendar", "unannounced", dict, ">xxxxxmmxxxx"),
    ("assessments:visit_letter", "planned", dict, ">mmxmmmmxxxx"),
    ("assessments:visit_move", "unannounced", dict, ">xxxxxooxxxx"),
    ("assessments:visit_change", "unannounced", dict, ">xxxxxooxxxx"),
    ("assessments:visit_hand_over", "drafting", dict, ">xxxxxooxxxx"),
    ("assessments:visit_declare", "unannounced", dict, ">xxxxxrxxxxx"),
    ("assessments:visit_preparation", "unannounced", dict, ">xxxxxrxxxxx"),
    ("assessments:visit_note", "unannounced criterion", dict, ">xxxxxoxxxxx"),
    ("assessments:visit_note", "unannounced =99999999", dict, ">xxxxx-xxxxx"),
    ("assessments:document_request_new", "planned", dict, ">xxxxxoxxxxx"),
    ("assessments:document_request_new", "unannounced", dict, ">xxxxxrxxxxx"),
    ("assessments:document_request", "asked", dict, ">oox--xxxxxx"),
    ("assessments:document_take_back", "asked =99999999", dict, ">--x--xxxxxx"),
    ("assessments:document_take_back", "asked given", dict, ">r-x--xxxxxx"),
    ("assessments:document_close", "asked", dict, ">xxxxxrxxxxx"),
    ("assessments:visit_homes", "unannounced", dict, ">xxxxxoxxxxx"),
    ("assessments:home_drop", "unannounced home", dict, ">xxxxxrxxxxx"),
    ("assessments:home_drop", "drafting home", dict, ">xxxxx-xxxxx"),
    ("assessments:visit_step", "drafting =compose", dict, ">xxx--rxxxxx"),
    ("assessments:visit_step", "concept =settle", dict, ">xxx--xrxxxx"),
    ("assessments:visit_step", "concept =publish", dict, ">xxx--xxxxxx"),
    ("assessments:visit_step", "unannounced =nonsense", dict, ">--x----xxxx"),
    ("assessments:visit_counts", "concept", dict, ">xxxxxoxxxxx"),
    ("assessments:judgement", "concept criterion", dict, ">xxxxxoxxxxx"),
    ("assessments:finding_new", "concept", dict, ">xxxxx-xxxxx"),
    ("assessments:finding_edit", "drafting finding", dict, ">xxxxxoxxxxx"),
    ("assessments:finding_remove", "drafting finding", dict, ">xxxxxrxxxxx"),
    ("assessments:judgements_open", "concept criterion", dict, ">xxxxxooxxxx"),
    ("assessments:visit_take", "concept", dict, ">xxxxxcxxxxx"),
    ("assessments:visit_edits", "concept", dict, ">xxxxxcxxxxx"),
    ("assessments:report_text", "concept", dict, ">xxxxxrxxxxx"),
    ("assessments:concept", "concept", dict, ">oox--xxxxxx"),
    ("assessments:passage", "drafting passage", dict, ">xxxxxoxxxxx"),
    ("assessments:second_reading", "drafting", dict, ">xxxxxxxxxxx"),
    ("assessments:second_reading", "drafting", lambda: {"reader": ""}, ">xxxxxoxxxxx"),
    ("assessments:reader_done", "drafting", dict, ">xxxxxxxxxxx"),
    ("assessments:reader_answer", "drafting =99999999", dict, ">xxxxx-xxxxx"),
    ("assessments:concept_send", "concept", dict, ">xxx--rxxxxx"),
    ("assessments:concept_delivery", "concept", dict, ">xxxxxxrxxxx"),
    ("assessments:reaction_term", "concept", dict, ">oox--oxxxxx"),
    ("assessments:term_refuse", "concept", dict, ">xxxxxoxxxxx"),
    ("assessments:remark_edit", "reacted remark", dict, ">rrx--xxxxxx"),
    ("assessments:remark_evidence", "reacted remark", dict, ">ccx--xxxxxx"),
    ("assessments:remark_delete", "reacted remark", dict, ">ccx--xxxxxx"),
    ("assessments:remark_answer", "reacted remark", dict, ">xxxxxoxxxxx"),
    ("assessments:improvement_edit", "point", dict, ">oo---xx----"),
    ("assessments:improvement_evidence", "point", dict, ">oo---xx----"),
    ("assessments:improvement_step", "point =accept", dict, ">xx---oo----"),
    ("assessments:visit_suspend", "published", dict, ">xxxxxxoxxxx"),
    ("assessments:visit_correct", "settled", dict, ">xxxxxxrxxxx"),
    ("assessments:objection_new", "published", dict, ">xxxxxooxxxx"),
    ("assessments:objection_settle", "published objection", dict, ">xxxxxxoxxxx"),
    ("assessments:objection_strike", "published objection", dict, ">xxxxxxoxxxx"),
    ("assessments:public_reaction", "published", dict, ">rrx--xxxxxx"),
    ("assessments:correction", "waiting", dict, ">xxxxxorxxxx"),
    ("assessments:correction_place", "published =1", dict, ">xxxxxoxxxxx"),
    ("assessments:correction_drop", "settled", dict, ">xxxxxrxxxxx"),
    ("assessments:measure_new", "own", dict, ">xxxxxooxxxx"),
    ("assessments:measure_extend", "measure", dict, ">xxxxxooxxxx"),
    ("assessments:measure_step", "measure =meet", dict, ">xxx--ooxxxx"),
    ("assessments:measure_step", "measure =deliver", dict, ">oox--xxxxxx"),
    ("assessments:measure_evidence", "measure", dict, ">oox--xxxxxx"),
    ("assessments:campaign_new", "", dict, ">xxxxxooooxx"),
    ("assessments:campaign_selection", "campaign", dict, ">xxxxxrr--xx"),
    ("assessments:campaign_extend", "campaign", dict, ">xxxxxrr--xx"),
    ("assessments:campaign_refuse", "campaign target", dict, ">xxxxxoo--xx"),
    ("assessments:campaign_withdraw", "campaign", dict, ">xxxxxoo--xx"),
    ("assessments:campaign_ask_extension", "target", dict, ">oox--xxxxxx"),
    ("assessments:campaign_add_editions", "target", dict, ">rrx--xxxxxx"),
    ("reports:retry", "published_number =1.0", dict, ">xxxxxrrxxxx"),
]


@pytest.mark.parametrize(("name", "args", "data", "expected"), POST_TABLE)
def test_post(world: World, name: str, args: str, data: Callable[[], dict[str, Any]], expected: str) -> None:
    assert len(expected) == len(ROLES)
    url = reverse(name, args=arguments(world, args))
    codes = {role: world.clients[role].post(url, data()).status_code for role in ROLES}
    assert codes == {role: outcome(letter) for role, letter in zip(ROLES, expected, strict=True)}, url
