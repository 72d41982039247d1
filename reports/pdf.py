"""From content to one file that is PDF/A-3a and PDF/UA-1 and carries its own data.

WeasyPrint is imported on first use: only the worker pays for it.
"""

import atexit
import logging
import re
import unicodedata
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit
from urllib.request import url2pathname

from django.conf import settings
from django.template.loader import render_to_string

from reports.content import Report
from reports.presentation import context

if TYPE_CHECKING:
    from weasyprint.document import Document

VARIANT = "pdf/a-3a"
ATTACHMENT = "gegevens.json"
STYLESHEET = Path(settings.BASE_DIR) / "templates" / "reports" / "pdf" / "report.css"
# All that a report may read from this machine.
FOLDERS = (STYLESHEET.parent.resolve(), (Path(settings.BASE_DIR) / "static" / "vendor" / "fonts").resolve())

# PDF/A asks that every metadata namespace outside its own list is described in the file itself.
PDF_UA_METADATA = b"""
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
    xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
  <pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
    <pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
    <pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
    <pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
    <pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
      <pdfaProperty:name>part</pdfaProperty:name>
      <pdfaProperty:valueType>Integer</pdfaProperty:valueType>
      <pdfaProperty:category>internal</pdfaProperty:category>
      <pdfaProperty:description>Part of ISO 14289 to which the file conforms</pdfaProperty:description>
    </rdf:li></rdf:Seq></pdfaSchema:property>
  </rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""

# Signs that people type and our fonts lack, in signs that they have.
STAND_INS = str.maketrans({"≥": ">=", "≤": "<=", "→": "->", "←": "<-", "‑": "-", "\t": " "})


class Pdf(NamedTuple):
    """A finished file."""

    data: bytes
    pages: int


class AssetsMissing(OSError):
    """A font or mark of the report cannot be read here; without it the file would not be right."""


def render_html(report: Report, sha256: str) -> str:
    """The report as one HTML document for print; `sha256` is the hash of its content."""
    return render_to_string("reports/pdf/report.html", context(printable_content(report), sha256))


def render_pdf(html: str, data: bytes) -> Pdf:
    """The PDF of `html` with `data` attached as gegevens.json. Raises AssetsMissing."""
    for chatty in ("weasyprint.progress", "fontTools"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    from weasyprint.urls import FatalURLFetchingError

    try:
        return _render(html, data)
    except FatalURLFetchingError as fault:  # not an Exception: it would take the worker down
        raise AssetsMissing(str(fault)) from fault


def _render(html: str, data: bytes) -> Pdf:
    from weasyprint import HTML, Attachment

    font_config, stylesheet, fetcher = _press()
    document = HTML(string=html, base_url=str(STYLESHEET), url_fetcher=fetcher).render(
        stylesheets=[stylesheet], font_config=font_config, pdf_variant=VARIANT
    )
    # The report's own day, not today: the same content gives the same file.
    day = datetime.fromisoformat(document.metadata.created or "1970-01-01")
    attachment = Attachment(
        string=data,
        name=ATTACHMENT,
        description="De inhoud van dit rapport als gegevens",
        created=day,
        modified=day,
        relationship="Source",
    )
    document.metadata.attachments.append(attachment)
    _claim_pdf_ua(document)
    return Pdf(document.write_pdf(pdf_variant=VARIANT, finisher=_scope_header_cells), len(document.pages))


def printable(text: str) -> str:
    """Plain text in signs that the report's fonts have: a missing sign would make the file invalid."""
    text = unicodedata.normalize("NFC", text).translate(STAND_INS)
    text = _foreign_words().sub(lambda match: _name_script(match[0]), text)
    return _unprintable().sub(lambda match: _spell(match[0]), text)


def printable_content(value: Any) -> Any:
    """The content with every text printable. Before it is HTML, because a spelled sign can be a '<'."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, tuple):
        return tuple(printable_content(entry) for entry in value)
    if is_dataclass(value) and not isinstance(value, type):
        texts = {field.name: printable_content(getattr(value, field.name)) for field in fields(value)}
        return replace(value, **texts)
    return value


def _spell(sign: str) -> str:
    if unicodedata.category(sign)[0] == "C" or "VARIATION SELECTOR" in unicodedata.name(sign, ""):
        return ""
    plain = unicodedata.normalize("NFKC", sign)
    return plain if not _unprintable().search(plain) else f"[teken U+{ord(sign):04X}]"


SCRIPTS = {
    "ARABIC": "Arabisch",
    "HEBREW": "Hebreeuws",
    "CYRILLIC": "Cyrillisch",
    "GREEK": "Grieks",
    "CJK": "Chinees",
    "HIRAGANA": "Japans",
    "KATAKANA": "Japans",
    "HANGUL": "Koreaans",
}


def _name_script(words: str) -> str:
    """Words in a script that the fonts lack, as what they are; the data in the file has them whole."""
    script = SCRIPTS.get(unicodedata.name(words[0], "").split(" ")[0])
    letters = words.replace(" ", "")
    if script is None or any(unicodedata.category(sign)[0] not in "LM" for sign in letters):
        return words
    return f"[{len(letters)} tekens in {script} schrift]"


@cache
def _foreign_words() -> re.Pattern[str]:
    # Letters, with the marks that Arabic, Hebrew and Japanese write on them; signs and figures are no words.
    letter = r"(?=[^\W\d_]|[\u0591-\u05C7\u0610-\u061A\u064B-\u065F\u0670\u06D6-\u06ED\u3099])"
    missing = f"(?:{letter}{_unprintable().pattern}){{3,}}"
    return re.compile(f"{missing}(?: {missing})*")


@cache
def _unprintable() -> re.Pattern[str]:
    """Every sign that one of the fonts' regular faces does not cover."""
    from fontTools.ttLib import TTFont

    covered = []
    for family in ("Report Serif", "Report Sans"):
        faces = [TTFont(path) for path in _font_files(family)]
        covered.append(set().union(*(face.getBestCmap() for face in faces)))
    signs = "".join(re.escape(chr(code)) for code in sorted(set.intersection(*covered)) if code >= 32)
    return re.compile(f"[^\n{signs}]")


def _font_files(family: str) -> list[Path]:
    """The regular faces that the stylesheet names for a family and its extension."""
    rule = rf'font-family: "{family}(?: Ext)?"; font-weight: 400; src: url\("(.+?)"\)'
    files = [(STYLESHEET.parent / name).resolve() for name in re.findall(rule, STYLESHEET.read_text())]
    for path in files:
        if not path.is_file():
            raise AssetsMissing(f"Lettertype ontbreekt: {path.name}")
    return files


@cache
def _press() -> tuple[Any, Any, Any]:
    """What every report shares: fonts, style and a fetcher that reads our own files only."""
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

    class OwnFiles(URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> Any:
            path = Path(url2pathname(urlsplit(url).path)).resolve()
            if not any(path.is_relative_to(folder) for folder in FOLDERS):
                raise ValueError(f"not a file of the report: {url}")
            return super().fetch(url, headers)

    _unprintable()  # says so when the fonts are not installed; WeasyPrint would only log it
    font_config = FontConfiguration()
    # Dropped before the interpreter takes the modules apart that its clean-up needs.
    atexit.register(_press.cache_clear)
    fetcher = OwnFiles(allowed_protocols={"file"}, fail_on_errors=True)
    return font_config, CSS(filename=STYLESHEET, font_config=font_config, url_fetcher=fetcher), fetcher


def _claim_pdf_ua(document: "Document") -> None:
    """Add the PDF/UA claim to the PDF/A metadata, and leave that stream readable as PDF/A-3 wants."""
    metadata = document.metadata
    generate, include = metadata.generate_rdf_metadata, metadata.include_in_pdf

    def generate_with_claim(*args: object) -> bytes:
        return generate(*args).replace(b"</rdf:RDF>", PDF_UA_METADATA + b"</rdf:RDF>")

    def include_uncompressed(pdf: Any, variant: str, version: int, conformance: str, compress: bool) -> None:
        include(pdf, variant, version, conformance, compress=False)

    metadata.generate_rdf_metadata = generate_with_claim
    metadata.include_in_pdf = include_uncompressed


def _scope_header_cells(document: "Document", pdf: Any) -> None:
    """Say of each header cell what it heads; WeasyPrint leaves that out."""
    entries: list[Any] = [entry for entry in pdf.objects if isinstance(entry, dict) and entry.get("S")]
    elements = {entry.reference: entry for entry in entries}
    for cell in elements.values():
        if cell["S"] == "/TH":
            group = elements[elements[cell["P"]]["P"]]["S"]
            cell["A"]["Scope"] = "/Column" if group == "/THead" else "/Row"
