"""Where a leader says who is paid for the work."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from leaders.errors import PayeeNumberWrong
from leaders.forms.payee import PayeeForm
from leaders.http import LeaderRequest, leader_page
from leaders.models.payees import Payee
from leaders.services.payees import payee_save


@require_http_methods(["GET", "POST"])
@leader_page
def payee(request: LeaderRequest) -> HttpResponse:
    """Whom my commission is paid to; numbers by their last four digits only."""
    stored = Payee.objects.filter(leader=request.leader).first()
    form = PayeeForm(request.POST) if request.method == "POST" else PayeeForm.of(stored)
    if form.is_bound and form.is_valid():
        try:
            payee_save(
                leader=request.leader,
                details=form.details(),
                actor=request.user,
                now=timezone.now(),
            )
        except PayeeNumberWrong as error:
            form.add_error(str(error.details["field"]), error.message)
        else:
            messages.success(request, _("Saved. The office verifies it before the next payout."))
            return redirect("leader-payee")
    context = {"form": form, "payee": stored}
    status = 422 if form.is_bound else 200
    return render(request, "leaders/payee/payee.html", context, status=status)
