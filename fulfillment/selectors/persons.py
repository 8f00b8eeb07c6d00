"""What the warehouse and the pickup points know of a person."""

from collections.abc import Collection, Mapping, Sequence

from fulfillment.models.papers import Document, Paper
from fulfillment.models.pickups import Disposal, Pickup
from fulfillment.models.recalls import RecallLine
from orders.models.orders import Order

# The only papers with residents on them: a surname, a door, the end of a phone.
NAMING = (Document.HAND_OUT_LIST,)


def pickup_tables(resident_ids: Collection[int]) -> Mapping[str, Sequence[Mapping[str, object]]]:
    """Pickups, disposals and recalls of a person's orders as rows of plain values."""
    pickups = Pickup.objects.filter(order__resident_id__in=resident_ids, undone_at=None)
    disposals = Disposal.objects.filter(order__resident_id__in=resident_ids)
    recalled = RecallLine.objects.filter(order_line__order__resident_id__in=resident_ids)
    return {
        "pickups": [
            {"order_no": row.order.order_no, "at": row.picked_up_at.isoformat()}
            for row in pickups.select_related("order").order_by("pk")
        ],
        "not_fetched": [
            {"order_no": row.order.order_no, "kind": row.kind, "at": row.at.isoformat()}
            for row in disposals.select_related("order").order_by("pk")
        ],
        "recalls": [
            {
                "order_no": row.order_line.order.order_no,
                "goods": row.order_line.sku_name,
                "pieces": row.qty,
                "reason": row.recall.reason,
            }
            for row in recalled.select_related("recall", "order_line__order").order_by("pk")
        ],
    }


def papers_naming(order_ids: Collection[int]) -> list[Paper]:
    """The papers on which these orders are named: their leaders' lists of those days."""
    days = set(Order.objects.filter(pk__in=order_ids).values_list("campaign_id", "leader__code"))
    papers = Paper.objects.filter(
        document__in=NAMING,
        run__campaign_id__in={campaign for campaign, _leader in days},
        scope__in={leader for _campaign, leader in days},
    )
    return [
        paper
        for paper in papers.select_related("run__campaign").order_by("pk")
        if (paper.run.campaign_id, paper.scope) in days
    ]
