"""Small real files, drawn here, as evidence of invented providers."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw, ImageFont

PAGE = (827, 1169)  # A4 at 100 dots per inch
TITLE, TEXT = ImageFont.load_default(34), ImageFont.load_default(20)


def upload(name: str, title: str, lines: list[str]) -> SimpleUploadedFile:
    """A one-page file with a title and lines of text; PDF or PNG, as its name says."""
    page = Image.new("RGB", PAGE, "white")
    draw = ImageDraw.Draw(page)
    draw.text((80, 90), title, "#15323a", TITLE)
    draw.line((80, 150, PAGE[0] - 80, 150), "#b9c1c1", 2)
    for number, line in enumerate(lines):
        draw.text((80, 180 + 36 * number), line, "#1c2528", TEXT)
    content = BytesIO()
    page.save(content, "PDF" if name.endswith(".pdf") else "PNG", resolution=100)
    return SimpleUploadedFile(name, content.getvalue())
