"""A leader's pickup helpers: let somebody hand out goods, give them a link, end it."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from leaders.errors import HelperRefused
from leaders.forms.access import HelperForm
from leaders.http import LeaderRequest, leader_page
from leaders.models.access import PickupHelper
from leaders.selectors.access import helpers_of
from leaders.services.pickup_helpers import helper_end, helper_invite, helper_link_make


@require_http_methods(["GET", "POST"])
@leader_page
def leader_helpers(request: LeaderRequest) -> HttpResponse:
    """Who helps; a post names a new helper, asks for a link (`link`) or ends the help (`end`)."""
    if "end" in request.POST:
        helper = _helper(request, "end")
        helper_end(helper=helper, actor=request.user, now=timezone.now())
        text = _("%(name)s does not help any more; the log-in is switched off.")
        messages.success(request, text % {"name": helper.user})
        return redirect("leader-helpers")
    if "link" in request.POST:
        return _linked(request, _helper(request, "link"), HelperForm())
    form = HelperForm(request.POST or None)
    if form.is_valid():
        try:
            helper = helper_invite(
                leader=request.leader,
                name=form.cleaned_data["name"],
                actor=request.user,
                now=timezone.now(),
            )
        except HelperRefused as error:
            form.add_error("name", _(error.message))
        else:
            return _linked(request, helper, HelperForm())
    return _page(request, form, status=422 if form.is_bound else 200)


def _helper(request: LeaderRequest, name: str) -> PickupHelper:
    pk = request.POST[name]
    return get_object_or_404(helpers_of(request.leader), pk=pk if pk.isdecimal() else 0)


def _linked(request: LeaderRequest, helper: PickupHelper, form: HelperForm) -> HttpResponse:
    """The page with a link that stands on it this once."""
    link = helper_link_make(helper=helper, actor=request.user, now=timezone.now())
    return _page(request, form, link=link, linked=helper)


def _page(
    request: LeaderRequest,
    form: HelperForm,
    *,
    link: str = "",
    linked: PickupHelper | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "helpers": list(helpers_of(request.leader)),
        "form": form,
        "most": settings.HELPERS_MAX,
        "link": link,
        "linked": linked,
        "hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
    }
    return render(request, "leaders/access/helpers.html", context, status=status)
