"""Key figures in words: what they are called, how they are computed, what they come to."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from fulfillment.domain.kpi_table import Group, Kpi, Target, Unit
from orders.domain.money import yuan_text

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

GROUPS: Mapping[Group, "_StrOrPromise"] = {
    Group.SALES: gettext_lazy("Sales"),
    Group.GOODS: gettext_lazy("Goods"),
    Group.WAREHOUSE: gettext_lazy("Warehouse"),
    Group.DELIVERY: pgettext_lazy("key figures", "Delivery"),
    Group.RESIDENTS: gettext_lazy("Residents"),
    Group.LEADERS: gettext_lazy("Leaders"),
    Group.BOOKS: gettext_lazy("Books"),
}
NAMES: Mapping[str, "_StrOrPromise"] = {
    "gmv": gettext_lazy("Sales (GMV)"),
    "net_sales": gettext_lazy("Net sales"),
    "contribution": gettext_lazy("Contribution per order"),
    "order_value": gettext_lazy("Order value"),
    "pieces_per_order": gettext_lazy("Pieces per order"),
    "jielong": gettext_lazy("Jielong conversion"),
    "fill": gettext_lazy("Fill rate"),
    "supplier_fill": gettext_lazy("Suppliers' fill rate"),
    "supplier_punctual": gettext_lazy("Suppliers on time"),
    "shrink": gettext_lazy("Shrink"),
    "po_minutes": gettext_lazy("Cut-off to purchase orders"),
    "sort_accuracy": gettext_lazy("Sort accuracy"),
    "sort_productivity": gettext_lazy("Pieces per sorter and hour"),
    "label_minutes": gettext_lazy("Cut-off to labels"),
    "cost_per_piece": gettext_lazy("Cost per piece"),
    "punctual": gettext_lazy("Arrivals on time"),
    "load": gettext_lazy("Load factor"),
    "metres_per_stop": gettext_lazy("Distance per stop"),
    "stops_per_trip": gettext_lazy("Stops per trip"),
    "pickup": gettext_lazy("Fetched by 21:00"),
    "repeat": gettext_lazy("Residents who come again"),
    "claim": gettext_lazy("Claim rate"),
    "refund": gettext_lazy("Refund rate"),
    "first_answer": gettext_lazy("First answer to a claim"),
    "resolution": gettext_lazy("Decision of a claim"),
    "active_leaders": gettext_lazy("Active leaders"),
    "kept_leaders": gettext_lazy("Leaders kept for 30 days"),
    "orders_per_leader": gettext_lazy("Orders per leader and day"),
    "commission": gettext_lazy("Commission rate"),
    "top_tenth": gettext_lazy("Share of the largest tenth"),
    "top_leader": gettext_lazy("Share of the largest leader"),
    "gap": gettext_lazy("Gap to the bills"),
}
FORMULAS: Mapping[str, "_StrOrPromise"] = {
    "gmv": gettext_lazy("The sum of everything paid."),
    "net_sales": gettext_lazy("Sum paid − refunds."),
    "contribution": gettext_lazy(
        "(Net sales + losses that suppliers and leaders bear − goods − commission − logistics − "
        "payment fee) ÷ orders."
    ),
    "order_value": gettext_lazy("Sum paid ÷ orders."),
    "pieces_per_order": gettext_lazy("Paid pieces ÷ orders."),
    "jielong": gettext_lazy("Paid intents ÷ imported intents that are still meant."),
    "fill": gettext_lazy("Allocated pieces ÷ paid pieces."),
    "supplier_fill": gettext_lazy("Accepted pieces ÷ ordered pieces."),
    "supplier_punctual": gettext_lazy(
        "Purchase orders received by the end of their slot ÷ purchase orders with a slot."
    ),
    "shrink": gettext_lazy(
        "(Received − handed over − returned to the supplier or used another day) ÷ received."
    ),
    "po_minutes": gettext_lazy(
        "Minutes from the cut-off to the last purchase order, on average over the days."
    ),
    "sort_accuracy": gettext_lazy(
        "1 − pieces missing or wrong by the warehouse's fault ÷ pieces sorted."
    ),
    "sort_productivity": gettext_lazy(
        "Pieces sorted ÷ hours from each sorter's first entry to the last."
    ),
    "label_minutes": gettext_lazy(
        "Minutes from the cut-off to the labels, on average over the days."
    ),
    "cost_per_piece": gettext_lazy(
        "(Warehouse + delivery + packing) ÷ pieces handed over; warehouse and packing are "
        "estimates of the operator."
    ),
    "punctual": gettext_lazy("Stops inside the announced window ÷ stops with a known arrival."),
    "load": gettext_lazy("Volume carried ÷ capacity, trip by trip."),
    "metres_per_stop": gettext_lazy("Planned distance with the ways back ÷ stops."),
    "stops_per_trip": gettext_lazy("Stops ÷ trips."),
    "pickup": gettext_lazy("Orders fetched by 21:00 ÷ orders that had arrived."),
    "repeat": gettext_lazy(
        "Residents with two or more orders in 7 days ÷ residents with an order, day by day."
    ),
    "claim": gettext_lazy("Claims ÷ order lines."),
    "refund": gettext_lazy("Refunded ÷ paid."),
    "first_answer": gettext_lazy("Median of the minutes from the claim to the first word."),
    "resolution": gettext_lazy("Median of the hours from the claim to its decision."),
    "active_leaders": gettext_lazy("Leaders with orders ÷ leaders at work, day by day."),
    "kept_leaders": gettext_lazy(
        "Leaders who sold 31 to 60 days before and again since ÷ leaders who sold then."
    ),
    "orders_per_leader": gettext_lazy("Orders ÷ leaders with orders, day by day."),
    "commission": gettext_lazy("Released commission ÷ the net sales it was earned on."),
    "top_tenth": gettext_lazy("Sales of the largest tenth of leaders ÷ all sales."),
    "top_leader": gettext_lazy("Sales of the largest leader ÷ all sales."),
    "gap": gettext_lazy(
        "Our payments and refunds against the provider's bills of these days: every difference "
        "that is not cleared up, counted in full; all cities together."
    ),
}
NOTHING = "—"


def figure_text(unit: Unit, value: int | None) -> str:
    """A figure as people read it, such as 98.67%, ¥1.05 or 12 min; a dash for none."""
    if value is None:
        return NOTHING
    if unit is Unit.FEN:
        return yuan_text(value)
    if unit is Unit.SHARE:
        return f"{_hundredths(value)}%"
    if unit is Unit.HUNDREDTHS:
        return _hundredths(value)
    if unit is Unit.METRES:
        return f"{value / 1_000:,.1f} km"
    if unit is Unit.MINUTES:
        return _("%(minutes)d min") % {"minutes": value}
    if unit is Unit.HOURS:
        return ngettext("%(hours)d hour", "%(hours)d hours", value) % {"hours": value}
    return f"{value:,}"


def target_text(kpi: Kpi) -> str:
    """What a figure should be, or nothing."""
    target = kpi.target
    if target == Target():
        return ""
    # Whoever earns nothing on an order is not at its target; a fen more than nothing is no bound.
    if kpi.key == "contribution":
        return _("above %(bound)s") % {"bound": figure_text(kpi.unit, 0)}
    least, most = figure_text(kpi.unit, target.least), figure_text(kpi.unit, target.most)
    if target.least is None:
        return _("at most %(bound)s") % {"bound": most}
    if target.most is None:
        return _("at least %(bound)s") % {"bound": least}
    return _("%(least)s to %(most)s") % {"least": least, "most": most}


def change_text(unit: Unit, value: int | None, before: int | None) -> str:
    """How a figure changed: points of a share, otherwise in per cent of what it was."""
    if value is None or before is None:
        return ""
    if unit is Unit.SHARE:
        return _("%(points)s points") % {"points": f"{(value - before) / 100:+.2f}"}
    if not before:
        return ""
    return f"{(value - before) * 100 / abs(before):+.1f}%"


def _hundredths(value: int) -> str:
    """Hundredths with as many decimals as are not zero."""
    sign = "-" if value < 0 else ""
    whole, rest = divmod(abs(value), 100)
    return f"{sign}{whole:,}.{rest:02d}".rstrip("0").rstrip(".")
