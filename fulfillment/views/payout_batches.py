"""Batches of payouts: prepared, decided by somebody else, taken to the bank, answered."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from fulfillment.forms.payouts import BankResultForm, BatchForm, DecisionForm
from fulfillment.models.payouts import PayoutBatch, PayoutChannel
from fulfillment.selectors.payouts import payouts_of_batch
from fulfillment.services.payout_batches import batch_approve, batch_prepare, batch_refuse
from fulfillment.services.payouts import payout_bank_result
from fulfillment.services.statement_files import bank_file
from fulfillment.views.downloads import sheet_response
from leaders.errors import DomainError
from leaders.http import UserRequest, role_required
from leaders.models.accounts import Role


@require_POST
@role_required(Role.FINANCE)
def batch_make(request: UserRequest) -> HttpResponse:
    """Put the ticked statements in a batch."""
    form = BatchForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose at least one statement, and how it is paid."))
        return redirect("settlement-desk")
    try:
        batch = batch_prepare(
            statement_ids=form.cleaned_data["statement"],
            channel=PayoutChannel(form.cleaned_data["channel"]),
            actor=request.user,
            now=timezone.now(),
        )
    except DomainError as error:
        messages.error(request, _(error.message))
        return redirect("settlement-desk")
    messages.success(request, _("Prepared. Somebody else has to approve it now."))
    return redirect("payout-batch", no=batch.batch_no)


@require_GET
@role_required(Role.FINANCE)
def batch(request: UserRequest, no: str) -> HttpResponse:
    """One batch: its payouts, who stands for it, and what is to be done next."""
    found = _batch(no)
    payouts = list(payouts_of_batch(found))
    context = {
        "batch": found,
        "payouts": payouts,
        "sum_fen": sum(payout.amount_fen for payout in payouts),
        "is_own": found.prepared_by_id == request.user.pk,
        "is_bank": found.channel == PayoutChannel.BANK_FILE,
    }
    return render(request, "fulfillment/settlement/batch.html", context)


@require_POST
@role_required(Role.FINANCE)
def batch_decide(request: UserRequest, no: str) -> HttpResponse:
    """Approve or refuse what somebody else prepared."""
    found, form = _batch(no), DecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why you refuse it."))
        return redirect("payout-batch", no=no)
    now = timezone.now()
    try:
        if form.cleaned_data["decision"] == DecisionForm.APPROVE:
            batch_approve(batch_id=found.pk, actor=request.user, now=now)
            messages.success(request, _("Approved. The payouts go out now."))
        else:
            reason = form.cleaned_data["reason"]
            batch_refuse(batch_id=found.pk, reason=reason, actor=request.user, now=now)
            messages.success(request, _("Refused. The statements can be put in another batch."))
    except DomainError as error:
        messages.error(request, _(error.message))
    return redirect("payout-batch", no=no)


@require_POST
@role_required(Role.FINANCE)
def batch_result(request: UserRequest, no: str) -> HttpResponse:
    """Enter what the bank did with one payout."""
    found, form = _batch(no), BankResultForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say what the bank wrote about a payout that failed."))
        return redirect("payout-batch", no=no)
    payout = get_object_or_404(found.payouts, payout_no=form.cleaned_data["payout"])
    try:
        payout_bank_result(
            payout_id=payout.pk,
            is_paid=form.cleaned_data["result"] == BankResultForm.PAID,
            note=form.cleaned_data["note"],
            actor=request.user,
            now=timezone.now(),
        )
    except DomainError as error:
        messages.error(request, _(error.message))
    return redirect("payout-batch", no=no)


@require_POST
@role_required(Role.FINANCE)
def batch_file(request: UserRequest, no: str) -> HttpResponse:
    """The file for the bank; it carries full account numbers, so taking it is written down."""
    try:
        sheet = bank_file(batch=_batch(no), actor=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, _(error.message))
        return redirect("payout-batch", no=no)
    return sheet_response(sheet, no, "csv" if request.POST.get("form") == "csv" else "xlsx")


def _batch(no: str) -> PayoutBatch:
    batches = PayoutBatch.objects.select_related("prepared_by", "decided_by")
    return get_object_or_404(batches, batch_no=no)
