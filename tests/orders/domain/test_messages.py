"""What messages need to know, and when they are tried again."""

from datetime import timedelta

import pytest

from orders.domain.messages import (
    ATTEMPTS_MAX,
    FACTS,
    Topic,
    facts_missing,
    facts_without_secrets,
    message_fields,
    retry_pause,
)
from orders.models import outbox


def test_rows_and_rules_know_the_same_topics() -> None:
    assert [topic.value for topic in outbox.Topic] == [topic.value for topic in Topic]
    assert set(FACTS) == set(Topic)


def test_missing_facts_are_named() -> None:
    facts = {"order_no": "O1", "amount_fen": 5}

    assert facts_missing(Topic.ORDER_PAID, facts) == {"delivery_date", "place"}
    assert facts_missing(Topic.PAYMENT_RETURNED, facts) == set()


def test_a_code_is_forgotten_and_what_it_was_for_is_not() -> None:
    facts = {"code": "123456", "minutes": 5, "expires_at": "2026-03-10T12:05:00+00:00"}

    kept = facts_without_secrets(Topic.LOGIN_CODE, facts)

    assert kept == {"minutes": 5, "expires_at": "2026-03-10T12:05:00+00:00"}
    assert facts_without_secrets(Topic.ARRIVED, {"code": "07-8821"}) == {"code": "07-8821"}


@pytest.mark.parametrize(
    ("goods", "expected"),
    [
        ([["西兰花 750g", 2]], "西兰花 750g×2"),
        ([["西兰花", 2], ["鸡蛋", 1]], "西兰花×2、鸡蛋×1"),
        ([["西兰花", 2], ["鸡蛋", 1], ["米", 3]], "西兰花×2、鸡蛋×1 …"),
    ],
)
def test_two_goods_are_named_and_more_are_dots(goods: list[list[object]], expected: str) -> None:
    assert message_fields({"goods": goods}, comma="、")["goods"] == expected


def test_facts_become_texts_by_name() -> None:
    facts = {"order_no": "O1", "amount_fen": 123_456, "pieces": 3, "is_approved": True}

    assert message_fields(facts, comma=", ") == {
        "order_no": "O1",
        "amount_fen": "123456",
        "amount": "¥1234.56",
        "pieces": "3",
    }


def test_pauses_double_from_15_seconds_to_an_hour() -> None:
    pauses = [retry_pause(attempts) for attempts in range(1, ATTEMPTS_MAX + 1)]

    assert [pause.total_seconds() for pause in pauses] == [15, 30, 60, 120, 240, 480, 960, 1920]
    assert retry_pause(1000) == timedelta(hours=1)
