"""Contents of the labels that stay in the warehouse: totes, pallets, weighed portions."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Sum
from django.utils import timezone

from fulfillment.domain.label_codes import LabelCode, Labelled
from fulfillment.domain.sealing import TotePosition
from fulfillment.domain.sorting import natural_key
from fulfillment.models.allocation import Allocation
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.delivery import Stop
from fulfillment.models.receiving import Batch, GoodsReceiptLine
from fulfillment.models.warehouse import Drop, Tote
from fulfillment.models.weighing import WeighedPortion
from fulfillment.papers.labels.pallet_label import PalletLabel
from fulfillment.papers.labels.tote_label import ToteLabel
from fulfillment.papers.labels.weigh_label import WeighLabel
from fulfillment.selectors.labels.choice import LabelChoice, drops_chosen
from fulfillment.selectors.totes import (
    PackedSku,
    drop_contents,
    tote_positions_by_drop,
    totes_sealed_once,
)
from fulfillment.selectors.weighing import WeighLine, portions_standing, weigh_lines
from orders.domain.storage import StorageClass


def tote_labels(run: CutoffRun, choice: LabelChoice) -> list[ToteLabel]:
    """One label for each sealed tote of the chosen drops; unsealed drops have none yet."""
    drops = {drop.pk: drop for drop in drops_chosen(run, choice)}
    positions = tote_positions_by_drop(list(drops))
    stops = _stops_of_trips(run)
    totes: defaultdict[int, list[Tote]] = defaultdict(list)
    for tote in totes_sealed_once().filter(drop_id__in=drops):
        totes[tote.drop_id].append(tote)
    labels = []
    for drop in drops.values():
        wanted = [tote for tote in totes[drop.pk] if choice.of in (None, tote.pk)]
        if wanted:
            places = positions[drop.pk]
            contents = drop_contents(drop)
            parts = sorted(drop.stops.all(), key=lambda stop: stop.part_no)
            stop = parts[0] if parts else None
            sealed = _SealedDrop(
                drop=drop,
                stop_seq=stop.stop_seq if stop else 0,
                stops=stops[stop.trip_id] if stop else 0,
                also_on=" ".join(f"+ {part.trip}" for part in parts[1:]),
                totes=Counter(StorageClass(tote.storage) for tote in totes[drop.pk]),
                contents=contents,
            )
            labels += [
                _tote_label(run, sealed, tote, places[tote.pk])
                for tote in sorted(wanted, key=lambda tote: places[tote.pk].k)
            ]
    return labels


def pallet_labels(run: CutoffRun, choice: LabelChoice) -> list[PalletLabel]:
    """One label for each count at the dock that stands and accepted something."""
    lines = GoodsReceiptLine.objects.filter(
        purchase_line__purchase_order__run=run, void__isnull=True, accepted_qty__gt=0
    ).select_related("purchase_line__sku", "purchase_line__purchase_order__supplier", "batch")
    if choice.of is not None:
        lines = lines.filter(pk=choice.of)
    if choice.sku_code:
        lines = lines.filter(purchase_line__sku__code=choice.sku_code)
    found = list(lines.order_by("pk"))
    splits = _splits(run, {line.purchase_line.sku_id for line in found})
    return [_pallet_label(line, splits[line.purchase_line.sku_id]) for line in found]


def weigh_labels(run: CutoffRun, choice: LabelChoice) -> list[WeighLabel]:
    """One label for each standing portion of the chosen drops, by slot and line."""
    drops = {drop.pickup_point_id: drop for drop in drops_chosen(run, choice)}
    portions = (
        portions_standing()
        .filter(
            allocation__run=run,
            allocation__order_line__order__pickup_point_id__in=drops,
        )
        .select_related("allocation__order_line__order", "weighed_by")
        .order_by("allocation__order_line__order__order_no", "allocation_id", "portion_no")
    )
    if choice.of is not None:
        portions = portions.filter(pk=choice.of)
    if choice.sku_code:
        portions = portions.filter(allocation__order_line__sku__code=choice.sku_code)
    found = list(portions)
    lines = {line.allocation_id: line for line in weigh_lines(run.pk)} if found else {}
    labels = [
        _weigh_label(
            portion,
            drops[portion.allocation.order_line.order.pickup_point_id],
            lines[portion.allocation_id],
        )
        for portion in found
    ]
    return sorted(labels, key=lambda label: natural_key(label.slot))


@dataclass(frozen=True, slots=True, kw_only=True)
class _SealedDrop:
    """A drop with its place on the route, its totes by class, and what is in them."""

    drop: Drop
    stop_seq: int
    stops: int
    also_on: str
    totes: Counter[StorageClass]
    contents: Sequence[PackedSku]


def _tote_label(run: CutoffRun, sealed: _SealedDrop, tote: Tote, place: TotePosition) -> ToteLabel:
    storage = StorageClass(tote.storage)
    return ToteLabel(
        code=LabelCode(Labelled.TOTE, tote.pk),
        slot=sealed.drop.slot_code,
        leader_name=sealed.drop.pickup_point.leader.name,
        stop_seq=sealed.stop_seq,
        stops=sealed.stops,
        also_on=sealed.also_on,
        tote_no=place.k,
        totes=place.n,
        storage=storage,
        class_totes=sealed.totes[storage],
        pieces=sum(sku.pieces for sku in sealed.contents if sku.storage is storage),
        delivery_on=run.campaign.delivery_date,
    )


def _stops_of_trips(run: CutoffRun) -> dict[int, int]:
    stops = Stop.objects.filter(trip__delivery_run__cutoff_run=run).order_by()
    return dict(stops.values_list("trip_id").annotate(number=Count("pk")))


def _pallet_label(line: GoodsReceiptLine, splits: Sequence[tuple[str, int]]) -> PalletLabel:
    sku = line.purchase_line.sku
    batch: Batch | None = getattr(line, "batch", None)
    return PalletLabel(
        code=LabelCode(Labelled.PALLET, line.pk),
        sku_code=sku.code,
        sku_name=sku.name,
        unit=sku.unit,
        storage=StorageClass(sku.storage),
        accepted_qty=line.accepted_qty,
        splits=tuple(splits),
        batch_no=batch.batch_no if batch else "",
        supplier_name=line.purchase_line.purchase_order.supplier.name,
        expires_on=batch.expires_on if batch else None,
        received_on=timezone.localdate(line.counted_at),
    )


def _splits(run: CutoffRun, sku_ids: set[int]) -> defaultdict[int, list[tuple[str, int]]]:
    """SKU → pieces by route, for the SKUs that are shared out and routed."""
    route_of = dict(
        Stop.objects.filter(trip__delivery_run__cutoff_run=run)
        .order_by("-part_no")
        .values_list("drop__pickup_point_id", "trip__route_no")
    )
    pieces: Counter[tuple[int, int]] = Counter()
    for sku_field, qty_field in (
        ("order_line__sku_id", "allocated_qty"),
        ("substitute_sku_id", "substitute_qty"),
    ):
        rows = (
            Allocation.objects.filter(run=run, **{f"{sku_field}__in": sku_ids})
            .order_by()
            .values_list(sku_field, "order_line__order__pickup_point_id")
            .annotate(pieces=Sum(qty_field))
        )
        for sku_id, point_id, qty in rows:
            if qty and point_id in route_of:
                pieces[sku_id, route_of[point_id]] += qty
    splits: defaultdict[int, list[tuple[str, int]]] = defaultdict(list)
    for (sku_id, route_no), qty in sorted(pieces.items()):
        splits[sku_id].append((f"R{route_no}", qty))
    return splits


def _weigh_label(portion: WeighedPortion, drop: Drop, line: WeighLine) -> WeighLabel:
    settlement = line.settlement()
    return WeighLabel(
        code=LabelCode(Labelled.PORTION, portion.pk),
        sku_name=portion.allocation.order_line.sku_name,
        slot=drop.slot_code,
        portion_no=portion.portion_no,
        portions=line.pieces,
        net_g=portion.net_g,
        sold_g=portion.nominal_g,
        has_refund=None if settlement is None else settlement.refund_fen > 0,
        weighed_by=portion.weighed_by.get_full_name() or portion.weighed_by.username,
    )
