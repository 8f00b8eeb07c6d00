"""Where the code of a printed paper leads whoever scans it."""

import unicodedata
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.papers.numbering import CodeParts, Document, read_code
from fulfillment.selectors.labels.targets import label_target
from fulfillment.selectors.paper_codes import (
    Replacement,
    desk_of_code,
    driver_desk_of_code,
    replacement_of,
    run_of_code,
)
from fulfillment.selectors.printing import Pack, documents_visible
from leaders.http import UserRequest, role_required
from leaders.models.accounts import Role, User
from leaders.selectors.access import has_role

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


LINK_PATH = "/c/"


@require_GET
@role_required(*Role)
def paper_code(request: UserRequest, code: str) -> HttpResponse:
    """Send leaders to their own list and staff to where the sheet's work is done.

    A code is an address and no permission: the page it leads to decides who
    may see what. The code of a sheet that was replaced opens a page that says
    so, never the old sheet. The code of a label leads to what it is stuck on.
    """
    parts = read_code(code)
    if parts is None:
        if target := label_target(code, request.user):
            return redirect(target)
        raise Http404(_("No paper carries this code."))
    if request.user.role == Role.LEADER:
        return redirect("leader-hand-out")
    run = run_of_code(parts)
    if run is None:
        raise Http404(_("No paper carries this code."))
    work_url = _work_url(request.user, run, parts)
    replacement = replacement_of(run, parts)
    if replacement is None:
        return redirect(work_url)
    return _replaced(request, parts, replacement, work_url)


@require_GET
@role_required(*Role)
def paper_code_typed(request: UserRequest) -> HttpResponse:
    """Read what was scanned or typed into a field, and go where it leads."""
    text = unicodedata.normalize("NFKC", request.GET.get("code", "")).strip()
    code = text.rpartition(LINK_PATH)[2]
    for spelling in (code, code.upper()):
        if read_code(spelling) is not None:
            return redirect("paper-code", code=spelling)
    if target := label_target(code, request.user):
        return redirect(target)
    messages.error(request, _("No paper and no label carries the code %(code)s.") % {"code": text})
    starts = {
        Role.LEADER: "leader-home",
        Role.HELPER: "leader-pickups",
        Role.DRIVER: "driver-home",
    }
    return redirect(starts.get(Role(request.user.role), "night-newest"))


def _replaced(
    request: UserRequest, parts: CodeParts, replacement: Replacement, work_url: str
) -> HttpResponse:
    """The page behind an old code."""
    context = {
        "document": replacement.paper.get_document_display(),
        "scope": parts.scope,
        "old_revision": parts.revision,
        "replacement": replacement,
        "run": replacement.paper.run,
        "is_visible": replacement.paper.document in documents_visible(request.user),
        "work_url": work_url,
    }
    return render(request, "fulfillment/warehouse/replaced_paper.html", context)


def _work_url(user: User, run: CutoffRun, parts: CodeParts) -> str:
    """The desk of a sheet for the warehouse, the trip for drivers; for others the print centre."""
    if user.role == Role.DRIVER and not user.is_superuser:
        trip = driver_desk_of_code(run, parts, user)
        return reverse(trip.view, kwargs={} if trip.pk is None else {"pk": trip.pk})
    desk = desk_of_code(run, parts)
    if desk is not None and has_role(user, Role.WAREHOUSE, Role.RECEIVER, Role.SORTER):
        keys = {} if desk.pk is None else {"pk": desk.pk}
        return reverse(desk.view, kwargs={"code": run.campaign.code, **keys})
    place = {"run": run.campaign.code, "pack": PACK_OF[parts.document].value}
    if parts.document in SEARCHABLE:
        place["q"] = parts.scope
    return f"{reverse('print-centre')}?{urlencode(place)}"
