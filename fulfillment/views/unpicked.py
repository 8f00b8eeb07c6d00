"""Who is still to come: reminded with one tap, and in the end what became of the goods."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods

from fulfillment.forms.unpicked import DisposalForm
from fulfillment.selectors.unpicked import Unpicked, by_building, unpicked_of_leader
from fulfillment.services.disposals import order_dispose
from fulfillment.services.pickup_reminders import pickup_remind
from leaders.errors import DomainError
from leaders.http import LeaderRequest, leader_page


@require_http_methods(["GET", "POST"])
@leader_page
def unpicked(request: LeaderRequest) -> HttpResponse:
    """The list by building; a post reminds one resident (`order`) or all of them."""
    now = timezone.now()
    rows = unpicked_of_leader(request.leader, timezone.localdate(now))
    if request.method == "POST":
        return _remind(request, rows)
    context = {
        "buildings": by_building(rows),
        "count": len(rows),
        "remindable": sum(row.may_be_reminded for row in rows),
        "group_text": _group_text(rows),
        "now": now,
    }
    return render(request, "fulfillment/pickups/unpicked.html", context)


@require_http_methods(["GET", "POST"])
@leader_page
def dispose(request: LeaderRequest, order_id: int) -> HttpResponse:
    """What was done with the goods of one order, once its resident need not be waited for."""
    now = timezone.now()
    rows = unpicked_of_leader(request.leader, timezone.localdate(now))
    row = next((row for row in rows if row.card.order_id == order_id), None)
    if row is None:
        raise Http404(_("These goods do not wait any more."))
    form = DisposalForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            order_dispose(
                leader=request.leader,
                order_id=order_id,
                draft=form.draft(),
                actor=request.user,
                now=now,
            )
        except DomainError as error:
            form.add_error(None, _(error.message))
        else:
            messages.success(request, _("Written down."))
            return redirect("leader-unpicked")
    status = 422 if form.is_bound else 200
    context = {"form": form, "row": row, "now": now}
    return render(request, "fulfillment/pickups/dispose.html", context, status=status)


def _remind(request: LeaderRequest, rows: Sequence[Unpicked]) -> HttpResponse:
    asked = request.POST.get("order", "")
    ids = [row.card.order_id for row in rows if asked in ("all", str(row.card.order_id))]
    try:
        count = pickup_remind(
            leader=request.leader, order_ids=ids, actor=request.user, now=timezone.now()
        )
    except DomainError as error:
        messages.error(request, _(error.message))
        return redirect("leader-unpicked")
    if count:
        said = ngettext("%(count)d resident reminded.", "%(count)d residents reminded.", count)
        messages.success(request, said % {"count": count})
    else:
        messages.info(request, _("Nobody left to remind: twice a day is enough."))
    return redirect("leader-unpicked")


def _group_text(rows: Sequence[Unpicked]) -> str:
    """Words for the group: numbers only, since everybody reads along."""
    numbers = pgettext("between goods", ", ").join(
        f"{row.card.pickup_no:02d}" for row in rows if row.card.pickup_no
    )
    if not numbers:
        return ""
    return _(
        "Still waiting for you at the pickup point: numbers %(numbers)s. "
        "Please fetch your goods today and say your pickup code."
    ) % {"numbers": numbers}
