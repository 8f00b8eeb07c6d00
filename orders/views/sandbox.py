"""The sandbox provider's cashier: where a person plays the paying resident."""

from contextlib import suppress

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from orders.errors import GatewayRefused, GatewayUnknown, PlatformBusy
from orders.integrations.providers import sandbox_gateway
from orders.integrations.sandbox import SandboxGateway
from orders.services.payment_reports import notice_receive


@require_http_methods(["GET", "POST"])
def pay(request: HttpRequest, out_trade_no: str) -> HttpResponse:
    """Show one trade with its buttons; `redirect_url` says where they lead back to."""
    try:
        gateway = sandbox_gateway()
    except GatewayUnknown:
        raise Http404 from None
    trade = gateway.trade(out_trade_no)
    if trade is None:
        raise Http404
    back = _back(request)
    context = {"trade": trade, "back": back, "is_refused": False}
    if request.method == "POST":
        try:
            gateway.pay(out_trade_no)
        except GatewayRefused:
            context["is_refused"] = True
            return render(request, "orders/sandbox/pay.html", context, status=409)
        _tell_the_shop(gateway, out_trade_no)
        return redirect(back or request.get_full_path())
    return render(request, "orders/sandbox/pay.html", context)


def _tell_the_shop(gateway: SandboxGateway, out_trade_no: str) -> None:
    """Deliver the notice as a provider would, once; what is not heard the sweep finds."""
    headers, body = gateway.notice(out_trade_no)
    with suppress(PlatformBusy):
        notice_receive(provider=SandboxGateway.name, headers=headers, body=body, now=timezone.now())


def _back(request: HttpRequest) -> str:
    """Return where the shop wants the resident back, if that is the shop."""
    back = request.GET.get("redirect_url", "")
    hosts = {request.get_host()}
    return back if url_has_allowed_host_and_scheme(back, hosts) else ""
