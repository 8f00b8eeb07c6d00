"""The start of a night: what stands where, and the way to every desk."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from fulfillment.http import NightRequest, night_page
from fulfillment.selectors.night import night_of
from fulfillment.selectors.runs import runs_newest_first, runs_of_newest_days
from leaders.http import UserRequest, role_required
from leaders.models.accounts import Role

# Nights to go back to; older ones are in the admin.
DAYS_SHOWN = 8


@require_GET
@role_required(Role.WAREHOUSE, Role.RECEIVER, Role.SORTER, Role.DISPATCHER, Role.BUYER)
def newest(request: UserRequest) -> HttpResponseBase:
    """The newest night, or the page that says that there is none yet."""
    run = runs_newest_first().first()
    if run is None:
        return render(request, "fulfillment/night/none.html")
    return redirect("night", code=run.campaign.code)


@require_GET
@night_page(Role.RECEIVER, Role.SORTER, Role.DISPATCHER, Role.BUYER)
def home(request: NightRequest) -> HttpResponse:
    """The desks of a night."""
    context = {
        "run": request.run,
        "night": night_of(request.run),
        "runs": runs_of_newest_days(DAYS_SHOWN),
    }
    return render(request, "fulfillment/night/home.html", context)
