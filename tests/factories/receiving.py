"""Counts that were taken back, and leftovers of other days."""

from datetime import UTC, datetime

from factory.declarations import SubFactory
from factory.django import DjangoModelFactory

from fulfillment.models.receiving import ReceiptLineVoid
from leaders.models.accounts import Role
from tests.factories.fulfillment import GoodsReceiptLineFactory
from tests.factories.leaders import UserFactory


class ReceiptLineVoidFactory(DjangoModelFactory[ReceiptLineVoid]):
    """A count that was typed wrong."""

    class Meta:
        model = ReceiptLineVoid

    receipt_line = SubFactory(GoodsReceiptLineFactory)
    reason = "数错"
    voided_at = datetime(2026, 3, 10, 19, 10, tzinfo=UTC)
    voided_by = SubFactory(UserFactory, role=Role.WAREHOUSE)
