"""The recruiters' board."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from leaders.http import UserRequest, role_required
from leaders.models.accounts import Role
from leaders.selectors.recruiting import application_board, applications_found


@require_GET
@role_required(Role.RECRUITER)
def board(request: UserRequest) -> HttpResponse:
    """The open applications by state; `?q=` finds one in any state."""
    query = request.GET.get("q", "").strip()[:40]
    now = timezone.now()
    context = {
        "query": query,
        "found": applications_found(query, now) if query else None,
        "columns": None if query else application_board(now),
    }
    return render(request, "leaders/recruiting/board.html", context)
