"""The forecast of what campaigns will have sold, for buyers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fulfillment.domain.early_warnings import EarlyWarning
from fulfillment.selectors.demand_forecast import DemandForecast, SourcedSku, demand_forecast
from leaders.http import UserRequest, role_required
from leaders.models.accounts import Role
from orders.domain.demand_history import STEPS
from orders.models.campaigns import Campaign
from orders.selectors.forecasts import CampaignForecast, campaigns_selling, is_forecast

# Every third step is a full hour of a usual day.
STEPS_SHOWN = 3


@require_GET
@role_required(Role.BUYER)
def forecast(request: UserRequest) -> HttpResponse:
    """A campaign that sells; `?campaign=` names it, otherwise the one that closes first."""
    campaigns = list(campaigns_selling())
    context: dict[str, Any] = {"campaigns": campaigns}
    if campaigns:
        code = request.GET.get("campaign") or campaigns[0].code
        campaign = get_object_or_404(campaigns_selling(), code=code)
        found = demand_forecast(campaign, timezone.now())
        context |= {
            "campaign": campaign,
            "is_long": not is_forecast(campaign),
            "found": found,
            "rows": [_row(row) for row in found.skus],
            "warned": [
                {"order": order, "reasons": [_reason(each) for each in order.warnings]}
                for order in found.warned
            ],
            "options": _options(campaigns, campaign),
            "errors": _errors(found.forecast),
            "chart": _chart(found),
        }
    return render(request, "fulfillment/workbench/forecast.html", context)


def _row(row: SourcedSku) -> dict[str, object]:
    return {"row": row, "reasons": [_reason(each) for each in row.warnings]}


def _reason(warning: EarlyWarning) -> str:
    return {
        EarlyWarning.UNSOURCED: _("nobody offers it"),
        EarlyWarning.BELOW_MINIMUM: _("below the minimum order"),
        EarlyWarning.BELOW_MOQ: _("below the least quantity"),
        EarlyWarning.RISING: _("much more than last week"),
        EarlyWarning.SELLS_OUT: _("will sell out"),
    }[warning]


def _options(campaigns: Sequence[Campaign], chosen: Campaign) -> list[dict[str, object]]:
    return [
        {
            "label": f"{campaign.city} {campaign.code}",
            "url": f"{reverse('workbench-forecast')}?{urlencode({'campaign': campaign.code})}",
            "is_current": campaign.pk == chosen.pk,
        }
        for campaign in campaigns
    ]


def _errors(found: CampaignForecast) -> list[dict[str, object]]:
    """How far earlier forecasts were off, by the hour of this campaign's window."""
    campaign = found.campaign
    length = campaign.payments_close_at - campaign.opens_at
    return [
        {"at": campaign.opens_at + length * miss.step / STEPS, "miss": miss}
        for miss in found.misses
        if miss.step % STEPS_SHOWN == 0
    ]


def _chart(found: DemandForecast) -> dict[str, object]:
    """The figures of the picture; the band is drawn over its lower edge."""
    points = found.forecast.points
    return {
        "names": {
            "paid": _("Paid so far"),
            "expected": _("Expected"),
            "range": _("Range"),
        },
        "times": [_clock(point.at) for point in points],
        "paid": [point.paid for point in points],
        "expected": [point.expected for point in points],
        "low": [point.low for point in points],
        "band": [
            None if point.high is None or point.low is None else point.high - point.low
            for point in points
        ],
    }


def _clock(at: datetime) -> str:
    return f"{timezone.localtime(at):%H:%M}"
