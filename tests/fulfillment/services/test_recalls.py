"""Goods are called back from everybody who has them, people are told once, returns are counted."""

from datetime import UTC, datetime

import pytest

from fulfillment.models.allocation import Allocation
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.recalls import Recall, RecallLine
from fulfillment.models.receiving import Batch
from fulfillment.recall_errors import RecallClosed, RecallConcernsNobody, RecallReturnTooMany
from fulfillment.selectors.recall_reach import recall_reach
from fulfillment.selectors.recalls import recall_report, recalled_lines
from fulfillment.selectors.trace import TraceQuery, batch_trace
from fulfillment.services.recalls import (
    StartedRecall,
    recall_close,
    recall_phone_open,
    recall_return,
    recall_start,
)
from leaders.models.accounts import Role, User
from leaders.models.audit import AuditEvent
from orders.models.orders import Order
from orders.models.outbox import OutboxMessage, Topic
from orders.services.outbox_relay import outbox_relay
from tests.factories.leaders import UserFactory
from tests.factories.recalls import scope_of
from tests.fulfillment.services.days import played

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 11, 9, 0, tzinfo=UTC)


@pytest.fixture
def run() -> CutoffRun:
    """A played day; K2 is short by three."""
    return played()


@pytest.fixture
def officer() -> User:
    return UserFactory.create(role=Role.COMPLIANCE)


def start(run: CutoffRun, officer: User, sku_code: str = "K2", **more: object) -> StartedRecall:
    return recall_start(
        scope=scope_of(run, sku_code, **more),
        reason="包装胀气",
        advice="请勿食用。",
        actor=officer,
        now=NOW,
    )


def test_a_recall_has_a_line_for_everybody_who_was_given_pieces(
    run: CutoffRun, officer: User
) -> None:
    recall = start(run, officer).recall

    given = {
        (row.order_line_id, row.allocated_qty)
        for row in Allocation.objects.filter(order_line__sku__code="K2", allocated_qty__gt=0)
    }
    assert set(recall.lines.values_list("order_line_id", "qty")) == given != set()
    assert AuditEvent.objects.get(action="recall.started").facts["lines"] == len(given)


def test_a_batch_is_called_back_from_whom_the_trace_names(run: CutoffRun, officer: User) -> None:
    batch = Batch.objects.get(receipt_line__purchase_line__sku__code="K2")

    recall = start(run, officer, batch_no=batch.batch_no.lower()).recall

    (traced,) = batch_trace(TraceQuery(batch_no=batch.batch_no), with_phones=False)
    assert {(line.order_no, line.qty) for line in recalled_lines(recall)} == {
        (resident.order_no, resident.pieces) for resident in traced.residents
    }


def test_a_batch_nobody_had_calls_nothing_back(run: CutoffRun, officer: User) -> None:
    scope = scope_of(run, "K2", batch_no="no such")

    assert recall_reach(scope).lines == 0
    with pytest.raises(RecallConcernsNobody):
        start(run, officer, batch_no="no such")
    assert not OutboxMessage.objects.filter(topic=Topic.RECALL).exists()


def test_the_same_goods_are_called_back_once_and_people_told_once(
    run: CutoffRun, officer: User
) -> None:
    first = start(run, officer)
    told = OutboxMessage.objects.filter(topic=Topic.RECALL).count()

    second = start(run, officer)

    assert (second.recall, second.is_new) == (first.recall, False)
    assert OutboxMessage.objects.filter(topic=Topic.RECALL).count() == told
    report = recall_report(first.recall)
    assert told == report.residents + report.leaders


def test_the_report_says_who_was_reached_and_what_came_back(run: CutoffRun, officer: User) -> None:
    recall = start(run, officer).recall
    deaf = recall.lines.order_by("pk")[0].order_line.order
    OutboxMessage.objects.filter(topic=Topic.RECALL, resident=deaf.resident).delete()
    outbox_relay(now=NOW)
    line = recall.lines.order_by("pk")[1]

    recall_return(line_id=line.pk, qty=1, actor=officer, now=NOW)

    report = recall_report(recall)
    assert (report.unreached, report.waiting, report.returned) == (1, 0, 1)
    assert report.reached == report.residents - 1
    assert recall_reach(scope_of(run, "K2")).pieces == report.pieces


def test_no_more_comes_back_than_was_handed_out(run: CutoffRun, officer: User) -> None:
    recall = start(run, officer).recall
    line = recall.lines.order_by("pk")[0]

    with pytest.raises(RecallReturnTooMany):
        recall_return(line_id=line.pk, qty=line.qty + 1, actor=officer, now=NOW)

    line.refresh_from_db()
    assert line.returned_qty == 0


def test_a_closed_recall_takes_nothing_back_and_opens_no_phone(
    run: CutoffRun, officer: User
) -> None:
    recall = start(run, officer).recall
    line = recall.lines.order_by("pk")[0]
    opened = recall_phone_open(line_id=line.pk, actor=officer, now=NOW)
    assert opened == Order.objects.get(lines=line.order_line).resident_phone

    recall_close(recall_id=recall.pk, actor=officer, now=NOW)

    with pytest.raises(RecallClosed):
        recall_close(recall_id=recall.pk, actor=officer, now=NOW)
    with pytest.raises(RecallClosed):
        recall_return(line_id=line.pk, qty=0, actor=officer, now=NOW)
    with pytest.raises(RecallClosed):
        recall_phone_open(line_id=line.pk, actor=officer, now=NOW)
    facts = AuditEvent.objects.get(action="recall.closed").facts
    assert facts["pieces"] == sum(RecallLine.objects.values_list("qty", flat=True))


def test_what_was_closed_may_be_called_back_again(run: CutoffRun, officer: User) -> None:
    recall_close(recall_id=start(run, officer).recall.pk, actor=officer, now=NOW)

    assert start(run, officer).is_new
    assert Recall.objects.count() == 2
