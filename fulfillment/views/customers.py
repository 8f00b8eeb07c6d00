"""The leader's own customers: masked, counted, won back, and taken along."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fulfillment.domain.customers import Liveliness
from fulfillment.selectors.customer_export import export_until
from fulfillment.selectors.customers import (
    Customer,
    counts_by_liveliness,
    customers,
    orders_answered_by,
    phones_opened,
    residents_of_leader,
    win_back_script,
)
from fulfillment.selectors.kit import shop_address
from fulfillment.services.customer_export import customers_export
from fulfillment.services.customers import phone_open
from fulfillment.services.win_back_wording import win_back_text
from leaders.errors import ExportRefused, PhoneStaysClosed
from leaders.http import LeaderRequest, leader_page
from orders.models.residents import LinkChannel
from orders.selectors.short_links import short_link_current

PER_PAGE = 20
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Row:
    """One customer on the page; the words to win them back are empty for active ones."""

    customer: Customer
    win_back: str


@require_GET
@leader_page
def customer_list(request: LeaderRequest) -> HttpResponse:
    """The residents bound to the leader, all or those active or quiet for so long."""
    now = timezone.now()
    asked = request.GET.get("show", "")
    liveliness = Liveliness(asked) if asked in set(Liveliness) else Liveliness.ALL
    query = request.GET.get("q", "").strip()[:40]
    residents = residents_of_leader(request.leader, liveliness, query, now)
    page = Paginator(residents, PER_PAGE).get_page(request.GET.get("page"))
    shown = customers(request.leader, page, now)
    context = {
        "query": query,
        "liveliness": liveliness,
        "options": _options(request, liveliness, query),
        "page": page,
        "kept": urlencode({"show": liveliness, "q": query}),
        "rows": _rows(request, shown),
    }
    return render(request, "fulfillment/customers/customers.html", context)


@require_POST
@leader_page
def phone(request: LeaderRequest, order_id: int) -> HttpResponse:
    """Open the number of one order that waits; it is shown this once."""
    now = timezone.now()
    known = orders_answered_by(request.leader, timezone.localdate(now))
    order = get_object_or_404(known, pk=order_id)
    try:
        number = phone_open(leader=request.leader, order_id=order.pk, actor=request.user, now=now)
    except PhoneStaysClosed as error:
        messages.warning(request, _(error.message))
        return redirect("leader-customers")
    context = {"order": order, "number": number}
    return render(request, "fulfillment/customers/phone.html", context)


@require_GET
@leader_page
def phones(request: LeaderRequest) -> HttpResponse:
    """Every number that was opened, by whom and for which order."""
    opened = phones_opened(request.leader)
    page = Paginator(opened, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "fulfillment/customers/phones.html", {"page": page})


@require_http_methods(["GET", "POST"])
@leader_page
def export(request: LeaderRequest) -> HttpResponse:
    """Say what is in the list; a POST makes it."""
    now = timezone.now()
    if request.method == "GET":
        context = {"until": export_until(request.leader), "now": now}
        return render(request, "fulfillment/customers/export.html", context)
    try:
        made = customers_export(leader=request.leader, actor=request.user, now=now)
    except ExportRefused as error:
        messages.error(request, _(error.message))
        return redirect("leader-export")
    response = HttpResponse(made.getvalue(), content_type=XLSX)
    name = f"customers-{request.leader.code}-{timezone.localdate(now):%Y%m%d}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _rows(request: LeaderRequest, shown: list[Customer]) -> list[Row]:
    if all(customer.is_active for customer in shown):
        return [Row(customer, "") for customer in shown]
    link = short_link_current(request.leader, timezone.now(), LinkChannel.CHAT)
    address = shop_address(request.leader, link)
    script = win_back_script()
    return [Row(customer, _win_back(customer, script, address)) for customer in shown]


def _win_back(customer: Customer, script: str, address: str) -> str:
    if customer.is_active:
        return ""
    return win_back_text(
        name=customer.name,
        script=script,
        usual=customer.usual,
        usual_on_sale=customer.usual_on_sale,
        address=address,
    )


def _options(request: LeaderRequest, current: Liveliness, query: str) -> list[dict[str, object]]:
    """The switch between the lists, with how many each has."""
    counts = counts_by_liveliness(request.leader, timezone.now())
    labels = {
        Liveliness.ALL: _("All"),
        Liveliness.ACTIVE: _("Lively"),
        Liveliness.QUIET_7: _("7 days"),
        Liveliness.QUIET_14: _("14 days"),
        Liveliness.QUIET_30: _("30 days"),
    }
    kept = {"q": query} if query else {}
    return [
        {
            "label": f"{label} {counts[kind]}",
            "url": f"?{urlencode({**kept, 'show': kind.value})}",
            "is_current": kind is current,
        }
        for kind, label in labels.items()
    ]
