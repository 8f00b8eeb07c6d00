"""Orders that a leader places and pays for neighbours (代客下单)."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from leaders.errors import DomainError
from leaders.http import LeaderRequest, leader_page
from orders.domain.basket import BasketLine, OrderRequest, Receiver
from orders.forms import NeighbourForm, quantity
from orders.models.orders import OrderSource
from orders.models.residents import Resident
from orders.selectors.resident_orders import (
    ResidentOrder,
    order_cards,
    order_of_payer,
    proxy_order_by_request,
    proxy_orders_waiting,
)
from orders.selectors.storefront import CampaignOnSale, Shopper, campaigns_on_sale
from orders.services.cancellation import order_cancel
from orders.services.payment_sweep import payment_refresh
from orders.services.placement import order_place
from orders.services.residents import neighbour_of_leader
from orders.views.pay_handles import handle_context, sent_to_pay

QTY_PREFIX = "qty-"


@require_http_methods(["GET", "POST"])
@leader_page
def proxy_order(request: LeaderRequest) -> HttpResponse:
    """Pick goods for a neighbour, and see what still waits for a payment."""
    placed = proxy_order_by_request(request.leader, request.POST.get("request_key", ""))
    if placed is not None:
        return redirect("proxy-order-detail", placed.order_no)
    campaigns = [
        shown
        for shown in campaigns_on_sale(
            Shopper(basket=_picked(request), leader=request.leader), timezone.now()
        )
        if shown.is_ordering
    ]
    chosen = _chosen(request, campaigns)
    form = NeighbourForm(request.POST or None)
    if request.method == "POST" and chosen is not None and form.is_valid():
        answer = _place(request, chosen, form)
        if answer is not None:
            return answer
    return _page(request, campaigns, chosen, form)


@require_GET
@leader_page
def detail(request: LeaderRequest, order_no: str) -> HttpResponse:
    """One proxy order; an unpaid one is asked about at the provider first."""
    found = _order_or_404(request, order_no)
    now = timezone.now()
    if found.live_payment is not None:
        payment_refresh(payment_id=found.live_payment.pk, now=now)
        found = _order_or_404(request, order_no)
    payment = found.live_payment
    back = reverse("proxy-order-detail", args=[order_no])
    context = {
        "detail": found,
        "order": found.order,
        "is_payable": found.is_payable_at(now),
        "is_cancellable": found.is_cancellable_at(now),
        "handle": handle_context(request, payment, back) if payment else None,
        "now": now,
    }
    return render(request, "orders/leader/proxy_order_detail.html", context)


@require_POST
@leader_page
def pay(request: LeaderRequest, order_no: str) -> HttpResponse:
    """Begin the payment of a proxy order on the leader's phone."""
    return _to_payment(request, _order_or_404(request, order_no))


@require_POST
@leader_page
def cancel(request: LeaderRequest, order_no: str) -> HttpResponse:
    """Cancel a proxy order while that is still free; the money goes back to the leader."""
    found = _order_or_404(request, order_no)
    try:
        order_cancel(order_id=found.order.pk, actor=f"leader:{request.leader.code}")
    except DomainError as error:
        messages.warning(request, _(error.message))
    return redirect("proxy-order-detail", order_no)


def _place(
    request: LeaderRequest, chosen: CampaignOnSale, form: NeighbourForm
) -> HttpResponse | None:
    """Place the order and go on to pay it; None with the reason in the form if it is refused."""
    data = form.cleaned_data
    lines = tuple(
        BasketLine(offer_id, qty)
        for offer_id, qty in _picked(request).items()
        if offer_id in chosen.items
    )
    try:
        if not lines:
            form.add_error(None, _("Pick at least one piece of something."))
            return None
        neighbour = neighbour_of_leader(leader=request.leader, **data)
        placed = order_place(request=_order_request(request, chosen, neighbour, data, lines))
    except DomainError as error:
        form.add_error(None, _refusal(error))
        return None
    found = order_of_payer(request.leader, placed.order.order_no)
    if found is None:
        raise Http404(_("You have no such order."))
    return _to_payment(request, found)


def _order_request(
    request: LeaderRequest,
    chosen: CampaignOnSale,
    neighbour: Resident,
    data: dict[str, str],
    lines: tuple[BasketLine, ...],
) -> OrderRequest:
    return OrderRequest(
        campaign_id=chosen.campaign.pk,
        leader_id=request.leader.pk,
        resident_id=neighbour.pk,
        lines=lines,
        # Whoever has no phone is told by the leader.
        receiver=Receiver(
            name=data["name"],
            phone=data["phone"] or request.leader.phone,
            building=data["building"],
            room=data["room"],
        ),
        request_key=request.POST.get("request_key", ""),
        source=OrderSource.PROXY,
        payer_leader_id=request.leader.pk,
    )


def _to_payment(request: LeaderRequest, found: ResidentOrder) -> HttpResponse:
    page = reverse("proxy-order-detail", args=[found.order.order_no])
    try:
        return sent_to_pay(request, found.order, openid="", pay_page=page, back=page)
    except DomainError as error:
        messages.warning(request, _(error.message))
        return redirect(page)


def _refusal(error: DomainError) -> str:
    """The sentence of a refusal with the goods it speaks of."""
    offers = error.details.get("offers")
    names = [str(offer.get("name", "")) for offer in offers] if isinstance(offers, list) else []
    named = "、".join(name for name in names if name)
    return f"{named}：{_(error.message)}" if named else _(error.message)


def _picked(request: LeaderRequest) -> dict[int, int]:
    """Pieces by offer as they were typed; nonsense counts as nothing."""
    picked = {}
    for name, text in request.POST.items():
        offer = name.removeprefix(QTY_PREFIX)
        if name.startswith(QTY_PREFIX) and offer.isascii() and offer.isdigit():
            qty = quantity(str(text))
            if qty:
                picked[int(offer)] = qty
    return picked


def _chosen(request: LeaderRequest, campaigns: list[CampaignOnSale]) -> CampaignOnSale | None:
    """The campaign that was asked for, or the one that arrives first."""
    code = request.POST.get("campaign") or request.GET.get("campaign")
    for shown in campaigns:
        if shown.campaign.code == code:
            return shown
    return campaigns[0] if campaigns and not request.POST.get("campaign") else None


def _page(
    request: LeaderRequest,
    campaigns: list[CampaignOnSale],
    chosen: CampaignOnSale | None,
    form: NeighbourForm,
) -> HttpResponse:
    options = [
        {
            "label": _("Arrives {day}").format(
                day=date_format(shown.campaign.delivery_date, "MONTH_DAY_FORMAT")
            ),
            "url": f"?campaign={shown.campaign.code}",
            "is_current": shown == chosen,
        }
        for shown in campaigns
    ]
    if request.method == "POST" and chosen is None:
        form.add_error(None, _("This campaign takes no more orders."))
    context = {
        "options": options if len(options) > 1 else [],
        "chosen": chosen,
        "form": form,
        "waiting": order_cards(list(proxy_orders_waiting(request.leader))),
        "request_key": request.POST.get("request_key") or uuid.uuid4().hex,
    }
    status = 422 if form.errors else 200
    return render(request, "orders/leader/proxy_order.html", context, status=status)


def _order_or_404(request: LeaderRequest, order_no: str) -> ResidentOrder:
    found = order_of_payer(request.leader, order_no)
    if found is None:
        raise Http404(_("You have no such order."))
    return found
