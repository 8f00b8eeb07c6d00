"""The compliance desk (合规台): what runs out, what is missing, and what waits for an answer."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from fulfillment.models.recalls import Recall
from fulfillment.selectors.licences import licence_alerts, papers_missing
from leaders.http import UserRequest, role_required
from leaders.models.accounts import Role
from orders.selectors.persons import requests_open, requests_overdue

MISSING_SHOWN = 50


@require_GET
@role_required(Role.COMPLIANCE)
def desk(request: UserRequest) -> HttpResponse:
    """Licences by urgency, then certificates that goods came without."""
    today = timezone.localdate()
    missing = papers_missing(today)
    context = {
        "alerts": licence_alerts(today),
        "missing": missing[:MISSING_SHOWN],
        "missing_more": max(len(missing) - MISSING_SHOWN, 0),
        "recalls_open": Recall.objects.filter(closed_at=None).count(),
        "persons_waiting": requests_open().count(),
        "persons_overdue": requests_overdue(timezone.now()),
    }
    return render(request, "fulfillment/compliance/desk.html", context)
