"""What speaks against a purchase order, in the buyer's words."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from fulfillment.domain.purchase_review import Objection, Rule
from orders.domain.money import yuan_text


def objection_text(objection: Objection) -> str:
    """One sentence with the figures that the rule compared."""
    return _WORDS[objection.rule](objection)


def _no_licence(_objection: Objection) -> str:
    return _("No licence of this supplier is on file.")


def _expired(objection: Objection) -> str:
    return _("A licence ran out on {day}.").format(day=objection.on)


def _below_minimum(objection: Objection) -> str:
    return _("{amount} is below the minimum order of {minimum}; {gap} is missing.").format(
        amount=yuan_text(objection.is_value),
        minimum=yuan_text(objection.should_value),
        gap=yuan_text(objection.should_value - objection.is_value),
    )


def _below_moq(objection: Objection) -> str:
    return _("{sku}: {ordered} pieces ordered, the supplier wants at least {least}.").format(
        sku=objection.sku_code, ordered=objection.is_value, least=objection.should_value
    )


def _price_jump(objection: Objection) -> str:
    return _("{sku}: {cost} a piece, last time {last}.").format(
        sku=objection.sku_code,
        cost=yuan_text(objection.is_value),
        last=yuan_text(objection.should_value),
    )


def _short(objection: Objection) -> str:
    return _("{sku}: confirmed {confirmed} of {need} needed.").format(
        sku=objection.sku_code, confirmed=objection.is_value, need=objection.should_value
    )


def _unconfirmed(_objection: Objection) -> str:
    return _("Not confirmed in time.")


_WORDS: Mapping[Rule, Callable[[Objection], str]] = {
    Rule.NO_LICENCE: _no_licence,
    Rule.EXPIRED_LICENCE: _expired,
    Rule.BELOW_MINIMUM: _below_minimum,
    Rule.BELOW_MOQ: _below_moq,
    Rule.PRICE_JUMP: _price_jump,
    Rule.CONFIRMED_SHORT: _short,
    Rule.UNCONFIRMED: _unconfirmed,
}
