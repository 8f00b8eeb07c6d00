"""A leader reads the agreement in force, and agrees to a new version."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from leaders.errors import ConsentRefused
from leaders.forms.application import ConsentForm
from leaders.http import LeaderRequest, leader_page
from leaders.selectors.agreements import agreement_in_force, consent_of_leader
from leaders.services.agreements import leader_consent_give


@require_http_methods(["GET", "POST"])
@leader_page
def leader_agreement(request: LeaderRequest) -> HttpResponse:
    """Show the agreement in force, and take the name typed under it."""
    agreement = agreement_in_force(timezone.now())
    if agreement is None:
        return redirect("leader-profile")
    form = ConsentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            leader_consent_give(
                leader=request.leader,
                **form.cleaned_data,
                actor=request.user,
                now=timezone.now(),
            )
        except ConsentRefused as error:
            form.add_error("signed_name", error.message)
        else:
            messages.success(request, _("Thank you, the agreement is signed."))
            return redirect("leader-agreement")
    context = {
        "agreement": agreement,
        "consent": consent_of_leader(request.leader, agreement),
        "paragraphs": agreement.body.split("\n\n"),
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "leaders/agreement/agreement.html", context, status=status)
