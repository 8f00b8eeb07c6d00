"""The posts of the selling kit as pictures: the same values, drawn."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from fulfillment.domain.selling_kit import KitArrival, KitGoods, KitSale
from fulfillment.integrations.picture_files import picture_kept
from fulfillment.pictures.goods_card import GoodsCard, goods_picture
from fulfillment.pictures.post_card import CardRow, PostCard, post_picture
from fulfillment.pictures.poster import Poster, poster_picture
from fulfillment.services.kit_wording import (
    arrival_notes,
    clock,
    close_word,
    day_word,
    goods_notes,
    left_word,
    points_word,
    price_word,
)
from leaders.models.leaders import Leader
from orders.domain.money import format_yuan
from orders.models.kit import PostKind

ROWS = 8
# Raised when a picture is drawn otherwise, so that none of the old ones is shown.
DRAWING = 1


def sale_picture(kind: PostKind, sale: KitSale, leader: Leader, today: date) -> bytes:
    """The opening post, last call or war report of a sale as a PNG."""
    cards = {
        PostKind.OPENING: _opening_card,
        PostKind.LAST_CALL: _last_call_card,
        PostKind.WAR_REPORT: _war_report_card,
    }
    return _post(cards[kind](sale, leader), today)


def arrival_picture(arrival: KitArrival, leader: Leader, today: date) -> bytes:
    """The arrival notice of a point as a PNG."""
    if arrival.arrived_at is not None:
        when = _("Here since {time}").format(time=clock(arrival.arrived_at))
    elif arrival.expected is not None:
        when = _("Expected {early}–{late}").format(
            early=clock(arrival.expected[0]), late=clock(arrival.expected[1])
        )
    else:
        when = _("On the way")
    card = PostCard(
        tone="arrival",
        kicker=_("Your goods are here") if arrival.arrived_at else _("Your goods are on the way"),
        title=arrival.point,
        facts=(when, _("{orders} orders").format(orders=arrival.orders), arrival.place),
        rows=(),
        notes=tuple(arrival_notes(arrival)),
        call=_("Scan for your pickup code"),
        shop=_shop(leader),
        address=arrival.address,
    )
    return _post(card, today)


def goods_card_picture(sale: KitSale, goods: KitGoods, leader: Leader, today: date) -> bytes:
    """One good as a PNG."""
    card = GoodsCard(
        photo=_photo(goods.photo),
        category=goods.category,
        name=goods.name,
        price=price_word(goods),
        notes=tuple(goods_notes(goods)),
        when=_("Order by {time}, arrives {day}").format(
            time=close_word(sale.orders_close_at, sale.now),
            day=day_word(sale.delivery_date, sale.now),
        ),
        call=_("Scan to order"),
        shop=_shop(leader),
        address=sale.address,
    )
    return _kept(repr(card), today, lambda: goods_picture(card, _fonts()))


def poster_of(leader: Leader, places: Sequence[str], address: str, today: date) -> bytes:
    """The poster of a leader's shop as a PNG."""
    poster = Poster(
        headline=_("Fresh goods for the neighbourhood"),
        shop=_shop(leader),
        call=_("Scan to order"),
        steps=(
            _("Choose and pay on your phone before orders close"),
            _("The goods are bought for you and come the next day"),
            _("Fetch them here with your pickup code"),
        ),
        places=tuple(places),
        address=address,
    )
    return _kept(repr(poster), today, lambda: poster_picture(poster, _fonts()))


def _opening_card(sale: KitSale, leader: Leader) -> PostCard:
    return PostCard(
        tone="sale",
        kicker=_("Orders are open"),
        title=points_word(sale.points),
        facts=_facts(sale),
        rows=tuple(_row(goods) for goods in sale.goods[:ROWS]),
        notes=_more(len(sale.goods) - ROWS),
        call=_("Scan to order"),
        shop=_shop(leader),
        address=sale.address,
    )


def _last_call_card(sale: KitSale, leader: Leader) -> PostCard:
    shown = list(dict.fromkeys((*sale.nearly_gone, *sale.most_wanted, *sale.goods)))[:5]
    return PostCard(
        tone="call",
        kicker=_("Last call: {left} to go").format(left=left_word(sale.left)),
        title=points_word(sale.points),
        facts=_facts(sale),
        rows=tuple(_row(goods) for goods in shown),
        notes=(_("Nothing can be added after that."),),
        call=_("Scan to order"),
        shop=_shop(leader),
        address=sale.address,
    )


def _war_report_card(sale: KitSale, leader: Leader) -> PostCard:
    rows = [
        CardRow(
            name=goods.name,
            note=_scarce(goods),
            figure=_("{pieces} pieces").format(pieces=goods.sold_qty),
        )
        for goods in sale.most_wanted[:5]
    ]
    return PostCard(
        tone="report",
        kicker=_("{households} households, {pieces} pieces").format(
            households=sale.households, pieces=sale.pieces
        ),
        title=points_word(sale.points),
        facts=(
            _("At {time}; {left} until orders close").format(
                time=clock(sale.now), left=left_word(sale.left)
            ),
        ),
        rows=tuple(rows),
        notes=(),
        call=_("Scan to order"),
        shop=_shop(leader),
        address=sale.address,
    )


def _facts(sale: KitSale) -> tuple[str, ...]:
    return (
        _("Order by {time}, arrives {day}").format(
            time=close_word(sale.orders_close_at, sale.now),
            day=day_word(sale.delivery_date, sale.now),
        ),
    )


def _row(goods: KitGoods) -> CardRow:
    notes = [
        _("from {origin}").format(origin=goods.origin) if goods.origin else "",
        _("at most {limit}").format(limit=goods.limit_qty) if goods.limit_qty else "",
        _scarce(goods),
    ]
    return CardRow(
        name=goods.name,
        note=" · ".join(note for note in notes if note),
        figure=f"¥{format_yuan(goods.price_fen)}",
    )


def _scarce(goods: KitGoods) -> str:
    return _("only {left} left").format(left=goods.left_qty) if goods.is_nearly_gone else ""


def _more(count: int) -> tuple[str, ...]:
    return (_("…and {count} more").format(count=count),) if count > 0 else ()


def _shop(leader: Leader) -> str:
    return _("{name}’s shop").format(name=leader.name)


def _post(card: PostCard, today: date) -> bytes:
    return _kept(repr(card), today, lambda: post_picture(card, _fonts()))


def _kept(content: str, today: date, draw: Callable[[], bytes]) -> bytes:
    return picture_kept(Path(settings.PICTURES_ROOT), f"{DRAWING} {content}", today, draw)


def _fonts() -> Path:
    return Path(settings.FONTS_DIR)


def _photo(name: str) -> bytes:
    """The content of a product's photo; nothing where the file is gone."""
    if not name:
        return b""
    try:
        with default_storage.open(name) as file:
            return bytes(file.read())
    except OSError:
        return b""
