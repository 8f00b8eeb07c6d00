"""The public pages for people who want to become leaders."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from leaders.errors import ApplicationAlreadyOpen
from leaders.forms.application import LeaderApplicationForm
from leaders.services.recruitment import application_submit


@require_http_methods(["GET", "POST"])
def apply(request: HttpRequest) -> HttpResponse:
    """Show the form, and file what was filled in."""
    form = LeaderApplicationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            application_submit(details=form.details, now=timezone.now())
        except ApplicationAlreadyOpen as error:
            form.add_error("phone", error.message)
        else:
            return redirect("apply-done")
    status = 422 if form.errors else 200
    return render(request, "leaders/recruitment/apply.html", {"form": form}, status=status)


@require_GET
def apply_done(request: HttpRequest) -> HttpResponse:
    """Say that the application has arrived and what comes next."""
    return render(request, "leaders/recruitment/done.html")
