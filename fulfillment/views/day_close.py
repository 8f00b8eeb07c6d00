"""The end of the day: the chain with its gaps, what is missing, and the button."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from fulfillment.forms.exceptions import DeclarationForm, StageDeclarationForm
from fulfillment.http import NightRequest, night_page
from fulfillment.models.exceptions import Stage
from fulfillment.selectors.day_page import day_page
from fulfillment.selectors.handover import windows_open
from fulfillment.services.day_close import (
    closing_papers_print,
    count_declare_unrecorded,
    counts_declare_unrecorded,
    day_close,
)
from leaders.errors import DomainError
from leaders.models.accounts import Role


@require_http_methods(["GET", "POST"])
@night_page(Role.BUYER)
def close(request: NightRequest) -> HttpResponse:
    """Show the day from need to refund; close it on POST."""
    if request.method == "POST":
        try:
            day_close(run=request.run, actor=request.user, now=timezone.now())
        except DomainError as error:
            messages.error(request, _(error.message))
        else:
            messages.success(request, _("The day is closed."))
        return _back(request)
    context = {
        "run": request.run,
        "day": day_page(request.run),
        "windows": windows_open(request.run, timezone.now()),
    }
    return render(request, "fulfillment/night/day_close/page.html", context)


@require_POST
@night_page(Role.BUYER)
def print_papers(request: NightRequest) -> HttpResponse:
    """Print the exception sheet and the day close as they stand."""
    try:
        closing_papers_print(run=request.run, actor=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, _(error.message))
        return _back(request)
    return redirect(f"{reverse('print-centre')}?run={request.run.campaign.code}")


@require_POST
@night_page()
def declare(request: NightRequest) -> HttpResponse:
    """Note that a count was never made, with the reason."""
    form = DeclarationForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why there is no count."))
        return _back(request)
    try:
        count_declare_unrecorded(
            run=request.run,
            declaration=form.declaration(),
            actor=request.user,
            now=timezone.now(),
        )
    except DomainError as error:
        messages.error(request, _(error.message))
    return _back(request)


@require_POST
@night_page()
def declare_all(request: NightRequest) -> HttpResponse:
    """Note that no count of a stage was made, with the reason."""
    form = StageDeclarationForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why there is no count."))
        return _back(request)
    try:
        counts_declare_unrecorded(
            run=request.run,
            stage=Stage(form.cleaned_data["stage"]),
            reason=form.cleaned_data["reason"],
            actor=request.user,
            now=timezone.now(),
        )
    except DomainError as error:
        messages.error(request, _(error.message))
    return _back(request)


def _back(request: NightRequest) -> HttpResponse:
    return redirect("day-close", code=request.run.campaign.code)
