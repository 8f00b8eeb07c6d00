"""Rows of what went wrong, and of suppliers' accounts."""

from datetime import UTC, date, datetime

from factory.declarations import SelfAttribute, Sequence, SubFactory
from factory.django import DjangoModelFactory

from fulfillment.models.day_close import UnrecordedCount
from fulfillment.models.exceptions import (
    Bearer,
    Cause,
    ExceptionCase,
    ExceptionCaseState,
    Stage,
)
from fulfillment.models.supplier_accounts import SupplierClaim, SupplierStatement
from tests.factories.fulfillment import (
    CutoffRunFactory,
    PurchaseOrderLineFactory,
    SupplierFactory,
    TripFactory,
)
from tests.factories.leaders import UserFactory
from tests.factories.orders import SkuFactory


class ExceptionCaseFactory(DjangoModelFactory[ExceptionCase]):
    """Two pieces missed in sorting, not decided yet."""

    class Meta:
        model = ExceptionCase

    run = SubFactory(CutoffRunFactory)
    stage = Stage.SORT
    cause = Cause.SHORT
    sku = SubFactory(SkuFactory)
    qty = 2
    proposed_bearer = Bearer.WAREHOUSE
    found_at = datetime(2026, 3, 10, 20, 0, tzinfo=UTC)


class DecidedCaseFactory(ExceptionCaseFactory):
    """Two bad pieces that the supplier bears."""

    cause = Cause.QUALITY
    state = ExceptionCaseState.DECIDED
    bearer = Bearer.SUPPLIER
    decided_at = datetime(2026, 3, 11, 2, 0, tzinfo=UTC)
    purchase_line = SubFactory(
        PurchaseOrderLineFactory,
        purchase_order__run=SelfAttribute("...run"),
        sku=SelfAttribute("..sku"),
    )


class SupplierClaimFactory(DjangoModelFactory[SupplierClaim]):
    """Two pieces at 4.00 yuan asked back."""

    class Meta:
        model = SupplierClaim

    case = SubFactory(DecidedCaseFactory)
    supplier = SelfAttribute("case.purchase_line.purchase_order.supplier")
    purchase_line = SelfAttribute("case.purchase_line")
    qty = 2
    amount_fen = 800
    raised_at = datetime(2026, 3, 11, 2, 5, tzinfo=UTC)
    object_by = datetime(2026, 3, 13, 2, 5, tzinfo=UTC)


class SupplierStatementFactory(DjangoModelFactory[SupplierStatement]):
    """A week of one supplier."""

    class Meta:
        model = SupplierStatement

    statement_no = Sequence(lambda n: f"DZ{n:04d}")
    supplier = SubFactory(SupplierFactory)
    from_on = date(2026, 3, 9)
    until_on = date(2026, 3, 15)
    goods_fen = 40_000
    due_on = date(2026, 3, 22)
    made_at = datetime(2026, 3, 16, 1, 0, tzinfo=UTC)


class UnrecordedCountFactory(DjangoModelFactory[UnrecordedCount]):
    """A load that was never checked."""

    class Meta:
        model = UnrecordedCount

    trip = SubFactory(TripFactory)
    run = SelfAttribute("trip.delivery_run.cutoff_run")
    stage = Stage.LOAD
    reason = "全程纸质"
    declared_at = datetime(2026, 3, 11, 12, 0, tzinfo=UTC)
    declared_by = SubFactory(UserFactory)
