"""The audit log (操作留痕) for those who may read all of it."""

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from fulfillment.forms.audit import AuditForm
from fulfillment.selectors.audit_words import audit_line
from fulfillment.services.audit_export import EVENTS_MOST, audit_export
from leaders.http import UserRequest, role_required
from leaders.models.accounts import Role
from leaders.selectors.audit_log import Place, audit_page
from leaders.selectors.audit_seals import seal_newest

READERS = (Role.FINANCE, Role.COMPLIANCE, Role.ADMINISTRATOR)
EVENTS_PER_PAGE = 50


@require_GET
@role_required(*READERS)
def log(request: UserRequest) -> HttpResponse:
    """The log, newest first; the fields of the form choose, `?after=` goes on."""
    form = AuditForm(request.GET)
    chosen = form.chosen()
    page = audit_page(chosen, after=Place.of(request.GET.get("after", "")), size=EVENTS_PER_PAGE)
    kept = [(name, str(value)) for name, value in request.GET.items() if value and name != "after"]
    context = {
        "form": form,
        "kept": kept,
        "rows": [{"line": audit_line(event), "event": event} for event in page.events],
        "next_query": urlencode([*kept, ("after", str(page.next_place))])
        if page.next_place
        else "",
        "is_first": not request.GET.get("after"),
        "first_query": urlencode(kept),
        "seal": seal_newest(),
        "events_most": EVENTS_MOST,
    }
    return render(request, "fulfillment/audit/log.html", context)


@require_POST
@role_required(*READERS)
def export(request: UserRequest) -> FileResponse:
    """The chosen events as a workbook; that it was taken is written down."""
    now = timezone.now()
    book = audit_export(chosen=AuditForm(request.POST).chosen(), actor=request.user, now=now)
    name = f"audit-{timezone.localtime(now):%Y%m%d-%H%M}.xlsx"
    return FileResponse(book, as_attachment=True, filename=name)
