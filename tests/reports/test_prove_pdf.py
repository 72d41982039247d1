"""A second opinion on the same files, by another validator: slow, and with a JVM."""

import pytest

from tests.reports.test_pdf import sample

pytestmark = pytest.mark.prove


@pytest.mark.parametrize("flavour", ["3a", "ua1"])
@pytest.mark.parametrize("name", ["full", "concept", "bare", "extreme"])
def test_verapdf_agrees(name: str, flavour: str):
    from tests.reports import verapdf  # here, so that the daily run needs no JVM

    assert verapdf.faults(sample(name)[1].data, flavour) == []


def test_verapdf_sees_a_fault():
    from tests.reports import verapdf

    data = sample("bare")[1].data
    assert verapdf.faults(data.replace(b'pdfuaid:part="1"', b'pdfuaid:part="7"'), "ua1") != []
