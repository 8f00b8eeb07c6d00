"""The shortages of a night: what each rule would do, and after the sharing what came of it."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.conf import settings
from django.db.models import Q, Sum

from fulfillment.domain.allocation import ShortageRule
from fulfillment.domain.receiving import expected_pieces
from fulfillment.domain.shortage_preview import (
    LeaderLoss,
    RulePreview,
    ShortGoods,
    offered_rule,
    preview,
)
from fulfillment.models.allocation import Allocation, AllocationRun
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.purchasing import PurchaseOrderLine
from fulfillment.selectors.allocation import ChosenRules, supply_by_sku
from fulfillment.selectors.receiving import is_counted
from fulfillment.selectors.shortage_lines import (
    DemandLineRow,
    Person,
    demand_lines_of,
    leader_names_of,
    losses_now,
    people_of,
    preview_line,
)
from fulfillment.selectors.shortages import shortages_final_due_at
from orders.models.catalogue import Sku
from orders.models.demand import DemandLine


class Uncounted(StrEnum):
    """What a preview takes for lines nobody has counted yet."""

    LEFT_OUT = ""
    AS_NOTHING = "zero"
    AS_EXPECTED = "expected"


class Phase(StrEnum):
    """How far the sharing of a night has come."""

    COUNTING = "counting"
    CLOSED = "closed"
    SHARED = "shared"
    FINAL = "final"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortSku:
    """One SKU that is short.

    Parameters
    ----------
    offered, rule
        The rule to look at first, and the one that holds now.
    previews
        What each rule would do; empty once the goods are shared out.
    losses
        Who goes without once they are.
    """

    sku: Sku
    need_qty: int
    supply_qty: int
    short_qty: int
    offered: ShortageRule
    rule: ShortageRule
    is_chosen: bool
    previews: tuple[RulePreview, ...]
    losses: tuple[LeaderLoss, ...]
    leader_names: dict[str, str]
    people: dict[str, Person]

    @property
    def short_percent(self) -> int:
        """Share of the need that is missing, rounded up."""
        return -(-100 * self.short_qty // self.need_qty) if self.need_qty else 0

    @property
    def refund_fen(self) -> int:
        """What goes back for what is short now."""
        return sum(line.refund_fen for loss in self.losses for line in loss.lines)

    @property
    def residents(self) -> int:
        """Residents who go without now."""
        return len({line.resident_key for loss in self.losses for line in loss.lines})


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSku:
    """A SKU with lines nobody has counted: what is there is not known yet."""

    sku: Sku
    need_qty: int
    expected_qty: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortageBoard:
    """The shortages of a run."""

    phase: Phase
    goods: tuple[ShortSku, ...]
    not_entered: tuple[OpenSku, ...]
    wave: tuple[RulePreview, ...]
    wave_rule: ShortageRule
    final_due_at: datetime

    @property
    def pieces(self) -> int:
        """Pieces short, all SKUs."""
        return sum(goods.short_qty for goods in self.goods)

    @property
    def refund_fen(self) -> int:
        """What goes back for what is short now."""
        return sum(goods.refund_fen for goods in self.goods)


def phase_of(run: CutoffRun) -> Phase:
    """How far the sharing of a run has come."""
    if run.shortages_final_at is not None:
        return Phase.FINAL
    if Allocation.objects.filter(run=run).exists():
        return Phase.SHARED
    return Phase.COUNTING if run.receiving_closed_at is None else Phase.CLOSED


def shortage_board(run: CutoffRun, uncounted: Uncounted = Uncounted.LEFT_OUT) -> ShortageBoard:
    """The whole night, SKU by SKU, the largest share missing first."""
    phase = phase_of(run)
    rules = ChosenRules(run)
    goods, still_open = _short_goods(run, phase, uncounted, rules, None)
    wave: tuple[RulePreview, ...] = ()
    if goods and phase in (Phase.COUNTING, Phase.CLOSED):
        wave = _wave_previews(run, goods, rules)
    return ShortageBoard(
        phase=phase,
        goods=goods,
        not_entered=still_open,
        wave=wave,
        wave_rule=rules.otherwise,
        final_due_at=shortages_final_due_at(run),
    )


def shortage_of_sku(
    run: CutoffRun, sku_id: int, uncounted: Uncounted = Uncounted.AS_EXPECTED
) -> ShortSku | None:
    """One SKU with everybody it touches; None if nobody asked for it or nothing is short."""
    goods, _open = _short_goods(run, phase_of(run), uncounted, ChosenRules(run), sku_id)
    return goods[0] if goods else None


def allocation_history(run: CutoffRun, sku_id: int | None = None) -> list[AllocationRun]:
    """Every sharing out of a run, or those that touched one SKU; the newest first."""
    runs = AllocationRun.objects.filter(run=run).select_related("sku", "made_by").order_by("-seq")
    if sku_id is not None:
        runs = runs.filter(Q(sku_id=sku_id) | Q(sku__isnull=True))
    return list(runs)


def _short_goods(
    run: CutoffRun, phase: Phase, uncounted: Uncounted, rules: ChosenRules, sku_id: int | None
) -> tuple[tuple[ShortSku, ...], tuple[OpenSku, ...]]:
    need = _need(run, sku_id)
    supply = supply_by_sku(run)
    is_before = phase in (Phase.COUNTING, Phase.CLOSED)
    expected = _expected_uncounted(run) if phase is Phase.COUNTING else Counter[int]()
    if uncounted is Uncounted.AS_EXPECTED:
        supply.update(expected)
    unknown = {
        pk for pk in expected if uncounted is Uncounted.LEFT_OUT and supply[pk] < need.get(pk, 0)
    }
    short = _short_now(run, need, supply, is_before=is_before)
    wanted = {pk for pk, qty in short.items() if qty and pk not in unknown}
    skus = Sku.objects.in_bulk(wanted | unknown)
    rows_of: defaultdict[int, list[DemandLineRow]] = defaultdict(list)
    for row in demand_lines_of(run, wanted):
        rows_of[row.sku_id].append(row)
    losses = {} if is_before else losses_now(run, [r for rows in rows_of.values() for r in rows])
    goods = [
        _short_sku(
            skus[pk],
            rows_of[pk],
            rules,
            _Facts(
                supply_qty=supply[pk],
                short_qty=short[pk],
                losses=tuple(losses.get(pk, ())),
                is_before=is_before,
            ),
        )
        for pk in wanted
    ]
    goods.sort(key=lambda one: (-one.short_qty * 10_000 // max(1, one.need_qty), one.sku.code))
    still_open = [
        OpenSku(sku=skus[pk], need_qty=need[pk], expected_qty=expected[pk]) for pk in unknown
    ]
    return tuple(goods), tuple(sorted(still_open, key=lambda one: one.sku.code))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facts:
    """What there is of one SKU, and who goes without if it is shared out already."""

    supply_qty: int
    short_qty: int
    losses: tuple[LeaderLoss, ...]
    is_before: bool


def _short_sku(sku: Sku, rows: list[DemandLineRow], rules: ChosenRules, facts: _Facts) -> ShortSku:
    need_qty = sum(row.qty for row in rows)
    found = ShortGoods(
        sku_key=sku.code, lines=tuple(map(preview_line, rows)), supply_qty=facts.supply_qty
    )
    rules_shown = ShortageRule if facts.is_before else ()
    return ShortSku(
        sku=sku,
        need_qty=need_qty,
        supply_qty=facts.supply_qty,
        short_qty=facts.short_qty,
        offered=offered_rule(facts.short_qty, need_qty, settings.SHORTAGE_QUOTA_FROM_PERCENT),
        rule=rules.of(sku.pk),
        is_chosen=rules.is_chosen(sku.pk),
        previews=tuple(preview([found], {}, rule) for rule in rules_shown),
        losses=facts.losses,
        leader_names=leader_names_of(rows),
        people=people_of(rows),
    )


def _wave_previews(
    run: CutoffRun, goods: tuple[ShortSku, ...], rules: ChosenRules
) -> tuple[RulePreview, ...]:
    """What each rule would do to the whole wave; SKUs with a rule of their own keep it."""
    supply = {one.sku.pk: one.supply_qty for one in goods}
    rows_of: defaultdict[int, list[DemandLineRow]] = defaultdict(list)
    for row in demand_lines_of(run, supply):
        rows_of[row.sku_id].append(row)
    found = [
        ShortGoods(
            sku_key=one.sku.code,
            lines=tuple(map(preview_line, rows_of[one.sku.pk])),
            supply_qty=one.supply_qty,
        )
        for one in goods
    ]
    chosen = {one.sku.code: one.rule for one in goods if one.is_chosen}
    return tuple(preview(found, chosen, rule) for rule in ShortageRule)


def _need(run: CutoffRun, sku_id: int | None) -> dict[int, int]:
    """SKU → pieces of the frozen demand."""
    lines = DemandLine.objects.filter(snapshot__campaign_id=run.campaign_id)
    if sku_id is not None:
        lines = lines.filter(offer__sku_id=sku_id)
    return dict(lines.values_list("offer__sku_id", "qty"))


def _expected_uncounted(run: CutoffRun) -> Counter[int]:
    """SKU → pieces that suppliers should still bring on lines nobody has counted."""
    lines = (
        PurchaseOrderLine.objects.filter(purchase_order__run=run, ended_as="")
        .exclude(is_counted())
        .values_list("sku_id", "ordered_qty", "confirmed_qty")
    )
    expected: Counter[int] = Counter()
    for sku_id, ordered_qty, confirmed_qty in lines:
        expected[sku_id] += expected_pieces(
            ordered_qty=ordered_qty, confirmed_qty=confirmed_qty, is_ended=False
        )
    return expected


def _short_now(
    run: CutoffRun, need: dict[int, int], supply: Counter[int], *, is_before: bool
) -> dict[int, int]:
    """SKU → pieces short: by the counts before the sharing, by the allocation after it."""
    if is_before:
        return {pk: max(0, qty - supply[pk]) for pk, qty in need.items()}
    rows = (
        Allocation.objects.filter(run=run, order_line__sku_id__in=need)
        .order_by()
        .values_list("order_line__sku_id")
        .annotate(short=Sum("short_qty"))
    )
    return dict(rows)
