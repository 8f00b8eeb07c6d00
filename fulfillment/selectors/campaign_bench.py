"""The builder's table: every line with its figures, its faults and what it sold before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fulfillment.selectors.campaign_pricing import CampaignPricing, OfferPricing, campaign_priced
from fulfillment.selectors.price_words import fault_text, offer_blocks, offer_warnings
from orders.domain.landed_cost import Margin
from orders.domain.price_rules import PricedLine
from orders.domain.what_if import WhatIf
from orders.models.campaigns import Campaign, Offer
from orders.models.catalogue import Sku
from orders.price_errors import SkuNotFound
from orders.selectors.past_sales import PastSale, last_quantities, past_sales

SUGGESTIONS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchLine:
    """A line of the table; `last_qty` is what the last day of this city sold of it."""

    priced: OfferPricing
    past: Sequence[PastSale]
    last_qty: int
    blocks: Sequence[str]
    warnings: Sequence[str]

    @property
    def offer(self) -> Offer:
        """The offer itself."""
        return self.priced.offer


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """A campaign on the bench; `margin` is at the quantities of the last day."""

    pricing: CampaignPricing
    lines: Sequence[BenchLine]
    margin: Margin
    last_pieces: int
    warnings: Sequence[str]

    def line(self, offer_id: int) -> BenchLine:
        """The line of an offer; raises `KeyError` if there is none."""
        for line in self.lines:
            if line.offer.pk == offer_id:
                return line
        raise KeyError(offer_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIfLine:
    """A line as it is and as it would be, with what its quantities leave."""

    bench: BenchLine
    line: PricedLine
    qty: int
    landed_fen: int | None
    break_even_fen: int | None
    piece: Margin | None
    before: Margin | None
    after: Margin | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIfBench:
    """Every line under a change that is only thought of, and the whole."""

    lines: Sequence[WhatIfLine]
    before: Margin
    after: Margin

    @property
    def change_fen(self) -> int:
        """What would be left more, or less."""
        return self.after.margin_fen - self.before.margin_fen


def bench(campaign: Campaign, *, now: datetime) -> Bench:
    """A campaign with everything its buyer looks at, in a fixed number of queries."""
    pricing = campaign_priced(campaign, now=now)
    past = past_sales([priced.offer.sku_id for priced in pricing.offers], campaign.opens_at)
    last = last_quantities(campaign)
    return Bench(
        pricing=pricing,
        lines=tuple(
            BenchLine(
                priced=priced,
                past=tuple(past.get(priced.offer.sku_id, ())),
                last_qty=last.get(priced.offer.sku_id, 0),
                blocks=tuple(offer_blocks(priced)),
                warnings=tuple(offer_warnings(priced)),
            )
            for priced in pricing.offers
        ),
        margin=pricing.margin_at(last),
        last_pieces=sum(last.get(priced.offer.sku_id, 0) for priced in pricing.offers),
        warnings=tuple(fault_text(fault) for fault in pricing.faults),
    )


def what_if(bench: Bench, change: WhatIf, offer_ids: Sequence[int] = ()) -> WhatIfBench:
    """The bench under a change of these lines, of all if none is named."""
    rates = bench.pricing.limits.rates
    nothing = WhatIf()
    lines = []
    for line in bench.lines:
        is_meant = not offer_ids or line.offer.pk in offer_ids
        thought = change if is_meant else nothing
        changed, qty = thought.line(line.priced.line), thought.qty(line.last_qty)
        landed = changed.landed(rates)
        lines.append(
            WhatIfLine(
                bench=line,
                line=changed,
                qty=qty,
                landed_fen=landed.total_fen if landed else None,
                break_even_fen=changed.break_even(rates),
                piece=changed.margin(rates),
                before=line.priced.line.margin(rates, line.last_qty),
                after=changed.margin(rates, qty),
            )
        )
    return WhatIfBench(
        lines=tuple(lines),
        before=_sum([line.before for line in lines]),
        after=_sum([line.after for line in lines]),
    )


def skus_suggested(campaign: Campaign) -> Sequence[Sku]:
    """SKUs on sale that the campaign does not offer yet, by code."""
    offered = Offer.objects.filter(campaign=campaign).values("sku")
    return tuple(Sku.objects.filter(is_active=True).exclude(pk__in=offered)[:SUGGESTIONS])


def skus_named(texts: Sequence[str]) -> list[Sku]:
    """The SKUs on sale with these codes, or with a name only one of them has.

    A text may also be a code and a name, as the list of suggestions writes
    them. Raises `SkuNotFound`, with the `text`, for what is none or several.
    """
    found: dict[int, Sku] = {}
    for text in texts:
        sku = _sku_named(text)
        found.setdefault(sku.pk, sku)
    return list(found.values())


def _sku_named(text: str) -> Sku:
    active = Sku.objects.filter(is_active=True)
    code = text.split(maxsplit=1)[0]
    if sku := active.filter(code__iexact=code).first():
        return sku
    named = list(active.filter(name__icontains=text)[:2])
    if len(named) != 1:
        raise SkuNotFound("No SKU on sale is called that, or several are.", text=text)
    return named[0]


def _sum(margins: Sequence[Margin | None]) -> Margin:
    known = [margin for margin in margins if margin is not None]
    return Margin(
        sales_fen=sum(margin.sales_fen for margin in known),
        landed_fen=sum(margin.landed_fen for margin in known),
    )
