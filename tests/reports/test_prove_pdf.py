"""A second opinion on the same files, by another validator: slow, and with a JVM."""

import pytest

from tests.reports.test_own_documents import own_pdfs
from tests.reports.test_pdf import sample

pytestmark = pytest.mark.prove


@pytest.mark.parametrize("flavour", ["3a", "ua1"])
@pytest.mark.parametrize("name", ["full", "concept", "bare", "extreme", "hostile"])
def test_verapdf_agrees(name: str, flavour: str):
    from tests.reports import verapdf  # here, so that the daily run needs no JVM

    assert verapdf.faults(sample(name)[1].data, flavour) == []


@pytest.mark.django_db
def test_verapdf_agrees_on_what_a_provider_makes():
    from tests.reports import verapdf

    for name, data in own_pdfs().items():
        for flavour in ("3a", "ua1"):
            assert verapdf.faults(data, flavour) == [], (name, flavour)


def test_verapdf_sees_a_fault():
    from tests.reports import verapdf

    data = sample("bare")[1].data
    assert verapdf.faults(data.replace(b'pdfuaid:part="1"', b'pdfuaid:part="7"'), "ua1") != []
