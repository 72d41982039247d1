"""From what was recorded to the text of a report: composing, numbering, and the frozen document."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from assessments import reaction, report_text
from assessments.canonical import canonical_json, sha256_hex
from assessments.errors import WrongState
from assessments.forms.report_text import PassageForm
from assessments.models import FactualRemark, Passage, Visit
from assessments.report_text import StalePassage
from providers.models import Role
from tests import factories as make

pytestmark = pytest.mark.django_db


def content_of(visit: Visit) -> dict:
    return visit.versions.latest("created_at").content


def block(content: dict, code: str) -> dict:
    return next(item for item in content["items"] if item["code"] == code)


@pytest.mark.parametrize(("days", "accepted"), [(-1, False), (0, False), (1, True)])
def test_an_improvement_is_due_after_the_visit(days, accepted):
    visited_on = date(2026, 2, 13)
    due_on = visited_on + timedelta(days=days)
    data = {"p1-text": "Zorg dat er elke nacht iemand kan komen.", "p1-due_on": due_on.isoformat()}
    form = PassageForm(data, Passage(pk=1, key="must"), {"label": "Moet beter"}, visited_on=visited_on)
    assert form.is_valid() is accepted
    assert form.errors == ({} if accepted else {"due_on": ["Kies een dag na het bezoek."]})


# --- composing


def test_composing_fills_in_the_standard_texts(editions):
    provider = make.provider("Thuiszorg Merelveld", locations=3)
    visit = make.conducted_visit(provider, announced=False, starts_on=date(2026, 3, 9))
    report_text.compose(visit, by=make.lead(visit))
    texts = dict(Passage.objects.filter(visit=visit, item=None).values_list("key", "text"))
    assert texts["provider_text"] == (
        "Thuiszorg Merelveld geeft Wlz-zorg thuis vanuit Team 1, Team 2 en Team 3."
    )
    assert "niet vooraf aangekondigd" in texts["occasion"]
    assert "9 maart 2026" in texts["method"]
    assert "Norm Wlz-zorg thuis" in texts["method"]
    assert texts["summary"] == ""
    keys = Passage.objects.filter(visit=visit).exclude(item=None).values_list("item__code", "key")
    assert set(keys) == {
        (code, key) for code in ("W", "W1", "W2", "W3") for key in ("good", "better", "must")
    }


def test_composing_again_keeps_what_was_written(editions):
    visit = make.drafting_visit()
    make.passage(visit, "method", "Onze eigen werkwijze.")
    before = list(Passage.objects.filter(visit=visit).order_by("pk").values_list("key", "item", "text"))
    report_text.compose(visit, by=make.lead(visit))
    assert (
        list(Passage.objects.filter(visit=visit).order_by("pk").values_list("key", "item", "text")) == before
    )


@pytest.mark.parametrize(
    ("words", "joined"), [([], ""), (["A"], "A"), (["A", "B"], "A en B"), (["A", "B", "C"], "A, B en C")]
)
def test_words_are_joined_as_people_do(words, joined):
    assert report_text.join_words(words) == joined


def test_a_point_is_a_line_with_or_without_a_mark():
    assert report_text.lines("- Eén\n\n • Twee  \n\tDrie\n -\n") == ["Eén", "Twee", "Drie"]


# --- writing passages


def test_a_passage_is_saved_against_the_version_that_was_seen(editions):
    visit = make.drafting_visit()
    by = make.lead(visit)
    row = Passage.objects.get(visit=visit, key="occasion")
    saved = report_text.save_passage(row.pk, "Een melding.\r\n", None, row.version, by=by)
    assert (saved.text, saved.version) == ("Een melding.", row.version + 1)
    again = report_text.save_passage(row.pk, "Een melding.", None, row.version, by=by)
    assert again.version == row.version + 1
    with pytest.raises(StalePassage) as stale:
        report_text.save_passage(row.pk, "Iets anders.", None, row.version, by=by)
    assert stale.value.current.text == "Een melding."
    row.refresh_from_db()
    assert row.text == "Een melding."


def test_only_the_team_writes_and_only_while_writing(editions):
    visit = make.drafting_visit()
    row = Passage.objects.get(visit=visit, key="summary")
    outside = make.actor(make.person(Role.INSPECTOR, make.inspectorate()))
    for by in (outside, make.coordinator(), make.quality_officer(visit.organisation)):
        with pytest.raises(PermissionDenied):
            report_text.save_passage(row.pk, "x", None, row.version, by=by)
    make.step(visit, "send_concept", make.lead(visit))
    with pytest.raises(WrongState):
        report_text.save_passage(row.pk, "x", None, row.version, by=make.lead(visit))


# --- findings, numbers and grounds


def test_a_finding_under_a_question_counts_for_its_criterion_once(editions):
    visit = make.conducted_visit()
    both = make.finding(visit, "W2.4", "W2.7", text="Twee vragen")
    across = make.finding(visit, "W1.5", "W3.2", text="Twee criteria")
    table = make.finding(visit, "W2.T", text="De tabel")
    whole = make.finding(visit, "W", text="De hele norm")
    grouped = report_text.findings_by_item(visit, report_text.judged_items(visit))
    by_code = {make.item(code).pk: code for code in ("W", "W1", "W2", "W3")}
    assert {by_code[pk]: found for pk, found in grouped.items()} == {
        "W": [whole],
        "W1": [across],
        "W2": [both, table],
        "W3": [across],
    }


def test_findings_and_grounds_share_one_row_of_numbers(editions):
    visit = make.conducted_visit()
    first = make.finding(visit, "W2.3", text="Eerste", source="record")
    make.finding(visit, "W2", text="Tweede", source="observation")
    third = make.finding(visit, "W2", text="Derde", source="interview_client")
    make.judge(visit, "W2", "fails", "Grond één.\n\nGrond twee.", findings=[third, first])
    for code in ("W", "W1", "W3"):
        make.judge(visit, code)
    make.step(visit, "compose", make.lead(visit))
    make.passage(visit, "summary", "Kort.")
    make.step(visit, "send_concept", make.lead(visit))
    found = block(content_of(visit), "W2")
    assert found["level"] == "fails"
    assert [(row["number"], row["source_label"], row["text"]) for row in found["findings"]] == [
        ("W2-1", "Dossier", "Eerste"),
        ("W2-2", "Observatie", "Tweede"),
        ("W2-3", "Gesprek met cliënt", "Derde"),
    ]
    assert [(row["number"], row["text"], row["cites"]) for row in found["grounds"]] == [
        ("W2-4", "Grond één.", ["W2-1", "W2-3"]),
        ("W2-5", "Grond twee.", ["W2-1", "W2-3"]),
    ]


def test_only_the_common_judgement_reaches_the_report(editions):
    visit = make.conducted_visit()
    make.judge(visit, "W1", "fails", "Mijn eigen mening.", common=False)
    for code in ("W", "W1", "W2", "W3"):
        make.judge(visit, code, "largely_meets", "Van het team.")
    content = report_text.report_content(visit, "concept", "0.1")
    assert {item["level"] for item in content["items"]} == {"largely_meets"}
    assert "Mijn eigen mening." not in canonical_json(content).decode()


# --- the frozen document


def test_a_concept_holds_both_scores_side_by_side(editions):
    account = make.draft_revision()
    make.answer(account, make.item("W1"), "meets", "Wij zijn tevreden.")
    make.answer(account, make.item("W2"), "unknown")
    make.REVISION.perform(account.pk, "offer", by=make.quality_officer(account.organisation))
    make.sign(account.pk, 2022, by=make.director(account.organisation))
    content = content_of(make.concept_visit(account.organisation))
    assert block(content, "W1")["own"] == {"level": "meets", "text": ""}
    assert "Wij zijn tevreden." not in str(content), "a self-assessment is not public, also not as data"
    assert block(content, "W2")["own"] is None
    assert (block(content, "W")["is_whole"], block(content, "W")["own_asked"]) == (True, False)
    assert (block(content, "W1")["is_whole"], block(content, "W1")["own_asked"]) == (False, True)
    assert content["self_assessment"]["year"] == account.self_assessment.year


def test_without_an_account_there_is_no_own_score(editions):
    content = content_of(make.concept_visit())
    assert content["self_assessment"] is None
    assert all(item["own"] is None for item in content["items"])


def test_actions_stand_in_order_of_their_date(editions):
    visit = make.drafting_visit()
    make.passage(visit, "must", "Later.\nOok later.", code="W1", due_in=90)
    make.passage(visit, "must", "Eerst.", code="W3", due_in=10)
    make.step(visit, "send_concept", make.lead(visit))
    actions = content_of(visit)["actions"]
    assert [(row["number"], row["item"], row["text"]) for row in actions] == [
        ("V1", "W3", "Eerst."),
        ("V2", "W2", "Zorg dat er elke nacht iemand kan komen."),
        ("V3", "W1", "Later."),
        ("V4", "W1", "Ook later."),
    ]
    assert actions[0]["due_on"] == (timezone.localdate() + timedelta(days=10)).isoformat()


def test_the_final_report_has_remarks_with_answers_and_dates(editions):
    visit = make.settled_visit()
    content = content_of(visit)
    today = timezone.localdate().isoformat()
    assert (content["kind"], content["version"]) == ("final", "1.0")
    assert content["remarks"] == [
        {
            "number": 1,
            "passage": "W2-1",
            "text": "Sinds mei komt er wel iemand.",
            "verdict": "partly",
            "answer": "De datum is aangepast. Het oordeel blijft.",
        }
    ]
    assert content["no_remarks"] is False
    assert content["dates"] == {
        "concept_sent_on": today,
        "concept_received_on": today,
        "reaction_due": (timezone.localdate() + timedelta(weeks=4)).isoformat(),
        "reaction_received_on": today,
        "settled_on": today,
    }


def test_a_concept_says_nothing_of_remarks(editions):
    content = content_of(make.concept_visit())
    assert (content["remarks"], content["no_remarks"], content["dates"]["settled_on"]) == ([], False, None)
    assert content_of(make.settled_visit(remarks=0))["no_remarks"] is True


def test_each_version_is_hashed_and_stays_as_it_was(editions):
    visit = make.settled_visit()
    concept, final = visit.versions.order_by("created_at")
    for version in (concept, final):
        assert sha256_hex(canonical_json(version.content)) == version.sha256
    assert concept.sha256 != final.sha256
    organisation = visit.organisation
    organisation.name = "Nieuwe naam"
    organisation.save()
    final.refresh_from_db()
    assert final.content["provider"]["name"] != "Nieuwe naam"


def test_a_report_names_regions_of_its_own_day(editions):
    provider = make.provider(regions=[make.region()])
    row = provider.provider_regions.get()
    row.valid_until = date(2025, 12, 31)
    row.save()
    old = make.planned_visit(provider, starts_on=date(2025, 6, 1))
    new = make.planned_visit(provider, starts_on=date(2026, 6, 1))
    regions = [
        report_text.report_content(visit, "concept", "0.1")["provider"]["regions"] for visit in (old, new)
    ]
    assert regions == [[{"code": "5518", "name": "Haaglanden"}], []]


def test_the_norms_questions_are_listed_under_their_criterion(editions):
    norm = content_of(make.concept_visit())["norm_text"]
    counts = {row["code"]: len(row["questions"]) for row in norm}
    assert counts == {"W": 0, "W1": 7, "W2": 9, "W3": 5}


# --- remarks on passages


def test_every_place_in_a_concept_can_be_remarked_on(editions):
    visit = make.concept_visit()
    places = [place["key"] for place in report_text.passages_of(content_of(visit))]
    assert len(places) == len(set(places))
    assert {"In het kort", "Werkwijze", "W2-1", "W2-2", "W2 moet beter"} <= set(places)
    for place in places:
        reaction.save_remark(visit.pk, place, "Dit klopt niet.", by=make.quality_officer(visit.organisation))
    assert FactualRemark.objects.count() == len(places)


def test_a_remark_needs_a_known_place_and_a_text(editions):
    visit = make.concept_visit()
    officer = make.quality_officer(visit.organisation)
    for place, text in (("W9-1", "Tekst"), ("", "Tekst"), ("W2-1", "  \n"), ("W2-1", "")):
        with pytest.raises(ValidationError):
            reaction.save_remark(visit.pk, place, text, by=officer)
    assert not FactualRemark.objects.exists()


def test_remarks_are_the_providers_and_only_in_the_term(editions):
    visit = make.concept_visit()
    strangers = [
        make.quality_officer(make.provider()),
        make.acting(Role.COUNCIL_MEMBER, visit.organisation),
        make.lead(visit),
    ]
    for by in strangers:
        with pytest.raises(PermissionDenied):
            reaction.save_remark(visit.pk, "W2-1", "Tekst", by=by)
    sent = make.reacted_visit()
    with pytest.raises(WrongState):
        make.remark(sent)
    with pytest.raises(WrongState):
        reaction.delete_remark(sent.remarks.get().pk, 1, by=make.quality_officer(sent.organisation))


def test_a_remark_can_be_taken_back_before_it_is_sent(editions):
    visit = make.concept_visit()
    remark = make.remark(visit)
    with pytest.raises(PermissionDenied):
        reaction.delete_remark(remark.pk, 1, by=make.quality_officer(make.provider()))
    reaction.delete_remark(remark.pk, 1, by=make.director(visit.organisation))
    assert not FactualRemark.objects.exists()


def test_an_answer_to_a_remark_has_a_verdict_and_a_reason(editions):
    visit = make.reacted_visit()
    remark, lead = visit.remarks.get(), make.lead(visit)
    for verdict, answer in (("maybe", "Omdat."), ("", "Omdat."), ("adopted", " ")):
        with pytest.raises(ValidationError):
            reaction.answer_remark(remark.pk, verdict, answer, by=lead)
    with pytest.raises(PermissionDenied):
        reaction.answer_remark(remark.pk, "adopted", "Omdat.", by=make.coordinator())
    answered = reaction.answer_remark(remark.pk, "adopted", " Omdat. ", by=lead)
    assert (answered.verdict, answered.answer, answered.answered_by) == ("adopted", "Omdat.", lead.user)


def test_the_providers_first_opening_is_noted_once(editions):
    version = make.concept_visit(opened=False).versions.get()
    reaction.record_opening(version, by=make.inspector())
    version.refresh_from_db()
    assert version.opened_at is None
    reaction.record_opening(version, by=make.quality_officer(version.organisation))
    version.refresh_from_db()
    first = version.opened_at
    reaction.record_opening(version, by=make.director(version.organisation))
    version.refresh_from_db()
    assert version.opened_at == first is not None


# --- planning


def test_report_numbers_follow_each_other(editions):
    numbers = [make.planned_visit().number for _ in range(3)]
    assert numbers == ["V1000001", "V1000002", "V1000003"]


@pytest.mark.parametrize("role", [Role.QUALITY_OFFICER, Role.DIRECTOR])
def test_a_provider_plans_no_visit(editions, role):
    provider = make.provider()
    with pytest.raises(PermissionDenied):
        make.planned_visit(provider, by=make.acting(role, provider))


def test_an_unannounced_visit_is_hidden_until_it_took_place(editions):
    quiet, known = make.planned_visit(announced=False), make.planned_visit()
    for visit, seen in ((quiet, False), (known, True)):
        officer = make.quality_officer(visit.organisation)
        assert Visit.objects.visible_to(officer).filter(pk=visit.pk).exists() is seen
    make.step(quiet, "conduct", make.lead(quiet))
    assert Visit.objects.visible_to(make.quality_officer(quiet.organisation)).filter(pk=quiet.pk).exists()
    council = make.acting(Role.COUNCIL_MEMBER, known.organisation)
    assert not Visit.objects.visible_to(council).exists()
