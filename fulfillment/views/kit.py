"""The selling kit: everything a leader posts in the group, on one page."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from fulfillment.domain.push_restraint import Push, Restraint, repeated_at
from fulfillment.domain.selling_kit import KitArrival, KitSale
from fulfillment.forms.kit import PostedForm
from fulfillment.selectors.kit import SellingKit, selling_kit
from fulfillment.selectors.posts import pushes_lately, restraint_of
from fulfillment.services.kit_wording import (
    arrival_text,
    clock,
    last_call_text,
    opening_text,
    war_report_text,
)
from fulfillment.services.posts import Posted, post_record
from leaders.http import LeaderRequest, leader_page
from orders.models.kit import PostKind

# The words to one neighbour stand with the neighbour.
BACK_TO = {PostKind.WIN_BACK: "leader-customers"}


@dataclass(frozen=True, slots=True, kw_only=True)
class KitPost:
    """One post on the page: its words, where its picture is, and whether it was just posted."""

    kind: PostKind
    campaign_id: int
    title: str
    text: str
    picture_url: str
    repeated_at: datetime | None


@require_GET
@leader_page
def kit(request: LeaderRequest) -> HttpResponse:
    """The shop's link, what may be posted now, and how much was posted today."""
    now = timezone.now()
    shown = selling_kit(request.leader, now)
    pushes = pushes_lately(request.leader, now)
    context = {
        "leader": request.leader,
        "kit": shown,
        "sales": [(sale, list(_sale_posts(sale, pushes, now))) for sale in shown.sales],
        "arrivals": list(_arrival_posts(shown, pushes, now)),
        "restraint": restraint_of(request.leader, now),
    }
    return render(request, "fulfillment/kit/kit.html", context)


@require_POST
@leader_page
def posted(request: LeaderRequest) -> HttpResponse:
    """Note that something was taken to post; scripts get the new count, others the page."""
    form = PostedForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=400)
    noted = post_record(
        leader=request.leader,
        kind=form.what,
        campaign_id=form.campaign_id,
        now=timezone.now(),
    )
    if request.accepts("text/html"):
        if warning := _warning(noted):
            messages.warning(request, warning)
        messages.success(request, _count_word(noted.restraint))
        return redirect(BACK_TO.get(form.what, "leader-kit"))
    return JsonResponse({"count": _count_word(noted.restraint), "warning": _warning(noted)})


def _sale_posts(sale: KitSale, pushes: tuple[Push, ...], now: datetime) -> Iterator[KitPost]:
    texts = {
        PostKind.OPENING: opening_text(sale) if sale.goods else "",
        PostKind.LAST_CALL: last_call_text(sale) if sale.goods else "",
        # A report of nobody makes nobody buy.
        PostKind.WAR_REPORT: war_report_text(sale) if sale.households else "",
    }
    for kind, text in texts.items():
        if text:
            yield KitPost(
                kind=kind,
                campaign_id=sale.campaign_id,
                title=str(kind.label),
                text=text,
                picture_url=reverse("leader-kit-picture", args=[sale.campaign_code, kind]),
                repeated_at=repeated_at(pushes, Push(kind, sale.campaign_id, now)),
            )


def _arrival_posts(shown: SellingKit, pushes: tuple[Push, ...], now: datetime) -> Iterator[KitPost]:
    for arrival in shown.arrivals:
        yield KitPost(
            kind=PostKind.ARRIVAL,
            campaign_id=arrival.campaign_id,
            title=_title(arrival),
            text=arrival_text(arrival),
            picture_url=reverse(
                "leader-kit-arrival-picture", args=[arrival.campaign_code, arrival.point_id]
            ),
            repeated_at=repeated_at(pushes, Push(PostKind.ARRIVAL, arrival.campaign_id, now)),
        )


def _title(arrival: KitArrival) -> str:
    return f"{PostKind.ARRIVAL.label} · {arrival.point}"


def _count_word(restraint: Restraint) -> str:
    return _("Posted today: {pushes} of {most}").format(
        pushes=restraint.pushes, most=restraint.most
    )


def _warning(noted: Posted) -> str:
    """What speaks against this post; empty if nothing does."""
    if noted.is_too_many:
        return _("That is more than a group likes to hear in a day. Let it rest until tomorrow.")
    if noted.repeated_at is not None:
        return _("The same was posted at {time}. Twice in two hours is read by nobody.").format(
            time=clock(noted.repeated_at)
        )
    return ""
