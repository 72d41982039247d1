"""What goes into spreadsheets: typed text may not become a formula there."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def harmless(text: str) -> str:
    """The text, with an apostrophe before what a spreadsheet would calculate (OWASP: CSV injection)."""
    return f"'{text}" if text.startswith(FORMULA) else text
