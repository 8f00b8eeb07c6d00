"""The pictures of the selling kit, and the shop's QR code."""

import io

import segno
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fulfillment.selectors.kit import poster_address, selling_kit, shop_address
from fulfillment.services.kit_pictures import (
    arrival_picture,
    goods_card_picture,
    poster_of,
    sale_picture,
)
from fulfillment.views.kit_sales import goods_or_404, sale_or_404
from leaders.http import LeaderRequest, leader_page
from orders.models.kit import PostKind
from orders.selectors.storefront import points_open_of

SALE_KINDS = (PostKind.OPENING, PostKind.LAST_CALL, PostKind.WAR_REPORT)


@require_GET
@leader_page
def sale(request: LeaderRequest, code: str, kind: str) -> HttpResponse:
    """The opening post, last call or war report of a sale."""
    if kind not in SALE_KINDS:
        raise Http404(_("There is no such picture."))
    now = timezone.now()
    shown = sale_or_404(request.leader, code, now)
    return _png(sale_picture(PostKind(kind), shown, request.leader, timezone.localdate(now)))


@require_GET
@leader_page
def arrival(request: LeaderRequest, code: str, point_id: int) -> HttpResponse:
    """The arrival notice of one of the leader's points."""
    now = timezone.now()
    found = selling_kit(request.leader, now).arrival(code, point_id)
    if found is None:
        raise Http404(_("Nothing has come there."))
    return _png(arrival_picture(found, request.leader, timezone.localdate(now)))


@require_GET
@leader_page
def goods(request: LeaderRequest, code: str, offer_id: int) -> HttpResponse:
    """One good of a sale."""
    now = timezone.now()
    shown = sale_or_404(request.leader, code, now)
    picked = goods_or_404(shown, offer_id)
    return _png(goods_card_picture(shown, picked, request.leader, timezone.localdate(now)))


@require_GET
@leader_page
def poster(request: LeaderRequest) -> HttpResponse:
    """The poster of the leader's shop."""
    now = timezone.now()
    places = [f"{point.name} {point.address}" for point in points_open_of(request.leader)]
    address = poster_address(request.leader, now)
    return _png(poster_of(request.leader, places, address, timezone.localdate(now)))


@require_GET
@leader_page
def qr(request: LeaderRequest) -> HttpResponse:
    """The shop's address as a QR code; the long address, which never expires."""
    drawn = io.BytesIO()
    code = segno.make(shop_address(request.leader, None), error="m")
    code.save(drawn, kind="svg", scale=8, border=2)
    return HttpResponse(drawn.getvalue(), content_type="image/svg+xml")


def _png(data: bytes) -> HttpResponse:
    response = HttpResponse(data, content_type="image/png")
    response["X-Content-Type-Options"] = "nosniff"
    return response
