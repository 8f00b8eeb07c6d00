"""A supplier answers one purchase order, without a log-in.

The link is the permission: it shows the order it names and nothing else.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fulfillment.errors import (
    PaperFileMissing,
    SupplierLinkExpired,
    SupplierLinkUnreadable,
)
from fulfillment.forms.supplier_link import ConfirmationForm, PaperForm
from fulfillment.integrations.paper_files import paper_path
from fulfillment.models.supplier_papers import SupplierPaperKind
from fulfillment.selectors.supplier_orders import SupplierOrder, purchase_paper, supplier_order
from fulfillment.services.purchase_workbooks import purchase_order_workbook
from fulfillment.services.purchasing import purchase_order_confirm
from fulfillment.services.supplier_links import purchase_order_id_of
from fulfillment.services.supplier_papers import HandedIn, supplier_paper_add
from leaders.errors import DomainError
from leaders.http import client_ip, is_too_often

HOUR_S = 3600
# Links that do not work, from one address: whoever tries more than these guesses.
BAD_LINKS_PER_HOUR = 30
# Answers and files for one order.
POSTS_PER_HOUR = 120
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class SupplierRequest(HttpRequest):
    """A request of whoever holds the link; `shown` is the order it names."""

    token: str
    shown: SupplierOrder


P = ParamSpec("P")
OrderView = Callable[Concatenate["SupplierRequest", P], HttpResponseBase]
LinkView = Callable[Concatenate[HttpRequest, str, P], HttpResponseBase]


def supplier_page(view: OrderView[P]) -> LinkView[P]:
    """Open a view to whoever holds the link of an order, and hand it the order."""

    @wraps(view)
    def opened(
        request: HttpRequest, /, token: str, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        supplier_request = cast(SupplierRequest, request)
        refused = _refused(supplier_request, token)
        response = refused or view(supplier_request, *args, **kwargs)
        add_never_cache_headers(response)
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return cast(LinkView[P], opened)


def _refused(request: SupplierRequest, token: str) -> HttpResponse | None:
    """Put the order on the request, or say why the link does not open one."""
    try:
        shown = supplier_order(purchase_order_id_of(token))
    except SupplierLinkExpired:
        return _refusal(request, "expired", 410)
    except SupplierLinkUnreadable:
        shown = None
    if shown is None:
        who = client_ip(request)
        if is_too_often("supplier-link", who, most=BAD_LINKS_PER_HOUR, period_s=HOUR_S):
            return _refusal(request, "often", 429)
        return _refusal(request, "unknown", 404)
    if request.method == "POST" and is_too_often(
        "supplier-post", str(shown.order.pk), most=POSTS_PER_HOUR, period_s=HOUR_S
    ):
        return _refusal(request, "often", 429)
    request.token, request.shown = token, shown
    return None


@require_http_methods(["GET", "POST"])
@supplier_page
def order(request: SupplierRequest) -> HttpResponse:
    """Show the order, and take the supplier's answer."""
    if request.method == "GET":
        return _page(request)
    form = ConfirmationForm(request.shown, request.POST)
    if not form.is_valid():
        return _page(request, form=form, status=422)
    try:
        purchase_order_confirm(
            purchase_order=request.shown.order,
            quantities=form.quantities(),
            slot=form.cleaned_data["slot"],
            note=form.cleaned_data["note"],
            now=timezone.now(),
        )
    except DomainError as error:
        messages.error(request, _(error.message))
        request.shown = supplier_order(request.shown.order.pk) or request.shown
        return _page(request, status=409)
    messages.success(request, _("Thank you, your answer is noted."))
    return redirect(request.path)


@require_POST
@supplier_page
def paper_upload(request: SupplierRequest) -> HttpResponse:
    """Take a licence or certificate."""
    form = PaperForm(request.shown.lines, request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, paper_form=form, status=422)
    given = form.cleaned_data
    try:
        supplier_paper_add(
            purchase_order=request.shown.order,
            handed_in=HandedIn(
                kind=SupplierPaperKind(given["kind"]),
                number=given["number"],
                expires_on=given["expires_on"],
                sku_id=given["sku"],
            ),
            data=form.data_read(),
            actor=None,
            now=timezone.now(),
        )
    except DomainError as error:
        form.add_error("file", _(error.message))
        return _page(request, paper_form=form, status=422)
    messages.success(request, _("Thank you, the paper has arrived."))
    return redirect("supplier-order", request.token)


@require_GET
@supplier_page
def pdf(request: SupplierRequest) -> HttpResponseBase:
    """The printed order."""
    paper = purchase_paper(request.shown.order)
    if paper is None:
        raise Http404(_("This order is not printed yet."))
    try:
        path = paper_path(settings.PAPERS_ROOT, paper.run.campaign.code, paper.file)
    except PaperFileMissing as error:
        raise Http404(error.message) from error
    return FileResponse(
        path.open("rb"), filename=f"{request.shown.order.po_no}.pdf", content_type="application/pdf"
    )


@require_GET
@supplier_page
def xlsx(request: SupplierRequest) -> HttpResponseBase:
    """The order as a spreadsheet."""
    return FileResponse(
        purchase_order_workbook(request.shown.order),
        as_attachment=True,
        filename=f"{request.shown.order.po_no}.xlsx",
        content_type=XLSX,
    )


def _page(
    request: SupplierRequest,
    *,
    form: ConfirmationForm | None = None,
    paper_form: PaperForm | None = None,
    status: int = 200,
) -> HttpResponse:
    shown = request.shown
    order = shown.order
    offered = order.slot_offered or order.supplier.slot_start
    initial = {"slot": f"{offered:%H:%M}" if offered else "", "note": order.supplier_note}
    context = {
        "shown": shown,
        "order": order,
        "run": order.run,
        "token": request.token,
        "form": form or ConfirmationForm(shown, initial=initial),
        "paper_form": paper_form or PaperForm(shown.lines),
        "is_printed": purchase_paper(order) is not None,
    }
    return render(request, "fulfillment/supplier/order.html", context, status=status)


def _refusal(request: HttpRequest, why: str, status: int) -> HttpResponse:
    return render(request, "fulfillment/supplier/no_order.html", {"why": why}, status=status)
