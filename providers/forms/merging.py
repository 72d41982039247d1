"""Forms on one row that several people may have open: nobody's change is lost without a word."""

from typing import Any, cast

from django import forms
from django.db import IntegrityError, transaction
from django.http import QueryDict


class MergingForm(forms.ModelForm):
    """Each field also sends what stood there when the form was shown.

    What only another person changed stays as she left it. What both changed is told beside the field with
    the other's value; saving once more then means one's own. The caller holds a lock on the row.
    """

    # The field and the sentence for when another row took the same at the same moment.
    taken: tuple[str, str]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Django's own fields: the others of the form are not the row's.
        self.kept = [name for name in self.fields if name in self.initial] if self.instance.pk else []
        for name in self.kept:
            self.fields[_was(name)] = forms.CharField(
                widget=forms.HiddenInput, required=False, strip=False, initial=self.initial[name]
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in self.kept:
            was, now = self.data.get(_was(name)), self.initial.get(name)
            if was is None or was == now or name not in cleaned:
                continue
            if cleaned[name] == was:
                cleaned[name] = now
            elif cleaned[name] != now:
                self.add_error(
                    name,
                    f"Een collega wijzigde dit intussen in ‘{now}’. U vulde ‘{cleaned[name]}’ in. "
                    "Kies wat er moet staan en sla opnieuw op.",
                )
            self._seen(name, now)
        return cleaned

    def _seen(self, name: str, now: Any) -> None:
        """The page that follows shows what stands there now."""
        self.data = cast(QueryDict, self.data).copy()
        self.data[_was(name)] = now

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
