"""How suppliers did lately, and the ways to everything about them."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fulfillment.selectors.purchase_desk import EXPIRY_STEPS
from fulfillment.selectors.runs import runs_newest_first
from fulfillment.selectors.supplier_board import DAYS, supplier_board
from leaders.http import UserRequest, role_required
from leaders.models.accounts import Role


@require_GET
@role_required(Role.BUYER)
def suppliers(request: UserRequest) -> HttpResponse:
    """The last 30 days by supplier, those that failed most first."""
    today = timezone.localdate()
    context = {
        "board": supplier_board(today),
        "days": DAYS,
        "today": today,
        "expiry_days": max(EXPIRY_STEPS),
        "ways": _ways(),
    }
    return render(request, "fulfillment/workbench/suppliers.html", context)


def _ways() -> list[tuple[str, str]]:
    """Everything about suppliers from one place; shortages need a night to be of."""
    run = runs_newest_first().first()
    ways = [
        (_("Forecast"), reverse("workbench-forecast")),
        (_("Purchase board"), reverse("admin:fulfillment_purchaseorder_board")),
        (_("Purchase orders"), reverse("admin:fulfillment_purchaseorder_changelist")),
        (_("Supplier claims"), reverse("admin:fulfillment_supplierclaim_changelist")),
        (_("Supplier statements"), reverse("admin:fulfillment_supplierstatement_changelist")),
        (_("Supplier papers"), reverse("admin:fulfillment_supplierpaper_changelist")),
        (_("Supplier offers"), reverse("admin:fulfillment_supplieroffer_changelist")),
    ]
    if run is not None:
        ways.insert(3, (_("Shortages"), reverse("shortages", args=[run.campaign.code])))
    return ways
