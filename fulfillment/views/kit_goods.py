"""Material good by good, and all of it in one file."""

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from fulfillment.services.kit_packs import kit_pack
from fulfillment.services.kit_wording import goods_text
from fulfillment.views.kit_sales import goods_or_404, sale_or_404
from leaders.http import LeaderRequest, leader_page


@require_GET
@leader_page
def goods_list(request: LeaderRequest, code: str) -> HttpResponse:
    """The goods of a sale, to pick one to post."""
    sale = sale_or_404(request.leader, code, timezone.now())
    return render(request, "fulfillment/kit/goods_list.html", {"sale": sale})


@require_GET
@leader_page
def goods(request: LeaderRequest, code: str, offer_id: int) -> HttpResponse:
    """One good with its words and its picture."""
    sale = sale_or_404(request.leader, code, timezone.now())
    picked = goods_or_404(sale, offer_id)
    context = {"sale": sale, "goods": picked, "text": goods_text(sale, picked)}
    return render(request, "fulfillment/kit/goods.html", context)


@require_GET
@leader_page
def pack(request: LeaderRequest, code: str) -> StreamingHttpResponse:
    """All words and pictures of a sale as a ZIP file."""
    now = timezone.now()
    sale = sale_or_404(request.leader, code, now)
    day = timezone.localdate(now)
    packed = kit_pack(sale, request.leader)
    response = StreamingHttpResponse(packed, content_type="application/zip")
    name = f"posts-{request.leader.code}-{day:%Y%m%d}.zip"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
