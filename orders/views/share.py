"""What a leader posts in the group: link, short link, QR code and text."""

import io
from datetime import datetime

import segno
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from leaders.http import LeaderRequest, leader_page
from leaders.models.leaders import Leader
from leaders.models.pickup_points import PickupPoint
from orders.domain.money import format_yuan
from orders.domain.shelf import SaleState
from orders.models.residents import LinkChannel, ShortLink
from orders.selectors.short_links import short_link_current
from orders.selectors.storefront import (
    CampaignOnSale,
    Shopper,
    campaigns_on_sale,
    points_open_of,
)
from orders.services.short_links import short_link_create

# A longer post is folded away by the group.
GOODS_IN_TEXT = 8
CIRCLED = "①②③④⑤⑥⑦⑧"
BUYABLE = (SaleState.ON_SALE, SaleState.UPCOMING)


@require_GET
@leader_page
def share(request: LeaderRequest) -> HttpResponse:
    """Everything to copy, save or show."""
    now = timezone.now()
    link = short_link_current(request.leader, now)
    address = _address(request.leader, link)
    points = points_open_of(request.leader)
    texts = [
        _group_text(shown, points, address)
        for shown in campaigns_on_sale(Shopper(), now)
        if shown.is_ordering
    ]
    context = {
        "leader": request.leader,
        "link": link,
        "address": address,
        "texts": texts,
        "points": points,
    }
    return render(request, "orders/leader/share.html", context)


@require_POST
@leader_page
def short_link(request: LeaderRequest) -> HttpResponse:
    """Make a new short link; the old ones keep working until they expire."""
    short_link_create(
        leader=request.leader, channel=LinkChannel.GROUP, label="", now=timezone.now()
    )
    return redirect("leader-share")


@require_GET
@leader_page
def qr(request: LeaderRequest) -> HttpResponse:
    """The shop's address as a QR code; the long address, which never expires."""
    drawn = io.BytesIO()
    segno.make(_address(request.leader, None), error="m").save(drawn, kind="svg", scale=8, border=2)
    return HttpResponse(drawn.getvalue(), content_type="image/svg+xml")


def _address(leader: Leader, link: ShortLink | None) -> str:
    path = reverse("short-link", args=[link.code]) if link else reverse("shop", args=[leader.code])
    return f"{settings.SITE_URL.rstrip('/')}{path}"


def _close_word(at: datetime) -> str:
    """The last moment for orders; with its date where that is not today."""
    local = timezone.localtime(at)
    clock = f"{local:%H:%M}"
    if local.date() == timezone.localdate():
        return clock
    return f"{date_format(local.date(), 'MONTH_DAY_FORMAT')} {clock}"


def _group_text(shown: CampaignOnSale, points: tuple[PickupPoint, ...], address: str) -> str:
    """The opening post of one campaign, as leaders write it."""
    campaign = shown.campaign
    lines = [
        _("[Arrives {day}] {point}, order by {time}").format(
            day=date_format(campaign.delivery_date, "MONTH_DAY_FORMAT"),
            point="、".join(point.name for point in points),
            time=_close_word(campaign.orders_close_at),
        )
    ]
    goods = [item for item in shown.items.values() if item.state in BUYABLE]
    for mark, item in zip(CIRCLED, goods[:GOODS_IN_TEXT], strict=False):
        limit = item.terms.limit_qty
        limited = _(" (at most {limit})").format(limit=limit) if limit else ""
        lines.append(f"{mark}{item.sku_name} {format_yuan(item.terms.price_fen)}{limited}")
    rest = len(goods) - GOODS_IN_TEXT
    if rest > 0:
        lines.append(_("…and {count} more").format(count=rest))
    lines.append(_("Order and pay here → {address}").format(address=address))
    return "\n".join(lines)
