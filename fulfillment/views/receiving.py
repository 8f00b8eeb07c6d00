"""The dock: orders by their slots, the lines of one order, its sheet, and the close."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fulfillment.forms.receiving import CloseForm
from fulfillment.http import NightRequest, night_page
from fulfillment.models.papers import Document, Paper
from fulfillment.models.purchasing import PurchaseOrder, PurchaseOrderState
from fulfillment.selectors.dock_codes import CodeMeaning, DockCode, dock_code
from fulfillment.selectors.papers.purchasing import order_scope
from fulfillment.selectors.receiving_board import (
    DockOrder,
    OrderState,
    dock_lines,
    dock_order_of,
    dock_orders,
    lines_not_counted,
)
from fulfillment.services.papers import papers_refresh
from fulfillment.services.receiving import receipts_record_as_ordered, receiving_close
from leaders.errors import DomainError
from leaders.models.accounts import Role

# What the switch of the board shows.
TABS = {
    "all": (gettext_lazy("All"), frozenset(OrderState)),
    "open": (gettext_lazy("To count"), frozenset({OrderState.NOT_ENTERED, OrderState.PARTLY})),
    "different": (gettext_lazy("Differs"), frozenset({OrderState.DIFFERENT})),
    "complete": (gettext_lazy("Done"), frozenset({OrderState.COMPLETE})),
}
# Who knows what is meant where a code leads nowhere; the text names the code.
SCAN_ANSWERS = {
    CodeMeaning.NOT_BOUGHT: gettext_lazy(
        "%(code)s %(name)s is on no purchase order of tonight. Note it as goods nobody ordered."
    ),
    CodeMeaning.OTHER_NIGHT: gettext_lazy("%(code)s belongs to another night."),
    CodeMeaning.UNKNOWN: gettext_lazy(
        "%(code)s is no code of a purchase order, a SKU or a pallet."
    ),
}


@require_GET
@night_page(Role.BUYER, Role.RECEIVER)
def board(request: NightRequest) -> HttpResponse:
    """The orders of the night; `?scan=` jumps to an order or a line, `?q=`, `?state=` choose."""
    if target := _scanned(request, order=None):
        return redirect(target)
    query = request.GET.get("q", "").strip()
    orders = dock_orders(request.run, now=timezone.now(), query=query)
    tab = request.GET.get("state", "")
    tab = tab if tab in TABS else "all"
    context = {
        "run": request.run,
        "orders": [row for row in orders if row.state in TABS[tab][1]],
        "query": query,
        "tabs": _tabs(orders, query, tab),
        "late": sum(row.is_late for row in orders),
    }
    return render(request, "fulfillment/night/receiving/board.html", context)


@require_GET
@night_page(Role.BUYER, Role.RECEIVER)
def order_page(request: NightRequest, pk: int) -> HttpResponse:
    """The lines of one order with what was counted; `?scan=` jumps to a line."""
    order = _order(request, pk)
    if target := _scanned(request, order=order):
        return redirect(target)
    lines = dock_lines(order)
    context = {
        "run": request.run,
        "order": order,
        "lines": lines,
        "is_blind": request.run.warehouse.is_blind_count,
        "can_count": _can_count(request, order),
        "open_lines": sum(not row.is_counted and not row.line.ended_as for row in lines),
        "back_url": reverse("receiving", args=[request.run.campaign.code]),
        "back_label": _("Receiving"),
    }
    return render(request, "fulfillment/night/receiving/order.html", context)


@require_POST
@night_page(Role.BUYER, Role.RECEIVER)
def as_ordered(request: NightRequest, pk: int) -> HttpResponse:
    """Count everything of an order that is not counted as promised; never in a blind count."""
    order = _order(request, pk)
    if request.run.warehouse.is_blind_count:
        messages.error(request, _("In a blind count every line is counted by itself."))
        return redirect("receiving-order", request.run.campaign.code, pk)
    try:
        receipt = receipts_record_as_ordered(
            purchase_order=order, actor=request.user, now=timezone.now()
        )
    except DomainError as error:
        messages.error(request, _(error.message))
    else:
        text = _("%(lines)d lines counted as ordered.") % {"lines": receipt.lines.count()}
        messages.success(request, text)
    return redirect("receiving-order", request.run.campaign.code, pk)


@require_POST
@night_page(Role.BUYER, Role.RECEIVER)
def sheet(request: NightRequest, pk: int) -> HttpResponse:
    """Draw the receiving sheet anew if something was counted since, and open it."""
    scope = order_scope(_order(request, pk))
    papers_refresh(
        run=request.run,
        documents=[Document.RECEIVING_SHEET],
        scopes=[scope],
        actor=request.user,
        now=timezone.now(),
    )
    papers = Paper.objects.filter(run=request.run, document=Document.RECEIVING_SHEET, scope=scope)
    paper = papers.order_by("-revision").first()
    if paper is None:
        raise Http404(_("This order has no receiving sheet."))
    return redirect("paper-download", paper.pk)


@require_http_methods(["GET", "POST"])
@night_page(Role.BUYER)
def close(request: NightRequest) -> HttpResponse:
    """Show what nobody counted, and close the dock; with open lines only on a clear word."""
    waiting = lines_not_counted(request.run)
    form = CloseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and (not waiting or form.is_valid()):
        receiving_close(run=request.run, now=timezone.now())
        messages.success(request, _("Receiving is closed. What is short is shared out now."))
        return redirect("receiving", request.run.campaign.code)
    context = {
        "run": request.run,
        "waiting": waiting,
        "form": form,
        "back_url": reverse("receiving", args=[request.run.campaign.code]),
        "back_label": _("Receiving"),
    }
    status = 422 if form.is_bound else 200
    return render(request, "fulfillment/night/receiving/close.html", context, status=status)


def _tabs(orders: list[DockOrder], query: str, current: str) -> list[dict[str, object]]:
    """The switch between states, each with how many orders it holds."""
    return [
        {
            "label": f"{label} {sum(row.state in states for row in orders)}",
            "url": "?" + urlencode({"q": query, "state": tab}),
            "is_current": tab == current,
        }
        for tab, (label, states) in TABS.items()
    ]


def _order(request: NightRequest, pk: int) -> PurchaseOrder:
    order = dock_order_of(request.run, pk)
    if order is None:
        raise Http404(_("This night has no such purchase order."))
    return order


def _can_count(request: NightRequest, order: PurchaseOrder) -> bool:
    return request.run.day_closed_at is None and order.state != PurchaseOrderState.CANCELLED


def _scanned(request: NightRequest, *, order: PurchaseOrder | None) -> str:
    """Where `?scan=` leads; nothing, and a message, where it leads nowhere."""
    text = request.GET.get("scan", "").strip()
    if not text:
        return ""
    found = dock_code(request.run, text, order=order)
    code = request.run.campaign.code
    if found.meaning is CodeMeaning.ORDER:
        return reverse("receiving-order", args=[code, found.order_id])
    if found.meaning is CodeMeaning.LINE:
        _tell_other_order(request, found, order)
        return reverse("receiving-line", args=[code, found.order_id, found.line_id])
    names = {"code": found.text, "name": found.sku.name if found.sku else ""}
    messages.error(request, SCAN_ANSWERS[found.meaning] % names)
    if found.meaning is CodeMeaning.NOT_BOUGHT:
        goods = urlencode({"goods": f"{found.text} {names['name']}"})
        return f"{reverse('receiving-stray', args=[code])}?{goods}"
    return ""


def _tell_other_order(request: NightRequest, found: DockCode, order: PurchaseOrder | None) -> None:
    """Say that scanned goods are of another order than the open one."""
    if order is not None and found.order_id != order.pk:
        messages.warning(
            request,
            _("%(code)s comes with another order: this is its line.") % {"code": found.text},
        )
