"""Recalls (召回): the lines of a batch written down, people told once, returns counted, closed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from fulfillment.models.recalls import Recall, RecallLine
from fulfillment.recall_errors import RecallClosed, RecallConcernsNobody, RecallReturnTooMany
from fulfillment.selectors.recall_reach import REACH_SQL, RecallScope
from fulfillment.selectors.recalls import recall_report
from leaders.domain.crashpoints import crashpoint
from leaders.models.accounts import User
from leaders.services.audit import audit
from orders.models.catalogue import Sku
from orders.models.outbox import Topic
from orders.services.outbox import Message, messages_queue

# The first number of the pair names what is locked, the second which SKU.
RECALL_LOCK = 18
MESSAGES_AT_ONCE = 5_000

_LINES = """
INSERT INTO fulfillment_recallline (recall_id, run_id, order_line_id, qty, returned_qty)
SELECT %(recall_id)s, given.run_id, given.order_line_id, given.pieces, 0
  FROM given
 ORDER BY given.order_line_id
"""
_RESIDENTS = """
SELECT DISTINCT ON (r.id) r.id, coalesce(nullif(r.phone, ''), o.resident_phone)
  FROM fulfillment_recallline n
  JOIN orders_orderline i ON i.id = n.order_line_id
  JOIN orders_order o ON o.id = i.order_id
  JOIN orders_resident r ON r.id = o.resident_id
 WHERE n.recall_id = %s
 ORDER BY r.id, o.id DESC
"""
_LEADERS = """
SELECT h.id, h.phone, count(DISTINCT o.resident_id)
  FROM fulfillment_recallline n
  JOIN orders_orderline i ON i.id = n.order_line_id
  JOIN orders_order o ON o.id = i.order_id
  JOIN leaders_leader h ON h.id = o.leader_id
 WHERE n.recall_id = %s
 GROUP BY h.id
 ORDER BY h.id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartedRecall:
    """The recall of an order to recall; not new if somebody had started it before."""

    recall: Recall
    is_new: bool


@transaction.atomic
def recall_start(
    *, scope: RecallScope, reason: str, advice: str, actor: User, now: datetime
) -> StartedRecall:
    """Call goods back from everybody who was given pieces of them, and tell them.

    The same goods of the same days are called back once at a time: whoever
    comes second gets the recall that is open. Raises `RecallConcernsNobody`.
    """
    sku = Sku.objects.get(pk=scope.sku_id)
    recall_lock(scope.sku_id)
    same = Recall.objects.filter(closed_at=None, **scope.parameters)
    if open_one := same.first():
        return StartedRecall(recall=open_one, is_new=False)
    crashpoint("recall.looked")
    recall = Recall.objects.create(
        **scope.parameters, reason=reason, advice=advice, started_at=now, started_by=actor
    )
    with connection.cursor() as cursor:
        cursor.execute(REACH_SQL + _LINES, {**scope.parameters, "recall_id": recall.pk})
        lines = cursor.rowcount
    if not lines:
        raise RecallConcernsNobody(_("Nobody was given pieces of these goods in these days."))
    told = _tell(recall, sku, now)
    audit(
        action="recall.started",
        about=recall,
        actor=actor,
        now=now,
        reason=reason,
        facts={"sku": sku.code, "batch": scope.batch_no, "lines": lines, "messages": told},
    )
    return StartedRecall(recall=recall, is_new=True)


@transaction.atomic
def recall_return(*, line_id: int, qty: int, actor: User, now: datetime) -> None:
    """Note how many pieces of a line have come back, in all.

    Raises `RecallReturnTooMany` and `RecallClosed`.
    """
    line = RecallLine.objects.select_related("recall").get(pk=line_id)
    # Whoever closes waits for the counts that are under way.
    Recall.objects.select_for_update(no_key=True).get(pk=line.recall_id)
    changed = RecallLine.objects.filter(
        pk=line_id, recall__closed_at__isnull=True, qty__gte=qty
    ).update(returned_qty=qty)
    if not changed and qty > line.qty:
        raise RecallReturnTooMany(
            _("Only %(qty)d pieces were handed out.") % {"qty": line.qty}, qty=line.qty
        )
    if not changed:
        raise RecallClosed(_("This recall is closed."))
    audit(
        action="recall.returned",
        about=line.recall,
        actor=actor,
        now=now,
        facts={"line": line_id, "pieces": qty, "before": line.returned_qty},
    )


@transaction.atomic
def recall_close(*, recall_id: int, actor: User, now: datetime) -> None:
    """End a recall; what it came to is written down. Raises `RecallClosed`."""
    closed = Recall.objects.filter(pk=recall_id, closed_at=None).update(closed_at=now)
    if not closed:
        raise RecallClosed(_("This recall is closed."))
    recall = Recall.objects.get(pk=recall_id)
    report = recall_report(recall)
    audit(
        action="recall.closed",
        about=recall,
        actor=actor,
        now=now,
        facts={
            "residents": report.residents,
            "reached": report.reached,
            "pieces": report.pieces,
            "returned": report.returned,
        },
    )


@transaction.atomic
def recall_phone_open(*, line_id: int, actor: User, now: datetime) -> str:
    """Return the whole phone behind a line of an open recall; note who looked.

    Raises `RecallClosed`.
    """
    line = RecallLine.objects.select_related("recall", "order_line__order__resident").get(
        pk=line_id
    )
    if line.recall.closed_at is not None:
        raise RecallClosed(_("This recall is closed."))
    order = line.order_line.order
    audit(
        action="phone.opened",
        about=order,
        actor=actor,
        now=now,
        facts={"recall": line.recall_id, "resident": order.resident.code},
    )
    return order.resident.phone or order.resident_phone


def recall_lock(sku_id: int) -> None:
    """Let one transaction at a time start recalls of a SKU."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [RECALL_LOCK, sku_id])


def _tell(recall: Recall, sku: Sku, now: datetime) -> int:
    """Queue everybody's message; return how many."""
    facts: dict[str, object] = {
        "recalled": sku.name,
        "days": _days(recall.from_on, recall.until_on),
        "reason": recall.reason,
        "advice": recall.advice,
    }
    messages = list(_messages(recall, facts))
    for start in range(0, len(messages), MESSAGES_AT_ONCE):
        messages_queue(messages=messages[start : start + MESSAGES_AT_ONCE], now=now)
    return len(messages)


def _messages(recall: Recall, facts: dict[str, object]) -> Iterator[Message]:
    """One for each resident, one for each leader with how many residents it concerns."""
    with connection.cursor() as cursor:
        cursor.execute(_RESIDENTS, [recall.pk])
        residents = cursor.fetchall()
        cursor.execute(_LEADERS, [recall.pk])
        leaders = cursor.fetchall()
    for resident_id, phone in residents:
        yield Message(
            topic=Topic.RECALL,
            dedupe_key=f"{recall.pk}:resident:{resident_id}",
            phone=phone,
            facts=facts,
            resident_id=resident_id,
        )
    for leader_id, phone, concerned in leaders:
        yield Message(
            topic=Topic.RECALL,
            dedupe_key=f"{recall.pk}:leader:{leader_id}",
            phone=phone,
            facts={**facts, "residents": concerned},
        )


def _days(first: date, last: date) -> str:
    return f"{first:%m-%d}" if first == last else f"{first:%m-%d}–{last:%m-%d}"
