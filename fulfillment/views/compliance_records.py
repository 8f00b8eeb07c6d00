"""What was cleared away, what is kept sealed, and who took data along."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from fulfillment.selectors.compliance_records import (
    classes_cleared,
    exports_taken,
    holds_kept,
)
from fulfillment.services.retention import ALL_CLEARINGS
from leaders.http import UserRequest, role_required
from leaders.models.accounts import Role

EXPORTS_PER_PAGE = 50


@require_GET
@role_required(Role.COMPLIANCE)
def retention(request: UserRequest) -> HttpResponse:
    """Each class with its age and its last clearing, and the sealed identities."""
    cleared = classes_cleared()
    context = {
        "rows": [
            {"name": clearing.name, "days": clearing.age().days, "last": cleared.get(clearing.name)}
            for clearing in ALL_CLEARINGS
        ],
        "holds": holds_kept(),
    }
    return render(request, "fulfillment/compliance/retention.html", context)


@require_GET
@role_required(Role.COMPLIANCE)
def exports(request: UserRequest) -> HttpResponse:
    """Every copy, list and number somebody took along or opened, the newest first."""
    page = Paginator(exports_taken(), EXPORTS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "fulfillment/compliance/exports.html", {"page": page})
