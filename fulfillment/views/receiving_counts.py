"""One line at the dock: count it, correct it, look at its photo; and goods nobody ordered."""

from typing import TypeVar

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fulfillment.forms.receiving import CorrectionForm, CountForm, StrayForm
from fulfillment.http import NightRequest, night_page
from fulfillment.models.receiving import GoodsReceiptLine
from fulfillment.papers.figures import signed
from fulfillment.selectors.receiving_board import (
    DockLine,
    count_of,
    dock_line_of,
    dock_order_of,
    dock_orders,
)
from fulfillment.services.receiving import count_correct, count_record, count_void
from fulfillment.services.stray_goods import stray_goods_record
from leaders.errors import DomainError
from leaders.models.accounts import Role

Found = TypeVar("Found")


@require_http_methods(["GET", "POST"])
@night_page(Role.BUYER, Role.RECEIVER)
def line_page(request: NightRequest, pk: int, line_pk: int) -> HttpResponse:
    """The form of one line; a saved count shows its difference on the order's page."""
    order = _found(dock_order_of(request.run, pk))
    dock_line = _found(dock_line_of(order, line_pk))
    form = CountForm(initial=_start(dock_line))
    if request.method == "POST":
        form = CountForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            count_record(
                purchase_order=order,
                count=form.count(dock_line.line),
                event_id=form.cleaned_data["event_id"],
                actor=request.user,
                now=timezone.now(),
            )
        except DomainError as error:
            form.add_error(None, _(error.message))
        else:
            return _counted(request, pk, line_pk)
    context = {
        **_line_context(request, dock_line),
        "order": order,
        "form": form,
        "back_url": reverse("receiving-order", args=[request.run.campaign.code, pk]),
        "back_label": order.supplier.name,
    }
    status = 422 if form.is_bound else 200
    return render(request, "fulfillment/night/receiving/line.html", context, status=status)


@require_http_methods(["GET", "POST"])
@night_page(Role.BUYER, Role.RECEIVER)
def correct(request: NightRequest, pk: int) -> HttpResponse:
    """Take a count back with a reason, and count again in the same go."""
    row = _found(count_of(request.run, pk))
    order, line_pk = row.receipt.purchase_order, row.purchase_line_id
    if hasattr(row, "void"):
        messages.info(request, _("This count is taken back already."))
        return redirect("receiving-line", request.run.campaign.code, order.pk, line_pk)
    form = CorrectionForm.of_count(row)
    if request.method == "POST":
        form = CorrectionForm(request.POST, request.FILES)
        if form.is_valid() and _is_corrected(request, row, form):
            return _counted(request, order.pk, line_pk)
    context = {
        **_line_context(request, _found(dock_line_of(order, line_pk))),
        "order": order,
        "row": row,
        "form": form,
        "back_url": reverse("receiving-order", args=[request.run.campaign.code, order.pk]),
        "back_label": _("Purchase order"),
    }
    status = 422 if form.is_bound else 200
    return render(request, "fulfillment/night/receiving/correct.html", context, status=status)


@require_GET
@night_page(Role.BUYER, Role.RECEIVER)
def photo(request: NightRequest, pk: int) -> HttpResponseBase:
    """The photo of a count."""
    row = _found(count_of(request.run, pk))
    if not row.photo:
        raise Http404(_("This count has no photo."))
    return FileResponse(row.photo.open("rb"), content_type="image/jpeg")


@require_http_methods(["GET", "POST"])
@night_page(Role.BUYER, Role.RECEIVER)
def stray(request: NightRequest) -> HttpResponse:
    """Note goods that nobody ordered; `?goods=` describes what was scanned."""
    orders = dock_orders(request.run, now=timezone.now())
    form = StrayForm(
        request.POST or None,
        request.FILES or None,
        initial={"description": request.GET.get("goods", "")},
        suppliers=list(dict.fromkeys(str(row.order.supplier) for row in orders)),
    )
    if request.method == "POST" and form.is_valid():
        try:
            stray_goods_record(
                run=request.run,
                goods=form.goods(),
                event_id=form.cleaned_data["event_id"],
                actor=request.user,
                now=timezone.now(),
            )
        except DomainError as error:
            form.add_error(None, _(error.message))
        else:
            messages.success(request, _("Noted among the exceptions."))
            return redirect("receiving", request.run.campaign.code)
    context = {
        "run": request.run,
        "form": form,
        "back_url": reverse("receiving", args=[request.run.campaign.code]),
        "back_label": _("Receiving"),
    }
    status = 422 if form.is_bound else 200
    return render(request, "fulfillment/night/receiving/stray.html", context, status=status)


def _found(row: Found | None) -> Found:
    if row is None:
        raise Http404(_("This night has nothing of that kind."))
    return row


def _start(dock_line: DockLine) -> dict[str, object]:
    return {"origin": dock_line.line.sku.product.origin}


def _line_context(request: NightRequest, dock_line: DockLine) -> dict[str, object]:
    line = dock_line.line
    return {
        "run": request.run,
        "dock_line": dock_line,
        "is_hidden": request.run.warehouse.is_blind_count and not dock_line.is_counted,
        "may_take_more": bool(line.ended_as) or dock_line.expected_qty < line.ordered_qty,
    }


def _is_corrected(request: NightRequest, row: GoodsReceiptLine, form: CorrectionForm) -> bool:
    """Do what the pressed button says; what is refused stands in the form."""
    reason, now = form.cleaned_data["reason"], timezone.now()
    try:
        if "void" in request.POST:
            count_void(receipt_line=row, reason=reason, actor=request.user, now=now)
        else:
            count_correct(
                receipt_line=row,
                count=form.count(row.purchase_line),
                event_id=form.cleaned_data["event_id"],
                reason=reason,
                actor=request.user,
                now=now,
            )
    except DomainError as error:
        form.add_error(None, _(error.message))
        return False
    return True


def _counted(request: NightRequest, order_pk: int, line_pk: int) -> HttpResponse:
    """Back to the order, at the line, with what the count came to."""
    code = request.run.campaign.code
    dock_line = _found(dock_line_of(_found(dock_order_of(request.run, order_pk)), line_pk))
    _tell(request, dock_line)
    return redirect(f"{reverse('receiving-order', args=[code, order_pk])}#line-{line_pk}")


def _tell(request: NightRequest, dock_line: DockLine) -> None:
    name = dock_line.line.sku.name
    if not dock_line.is_counted:
        messages.success(request, _("%(goods)s: taken back, not entered.") % {"goods": name})
        return
    messages.success(
        request,
        _("%(goods)s: %(pieces)d accepted %(difference)s")
        % {
            "goods": name,
            "pieces": dock_line.accepted_qty,
            "difference": signed(dock_line.difference_qty or 0),
        },
    )
    if dock_line.excess_qty:
        messages.warning(
            request,
            _("%(pieces)d more than ordered: give them back to the driver.")
            % {"pieces": dock_line.excess_qty},
        )
    if dock_line.is_too_warm:
        messages.warning(request, _("%(goods)s came too warm.") % {"goods": name})
    elif dock_line.lacks_temperature:
        messages.warning(
            request, _("%(goods)s must be cold and was not measured.") % {"goods": name}
        )
