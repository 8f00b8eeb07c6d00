"""What is due now."""

from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from fulfillment.domain.cutoff_run import POISON_LIMIT, Step
from fulfillment.errors import RunBusy, WarehouseUnclear
from fulfillment.models.cutoff_run import CutoffRun, StepRecord, StepState
from fulfillment.models.supplier_accounts import SupplierClaimState
from fulfillment.services import advance
from fulfillment.services.advance import (
    campaigns_close,
    campaigns_resolve,
    due_work_begin,
    due_work_outward,
    run_advance_due,
    runs_open,
    runs_unfinished,
)
from fulfillment.services.play_day import arrivals_record
from fulfillment.services.shortages import shortages_finalize
from orders.models.campaigns import Campaign, CampaignState
from orders.models.outbox import OutboxMessage
from orders.services.login_codes import login_code_send
from tests.builders import tiny_day
from tests.factories.exceptions import SupplierClaimFactory
from tests.factories.fulfillment import WarehouseFactory
from tests.factories.orders import CampaignFactory
from tests.fulfillment.services.days import imported, played

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick_solver(settings: Settings) -> None:
    settings.SOLVER_SECONDS = 1


def after_freeze(run: CutoffRun) -> datetime:
    return run.campaign.freeze_at + timedelta(minutes=1)


def test_a_campaign_closes_when_its_orders_close() -> None:
    campaign = CampaignFactory.create()

    early = campaigns_close(now=campaign.orders_close_at - timedelta(seconds=1))
    on_time = campaigns_close(now=campaign.orders_close_at)

    assert (early, on_time) == (0, 1)
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.CLOSING


def test_a_campaign_that_freezes_gets_a_run_once() -> None:
    WarehouseFactory.create()
    campaign = CampaignFactory.create()

    opened = [runs_open(now=campaign.freeze_at), runs_open(now=campaign.freeze_at)]

    assert opened == [1, 0]
    assert CutoffRun.objects.get().campaign == campaign
    assert StepRecord.objects.count() == len(Step)


def test_two_warehouses_leave_the_choice_to_a_person() -> None:
    WarehouseFactory.create(code="W1")
    WarehouseFactory.create(code="W2")
    campaign = CampaignFactory.create()

    with pytest.raises(WarehouseUnclear):
        runs_open(now=campaign.freeze_at)


def test_a_city_that_nobody_serves_keeps_no_other_waiting() -> None:
    WarehouseFactory.create(city="开封")
    unserved = CampaignFactory.create(city="洛阳")
    served = CampaignFactory.create(city="开封", freeze_at=unserved.freeze_at)

    with pytest.raises(WarehouseUnclear):
        runs_open(now=served.freeze_at)

    assert CutoffRun.objects.get().campaign == served


def test_a_run_goes_as_far_as_the_dock_and_on_when_it_has_closed() -> None:
    run = imported()
    due_work_begin(now=after_freeze(run))

    waits_at = run_advance_due(run=run, now=after_freeze(run))
    arrivals_record(run=run, receipts=tiny_day().receipts, now=after_freeze(run))
    short_until = run_advance_due(run=run, now=after_freeze(run))
    shortages_finalize(run=run, actor=None, now=after_freeze(run))
    done = run_advance_due(run=run, now=after_freeze(run))

    assert (waits_at, short_until, done) == (Step.RECEIVE, Step.REFUND, None)
    assert runs_unfinished() == []
    assert Campaign.objects.get().state == CampaignState.FULFILLING


def test_late_and_twice_is_the_same_as_on_time_and_once() -> None:
    run = imported()

    for _call in range(2):
        due_work_begin(now=after_freeze(run) + timedelta(hours=3))
        run_advance_due(run=run, now=after_freeze(run) + timedelta(hours=3))

    assert run.purchase_orders.count() == 2
    assert run.steps.get(name="purchase").attempts == 1


def test_a_poisoned_step_is_left_to_a_person() -> None:
    run = imported()
    run.steps.filter(name="freeze").update(attempts=POISON_LIMIT, error="no space left")

    stuck_at = run_advance_due(run=run, now=after_freeze(run))

    assert stuck_at is Step.FREEZE
    assert run.steps.get(name="freeze").attempts == POISON_LIMIT


def test_a_finished_or_cancelled_day_is_not_looked_at() -> None:
    played()
    assert runs_unfinished() == []

    StepRecord.objects.filter(name="check").update(state=StepState.PENDING)
    assert len(runs_unfinished()) == 1

    Campaign.objects.update(state=CampaignState.CANCELLED)
    assert runs_unfinished() == []


def test_a_run_somebody_works_on_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    run = imported()

    def busy(**_arguments: Any) -> None:
        raise RunBusy("Another process is working on this run.")

    monkeypatch.setattr(advance, "run_advance", busy)

    assert run_advance_due(run=run, now=timezone.now()) is None


def test_a_part_that_fails_is_named_and_stops_no_other() -> None:
    campaign = CampaignFactory.create()  # without a warehouse no run can be opened

    work = due_work_begin(now=campaign.freeze_at)

    assert work.failed == ("runs_opened",)
    assert work.figures["campaigns_closed"] == 1
    assert work.figures["commission_released"] == 0


def test_the_command_does_the_rest_and_says_what_failed() -> None:
    campaign = CampaignFactory.create(
        opens_at=timezone.now() - timedelta(hours=3),
        orders_close_at=timezone.now() - timedelta(hours=2),
        payments_close_at=timezone.now() - timedelta(hours=1),
        freeze_at=timezone.now() - timedelta(minutes=57),
    )
    message = message_waiting()
    said = StringIO()

    with pytest.raises(CommandError, match="Stopped: runs_opened"):
        call_command("advance", stdout=said)

    campaign.refresh_from_db()
    message.refresh_from_db()
    assert campaign.state == CampaignState.CLOSING
    assert message.channel == "console"
    assert "campaigns_closed: 1" in said.getvalue()
    assert "messages_sent: 1" in said.getvalue()


def test_a_campaign_that_freezes_next_is_cleared_up_once_its_payments_are_closed() -> None:
    campaign = CampaignFactory.create(state=CampaignState.CLOSING)

    before = campaigns_resolve(now=campaign.payments_close_at)
    after = campaigns_resolve(now=campaign.payments_close_at + timedelta(seconds=1))

    assert before == {}
    assert set(after.values()) == {0}


def message_waiting() -> OutboxMessage:
    login_code_send(phone="19906912483", now=timezone.now())
    return OutboxMessage.objects.get()


def test_an_idle_tick_costs_few_queries(django_assert_max_num_queries: Any) -> None:
    due_work_outward()  # the first asks for bills and checks the books

    with django_assert_max_num_queries(21):
        work = due_work_begin(now=timezone.now())
        assert runs_unfinished() == []
    with django_assert_max_num_queries(25):
        outward = due_work_outward()

    assert (work.failed, outward.failed) == ((), ())
    assert set(work.figures.values()) == set(outward.figures.values()) == {0}


def test_waiting_goods_and_open_orders_are_looked_at_now_and_then() -> None:
    cache.delete("advance:pickups")

    first = due_work_outward().figures
    second = due_work_outward().figures

    assert (first["pickups_reminded"], first["orders_completed"]) == (0, 0)
    assert "orders_completed" not in second


def test_suppliers_accounts_are_settled_now_and_then() -> None:
    claim = SupplierClaimFactory.create()
    cache.delete("advance:suppliers")

    first = due_work_outward().figures
    second = due_work_outward().figures

    claim.refresh_from_db()
    assert claim.state == SupplierClaimState.ACCEPTED
    assert first["supplier_claims"] == 1
    assert "supplier_claims" not in second
