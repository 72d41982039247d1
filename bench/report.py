"""The report as PDF, beside a bare document: the same words and tables without our style and figures."""

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings

from assessments.canonical import canonical_json, sha256_hex
from bench.browser import Wrong
from reports import content, pdf

FONT = (
    "static/vendor/fonts/atkinson-hyperlegible-next-static/atkinson-hyperlegible-next-latin-400-normal.woff2"
)
STYLE = """
@font-face {{ font-family: Bare; src: url("{font}"); }}
@page {{ size: A4; margin: 25mm 20mm; }}
html {{ font: {size}pt/1.5 Bare; }}
table {{ width: 100%; table-layout: fixed; border-collapse: collapse; font-size: 90%; }}
th, td {{ text-align: left; vertical-align: top; padding: 2mm 3mm 2mm 0; }}
.chapter-start {{ break-before: page; }}
svg {{ display: none; }}
"""
SIZES = [7 + step / 8 for step in range(80)]  # pt; larger letters, more pages

Make = Callable[[], pdf.Pdf]


def portal(frozen: dict[str, Any]) -> Make:
    """Makes the report of a frozen content, as the worker does."""
    return lambda: pdf.render_pdf(_html(frozen), canonical_json(frozen))


def floor(frozen: dict[str, Any], pages: int) -> Make:
    """Makes the bare document in so many pages. Raises Wrong when no size of letters gives them."""
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    html, fonts = _html(frozen), FontConfiguration()

    def with_letters(size: float) -> Make:
        font = (settings.BASE_DIR / FONT).as_uri()
        style = CSS(string=STYLE.format(font=font, size=size), font_config=fonts)
        return lambda: make(style)

    def make(style: CSS) -> pdf.Pdf:
        document = HTML(string=html).render(stylesheets=[style], font_config=fonts, pdf_variant=pdf.VARIANT)
        return pdf.Pdf(document.write_pdf(pdf_variant=pdf.VARIANT), len(document.pages))

    low, high = 0, len(SIZES)
    while low < high:
        middle = (low + high) // 2
        found = with_letters(SIZES[middle])
        made = found().pages
        if made == pages:
            return found
        low, high = (middle + 1, high) if made < pages else (low, middle)
    raise Wrong(f"No bare document has {pages} pages")


def timed(make: Make) -> Callable[[], float]:
    def seconds() -> float:
        start = time.perf_counter()
        make()
        return time.perf_counter() - start

    return seconds


def _html(frozen: dict[str, Any]) -> str:
    return pdf.render_html(content.parse(frozen), sha256_hex(canonical_json(frozen)))
