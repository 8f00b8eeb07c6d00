"""A resident tells what was wrong with the goods."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from leaders.errors import DomainError
from orders.domain.claims import ClaimRequest
from orders.errors import OrderLineUnknown
from orders.forms import ClaimForm
from orders.http import ResidentRequest, resident_page
from orders.models.orders import OrderLine
from orders.selectors.claims import claimable_lines, order_line_of_resident
from orders.services.claims import FiledClaim, claim_file


@require_http_methods(["GET", "POST"])
@resident_page
def claim(request: ResidentRequest, order_no: str, line_no: int) -> HttpResponse:
    """Ask what was wrong with a line, and file it as a claim."""
    line = order_line_of_resident(
        resident_id=request.resident.pk, order_no=order_no, line_no=line_no
    )
    if line is None:
        raise Http404(_("You have no such order."))
    left_qty = claimable_lines([line])[line.pk].left_qty
    form = ClaimForm(request.POST or None, request.FILES or None, initial=_start(left_qty))
    if request.method == "POST" and form.is_valid():
        try:
            filed = _filed(request, line, form)
        except OrderLineUnknown as error:
            raise Http404(error.message) from error
        except DomainError as error:
            form.add_error(None, _(error.message))
        else:
            if filed.is_new:
                messages.success(request, _("We have your claim and answer within 12 hours."))
            return redirect("resident-order", order_no)
    context = {
        "leader": request.resident.leader,
        "line": line,
        "order": line.order,
        "left_qty": left_qty,
        "form": form,
    }
    status = 422 if form.is_bound else 200
    return render(request, "orders/me/claim.html", context, status=status)


def _start(left_qty: int) -> dict[str, object]:
    """Mostly one piece is bad; the key is new whenever the page is opened."""
    return {"qty": min(1, left_qty), "key": uuid.uuid4()}


def _filed(request: ResidentRequest, line: OrderLine, form: ClaimForm) -> FiledClaim:
    given = form.cleaned_data
    return claim_file(
        resident_id=request.resident.pk,
        request=ClaimRequest(
            order_no=line.order.order_no,
            line_no=line.line_no,
            kind=given["kind"],
            qty=given["qty"],
            description=given["description"],
            photos=tuple(photo.read() for photo in given["photos"]),
            request_key=str(given["key"]),
            defect_bp=given["defect_bp"],
            weighed_g=given["weighed_g"],
        ),
        now=timezone.now(),
    )
