"""The quarterly report to the tax office (涉税信息报送)."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from fulfillment.selectors.tax_report import Quarter, quarters_to_report, tax_report_rows
from fulfillment.services.statement_files import tax_report
from fulfillment.views.downloads import sheet_response
from leaders.http import UserRequest, role_required
from leaders.models.accounts import Role


@require_http_methods(["GET", "POST"])
@role_required(Role.FINANCE)
def report(request: UserRequest) -> HttpResponse:
    """Sums by quarter; a POST takes the file with identities and is written down."""
    quarters = quarters_to_report(timezone.localdate())
    if request.method == "POST":
        quarter = _chosen(request, quarters)
        sheet = tax_report(quarter=quarter, actor=request.user, now=timezone.now())
        form = "csv" if request.POST.get("form") == "csv" else "xlsx"
        return sheet_response(sheet, f"tax-{quarter}", form)
    sums = []
    for quarter in quarters:
        rows = tax_report_rows(quarter)
        sums.append(
            {
                "quarter": quarter,
                "leaders": len(rows),
                "income_fen": sum(row.income_fen for row in rows),
                "tax_fen": sum(row.tax_fen for row in rows),
            }
        )
    return render(request, "fulfillment/settlement/tax_report.html", {"sums": sums})


def _chosen(request: UserRequest, quarters: tuple[Quarter, ...]) -> Quarter:
    for quarter in quarters:
        if str(quarter) == request.POST.get("quarter"):
            return quarter
    raise Http404
