"""What handing in freezes: a document that anybody can hash again."""

import hashlib
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from assessments import files
from assessments.canonical import canonical_json, sha256_hex
from assessments.freeze import SCHEMA, revision_content
from assessments.models import Revision
from assessments.workflow import REVISION
from tests import factories as make

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 voorbeeld"


def hand_in(revision: Revision) -> Revision:
    REVISION.perform(revision.pk, "offer", by=make.quality_officer(revision.organisation))
    make.sign(revision.pk, 2022, by=make.director(revision.organisation))
    return Revision.objects.get(pk=revision.pk)


def document(frozen: Revision) -> dict[str, Any]:
    assert frozen.content is not None
    return frozen.content


def test_canonical_json_is_one_form_whatever_the_order():
    first = canonical_json({"b": [1, None, "é’😀"], "a": {"y": "\n", "x": True}})
    assert first == '{"a":{"x":true,"y":"\\n"},"b":[1,null,"é’😀"]}'.encode()
    assert first == canonical_json({"a": {"x": True, "y": "\n"}, "b": [1, None, "é’😀"]})
    assert sha256_hex(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_the_hash_can_be_made_again_from_what_is_stored(editions):
    revision = make.answered_revision(n=30)
    make.answer(revision, make.item("W3"), "meets", "Met ‘quotes’, é, 😀\nen <b>tekens</b>", base_version=1)
    frozen = hand_in(revision)
    text = json.dumps(frozen.content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert hashlib.sha256(text.encode()).hexdigest() == frozen.sha256
    assert revision_content(frozen) == frozen.content


def test_the_document_holds_every_question_in_order(editions):
    revision = make.draft_revision(make.provider("Thuiszorg Merelveld", locations=2))
    make.answer(revision, make.item("W1"), "fails", "Er is nog geen beleid.")
    make.answer(revision, make.item("W2.T"), [{"row": "night", "follow_up": "nobody"}])
    frozen = hand_in(revision)
    content = document(frozen)
    asked = make.asked_items(frozen)
    assert [answer["item"] for answer in content["answers"]] == [item.code for item in asked]
    assert len(asked) == frozen.question_count
    by_code = {(answer["framework"], answer["item"]): answer for answer in content["answers"]}
    assert by_code["igj-wlz-thuis", "W1"]["value"] == "fails"
    assert by_code["igj-wlz-thuis", "W1"]["text"] == "Er is nog geen beleid."
    assert by_code["igj-wlz-thuis", "W2.T"]["value"] == [{"row": "night", "follow_up": "nobody"}]
    assert by_code["addendum-wlz-thuis", "A1"]["value"] is None
    assert content["schema"] == SCHEMA
    assert content["provider"]["name"] == "Thuiszorg Merelveld"
    assert [place["name"] for place in content["locations"]] == ["Team 1", "Team 2"]
    assert [edition["edition"] for edition in content["editions"]] == ["2024-09-01", "2019-01-01"]
    assert content["submitted_on"] == timezone.localdate().isoformat()
    assert content["adopted_by"] == make.director(frozen.organisation).person.name


def test_evidence_is_named_with_its_hash(editions, private_folder):
    revision = make.answered_revision()
    officer = make.quality_officer(revision.organisation)
    files.attach_evidence(revision.pk, make.item("W1"), SimpleUploadedFile("beleid.pdf", PDF), by=officer)
    content = document(hand_in(revision))
    answer = next(row for row in content["answers"] if row["item"] == "W1")
    assert answer["evidence"] == [{"name": "beleid.pdf", "sha256": hashlib.sha256(PDF).hexdigest()}]


def test_what_is_frozen_does_not_follow_the_provider(editions):
    frozen = make.submitted_revision(make.provider("Oude naam"))
    organisation = frozen.organisation
    organisation.name = "Nieuwe naam"
    organisation.save()
    frozen.refresh_from_db()
    assert document(frozen)["provider"]["name"] == "Oude naam"
    assert sha256_hex(canonical_json(frozen.content)) == frozen.sha256


@pytest.mark.parametrize("missing", ["submitted_at", "adopted_by"])
def test_the_database_knows_no_handed_in_revision_without_its_facts(editions, missing):
    frozen = make.submitted_revision()
    with pytest.raises(IntegrityError, match="revision_frozen_when_handed_in"), transaction.atomic():
        Revision.objects.filter(pk=frozen.pk).update(**{missing: None})


def test_the_database_knows_no_handed_in_revision_without_its_document(editions):
    draft = make.answered_revision()
    with pytest.raises(IntegrityError, match="revision_frozen_when_handed_in"), transaction.atomic():
        Revision.objects.filter(pk=draft.pk).update(
            status="submitted", submitted_at=timezone.now(), adopted_by=draft.created_by
        )
