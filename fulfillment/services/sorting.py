"""Sort lists: which SKU goes to which drop, and how many totes a drop needs."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from fulfillment.domain.sorting import Spread, choose_sort_method, is_two_stage
from fulfillment.domain.totes import PointGoods, PointTotes, ToteSpec, count_totes
from fulfillment.errors import SortBlockEntered
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.warehouse import (
    Drop,
    SortMethod,
    SortTask,
    SortTaskState,
    Tote,
    Wave,
)
from fulfillment.selectors.run_letters import run_letter
from fulfillment.selectors.sorting import PointSku, allocated_by_point_and_sku
from fulfillment.services.day_guard import run_open_locked
from orders.domain.storage import StorageClass


def sort_lists_make(*, run: CutoffRun) -> Mapping[str, int]:
    """Make the wave of a run: its sort tasks, its drops and their totes.

    The slots of the drops come later, with the routes.
    """
    goods = allocated_by_point_and_sku(run)
    wave = Wave.objects.create(
        run=run,
        code=f"{run.campaign.code}-{run_letter(run)}",
        is_two_stage=is_two_stage(len({row.point_id for row in goods})),
    )
    tasks = _sort_tasks(wave, goods)
    drops, totes = _drops(wave, goods)
    return {
        "sort_tasks": len(tasks),
        "drops": len(drops),
        "totes": len(totes),
        "pieces": sum(drop.pieces for drop in drops),
    }


@transaction.atomic
def sort_method_change(*, task_id: int, method: SortMethod) -> SortTask:
    """Sort a SKU the other way; only before anything of it is entered.

    Raises `SortBlockEntered` after that, and `DayClosed`.
    """
    run_open_locked(SortTask.objects.values_list("wave__run_id", flat=True).get(pk=task_id))
    changed = SortTask.objects.filter(
        pk=task_id, state=SortTaskState.PENDING, events__isnull=True, blocks__isnull=True
    ).update(method=method)
    if not changed:
        raise SortBlockEntered(_("Some of it is sorted already; the method stays."))
    return SortTask.objects.select_related("wave", "sku").get(pk=task_id)


def _sort_tasks(wave: Wave, goods: Sequence[PointSku]) -> list[SortTask]:
    slots_total = len({row.point_id for row in goods})
    rows_of: defaultdict[int, list[PointSku]] = defaultdict(list)
    for row in goods:
        rows_of[row.sku_id].append(row)
    return SortTask.objects.bulk_create(
        _sort_task(wave, rows, slots_total) for rows in rows_of.values()
    )


def _sort_task(wave: Wave, rows: Sequence[PointSku], slots_total: int) -> SortTask:
    """The task of one SKU from what every point gets of it."""
    sku = rows[0]
    method = choose_sort_method(
        Spread(
            slots_total=slots_total,
            slots_wanting=len(rows),
            storage=StorageClass(sku.storage),
            has_bin=sku.has_bin,
            is_weighed=sku.is_weighed,
        )
    )
    return SortTask(
        wave=wave,
        sku_id=sku.sku_id,
        method=method,
        pieces=sum(row.pieces for row in rows),
        drops=len(rows),
    )


def _drops(wave: Wave, goods: Sequence[PointSku]) -> tuple[list[Drop], list[Tote]]:
    spec = ToteSpec(fill_ml=settings.TOTE_FILL_ML, max_weight_g=settings.TOTE_MAX_WEIGHT_G)
    counted = count_totes(
        (
            PointGoods(
                point_code=row.point_code,
                storage=StorageClass(row.storage),
                qty=row.pieces,
                unit_weight_g=row.unit_weight_g,
                unit_volume_ml=row.unit_volume_ml,
            )
            for row in goods
        ),
        spec,
    )
    point_ids = {row.point_code: row.point_id for row in goods}
    pieces: Counter[str] = Counter()
    for row in goods:
        pieces[row.point_code] += row.pieces
    drops = Drop.objects.bulk_create(
        Drop(
            wave=wave,
            pickup_point_id=point_ids[point_code],
            pieces=pieces[point_code],
            weight_g=totes.weight_g,
            volume_ml=totes.volume_ml,
        )
        for point_code, totes in counted.items()
    )
    totes = Tote.objects.bulk_create(
        tote
        for drop, point_totes in zip(drops, counted.values(), strict=True)
        for tote in _totes(drop, point_totes)
    )
    return drops, totes


def _totes(drop: Drop, counted: PointTotes) -> list[Tote]:
    per_class = (
        (StorageClass.AMBIENT, counted.ambient),
        (StorageClass.CHILL, counted.chill),
        (StorageClass.FROZEN, counted.frozen),
    )
    return [
        Tote(drop=drop, storage=storage, seq=seq)
        for storage, number in per_class
        for seq in range(1, number + 1)
    ]
