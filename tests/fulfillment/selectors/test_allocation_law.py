"""The law of the allocation: what may explain that a line lacks pieces, and what may not."""

from datetime import datetime

import pytest
from django.db import connection

from fulfillment.models.allocation import Allocation
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.leftovers import LeftoverKind, LeftoverMovement
from fulfillment.models.receiving import ReceiptLineVoid
from fulfillment.selectors.books import books_check
from orders.models.campaigns import Offer
from tests.builders import OPENS_AT
from tests.factories.leaders import UserFactory
from tests.factories.shortages import arrive, lose, sku_of
from tests.fulfillment.services.days import played, sharing

pytestmark = pytest.mark.django_db

NIGHT: datetime = OPENS_AT.replace(day=11, hour=3)


@pytest.fixture
def run() -> CutoffRun:
    return sharing()


def is_broken() -> bool:
    return any(result.violations for result in books_check() if result.name == "allocation")


def lie(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_day_that_was_shared_out_keeps_it(run: CutoffRun) -> None:
    assert not is_broken()


def test_a_piece_kept_back_from_a_line_breaks_it(run: CutoffRun) -> None:
    lie(
        "UPDATE fulfillment_allocation SET allocated_qty = allocated_qty - 1 WHERE id = "
        "(SELECT min(id) FROM fulfillment_allocation)"
    )

    assert is_broken()


def test_a_piece_nobody_accepted_breaks_it(run: CutoffRun) -> None:
    lie("UPDATE fulfillment_allocation SET allocated_qty = 1 WHERE allocated_qty = 0")

    assert is_broken()


def test_goods_that_came_and_were_not_shared_out_break_it(run: CutoffRun) -> None:
    arrive(run, "K2", 1, at=NIGHT)

    assert is_broken()


def test_a_count_taken_back_breaks_it_until_it_is_shared_again(run: CutoffRun) -> None:
    extra = arrive(run, "K2", 1, at=NIGHT)
    ReceiptLineVoid.objects.create(
        receipt_line=extra, reason="counted twice", voided_at=NIGHT, voided_by=UserFactory.create()
    )

    assert not is_broken()


def test_leftovers_used_for_the_run_are_supply(run: CutoffRun) -> None:
    LeftoverMovement.objects.create(
        origin_run=run, used_run=run, sku=sku_of("K2"), kind=LeftoverKind.USED, qty=-1, at=NIGHT
    )

    assert is_broken()


def test_pieces_lost_in_sorting_are_no_supply(run: CutoffRun) -> None:
    lose(run, "K2", 1, at=NIGHT)

    assert is_broken()


def test_spare_goods_may_be_lost_without_anybody_losing(run: CutoffRun) -> None:
    lose(run, "K1", 3, at=NIGHT)  # 15 came for 12

    assert not is_broken()


def test_a_line_fixed_by_hand_explains_what_is_spare(run: CutoffRun) -> None:
    Allocation.objects.filter(allocated_qty=0).update(is_fixed=True)
    arrive(run, "K2", 1, at=NIGHT)

    assert not is_broken()


def test_a_set_explains_pieces_too_few_for_it(run: CutoffRun) -> None:
    Offer.objects.filter(sku__code="K2").update(is_all_or_nothing=True)
    arrive(run, "K2", 2, at=NIGHT)
    assert not is_broken()

    arrive(run, "K2", 1, at=NIGHT)
    assert is_broken()


def test_refunded_pieces_are_no_longer_asked_for() -> None:
    run = played()
    arrive(run, "K2", 3, at=NIGHT)

    assert not is_broken()


def test_pieces_given_beyond_a_refund_break_it() -> None:
    played()

    lie(
        "UPDATE fulfillment_allocation SET allocated_qty = 1, ordered_qty = ordered_qty "
        "WHERE allocated_qty = 0"
    )

    assert is_broken()


def test_another_quantity_than_was_ordered_breaks_it(run: CutoffRun) -> None:
    lie("UPDATE fulfillment_allocation SET ordered_qty = ordered_qty + 1")

    assert is_broken()
