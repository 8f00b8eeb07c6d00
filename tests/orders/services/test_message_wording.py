"""Messages in words."""

from typing import Any

import pytest

from orders.domain.messages import FACTS, Topic
from orders.models.payments import RefundReason
from orders.services.message_wording import message_text, message_values

FACT_EXAMPLES: dict[str, Any] = {
    "order_no": "OT000001",
    "amount_fen": 1250,
    "delivery_date": "2026-03-11",
    "date": "2026-03-11",
    "place": "锦绣花园东门驿站",
    "address": "文化路 8 号",
    "goods": [["西兰花 500g", 2]],
    "code": "07-8821",
    "hours": "16:00~20:00",
    "pieces": 3,
    "minutes": 5,
    "expires_at": "2026-03-10T12:05:00+00:00",
    "announced": "07:50",
    "expected": "08:25",
    "level": "正式团长",
    "effective_on": "2026-03-20",
    "until": "14:10",
    "is_approved": True,
    "reason": "",
    "recalled": "嫩豆腐 400g",
    "days": "2026-03-11",
    "advice": "请勿食用，交回自提点。",
    "po_no": "P-C1-S01",
    "supplier": "郑州蔬菜供应商",
    "confirm_by": "23:25",
    "link": "https://tuanpei.example/po/2f.1abcde.AbCdEfGhIjKlMnOpQrStUv/",
    "token": "2f.1abcde.AbCdEfGhIjKlMnOpQrStUv",
}


def facts_of(topic: Topic) -> dict[str, Any]:
    return {name: FACT_EXAMPLES[name] for name in FACTS[topic]}


@pytest.mark.parametrize("topic", Topic)
def test_the_facts_of_a_topic_are_enough_for_its_words(topic: Topic) -> None:
    text = message_text(topic, facts_of(topic))

    assert "%" not in text
    assert text


def test_a_returned_payment_says_why() -> None:
    facts = facts_of(Topic.PAYMENT_RETURNED)

    texts = {
        message_text(Topic.PAYMENT_RETURNED, facts | {"reason": reason})
        for reason in [
            RefundReason.CANCELLATION,
            RefundReason.GROUP_NOT_REACHED,
            RefundReason.DUPLICATE_PAYMENT,
            RefundReason.LATE_PAYMENT,
            RefundReason.SHORTAGE,
        ]
    }

    assert len(texts) == 5
    assert all("OT000001" in text and "¥12.50" in text for text in texts)


def test_a_claim_is_approved_or_not() -> None:
    facts = facts_of(Topic.CLAIM_DECIDED)

    approved = message_text(Topic.CLAIM_DECIDED, facts)
    rejected = message_text(Topic.CLAIM_DECIDED, facts | {"is_approved": False})

    assert "¥12.50" in approved
    assert "¥12.50" not in rejected


def test_the_values_are_there_by_name_for_templates() -> None:
    values = message_values(facts_of(Topic.SHORTAGE_REFUNDED))

    assert values["goods"] == "西兰花 500g×2"
    assert values["amount"] == "¥12.50"


def test_a_changed_purchase_order_is_told_as_a_change() -> None:
    facts = facts_of(Topic.PURCHASE_ORDER)

    new = message_text(Topic.PURCHASE_ORDER, facts | {"is_change": False})
    changed = message_text(Topic.PURCHASE_ORDER, facts | {"is_change": True})

    assert new != changed
    assert facts["link"] in changed
