"""How much of all sales hangs on few leaders, for the operator."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from fulfillment.selectors.concentration import sales_concentration
from leaders.http import UserRequest, role_required
from leaders.models.accounts import Role

ROWS_SHOWN = 100


@require_GET
@role_required(Role.BUYER)
def concentration(request: UserRequest) -> HttpResponse:
    """Shares of 30 days with their limits, and the largest leaders."""
    shares = sales_concentration(timezone.now())
    context = {"shares": shares, "rows": shares.rows[:ROWS_SHOWN]}
    return render(request, "fulfillment/concentration/concentration.html", context)
