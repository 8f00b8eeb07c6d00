"""The scenarios at the size of docs/reliability.md; each prints its figures as JSON.

Programs for `benchmarks.reliability`, on an empty database of their own.
"""

import json
import logging
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from math import ceil

from django.conf import settings

from fulfillment.selectors.books import books_check
from tests.concurrency.freeze_races import freezes
from tests.concurrency.money_races import one_refund, partial_refunds, same_notice, schedulers
from tests.concurrency.stock_races import last_units, rush
from tests.simulation.late_money import Fate, fate_of, seconds_to_paid, verdict_due
from tests.simulation.runs import rolled_back
from tests.simulation.town import PAYMENTS_CLOSE_AT, town_create

logging.disable()  # incidents and messages are what the scenarios are made of


def last_unit() -> None:
    """P1: 50 buyers, 1 unit, 200 rounds; the control without its guard."""
    kept = last_units(buyers=50, rounds=200)
    control = last_units(buyers=20, rounds=5, guarded=False)
    _print(attempts=kept.attempts, oversold=kept.oversold, control_oversold=control.oversold)


def last_units_of_buckets() -> None:
    """P1 with a hot offer in eight buckets."""
    kept = last_units(buyers=50, rounds=50, cap=20, buckets=8)
    _print(attempts=kept.attempts, sold=kept.sold, oversold=kept.oversold)


def shuffled_baskets() -> None:
    """P2 and P3: 32 clients, shuffled baskets of five; the control one by one."""
    kept = rush(clients=32, rounds=60)
    control = rush(clients=8, rounds=5, guarded=False)
    _print(
        baskets=kept.placed,
        deadlocks=kept.deadlocks,
        counters_drifted_by=kept.drifted,
        control_deadlocks=control.deadlocks,
    )


def freezes_under_load() -> None:
    """P5: 200 freezes while eight buyers order and pay; the control without its lock."""
    kept = freezes(buyers=8, rounds=200)
    control = freezes(buyers=4, rounds=20, guarded=False)
    _print(
        freezes=kept.freezes,
        orders=kept.orders,
        missing=kept.missing,
        wait_p99_ms=round(_share(kept.waits_s, 99) * 1000),
        wait_max_ms=round(kept.waits_s[-1] * 1000),
        control_missing=control.missing,
    )


def one_notice_many_times() -> None:
    """P6: the same notice from fifty sides at once, twice."""
    _print(**asdict(same_notice(processes=50, rounds=2)))


def unheard_payments() -> None:
    """P7: no notice ever comes."""
    with rolled_back():
        every = timedelta(seconds=settings.ADVANCE_EVERY_SECONDS)
        waits_s = seconds_to_paid(town_create(), orders=200, every=every)
    _print(
        payments=len(waits_s),
        tick_s=every.total_seconds(),
        p50_s=round(_share(waits_s, 50)),
        p95_s=round(_share(waits_s, 95)),
        max_s=round(waits_s[-1]),
    )


def late_money() -> None:
    """P9: money around the clocks, told of at once, late, or a day later."""
    cases = wrong = 0
    with rolled_back():
        town = town_create()
        for moment_s in (-60, -1, 0, 1, 60, 600, 3600):
            for delay_s in (0, 1, 30, 90, 180, 600, 3600, 86_400):
                paid_at = PAYMENTS_CLOSE_AT + timedelta(seconds=moment_s)
                told_after = timedelta(seconds=delay_s)
                fate = fate_of(town, paid_at=paid_at, told_after=told_after, is_reachable=False)
                due = verdict_due(paid_at=paid_at, heard_at=paid_at + told_after)
                cases += 1
                wrong += fate != Fate(str(due.value), ())
    _print(cases=cases, wrong=wrong)


def one_refund_many_times() -> None:
    """P10: one refund submitted a hundred times from twenty sides."""
    _print(**asdict(one_refund(processes=20, rounds=5)))


def too_many_refunds() -> None:
    """P11: twenty partial refunds at once; the control reserves nothing."""
    kept = partial_refunds(processes=20)
    books = [result.name for result in books_check() if result.violations]
    control = partial_refunds(processes=20, guarded=False)
    _print(
        asked=kept.asked,
        granted_fen=kept.granted_fen,
        paid_fen=kept.paid_fen,
        refused=kept.refused,
        broken_laws=len(books),
        control_granted_fen=control.granted_fen,
    )


def two_schedulers() -> None:
    """P17: two schedulers at once, then one alone, on equal work."""
    by_two, by_one = schedulers(processes=2), schedulers(processes=1)
    _print(effects_of_two=by_two._asdict(), effects_of_one=by_one._asdict(), equal=by_two == by_one)


def _share(ordered: Sequence[float], per_cent: int) -> float:
    return ordered[ceil(len(ordered) * per_cent / 100) - 1]


def _print(**figures: int | float | bool | str | Mapping[str, int]) -> None:
    sys.stdout.write(json.dumps(figures, ensure_ascii=False))
