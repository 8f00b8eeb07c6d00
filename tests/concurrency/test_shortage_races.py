"""Goods shared out again by two at once, refunded twice at once, and final while more comes.

The tiny day: of tofu (K2) O3 lacks all 3 pieces it ordered.
"""

import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from unittest.mock import patch

import pytest
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from fulfillment.models.allocation import Allocation, AllocationCause
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.selectors.allocation import AllocatedLine, lines_of_sku
from fulfillment.selectors.books import books_check
from fulfillment.services.allocation import allocation_rerun
from fulfillment.services.refunds import shortages_refund
from fulfillment.services.shortages import shortages_finalize
from orders.models.payments import Payment, Refund
from orders.services.refunds import LineRefund, _not_asked_back
from tests.builders import OPENS_AT
from tests.concurrency.race import Outcome, Runner, errors, race, values
from tests.factories.shortages import arrive, lose, sku_of
from tests.fulfillment.services.days import played, sharing

pytestmark = pytest.mark.django_db(transaction=True)

NIGHT: datetime = OPENS_AT.replace(day=11, hour=4)
PAUSE_S = 0.4


@pytest.fixture
def run() -> CutoffRun:
    return sharing()


def unlocked(run_id: int) -> CutoffRun:
    """The run as it is, held against nobody."""
    return CutoffRun.objects.get(pk=run_id)


def unlocked_and_slow(run_id: int) -> CutoffRun:
    """The run as it is, and a pause in which others may change it."""
    run = unlocked(run_id)
    time.sleep(PAUSE_S)
    return run


def without_lock(module: str) -> Sequence[AbstractContextManager[object]]:
    return [patch(f"fulfillment.services.{module}.run_open_locked", unlocked_and_slow)]


def share_again(run: CutoffRun, cause: AllocationCause) -> int:
    """Share tofu again; the pieces that moved."""
    record = allocation_rerun(run=run, sku_id=sku_of("K2").pk, cause=cause, actor=None, now=NIGHT)
    return 0 if record is None else record.gained_qty + record.lost_qty


def tofu() -> dict[str, int]:
    lines = Allocation.objects.filter(order_line__sku__code="K2")
    return dict(lines.values_list("order_line__order__source_no", "allocated_qty"))


def two_pieces_come(
    run: CutoffRun, without: Sequence[AbstractContextManager[object]] = ()
) -> list[Outcome[int]]:
    """Two receivers count one late piece each, at once."""

    def count_one(_runner: Runner) -> int:
        with transaction.atomic():
            arrive(run, "K2", 1, at=NIGHT)
            return share_again(run, AllocationCause.RECOUNT)

    return race(count_one, processes=2, without=without)


def test_two_late_counts_at_once_are_both_shared_out(run: CutoffRun) -> None:
    outcomes = two_pieces_come(run)

    assert errors(outcomes) == []
    assert tofu() == {"O2": 2, "O1": 4, "O3": 2}


@pytest.mark.control
def test_without_the_lock_one_of_two_late_counts_is_lost(run: CutoffRun) -> None:
    outcomes = two_pieces_come(run, without_lock("allocation"))

    assert [type(error) for error in errors(outcomes)] == [IntegrityError]
    assert tofu() == {"O2": 2, "O1": 4, "O3": 1}


def final_twice(
    run: CutoffRun, without: Sequence[AbstractContextManager[object]] = ()
) -> list[Outcome[bool]]:
    return race(
        lambda _runner: shortages_finalize(run=run, actor=None, now=NIGHT),
        processes=3,
        without=without,
    )


def test_shortages_become_final_once(run: CutoffRun) -> None:
    outcomes = final_twice(run)

    assert errors(outcomes) == []
    assert sorted(values(outcomes)) == [False, False, True]


@pytest.mark.control
def test_without_the_lock_everybody_thinks_he_said_it(run: CutoffRun) -> None:
    assert values(final_twice(run, without_lock("shortages"))) == [True, True, True]


def final_while_a_piece_comes(
    run: CutoffRun, without: Sequence[AbstractContextManager[object]] = ()
) -> list[Outcome[int]]:
    """One makes shortages final and refunds them, the other shares out a late piece."""

    def either(runner: Runner) -> int:
        with transaction.atomic():
            if runner.number:
                arrive(run, "K2", 1, at=NIGHT)
                return share_again(run, AllocationCause.RECOUNT)
            time.sleep(PAUSE_S / 4)
            shortages_finalize(run=run, actor=None, now=NIGHT)
            return shortages_refund(run=run, now=NIGHT)["pieces_short"]

    return race(either, processes=2, without=without)


def test_a_piece_that_comes_at_the_end_is_given_or_refunded_never_both(run: CutoffRun) -> None:
    outcomes = final_while_a_piece_comes(run)

    assert errors(outcomes) == []
    refunded, given = values(outcomes)
    assert refunded + given == 3
    assert tofu()["O3"] == given


@pytest.mark.control
def test_without_the_lock_a_piece_is_given_and_refunded(run: CutoffRun) -> None:
    def read_and_wait(of_run: CutoffRun, sku_id: int) -> list[AllocatedLine]:
        lines = lines_of_sku(of_run, sku_id)
        time.sleep(PAUSE_S * 3)
        return lines

    outcomes = final_while_a_piece_comes(
        run,
        [
            patch("fulfillment.services.allocation.run_open_locked", unlocked),
            patch("fulfillment.services.allocation.lines_of_sku", read_and_wait),
        ],
    )

    refunded, given = values(outcomes)
    assert refunded + given > 3
    assert "allocation" in [result.name for result in books_check() if result.violations]


def refund_at_once(
    run: CutoffRun, without: Sequence[AbstractContextManager[object]] = ()
) -> list[Outcome[int]]:
    return race(
        lambda _runner: shortages_refund(run=run, now=NIGHT)["refunds"],
        processes=3,
        without=without,
    )


def test_a_later_loss_is_refunded_once_however_many_see_it() -> None:
    run = played()
    lose(run, "K2", 1, at=NIGHT)
    share_again(run, AllocationCause.SORT_GAP)

    outcomes = refund_at_once(run)

    assert errors(outcomes) == []
    assert sorted(values(outcomes)) == [0, 0, 1]
    assert Payment.objects.get(order__source_no="O1").refund_reserved_fen == 290
    assert Refund.objects.filter(out_refund_no__startswith="C1-O1-").count() == 1


@pytest.mark.control
def test_without_its_locks_two_ask_for_the_same_refund() -> None:
    run = played()
    lose(run, "K2", 1, at=NIGHT)
    share_again(run, AllocationCause.SORT_GAP)

    def unlocked_payments(ids: Sequence[int]) -> dict[int, Payment]:
        rows = Payment.objects.select_related("order").filter(pk__in=list(ids))
        return {payment.pk: payment for payment in rows}

    def not_for_update(**_options: object) -> QuerySet[CutoffRun]:
        return CutoffRun.objects.all()

    def asked_slowly(lines: Sequence[LineRefund]) -> list[LineRefund]:
        found = list(_not_asked_back(lines))
        time.sleep(PAUSE_S)
        return found

    outcomes = refund_at_once(
        run,
        [
            patch("orders.services.refunds._payments_locked", unlocked_payments),
            patch("orders.services.refunds._not_asked_back", asked_slowly),
            patch(
                "fulfillment.services.refunds.CutoffRun.objects.select_for_update", not_for_update
            ),
        ],
    )

    assert IntegrityError in [type(error) for error in errors(outcomes)]
