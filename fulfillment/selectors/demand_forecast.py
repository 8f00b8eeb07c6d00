"""A campaign's forecast with the suppliers that would be asked, and what to tell them early."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from fulfillment.domain.early_warnings import (
    EarlyWarning,
    ExpectedSku,
    sku_warnings,
    supplier_warnings,
)
from fulfillment.domain.purchasing import Need, PurchaseLine, PurchaseProposal, propose
from fulfillment.models.purchasing import Supplier
from fulfillment.selectors.purchase_terms import offers_valid, terms_of
from orders.models.campaigns import Campaign
from orders.selectors.forecasts import CampaignForecast, SkuForecast, campaign_forecast


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcedSku:
    """A SKU's forecast beside the line that would be ordered; None where nobody offers it."""

    sku: SkuForecast
    supplier: Supplier | None
    line: PurchaseLine | None
    warnings: Sequence[EarlyWarning]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedOrder:
    """The order a supplier would get if the campaign ended as expected."""

    supplier: Supplier
    proposal: PurchaseProposal
    last_week: int
    warnings: Sequence[EarlyWarning]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandForecast:
    """A campaign's forecast and the orders it would make, what lies left over not counted."""

    forecast: CampaignForecast
    skus: Sequence[SourcedSku]
    orders: Sequence[ExpectedOrder]

    @property
    def warned(self) -> list[ExpectedOrder]:
        """Suppliers to speak to before the cut-off."""
        return [order for order in self.orders if order.warnings]

    @property
    def unsourced(self) -> list[SourcedSku]:
        """What is expected to be sold and nobody offers."""
        return [row for row in self.skus if EarlyWarning.UNSOURCED in row.warnings]


def demand_forecast(campaign: Campaign, now: datetime) -> DemandForecast:
    """Read forecast and orders in five queries, whatever was sold."""
    found = campaign_forecast(campaign, now)
    final = {row.offer.sku.code: row.final for row in found.skus}
    offers = [offer for offer in offers_valid(campaign.delivery_date) if offer.sku.code in final]
    suppliers = {offer.supplier.code: offer.supplier for offer in offers}
    plan = propose(
        [Need(code, qty) for code, qty in final.items()],
        [terms_of(offer) for offer in offers],
        {code: supplier.min_order_fen for code, supplier in suppliers.items()},
    )
    lines = {
        line.sku_code: (suppliers[proposal.supplier_code], line)
        for proposal in plan
        for line in proposal.lines
    }
    sourced = {offer.sku.code for offer in offers}
    return DemandForecast(
        forecast=found,
        skus=[_sourced(row, lines, is_sourced=row.offer.sku.code in sourced) for row in found.skus],
        orders=[_order(suppliers[each.supplier_code], each, found) for each in plan],
    )


def _sourced(
    row: SkuForecast,
    lines: Mapping[str, tuple[Supplier, PurchaseLine]],
    *,
    is_sourced: bool,
) -> SourcedSku:
    supplier, line = lines.get(row.offer.sku.code, (None, None))
    warnings: Sequence[EarlyWarning] = ()
    if row.forecast is not None:
        warnings = sku_warnings(
            ExpectedSku(
                sku_code=row.offer.sku.code,
                forecast=row.forecast,
                last_week=row.last_week,
                stock_cap=row.offer.stock_cap,
                min_order_gap_qty=line.min_order_gap_qty if line else 0,
                is_sourced=is_sourced,
            )
        )
    return SourcedSku(sku=row, supplier=supplier, line=line, warnings=warnings)


def _order(
    supplier: Supplier, proposal: PurchaseProposal, found: CampaignForecast
) -> ExpectedOrder:
    before = {row.offer.sku.code: row.last_week or 0 for row in found.skus}
    low = {row.offer.sku.code: row.forecast.low for row in found.skus if row.forecast}
    return ExpectedOrder(
        supplier=supplier,
        proposal=proposal,
        last_week=sum(before.get(line.sku_code, 0) for line in proposal.lines),
        # Without a forecast the minimum is not missed yet: the day has hardly begun.
        warnings=supplier_warnings(proposal, before, low) if found.total else (),
    )
