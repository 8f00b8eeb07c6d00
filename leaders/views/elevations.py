"""Borrowed rights: take them, give them back, and see who took which and why."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from leaders.domain.elevations import MAY_BORROW, WATCHERS, minutes_offered
from leaders.errors import ElevationRefused
from leaders.forms.access import ElevationForm
from leaders.http import UserRequest, role_required
from leaders.models.accounts import Role
from leaders.selectors.access import elevations_newest_first
from leaders.services.elevations import elevation_begin, elevations_end

PAGE_SIZE = 50


@require_http_methods(["GET", "POST"])
@role_required(*(Role(role) for role in WATCHERS))
def elevation(request: UserRequest) -> HttpResponse:
    """All that was borrowed; who may borrow asks here, and a post with `back` gives back."""
    if "back" in request.POST:
        elevations_end(user=request.user, actor=request.user, now=timezone.now())
        messages.success(request, _("Given back. You have your own rights only."))
        return redirect("access-elevation")
    form = _form(request)
    if request.method == "POST" and form is None:
        raise PermissionDenied(_("These rights cannot be borrowed."))
    if form is not None and form.is_valid():
        try:
            elevation_begin(user=request.user, now=timezone.now(), **form.cleaned_data)
        except ElevationRefused as error:
            form.add_error(None, _(error.message))
        else:
            return redirect("home")
    context = {
        "form": form,
        "page": Paginator(elevations_newest_first(), PAGE_SIZE).get_page(request.GET.get("page")),
        "now": timezone.now(),
    }
    status = 422 if form is not None and form.is_bound else 200
    return render(request, "leaders/access/elevation.html", context, status=status)


def _form(request: UserRequest) -> ElevationForm | None:
    """The form of somebody who may borrow; nothing for those who only read."""
    roles = MAY_BORROW.get(request.user.role, ())
    if not roles or request.user.is_superuser:
        return None
    minutes = minutes_offered(settings.ELEVATION_MINUTES_MAX)
    return ElevationForm(request.POST or None, roles=roles, minutes=minutes)
