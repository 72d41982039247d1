"""Edits per field: repeats, clashes, and what somebody else's row or a bad value does."""

import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from assessments.errors import WrongState
from assessments.field_edits import FINDING, JUDGEMENT, Edit, apply_edits
from assessments.models import FieldEdit, Finding, Judgement
from norms.models import Item
from providers.actor import ANONYMOUS, SYSTEM
from providers.models import Role
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(editions):
    return make.conducted_visit()


@pytest.fixture
def colleague(visit):
    return make.member(visit, name="Hanneke de Boer")


def about(field, value, *, key=None, base=0, edit_id=None, kind=FINDING, **place) -> Edit:
    return Edit(edit_id or uuid.uuid4(), kind, key or uuid.uuid4(), field, base, value, **place)


def judging(field, value, code="W2", *, base=0, common=True, **kwargs) -> Edit:
    item = make.item(code).pk
    return about(field, value, base=base, kind=JUDGEMENT, item_id=item, common=common, **kwargs)


def apply(visit, *edits, by=None) -> list[str]:
    return [outcome.result for outcome in apply_edits(visit.pk, edits, by=by or make.lead(visit))]


def test_a_finding_is_made_by_its_first_edits(visit):
    key, items = uuid.uuid4(), sorted([make.item("W2").pk, make.item("W2.4").pk])
    results = apply(
        visit,
        about("source", "record", key=key),
        about("text", " In de nacht\r\nkomt niemand. ", key=key),
        about("items", items[::-1], key=key),
    )
    assert results == ["saved"] * 3
    finding = Finding.objects.get()
    assert (finding.pk, finding.source, finding.text) == (key, "record", "In de nacht\nkomt niemand.")
    assert sorted(finding.items.values_list("pk", flat=True)) == items
    assert finding.versions == {"source": 1, "text": 1, "items": 1}
    assert (finding.author, finding.organisation) == (make.lead(visit).user, visit.organisation)


def test_every_change_is_kept_with_who_made_it(visit, colleague):
    finding = make.finding(visit)
    apply(visit, about("text", "Aangevuld.", key=finding.pk, base=1), by=colleague)
    texts = FieldEdit.objects.filter(object_id=finding.pk, field="text").order_by("version")
    assert list(texts.values_list("version", "base_version", "value", "author__name")) == [
        (1, 0, "In de nacht komt er niemand.", make.lead(visit).person.name),
        (2, 1, "Aangevuld.", "Hanneke de Boer"),
    ]


def test_a_repeated_edit_is_written_once(visit):
    edit = about("text", "Een feit.", key=uuid.uuid4())
    assert apply(visit, edit) == ["saved"]
    assert apply(visit, edit) == ["repeated"]
    assert apply(visit, about("text", "Een feit.", base=0, edit_id=edit.id, key=edit.object_id)) == [
        "repeated"
    ]
    assert FieldEdit.objects.count() == 1


def test_the_same_edit_twice_in_one_batch_is_written_once(visit):
    edit = about("text", "Een feit.")
    assert apply(visit, edit, edit) == ["saved", "repeated"]
    assert FieldEdit.objects.count() == 1


def test_an_old_page_with_another_text_is_a_conflict_and_not_a_repeat(visit):
    """The back button brings a page with its old edit ids; what is typed there may not vanish."""
    first = about("text", "Een feit.")
    apply(visit, first)
    again = about("text", "Een ander feit.", edit_id=first.id, key=first.object_id)
    assert apply(visit, again) == ["conflict"]
    assert Finding.objects.get().text == "Een feit."
    chosen = about("text", "Een ander feit.", edit_id=first.id, key=first.object_id, base=1)
    assert apply(visit, chosen) == ["saved"]
    assert Finding.objects.get().text == "Een ander feit."


def test_a_clash_keeps_the_stored_value_and_names_the_other(visit, colleague):
    finding = make.finding(visit, text="Eerste")
    apply(visit, about("text", "Van Hanneke", key=finding.pk, base=1), by=colleague)
    lost, kept = apply_edits(
        visit.pk,
        [
            about("text", "Van mij", key=finding.pk, base=1),
            about("source", "document", key=finding.pk, base=1),
        ],
        by=make.lead(visit),
    )
    assert (lost.result, lost.version, lost.current, lost.other_author) == (
        "conflict",
        2,
        "Van Hanneke",
        "Hanneke de Boer",
    )
    assert kept.result == "saved"
    finding.refresh_from_db()
    assert (finding.text, finding.source) == ("Van Hanneke", "document")


def test_the_same_value_and_an_untouched_one_are_no_clash(visit, colleague):
    finding = make.finding(visit, text="Eerste")
    apply(visit, about("text", "Tweede", key=finding.pk, base=1), by=colleague)
    assert apply(visit, about("text", "Tweede", key=finding.pk, base=1)) == ["same"]
    assert apply(visit, about("text", "Eerste", key=finding.pk, base=1)) == ["same"]
    finding.refresh_from_db()
    assert finding.text == "Tweede"


def test_a_field_that_never_was_cannot_have_been_seen(visit):
    assert apply(visit, about("text", "Een feit.", base=4)) == ["conflict"]
    assert not Finding.objects.exists()


# --- judgements


def test_each_inspector_judges_and_the_team_once(visit, colleague):
    apply(visit, judging("level", "meets", common=False))
    apply(visit, judging("level", "fails", common=False), by=colleague)
    apply(visit, judging("level", "largely_fails"), by=colleague)
    levels = {
        (row.author.name if row.author else None): row.level for row in Judgement.objects.filter(visit=visit)
    }
    assert levels == {
        make.lead(visit).person.name: "meets",
        "Hanneke de Boer": "fails",
        None: "largely_fails",
    }


def test_two_devices_that_begin_a_common_judgement_meet_in_one(visit, colleague):
    assert apply(visit, judging("level", "fails")) == ["saved"]
    assert apply(visit, judging("level", "meets"), by=colleague) == ["conflict"]
    assert apply(visit, judging("reason", "Er komt niemand."), by=colleague) == ["saved"]
    row = Judgement.objects.get(visit=visit, author=None)
    assert (row.level, row.reason, row.versions) == ("fails", "Er komt niemand.", {"level": 1, "reason": 1})


def test_edits_of_one_judgement_under_two_ids_in_one_batch_all_stay(visit):
    first, second = uuid.uuid4(), uuid.uuid4()
    results = apply(
        visit,
        judging("level", "fails", key=first),
        judging("reason", "Er komt niemand.", key=second),
        judging("findings", [str(make.finding(visit).pk)], key=first),
    )
    assert results == ["saved"] * 3
    row = Judgement.objects.get(visit=visit)
    assert (row.level, row.reason, row.findings.count()) == ("fails", "Er komt niemand.", 1)


def test_a_judgement_cites_findings_of_this_visit_only(visit):
    own, foreign = make.finding(visit), make.finding(make.conducted_visit())
    apply(visit, judging("findings", [str(own.pk), str(foreign.pk)]))
    assert list(Judgement.objects.get().findings.all()) == [own]


@pytest.mark.parametrize("code", ["W1.1", "A1"])
def test_only_what_the_inspectorate_judges_can_be_judged(visit, code):
    item = make.item(code, make.ADDENDUM if code == "A1" else make.IGJ)
    with pytest.raises(ValidationError):
        apply(visit, about("level", "meets", kind=JUDGEMENT, item_id=item.pk, common=True))
    assert not Judgement.objects.exists()


def test_a_judgement_with_the_id_of_another_does_not_replace_it(visit):
    """The id comes from the client: it may not move another visit's judgement, nor the team's."""
    other = make.conducted_visit()
    foreign = make.judge(other, "W2", "meets", "Van een ander bezoek.")
    with pytest.raises(PermissionDenied):
        apply(visit, judging("level", "fails", key=foreign.pk))
    common = make.judge(visit, "W1", "meets", "Van het team.")
    with pytest.raises(PermissionDenied):
        apply(visit, judging("level", "fails", "W1", key=common.pk, common=False))
    foreign.refresh_from_db()
    common.refresh_from_db()
    assert (foreign.visit, foreign.level) == (other, "meets")
    assert (common.author, common.level) == (None, "meets")


# --- who and when


def test_a_finding_of_another_visit_is_not_touched(visit):
    foreign = make.finding(make.conducted_visit(), text="Elders")
    with pytest.raises(PermissionDenied):
        apply(visit, about("text", "Hier", key=foreign.pk, base=1))
    foreign.refresh_from_db()
    assert foreign.text == "Elders"


def test_only_the_team_writes(visit):
    outsiders = [
        make.actor(make.person(Role.INSPECTOR, make.inspectorate())),
        make.coordinator(),
        make.quality_officer(visit.organisation),
        make.director(visit.organisation),
        make.acting(Role.CARE_OFFICE_OFFICER, make.care_office()),
        make.acting(Role.PORTAL_ADMIN, make.portal()),
        ANONYMOUS,
        SYSTEM,
    ]
    for outsider in outsiders:
        with pytest.raises(PermissionDenied):
            apply(visit, about("text", "Een feit."), by=outsider)
    assert not Finding.objects.exists()


def test_a_member_who_left_the_inspectorate_writes_no_more(visit, colleague):
    colleague.user.memberships.all().update(valid_until="2021-01-01")
    with pytest.raises(PermissionDenied):
        apply(visit, about("text", "Een feit."), by=make.actor(colleague.user))


def test_a_visit_that_is_with_the_provider_is_not_written(editions):
    visit = make.concept_visit()
    with pytest.raises(WrongState, match="Ter reactie"):
        apply(visit, about("text", "Een feit."))


def test_after_the_reaction_texts_are_corrected_and_nothing_is_added(editions):
    visit = make.reacted_visit()
    finding = visit.findings.get()
    assert apply(visit, about("text", "Verbeterd.", key=finding.pk, base=1)) == ["saved"]
    with pytest.raises(ValidationError, match="niets toevoegen"):
        apply(visit, about("text", "Nieuw."))
    with pytest.raises(ValidationError, match="niets toevoegen"):
        apply(visit, about("items", [make.item("W1").pk], key=finding.pk, base=1))


# --- bad values


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("source", "rumour"),
        ("source", ""),
        ("source", None),
        ("source", ["record"]),
        ("text", ""),
        ("text", "  \n"),
        ("text", None),
        ("text", {"a": 1}),
        ("text", "x" * 10_001),
        ("items", []),
        ("items", None),
        ("items", "W2"),
        ("items", ["W2"]),
        ("items", [10**12]),
        ("items", {"a": 1}),
        ("versions", {"text": 9}),
        ("organisation", 1),
        ("author_id", 1),
        ("", "x"),
    ],
)
def test_a_bad_value_in_a_finding_writes_nothing(visit, field, value):
    with pytest.raises(ValidationError):
        apply(visit, about("text", "Goed.", key=uuid.uuid4()), about(field, value))
    assert not Finding.objects.exists()
    assert not FieldEdit.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("level", "not_applicable"),  # the provider's own value
        ("level", ""),
        ("level", None),
        ("level", ["meets"]),
        ("reason", 5),
        ("reason", "x" * 10_001),
        ("findings", "abc"),
        ("findings", None),
        ("findings", ["geen-uuid"]),
        ("findings", [5]),
        ("author", None),
        ("source", "record"),
    ],
)
def test_a_bad_value_in_a_judgement_writes_nothing(visit, field, value):
    with pytest.raises(ValidationError):
        apply(visit, judging(field, value))
    assert not Judgement.objects.exists()


def test_an_item_of_an_edition_outside_the_visit_is_left_out(visit):
    outside = make.item("A1", make.ADDENDUM)
    with pytest.raises(ValidationError, match="bij welk criterium"):
        apply(visit, about("items", [outside.pk]))
    apply(visit, about("items", [outside.pk, make.item("W1").pk]))
    assert [item.code for item in Item.objects.filter(pk__in=Finding.objects.get().items.all())] == ["W1"]


def test_an_unknown_kind_is_refused(visit):
    with pytest.raises(ValidationError):
        apply(visit, about("text", "Een feit.", kind="visit"))


def test_a_reason_may_be_emptied_but_not_a_finding(visit):
    judged = make.judge(visit, "W2")
    apply(visit, judging("reason", "", base=1, key=judged.pk))
    judged.refresh_from_db()
    assert judged.reason == ""
