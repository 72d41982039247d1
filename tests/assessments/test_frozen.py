"""What was handed in or shared cannot be changed afterwards, by whatever road."""

import pytest
from django.db import ProgrammingError, transaction

from assessments.models import ConceptVersion, Revision
from tests import factories as make

pytestmark = pytest.mark.django_db


def refused():
    return pytest.raises(ProgrammingError, match="is frozen")


def test_a_handed_in_account_keeps_its_content(editions):
    revision = make.submitted_revision()
    with refused(), transaction.atomic():
        Revision.objects.filter(pk=revision.pk).update(content={})
    with refused(), transaction.atomic():
        Revision.objects.filter(pk=revision.pk).update(sha256="0" * 64)
    with refused(), transaction.atomic():
        Revision.objects.filter(pk=revision.pk).update(sha256="")


def test_a_shared_report_keeps_its_content(editions):
    version = make.concept_visit().versions.get()
    version.content = version.content | {"summary": "Anders."}
    with refused(), transaction.atomic():
        version.save()
    ConceptVersion.objects.filter(pk=version.pk).update(opened_at=version.created_at)


def test_a_status_may_still_change(editions):
    revision = make.submitted_revision()
    revision.status = Revision.Status.SUPERSEDED
    revision.save()
    assert Revision.objects.get().status == Revision.Status.SUPERSEDED
