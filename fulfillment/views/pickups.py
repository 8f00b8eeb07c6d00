"""Handing out at the pickup point: by code, by scan, by name; also without a network."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fulfillment.domain.pickups import Outcome, codes_meant, found
from fulfillment.forms.pickups import ReportForm
from fulfillment.http import phone_worker
from fulfillment.models.pickups import PickupMethod
from fulfillment.selectors.pickups import pickup_list
from fulfillment.services.pickups import PickupAnswer, pickups_receive
from leaders.http import LeaderRequest, pickup_page

# So many hits are shown with their goods at once.
FEW = 3


@require_http_methods(["GET", "POST"])
@pickup_page
def pickups(request: LeaderRequest) -> HttpResponse:
    """The day's list, whole or as far as `?q=` finds it; every order goes out with one tap."""
    if request.method == "POST":
        return _report(request)
    now = timezone.now()
    listed = pickup_list(request.leader, timezone.localdate(now))
    query = request.GET.get("q", "").strip()
    hits = set(found(query, [card.searched for card in listed.cards]))
    cards = [card for card in listed.cards if card.order_id in hits]
    context = {
        "list": listed,
        "cards": cards,
        "query": query,
        "is_few": bool(query) and len(cards) <= FEW,
        "method": PickupMethod.CODE if codes_meant(query) else PickupMethod.NAME,
        "page_id": uuid4(),
        "made": int(now.timestamp() * 1000),
    }
    return render(request, "fulfillment/pickups/pickups.html", context)


@require_GET
@pickup_page
def worker(request: LeaderRequest) -> HttpResponse:
    """The program that keeps the list on the phone."""
    return phone_worker()


def _report(request: LeaderRequest) -> HttpResponse:
    form = ReportForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Tap one order."))
        return redirect("leader-pickups")
    now = timezone.now()
    answer = pickups_receive(
        leader=request.leader, reports=[form.report(now)], actor=request.user, now=now
    )[0]
    _tell(request, answer)
    return redirect("leader-pickups")


def _tell(request: LeaderRequest, answer: PickupAnswer) -> None:
    if answer.outcome is Outcome.RECORDED:
        messages.success(request, _("Handed out."))
    elif answer.outcome is Outcome.UNDONE:
        messages.success(request, _("Taken back: these goods still wait."))
    else:
        messages.error(request, answer.said)
