"""Totes of drops and trips: which is which, what is in them, where they stand."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum

from fulfillment.domain.lifecycle import ToteState as State
from fulfillment.domain.sealing import TotePosition, ToteRow, number_totes
from fulfillment.domain.sorting import parse_slot
from fulfillment.errors import SlotCodeUnreadable
from fulfillment.models.allocation import Allocation
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.delivery import Vehicle
from fulfillment.models.exceptions import Cause, ExceptionCase, Stage
from fulfillment.models.sorting import RouteBlock, SortEvent, SortStage
from fulfillment.models.totes import ToteCount, ToteEvent
from fulfillment.models.warehouse import Drop, SortTask, Tote, ToteState
from leaders.models.leaders import Leader
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


class Holder(StrEnum):
    """Who has totes: a leader, or the vehicle of a driver."""

    LEADER = "leader"
    VEHICLE = "vehicle"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToteBalance:
    """What went to a holder and came back; `name` is the leader's, or the vehicle's plate."""

    holder: Holder
    pk: int
    code: str
    name: str
    out_qty: int
    in_qty: int

    @property
    def balance(self) -> int:
        """Totes the holder has; below 0 if more came back than ever went out."""
        return self.out_qty - self.in_qty


@dataclass(frozen=True, slots=True, kw_only=True)
class ToteMovement:
    """One movement of a statement, and what the holder had after it."""

    count: ToteCount
    balance: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningBalances:
    """Totes by leader and by vehicle; who has none is left out."""

    leaders: dict[int, int]
    vehicles: dict[int, int]


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


def totes_expected_by_drop(drop_ids: Collection[int]) -> Counter[int]:
    """Drop → totes the estimate expects, whatever sealing has added or given back since.

    A tote that sealing added began free; one of the estimate began assigned.
    """
    first = ToteEvent.objects.filter(tote=OuterRef("pk")).order_by("pk").values("from_state")[:1]
    totes = Tote.objects.filter(drop_id__in=drop_ids).annotate(began=Subquery(first))
    untouched, estimated = Q(began__isnull=True), ~Q(began=ToteState.FREE)
    of_estimate = totes.filter(untouched | estimated).values_list("drop_id", flat=True)
    return Counter(of_estimate.order_by())


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


def tote_balances(holder: Holder, *, query: str = "") -> list[ToteBalance]:
    """Who has how many totes, the most first; `query` searches codes, names and plates.

    Holders no tote ever went to are left out.
    """
    moved = Sum("tote_counts__out_qty"), Sum("tote_counts__in_qty")
    rows: list[ToteBalance]
    if holder is Holder.LEADER:
        leaders = Leader.objects.filter(Q(code__icontains=query) | Q(name__icontains=query))
        rows = [
            ToteBalance(
                holder=holder,
                pk=leader.pk,
                code=leader.code,
                name=leader.name,
                out_qty=leader.out_sum,
                in_qty=leader.in_sum,
            )
            for leader in leaders.filter(tote_counts__isnull=False).annotate(
                out_sum=moved[0], in_sum=moved[1]
            )
        ]
    else:
        vehicles = Vehicle.objects.filter(Q(code__icontains=query) | Q(plate__icontains=query))
        rows = [
            ToteBalance(
                holder=holder,
                pk=vehicle.pk,
                code=vehicle.code,
                name=vehicle.plate,
                out_qty=vehicle.out_sum,
                in_qty=vehicle.in_sum,
            )
            for vehicle in vehicles.filter(tote_counts__isnull=False).annotate(
                out_sum=moved[0], in_sum=moved[1]
            )
        ]
    return sorted(rows, key=lambda row: (-row.balance, row.code))


def tote_statement(holder: Holder, pk: int) -> list[ToteMovement]:
    """Every movement of a holder with the balance after it, the newest first."""
    counts = ToteCount.objects.filter(**{f"{holder}_id": pk}).select_related(
        "trip__delivery_run__cutoff_run__campaign", "actor"
    )
    balance = 0
    movements = []
    for count in counts.order_by("pk"):
        balance += count.out_qty - count.in_qty
        movements.append(ToteMovement(count=count, balance=balance))
    return movements[::-1]


def opening_tote_balances(run: CutoffRun) -> OpeningBalances:
    """What leaders and vehicles had at the cut-off of a run: its papers say so at any time."""
    before = ToteCount.objects.filter(at__lt=run.campaign.freeze_at).order_by()
    return OpeningBalances(
        leaders=_balances(before.filter(leader__isnull=False).values_list("leader_id")),
        vehicles=_balances(before.filter(vehicle__isnull=False).values_list("vehicle_id")),
    )


def _balances(counts: QuerySet[ToteCount, tuple[int | None]]) -> dict[int, int]:
    rows = counts.annotate(balance=Sum("out_qty") - Sum("in_qty"))
    return {holder_id: balance for holder_id, balance in rows if holder_id and balance}


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
