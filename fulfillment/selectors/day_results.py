"""The results of a run as rows and figures, summed from rows and nothing else."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from django.db.models import Count, F, Sum, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone

from fulfillment.models.allocation import Allocation
from fulfillment.models.cutoff_run import CutoffRun, ImportNote
from fulfillment.models.delivery import DeliveryRun, Stop, Trip
from fulfillment.models.papers import Paper
from fulfillment.models.purchasing import PurchaseOrderLine
from fulfillment.models.receiving import GoodsReceiptLine
from fulfillment.models.settlement import CommissionEntry, CommissionKind
from fulfillment.models.warehouse import Drop
from orders.domain.control_code import control_code
from orders.domain.demand import line_key
from orders.models.orders import Order, OrderLine
from orders.models.payments import RefundLine, RefundReason
from orders.selectors.demand import DEMANDED_STATES

Row = tuple[object, ...]

PURCHASE_ORDER_COLUMNS = (
    "po_no",
    "supplier_code",
    "sku_code",
    "need_qty",
    "pack_factor",
    "packs",
    "ordered_qty",
    "surplus_qty",
    "unit_cost_fen",
    "amount_fen",
)
ALLOCATION_COLUMNS = (
    "order_no",
    "sku_code",
    "ordered_qty",
    "allocated_qty",
    "short_qty",
    "refund_fen",
)
ROUTE_COLUMNS = (
    "run_no",
    "vehicle_code",
    "trip",
    "stop_seq",
    "slot_code",
    "leader_code",
    "totes",
    "weight_g",
    "volume_ml",
    "distance_m",
    "arrive_at",
    "start_at",
    "depart_at",
)
WARNING_COLUMNS = ("severity", "file", "row", "code", "message")
PAPER_COLUMNS = (
    "file",
    "document",
    "scope",
    "revision",
    "pages",
    "lines",
    "pieces",
    "control_code",
)


def purchase_order_rows(run: CutoffRun) -> Iterator[Row]:
    """Every purchase line, by order number and SKU."""
    return (
        PurchaseOrderLine.objects.filter(purchase_order__run=run)
        .order_by("purchase_order__po_no", "sku__code")
        .values_list(
            "purchase_order__po_no",
            "purchase_order__supplier__code",
            "sku__code",
            "need_qty",
            "pack_factor",
            "packs",
            "ordered_qty",
            "surplus_qty",
            "unit_cost_fen",
            "amount_fen",
        )
        .iterator()
    )


def allocation_rows(run: CutoffRun) -> Iterator[Row]:
    """Every order line with what it got, under the number the order came in with."""
    refunds_fen = dict(
        RefundLine.objects.filter(
            order_line__order__campaign_id=run.campaign_id, refund__reason=RefundReason.SHORTAGE
        )
        .values("order_line_id")
        .annotate(fen=Sum("amount_fen"))
        .values_list("order_line_id", "fen")
    )
    lines = (
        Allocation.objects.filter(run=run)
        .annotate(
            known_as=Coalesce(
                NullIf("order_line__order__source_no", Value("")), "order_line__order__order_no"
            )
        )
        .order_by("known_as", "order_line__line_no")
        .values_list(
            "order_line_id",
            "known_as",
            "order_line__sku__code",
            "ordered_qty",
            "allocated_qty",
            "short_qty",
        )
    )
    for line_id, *cells in lines.iterator():
        yield (*cells, refunds_fen.get(line_id, 0))


def route_rows(run: CutoffRun) -> Iterator[Row]:
    """Every stop in driving order; each trip ends with its way back to the warehouse."""
    trips = (
        Trip.objects.filter(delivery_run__cutoff_run=run)
        .select_related("delivery_run", "vehicle")
        .order_by("route_no")
    )
    stops_of_trip: dict[int, list[Stop]] = {}
    for stop in (
        Stop.objects.filter(trip__delivery_run__cutoff_run=run)
        .select_related("drop__pickup_point__leader")
        .order_by("trip_id", "stop_seq")
    ):
        stops_of_trip.setdefault(stop.trip_id, []).append(stop)
    for trip in trips:
        head = (trip.delivery_run.run_no, trip.vehicle.code, trip.trip_no)
        stops = stops_of_trip.get(trip.pk, [])
        for stop in stops:
            yield (*head, *_stop_cells(stop))
        back_at = _local(trip.returns_at)
        yield (
            *head,
            len(stops) + 1,
            "",
            "",
            0,
            0,
            0,
            trip.return_distance_m,
            back_at,
            back_at,
            back_at,
        )


def warning_rows(run: CutoffRun) -> Iterator[Row]:
    """Everything the import met, in the order of the files."""
    return (
        ImportNote.objects.filter(run=run)
        .order_by("position")
        .values_list("severity", "file", "row", "code", "message")
        .iterator()
    )


def paper_rows(run: CutoffRun) -> Iterator[Row]:
    """Every paper of the run, by document and scope."""
    return (
        Paper.objects.filter(run=run)
        .order_by("document", "scope", "revision")
        .values_list(*PAPER_COLUMNS)
        .iterator()
    )


def day_figures(run: CutoffRun) -> Mapping[str, object]:
    """The figures of a day, every one summed anew from rows."""
    return {
        "campaign": run.campaign.code,
        **_order_figures(run),
        **_goods_figures(run),
        **_money_figures(run),
        **_route_figures(run),
        "control_code": _control_code(run),
    }


def step_seconds(run: CutoffRun) -> dict[str, float]:
    """Seconds of work per step, in the order of the steps."""
    return dict(run.steps.order_by("position").values_list("name", "seconds"))


def _order_figures(run: CutoffRun) -> dict[str, object]:
    orders = Order.objects.filter(campaign_id=run.campaign_id, state__in=DEMANDED_STATES)
    heads = orders.aggregate(leaders=Count("leader_id", distinct=True), orders=Count("pk"))
    lines = OrderLine.objects.filter(order__in=orders, is_void=False).aggregate(
        lines=Count("pk"), pieces=Sum("qty"), fen=Sum("amount_fen")
    )
    return {
        "leaders_with_orders": heads["leaders"],
        "orders": heads["orders"],
        "lines": lines["lines"],
        "pieces_ordered": lines["pieces"] or 0,
        "paid_fen": lines["fen"] or 0,
    }


def _goods_figures(run: CutoffRun) -> dict[str, object]:
    bought = PurchaseOrderLine.objects.filter(purchase_order__run=run).aggregate(
        orders=Count("purchase_order_id", distinct=True), pieces=Sum("ordered_qty")
    )
    accepted = (
        GoodsReceiptLine.objects.standing()
        .filter(receipt__purchase_order__run=run)
        .aggregate(pieces=Sum("accepted_qty"))
    )
    shared = Allocation.objects.filter(run=run).aggregate(
        pieces=Sum("allocated_qty"), short=Sum("short_qty")
    )
    return {
        "purchase_orders": bought["orders"],
        "pieces_purchased": bought["pieces"] or 0,
        "pieces_accepted": accepted["pieces"] or 0,
        "pieces_allocated": shared["pieces"] or 0,
        "pieces_short": shared["short"] or 0,
    }


def _money_figures(run: CutoffRun) -> dict[str, object]:
    refunded = RefundLine.objects.filter(
        order_line__order__campaign_id=run.campaign_id, refund__reason=RefundReason.SHORTAGE
    ).aggregate(fen=Sum("amount_fen"))
    commission = CommissionEntry.objects.filter(
        order_line__order__campaign_id=run.campaign_id, kind=CommissionKind.SALE
    ).aggregate(fen=Sum("amount_fen"))
    return {
        "refund_fen": refunded["fen"] or 0,
        "commission_held_fen": commission["fen"] or 0,
    }


def _route_figures(run: CutoffRun) -> dict[str, object]:
    plans = DeliveryRun.objects.filter(cutoff_run=run)
    stops = Stop.objects.filter(trip__delivery_run__cutoff_run=run)
    trips = Trip.objects.filter(delivery_run__cutoff_run=run)
    unserved = (
        Drop.objects.filter(wave__run=run, stops__isnull=True)
        .order_by("pickup_point__leader__code")
        .values(leader_code=F("pickup_point__leader__code"), reason=F("unserved_reason"))
    )
    return {
        "routes": trips.count(),
        "stops": stops.count(),
        "distance_m": (stops.aggregate(m=Sum("distance_m"))["m"] or 0)
        + (trips.aggregate(m=Sum("return_distance_m"))["m"] or 0),
        "route_cost_fen": plans.aggregate(fen=Sum("cost_fen"))["fen"] or 0,
        "unserved": unserved.count(),
        "unserved_leaders": list(unserved),
    }


def _control_code(run: CutoffRun) -> str:
    """The code that stands on every paper that shows the whole allocation."""
    lines = Allocation.objects.filter(run=run).values_list(
        "order_line__order__order_no", "order_line__sku__code", "allocated_qty"
    )
    return control_code((line_key(order_no, sku_code), qty) for order_no, sku_code, qty in lines)


def _stop_cells(stop: Stop) -> Row:
    return (
        stop.stop_seq,
        stop.drop.slot_code,
        stop.drop.pickup_point.leader.code,
        stop.totes,
        stop.weight_g,
        stop.volume_ml,
        stop.distance_m,
        _local(stop.arrive_at),
        _local(stop.start_at),
        _local(stop.depart_at),
    )


def _local(moment: datetime) -> str:
    return str(timezone.localtime(moment))
