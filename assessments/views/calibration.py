"""For coordinating inspectors: own scores beside visits, and inspectors beside each other."""

from django.http import HttpResponse
from django.shortcuts import render

from assessments import calibration
from assessments.forms.calibration import CalibrationForm
from providers.http import Request
from providers.models import Role
from providers.permissions import roles_required


@roles_required(Role.COORDINATING_INSPECTOR)
def calibration_page(request: Request) -> HttpResponse:
    form = CalibrationForm(request.GET)
    context = {"form": form, "fewest": calibration.FEWEST, "has_choice": bool(form.editions)}
    if form.is_valid():
        edition, year = form.edition, form.cleaned_data["jaar"]
        compared = calibration.compare(edition, year)
        context["compared"] = compared
        context["has_table"] = any(row.rows for row in compared)
        context["spread"] = spread = calibration.spread(edition, year)
        context["has_spread"] = any(row.cases for row in spread)
    return render(request, "assessments/calibration.html", context)
