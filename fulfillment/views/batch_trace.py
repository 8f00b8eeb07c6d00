"""Trace and recall: where a batch went, on a page and as a file to work through."""

import csv
import io
import logging
from collections.abc import Iterator, Sequence
from datetime import date
from urllib.parse import urlencode

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fulfillment.forms.receiving import TraceForm
from fulfillment.http import NightRequest, night_page
from fulfillment.integrations.workbooks import Table, workbook
from fulfillment.selectors.trace import BatchTrace, TraceQuery, batch_trace
from leaders.models.accounts import Role
from leaders.selectors.access import has_role
from orders.domain.inert_cells import inert_row

logger = logging.getLogger(__name__)

# Those who call residents when goods are recalled.
CALLERS = (Role.WAREHOUSE, Role.BUYER)
# A page shows so many leaders of a batch; the file has them all.
LEADERS_SHOWN = 100
CSV, XLSX = "csv", "xlsx"


@require_GET
@night_page(Role.BUYER, Role.DISPATCHER)
def trace(request: NightRequest) -> HttpResponse:
    """Search a batch by its number, its goods or its certificate, and show who may have it."""
    form = TraceForm(request.GET)
    batches = _traced(request, form)
    context = {
        "run": request.run,
        "form": form,
        "is_asked": form.is_valid() and not _query(request, form).is_empty,
        "batches": [
            {"batch": batch, "leaders": batch.leaders[:LEADERS_SHOWN], "all": len(batch.leaders)}
            for batch in batches
        ],
        "residents": sum(len(batch.residents) for batch in batches),
        "search": urlencode(form.cleaned_data),
    }
    return render(request, "fulfillment/night/receiving/trace.html", context)


@require_GET
@night_page(Role.BUYER, Role.DISPATCHER)
def trace_file(request: NightRequest, kind: str) -> HttpResponseBase:
    """The same as a file for a spreadsheet, a row for every order; its cells do nothing."""
    batches = _traced(request, TraceForm(request.GET))
    if not batches:
        raise Http404(_("No batch was found."))
    rows = [row for batch in batches for row in _rows(batch)]
    name = f"{slugify(batches[0].batch_no) or 'trace'}-{timezone.localdate():%Y%m%d}"
    if kind == CSV:
        return _csv(f"{name}.csv", rows)
    table = Table(title=_("Trace"), headings=_headings(), rows=rows)
    return FileResponse(workbook(table), as_attachment=True, filename=f"{name}.xlsx")


def _traced(request: NightRequest, form: TraceForm) -> list[BatchTrace]:
    """What was searched for; who looked at whose numbers is written down."""
    if not form.is_valid():
        return []
    query = _query(request, form)
    may_call = has_role(request.user, *CALLERS)
    batches = batch_trace(query, with_phones=may_call)
    if batches:
        logger.info(
            "User %s traced %d batches to %d orders (batch %r, SKU %r, certificate %r, phones: %s)",
            request.user.pk,
            len(batches),
            sum(len(batch.residents) for batch in batches),
            query.batch_no,
            query.sku_code,
            query.certificate_no,
            may_call,
        )
    return batches


def _query(request: NightRequest, form: TraceForm) -> TraceQuery:
    """A batch or a certificate is searched in every night, a SKU alone in this one."""
    given = form.cleaned_data
    is_sku_only = not (given["batch_no"] or given["certificate_no"])
    return TraceQuery(**given, run_id=request.run.pk if is_sku_only else None)


def _headings() -> list[tuple[str, int]]:
    """Headings with their column widths in characters."""
    return [
        (_("batch no."), 18),
        (_("SKU"), 10),
        (_("name and spec"), 24),
        (_("supplier"), 24),
        (_("certificate no."), 16),
        (_("certain or suspected"), 12),
        (_("campaign"), 14),
        (_("delivery date"), 12),
        (_("leader"), 12),
        (_("leader's phone"), 14),
        (_("pickup point"), 20),
        (_("pickup no."), 8),
        (_("building"), 10),
        (_("room"), 10),
        (_("resident"), 12),
        (_("phone"), 14),
        (_("pieces"), 8),
        (_("order no."), 18),
    ]


def _rows(batch: BatchTrace) -> Iterator[list[str | int | None]]:
    certainty = _("suspected") if batch.is_mixed else _("certain")
    for resident in batch.residents:
        yield [
            batch.batch_no,
            batch.sku_code,
            batch.sku_name,
            batch.supplier_name,
            batch.certificate_no,
            certainty,
            resident.campaign_code,
            _day(resident.delivery_date),
            f"{resident.leader_code} {resident.leader_name}",
            resident.leader_phone,
            resident.point_name,
            resident.pickup_no,
            resident.building,
            resident.room,
            resident.name,
            resident.phone,
            resident.pieces,
            resident.order_no,
        ]


def _day(day: date) -> str:
    return f"{day:%Y-%m-%d}"


def _csv(name: str, rows: Sequence[Sequence[str | int | None]]) -> HttpResponse:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow([heading for heading, _width in _headings()])
    writer.writerows(inert_row(row) for row in rows)
    # The mark at the start tells spreadsheets that the text is UTF-8.
    return HttpResponse(
        buffer.getvalue().encode("utf-8-sig"),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
