"""Spare goods of the same kind for residents who said they may be given them.

The tiny day: of tofu (K2, 2.90 yuan) O3 lacks 3 pieces; of K1 (4.00 yuan) 3
pieces are spare, since it is bought in packs of 5.
"""

from datetime import datetime

import pytest

from fulfillment.errors import DayClosed, ShortagesFinal, SubstituteNotPossible
from fulfillment.models.allocation import Allocation, AllocationCause, AllocationRun
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.warehouse import Drop, SortTask
from fulfillment.selectors.books import books_check
from fulfillment.selectors.substitution import substitute_choices
from fulfillment.services.refunds import shortages_refund
from fulfillment.services.shortages import shortages_finalize
from fulfillment.services.substitution import substitute_give
from leaders.models.accounts import User
from orders.models.campaigns import Offer
from orders.models.catalogue import Category, Product
from orders.models.orders import Order
from orders.models.payments import Refund
from tests.builders import OPENS_AT
from tests.factories.leaders import UserFactory
from tests.factories.shortages import lose, sku_of
from tests.fulfillment.services.days import sharing

pytestmark = pytest.mark.django_db

NIGHT: datetime = OPENS_AT.replace(day=11, hour=4)


@pytest.fixture
def run() -> CutoffRun:
    run = sharing()
    Order.objects.update(accepts_substitutes=True)
    return run


@pytest.fixture
def supervisor() -> User:
    user: User = UserFactory.create()
    return user


def give(run: CutoffRun, actor: User, *, reason: str = "tofu came short") -> AllocationRun:
    return substitute_give(
        run=run,
        short_sku_id=sku_of("K2").pk,
        substitute_sku_id=sku_of("K1").pk,
        actor=actor,
        reason=reason,
        now=NIGHT,
    )


def replaced() -> dict[str, tuple[int, int]]:
    """Order → (substitutes, still short) of the tofu lines."""
    lines = Allocation.objects.filter(order_line__sku__code="K2").values_list(
        "order_line__order__source_no", "substitute_qty", "short_qty"
    )
    return {order: (given, short) for order, given, short in lines}


def violations() -> list[str]:
    goods = {"allocation", "allocation_changes", "drops", "sort_tasks", "stops", "loads"}
    return [result.name for result in books_check() if result.violations and result.name in goods]


def test_spare_goods_fill_what_is_short(run: CutoffRun, supervisor: User) -> None:
    record = give(run, supervisor)

    assert replaced() == {"O1": (0, 0), "O2": (0, 0), "O3": (3, 0)}
    assert (record.cause, record.gained_qty) == (AllocationCause.SUBSTITUTION, 3)
    change = record.changes.get()
    assert (change.before_qty, change.after_qty) == (0, 3)
    assert violations() == []


def test_the_slot_and_the_card_of_the_substitute_get_its_pieces(
    run: CutoffRun, supervisor: User
) -> None:
    before = SortTask.objects.get(sku__code="K1").pieces

    give(run, supervisor)

    assert SortTask.objects.get(sku__code="K1").pieces == before + 3
    assert Drop.objects.get(pickup_point__code="L1").pieces == 7 + 3


def test_only_what_stays_short_is_refunded(run: CutoffRun, supervisor: User) -> None:
    lose(run, "K1", 1, at=NIGHT)
    give(run, supervisor)
    shortages_finalize(run=run, actor=None, now=NIGHT)

    figures = shortages_refund(run=run, now=NIGHT)

    assert replaced()["O3"] == (2, 1)
    assert (figures["pieces_short"], figures["refund_fen"]) == (1, 290)
    assert Refund.objects.get().amount_fen == 290


def test_nobody_is_given_what_he_did_not_agree_to(run: CutoffRun, supervisor: User) -> None:
    Order.objects.filter(source_no="O3").update(accepts_substitutes=False)

    with pytest.raises(SubstituteNotPossible):
        give(run, supervisor)

    assert replaced()["O3"] == (0, 3)


def test_whoever_paid_first_is_served_first(run: CutoffRun, supervisor: User) -> None:
    Allocation.objects.filter(order_line__order__source_no="O1", order_line__sku__code="K2").update(
        allocated_qty=2
    )

    give(run, supervisor)

    assert replaced() == {"O1": (2, 0), "O2": (0, 0), "O3": (1, 2)}


def test_a_set_is_replaced_whole_or_not_at_all(run: CutoffRun, supervisor: User) -> None:
    Offer.objects.filter(sku__code="K2").update(is_all_or_nothing=True)
    lose(run, "K1", 1, at=NIGHT)

    with pytest.raises(SubstituteNotPossible):
        give(run, supervisor)


def test_goods_that_cost_less_are_no_substitute(run: CutoffRun, supervisor: User) -> None:
    Offer.objects.filter(sku__code="K1").update(price_fen=289)

    with pytest.raises(SubstituteNotPossible):
        give(run, supervisor)
    assert substitute_choices(run, sku_of("K2").pk) == []


def test_goods_of_another_category_are_no_substitute(run: CutoffRun, supervisor: User) -> None:
    Product.objects.filter(skus__code="K1").update(category=Category.objects.create(name="粮油"))

    with pytest.raises(SubstituteNotPossible):
        give(run, supervisor)


def test_only_spare_goods_are_given(run: CutoffRun, supervisor: User) -> None:
    lose(run, "K1", 3, at=NIGHT)

    with pytest.raises(SubstituteNotPossible):
        give(run, supervisor)


def test_the_choices_are_spare_and_no_cheaper(run: CutoffRun) -> None:
    (choice,) = substitute_choices(run, sku_of("K2").pk)

    assert (choice.code, choice.price_fen, choice.spare_qty) == ("K1", 400, 3)


def test_it_needs_a_reason_and_is_over_with_the_refunds(run: CutoffRun, supervisor: User) -> None:
    with pytest.raises(SubstituteNotPossible):
        give(run, supervisor, reason=" ")
    shortages_finalize(run=run, actor=None, now=NIGHT)
    with pytest.raises(ShortagesFinal):
        give(run, supervisor)
    CutoffRun.objects.update(day_closed_at=NIGHT, day_closed_by=supervisor)
    with pytest.raises(DayClosed):
        give(run, supervisor)
