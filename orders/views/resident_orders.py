"""A resident's own orders: what they cost, where they stand, when they come."""

import segno
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from leaders.errors import DomainError
from orders.http import ResidentRequest, resident_page
from orders.models.orders import OrderState
from orders.selectors.resident_orders import (
    ResidentOrder,
    order_cards,
    order_of_resident,
    orders_of_resident,
)
from orders.services.cancellation import order_cancel
from orders.services.payment_sweep import payment_refresh
from orders.views.pay_handles import handle_context, sent_to_pay

PAGE_SIZE = 20


@require_GET
@resident_page
def order_list(request: ResidentRequest) -> HttpResponse:
    """Every order of the resident, the newest first."""
    pages = Paginator(orders_of_resident(request.resident), PAGE_SIZE)
    page = pages.get_page(request.GET.get("page"))
    context = {
        "leader": request.resident.leader,
        "page": page,
        "cards": order_cards(list(page.object_list)),
        "now": timezone.now(),
    }
    return render(request, "orders/me/order_list.html", context)


@require_GET
@resident_page
def order(request: ResidentRequest, order_no: str) -> HttpResponse:
    """One order; an unpaid one is asked about at the provider first."""
    detail = _order_or_404(request, order_no)
    detail = _refreshed(request, detail)
    now = timezone.now()
    context = {
        "leader": request.resident.leader,
        "detail": detail,
        "order": detail.order,
        "now": now,
        "is_payable": detail.is_payable_at(now) and not detail.is_paid_by_leader,
        "is_cancellable": detail.is_cancellable_at(now) and not detail.is_paid_by_leader,
        "is_claimable": detail.is_claimable_at(now),
        "code_qr": _code_qr(detail.pickup_code),
    }
    return render(request, "orders/me/order.html", context)


@require_POST
@resident_page
def pay(request: ResidentRequest, order_no: str) -> HttpResponse:
    """Begin the payment, or go on with the one that is under way."""
    detail = _own_order_or_404(request, order_no)
    back = reverse("resident-order", args=[order_no])
    try:
        return sent_to_pay(
            request,
            detail.order,
            openid=request.resident.openid,
            pay_page=reverse("resident-pay", args=[order_no]),
            back=back,
        )
    except DomainError as error:
        messages.warning(request, _(error.message))
        return redirect(back)


@require_GET
@resident_page
def pay_page(request: ResidentRequest, order_no: str) -> HttpResponse:
    """What a phone needs to open a cashier that is not on this site."""
    detail = _own_order_or_404(request, order_no)
    back = reverse("resident-order", args=[order_no])
    payment = detail.live_payment
    if detail.order.state != OrderState.PENDING_PAYMENT or payment is None:
        return redirect(back)
    context = {
        "leader": request.resident.leader,
        "order": detail.order,
        "back": back,
        "now": timezone.now(),
        **handle_context(request, payment, back),
    }
    return render(request, "orders/me/pay.html", context)


@require_POST
@resident_page
def cancel(request: ResidentRequest, order_no: str) -> HttpResponse:
    """Cancel an order while that is still free."""
    detail = _own_order_or_404(request, order_no)
    try:
        cancelled = order_cancel(
            order_id=detail.order.pk, actor=f"resident:{request.resident.code}"
        )
    except DomainError as error:
        messages.warning(request, _(error.message))
    else:
        if cancelled.state == OrderState.CANCELLED:
            messages.success(request, _("The order is cancelled. What was paid goes back."))
    return redirect("resident-order", order_no)


def _refreshed(request: ResidentRequest, detail: ResidentOrder) -> ResidentOrder:
    """The order after the provider's newest word on its payment, if it gives one."""
    payment = detail.live_payment
    if payment is None:
        return detail
    payment_refresh(payment_id=payment.pk, now=timezone.now())
    return _order_or_404(request, detail.order.order_no)


def _order_or_404(request: ResidentRequest, order_no: str) -> ResidentOrder:
    detail = order_of_resident(request.resident, order_no)
    if detail is None:
        raise Http404(_("You have no such order."))
    return detail


def _own_order_or_404(request: ResidentRequest, order_no: str) -> ResidentOrder:
    """An order the resident pays for; what the leader pays for is the leader's to decide."""
    detail = _order_or_404(request, order_no)
    if detail.is_paid_by_leader:
        raise Http404(_("You have no such order."))
    return detail


def _code_qr(code: str) -> str:
    """The pickup code for the leader's camera, as the address of a picture; empty for no code."""
    return segno.make_qr(code, error="m").svg_data_uri(scale=5, border=2) if code else ""
