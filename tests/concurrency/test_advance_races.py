"""Two schedules, two workers: everything that is due is done once."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from unittest.mock import patch

import pytest
from django.core.management import call_command
from django.utils import timezone
from pytest_django import Settings

from fulfillment.domain.cutoff_run import Step
from fulfillment.models.cutoff_run import CutoffRun, StepState
from fulfillment.models.purchasing import PurchaseOrder
from fulfillment.services import advance
from orders.models.campaigns import Campaign, CampaignState
from orders.models.demand import DemandSnapshot
from orders.models.orders import Order, OrderEvent, OrderState
from orders.models.outbox import OutboxMessage, Topic
from orders.services.outbox import Message, messages_queue
from tests.concurrency.race import Runner, errors, race
from tests.factories.orders import CampaignFactory, OrderFactory, OrderLineFactory
from tests.fulfillment.services.days import imported

MESSAGES = 30
UNPAID = 6


@pytest.fixture
def due(settings: Settings) -> Campaign:
    """A campaign whose clocks have passed, orders nobody paid in another, and messages."""
    settings.SOLVER_SECONDS = 1
    run = imported()
    Campaign.objects.filter(pk=run.campaign_id).update(state=CampaignState.OPEN)
    run.steps.all().delete()
    run.delete()
    now = timezone.now()
    selling = CampaignFactory.create(
        opens_at=now - timedelta(hours=9),
        orders_close_at=now + timedelta(hours=1),
        payments_close_at=now + timedelta(hours=2),
        freeze_at=now + timedelta(hours=3),
    )
    unpaid = OrderFactory.create_batch(
        UNPAID,
        campaign=selling,
        state=OrderState.PENDING_PAYMENT,
        paid_at=None,
        pay_by=now - timedelta(minutes=1),
    )
    for order in unpaid:
        OrderLineFactory.create(order=order)
    facts = {"order_no": "O1", "amount_fen": 5, "delivery_date": "2026-03-11", "place": "锦绣"}
    messages_queue(
        messages=[
            Message(
                topic=Topic.ORDER_PAID, dedupe_key=f"O{number}", phone="19906912483", facts=facts
            )
            for number in range(MESSAGES)
        ],
        now=now - timedelta(minutes=1),
    )
    return run.campaign


def everything(_runner: Runner) -> None:
    call_command("advance", stdout=StringIO())


@contextmanager
def nobody_waits(_part: int) -> Iterator[bool]:
    yield True


def is_done_once(campaign: Campaign) -> None:
    """What one call alone would have left."""
    run = CutoffRun.objects.get()
    done = run.steps.filter(state=StepState.DONE)
    assert set(done.values_list("name", "attempts")) == {(Step.FREEZE, 1), (Step.PURCHASE, 1)}
    assert run.steps.get(name=Step.RECEIVE).state == StepState.WAITING
    assert DemandSnapshot.objects.get().campaign == campaign
    assert PurchaseOrder.objects.count() == 2
    assert OutboxMessage.objects.filter(channel="console", attempts=1).count() == MESSAGES
    assert Order.objects.filter(state=OrderState.CANCELLED).count() == UNPAID
    assert OrderEvent.objects.count() == UNPAID


def test_everything_run_three_times_at_once_is_done_once(due: Campaign) -> None:
    outcomes = race(everything, processes=3, rounds=2)

    assert errors(outcomes) == []
    is_done_once(due)


def test_it_does_not_hang_on_one_process_doing_it_at_a_time(due: Campaign) -> None:
    outcomes = race(
        everything, processes=3, rounds=2, without=[patch.object(advance, "_alone", nobody_waits)]
    )

    assert errors(outcomes) == []
    is_done_once(due)
