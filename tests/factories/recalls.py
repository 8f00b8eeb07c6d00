"""Recalls of goods that were handed out."""

from datetime import UTC, date, datetime
from typing import Any

from factory.declarations import SubFactory
from factory.django import DjangoModelFactory

from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.recalls import Recall, RecallLine
from fulfillment.selectors.recall_reach import RecallScope
from leaders.models.accounts import Role
from orders.models.catalogue import Sku
from tests.factories.fulfillment import CutoffRunFactory
from tests.factories.leaders import UserFactory
from tests.factories.orders import OrderLineFactory, SkuFactory


class RecallFactory(DjangoModelFactory[Recall]):
    """Tofu of one day is called back."""

    class Meta:
        model = Recall

    sku = SubFactory(SkuFactory)
    from_on = date(2026, 3, 11)
    until_on = date(2026, 3, 11)
    reason = "包装胀气"
    advice = "请勿食用，交回自提点。"
    started_at = datetime(2026, 3, 11, 9, 0, tzinfo=UTC)
    started_by = SubFactory(UserFactory, role=Role.COMPLIANCE)


class RecallLineFactory(DjangoModelFactory[RecallLine]):
    """Three pieces somebody has."""

    class Meta:
        model = RecallLine

    recall = SubFactory(RecallFactory)
    run = SubFactory(CutoffRunFactory)
    order_line = SubFactory(OrderLineFactory)
    qty = 3


def scope_of(run: CutoffRun, sku_code: str, **more: Any) -> RecallScope:
    """Everything of a SKU that was delivered with a run."""
    day = run.campaign.delivery_date
    given: dict[str, Any] = {
        "sku_id": Sku.objects.get(code=sku_code).pk,
        "supplier_id": None,
        "batch_no": "",
        "from_on": day,
        "until_on": day,
    }
    return RecallScope(**(given | more))
