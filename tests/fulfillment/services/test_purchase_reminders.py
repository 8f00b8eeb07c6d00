"""Silent suppliers are reminded once, before their time is up."""

from datetime import UTC, datetime, timedelta

import pytest

from fulfillment.models.purchasing import PurchaseOrder, PurchaseOrderState
from fulfillment.services.advance import due_work_begin
from fulfillment.services.purchase_reminders import purchase_reminders_queue
from orders.models.outbox import OutboxMessage, Topic
from tests.factories.fulfillment import PurchaseOrderFactory
from tests.factories.leaders import UserFactory

pytestmark = pytest.mark.django_db

BY = datetime(2026, 3, 10, 15, 30, tzinfo=UTC)


@pytest.fixture
def order() -> PurchaseOrder:
    """An order that was sent and is to be confirmed by 23:30 in Shanghai."""
    made: PurchaseOrder = PurchaseOrderFactory.create(
        state=PurchaseOrderState.SENT,
        approved_at=BY - timedelta(minutes=15),
        approved_by=UserFactory.create(),
        confirm_by=BY,
    )
    return made


@pytest.mark.parametrize(
    ("minutes", "expected"), [(-6, 0), (-5, 1), (-1, 1), (10, 1), (59, 1), (61, 0)]
)
def test_a_silent_supplier_is_reminded_from_five_minutes_before(
    order: PurchaseOrder, minutes: int, expected: int
) -> None:
    assert purchase_reminders_queue(now=BY + timedelta(minutes=minutes)) == expected


def test_nobody_is_reminded_twice(order: PurchaseOrder) -> None:
    rounds = [purchase_reminders_queue(now=BY - timedelta(minutes=at)) for at in (4, 3, 2)]

    assert rounds == [1, 0, 0]
    message = OutboxMessage.objects.get()
    assert (message.topic, message.phone) == (Topic.PURCHASE_REMINDER, order.supplier.phone)
    assert message.facts["confirm_by"] == "23:30"


@pytest.mark.parametrize(
    "state",
    [
        PurchaseOrderState.DRAFT,
        PurchaseOrderState.CONFIRMED,
        PurchaseOrderState.CONFIRMED_SHORT,
        PurchaseOrderState.RECEIVED,
        PurchaseOrderState.CANCELLED,
    ],
)
def test_whoever_answered_or_was_never_asked_is_left_alone(
    order: PurchaseOrder, state: PurchaseOrderState
) -> None:
    PurchaseOrder.objects.update(state=state)

    assert purchase_reminders_queue(now=BY) == 0


def test_a_market_and_a_supplier_without_a_phone_are_left_alone(order: PurchaseOrder) -> None:
    order.supplier.is_market = True
    order.supplier.save()
    assert purchase_reminders_queue(now=BY) == 0

    order.supplier.is_market, order.supplier.phone = False, ""
    order.supplier.save()
    assert purchase_reminders_queue(now=BY) == 0


def test_the_clock_reminds(order: PurchaseOrder) -> None:
    assert due_work_begin(now=BY).figures["suppliers_reminded"] == 1
