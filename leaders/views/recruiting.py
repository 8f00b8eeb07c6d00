"""The recruiters' board."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from leaders.errors import ApplicationAlreadyOpen
from leaders.forms.recruiting import LeadForm
from leaders.http import UserRequest, role_required
from leaders.models.accounts import Role
from leaders.selectors.recruiting import application_board, applications_found
from leaders.services.review import lead_enter


@require_GET
@role_required(Role.RECRUITER)
def board(request: UserRequest) -> HttpResponse:
    """The open applications by state; `?q=` finds one in any state."""
    query = request.GET.get("q", "").strip()[:40]
    now = timezone.now()
    context = {
        "query": query,
        "found": applications_found(query, now) if query else None,
        "columns": None if query else application_board(now),
    }
    return render(request, "leaders/recruiting/board.html", context)


@require_http_methods(["GET", "POST"])
@role_required(Role.RECRUITER)
def lead(request: UserRequest) -> HttpResponse:
    """Note somebody who may become a leader."""
    form = LeadForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = lead_enter(lead=form.lead, actor=request.user, now=timezone.now())
        except ApplicationAlreadyOpen as error:
            form.add_error("phone", error.message)
        else:
            messages.success(request, _("%(name)s is noted.") % {"name": made.applicant_name})
            return redirect("recruiting")
    status = 422 if form.errors else 200
    return render(request, "leaders/recruiting/lead.html", {"form": form}, status=status)
