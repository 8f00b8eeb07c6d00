"""Who goes without: the night's shortages, and one SKU with everybody it touches."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from fulfillment.domain.allocation import ShortageRule
from fulfillment.domain.shortage_preview import (
    LeaderLoss,
    LineLoss,
    RulePreview,
    offered_rule,
)
from fulfillment.forms.shortages import SubstituteForm
from fulfillment.http import NightRequest, night_page
from fulfillment.selectors.allocation import ChosenRules, supply_by_sku
from fulfillment.selectors.shortage_board import (
    Phase,
    ShortageBoard,
    ShortSku,
    Uncounted,
    allocation_history,
    phase_of,
    shortage_board,
    shortage_of_sku,
)
from fulfillment.selectors.shortage_lines import Person, sku_lines
from fulfillment.selectors.substitution import substitute_choices
from leaders.models.accounts import Role
from leaders.selectors.access import has_role
from orders.models.catalogue import Sku

RULE_LABELS = {
    ShortageRule.PAID_TIME: gettext_lazy("First paid, first served"),
    ShortageRule.LEADER_QUOTA: gettext_lazy("A quota for every leader"),
}
UNCOUNTED_LABELS = {
    Uncounted.LEFT_OUT: gettext_lazy("Counted only"),
    Uncounted.AS_EXPECTED: gettext_lazy("Rest as expected"),
    Uncounted.AS_NOTHING: gettext_lazy("Rest as nothing"),
}
HISTORY_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class LossView:
    """What one leader's residents lose, with their names."""

    leader_name: str
    loss: LeaderLoss
    people: tuple[tuple[Person, LineLoss], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleColumn:
    """One rule beside the other: what it does, and whether it is the one that holds."""

    label: str
    shown: RulePreview
    is_current: bool
    is_offered: bool
    losses: tuple[LossView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsView:
    """A short SKU with its columns."""

    goods: ShortSku
    columns: tuple[RuleColumn, ...]


@require_GET
@night_page(Role.BUYER)
def overview(request: NightRequest) -> HttpResponse:
    """What is short; before the sharing `?uncounted=` says what lines not entered stand for."""
    uncounted = _uncounted(request)
    board = shortage_board(request.run, uncounted)
    context = {
        "run": request.run,
        "board": board,
        "goods": [GoodsView(goods=goods, columns=_columns(goods)) for goods in board.goods],
        "wave": _wave_columns(board),
        "tabs": [
            {"label": label, "url": f"?uncounted={value}", "is_current": value is uncounted}
            for value, label in UNCOUNTED_LABELS.items()
        ],
        "history": allocation_history(request.run)[:HISTORY_SHOWN],
        "can_decide": _can_decide(request),
    }
    return render(request, "fulfillment/night/shortages/board.html", context)


@require_GET
@night_page(Role.BUYER)
def of_sku(request: NightRequest, pk: int) -> HttpResponse:
    """One SKU: both rules with everybody they touch, or who has what and why."""
    sku = get_object_or_404(Sku, pk=pk)
    run = request.run
    phase = phase_of(run)
    lines = sku_lines(run, pk) if phase in (Phase.SHARED, Phase.FINAL) else []
    goods = shortage_of_sku(run, pk, _uncounted(request))
    choices = substitute_choices(run, pk) if phase is Phase.SHARED else []
    context = {
        "run": run,
        "sku": sku,
        "phase": phase,
        "goods": goods,
        "columns": _columns(goods) if goods else (),
        "short_lines": [line for line in lines if line.short_qty or line.substitute_qty],
        "other_lines": [line for line in lines if not (line.short_qty or line.substitute_qty)],
        "supply_qty": supply_by_sku(run)[pk],
        "rule_label": RULE_LABELS[ChosenRules(run).of(pk)],
        "substitute_form": SubstituteForm(choices=choices) if choices else None,
        "history": allocation_history(run, pk),
        "can_decide": _can_decide(request),
        "back_url": reverse("shortages", args=[run.campaign.code]),
        "back_label": _("Shortages"),
    }
    return render(request, "fulfillment/night/shortages/sku.html", context)


def _uncounted(request: NightRequest) -> Uncounted:
    asked = request.GET.get("uncounted", "")
    return next((value for value in Uncounted if value == asked), Uncounted.LEFT_OUT)


def _can_decide(request: NightRequest) -> bool:
    """Whether the reader may change who goes without; buyers look on."""
    return has_role(request.user, Role.WAREHOUSE) and request.run.day_closed_at is None


def _columns(goods: ShortSku) -> tuple[RuleColumn, ...]:
    """Both rules for one SKU, with everybody they touch."""
    return tuple(
        RuleColumn(
            label=str(RULE_LABELS[shown.rule]),
            shown=shown,
            is_current=shown.rule is goods.rule,
            is_offered=shown.rule is goods.offered,
            losses=tuple(_loss_view(goods, loss) for loss in shown.losses),
        )
        for shown in goods.previews
    )


def _loss_view(goods: ShortSku, loss: LeaderLoss) -> LossView:
    return LossView(
        leader_name=goods.leader_names[loss.leader_key],
        loss=loss,
        people=tuple((goods.people[line.line_key], line) for line in loss.lines),
    )


def _wave_columns(board: ShortageBoard) -> tuple[RuleColumn, ...]:
    """Both rules for all SKUs together; names are a matter of each SKU."""
    need_qty = sum(goods.need_qty for goods in board.goods)
    offered = offered_rule(board.pieces, need_qty, settings.SHORTAGE_QUOTA_FROM_PERCENT)
    return tuple(
        RuleColumn(
            label=str(RULE_LABELS[shown.rule]),
            shown=shown,
            is_current=shown.rule is board.wave_rule,
            is_offered=shown.rule is offered,
            losses=(),
        )
        for shown in board.wave
    )
