"""The payment link of one row of a group chain: look, log in, and on to the checkout."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from orders.domain.shelf import KeptLine
from orders.http import (
    Baskets,
    ShopRequest,
    chain_link_remember,
    login_address,
    shop_page,
    shop_remember,
)
from orders.models.jielong import JielongEntry, JielongEntryState
from orders.models.orders import OrderState
from orders.selectors.jielong import JielongRow, entry_by_token, items_of, masked_nickname
from orders.selectors.storefront import Shopper, campaign_on_sale


@require_http_methods(["GET", "POST"])
@shop_page
def link(request: ShopRequest, token: str) -> HttpResponse:
    """Show what somebody asked for in the group; a press fills their basket with it."""
    entry = entry_by_token(token)
    if entry is None:
        raise Http404(_("There is no such link."))
    leader = entry.jielong_import.leader
    shop_remember(request.session, leader.code)
    if request.method == "POST" and entry.state == JielongEntryState.READY:
        if request.resident is None:
            return redirect(login_address(request.path, leader.code))
        if request.resident.leader_id != leader.pk:
            return redirect("shop", leader.code)
        return _to_checkout(request, entry)
    return _page(request, entry)


def _to_checkout(request: ShopRequest, entry: JielongEntry) -> HttpResponse:
    """Put the row's goods into the basket; the cart says what cannot be had any more."""
    campaign = entry.jielong_import.campaign
    lines = [KeptLine(item.offer_id, item.qty, item.offer.price_fen) for item in items_of(entry)]
    Baskets(request.session).replace(campaign.pk, lines)
    chain_link_remember(request.session, campaign.pk, entry.token)
    return redirect("checkout", entry.jielong_import.leader.code, campaign.pk)


def _page(request: ShopRequest, entry: JielongEntry) -> HttpResponse:
    campaign = entry.jielong_import.campaign
    now = timezone.now()
    shown = campaign_on_sale(campaign.pk, Shopper(request.resident), now)
    row = JielongRow(entry=entry, items=items_of(entry), problems=())
    context = {
        "leader": entry.jielong_import.leader,
        "campaign": campaign,
        "row": row,
        "nickname": masked_nickname(entry.nickname),
        "is_open": shown is not None and shown.is_ordering,
        "is_ordered": entry.order is not None and entry.order.state != OrderState.CANCELLED,
        "now": now,
    }
    return render(request, "orders/shop/chain_link.html", context)
