"""Schedules of reports that are sent by mail."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from fulfillment.forms.report_files import ScheduleForm, initial_of
from fulfillment.models.reports import ReportSchedule
from fulfillment.report_errors import RecipientsWrong, ScheduleNameTaken
from fulfillment.selectors.kpi_board import cities_with_figures
from fulfillment.selectors.report_runs import report_schedules
from fulfillment.services.report_schedules import schedule_save, schedule_switch
from leaders.http import UserRequest, role_required
from leaders.models.accounts import Role

READERS = (Role.BUYER, Role.FINANCE, Role.COMPLIANCE)


@require_http_methods(["GET", "POST"])
@role_required(*READERS)
def schedules(request: UserRequest) -> HttpResponse:
    """Every schedule; a POST makes one."""
    form = ScheduleForm(request.POST or None, cities=cities_with_figures())
    if request.method == "POST" and _save(request, form, None):
        return redirect("report-schedules")
    context = {"form": form, "schedules": report_schedules()}
    return render(request, "fulfillment/reports/schedules.html", context)


@require_http_methods(["GET", "POST"])
@role_required(*READERS)
def schedule(request: UserRequest, pk: int) -> HttpResponse:
    """One schedule to change."""
    found = get_object_or_404(ReportSchedule, pk=pk)
    cities = sorted({*cities_with_figures(), *filter(None, [found.city])})
    form = ScheduleForm(request.POST or None, initial=initial_of(found), cities=cities)
    if request.method == "POST" and _save(request, form, found.pk):
        return redirect("report-schedules")
    context = {"form": form, "schedule": found}
    return render(request, "fulfillment/reports/schedule.html", context)


@require_POST
@role_required(*READERS)
def switch(request: UserRequest, pk: int) -> HttpResponse:
    """Switch a schedule on or off."""
    found = get_object_or_404(ReportSchedule, pk=pk)
    is_active = request.POST.get("active") == "on"
    schedule_switch(
        schedule_id=found.pk, is_active=is_active, actor=request.user, now=timezone.now()
    )
    return redirect("report-schedules")


def _save(request: UserRequest, form: ScheduleForm, pk: int | None) -> bool:
    """Save what the form says; what is wrong stands at its field."""
    if not form.is_valid():
        return False
    try:
        schedule_save(schedule_id=pk, terms=form.terms, actor=request.user, now=timezone.now())
    except RecipientsWrong as error:
        form.add_error("recipients", error.message)
    except ScheduleNameTaken as error:
        form.add_error("name", error.message)
    else:
        messages.success(request, _("The schedule is saved."))
        return True
    return False
