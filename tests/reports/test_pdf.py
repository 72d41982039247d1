"""The file is what it says: valid for archive and accessibility, and carrying its own data."""

import io
import itertools
import re
import zlib
from functools import cache
from pathlib import Path
from typing import Any

import page
import pypdf
import pytest

from assessments.canonical import canonical_json, sha256_hex
from reports import pdf
from reports.content import parse
from tests.reports import samples

STREAM = re.compile(rb"/Length (\d+)\b[^>]*>>\s*stream\r?\n")
# page-validation 0.11 takes a compressed stream whose last byte looks like a line end for one too short.
FALSE_ALARM = "PDFA3A-STREAM-LENGTH-001"


def make(content: dict[str, Any]) -> tuple[str, pdf.Pdf]:
    data = canonical_json(content)
    html = pdf.render_html(parse(content), sha256_hex(data))
    return html, pdf.render_pdf(html, data)


@cache
def sample(name: str) -> tuple[str, pdf.Pdf]:
    """One of the sample contents, rendered once per run."""
    return make(getattr(samples, name)())


def faults(data: bytes) -> list[str]:
    """Every rule of PDF/A-3a and PDF/UA-1 that the file breaks."""
    failures = [
        failure
        for profile in ("3a", "ua1")
        for failure in page.validate_pdf_bytes(data, profile=profile).failures
    ]
    return [
        f"{f.rule_id}: {f.message}" for f in failures if f.rule_id != FALSE_ALARM or not lengths_hold(data)
    ]


def lengths_hold(data: bytes) -> bool:
    """Each stream ends exactly where its /Length says."""
    ends = (match.end() + int(match[1]) for match in STREAM.finditer(data))
    return all(data[end : end + 10] == b"\nendstream" for end in ends)


def streams(data: bytes) -> list[bytes]:
    """The decompressed streams of a file, those of fonts and pages included."""
    raw = (data[match.end() : match.end() + int(match[1])] for match in STREAM.finditer(data))
    return [zlib.decompress(part) if part[:1] == b"x" else part for part in raw]


@pytest.mark.parametrize("name", ["full", "concept", "bare", "extreme", "hostile"])
def test_every_report_is_archivable_and_accessible(name: str):
    _, made = sample(name)
    assert faults(made.data) == []
    assert made.pages == page.validate_pdf_bytes(made.data, profile="ua1").document.page_count


def test_the_file_carries_exactly_the_data_of_its_hash():
    _, made = sample("full")
    data = canonical_json(samples.full())
    assert data in streams(made.data)
    assert b"gegevens.json" in b"".join(streams(made.data))


def test_the_same_content_gives_the_same_file():
    assert make(samples.full())[1].data == sample("full")[1].data


def overprinted(data: bytes) -> list[tuple[int, str, str]]:
    """Page and texts that begin in one place, less than half a line apart.

    Parts of one line in several fonts are given at the very same place and do not count.
    """
    found = []
    for number, leaf in enumerate(pypdf.PdfReader(io.BytesIO(data)).pages, start=1):
        runs: list[tuple[float, float, float, str]] = []

        def see(text: str, cm: list[float], tm: list[float], _font: object, size: float) -> None:
            if text.strip():
                x, y = tm[4], tm[5]
                place = (cm[0] * x + cm[2] * y + cm[4], cm[1] * x + cm[3] * y + cm[5])
                runs.append((*place, abs(size * tm[3] * cm[3]), text.strip()))  # noqa: B023

        leaf.extract_text(visitor_text=see)
        for (x, y, size, text), (x2, y2, size2, text2) in itertools.combinations(runs, 2):
            if abs(x - x2) < 1 and 0.05 < abs(y - y2) < min(size, size2) / 2:
                found.append((number, text, text2))
    return found


@pytest.mark.parametrize("name", ["full", "extreme", "hostile", "labelled"])
def test_nothing_is_printed_over_something_else(name: str):
    assert overprinted(sample(name)[1].data) == []


def test_wlz_words_stay_whole_and_lines_stay_full():
    content = samples.full()
    begin = "Wij zagen: "
    content["provider_text"] = "\n".join(
        f"{begin}{'i' * n} de aanbieder geeft zijn cliënten voldoende zorg volgens de norm Wlz-zorg thuis."
        for n in range(1, 60, 3)
    )
    pages = pypdf.PdfReader(io.BytesIO(make(content)[1].data)).pages
    lines = [line.strip() for page in pages for line in (page.extract_text() or "").split("\n")]
    opening = [line for line in lines if line.startswith(begin)]
    assert len(opening) == 20
    assert min(map(len, opening)) > 50, "a line that could hold more words"
    assert not [line for line in lines if line.endswith("Wlz-")]


def test_only_our_own_fonts_are_used():
    _, made = sample("extreme")
    names = set(re.findall(rb"/FontName /[A-Z]{6}\+([\w-]+)", b"".join([made.data, *streams(made.data)])))
    assert names and all(
        name.startswith((b"Report-Serif", b"Report-Sans", b"Source", b"Atkinson")) for name in names
    )


def test_a_concept_says_so_on_the_cover_and_in_the_running_line():
    html, _ = sample("concept")
    assert '<p class="stamp"><strong>Concept, niet openbaar.</strong>' in html
    assert 'data-running="Concept, niet openbaar · Rapport V1000034' in html
    assert "niet openbaar</strong>" not in sample("full")[0]


def test_nothing_is_left_empty():
    for name in ("full", "bare", "extreme", "hostile"):
        html, _ = sample(name)
        assert not re.search(r"<(td|th|li|p|h\d)[^>]*>\s*</\1>", html)


def test_text_of_people_stays_text():
    html, _ = sample("extreme")
    assert "&lt;b&gt;&amp;amp;&lt;/b&gt; {{ 7|add:1 }}" in html


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("één ’s nachts – €", "één ’s nachts – €"),
        ("Łódź İstanbul ő", "Łódź İstanbul ő"),
        ("e\u0301e\u0301n", "één"),
        ("≥ 2 → 3", ">= 2 -> 3"),
        ("ﬁets 𝐁", "fiets B"),
        ("a\u202e\u0007\u200db", "ab"),
        ("😀", "[teken U+1F600]"),
        ("Zorg شركة الرعاية BV", "Zorg [11 tekens in Arabisch schrift] BV"),
        ("טיפול ביתי", "[9 tekens in Hebreeuws schrift]"),
        ("العناية😀١", "[7 tekens in Arabisch schrift][teken U+1F600][teken U+0661]"),
    ],
)
def test_signs_that_the_fonts_lack_are_spelled(typed: str, printed: str):
    assert pdf.printable(typed) == printed


@pytest.mark.parametrize("typed", ["＜b＞", "﹤b﹥", "\u0338 b", "＂ b=＂"])
def test_signs_that_are_spelled_never_become_markup(typed: str):
    content = samples.full()
    content["remarks"][0]["text"] = typed + content["remarks"][0]["text"]
    content["provider"]["name"] += typed
    html = pdf.render_html(parse(content), sha256_hex(canonical_json(samples.full())))
    assert shape(html) == shape(sample("full")[0])


def shape(html: str) -> list[str]:
    """The tags with their attributes, without the values of those."""
    return [re.sub(r'"[^"]*"', '""', tag) for tag in re.findall(r"<[^>]*>", html)]


def test_a_report_reads_no_other_file_of_this_machine(tmp_path: Path):
    secret = tmp_path / "secret.txt"
    secret.write_text("TOPSECRET")
    link = f'<link rel="attachment" href="{secret.as_uri()}">'
    with pytest.raises(pdf.AssetsMissing):
        pdf.render_pdf(sample("bare")[0].replace("</body>", f"{link}</body>"), b"{}")
