"""Recalls: started after a look at whom they concern, worked through, closed with a report."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from fulfillment.forms.recalls import RecallForm, RecallScopeForm, ReturnForm
from fulfillment.models.recalls import Recall, RecallLine
from fulfillment.selectors.recall_reach import recall_reach
from fulfillment.selectors.recalls import recall_report, recalled_lines, recalls_newest
from fulfillment.services.recall_files import recall_workbook
from fulfillment.services.recalls import (
    recall_close,
    recall_phone_open,
    recall_return,
    recall_start,
)
from leaders.errors import DomainError
from leaders.http import UserRequest, role_required
from leaders.models.accounts import Role

LINES_PER_PAGE = 100
RECALLS_SHOWN = 50


@require_GET
@role_required(Role.COMPLIANCE)
def recalls(request: UserRequest) -> HttpResponse:
    """Every recall, and a look at whom a new one would concern."""
    is_asked = "sku" in request.GET
    scope = RecallScopeForm(request.GET if is_asked else None)
    reach = recall_reach(scope.scope) if is_asked and scope.is_valid() else None
    context = {
        "recalls": recalls_newest()[:RECALLS_SHOWN],
        "scope": scope,
        "reach": reach,
        "form": RecallForm(initial=request.GET.dict()) if reach and reach.lines else None,
    }
    return render(request, "fulfillment/recalls/list.html", context)


@require_POST
@role_required(Role.COMPLIANCE)
def start(request: UserRequest) -> HttpResponse:
    """Call the goods back; whoever comes second is led to the recall that runs."""
    form = RecallForm(request.POST)
    if not form.is_valid():
        scope = RecallScopeForm(request.POST)
        context = {
            "recalls": recalls_newest()[:RECALLS_SHOWN],
            "scope": scope,
            "reach": recall_reach(scope.scope) if scope.is_valid() else None,
            "form": form,
        }
        return render(request, "fulfillment/recalls/list.html", context, status=422)
    try:
        started = recall_start(
            scope=form.scope,
            reason=form.cleaned_data["reason"],
            advice=form.cleaned_data["advice"],
            actor=request.user,
            now=timezone.now(),
        )
    except DomainError as error:
        messages.warning(request, _(error.message))
        return redirect("recalls")
    if not started.is_new:
        messages.info(request, _("These goods are called back already; this is the recall."))
    return redirect("recall", started.recall.pk)


@require_GET
@role_required(Role.COMPLIANCE)
def recall(request: UserRequest, pk: int) -> HttpResponse:
    """One recall: the report, and its lines by day, leader and pickup number."""
    return _page(request, _recall(pk))


@require_POST
@role_required(Role.COMPLIANCE)
def returned(request: UserRequest, pk: int) -> HttpResponse:
    """Note what came back of one line."""
    form = ReturnForm(request.POST)
    if not form.is_valid() or not _is_line(pk, form.cleaned_data["line"]):
        raise Http404
    try:
        recall_return(
            line_id=form.cleaned_data["line"],
            qty=form.cleaned_data["qty"],
            actor=request.user,
            now=timezone.now(),
        )
    except DomainError as error:
        messages.warning(request, _(error.message))
    query = urlencode({"q": request.POST.get("q", ""), "page": request.POST.get("page", "")})
    return redirect(f"{request.path.removesuffix('returned/')}?{query}")


@require_POST
@role_required(Role.COMPLIANCE)
def phone(request: UserRequest, pk: int) -> HttpResponse:
    """Show one whole number, for somebody no message reached; it is written down."""
    line = request.POST.get("line", "")
    if not line.isdigit() or not _is_line(pk, int(line)):
        raise Http404
    try:
        number = recall_phone_open(line_id=int(line), actor=request.user, now=timezone.now())
    except DomainError as error:
        messages.warning(request, _(error.message))
        return redirect("recall", pk)
    return _page(request, _recall(pk), opened={int(line): number})


@require_POST
@role_required(Role.COMPLIANCE)
def close(request: UserRequest, pk: int) -> HttpResponse:
    """End a recall; what is still outside stays in its report."""
    try:
        recall_close(recall_id=pk, actor=request.user, now=timezone.now())
    except DomainError as error:
        messages.warning(request, _(error.message))
    return redirect("recall", pk)


@require_GET
@role_required(Role.COMPLIANCE)
def recall_file(request: UserRequest, pk: int) -> HttpResponseBase:
    """The whole list for a spreadsheet, with masked names and phones."""
    found = _recall(pk)
    book = recall_workbook(recall=found, actor=request.user, now=timezone.now())
    return FileResponse(book, as_attachment=True, filename=f"recall-{found.pk}.xlsx")


def _recall(pk: int) -> Recall:
    return get_object_or_404(Recall.objects.select_related("sku", "supplier", "started_by"), pk=pk)


def _is_line(recall_id: int, line_id: int) -> bool:
    return RecallLine.objects.filter(pk=line_id, recall_id=recall_id).exists()


def _page(
    request: UserRequest, found: Recall, opened: dict[int, str] | None = None
) -> HttpResponse:
    query = (request.GET or request.POST).get("q", "").strip()
    report = recall_report(found)
    pages = Paginator(range(report.lines), LINES_PER_PAGE)
    page = pages.get_page((request.GET or request.POST).get("page"))
    # A leader or an order is a page at most; the whole list is turned over.
    offset = 0 if query else page.start_index() - 1 if report.lines else 0
    lines = recalled_lines(found, query=query, limit=LINES_PER_PAGE, offset=offset)
    context = {
        "recall": found,
        "report": report,
        "rows": [{"line": line, "phone": (opened or {}).get(line.pk, "")} for line in lines],
        "page": page,
        "page_query": urlencode({"q": query}),
        "query": query,
    }
    return render(request, "fulfillment/recalls/recall.html", context)
