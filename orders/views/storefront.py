"""A leader's shop, the short link to it, and the pictures of the goods."""

from pathlib import PurePosixPath

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_safe

from leaders.http import is_too_often
from leaders.models.leaders import Leader
from orders.domain.link_visits import is_visit
from orders.http import Baskets, ShopRequest, reseller_remember, shop_page
from orders.selectors.baskets import cart_sum
from orders.selectors.short_links import reseller_code, short_link_found
from orders.selectors.storefront import Shopper, storefront
from orders.services.short_links import short_link_click
from orders.views.shops import leader_or_404

PHOTO_SECONDS = 30 * 24 * 3600
# No group opens a link faster; what comes on top leads to the shop uncounted.
CLICKS_PER_MINUTE = 600
MINUTE_S = 60


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


@require_safe
def short_link(request: HttpRequest, code: str) -> HttpResponse:
    """Lead to the shop of a short link, or say kindly that the link is too old.

    People are counted; whose link it is stays with the session, so that what
    they order is sold by the right leader.
    """
    now = timezone.now()
    link = short_link_found(code)
    if link is None:
        raise Http404(_("There is no such link."))
    if link.expires_at is not None and link.expires_at <= now:
        return render(request, "orders/shop/link_expired.html", {"link": link}, status=410)
    if is_visit(request.method or "", request.headers):
        reseller_remember(request.session, reseller_code(link))
        if not is_too_often("link", link.code, most=CLICKS_PER_MINUTE, period_s=MINUTE_S):
            short_link_click(short_link=link, now=now)
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
