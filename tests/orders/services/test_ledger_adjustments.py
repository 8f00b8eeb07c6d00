"""A transfer by hand is posted once, when a second person has signed it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from fulfillment.selectors.books import books_check
from leaders.errors import CountersignatureOver, CountersignatureWaits, SecondPersonNeeded
from leaders.models.accounts import User
from leaders.models.audit import AuditEvent
from leaders.models.countersignatures import Countersignature
from orders.domain.adjustments import Adjustment
from orders.models.ledger import DailyBalance, Transfer
from orders.services.ledger_adjustments import adjustment_ask, adjustment_sign
from orders.services.ledger_close import days_close
from tests.factories.countersignatures import FinanceFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 10, 3, 0, tzinfo=UTC)
SETTLED = Adjustment(
    debit="bank", credit="clearing:sandbox", amount_fen=1_200, document=" 回单 88 "
)


@pytest.fixture
def finance() -> list[User]:
    return FinanceFactory.create_batch(2)


def ask(finance: list[User], adjustment: Adjustment = SETTLED) -> Countersignature:
    return adjustment_ask(adjustment=adjustment, reason="到账未登记", actor=finance[0], now=NOW)


def broken() -> list[str]:
    return [result.name for result in books_check() if result.violations]


def test_asking_posts_nothing(finance: list[User]) -> None:
    asked = ask(finance)

    assert not Transfer.objects.exists()
    assert asked.facts == {
        "debit": "bank",
        "credit": "clearing:sandbox",
        "amount_fen": 1_200,
        "document": "回单 88",
    }
    assert asked.amount_fen == 1_200


def test_the_signature_posts_it_under_its_own_key(finance: list[User]) -> None:
    asked = ask(finance)

    adjustment_sign(countersignature=asked, actor=finance[1], now=NOW)

    posted = Transfer.objects.get()
    assert (posted.debit.code, posted.credit.code) == ("bank", "clearing:sandbox")
    assert (posted.amount_fen, posted.event) == (1_200, "adjusted")
    assert (posted.idem_key, posted.business_date) == (f"adjust:{asked.pk}", date(2026, 3, 10))
    event = AuditEvent.objects.get(action="ledger.adjusted")
    assert (event.actor, event.facts["document"]) == (finance[1], "回单 88")
    assert broken() == []


def test_who_asked_posts_nothing(finance: list[User]) -> None:
    asked = ask(finance)

    with pytest.raises(SecondPersonNeeded):
        adjustment_sign(countersignature=asked, actor=finance[0], now=NOW)

    assert not Transfer.objects.exists()


def test_signed_again_nothing_is_posted_again(finance: list[User]) -> None:
    asked = ask(finance)
    adjustment_sign(countersignature=asked, actor=finance[1], now=NOW)

    with pytest.raises(CountersignatureOver):
        adjustment_sign(countersignature=asked, actor=finance[1], now=NOW)

    assert Transfer.objects.count() == 1


def test_one_waits_for_each_account_at_a_time(finance: list[User]) -> None:
    ask(finance)

    with pytest.raises(CountersignatureWaits):
        ask(finance, replace(SETTLED, amount_fen=5))
    ask(finance, replace(SETTLED, debit="gateway_fee"))

    assert Countersignature.objects.count() == 2


def test_a_day_that_is_closed_stays_as_it_is(finance: list[User]) -> None:
    adjustment_sign(countersignature=ask(finance), actor=finance[1], now=NOW)
    days_close(now=NOW + timedelta(days=2))
    closed = list(DailyBalance.objects.order_by("pk").values())

    late = ask(finance, replace(SETTLED, amount_fen=300))
    adjustment_sign(countersignature=late, actor=finance[1], now=NOW)

    assert Transfer.objects.get(amount_fen=300).business_date == date(2026, 3, 11)
    assert list(DailyBalance.objects.order_by("pk").values()) == closed
    assert broken() == []


@pytest.mark.parametrize(
    "lie",
    [
        "UPDATE orders_transfer SET amount_fen = amount_fen + 1",
        "DELETE FROM orders_transfer",
        "UPDATE leaders_countersignature SET state = 'lapsed'",
        """
        UPDATE leaders_countersignature
           SET facts = jsonb_set(facts, '{credit}', '"purchases"')
        """,
    ],
    ids=["amount", "gone", "unsigned", "accounts"],
)
def test_the_books_name_what_differs_from_what_was_signed(finance: list[User], lie: str) -> None:
    asked = ask(finance)
    adjustment_sign(countersignature=asked, actor=finance[1], now=NOW)

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(lie)

    found = {result.name: result for result in books_check()}["adjustments"]
    assert found.offenders == (f"adjust:{asked.pk}",)
