"""Totes of drops and trips: which is which, what is in them, where they stand."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum

from fulfillment.domain.lifecycle import ToteState as State
from fulfillment.domain.sealing import TotePosition, ToteRow, number_totes
from fulfillment.domain.sorting import parse_slot
from fulfillment.errors import SlotCodeUnreadable
from fulfillment.models.allocation import Allocation
from fulfillment.models.exceptions import Cause, ExceptionCase, Stage
from fulfillment.models.sorting import RouteBlock, SortEvent, SortStage
from fulfillment.models.warehouse import Drop, SortTask, Tote, ToteState
from orders.domain.storage import StorageClass
from orders.models.catalogue import Sku

# A tote in one of these was packed and sealed, wherever it is now.
SEALED_OR_LATER = (ToteState.SEALED, ToteState.LOADED, ToteState.DELIVERED, ToteState.EMPTY)
# A tote in one of these has goods in it, and its plate is taken.
IN_USE = (ToteState.ASSIGNED, ToteState.SEALED, ToteState.LOADED)


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedSku:
    """Pieces of one SKU in a drop, after what cases found missing."""

    sku_id: int
    code: str
    name: str
    storage: StorageClass
    pieces: int


def tote_row(tote: Tote) -> ToteRow:
    """A tote as the rules of sealing see it."""
    return ToteRow(
        key=tote.pk,
        storage=StorageClass(tote.storage),
        seq=tote.seq,
        state=State(tote.state),
    )


def tote_positions(drop: Drop) -> dict[int, TotePosition]:
    """Tote → k of n, from the drop's stored sealed rows and nothing else."""
    return tote_positions_by_drop([drop.pk]).get(drop.pk, {})


def tote_positions_by_drop(drop_ids: Collection[int]) -> dict[int, dict[int, TotePosition]]:
    """Drop → tote → k of n, for many drops in one query; unsealed drops are left out.

    A tote that was lost on its way keeps its number: the labels of the others
    say how many were sealed.
    """
    rows: dict[int, list[ToteRow]] = defaultdict(list)
    for tote in totes_sealed_once().filter(drop_id__in=drop_ids):
        rows[tote.drop_id].append(tote_row(tote))
    return {drop_id: number_totes(of_drop) for drop_id, of_drop in rows.items()}


def totes_sealed_once() -> QuerySet[Tote]:
    """Totes that were sealed and not given back since, wherever they are now."""
    packed_when_lost = Q(
        state=ToteState.LOST,
        events__to_state=ToteState.LOST,
        events__from_state__in=SEALED_OR_LATER,
    )
    return Tote.objects.filter(Q(state__in=SEALED_OR_LATER) | packed_when_lost).distinct()


def drops_sealed(drop_ids: Collection[int]) -> set[int]:
    """Which of these drops are packed: no tote is merely expected, and goods are in one.

    A drop whose goods were all refunded has nothing to seal.
    """
    rows = (
        Drop.objects.filter(pk__in=drop_ids)
        .order_by()
        .annotate(
            expected=Count("totes", filter=Q(totes__state=ToteState.ASSIGNED)),
            packed=Count("totes", filter=Q(totes__state__in=SEALED_OR_LATER)),
        )
        .values_list("pk", "pieces", "expected", "packed")
    )
    return {
        drop_id
        for drop_id, pieces, expected, packed in rows
        if not pieces or (packed and not expected)
    }


def drop_contents(drop: Drop) -> list[PackedSku]:
    """What lies in a drop's totes, in the order of the SKUs' codes.

    The figure of a sorted SKU is what sorters entered; of one whose card is
    not entered, what is allocated. What was found missing at loading or at the
    door is taken off.
    """
    pieces = Counter(_planned(drop))
    for sku_id, sown in _sown(drop).items():
        pieces[sku_id] = sown
    gone = (
        ExceptionCase.objects.filter(drop=drop, stage__in=[Stage.LOAD, Stage.HANDOVER])
        .exclude(cause=Cause.OVER)
        .filter(sku__isnull=False)
    )
    for sku_id, qty in _pieces(gone.values_list("sku_id").annotate(total=Sum("qty"))).items():
        pieces[sku_id] -= qty
    skus = Sku.objects.filter(pk__in=[sku_id for sku_id, qty in pieces.items() if qty > 0])
    return [
        PackedSku(
            sku_id=sku.pk,
            code=sku.code,
            name=sku.name,
            storage=StorageClass(sku.storage),
            pieces=pieces[sku.pk],
        )
        for sku in skus.order_by("code")
    ]


def skus_not_entered(drop: Drop) -> list[str]:
    """Names of the drop's SKUs whose sort card nobody has entered for its slot."""
    wanted = [sku_id for sku_id, qty in _planned(drop).items() if qty]
    try:
        route_no = parse_slot(drop.slot_code).route_no
    except SlotCodeUnreadable:
        route_no = 0
    entered = RouteBlock.objects.filter(
        sort_task__wave_id=drop.wave_id,
        stage=SortStage.SLOT,
        route_no__in=[0, route_no],
    ).values("sort_task_id")
    open_tasks = SortTask.objects.filter(wave_id=drop.wave_id, sku_id__in=wanted).exclude(
        pk__in=entered
    )
    return list(open_tasks.order_by("sku__code").values_list("sku__name", flat=True))


def _planned(drop: Drop) -> dict[int, int]:
    """SKU → pieces the drop is to get, substitutes among them."""
    rows = Allocation.objects.filter(
        run_id=drop.wave.run_id, order_line__order__pickup_point_id=drop.pickup_point_id
    ).order_by()
    planned = Counter(
        _pieces(rows.values_list("order_line__sku_id").annotate(total=Sum("allocated_qty")))
    )
    given = rows.filter(substitute_qty__gt=0)
    planned.update(
        _pieces(given.values_list("substitute_sku_id").annotate(total=Sum("substitute_qty")))
    )
    return planned


def _sown(drop: Drop) -> dict[int, int]:
    events = SortEvent.objects.filter(drop=drop, stage=SortStage.SLOT).order_by()
    return _pieces(events.values_list("sort_task__sku_id").annotate(total=Sum("qty")))


def _pieces(rows: Iterable[tuple[int, int]]) -> dict[int, int]:
    return dict(rows)
