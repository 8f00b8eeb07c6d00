"""The service desk: claims by the time that is left to answer them."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from leaders.http import UserRequest, role_required
from leaders.models.accounts import Role
from orders.selectors.claim_queue import claims_waiting

CLAIMS_PER_PAGE = 30


@require_GET
@role_required(Role.SERVICE)
def board(request: UserRequest) -> HttpResponse:
    """Claims that wait for an answer, the one that is due first on top."""
    page = Paginator(claims_waiting(), CLAIMS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "fulfillment/after_sales/board.html", {"page": page})
