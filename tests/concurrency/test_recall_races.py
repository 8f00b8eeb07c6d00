"""Two people who call the same goods back at once start one recall, and nobody is told twice."""

from datetime import UTC, datetime
from unittest.mock import patch

import pytest

from fulfillment.models.recalls import Recall
from fulfillment.services import recalls
from fulfillment.services.recalls import recall_start
from leaders.models.accounts import Role
from orders.models.outbox import OutboxMessage, Topic
from tests.concurrency.race import Runner, race, values
from tests.factories.leaders import UserFactory
from tests.factories.recalls import scope_of
from tests.fulfillment.services.days import played

NOW = datetime(2026, 3, 11, 9, 0, tzinfo=UTC)


def started(*, guarded: bool = True) -> list[int]:
    """The recalls that three people at once come to."""
    scope = scope_of(played(), "K2")
    officer = UserFactory.create(role=Role.COMPLIANCE)

    def start(_runner: Runner) -> int:
        return recall_start(
            scope=scope, reason="胀气", advice="请勿食用。", actor=officer, now=NOW
        ).recall.pk

    unlocked = patch.object(recalls, "recall_lock", lambda _sku_id: None)
    outcomes = race(
        start,
        processes=3,
        sleep_at={"recall.looked": 0.3},
        without=[] if guarded else [unlocked],
    )
    return values(outcomes)


def test_the_same_goods_are_called_back_once() -> None:
    keys = started()

    recall = Recall.objects.get()
    assert keys == [recall.pk] * 3
    residents = recall.lines.values("order_line__order__resident").distinct().count()
    told = OutboxMessage.objects.filter(topic=Topic.RECALL, resident__isnull=False)
    assert told.count() == residents


@pytest.mark.control
def test_without_the_lock_each_starts_a_recall_of_its_own() -> None:
    assert len(set(started(guarded=False))) > 1
