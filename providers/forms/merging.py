"""Forms on one row that several people may have open: nobody's change is lost without a word."""

from typing import Any, cast

from django import forms
from django.db import IntegrityError, transaction
from django.http import QueryDict

from providers.forms.fields import seen_for


class Merging(forms.BaseForm):
    """Each field also sends what stood there when the form was shown.

    What only another person changed stays as she left it. What both changed is told beside the field with
    the other's value; saving once more then means one's own. The caller holds a lock on what is changed.
    """

    # Set by `remember`.
    kept: list[str]

    def remember(self, names: list[str]) -> None:
        """Let these fields send what stood there."""
        self.kept = names
        for name in names:
            self.fields[_was(name)] = forms.CharField(
                widget=forms.HiddenInput, required=False, strip=False, initial=_text(self.initial.get(name))
            )
            seen_for(self, _was(name), name)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for name in self.kept:
            sent, now = self.data.get(_was(name)), self.initial.get(name)
            was = _text(sent)
            if sent is None or was == _text(now) or name not in cleaned:
                continue
            if _text(cleaned[name]) == was:
                cleaned[name] = now
                self._show(name, now)
            elif _text(cleaned[name]) != _text(now):
                self.add_error(
                    name,
                    f"Een collega wijzigde dit intussen in ‘{self._words(name, now)}’. "
                    f"U vulde ‘{self._words(name, cleaned[name])}’ in. "
                    "Kies wat er moet staan en sla opnieuw op.",
                )
            self._show(_was(name), _text(now))
        return cleaned

    def _show(self, name: str, value: Any) -> None:
        """Let the page that follows show this value, as if it had been sent."""
        sent = self.data = cast(QueryDict, self.data).copy()
        sent.setlist(name, value if isinstance(value, list) else [_text(value)])

    def _words(self, name: str, value: Any) -> str:
        """A value as the page shows it."""
        labels = {_text(code): str(label) for code, label in getattr(self.fields[name], "choices", ())}
        values = value if isinstance(value, list) else [value]
        return ", ".join(filter(None, (labels.get(_text(one), _text(one)) for one in values))) or "niets"


class MergingForm(Merging, forms.ModelForm):
    """The same for the fields of one row."""

    # The field and the sentence for when another row took the same at the same moment.
    taken: tuple[str, str]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Django's own fields: the others of the form are not the row's.
        self.remember([name for name in self.fields if name in self.initial] if self.instance.pk else [])

    def keep(self) -> bool:
        """Save. False, with a sentence in the form, when another row took the same at the same moment."""
        try:
            with transaction.atomic():
                self.save()
        except IntegrityError:
            self.add_error(*self.taken)
            return False
        return True


def _was(name: str) -> str:
    return f"was_{name}"


def _text(value: Any) -> str:
    """A value as a hidden field carries it; of a text that browsers send, the line ends are theirs."""
    if isinstance(value, list):
        return ",".join(map(str, value))
    return "" if value is None else str(value).replace("\r\n", "\n").replace("\r", "\n")
