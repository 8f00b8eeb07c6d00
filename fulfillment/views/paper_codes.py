"""Where the code of a printed paper leads whoever scans it."""

from urllib.parse import urlencode

from django.http import Http404, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fulfillment.papers.numbering import CodeParts, Document, read_code
from fulfillment.selectors.printing import Pack
from fulfillment.selectors.runs import runs_newest_first
from leaders.http import UserRequest, role_required
from leaders.models.accounts import Role

PACK_OF = {
    Document.PURCHASE_ORDER: Pack.RECEIVER,
    Document.RECEIVING_SHEET: Pack.RECEIVER,
    Document.MASTER_LIST: Pack.SUPERVISOR,
    Document.SOW_CARDS: Pack.SUPERVISOR,
    Document.CHECK_LIST: Pack.SUPERVISOR,
    Document.LOAD_SHEET: Pack.ROUTE,
    Document.ROUTE_SHEET: Pack.ROUTE,
    Document.DELIVERY_NOTE: Pack.LEADER,
    Document.HAND_OUT_LIST: Pack.LEADER,
    Document.EXCEPTION_SHEET: Pack.SUPERVISOR,
    Document.DAY_CLOSE: Pack.SUPERVISOR,
    Document.SHOPPING_LIST: Pack.RECEIVER,
    Document.LABELS: Pack.SUPERVISOR,
}
# The scope of these codes is what the print centre searches by.
SEARCHABLE = {
    Document.PURCHASE_ORDER,
    Document.RECEIVING_SHEET,
    Document.LOAD_SHEET,
    Document.ROUTE_SHEET,
    Document.DELIVERY_NOTE,
    Document.HAND_OUT_LIST,
}


@require_GET
@role_required(*Role)
def paper_code(request: UserRequest, code: str) -> HttpResponseRedirect:
    """Send leaders to their own list and staff to the paper in the print centre.

    A code is an address and no permission: the page it leads to decides who
    may see what.
    """
    parts = read_code(code)
    if parts is None:
        raise Http404(_("No paper carries this code."))
    if request.user.role == Role.LEADER:
        return redirect("leader-hand-out")
    return redirect(f"{reverse('print-centre')}?{urlencode(_place(parts))}")


def _place(parts: CodeParts) -> dict[str, str]:
    run = (
        runs_newest_first()
        .filter(campaign__delivery_date__month=parts.month, campaign__delivery_date__day=parts.day)
        .first()
    )
    if run is None:
        raise Http404(_("No paper carries this code."))
    place = {"run": run.campaign.code, "pack": PACK_OF[parts.document].value}
    if parts.document in SEARCHABLE:
        place["q"] = parts.scope
    return place
