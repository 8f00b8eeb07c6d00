"""What people do in a night: residents order and pay, the dock counts, a dispatcher publishes.

They do it once, in one process that nobody kills, and wait for the platform
where people would. What the platform does is left to whoever runs.
"""

import random
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from unittest.mock import patch

from django.db.models import Sum

from fulfillment.domain.cutoff_run import Step
from fulfillment.models.cutoff_run import CutoffRun, StepRecord, StepState
from fulfillment.models.delivery import DeliveryRun
from fulfillment.services.plan_acceptance import plan_publish
from fulfillment.services.play_day import arrivals_record
from fulfillment.services.shortages import shortages_finalize
from orders.domain.basket import BasketLine, OrderRequest, Receiver
from orders.domain.lifecycle import PAYMENT_LIFECYCLE
from orders.errors import SoldOut
from orders.integrations.sandbox import SandboxGateway
from orders.models.campaigns import Campaign, CampaignState
from orders.models.demand import DemandLine
from orders.models.orders import OrderSource
from orders.models.outbox import OutboxMessage
from orders.models.payments import Payment, Refund, RefundState
from orders.models.residents import Resident
from orders.selectors.clock import database_now
from orders.selectors.ledger import closed_through
from orders.services.cancellation import order_cancel
from orders.services.payment_reports import notice_receive
from orders.services.payments import payment_begin
from orders.services.placement import order_place
from tests.nights.clock import clock_set, real_now, rounds_since
from tests.nights.town import (
    FIRST_DAY,
    City,
    at,
    campaign_of,
    cities_make,
    evening_open,
    offers_of,
    receipts_of,
)

PATIENCE_S = 180.0
LOOK_S = 0.1
PARTS = {"due_work_begin", "due_work_outward"}
# In the morning a second is a minute: what a killed process held is free again soon.
MORNING_PACE = 60.0


class NothingHappens(AssertionError):
    """The platform does not do what people wait for."""


def nights_live(*, nights: int, cities: int, seed: int) -> None:
    """Live through so many nights, one after the other."""
    clock_set(at(FIRST_DAY, 12))
    town = cities_make(cities)
    _everything_looked_at()  # what is done once a day is done on the first one, too
    for number in range(nights):
        day = FIRST_DAY + timedelta(days=number)
        dice = random.Random(f"{seed}-{number}")
        with _numbers_drawn(dice):
            _night_live(_Night(day=day, town=town, dice=dice))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Night:
    """An evening and the morning after it."""

    day: date
    town: Sequence[City]
    dice: random.Random

    @property
    def campaigns(self) -> list[Campaign]:
        return [campaign_of(city, self.day) for city in self.town]

    @property
    def runs(self) -> list[CutoffRun]:
        runs = CutoffRun.objects.filter(campaign__in=self.campaigns)
        return list(runs.select_related("campaign", "warehouse").order_by("campaign__code"))


def _night_live(night: _Night) -> None:
    day, next_day = night.day, night.day + timedelta(days=1)
    clock_set(at(day, 20))
    for city in night.town:
        evening_open(city, day)
    clock_set(at(day, 22, 30))
    for city in night.town:
        _residents_order(city, night)
    clock_set(at(day, 22, 58, 1))
    _wait("campaigns close", lambda: _all_are(night, CampaignState.CLOSING))
    clock_set(at(day, 23, 1, 1))
    _wait("payments are known", lambda: not _payments_live())
    clock_set(at(day, 23, 3, 1))
    _wait("goods are bought", lambda: _all_wait_at(night, Step.RECEIVE))
    clock_set(at(next_day, 2, 30))
    for run in night.runs:
        _dock_counts(run)
    _wait("goods are shared out", lambda: _all_wait_at(night, Step.REFUND))
    for run in night.runs:
        shortages_finalize(run=run, actor=None, now=database_now())
    _wait("the books are checked", lambda: _all_are_done(night))
    for plan in DeliveryRun.objects.filter(cutoff_run__in=night.runs).order_by("run_no"):
        plan_publish(delivery_run_id=plan.pk, actor=None, now=database_now())
    _morning_pass(next_day)


def _morning_pass(next_day: date) -> None:
    """Let the platform do what is left; every part is gone through at least once after noon."""
    clock_set(at(next_day, 6, 30), pace=MORNING_PACE)
    _wait("money is back and messages are sent", lambda: not _unfinished())
    clock_set(at(next_day, 12, 30), pace=MORNING_PACE)
    yesterday = next_day - timedelta(days=1)
    _wait("the day is closed", lambda: (closed_through() or FIRST_DAY) >= yesterday)
    _everything_looked_at()


def _everything_looked_at() -> None:
    """Wait until every part was gone through from here on."""
    began_at = real_now()
    _wait("everything was looked at", lambda: rounds_since(began_at) >= PARTS)


def _residents_order(city: City, night: _Night) -> None:
    """Each household orders; the number of the household says how it pays."""
    campaign = campaign_of(city, night.day)
    offers = offers_of(campaign)
    for number, resident in enumerate(city.residents):
        wanted = night.dice.sample(offers, night.dice.randint(1, len(offers)))
        lines = tuple(BasketLine(offer.pk, night.dice.randint(1, 3)) for offer in wanted)
        try:
            _resident_orders(campaign, resident, lines, habit=number % len(_HABITS))
        except SoldOut:
            continue


def _resident_orders(
    campaign: Campaign, resident: Resident, lines: tuple[BasketLine, ...], *, habit: int
) -> None:
    request = OrderRequest(
        campaign_id=campaign.pk,
        leader_id=resident.leader_id,
        resident_id=resident.pk,
        lines=lines,
        receiver=Receiver(resident.name, resident.phone, "3栋", "501"),
        request_key=f"{campaign.code}-{resident.code}",
        source=OrderSource.STOREFRONT,
    )
    order = order_place(request=request).order
    payment_begin(order_id=order.pk)
    trade = Payment.objects.get(order=order).out_trade_no
    _HABITS[habit](order.pk, trade)


def _pays(_order_id: int, trade: str) -> None:
    """Pay; the notice gets lost."""
    SandboxGateway(database_now).pay(trade)


def _pays_and_is_noticed(order_id: int, trade: str) -> None:
    """Pay; the notice comes."""
    _pays(order_id, trade)
    provider = SandboxGateway(database_now)
    headers, body = provider.notice(trade)
    notice_receive(provider=provider.name, headers=headers, body=body, now=database_now())


def _pays_and_is_noticed_twice(order_id: int, trade: str) -> None:
    """Pay; the notice comes twice."""
    _pays_and_is_noticed(order_id, trade)
    _pays_and_is_noticed(order_id, trade)


def _walks_away(_order_id: int, _trade: str) -> None:
    """Begin to pay, and no more."""


def _changes_mind(order_id: int, trade: str) -> None:
    """Pay, and cancel."""
    _pays_and_is_noticed(order_id, trade)
    order_cancel(order_id=order_id, actor="resident")


_HABITS: Sequence[Callable[[int, str], None]] = (
    _pays_and_is_noticed,
    _pays,
    _pays_and_is_noticed_twice,
    _pays_and_is_noticed,
    _walks_away,
    _changes_mind,
)


def _dock_counts(run: CutoffRun) -> None:
    wanted = DemandLine.objects.filter(snapshot__campaign=run.campaign)
    sold = wanted.values_list("offer__sku__code").annotate(pieces=Sum("qty"))
    arrivals_record(run=run, receipts=receipts_of(dict(sold)), now=database_now())


def _all_are(night: _Night, state: CampaignState) -> bool:
    return all(campaign.state == state for campaign in night.campaigns)


def _all_wait_at(night: _Night, step: Step) -> bool:
    waiting = StepRecord.objects.filter(
        run__campaign__in=night.campaigns, name=step, state=StepState.WAITING
    )
    return waiting.count() == len(night.town)


def _all_are_done(night: _Night) -> bool:
    steps = StepRecord.objects.filter(run__campaign__in=night.campaigns)
    return steps.filter(state=StepState.DONE).count() == len(night.town) * len(Step)


def _payments_live() -> bool:
    return Payment.objects.filter(state__in=PAYMENT_LIFECYCLE.open).exists()


def _unfinished() -> bool:
    refunds = Refund.objects.exclude(state=RefundState.SUCCEEDED)
    return refunds.exists() or OutboxMessage.objects.filter(done_at=None).exists()


def _wait(what: str, is_so: Callable[[], bool]) -> None:
    """Wait until something is so.

    Raises
    ------
    NothingHappens
        If it does not come about; where each step stands is told.
    """
    deadline = time.monotonic() + PATIENCE_S
    while not is_so():
        if time.monotonic() > deadline:
            steps = StepRecord.objects.exclude(state=StepState.DONE)
            stand = list(steps.values_list("run__campaign__code", "name", "state", "error"))
            raise NothingHappens(f"waiting until {what}: {stand}")
        time.sleep(LOOK_S)


@contextmanager
def _numbers_drawn(dice: random.Random) -> Iterator[None]:
    """Draw order and trade numbers from the dice, so that another life has the same ones."""
    with (
        patch.object(secrets, "choice", dice.choice),
        patch.object(secrets, "token_hex", lambda size: dice.randbytes(size).hex()),
    ):
        yield
