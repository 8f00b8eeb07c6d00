"""From an order to the provider's cashier, whoever pays."""

from collections.abc import Mapping

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode

from leaders.http import client_ip
from orders.domain.gateway import PayMethod
from orders.integrations.providers import gateway_default
from orders.models.orders import Order
from orders.models.payments import Payment
from orders.services.payments import payment_begin

MOBILE_MARKS = ("Mobile", "Android", "iPhone")


def sent_to_pay(
    request: HttpRequest, order: Order, *, openid: str, pay_page: str, back: str
) -> HttpResponse:
    """Begin the payment of an order and lead to where it is paid.

    A cashier on this site is opened at once. Any other is opened from
    `pay_page` by a link or a script: our pages may not send forms elsewhere.
    Raises what `payment_begin` raises.
    """
    payment = payment_begin(
        order_id=order.pk,
        method=_method(request, openid),
        openid=openid,
        client_ip=client_ip(request),
    )
    url = cashier_url(request, payment, back)
    if url.startswith("/"):
        return redirect(url)
    return redirect(pay_page)


def cashier_url(request: HttpRequest, payment: Payment, back: str) -> str:
    """The address of a payment page that leads back to the order; empty for other handles."""
    url = str(payment.handle.get("url", "")) or _web_address(payment.handle)
    if not url:
        return ""
    if url.startswith("/"):
        return f"{url}?{urlencode({'redirect_url': back})}"
    joint = "&" if "?" in url else "?"
    return f"{url}{joint}{urlencode({'redirect_url': settings.SITE_URL.rstrip('/') + back})}"


def _web_address(handle: Mapping[str, object]) -> str:
    """What a code leads to, if a browser can open it, too: that of the demo's gateway."""
    code_url = str(handle.get("code_url", ""))
    return code_url if code_url.startswith(("http://", "https://")) else ""


def handle_context(request: HttpRequest, payment: Payment, back: str) -> dict[str, object]:
    """What the pay page shows of a payment's handle."""
    code_url = str(payment.handle.get("code_url", ""))
    return {
        "payment": payment,
        "cashier_url": cashier_url(request, payment, back),
        "qr": segno.make(code_url, error="m").svg_data_uri(scale=6, border=2) if code_url else "",
        "is_jsapi": payment.method == PayMethod.JSAPI,
    }


def _method(request: HttpRequest, openid: str) -> PayMethod | None:
    """The way to pay that suits this browser; None leaves it to the provider."""
    offered = gateway_default().methods
    agent = request.headers.get("User-Agent", "")
    wanted = PayMethod.NATIVE
    if "MicroMessenger" in agent and openid:
        wanted = PayMethod.JSAPI
    elif any(mark in agent for mark in MOBILE_MARKS):
        wanted = PayMethod.H5
    return wanted if wanted in offered else None
