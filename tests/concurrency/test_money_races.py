"""P6, P10, P11 and P17: the same money is counted, returned and told of once."""

import pytest

from tests.concurrency.money_races import (
    OneNotice,
    OneRefund,
    one_refund,
    partial_refunds,
    same_notice,
    schedulers,
)


def test_a_notice_that_comes_from_many_sides_counts_once() -> None:
    result = same_notice(processes=10, rounds=2)

    assert result == OneNotice(notices=20, payments=1, transfers=1, messages=1, moves=1)


def test_partial_refunds_from_many_sides_never_exceed_the_payment() -> None:
    result = partial_refunds(processes=8)

    assert result.granted_fen == result.reserved_fen <= result.paid_fen
    assert result.refused == 5


@pytest.mark.control
def test_a_refund_that_looks_before_it_reserves_exceeds_the_payment() -> None:
    result = partial_refunds(processes=8, guarded=False)

    assert result.granted_fen > result.paid_fen


def test_a_refund_that_is_submitted_from_many_sides_is_paid_once() -> None:
    result = one_refund(processes=6, rounds=3)

    assert result == OneRefund(submissions=18, at_provider=1, in_ledger=1)


def test_two_schedulers_do_what_one_does() -> None:
    by_two, by_one = schedulers(processes=2), schedulers(processes=1)

    assert by_two == by_one
    assert (by_one.payments, by_one.refunds_paid) == (40, 10)
