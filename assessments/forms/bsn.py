"""Forms that do not take what looks like a BSN, unless the person says that it is none."""

from django import forms

from assessments import bsn


class BsnFreeForm(forms.BaseForm):
    """Mix in before a form class; `bsn_free` names the fields in which people type.

    What was found is refused once. The form then also asks to confirm that it is another number.
    """

    bsn_free: tuple[str, ...] = ()

    def full_clean(self) -> None:
        if self.is_bound and any(bsn.find(self._typed(name)) for name in self._guarded):
            self.fields["no_bsn"] = forms.BooleanField(
                label="Dit is geen BSN maar een ander nummer", required=False
            )
        super().full_clean()
        if "no_bsn" not in self.fields or self.cleaned_data.get("no_bsn"):
            return
        for name in self._guarded:
            if warning := bsn.warning(self._typed(name)):
                self.add_error(name, f"{warning} Is het een ander nummer? Zet dan onderaan een vinkje.")

    @property
    def _guarded(self) -> list[str]:
        return [name for name in self.bsn_free if name in self.fields]

    def _typed(self, name: str) -> str:
        return self.data.get(self.add_prefix(name)) or ""
