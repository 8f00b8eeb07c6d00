"""A leader's shop, the short link to it, and the pictures of the goods."""

from pathlib import PurePosixPath

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from leaders.models.leaders import Leader
from orders.http import Baskets, ShopRequest, shop_page
from orders.selectors.baskets import cart_sum
from orders.selectors.storefront import Shopper, short_link_found, storefront
from orders.views.shops import leader_or_404

PHOTO_SECONDS = 30 * 24 * 3600


@require_GET
@shop_page
def shop(request: ShopRequest, leader_code: str) -> HttpResponse:
    """What a leader sells now, by arrival and by category."""
    leader = leader_or_404(leader_code)
    now = timezone.now()
    shopper = Shopper(request.resident, Baskets(request.session).pieces())
    front = storefront(leader, shopper, now)
    context = {
        "leader": leader,
        "front": front,
        "now": now,
        "sum": cart_sum(front.campaigns),
        "bound_elsewhere": _bound_elsewhere(request, leader),
    }
    return render(request, "orders/shop/shop.html", context)


@require_GET
def short_link(request: HttpRequest, code: str) -> HttpResponse:
    """Lead to the shop of a short link, or say kindly that the link is too old."""
    link = short_link_found(code)
    if link is None:
        raise Http404(_("There is no such link."))
    if link.expires_at is not None and link.expires_at <= timezone.now():
        return render(request, "orders/shop/link_expired.html", {"link": link}, status=410)
    return redirect("shop", link.leader.code)


@require_GET
def photo(request: HttpRequest, folder: str, name: str) -> FileResponse:
    """A photo of goods or of a licence; nothing else below the media folder is public."""
    path = str(PurePosixPath(folder, name))
    try:
        file = default_storage.open(path)
    except (FileNotFoundError, SuspiciousFileOperation):
        raise Http404(_("There is no such photo.")) from None
    response = FileResponse(file, content_type="image/jpeg")
    # The name is random and changes with the photo.
    response["Cache-Control"] = f"public, max-age={PHOTO_SECONDS}, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _bound_elsewhere(request: ShopRequest, leader: Leader) -> Leader | None:
    """The leader this resident belongs to, if it is another one."""
    resident = request.resident
    return resident.leader if resident and resident.leader_id != leader.pk else None
