"""From a basket to an order that waits for its payment."""

import uuid
from dataclasses import replace

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from leaders.errors import DomainError
from leaders.models.leaders import Leader
from leaders.models.pickup_points import PickupPoint
from orders.domain.basket import BasketLine, OrderRequest, Receiver
from orders.errors import (
    GatewayRefused,
    GatewayUnavailable,
    OfferNotOnSale,
    OrderNotPayable,
    ResidentLimitReached,
    SoldOut,
)
from orders.forms import CheckoutForm
from orders.http import (
    Baskets,
    ResidentRequest,
    chain_link_of,
    chain_link_remember,
    reseller_of,
    resident_page,
)
from orders.models.orders import Order, OrderSource
from orders.selectors.baskets import Cart, cart_of
from orders.selectors.resident_orders import order_by_request
from orders.selectors.storefront import Shopper, campaign_on_sale, points_open_of
from orders.services.jielong import jielong_ordered
from orders.services.placement import order_place
from orders.services.residents import resident_address_keep
from orders.views.pay_handles import sent_to_pay
from orders.views.shops import leader_or_404

CORRECTED = (SoldOut, OfferNotOnSale, ResidentLimitReached)


@require_http_methods(["GET", "POST"])
@resident_page
def checkout(request: ResidentRequest, leader_code: str, campaign_id: int) -> HttpResponse:
    """Show the basket for the last time, and place the order."""
    leader = leader_or_404(leader_code)
    if request.resident.leader_id != leader.pk:
        return redirect("shop", leader.code)
    placed = order_by_request(request.resident.pk, request.POST.get("request_key", ""))
    if placed is not None:
        _chain_row_ordered(request, placed)
        return redirect("resident-order", placed.order_no)
    cart = _cart(request, campaign_id)
    if cart is None or not cart.lines or cart.changes:
        return redirect("cart", leader.code)
    points = points_open_of(leader)
    if request.method == "POST":
        form = CheckoutForm(request.POST)
        if form.is_valid():
            return _place(request, leader, cart, form)
    else:
        form = CheckoutForm.of_resident(request.resident)
    return _page(request, leader, cart, form, points)


def _place(
    request: ResidentRequest, leader: Leader, cart: Cart, form: CheckoutForm
) -> HttpResponse:
    """Place the order and go on to pay it; a refusal leads back with what can still be had."""
    resident = request.resident
    resident_address_keep(resident=resident, **form.receiver)
    accepts_substitutes = form.cleaned_data["accepts_substitutes"]
    asked = replace(_order_request(request, leader, cart), accepts_substitutes=accepts_substitutes)
    try:
        placed = order_place(request=asked)
    except CORRECTED as error:
        _tell_refused_offers(request, error)
        return redirect("cart", leader.code)
    except DomainError as error:
        form.add_error(None, _(error.message))
        return _page(request, leader, cart, form, points_open_of(leader))
    Baskets(request.session).replace(cart.campaign.pk, [])
    _chain_row_ordered(request, placed.order)
    return _to_payment(request, placed.order)


def _to_payment(request: ResidentRequest, order: Order) -> HttpResponse:
    back = reverse("resident-order", args=[order.order_no])
    pay_page = reverse("resident-pay", args=[order.order_no])
    try:
        return sent_to_pay(
            request, order, openid=request.resident.openid, pay_page=pay_page, back=back
        )
    except (GatewayUnavailable, GatewayRefused, OrderNotPayable) as error:
        # The order stands and waits; its page has the button to try again.
        messages.warning(request, _(error.message))
        return redirect(back)


def _order_request(request: ResidentRequest, leader: Leader, cart: Cart) -> OrderRequest:
    resident = request.resident
    return OrderRequest(
        campaign_id=cart.campaign.pk,
        leader_id=leader.pk,
        resident_id=resident.pk,
        lines=tuple(BasketLine(line.item.terms.offer_id, line.qty) for line in cart.lines),
        receiver=Receiver(
            name=resident.name,
            phone=resident.phone,
            building=resident.building,
            room=resident.room,
        ),
        request_key=request.POST.get("request_key", ""),
        source=_source(request, cart),
        pickup_point_id=_point_id(request, leader),
        reseller_code=reseller_of(request.session),
    )


def _chain_row_ordered(request: ResidentRequest, order: Order) -> None:
    """Note an order with the row of the group chain whose link filled its basket, if one did."""
    if link := chain_link_of(request.session, order.campaign_id):
        jielong_ordered(token=link, order=order, now=timezone.now())
        chain_link_remember(request.session, order.campaign_id, "")


def _source(request: ResidentRequest, cart: Cart) -> OrderSource:
    """The shop, or the group chain whose link filled the basket."""
    is_of_chain = chain_link_of(request.session, cart.campaign.pk)
    return OrderSource.JIELONG if is_of_chain else OrderSource.STOREFRONT


def _point_id(request: ResidentRequest, leader: Leader) -> int | None:
    """The chosen one of the leader's open points; the first where there is no choice."""
    chosen = request.POST.get("point", "")
    for point in points_open_of(leader):
        if str(point.pk) == chosen:
            return point.pk
    return None


def _tell_refused_offers(request: ResidentRequest, error: DomainError) -> None:
    """Name the goods; the cart reads what is left of them when it is shown."""
    offers = error.details.get("offers")
    names = [str(offer.get("name", "")) for offer in offers] if isinstance(offers, list) else []
    named = "、".join(name for name in names if name)
    text = _(error.message)
    messages.warning(request, f"{named}：{text}" if named else text)


def _cart(request: ResidentRequest, campaign_id: int) -> Cart | None:
    """The basket as it can be ordered now; None if the campaign takes no orders."""
    now = timezone.now()
    baskets = Baskets(request.session)
    shown = campaign_on_sale(campaign_id, Shopper(request.resident, baskets.pieces()), now)
    if shown is None:
        raise Http404(_("There is no such campaign."))
    return cart_of(shown, baskets.lines(campaign_id), now) if shown.is_ordering else None


def _page(
    request: ResidentRequest,
    leader: Leader,
    cart: Cart,
    form: CheckoutForm,
    points: tuple[PickupPoint, ...],
) -> HttpResponse:
    context = {
        "leader": leader,
        "cart": cart,
        "form": form,
        "points": points,
        "now": timezone.now(),
        "request_key": request.POST.get("request_key") or uuid.uuid4().hex,
    }
    status = 422 if form.errors else 200
    return render(request, "orders/shop/checkout.html", context, status=status)
