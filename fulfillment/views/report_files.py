"""Report files: asked for here, built by a worker, downloaded here."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fulfillment.forms.report_files import ReportFileForm
from fulfillment.integrations.report_files import report_path
from fulfillment.models.reports import ReportKind, ReportRun
from fulfillment.selectors.kpi_board import cities_with_figures, newest_day
from fulfillment.selectors.report_runs import report_runs
from fulfillment.services.reports import ReportRequest, report_opened, report_request
from leaders.http import UserRequest, role_required
from leaders.models.accounts import Role

READERS = (Role.BUYER, Role.FINANCE, Role.COMPLIANCE)
ROWS_PER_PAGE = 30


@require_http_methods(["GET", "POST"])
@role_required(*READERS)
def files(request: UserRequest) -> HttpResponse:
    """Every report there is; a POST asks for another."""
    form = ReportFileForm(request.POST or None, cities=cities_with_figures())
    if request.method == "POST" and form.is_valid():
        newest = newest_day(timezone.localdate() - timedelta(days=1))
        asked = ReportRequest(
            kind=ReportKind(form.cleaned_data["kind"]),
            days=form.days(newest),
            city=form.chosen_city,
        )
        report_request(request=asked, actor=request.user, now=timezone.now())
        messages.success(request, _("The report is being built. Look again in a moment."))
        return redirect("report-files")
    page = Paginator(report_runs(), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "keep_days": settings.REPORT_KEEP_DAYS}
    return render(request, "fulfillment/reports/files.html", context)


@require_GET
@role_required(*READERS)
def download(request: UserRequest, pk: int) -> HttpResponseBase:
    """The file of a report, and who took it is written down."""
    run = get_object_or_404(ReportRun, pk=pk)
    path = report_path(settings.REPORTS_ROOT, run.file_name)
    report_opened(run=run, actor=request.user, now=timezone.now())
    return FileResponse(path.open("rb"), as_attachment=True, filename=path.name)
