"""What a browser would send of a form."""

from html.parser import HTMLParser

Attributes = list[tuple[str, str | None]]


def fields(html: str) -> dict[str, str]:
    """The fields of the page's main form (data-guard) as they stand."""
    form = _Form()
    form.feed(html)
    return form.fields


class _Form(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.inside = False
        self.open = ""  # the select or textarea that is being read

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        names = dict(attrs)
        if tag == "form":
            self.inside = "data-guard" in names
        elif self.inside and tag in ("select", "textarea"):
            self.open = names.get("name") or ""
            self.fields[self.open] = ""
        elif self.inside and tag == "option" and "selected" in names:
            self.fields[self.open] = names.get("value") or ""
        elif self.inside and tag == "input" and _is_sent(names):
            self.fields[names.get("name") or ""] = names.get("value") or ""

    def handle_data(self, data: str) -> None:
        if self.open and self.lasttag == "textarea":
            self.fields[self.open] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag in ("select", "textarea"):
            self.open = ""


def _is_sent(names: dict[str, str | None]) -> bool:
    kind = names.get("type")
    return kind != "file" and (kind != "radio" or "checked" in names)
