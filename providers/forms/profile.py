"""What a provider tells of itself, and how many clients it has on a day."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.utils import timezone
from django.utils.formats import date_format

from providers import profile
from providers.forms import plain_helper
from providers.forms.fields import YEAR, DayField
from providers.forms.merging import Merging, MergingForm
from providers.models import CareProfile, DeliveryForm, Housing, Organisation, Profile, Sector, Tally

# The Wlz began then.
FIRST_DAY = date(2015, 1, 1)
MOST_CLIENTS = 99_999


class YesNoField(forms.TypedChoiceField):
    def __init__(self, *, no: str = "Nee", **kwargs: Any) -> None:
        super().__init__(
            choices=[("True", "Ja"), ("False", no)],
            coerce=lambda value: value == "True",
            widget=forms.RadioSelect,
            **kwargs,
        )


class SeveralField(forms.TypedMultipleChoiceField):
    """One or more of a list, kept in the order of the list."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.CheckboxSelectMultiple, **kwargs)

    def clean(self, value: Any) -> list[str]:
        chosen = super().clean(value)
        return [code for code, _ in self.choices if code in chosen]  # type: ignore[misc,union-attr]


class ProfileForm(MergingForm):
    # Browsers colour what is required and empty as wrong before anybody answered.
    use_required_attribute = False

    has_wlz_clients = YesNoField(
        no="Nog niet",
        label="Heeft u nu cliënten met een Wlz-indicatie?",
        error_messages={"required": "Kies Ja of Nog niet."},
    )
    delivery_forms = SeveralField(
        choices=DeliveryForm.choices,
        label="Welke leveringsvormen levert u?",
        help_text="Begint u nog? Kies wat u wilt gaan leveren.",
        error_messages={"required": "Kies ten minste één leveringsvorm."},
    )
    housing = SeveralField(
        choices=Housing.choices,
        label="Hoe wonen uw cliënten?",
        help_text="U mag allebei kiezen.",
        error_messages={"required": "Kies hoe uw cliënten wonen."},
    )
    sectors = SeveralField(
        choices=Sector.choices,
        label="In welke sectoren werkt u?",
        error_messages={"required": "Kies ten minste één sector."},
    )
    bridging_care = YesNoField(
        label="Levert u overbruggingszorg?",
        help_text="Dat is zorg thuis voor iemand die wacht op een plek in een instelling.",
        error_messages={"required": "Kies Ja of Nee."},
    )

    class Meta:
        model = Profile
        fields = ["has_wlz_clients", "delivery_forms", "housing", "sectors", "bridging_care"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper("Profiel opslaan")


class CountField(forms.Field):
    """A number of people as it is written in Dutch; empty is none."""

    default_validators = [
        MaxValueValidator(
            MOST_CLIENTS, f"Vul een getal in van ten hoogste {MOST_CLIENTS:,}.".replace(",", ".")
        )
    ]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, widget=forms.TextInput, **kwargs)
        self.widget.attrs.update(inputmode="numeric", size=6, maxlength=7, autocomplete="off")

    def to_python(self, value: Any) -> int | None:
        text = re.sub(r"\s", "", value or "")
        if not text:
            return None
        if not re.fullmatch(r"[0-9]+|[0-9]{1,3}(\.[0-9]{3})+", text):
            raise ValidationError("Vul een heel getal in, bijvoorbeeld 12.")
        return int(text.replace(".", ""))


class TallyForm(Merging, forms.Form):
    """The clients of one day, by care profile and delivery form."""

    counted_on = DayField(
        label="Op welke dag telde u?",
        back=30 * YEAR,
        ahead=0,
        error_messages={
            "required": "Vul de dag in.",
            "too_late": "Deze dag is nog niet geweest. Kies vandaag of een eerdere dag.",
        },
    )
    bridging_clients = CountField(
        label="Cliënten met overbruggingszorg", help_text="Zij tellen ook mee in de tabel."
    )

    def __init__(
        self,
        *args: Any,
        organisation: Organisation,
        tally: Tally | None,
        starts_from: Tally | None,
        **kwargs: Any,
    ) -> None:
        """`tally` is what stands for the day of the page, `starts_from` what a new count begins with."""
        shown = tally or starts_from
        cells = shown.cells if shown else {}
        self.columns = _columns(organisation, cells)
        initial = {
            "counted_on": tally.counted_on if tally else timezone.localdate(),
            "bridging_clients": shown.bridging_clients if shown else None,
            **{_cell(*key): clients for key, clients in cells.items()},
        }
        super().__init__(*args, **kwargs | {"initial": initial})
        self.organisation, self.tally = organisation, tally
        for care_profile in CareProfile:
            for delivery_form in self.columns:
                self.fields[_cell(care_profile, delivery_form)] = CountField(
                    label=f"{care_profile.label}, {delivery_form.label}"
                )
        self.fields["counted_on"].disabled = tally is not None
        self.remember([name for name in self.fields if name != "counted_on"] if tally else [])

    def clean_counted_on(self) -> date:
        day: date = self.cleaned_data["counted_on"]
        if day < FIRST_DAY:
            raise ValidationError("De Wlz begon op 1 januari 2015. Kies een latere dag.")
        if self.tally is None and profile.tally_of(self.organisation.pk, day):
            raise ValidationError(
                f"U heeft al een telling van {date_format(day, 'j F Y')}. "
                "Open die bij uw profiel, of kies een andere dag."
            )
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        bridging = cleaned.get("bridging_clients") or 0
        if not self.errors and bridging > sum(self.cells.values()):
            self.add_error(
                "bridging_clients", "Dit zijn er meer dan alle cliënten in de tabel samen. Kijk beide na."
            )
        return cleaned

    @property
    def cells(self) -> dict[tuple[str, str], int]:
        """What was filled in, by care profile and delivery form."""
        keys = [(care_profile, form) for care_profile in CareProfile for form in self.columns]
        return {key: self.cleaned_data.get(_cell(*key)) or 0 for key in keys}

    @property
    def rows(self) -> Iterator[tuple[CareProfile, list[tuple[DeliveryForm, forms.BoundField]]]]:
        """The table, for the page."""
        for care_profile in CareProfile:
            yield care_profile, [(form, self[_cell(care_profile, form)]) for form in self.columns]


def _cell(care_profile: str, delivery_form: str) -> str:
    return f"{care_profile}-{delivery_form}"


def _columns(organisation: Organisation, cells: dict[tuple[str, str], int]) -> list[DeliveryForm]:
    """What the provider delivers or counted before; who told nothing yet counts care at home."""
    told = Profile.objects.filter(pk=organisation.pk).values_list("delivery_forms", flat=True).first()
    wanted = {*(told or [DeliveryForm.MPT, DeliveryForm.VPT, DeliveryForm.PGB]), *(form for _, form in cells)}
    return [form for form in DeliveryForm if form in wanted]
