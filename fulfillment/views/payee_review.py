"""Where finance looks at payees: numbers by their last four, opened one by one, verified."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from leaders.errors import DomainError
from leaders.http import UserRequest, role_required
from leaders.models.accounts import Role
from leaders.models.payees import Payee
from leaders.services.payees import payee_verify, payees_open


@require_http_methods(["GET", "POST"])
@role_required(Role.FINANCE)
def review(request: UserRequest, code: str) -> HttpResponse:
    """A leader's payee; a POST opens the full numbers, once, and is written down."""
    payee = _payee(code)
    opened = None
    if request.method == "POST":
        opened = payees_open(
            payee_ids=[payee.pk], actor=request.user, now=timezone.now(), reason="review"
        )[payee.pk]
    context = {"payee": payee, "opened": opened}
    return render(request, "fulfillment/settlement/payee.html", context)


@require_POST
@role_required(Role.FINANCE)
def verify(request: UserRequest, code: str) -> HttpResponse:
    """Say that the payee is who the papers show."""
    try:
        payee_verify(payee_id=_payee(code).pk, actor=request.user, now=timezone.now())
    except DomainError as error:
        messages.warning(request, _(error.message))
    else:
        messages.success(request, _("Verified. This leader can be paid."))
    return redirect("payee-review", code=code)


def _payee(code: str) -> Payee:
    return get_object_or_404(
        Payee.objects.select_related("leader", "verified_by"), leader__code=code
    )
