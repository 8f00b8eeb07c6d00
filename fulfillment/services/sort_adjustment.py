"""Sort lists after a re-run: tasks, drops, stops and totes follow the allocation."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import islice

from django.conf import settings
from django.db.models import Sum

from fulfillment.domain.drop_parts import shared_load, shared_totes
from fulfillment.domain.sorting import SlotCode, Spread, choose_sort_method, parse_slot
from fulfillment.domain.totes import PointGoods, PointTotes, ToteSpec, count_totes
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.delivery import DeliveryRun, Stop, Trip
from fulfillment.models.totes import ToteEvent
from fulfillment.models.warehouse import Drop, SortTask, Tote, ToteState, Wave
from fulfillment.routing.plan import UnservedReason
from fulfillment.selectors.sorting import (
    PointSku,
    allocated_by_point_and_sku,
    planned_by_point_and_sku,
)
from leaders.models.pickup_points import PickupPoint
from orders.domain.storage import StorageClass
from orders.models.catalogue import Sku, SkuKind


def sort_lists_adjust(*, run: CutoffRun, sku_id: int, point_ids: Collection[int]) -> None:
    """Make the sort lists follow the allocation of one SKU at some pickup points.

    Call it with the run's row held, after the allocation is stored. Before
    the sort lists are made there is nothing to follow. Totes are estimated
    again only where none is sealed yet.
    """
    waves = list(Wave.objects.filter(run=run).order_by("code"))
    if not waves or not point_ids:
        return
    goods = allocated_by_point_and_sku(run, point_ids=point_ids)
    drops = _drops_ensure(waves[0], {row.point_id for row in goods}, point_ids)
    _tasks_follow(run, sku_id)
    spec = ToteSpec(fill_ml=settings.TOTE_FILL_ML, max_weight_g=settings.TOTE_MAX_WEIGHT_G)
    counted = count_totes(map(_point_goods, goods), spec)
    pieces: Counter[str] = Counter()
    for row in goods:
        pieces[row.point_code] += row.pieces
    for drop in drops:
        code = drop.pickup_point.code
        drop.pieces = pieces[code]
        drop.weight_g = counted[code].weight_g if code in counted else 0
        drop.volume_ml = counted[code].volume_ml if code in counted else 0
    Drop.objects.bulk_update(drops, ["pieces", "weight_g", "volume_ml"])
    estimated = _totes_follow(run, drops, counted)
    _stops_follow(drops, estimated)


def _point_goods(row: PointSku) -> PointGoods:
    return PointGoods(
        point_code=row.point_code,
        storage=StorageClass(row.storage),
        qty=row.pieces,
        unit_weight_g=row.unit_weight_g,
        unit_volume_ml=row.unit_volume_ml,
    )


def _drops_ensure(wave: Wave, wanted: Collection[int], point_ids: Collection[int]) -> list[Drop]:
    """The drops of the points in order of their key; one is made where goods come first.

    A point that was to get nothing is in no plan: its drop waits in the lane
    of those that no route serves, with the reason.
    """
    run = wave.run
    drops = list(
        Drop.objects.select_for_update(of=("self",))
        .filter(wave__run=run, pickup_point_id__in=point_ids)
        .select_related("pickup_point")
        .order_by("pk")
    )
    missing = sorted(set(wanted) - {drop.pickup_point_id for drop in drops})
    is_planned = DeliveryRun.objects.filter(cutoff_run=run).exists()
    made = [
        Drop.objects.create(
            wave=wave,
            pickup_point=point,
            slot_code=_next_unserved_slot(run) if is_planned else "",
            unserved_reason=UnservedReason.ADDED_LATER if is_planned else "",
            pieces=0,
            weight_g=0,
            volume_ml=0,
        )
        for point in PickupPoint.objects.filter(pk__in=missing).order_by("code")
    ]
    return drops + made


def _next_unserved_slot(run: CutoffRun) -> str:
    """The next free slot of the lane after the last route."""
    lane = Trip.objects.filter(delivery_run__cutoff_run=run).count() + 1
    taken = [
        slot.stop_seq
        for code in Drop.objects.filter(wave__run=run)
        .exclude(slot_code="")
        .values_list("slot_code", flat=True)
        if (slot := parse_slot(code)).route_no == lane
    ]
    return str(SlotCode(lane, max(taken, default=0) + 1))


def _tasks_follow(run: CutoffRun, sku_id: int) -> None:
    """Set what each wave's card spreads; make the card of a SKU that had nobody to go to."""
    wave_of = dict(Drop.objects.filter(wave__run=run).values_list("pickup_point_id", "wave_id"))
    planned = planned_by_point_and_sku(run, sku_id=sku_id)
    pieces: Counter[int] = Counter()
    slots: Counter[int] = Counter()
    for (point_id, _sku_id), qty in planned.items():
        if qty:
            pieces[wave_of[point_id]] += qty
            slots[wave_of[point_id]] += 1
    tasks = {
        task.wave_id: task
        for task in SortTask.objects.select_for_update()
        .filter(wave__run=run, sku_id=sku_id)
        .order_by("pk")
    }
    for wave_id in pieces.keys() - tasks.keys():
        tasks[wave_id] = _task_new(
            wave_id, sku_id, slots_total=len(wave_of), slots_wanting=slots[wave_id]
        )
    for wave_id, task in tasks.items():
        task.pieces, task.drops = pieces[wave_id], slots[wave_id]
    SortTask.objects.bulk_update(tasks.values(), ["pieces", "drops"])


def _task_new(wave_id: int, sku_id: int, *, slots_total: int, slots_wanting: int) -> SortTask:
    sku = Sku.objects.get(pk=sku_id)
    spread = Spread(
        slots_total=slots_total,
        slots_wanting=slots_wanting,
        storage=StorageClass(sku.storage),
        has_bin=bool(sku.bin_code),
        is_weighed=sku.kind == SkuKind.CATCH_WEIGHT,
    )
    return SortTask.objects.create(
        wave_id=wave_id, sku_id=sku_id, method=choose_sort_method(spread), pieces=0, drops=0
    )


def _totes_follow(
    run: CutoffRun, drops: Sequence[Drop], counted: Mapping[str, PointTotes]
) -> set[int]:
    """Estimate totes again where none was touched yet; return the drops that were estimated.

    An estimate never fills a vehicle beyond its totes: what little is more
    goes into the totes there are.
    """
    totes_of: defaultdict[int, list[Tote]] = defaultdict(list)
    for tote in Tote.objects.select_for_update().filter(drop__in=drops).order_by("pk"):
        totes_of[tote.drop_id].append(tote)
    # Of a drop in parts, the last one takes what comes on top.
    stops = Stop.objects.filter(drop__in=drops).order_by("part_no")
    trip_of = dict(stops.values_list("drop_id", "trip_id"))
    touched = set(
        ToteEvent.objects.filter(tote__drop__in=drops).values_list("tote__drop_id", flat=True)
    )
    room = _tote_room(run)
    estimated = set()
    for drop in drops:
        is_sealed = any(tote.state != ToteState.ASSIGNED for tote in totes_of[drop.pk])
        if is_sealed or drop.pk in touched:
            continue
        estimated.add(drop.pk)
        trip_id = trip_of.get(drop.pk)
        for storage, estimate in _estimates(counted.get(drop.pickup_point.code)).items():
            totes = [tote for tote in totes_of[drop.pk] if tote.storage == storage]
            wanted = estimate
            if trip_id is not None:
                wanted = min(wanted, len(totes) + max(0, room[trip_id]))
                room[trip_id] -= wanted - len(totes)
            _totes_resize(drop, storage, totes, wanted)
    return estimated


def _estimates(counted: PointTotes | None) -> dict[StorageClass, int]:
    """Totes per storage class; none for a point that gets nothing any more."""
    if counted is None:
        return dict.fromkeys(StorageClass, 0)
    return {
        StorageClass.AMBIENT: counted.ambient,
        StorageClass.CHILL: counted.chill,
        StorageClass.FROZEN: counted.frozen,
    }


def _tote_room(run: CutoffRun) -> Counter[int]:
    """Trip → totes its vehicle could still take."""
    trips = Trip.objects.filter(delivery_run__cutoff_run=run)
    return Counter(
        {
            trip_id: capacity - (loaded or 0)
            for trip_id, capacity, loaded in trips.order_by()
            .values_list("pk", "vehicle__capacity_totes")
            .annotate(loaded=Sum("stops__totes"))
        }
    )


def _totes_resize(drop: Drop, storage: StorageClass, totes: Sequence[Tote], wanted: int) -> None:
    """Add estimated totes, or drop the last ones that nobody has touched."""
    taken = {tote.seq for tote in totes}
    free = (seq for seq in range(1, len(totes) + wanted + 1) if seq not in taken)
    Tote.objects.bulk_create(
        Tote(drop=drop, storage=storage, seq=seq)
        for seq in islice(free, max(0, wanted - len(totes)))
    )
    surplus = sorted(totes, key=lambda tote: -tote.seq)[: max(0, len(totes) - wanted)]
    untouched = Tote.objects.filter(
        pk__in=[tote.pk for tote in surplus], plate_no="", events__isnull=True, cases__isnull=True
    )
    untouched.delete()


def _stops_follow(drops: Sequence[Drop], estimated: Collection[int]) -> None:
    """Carry weight and volume of the drops over to their stops, and totes estimated anew.

    A stop keeps the totes it was planned with once the real ones are sealed, and
    the part of a drop of which another part is in no trip all that it carries.
    """
    totes = Counter(Tote.objects.filter(drop__in=drops).values_list("drop_id", flat=True))
    parts_of: defaultdict[int, list[Stop]] = defaultdict(list)
    for stop in Stop.objects.filter(drop__in=drops).order_by("drop_id", "part_no"):
        parts_of[stop.drop_id].append(stop)
    for drop in drops:
        parts = parts_of[drop.pk]
        if parts and not drop.unserved_reason:
            _parts_carry(parts, drop, totes[drop.pk] if drop.pk in estimated else None)
    changed = [stop for parts in parts_of.values() for stop in parts]
    Stop.objects.bulk_update(changed, ["weight_g", "volume_ml", "totes"])


def _parts_carry(parts: Sequence[Stop], drop: Drop, totes: int | None) -> None:
    """Share a drop's load among its stops, usually one; without totes those stay."""
    weights = shared_load([stop.weight_g for stop in parts], drop.weight_g)
    volumes = shared_load([stop.volume_ml for stop in parts], drop.volume_ml)
    for stop, weight_g, volume_ml in zip(parts, weights, volumes, strict=True):
        stop.weight_g, stop.volume_ml = weight_g, volume_ml
    if totes is not None:
        for stop, share in zip(
            parts, shared_totes([stop.totes for stop in parts], totes), strict=True
        ):
            stop.totes = share
