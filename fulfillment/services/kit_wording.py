"""The posts of the selling kit in words, ready to copy.

Everything here is made from the values of `fulfillment.domain.selling_kit`;
nothing is read from rows and nothing is made up.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from fulfillment.domain.selling_kit import KitArrival, KitGoods, KitSale, hours_and_minutes
from orders.domain.money import format_yuan

# A longer post is folded away by the group.
GOODS_IN_TEXT = 8
GOODS_IN_REPORT = 3
CIRCLED = "①②③④⑤⑥⑦⑧"
EVENING_FROM_HOUR = 18
# Up to two days people count in hours.
DAYS_FROM_HOURS = 48


def opening_text(sale: KitSale) -> str:
    """The post that opens a sale: day, place, goods with limits and origin, the way to order."""
    lines = [
        _("[Arrives {day}] {point}, order by {time}").format(
            day=day_word(sale.delivery_date, sale.now),
            point=points_word(sale.points),
            time=close_word(sale.orders_close_at, sale.now),
        )
    ]
    for mark, goods in zip(CIRCLED, sale.goods[:GOODS_IN_TEXT], strict=False):
        lines.append(f"{mark}{goods_line(goods)}")
    lines += _rest(len(sale.goods) - GOODS_IN_TEXT)
    lines.append(order_word(sale.address))
    return "\n".join(lines)


def last_call_text(sale: KitSale) -> str:
    """The last call: how long is left, what is nearly gone or most wanted, the way to order."""
    lines = [
        _("[Last call] {point}: orders close at {time}, {left} to go").format(
            point=points_word(sale.points),
            time=close_word(sale.orders_close_at, sale.now),
            left=left_word(sale.left),
        )
    ]
    lines += [left_qty_word(goods) for goods in sale.nearly_gone[:GOODS_IN_REPORT]]
    lines += _wanted(sale)
    lines.append(
        _("Goods come {day}. Nothing can be added after that.").format(
            day=day_word(sale.delivery_date, sale.now)
        )
    )
    lines.append(order_word(sale.address))
    return "\n".join(lines)


def war_report_text(sale: KitSale) -> str:
    """How far the group has come; of this group alone."""
    lines = [
        _("[So far] {time} {point}: {households} households, {pieces} pieces").format(
            time=clock(sale.now),
            point=points_word(sale.points),
            households=sale.households,
            pieces=sale.pieces,
        )
    ]
    lines += _wanted(sale)
    lines += [left_qty_word(goods) for goods in sale.nearly_gone[:GOODS_IN_REPORT]]
    lines.append(_("{left} until orders close").format(left=left_word(sale.left)))
    lines.append(order_word(sale.address))
    return "\n".join(lines)


def arrival_text(arrival: KitArrival) -> str:
    """The goods are there, or when they are expected; codes, hours, shortages, claims."""
    lines = [arrival_title(arrival), *arrival_notes(arrival)]
    lines.append(_("Your pickup code → {address}").format(address=arrival.address))
    return "\n".join(lines)


def arrival_title(arrival: KitArrival) -> str:
    """Where the goods are, since when, for how many orders."""
    if arrival.arrived_at is not None:
        return _("[Arrived] {point}, here since {time}, {orders} orders").format(
            point=arrival.point, time=clock(arrival.arrived_at), orders=arrival.orders
        )
    if arrival.expected is not None:
        return _("[On the way] {point}, expected {early}–{late}, {orders} orders").format(
            point=arrival.point,
            early=clock(arrival.expected[0]),
            late=clock(arrival.expected[1]),
            orders=arrival.orders,
        )
    return _("[On the way] {point}, {orders} orders").format(
        point=arrival.point, orders=arrival.orders
    )


def arrival_notes(arrival: KitArrival) -> list[str]:
    """What everybody should know at the pickup, line by line."""
    notes = [
        _("Say your pickup code, it looks like {code}; open until {time}").format(
            code=arrival.example_code, time=arrival.closes
        )
    ]
    if arrival.shortages:
        goods = pgettext("between goods", ", ").join(
            _("{name} × {pieces}").format(name=name, pieces=pieces)
            for name, pieces in arrival.shortages
        )
        notes.append(_("Short: {goods}; refunded already, nothing to do").format(goods=goods))
    notes.append(_("Something spoiled? Send a photo within 24 hours, on your order page"))
    return notes


def goods_text(sale: KitSale, goods: KitGoods) -> str:
    """One good by itself: price, unit price, origin, limit, what is left, the way to order."""
    lines = [f"{goods.name}  {price_word(goods)}", *goods_notes(goods)]
    lines.append(
        _("Order by {time}, arrives {day} at {point}").format(
            time=close_word(sale.orders_close_at, sale.now),
            day=day_word(sale.delivery_date, sale.now),
            point=points_word(sale.points),
        )
    )
    lines.append(order_word(sale.address))
    return "\n".join(lines)


def goods_line(goods: KitGoods) -> str:
    """One good in a list: name, price, limit, origin."""
    limited = _(" (at most {limit})").format(limit=goods.limit_qty) if goods.limit_qty else ""
    origin = _(" from {origin}").format(origin=goods.origin) if goods.origin else ""
    return f"{goods.name} {format_yuan(goods.price_fen)}{limited}{origin}"


def goods_notes(goods: KitGoods) -> list[str]:
    """What the law and the neighbours ask about a good, line by line."""
    notes = [
        _("{price} yuan for 500 g").format(price=format_yuan(goods.per_500g_fen)),
    ]
    if goods.origin:
        notes.append(_("Origin: {origin}").format(origin=goods.origin))
    if goods.limit_qty:
        notes.append(_("At most {limit} per household").format(limit=goods.limit_qty))
    if goods.is_nearly_gone:
        notes.append(_("Only {left} left").format(left=goods.left_qty))
    return notes


def price_word(goods: KitGoods) -> str:
    """The price of one, with its unit: 24.90元/板."""
    return _("{price} yuan each {unit}").format(price=format_yuan(goods.price_fen), unit=goods.unit)


def left_qty_word(goods: KitGoods) -> str:
    """How many are left of a good that is nearly gone."""
    return _("Only {left} left: {name}").format(left=goods.left_qty, name=goods.name)


def order_word(address: str) -> str:
    """Where to order."""
    return _("Order and pay here → {address}").format(address=address)


def points_word(points: Sequence[str]) -> str:
    """All points of a leader in one phrase."""
    return pgettext("between places", ", ").join(points)


def day_word(day: date, now: datetime) -> str:
    """A day as people say it, seen from a moment; always with its date."""
    text = date_format(day, "MONTH_DAY_FORMAT")
    ahead = (day - timezone.localdate(now)).days
    if ahead == 0:
        return _("today ({day})").format(day=text)
    if ahead == 1:
        return _("tomorrow ({day})").format(day=text)
    return text


def close_word(at: datetime, now: datetime) -> str:
    """The last moment for orders: tonight by name, another day with its date."""
    local = timezone.localtime(at)
    if local.date() != timezone.localdate(now):
        return f"{date_format(local.date(), 'MONTH_DAY_FORMAT')} {clock(at)}"
    if local.hour >= EVENING_FROM_HOUR:
        return _("tonight {time}").format(time=clock(at))
    return _("today {time}").format(time=clock(at))


def clock(at: datetime) -> str:
    """The time of day on the spot."""
    return f"{timezone.localtime(at):%H:%M}"


def left_word(left: timedelta) -> str:
    """A span to the minute."""
    hours, minutes = hours_and_minutes(left)
    if hours >= DAYS_FROM_HOURS:
        days, rest = divmod(hours, 24)
        return _("{days} d {hours} h").format(days=days, hours=rest)
    if hours:
        return _("{hours} h {minutes} min").format(hours=hours, minutes=minutes)
    return _("{minutes} min").format(minutes=minutes)


def _wanted(sale: KitSale) -> list[str]:
    wanted = sale.most_wanted[:GOODS_IN_REPORT]
    if not wanted:
        return []
    goods = pgettext("between goods", ", ").join(
        _("{name} × {pieces}").format(name=goods.name, pieces=goods.sold_qty) for goods in wanted
    )
    return [_("Neighbours took most: {goods}").format(goods=goods)]


def _rest(count: int) -> list[str]:
    return [_("…and {count} more").format(count=count)] if count > 0 else []
