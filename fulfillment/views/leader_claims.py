"""The leader's word on claims about their group's orders."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fulfillment.forms.claims import LeaderAnswerForm
from leaders.errors import DomainError
from leaders.http import LeaderRequest, leader_page
from orders.models.claims import Claim, ClaimPhoto, ClaimState, LeaderStance
from orders.selectors.claim_queue import claims_of_leader
from orders.services.claim_words import leader_answer

CLAIMS_PER_PAGE = 20


@require_GET
@leader_page
def claims(request: LeaderRequest) -> HttpResponse:
    """Claims about the leader's orders, those that wait for their word first."""
    page = Paginator(claims_of_leader(request.leader), CLAIMS_PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {"page": page, "now": timezone.now()}
    return render(request, "fulfillment/after_sales/leader_claims.html", context)


@require_http_methods(["GET", "POST"])
@leader_page
def claim(request: LeaderRequest, pk: int) -> HttpResponse:
    """One claim: what the resident says and shows, and what the leader says."""
    found = get_object_or_404(claims_of_leader(request.leader).prefetch_related("photos"), pk=pk)
    form = LeaderAnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            leader_answer(
                claim_id=pk,
                leader=request.leader,
                stance=LeaderStance(form.cleaned_data["stance"]),
                note=form.cleaned_data["note"],
                actor=request.user,
                now=timezone.now(),
            )
        except DomainError as error:
            form.add_error(None, _(error.message))
        else:
            messages.success(request, _("Thank you. The service desk sees your word."))
            return redirect("leader-claims")
    context = {"claim": found, "form": form, "may_answer": _may_answer(found)}
    status = 422 if form.is_bound else 200
    return render(request, "fulfillment/after_sales/leader_claim.html", context, status=status)


@require_GET
@leader_page
def photo(request: LeaderRequest, pk: int) -> FileResponse:
    """A photo of a claim about one of the leader's orders."""
    shown = get_object_or_404(ClaimPhoto, pk=pk, claim__order_line__order__leader=request.leader)
    response = FileResponse(shown.photo.open("rb"), content_type="image/jpeg")
    response["Cache-Control"] = "private"
    return response


def _may_answer(claim: Claim) -> bool:
    is_in_time = claim.leader_until is None or timezone.now() <= claim.leader_until
    return claim.state == ClaimState.FILED and not claim.leader_stance and is_in_time
