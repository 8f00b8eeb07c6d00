"""Who is shopping: the resident of a session, and the baskets it keeps."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django_htmx.middleware import HtmxDetails

from orders.domain.shelf import KeptLine
from orders.models.residents import Resident

RESIDENT_KEY = "resident_id"
# The phone a code was sent to, until it is typed.
PHONE_KEY = "login_phone"
NEW_PHONE_KEY = "new_phone"
BASKETS_KEY = "baskets"
SHOP_KEY = "shop"
RESELLER_KEY = "shop_reseller"
CHAIN_LINKS_KEY = "chain_links"
LINES_MAX = 60


class ShopRequest(HttpRequest):
    """A request of somebody who shops; `resident` is None for a stranger."""

    resident: Resident | None
    htmx: HtmxDetails


class ResidentRequest(HttpRequest):
    """A request of a resident who has logged in."""

    resident: Resident
    htmx: HtmxDetails


P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
ShopView = Callable[Concatenate[ShopRequest, P], HttpResponseBase]
ResidentView = Callable[Concatenate[ResidentRequest, P], HttpResponseBase]


def shop_page(view: ShopView[P]) -> View[P]:
    """Open a view to everybody and put the resident, if any, on the request."""

    @wraps(view)
    def opened(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        shop_request = cast(ShopRequest, request)
        shop_request.resident = resident_of_session(request.session)
        response = view(shop_request, *args, **kwargs)
        # Prices, stock and baskets are of this moment and this phone.
        add_never_cache_headers(response)
        return response

    return opened


def resident_page(view: ResidentView[P]) -> View[P]:
    """Open a view to residents; strangers are sent to the log-in and come back."""

    @shop_page
    @wraps(view)
    def guarded(request: ShopRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.resident is None:
            return redirect(login_address(request.get_full_path(), shop_of(request.session)))
        return view(cast(ResidentRequest, request), *args, **kwargs)

    return guarded


def resident_of_session(session: SessionBase) -> Resident | None:
    """The resident who logged in here, with their leader."""
    pk = session.get(RESIDENT_KEY)
    if pk is None:
        return None
    proved = Resident.objects.select_related("leader").filter(phone_verified_at__isnull=False)
    return proved.filter(pk=pk).first()


def session_begin(session: SessionBase, resident: Resident) -> None:
    """Log a resident in; a session id somebody knew before is worth nothing afterwards."""
    session.cycle_key()
    session[RESIDENT_KEY] = resident.pk


def session_end(session: SessionBase) -> None:
    """Log the resident out and forget the baskets; the next person must not see them."""
    for key in (RESIDENT_KEY, BASKETS_KEY, SHOP_KEY, RESELLER_KEY, CHAIN_LINKS_KEY):
        session.pop(key, None)
    session.cycle_key()


def shop_of(session: SessionBase) -> str:
    """The code of the leader whose shop was used last; empty if none was."""
    return str(session.get(SHOP_KEY, ""))


def shop_remember(session: SessionBase, leader_code: str) -> None:
    """Remember whose shop is used, for the way back from pages that belong to no leader."""
    if session.get(SHOP_KEY) != leader_code:
        session[SHOP_KEY] = leader_code


def reseller_of(session: SessionBase) -> str:
    """The code of the leader who sells here for another; empty for a shop's own visitors.

    It says whose link was opened last, and not for which shop: whoever places
    an order asks `resale_in_force` with the owner of that shop.
    """
    return str(session.get(RESELLER_KEY, ""))


def reseller_remember(session: SessionBase, leader_code: str) -> None:
    """Remember whose link brought the visitor; an empty code forgets the one before."""
    if leader_code:
        session[RESELLER_KEY] = leader_code
    else:
        session.pop(RESELLER_KEY, None)


def chain_link_of(session: SessionBase, campaign_id: int) -> str:
    """The payment link of a chain that filled this campaign's basket; empty if none did."""
    return str(session.get(CHAIN_LINKS_KEY, {}).get(str(campaign_id), ""))


def chain_link_remember(session: SessionBase, campaign_id: int, token: str) -> None:
    """Remember which payment link filled a basket; an empty one forgets it."""
    links = {**session.get(CHAIN_LINKS_KEY, {}), str(campaign_id): token}
    session[CHAIN_LINKS_KEY] = {campaign: link for campaign, link in links.items() if link}


def login_address(back: str, leader_code: str) -> str:
    """The log-in page that leads back to where somebody came from."""
    query = {"next": back} | ({"leader": leader_code} if leader_code else {})
    return f"{reverse('resident-login')}?{urlencode(query)}"


def safe_next(request: HttpRequest, fallback: str) -> str:
    """Where the log-in leads: an address of this site, or the fallback."""
    address = request.POST.get("next") or request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(address, {request.get_host()}, request.is_secure()):
        return address
    return fallback


class Baskets:
    """The baskets of a session, one per campaign; they survive a reload and a log-in."""

    def __init__(self, session: SessionBase) -> None:
        self._session = session

    def campaign_ids(self) -> list[int]:
        """The campaigns with something in their basket."""
        return sorted(int(key) for key, lines in self._kept().items() if lines)

    def pieces(self) -> dict[int, int]:
        """Pieces by offer, of every basket."""
        return {
            int(offer): qty
            for lines in self._kept().values()
            for offer, (qty, _price) in lines.items()
        }

    def lines(self, campaign_id: int) -> list[KeptLine]:
        """The lines of one basket, in the order in which they were put in."""
        lines = self._kept().get(str(campaign_id), {})
        return [KeptLine(int(offer), qty, price) for offer, (qty, price) in lines.items()]

    def qty(self, campaign_id: int, offer_id: int) -> int:
        """How many pieces of an offer are in the basket."""
        qty, _price = self._kept().get(str(campaign_id), {}).get(str(offer_id), (0, 0))
        return int(qty)

    def put(self, campaign_id: int, line: KeptLine) -> None:
        """Set one line; a quantity of 0 takes it out. A full basket takes no new goods."""
        kept = self._kept()
        basket = kept.setdefault(str(campaign_id), {})
        key = str(line.offer_id)
        if line.qty < 1:
            basket.pop(key, None)
        elif key in basket or len(basket) < LINES_MAX:
            basket[key] = (line.qty, line.price_fen)
        self._session[BASKETS_KEY] = kept

    def replace(self, campaign_id: int, lines: Iterable[KeptLine]) -> None:
        """Set a whole basket."""
        kept = self._kept()
        kept[str(campaign_id)] = {
            str(line.offer_id): (line.qty, line.price_fen) for line in lines if line.qty
        }
        self._session[BASKETS_KEY] = {key: basket for key, basket in kept.items() if basket}

    def _kept(self) -> dict[str, dict[str, tuple[int, int]]]:
        kept: dict[str, dict[str, tuple[int, int]]] = self._session.get(BASKETS_KEY, {})
        return kept
