"""Finding a report in the list."""

from django import forms

from providers.models import Region


class ReportFilterForm(forms.Form):
    """Name and region; `welke` says which list they look in (see views)."""

    q = forms.CharField(label="Zorgaanbieder of rapportnummer", required=False, max_length=100)
    regio = forms.ModelChoiceField(
        label="Zorgkantoorregio",
        queryset=Region.objects.filter(ended_on=None),
        required=False,
        empty_label="Alle regio's",
        error_messages={"invalid_choice": "Kies een regio uit de lijst."},
    )
