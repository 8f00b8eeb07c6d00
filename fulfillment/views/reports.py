"""Reports: the home of key figures, league tables, refunds, delivery, cohorts and areas."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from fulfillment.domain.report_period import Days
from fulfillment.forms.reports import USUAL_SPAN, PeriodForm, sort_chosen
from fulfillment.selectors.kpi_board import DAY_KEYS, cities_with_figures, kpi_board, newest_day
from fulfillment.selectors.kpi_words import NAMES
from fulfillment.selectors.report_charts import day_charts, parts_chart
from fulfillment.selectors.report_tables import (
    Dimension,
    LeaderSort,
    SkuSort,
    areas,
    cohorts,
    delivery_table,
    leader_league,
    refund_table,
    sku_league,
)
from fulfillment.selectors.report_words import (
    DIMENSIONS,
    LEADER_SORTS,
    SKU_SORTS,
    claim_kind_words,
    refund_reason_words,
)
from leaders.http import UserRequest, role_required
from leaders.models.accounts import Role

READERS = (Role.BUYER, Role.FINANCE, Role.COMPLIANCE)
ROWS_PER_PAGE = 50
AREAS_SHOWN = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The period and city a reader looks at, and how links keep them."""

    form: PeriodForm
    days: Days
    city: str
    query: str


@require_GET
@role_required(*READERS)
def kpis(request: UserRequest) -> HttpResponse:
    """Every key figure with its target and its change, and charts over the table by day."""
    chosen = _chosen(request)
    board = kpi_board(chosen.days, chosen.city)
    context = {
        "chosen": chosen,
        "board": board,
        "columns": [NAMES[key] for key in DAY_KEYS],
        "charts": day_charts(board),
    }
    return render(request, "fulfillment/reports/kpis.html", context)


@require_GET
@role_required(*READERS)
def skus(request: UserRequest) -> HttpResponse:
    """The league table of SKUs."""
    chosen = _chosen(request)
    sort = SkuSort(sort_chosen(SkuSort, request.GET.get("sort")))
    rows = sku_league(chosen.days, chosen.city, sort)
    context = _league(request, chosen, rows, sort, SKU_SORTS)
    return render(request, "fulfillment/reports/skus.html", context)


@require_GET
@role_required(*READERS)
def leaders(request: UserRequest) -> HttpResponse:
    """The league table of leaders."""
    chosen = _chosen(request)
    sort = LeaderSort(sort_chosen(LeaderSort, request.GET.get("sort")))
    rows = leader_league(chosen.days, chosen.city, sort)
    context = _league(request, chosen, rows, sort, LEADER_SORTS)
    return render(request, "fulfillment/reports/leaders.html", context)


@require_GET
@role_required(*READERS)
def refunds(request: UserRequest) -> HttpResponse:
    """What went back, by reason, and claims by kind."""
    chosen = _chosen(request)
    table = refund_table(chosen.days, chosen.city)
    reasons = [(refund_reason_words(name), fen, share) for name, fen, share in table.reasons]
    kinds = [(claim_kind_words(name), count, share) for name, count, share in table.kinds]
    context = {
        "chosen": chosen,
        "table": table,
        "reasons": reasons,
        "kinds": kinds,
        "charts": [parts_chart([(name, fen / 100) for name, fen, _share in reasons])],
    }
    return render(request, "fulfillment/reports/refunds.html", context)


@require_GET
@role_required(*READERS)
def delivery(request: UserRequest) -> HttpResponse:
    """Planned costs per stop and piece, by route, driver or vehicle."""
    chosen = _chosen(request)
    dimension = Dimension(sort_chosen(Dimension, request.GET.get("by")))
    context = {
        "chosen": chosen,
        "table": delivery_table(chosen.days, chosen.city, dimension),
        "dimension": DIMENSIONS[dimension],
        "options": [
            {
                "label": DIMENSIONS[other],
                "url": f"?{chosen.query}&by={other}",
                "is_current": other is dimension,
            }
            for other in Dimension
        ],
    }
    return render(request, "fulfillment/reports/delivery.html", context)


@require_GET
@role_required(*READERS)
def resident_cohorts(request: UserRequest) -> HttpResponse:
    """Which part of the residents of one week came again, week by week."""
    chosen = _chosen(request)
    found = cohorts(chosen.city, chosen.days.until_on)
    weeks = max((len(cohort.shares_bp) for cohort in found), default=0)
    context = {"chosen": chosen, "cohorts": found, "weeks": range(1, weeks + 1)}
    return render(request, "fulfillment/reports/cohorts.html", context)


@require_GET
@role_required(*READERS)
def sales_areas(request: UserRequest) -> HttpResponse:
    """Where it is sold: points on plain ground, communities in a table."""
    chosen = _chosen(request)
    found = areas(chosen.days, chosen.city)
    context = {
        "chosen": chosen,
        "rows": found.rows[:AREAS_SHOWN],
        "rest": len(found.rows) - AREAS_SHOWN,
        "marks": found.marks,
        "tile_url": settings.MAP_TILE_URL,
        "tile_attribution": settings.MAP_TILE_ATTRIBUTION,
    }
    return render(request, "fulfillment/reports/areas.html", context)


def _chosen(request: UserRequest) -> Chosen:
    yesterday = timezone.localdate() - timedelta(days=1)
    asked = {"span": str(USUAL_SPAN), **request.GET.dict()}
    form = PeriodForm(asked, cities=cities_with_figures())
    days = form.days(newest_day(yesterday))
    kept = {name: request.GET[name] for name in form.fields if request.GET.get(name)}
    return Chosen(form=form, days=days, city=form.chosen_city, query=urlencode(kept))


def _league(
    request: UserRequest,
    chosen: Chosen,
    rows: QuerySet[Any, Any],
    sort: StrEnum,
    labels: dict[Any, Any],
) -> dict[str, object]:
    """One page of a league table, and the links that sort it another way."""
    page = Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    return {
        "chosen": chosen,
        "page": page,
        "place": page.start_index(),
        "sort": sort.value,
        "query": f"{chosen.query}&sort={sort}",
        "sorts": {
            other.value: {"label": label, "url": f"?{chosen.query}&sort={other}"}
            for other, label in labels.items()
        },
    }
