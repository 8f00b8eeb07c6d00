"""Where the code of a label leads whoever scans it."""

from collections.abc import Callable, Mapping

from django.urls import NoReverseMatch, reverse

from fulfillment.domain.label_codes import Labelled, read_label_code
from fulfillment.models.allocation import Allocation
from fulfillment.models.delivery import Stop
from fulfillment.models.receiving import GoodsReceiptLine
from fulfillment.models.warehouse import Drop, SortTask, Tote
from fulfillment.models.weighing import WeighedPortion
from fulfillment.selectors.delivery import first_stop
from fulfillment.selectors.driving import trips_visible
from fulfillment.selectors.drop_parts import trips_of_totes
from leaders.models.accounts import Role, User
from orders.models.orders import Order


def label_target(text: str, user: User) -> str | None:
    """The address of the page where the thing with this label is worked on.

    A tote leads to its trip, or to its drop while it is on none; a portion to
    its weigh page; a pallet to its purchase order; the label of a door to its
    drop, and for a leader to the order. A driver comes to the stop of a tote on
    one of their trips. A code is an address, never a
    permission: the page decides who may see what.

    Returns
    -------
    str or None
        None if the text is no label's code, or nothing carries it any more.
    """
    code = read_label_code(text)
    if code is None:
        return None
    if user.role == Role.LEADER and not user.is_superuser:
        return _order_page(code.labelled, code.number)
    if user.role == Role.DRIVER and not user.is_superuser:
        return _stop_page(code.labelled, code.number, user)
    return _TARGETS[code.labelled](code.number)


def _page(view: str, run_code: str, pk: int) -> str | None:
    try:
        return reverse(view, kwargs={"code": run_code, "pk": pk})
    except NoReverseMatch:
        return None


def _order_page(labelled: Labelled, number: int) -> str | None:
    """A leader's way: the order of a door's label; whose it is, the page finds out."""
    if labelled is Labelled.HOUSEHOLD:
        order_id: int | None = Order.objects.filter(pk=number).values_list("pk", flat=True).first()
    elif labelled is Labelled.ITEM:
        rows = Allocation.objects.filter(pk=number)
        order_id = rows.values_list("order_line__order_id", flat=True).first()
    else:
        return None
    return reverse("leader-order", args=[order_id]) if order_id is not None else None


def _stop_page(labelled: Labelled, number: int, user: User) -> str | None:
    """A driver's way: the door of a tote they have on board."""
    if labelled is not Labelled.TOTE:
        return None
    stops = Stop.objects.filter(drop__totes__pk=number, trip__in=trips_visible(user))
    stop = stops.order_by("part_no").first()
    return reverse("driver-stop", args=[stop.trip_id, stop.pk]) if stop else None


def _tote_page(number: int) -> str | None:
    totes = Tote.objects.select_related("drop__wave__run__campaign")
    tote = totes.filter(pk=number).first()
    if tote is None:
        return None
    run_code = tote.drop.wave.run.campaign.code
    stop = first_stop(tote.drop)
    if stop is not None:
        # Of a drop in parts, a tote that was loaded knows its trip.
        trip_id = trips_of_totes([tote.pk]).get(tote.pk, stop.trip_id)
        return _page("load-trip", run_code, trip_id)
    return _page("seal-drop", run_code, tote.drop_id)


def _portion_page(number: int) -> str | None:
    portions = WeighedPortion.objects.select_related(
        "allocation__run__campaign", "allocation__order_line"
    )
    portion = portions.filter(pk=number).first()
    if portion is None:
        return None
    allocation = portion.allocation
    task = SortTask.objects.filter(
        wave__run_id=allocation.run_id, sku_id=allocation.order_line.sku_id
    ).first()
    if task is None:
        return None
    return _page("weigh-sku", allocation.run.campaign.code, task.pk)


def _pallet_page(number: int) -> str | None:
    lines = GoodsReceiptLine.objects.select_related("purchase_line__purchase_order__run__campaign")
    line = lines.filter(pk=number).first()
    if line is None:
        return None
    order = line.purchase_line.purchase_order
    page = _page("receiving-order", order.run.campaign.code, order.pk)
    return f"{page}#line-{line.purchase_line_id}" if page else None


def _household_page(number: int) -> str | None:
    order = Order.objects.select_related("campaign").filter(pk=number).first()
    return _drop_page(order)


def _item_page(number: int) -> str | None:
    orders = Order.objects.select_related("campaign")
    return _drop_page(orders.filter(lines__allocation__pk=number).first())


def _drop_page(order: Order | None) -> str | None:
    if order is None:
        return None
    drop = Drop.objects.filter(
        wave__run__campaign_id=order.campaign_id, pickup_point_id=order.pickup_point_id
    ).first()
    return _page("check-drop", order.campaign.code, drop.pk) if drop else None


_TARGETS: Mapping[Labelled, Callable[[int], str | None]] = {
    Labelled.TOTE: _tote_page,
    Labelled.PORTION: _portion_page,
    Labelled.PALLET: _pallet_page,
    Labelled.HOUSEHOLD: _household_page,
    Labelled.ITEM: _item_page,
}
