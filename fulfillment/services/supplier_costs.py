"""What a change of a supplier's price leaves behind."""

from datetime import datetime

from django.db import transaction

from fulfillment.models.purchasing import SupplierOffer
from leaders.models.accounts import User
from leaders.services.audit import audit
from orders.models.catalogue import PriceLog
from orders.selectors.price_log import prices_in_force

REASON_LENGTH = 120


@transaction.atomic
def supplier_cost_note(
    *,
    offer: SupplierOffer,
    before_fen: int | None,
    reason: str,
    actor: User,
    now: datetime,
) -> None:
    """Note a cost that is new: in the audit log, and in the price log where it is what we pay.

    We pay what the supplier asks whom we ask first. A SKU that never had a
    price gets its first row when a campaign opens. `before_fen` is None of an
    offer that is new.
    """
    if before_fen == offer.cost_fen:
        return
    audit(
        action="supplieroffer.cost",
        about=offer,
        actor=actor,
        now=now,
        facts={
            "supplier": offer.supplier.code,
            "sku": offer.sku.code,
            "before_fen": before_fen,
            "after_fen": offer.cost_fen,
        },
        reason=reason,
    )
    last = prices_in_force([offer.sku_id], now).get(offer.sku_id)
    if last is None or last.cost_fen == offer.cost_fen or not _is_asked_first(offer):
        return
    PriceLog.objects.create(
        sku_id=offer.sku_id,
        price_fen=last.price_fen,
        cost_fen=offer.cost_fen,
        reason=reason[:REASON_LENGTH],
        actor=actor,
        valid_from=now,
    )


def _is_asked_first(offer: SupplierOffer) -> bool:
    first = (
        SupplierOffer.objects.filter(sku_id=offer.sku_id, is_active=True, supplier__is_active=True)
        .order_by("rank", "cost_fen", "supplier__code")
        .first()
    )
    return first is not None and first.pk == offer.pk
