"""A world that a list of steps is played in: residents, a provider, a clock, crashes.

Each step is a name and a few small numbers that choose whom it befalls, so the
same list plays the same run again, whether a seed or Hypothesis made it. What
the services refuse is noted and no failure; everything else that they raise is.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import TypeVar
from unittest.mock import patch

from django.core.cache import cache
from django.db import connection

from leaders.domain.crashpoints import armed
from leaders.errors import DomainError
from orders.domain.basket import BasketLine, OrderRequest, Receiver
from orders.integrations import providers
from orders.models.orders import Order, OrderLine, OrderSource, OrderState
from orders.models.payments import Payment
from orders.services.campaigns import campaign_freeze
from orders.services.cancellation import order_cancel
from orders.services.payment_reports import notice_receive
from orders.services.payment_sweep import payment_refresh
from orders.services.payments import payment_begin
from orders.services.placement import order_place
from orders.services.refunds import LineRefund, shortage_refunds_request
from tests.simulation.gateway import SIGNATURE, Fault, MemoryGateway
from tests.simulation.invariants import (
    ProviderBooks,
    goods_violations,
    snapshot_violations,
    unfinished,
    violations,
)
from tests.simulation.schedule import advance
from tests.simulation.town import FREEZE_AT, STARTS_AT, Town

Item = TypeVar("Item")

WAITS_S = (1, 5, 15, 30, 45, 60, 90, 240)
FAULTS = (
    ("create", Fault.ANSWER_LOST),
    ("create", Fault.CALL_LOST),
    ("create", Fault.REFUSED),
    ("query", Fault.CALL_LOST),
    ("close", Fault.LIES),
    ("close", Fault.ANSWER_LOST),
    ("close", Fault.CALL_LOST),
    ("refund", Fault.ANSWER_LOST),
    ("refund", Fault.CALL_LOST),
    ("refund", Fault.SLOW),
    ("refund", Fault.ABNORMAL),
    ("query_refund", Fault.CALL_LOST),
)
# Long enough for every retry that backs off; an hour of it is a few dozen ticks.
REPAIR_WAITS = (
    *(timedelta(minutes=2),) * 10,
    *(timedelta(minutes=20),) * 9,
    *(timedelta(hours=3),) * 12,
)


class SimulatedCrash(BaseException):
    """The process dies here: no handler of `Exception` may live on."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens; `crash` is the crash point (1 …) it dies at, 0 for none."""

    name: str
    first: int = 0
    second: int = 0
    third: int = 0
    crash: int = 0


@dataclass(slots=True)
class World:
    """One run in one town; the caller rolls its rows back.

    `trail` says what each step did, in words; `counts` what happened how often.
    """

    town: Town
    now: datetime = STARTS_AT
    trail: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    gateway: MemoryGateway = field(init=False)
    _keys: int = 0
    _points: int = 0

    def __post_init__(self) -> None:
        depth = len(connection.savepoint_ids) + connection.in_atomic_block
        self.gateway = MemoryGateway(self._clock, depth=depth)

    @contextmanager
    def open(self) -> Iterator["World"]:
        """Put this world's provider in the place of the sandbox, and give rows equal keys."""
        with connection.cursor() as cursor:
            cache.clear()  # what a page remembers for seconds of the real clock
            for table in ("order", "payment", "refund"):
                cursor.execute(f"SELECT setval('orders_{table}_id_seq', 1000)")
        with patch.object(providers, "_sandbox", lambda: self.gateway):
            yield self

    def play(self, step: Step) -> None:
        """Do one step, and die in the middle of it if it says so."""
        move: Callable[[Step], object] = getattr(self, f"_{step.name}")
        with ExitStack() as stack:
            if step.crash:
                self._points = step.crash
                stack.enter_context(armed(self._strike))
            try:
                said = move(step)
            except DomainError as refusal:
                said = refusal.code
                self.counts[refusal.code] += 1
            except SimulatedCrash as crash:
                said = f"killed at {crash}"
                self.counts["crash"] += 1
                self.counts[f"crash at {crash}"] += 1
        self.counts[step.name] += 1
        self.trail.append(f"{self.now:%H:%M:%S} {step} → {said}")

    def come_to_rest(self) -> None:
        """Let the faults end and the clocks run on until nothing is left to do."""
        self.gateway.forget_faults()
        self.now = max(self.now, FREEZE_AT)
        advance(now=self.now)
        campaign_freeze(campaign_id=self.town.campaign_id, now=self.now)
        for wait in REPAIR_WAITS:
            self.now += wait
            advance(now=self.now)
            if not unfinished():
                return

    def violations(self) -> list[str]:
        """What is wrong now that everything has come to rest."""
        return [
            *violations(self.provider_books()),
            *snapshot_violations(self.town.campaign_id),
        ]

    def goods_violations(self) -> list[str]:
        """What is wrong with stock and limits at any moment."""
        return goods_violations()

    def provider_books(self) -> ProviderBooks:
        """What the provider would swear to."""
        books = self.gateway.books
        return ProviderBooks(
            paid={t.number: t.paid_fen for t in books.trades.values() if t.paid_at},
            refunds={r.number: (r.trade.number, r.amount_fen) for r in books.refunds.values()},
        )

    # What residents do ----------------------------------------------------------------

    def _place(self, step: Step) -> str:
        """A resident orders; every eighth time it sends the request before once more."""
        self._keys += 0 if step.third % 8 == 7 and self._keys else 1
        offers = [
            offer for bit, offer in enumerate(self.town.offer_ids) if step.second >> bit & 1
        ] or [self.town.offer_ids[0]]
        request = OrderRequest(
            campaign_id=self.town.campaign_id,
            leader_id=self.town.leader_id,
            resident_id=self.town.resident_ids[step.first % len(self.town.resident_ids)],
            lines=tuple(BasketLine(offer_id, 1 + step.third % 2) for offer_id in offers),
            receiver=Receiver("陈海燕", "19906910001", "3栋", "501"),
            request_key=f"key-{self._keys}",
            source=OrderSource.STOREFRONT,
        )
        return f"order {order_place(request=request, clock=self._clock).order.pk}"

    def _begin(self, step: Step) -> str:
        """A resident presses "pay": the attempt is created at the provider."""
        order = self._order(step.first, pending=True)
        if order is None:
            return "nobody"
        return payment_begin(order_id=order.pk, clock=self._clock).out_trade_no

    def _pay(self, step: Step) -> str:
        """A resident pays at the provider, rarely too late or another amount."""
        trades = self.gateway.books.trades.values()
        number = _one([trade.number for trade in trades if not trade.paid_at], step.first)
        if number is None:
            return "nothing to pay"
        odd = step.second % 16
        done = self.gateway.pay(number, late=odd == 14, fen=1 if odd == 15 else None)
        self.counts["paid"] += done
        return f"{number} {'paid' if done else 'not taken'}"

    def _buy(self, step: Step) -> str:
        """Order, begin and pay without anything in between."""
        self._place(step)
        order = Order.objects.latest("pk")
        number = payment_begin(order_id=order.pk, clock=self._clock).out_trade_no
        self.counts["paid"] += self.gateway.pay(number)
        return f"{number} paid"

    def _cancel(self, step: Step) -> str:
        order = self._order(step.first)
        if order is None:
            return "nobody"
        order_cancel(order_id=order.pk, actor="resident:1", clock=self._clock)
        return f"order {order.pk} cancelled"

    def _look(self, step: Step) -> str:
        """A resident opens the page of an order, which asks the provider."""
        payment = _one(list(Payment.objects.order_by("pk")), step.first)
        if payment is None:
            return "nobody"
        cache.clear()
        payment_refresh(payment_id=payment.pk, now=self.now)
        return payment.out_trade_no

    # What the provider and the network do ---------------------------------------------

    def _notice(self, step: Step) -> str:
        """A notice arrives: the first, a repeat of it, or one with another number."""
        paid = [t.number for t in self.gateway.books.trades.values() if t.paid_at]
        number = _one(paid, step.first)
        if number is None:
            return "none"
        body = self.gateway.notice(number, repeat=step.second % 2 == 0)
        said = ""
        for _time in range(1 + (step.third % 4 == 3)):
            said = notice_receive(provider="sandbox", headers=SIGNATURE, body=body, now=self.now)
        return f"{number} {said}"

    def _forge(self, step: Step) -> str:
        """A notice that nobody genuine has signed."""
        number = _one(list(self.gateway.books.trades), step.first)
        if number is None:
            return "none"
        body = self.gateway.notice(number)
        return notice_receive(provider="sandbox", headers={}, body=body, now=self.now)

    def _fault(self, step: Step) -> str:
        call, fault = FAULTS[step.first % len(FAULTS)]
        self.gateway.fail_next(call, fault)
        return f"{call} {fault}"

    # What time and we do --------------------------------------------------------------

    def _wait(self, step: Step) -> str:
        self.now += timedelta(seconds=WAITS_S[step.first % len(WAITS_S)])
        return "waited"

    def _advance(self, _step: Step) -> str:
        """The tick of the schedule: everything that is due."""
        return str(advance(now=self.now))

    def _freeze(self, _step: Step) -> str:
        return str(campaign_freeze(campaign_id=self.town.campaign_id, now=self.now).orders)

    def _shortage(self, step: Step) -> str:
        """The dock counted less than was sold: a frozen line gives pieces back."""
        lines = OrderLine.objects.filter(order__state=OrderState.FROZEN, is_void=False)
        line = _one(list(lines.select_related("order").order_by("pk")), step.first)
        if line is None:
            return "nothing is frozen"
        qty = 1 + step.second % line.qty
        asked = shortage_refunds_request(
            lines=[
                LineRefund(
                    order_no=line.order.order_no,
                    order_line_id=line.pk,
                    qty=qty,
                    amount_fen=qty * line.unit_price_fen,
                )
            ],
            business_date=self.now.date(),
            now=self.now,
        )
        return f"{asked} refunds of line {line.pk}"

    # ----------------------------------------------------------------------------------

    def _clock(self) -> datetime:
        return self.now

    def _strike(self, name: str) -> None:
        self._points -= 1
        if self._points == 0:
            raise SimulatedCrash(name)

    def _order(self, number: int, *, pending: bool = False) -> Order | None:
        orders = Order.objects.order_by("pk")
        if pending:
            orders = orders.filter(state=OrderState.PENDING_PAYMENT)
        return _one(list(orders), number)


def _one(items: Sequence[Item], number: int) -> Item | None:
    """Any of the items, chosen by any number; None if there are none."""
    return items[number % len(items)] if items else None


# How often each thing happens, relative to the others.
WEIGHTS = {
    "place": 12,
    "begin": 12,
    "pay": 12,
    "buy": 10,
    "notice": 14,
    "wait": 12,
    "advance": 10,
    "fault": 10,
    "look": 5,
    "cancel": 5,
    "shortage": 4,
    "freeze": 3,
    "forge": 2,
}
NUMBERS = 64


# A town where nobody has ordered yet is soon explored.
BEGINNING = ("buy", "place", "begin", "buy", "place", "begin", "fault", "pay")


def random_steps(dice: Random, *, at_most: int = 45) -> list[Step]:
    """The steps of a run, from a seeded dice; one in four may die at a crash point."""
    more = dice.choices(list(WEIGHTS), list(WEIGHTS.values()), k=dice.randint(8, at_most))
    return [
        Step(
            name,
            first=dice.randrange(NUMBERS),
            second=dice.randrange(NUMBERS),
            third=dice.randrange(NUMBERS),
            crash=dice.randint(1, 5) if dice.random() < 1 / 4 else 0,
        )
        for name in (*BEGINNING, *more)
    ]
