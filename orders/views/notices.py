"""Where payment providers tell what happened; answered only after it is committed."""

from http import HTTPStatus

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from orders.errors import GatewayUnknown, NoticeRefused, PlatformBusy
from orders.integrations.gateways import NOTICE_BYTES_MAX
from orders.services.payment_reports import notice_receive

# Only forgeries count: a provider may send as many genuine notices as it has.
FORGERIES_MAX = 30
FORGERIES_WINDOW_S = 60
PROXY_ADDRESSES = frozenset({"127.0.0.1", "::1", ""})


@csrf_exempt
@require_POST
def notice(request: HttpRequest, provider: str) -> HttpResponse:
    """Take one notice; anything but 2xx makes the provider send it again.

    A body over the limit is not read. An address that keeps sending forgeries
    is turned away before any signature is checked; the count lives in this
    process's memory, so losing it lets everybody in.
    """
    address = _address(request)
    if _length(request) > NOTICE_BYTES_MAX:
        return _refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    if cache.get(_forgeries_key(address), 0) >= FORGERIES_MAX:
        return _refused(HTTPStatus.TOO_MANY_REQUESTS)
    try:
        notice_receive(
            provider=provider,
            headers=dict(request.headers),
            body=request.body,
            now=timezone.now(),
        )
    except GatewayUnknown:
        return _refused(HTTPStatus.NOT_FOUND)
    except NoticeRefused:
        _forgery_count(address)
        return _refused(HTTPStatus.UNAUTHORIZED)
    except PlatformBusy:
        return _refused(HTTPStatus.SERVICE_UNAVAILABLE)
    return JsonResponse({"code": "SUCCESS", "message": "OK"})


def _refused(status: HTTPStatus) -> JsonResponse:
    return JsonResponse({"code": "FAIL", "message": status.phrase}, status=status)


def _length(request: HttpRequest) -> int:
    declared = request.headers.get("Content-Length", "")
    return int(declared) if declared.isascii() and declared.isdigit() else 0


def _address(request: HttpRequest) -> str:
    """Who sends: the peer, or whom a proxy on this machine names last."""
    peer = str(request.META.get("REMOTE_ADDR", ""))
    named = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return named if named and peer in PROXY_ADDRESSES else peer


def _forgeries_key(address: str) -> str:
    return f"forged-notices:{address.replace(' ', '')[:64]}"


def _forgery_count(address: str) -> None:
    """Count one; the window begins with the first and ends by itself."""
    key = _forgeries_key(address)
    if not cache.add(key, 1, FORGERIES_WINDOW_S):
        try:
            cache.incr(key)
        except ValueError:  # it ended between the two calls
            cache.set(key, 1, FORGERIES_WINDOW_S)
