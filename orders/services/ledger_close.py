"""Closing the books of a day: its sums are stored, and nothing is added to it any more."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from leaders.domain.crashpoints import crashpoint
from orders.domain.accounts import account_kind
from orders.models.ledger import Account, Transfer
from orders.selectors.ledger import MARKING_ACCOUNT, closed_through
from orders.services.locks import ledger_lock_exclusive

# A day is closed at noon of the next: payments of its last minute are known by
# then, and the providers' bills of the day have been asked for.
CLOSES_AFTER = timedelta(hours=12)

# Money that moved up to the day and has no transfer yet.
UNPOSTED_SQL = """
SELECT EXISTS (
    SELECT FROM orders_payment p
     WHERE p.state = 'succeeded' AND coalesce(p.received_fen, p.amount_fen) > 0
       AND p.succeeded_at < %(end)s
       AND NOT EXISTS (SELECT FROM orders_transfer t WHERE t.idem_key = 'pay:' || p.out_trade_no)
) OR EXISTS (
    SELECT FROM orders_refund f
     WHERE f.requested_at < %(end)s
       AND (NOT EXISTS (SELECT FROM orders_transfer t
                         WHERE t.idem_key = 'refund-req:' || f.out_refund_no)
         OR (f.state = 'succeeded' AND f.succeeded_at < %(end)s
             AND NOT EXISTS (SELECT FROM orders_transfer t
                              WHERE t.idem_key = 'refund-paid:' || f.out_refund_no)))
)
"""

# What was stored last for each account plus what moved since. The marking
# account has a row for every closed day.
CLOSE_SQL = """
INSERT INTO orders_dailybalance (account_id, business_date, debit_fen, credit_fen, closed_at)
SELECT a.id, %(day)s,
       coalesce(stored.debit_fen, 0) + coalesce(moved.debit_fen, 0),
       coalesce(stored.credit_fen, 0) + coalesce(moved.credit_fen, 0),
       %(now)s
  FROM orders_account a
  LEFT JOIN (SELECT account_id, sum(debit_fen) AS debit_fen, sum(credit_fen) AS credit_fen
               FROM (SELECT debit_id AS account_id, amount_fen AS debit_fen, 0 AS credit_fen
                       FROM orders_transfer
                      WHERE business_date <= %(day)s AND business_date > %(closed)s
                      UNION ALL
                     SELECT credit_id, 0, amount_fen
                       FROM orders_transfer
                      WHERE business_date <= %(day)s AND business_date > %(closed)s) AS sides
              GROUP BY account_id) AS moved ON moved.account_id = a.id
  LEFT JOIN LATERAL (SELECT d.debit_fen, d.credit_fen
                       FROM orders_dailybalance d
                      WHERE d.account_id = a.id
                      ORDER BY d.business_date DESC
                      LIMIT 1) AS stored ON true
 WHERE moved.account_id IS NOT NULL OR a.code = %(mark)s
"""


def days_close(*, now: datetime) -> int:
    """Close every day that is over and complete, oldest first; return how many.

    A day waits while money that moved by its end is not posted, and so do the
    days after it. Safe to call at any time and twice at once: nobody posts
    while days are closed, and a closed day is not closed again.
    """
    last = timezone.localdate(now - CLOSES_AFTER) - timedelta(days=1)
    closed = closed_through()
    if (closed is not None and closed >= last) or not _days_with_transfers(closed, last):
        return 0
    return _days_close(last, now)


@transaction.atomic
def _days_close(last: date, now: datetime) -> int:
    if not ledger_lock_exclusive():
        return 0
    Account.objects.bulk_create(
        [Account(code=MARKING_ACCOUNT, kind=account_kind(MARKING_ACCOUNT))], ignore_conflicts=True
    )
    closed = closed_through()
    days = _days_with_transfers(closed, last)
    count = 0
    for day in days:
        if _has_unposted(day):
            break
        _close(day, closed, now)
        closed = day
        count += 1
        crashpoint("ledger_close.day_closed")
    return count


def _days_with_transfers(closed: date | None, last: date) -> Sequence[date]:
    days = Transfer.objects.filter(business_date__lte=last)
    if closed is not None:
        days = days.filter(business_date__gt=closed)
    return list(days.order_by("business_date").values_list("business_date", flat=True).distinct())


def _has_unposted(day: date) -> bool:
    end = timezone.make_aware(datetime.combine(day + timedelta(days=1), datetime.min.time()))
    with connection.cursor() as cursor:
        cursor.execute(UNPOSTED_SQL, {"end": end})
        return bool(cursor.fetchone()[0])


def _close(day: date, closed: date | None, now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            CLOSE_SQL,
            {"day": day, "closed": closed or date.min, "now": now, "mark": MARKING_ACCOUNT},
        )
