"""What may be uploaded as evidence, how it is kept, and who may open it."""

import io
import zipfile

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from assessments import files
from assessments.errors import WrongState
from assessments.models import EvidenceLink, EvidenceRevision
from providers.actor import ANONYMOUS
from providers.models import Role
from tests import factories as make

pytestmark = pytest.mark.usefixtures("private_folder")
ODT = "application/vnd.oasis.opendocument.text"


def image(kind: str, size=(8, 8), **options) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", size, "white").save(content, kind, **options)
    return content.getvalue()


def archive(*entries: tuple[str, str], compression=zipfile.ZIP_DEFLATED) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", compression) as packed:
        for name, text in entries:
            packed.writestr(name, text)
    return content.getvalue()


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    # The type that a browser claims is no evidence of anything, so here it always lies.
    return SimpleUploadedFile(name, content, content_type="text/html")


PDF = image("PDF")
DOCX = archive(("[Content_Types].xml", "<Types/>"), ("word/document.xml", "<document/>"))
XLSX = archive(("[Content_Types].xml", "<Types/>"), ("xl/workbook.xml", "<workbook/>"))
BROKEN_LZMA = bytearray(archive(("mimetype", ODT), compression=zipfile.ZIP_LZMA))
BROKEN_LZMA[60] ^= 255
TEXT = archive(("mimetype", ODT), ("content.xml", "<office/>"), compression=zipfile.ZIP_STORED)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("beleid.pdf", PDF, "application/pdf"),
        ("BELEID.PDF", PDF, "application/pdf"),
        ("verslag.docx", DOCX, files.TYPES["docx"]),
        ("rooster.xlsx", XLSX, files.TYPES["xlsx"]),
        ("brief.odt", TEXT, ODT),
        ("foto.jpg", image("JPEG"), "image/jpeg"),
        ("foto.jpeg", image("JPEG"), "image/jpeg"),
        ("schema.png", image("PNG"), "image/png"),
        ("beleid.2026.definitief.pdf", PDF, "application/pdf"),
        ("é’n ’naam’ met spaties & <tekens>.pdf", PDF, "application/pdf"),
    ],
)
def test_what_is_allowed_is_known_by_its_content(name, content, kind):
    assert files.check_upload(upload(name, content)) == kind


def test_a_photo_of_a_telephone_with_two_pictures_in_it_is_a_jpeg():
    second = Image.new("RGB", (8, 8), "black")
    content = image("MPO", save_all=True, append_images=[second])
    assert files.check_upload(upload("IMG_0001.jpg", content)) == "image/jpeg"


BROKEN_DEFLATE = bytearray(archive(("mimetype", ODT * 2)))
BROKEN_DEFLATE[40:44] = b"\xff\xff\xff\xff"
# One entry more than a document can need. The last one would tell what it is.
CROWDED = archive(*((str(n), "") for n in range(files.ENTRIES_MAX)), ("word/document.xml", "<document/>"))
BAD_NAME = archive(("é", "x")).replace("é".encode(), b"\xff\xfe")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("beleid.pdf", image("PNG")),
        ("beleid.pdf", DOCX),
        ("beleid.pdf", b"<html><script>alert(1)</script></html>"),
        ("beleid.pdf", b"MZ\x90\x00" + b"\x00" * 100),
        ("beleid.pdf", b" %PDF-1.7"),
        ("foto.jpg", image("PNG")),
        ("foto.png", image("JPEG")),
        ("foto.png", image("GIF")),
        ("foto.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 40),
        ("foto.jpg", b"\xff\xd8\xff\xe0"),
        ("foto.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("verslag.docx", XLSX),
        ("rooster.xlsx", DOCX),
        ("verslag.docx", archive(("readme.txt", "x"))),
        ("verslag.docx", DOCX[:-30]),
        ("verslag.docx", b"PK\x03\x04"),
        ("brief.odt", archive(("mimetype", "application/epub+zip"))),
        ("brief.odt", archive(("mimetype", ODT + " " * 5_000_000))),
        ("brief.odt", bytes(BROKEN_DEFLATE)),
        ("brief.odt", BAD_NAME),
        ("brief.odt", bytes(BROKEN_LZMA)),
        ("beleid.pdf", b"x"),
        ("verslag.docx", archive(("word/document.xml", "<document/>"), ("word/vbaProject.bin", "x"))),
        ("rooster.xlsx", archive(("xl/workbook.xml", "<workbook/>"), ("XL/VBAPROJECT.BIN", "x"))),
        ("verslag.docx", CROWDED),
    ],
)
def test_content_that_is_not_its_type_is_refused(name, content):
    with pytest.raises(
        ValidationError, match=f"De inhoud van ‘{name}’ is geen {name[-4:].lstrip('.').upper()}"
    ):
        files.check_upload(upload(name, content))


@pytest.mark.parametrize(
    "name",
    [
        "macro.docm",
        "virus.exe",
        "beleid.pdf.exe",
        "pagina.html",
        "plaatje.svg",
        "plaatje.gif",
        "archief.zip",
        "geen",
    ],
)
def test_other_kinds_are_refused_by_name_even_with_good_content(name):
    with pytest.raises(ValidationError, match="Kies PDF, DOCX, XLSX, ODT, JPEG of PNG"):
        files.check_upload(upload(name, PDF))


def test_an_empty_file_is_refused():
    with pytest.raises(ValidationError, match="‘leeg.pdf’ is leeg"):
        files.check_upload(upload("leeg.pdf", b""))


def test_the_limit_is_25_megabytes_to_the_byte(settings):
    limit = 25 * 1024 * 1024
    assert limit == settings.UPLOAD_MAX_BYTES
    fits = upload("groot.pdf", PDF.ljust(limit, b"\0"))
    assert files.check_upload(fits) == "application/pdf"
    with pytest.raises(
        ValidationError, match="‘groot.pdf’ is 25,1 MB. Kies een bestand van 25 MB of kleiner"
    ):
        files.check_upload(upload("groot.pdf", PDF.ljust(limit + 1, b"\0")))


def test_a_picture_that_unpacks_to_a_billion_pixels_is_refused():
    bomb = image("PNG")
    header = bomb.index(b"IHDR")
    size = (60_000).to_bytes(4, "big") * 2
    bomb = bomb[: header + 4] + size + bomb[header + 12 :]
    with pytest.raises(ValidationError, match="is geen PNG"):
        files.check_upload(upload("bom.png", bomb))


def test_a_small_archive_that_unpacks_to_very_much_is_never_unpacked():
    """A bomb is only listed: what is inside stays packed."""
    bomb = archive(("word/document.xml", "0" * 200_000_000))
    assert len(bomb) < 300_000
    assert files.check_upload(upload("bom.docx", bomb)) == files.TYPES["docx"]


def test_a_long_name_is_shortened_in_the_message():
    name = "a" * 200 + ".pdf"
    with pytest.raises(ValidationError) as refused:
        files.check_upload(upload(name, b"x"))
    assert "…" in refused.value.message
    assert len(refused.value.message) < 200


# --- keeping


@pytest.fixture
def draft(editions):
    return make.draft_revision()


def attach(revision, code="W1", content=PDF, name="beleid.pdf", by=None) -> EvidenceLink:
    by = by or make.quality_officer(revision.organisation)
    return files.attach_evidence(revision.pk, make.item(code), upload(name, content), by=by)


@pytest.mark.django_db
def test_an_upload_is_kept_privately_with_its_hash(draft, private_folder):
    link = attach(draft, name="../../etc/beleid’s <b>.pdf")
    kept = link.evidence_revision
    assert kept.file.read() == PDF
    assert (kept.size, kept.content_type, kept.name) == (len(PDF), "application/pdf", "beleid’s <b>.pdf")
    on_disk = [path for path in private_folder.rglob("*") if path.is_file()]
    assert [path.name for path in on_disk] == [str(kept.file).rpartition("/")[2]]
    assert "beleid" not in str(kept.file)
    assert (link.revision, link.organisation) == (draft, draft.organisation)


@pytest.mark.django_db
def test_the_same_content_is_kept_once_and_used_under_many_items(draft, private_folder):
    first = attach(draft, "W1")
    again = attach(draft, "W1", name="kopie.pdf")
    elsewhere = attach(draft, "W2", name="kopie.pdf")
    assert first == again
    assert elsewhere.evidence_revision == first.evidence_revision
    assert len([path for path in private_folder.rglob("*") if path.is_file()]) == 1


@pytest.mark.django_db
def test_another_provider_with_the_same_content_has_its_own_file(draft):
    other = make.draft_revision()
    assert attach(draft).evidence_revision != attach(other).evidence_revision


@pytest.mark.django_db
def test_only_editors_of_a_draft_attach_and_detach(draft):
    link = attach(draft)
    strangers = [
        make.quality_officer(make.provider()),
        make.acting(Role.COUNCIL_MEMBER, draft.organisation),
        make.inspector(),
        ANONYMOUS,
    ]
    for stranger in strangers:
        with pytest.raises(PermissionDenied):
            attach(draft, by=stranger)
        with pytest.raises(PermissionDenied):
            files.detach_evidence(link, by=stranger)
    files.detach_evidence(link, by=make.director(draft.organisation))
    assert not EvidenceLink.objects.exists()
    assert EvidenceRevision.objects.count() == 1


@pytest.mark.django_db
def test_after_offering_evidence_stays_as_it_is(draft):
    link = attach(draft)
    make.answer(draft, make.item("W1"), "meets")
    make.REVISION.perform(draft.pk, "offer", by=make.quality_officer(draft.organisation))
    with pytest.raises(WrongState):
        attach(draft, "W2", image("PNG"), "schema.png")
    with pytest.raises(WrongState):
        files.detach_evidence(link, by=make.quality_officer(draft.organisation))


@pytest.mark.django_db
def test_a_refused_upload_leaves_nothing(draft, private_folder):
    with pytest.raises(ValidationError):
        attach(draft, content=b"x")
    assert not EvidenceRevision.objects.exists()
    assert not [path for path in private_folder.rglob("*") if path.is_file()]


@pytest.mark.django_db
def test_who_may_open_evidence_before_and_after_handing_in(editions):
    region = make.region()
    revision = make.answered_revision(make.provider(regions=[region]))
    file = attach(revision).evidence_revision
    seen = {
        "own": make.quality_officer(revision.organisation),
        "director": make.director(revision.organisation),
        "council": make.acting(Role.COUNCIL_MEMBER, revision.organisation),
        "other": make.quality_officer(make.provider()),
        "inspector": make.inspector(),
        "care office": make.acting(Role.CARE_OFFICE_OFFICER, make.care_office([region])),
        "portal": make.acting(Role.PORTAL_ADMIN, make.portal()),
        "nobody": ANONYMOUS,
    }

    def open_to() -> set[str]:
        return {name for name, by in seen.items() if file in EvidenceRevision.objects.visible_to(by)}

    assert open_to() == {"own", "director"}
    make.REVISION.perform(revision.pk, "offer", by=seen["own"])
    assert open_to() == {"own", "director"}
    make.sign(revision.pk, 2022, by=seen["director"])
    assert open_to() == {"own", "director", "inspector"}
