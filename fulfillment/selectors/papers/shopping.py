"""Content of the buyer's list for the wholesale market."""

from fulfillment.models.purchasing import PurchaseOrder, PurchaseOrderState
from fulfillment.papers.numbering import Document
from fulfillment.papers.paper import Party
from fulfillment.papers.shopping_list import ShoppingLine, ShoppingListContent, Stall
from fulfillment.selectors.papers.day import PaperDay
from fulfillment.selectors.papers.stamping import Stamper
from fulfillment.selectors.purchase_terms import last_costs

# One list for the whole market: the buyer walks from stall to stall.
MARKET_SCOPE = "MARKET"


def shopping_list_content(day: PaperDay, stamper: Stamper) -> ShoppingListContent | None:
    """What is to be bought by hand, approved or not; nothing if no supplier is a market."""
    orders = [
        order
        for order in day.purchase_orders
        if order.supplier.is_market and order.state != PurchaseOrderState.CANCELLED
    ]
    costs = last_costs(
        day.run, {line.sku_id for order in orders for line in day.purchase_lines[order.pk]}
    )
    stalls = tuple(stall for order in orders if (stall := _stall(day, order, costs)).lines)
    if not stalls:
        return None
    quantities = [
        (f"{stall.seller.code}:{line.sku_code}", line.ordered_qty)
        for stall in stalls
        for line in stall.lines
    ]
    return ShoppingListContent(
        stamp=stamper.stamp(Document.SHOPPING_LIST, MARKET_SCOPE, quantities),
        batch=day.run.campaign.code,
        delivery_on=day.run.campaign.delivery_date,
        stalls=stalls,
    )


def _stall(day: PaperDay, order: PurchaseOrder, costs: dict[int, int]) -> Stall:
    supplier = order.supplier
    return Stall(
        seller=Party(
            name=supplier.name,
            code=supplier.code,
            contact=supplier.contact,
            phone=supplier.phone,
        ),
        lines=tuple(
            ShoppingLine(
                sku_code=day.skus[line.sku_id].code,
                name=day.skus[line.sku_id].name,
                unit=day.skus[line.sku_id].unit,
                need_qty=line.need_qty,
                pack_factor=line.pack_factor,
                packs=line.packs,
                weight_g=day.skus[line.sku_id].weight_g,
                unit_cost_fen=line.unit_cost_fen,
                last_cost_fen=costs.get(line.sku_id),
            )
            for line in day.purchase_lines[order.pk]
            if not line.ended_as
        ),
    )
