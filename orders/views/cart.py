"""The cart: one basket per campaign, held against today's terms whenever it is shown."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRefresh

from leaders.models.leaders import Leader
from orders.domain.shelf import KeptLine, OfferTerms
from orders.forms import quantity
from orders.http import Baskets, ShopRequest, safe_next, shop_page, shop_remember
from orders.selectors.baskets import Cart, cart_of, cart_sum, carts_of
from orders.selectors.storefront import (
    CampaignOnSale,
    Shopper,
    campaign_on_sale,
    campaigns_on_sale,
)
from orders.views.shops import leader_or_404

STEPS = {"more": 1, "fewer": -1}


@require_GET
@shop_page
def cart(request: ShopRequest, leader_code: str) -> HttpResponse:
    """The baskets of this phone, with what changed since the goods were put in."""
    leader = leader_or_404(leader_code)
    return render(request, "orders/shop/cart.html", _context(request, leader))


@require_POST
@shop_page
def put(request: ShopRequest, leader_code: str) -> HttpResponse:
    """Put one piece more or fewer of an offer into its basket."""
    leader = leader_or_404(leader_code)
    now = timezone.now()
    campaign_id = _number(request, "campaign")
    shopper = Shopper(request.resident, Baskets(request.session).pieces(), leader)
    shown = campaign_on_sale(campaign_id, shopper, now)
    item = shown.items.get(_number(request, "offer")) if shown else None
    if shown is None or item is None:
        raise Http404(_("This is not on sale."))
    shop_remember(request.session, leader.code)
    baskets = Baskets(request.session)
    asked = _asked(request, baskets.qty(campaign_id, item.terms.offer_id))
    qty = min(asked, item.terms.most_qty(now))
    baskets.put(campaign_id, KeptLine(item.terms.offer_id, qty, item.terms.price_fen))
    refusal = _refusal(item.terms, asked, qty)
    if request.POST.get("page") == "cart":
        return _cart_answer(request, leader, shown, qty, refusal)
    if not request.htmx:
        if refusal:
            messages.warning(request, refusal)
        back = safe_next(request, f"/g/{leader.code}/")
        return redirect(f"{back}#offer-{item.terms.offer_id}")
    campaigns = campaigns_on_sale(Shopper(request.resident, baskets.pieces(), leader), now)
    context = {"leader": leader, "qty": qty, "refusal": refusal, "sum": cart_sum(campaigns)}
    return render(request, "orders/shop/_put_answer.html", context)


def _cart_answer(
    request: ShopRequest, leader: Leader, shown: CampaignOnSale, qty: int, refusal: str
) -> HttpResponse:
    """The figure and the sum alone; the whole page where more than that changes."""
    if refusal:
        messages.warning(request, refusal)
    if not request.htmx:
        return redirect("cart", leader.code)
    if refusal or qty == 0:
        return HttpResponseClientRefresh()
    kept = Baskets(request.session).lines(shown.campaign.pk)
    context = {"leader": leader, "qty": qty, "cart": cart_of(shown, kept, timezone.now())}
    return render(request, "orders/shop/_cart_put_answer.html", context)


def _context(request: ShopRequest, leader: Leader) -> dict[str, object]:
    """The carts as they can be ordered now; the session keeps them like that."""
    now = timezone.now()
    baskets = Baskets(request.session)
    campaigns = campaigns_on_sale(Shopper(request.resident, baskets.pieces(), leader), now)
    kept = {campaign_id: baskets.lines(campaign_id) for campaign_id in baskets.campaign_ids()}
    carts = carts_of(campaigns, kept, now)
    shown_ids = {shown.campaign.pk for shown in campaigns}
    for campaign_id in kept.keys() - shown_ids:
        baskets.replace(campaign_id, [])
    for of_campaign in carts:
        if of_campaign.changes:
            baskets.replace(of_campaign.campaign.pk, of_campaign.kept)
    return {
        "leader": leader,
        "now": now,
        "carts": [of_campaign for of_campaign in carts if of_campaign.lines],
        "changes": _changes(carts),
        "is_campaign_over": bool(kept.keys() - shown_ids),
    }


def _changes(carts: tuple[Cart, ...]) -> list[object]:
    return [change for of_campaign in carts for change in of_campaign.changes]


def _asked(request: ShopRequest, qty: int) -> int:
    """The quantity that is wanted: a step from what is there, the number itself, or no change."""
    step = STEPS.get(request.POST.get("step", ""))
    if step is not None:
        return max(0, qty + step)
    return quantity(request.POST["qty"]) if "qty" in request.POST else qty


def _refusal(terms: OfferTerms, asked: int, qty: int) -> str:
    """Why fewer pieces went in than were asked for; empty if all did."""
    if asked <= qty:
        return ""
    if terms.limit_qty is not None and qty + terms.bought_qty >= terms.limit_qty:
        return _("{name}: at most {limit} per household.").format(
            name=terms.name, limit=terms.limit_qty
        )
    if terms.left_qty is not None and qty >= terms.left_qty:
        return _("{name}: only {left} left.").format(name=terms.name, left=terms.left_qty)
    return _("{name} is not on sale right now.").format(name=terms.name)


def _number(request: ShopRequest, name: str) -> int:
    text = request.POST.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < 18):
        raise Http404(_("This is not on sale."))
    return int(text)
