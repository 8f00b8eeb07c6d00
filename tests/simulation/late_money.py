"""P7 and P9: when money comes in, when we hear of it, and what it is worth then."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from orders.models.payments import Payment, PaymentState, Verdict
from orders.services.campaigns import campaign_freeze
from tests.simulation.runs import rolled_back
from tests.simulation.schedule import advance
from tests.simulation.town import FREEZE_AT, PAYMENTS_CLOSE_AT, STARTS_AT, Town
from tests.simulation.world import Step, World

TICK = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one payment: its verdict, and what breaks a law if anything does."""

    verdict: str
    violations: tuple[str, ...]


def fate_of(town: Town, *, paid_at: datetime, told_after: timedelta, is_reachable: bool) -> Fate:
    """Play an evening in which one resident pays at `paid_at`.

    The provider keeps the trade open for as long as it takes (its answers to
    a closing are lies) and sends its notice `told_after` later. It can be
    asked in between, or not.
    """
    with rolled_back():
        world = World(town, now=PAYMENTS_CLOSE_AT - timedelta(minutes=4))
        with world.open():
            world.play(Step("place"))
            world.play(Step("begin"))
            number = Payment.objects.get().out_trade_no
            world.gateway.closes = False
            world.gateway.is_unreachable = not is_reachable
            events = [(paid_at, "pay"), (paid_at + told_after, "tell"), (FREEZE_AT, "freeze")]
            for at, event in sorted(events):
                _tick_until(world, at)
                if event == "pay":
                    assert world.gateway.pay(number, late=True)
                elif event == "tell":
                    world.play(Step("notice"))
                else:
                    campaign_freeze(campaign_id=town.campaign_id, now=world.now)
            world.come_to_rest()
            verdict = Payment.objects.get().verdict
            return Fate(str(verdict), tuple(world.violations()))


def verdict_due(*, paid_at: datetime, heard_at: datetime) -> Verdict:
    """What the table of 23:00:01 says."""
    if paid_at > PAYMENTS_CLOSE_AT:
        return Verdict.REFUND_LATE
    return Verdict.PAID if heard_at < FREEZE_AT else Verdict.REFUND_AFTER_FREEZE


def seconds_to_paid(town: Town, *, orders: int, every: timedelta, seed: int = 0) -> list[float]:
    """How long paid orders wait until they are known, when no notice ever comes, in order.

    Residents pay 5 to 150 seconds after they pressed the button; the schedule
    ticks every so often, at a moment that has nothing to do with them.
    """
    dice = Random(seed)
    waits = []
    for _order in range(orders):
        with rolled_back():
            world = World(town, now=STARTS_AT)
            with world.open():
                world.play(Step("place"))
                world.play(Step("begin"))
                payment = Payment.objects.get()
                paid_at = world.now + timedelta(seconds=dice.uniform(5, 150))
                world.now += every * dice.random()
                while payment.state != PaymentState.SUCCEEDED:
                    if (
                        world.now >= paid_at
                        and not world.gateway.books.trades[payment.out_trade_no].paid_at
                    ):
                        world.gateway.pay(payment.out_trade_no)
                    advance(now=world.now)
                    payment.refresh_from_db()
                    world.now += every
                waits.append((world.now - every - paid_at).total_seconds())
    return sorted(waits)


def _tick_until(world: World, at: datetime) -> None:
    while world.now < at - TICK and world.now < FREEZE_AT + timedelta(minutes=10):
        world.now += TICK
        advance(now=world.now)
    world.now = at
