"""What speaks against a price, in the buyer's words."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from fulfillment.selectors.campaign_pricing import CampaignPricing, OfferPricing
from orders.domain.money import yuan_text
from orders.domain.price_rules import PriceFault, PriceRule


def fault_text(fault: PriceFault) -> str:
    """One sentence with the figures that the rule compared."""
    return _WORDS[fault.rule](fault)


def offer_blocks(priced: OfferPricing) -> list[str]:
    """A sentence for each fault of a line that keeps its campaign closed."""
    return [
        *(fault_text(fault) for fault in priced.faults if fault.is_blocking),
        *(_(fault.message) for fault in priced.terms),
        *([] if priced.has_licensed_supplier else [_("No licensed supplier sells it that day.")]),
    ]


def offer_warnings(priced: OfferPricing) -> list[str]:
    """A sentence for each fault of a line that is only said."""
    return [fault_text(fault) for fault in priced.faults if not fault.is_blocking]


def campaign_blocks(pricing: CampaignPricing) -> list[str]:
    """A sentence for each fault that keeps a campaign closed; each names its SKU."""
    return [
        f"{priced.offer.sku}: {words}"
        for priced in pricing.offers
        for words in offer_blocks(priced)
    ]


def _no_price(_fault: PriceFault) -> str:
    return _("It has no price.")


def _no_cost(_fault: PriceFault) -> str:
    return _("Nobody knows what it costs: no supplier offers it.")


def _below_cost(fault: PriceFault) -> str:
    return _("{price} is below the landed cost of {landed}: give the reason.").format(
        **_prices(fault, "price", "landed")
    )


def _unapproved(fault: PriceFault) -> str:
    return _("{price} is below the landed cost of {landed}: a second buyer has to approve.").format(
        **_prices(fault, "price", "landed")
    )


def _without_meaning(fault: PriceFault) -> str:
    return _("Nothing says what the struck-through {struck} is.").format(
        struck=yuan_text(fault.is_value)
    )


def _without_source(fault: PriceFault) -> str:
    return _("Nothing says where the struck-through {struck} is from.").format(
        struck=yuan_text(fault.is_value)
    )


def _not_above(fault: PriceFault) -> str:
    return _("The struck-through {struck} is not above the price of {price}.").format(
        **_prices(fault, "struck", "price")
    )


def _not_borne_out(fault: PriceFault) -> str:
    if fault.should_value is None:
        return _("The price log has no price before, so none can be called former.")
    return _("{struck} is no former price: the log's lowest is {former}.").format(
        **_prices(fault, "struck", "former")
    )


def _jump(fault: PriceFault) -> str:
    return _("{price} now, {last} before.").format(**_prices(fault, "price", "last"))


def _thin(fault: PriceFault) -> str:
    return _("Only {percent:.1f} % is left.").format(percent=fault.is_value / 100)


def _parallel(fault: PriceFault) -> str:
    return _("{price} here, {other} in another campaign of this city.").format(
        **_prices(fault, "price", "other")
    )


def _loss_leader(fault: PriceFault) -> str:
    return _("Below cost, at most {most} pieces for one resident are usual.").format(
        most=fault.should_value
    )


def _limit(fault: PriceFault) -> str:
    return _("At most {most} pieces for one resident are usual.").format(most=fault.should_value)


def _too_many(fault: PriceFault) -> str:
    return _("{count} SKUs; {most} are enough for a resident to choose from.").format(
        count=fault.is_value, most=fault.should_value
    )


def _prices(fault: PriceFault, first: str, second: str) -> dict[str, str]:
    return {first: yuan_text(fault.is_value), second: yuan_text(fault.should_value or 0)}


_WORDS: Mapping[PriceRule, Callable[[PriceFault], str]] = {
    PriceRule.NO_PRICE: _no_price,
    PriceRule.NO_COST: _no_cost,
    PriceRule.BELOW_COST: _below_cost,
    PriceRule.BELOW_COST_UNAPPROVED: _unapproved,
    PriceRule.STRIKE_WITHOUT_MEANING: _without_meaning,
    PriceRule.STRIKE_WITHOUT_SOURCE: _without_source,
    PriceRule.STRIKE_NOT_ABOVE: _not_above,
    PriceRule.FORMER_NOT_BORNE_OUT: _not_borne_out,
    PriceRule.DEARER_THAN_PARALLEL: _parallel,
    PriceRule.PRICE_JUMP: _jump,
    PriceRule.THIN_MARGIN: _thin,
    PriceRule.LOSS_LEADER_LIMIT: _loss_leader,
    PriceRule.RESIDENT_LIMIT: _limit,
    PriceRule.TOO_MANY_SKUS: _too_many,
}
