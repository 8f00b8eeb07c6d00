"""P16: the database stops at once in the middle of a rush and of a freeze, and starts again.

A program of its own on a server of its own, because it ends that server with
SIGQUIT (an immediate stop, as a crash): `main` ROOT BUYERS prints JSON.
DATABASE_URL names a migrated database on the server whose folder is ROOT.
"""

import json
import os
import signal
import sys
import threading
import time
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path

from django.db import Error, connection

from config.embedded.postgres import PostgresServer
from fulfillment.selectors.books import books_check
from leaders.errors import DomainError
from orders.models.demand import DemandSnapshot
from orders.models.orders import Order, OrderState
from orders.models.payments import Payment, Verdict
from orders.services.campaigns import campaign_freeze
from orders.services.placement import order_place
from tests.concurrency.freeze_races import pay_by_report
from tests.concurrency.race import Runner, race, values
from tests.concurrency.shop import FREEZE_AT, Shop, ordering_clock, shop_open
from tests.simulation.invariants import goods_violations

RUSH_S = 1.5
AFTER_S = 1.0


@dataclass(frozen=True, slots=True)
class Stop:
    """What a stop in the middle came to."""

    acknowledged: int
    lost: int
    doubled: int
    errors_seen: int
    out_s: float
    frozen_orders: int
    left_out: int
    broken_laws: tuple[str, ...]


def main() -> None:
    """Program: stop and start the server while BUYERS order, then freeze across another stop."""
    server = PostgresServer(Path(sys.argv[1]))
    server.join()
    buyers = int(sys.argv[2])
    shop = shop_open(buyers=buyers, caps=[None, 1_000_000], buckets=2)
    outage = _Outage(server)
    told = _rush(outage, buyers, shop)
    frozen = _freeze_across_a_stop(shop, server)
    acknowledged = [number for numbers, _errors in told for number in numbers]
    paid = set(
        Payment.objects.filter(verdict=Verdict.PAID).values_list("order__order_no", flat=True)
    )
    orders = Order.objects.filter(campaign=shop.campaign_id)
    keys = list(orders.values_list("resident_id", "request_key"))
    report = Stop(
        acknowledged=len(acknowledged),
        lost=len(set(acknowledged) - paid),
        doubled=len(keys) - len(set(keys)),
        errors_seen=sum(errors for _numbers, errors in told),
        out_s=round(outage.out_s, 2),
        frozen_orders=frozen,
        left_out=orders.filter(state=OrderState.PAID).count(),
        broken_laws=(
            *goods_violations(),
            *(result.name for result in books_check() if result.violations),
        ),
    )
    sys.stdout.write(json.dumps(asdict(report)))
    connection.close()
    server.leave()


class _Outage(threading.Thread):
    """Stops the server in the middle, starts it again, and ends the rush."""

    def __init__(self, server: PostgresServer) -> None:
        super().__init__()
        self.out_s = 0.0
        self.is_over: Synchronized[int] = get_context("fork").Value("b", 0)
        self._server = server

    def run(self) -> None:
        """Wait, stop, start, wait, tell."""
        time.sleep(RUSH_S)
        self.out_s = stop_and_start(self._server)
        time.sleep(AFTER_S)
        self.is_over.value = 1


def stop_and_start(server: PostgresServer) -> float:
    """Crash the server, start it again; return how long it was out."""
    started = time.monotonic()
    note = server.root / "data" / "postmaster.pid"
    os.kill(int(note.read_text().split("\n", 1)[0]), signal.SIGQUIT)
    again = PostgresServer(server.root)
    again.join()
    return time.monotonic() - started


def _rush(outage: _Outage, buyers: int, shop: Shop) -> list[tuple[list[str], int]]:
    """Let all buyers order and pay until the outage says it is over."""

    def buy(runner: Runner) -> tuple[list[str], int]:
        told: list[str] = []
        errors = 0
        while not outage.is_over.value:
            key = f"order-{len(told)}"
            try:
                request = shop.request(runner.number, shop.offer_ids, key=key)
                order = order_place(request=request, clock=ordering_clock).order
                if order.state == OrderState.PENDING_PAYMENT:
                    pay_by_report(order)
            except (Error, DomainError):
                # What a resident sees: an error, and the same button once more.
                errors += 1
                connection.close()
                time.sleep(0.05)
            else:
                told.append(order.order_no)
        return told, errors

    outage.start()
    outcomes = race(buy, processes=buyers)
    outage.join()
    return values(outcomes)


def _freeze_across_a_stop(shop: Shop, server: PostgresServer) -> int:
    """Stop the server while a campaign freezes, and freeze again."""
    stopper = threading.Timer(0.01, stop_and_start, [server])
    stopper.start()
    while True:
        try:
            campaign_freeze(campaign_id=shop.campaign_id, now=FREEZE_AT)
        except Error:
            connection.close()
            time.sleep(0.05)
            continue
        break
    stopper.join()
    connection.close()
    return DemandSnapshot.objects.get(campaign=shop.campaign_id).orders
