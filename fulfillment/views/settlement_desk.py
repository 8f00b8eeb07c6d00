"""The settlement desk (结算台) of finance."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from fulfillment.models.payouts import PayoutChannel
from fulfillment.selectors.settlement_desk import (
    batches_newest,
    entries_waiting,
    leaders_without_payee,
    payees_unverified,
    statements_for_a_person,
    statements_payable,
    weeks_settled,
)
from leaders.http import UserRequest, role_required
from leaders.models.accounts import Role


@require_GET
@role_required(Role.FINANCE)
def desk(request: UserRequest) -> HttpResponse:
    """Weeks, what waits to be paid, who owes us, and the batches."""
    context = {
        "waiting": entries_waiting(),
        "weeks": weeks_settled(),
        "payable": statements_payable(),
        "owing": statements_for_a_person(),
        "batches": batches_newest(),
        "unverified": payees_unverified(),
        "without_payee": leaders_without_payee(),
        "channels": PayoutChannel.choices,
    }
    return render(request, "fulfillment/settlement/desk.html", context)
