"""The books read: balances on any day, the statement of an account, the money of an order.

A closed day is never summed again: balances start from its stored sums and add
the transfers of the days after it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db import connection
from django.db.models import Case, F, Q, QuerySet, Sum, When, Window

from orders.domain.accounts import (
    BANK,
    CLEARING,
    CUSTOMER_PREPAID,
    REFUND_PAYABLE,
    SALES,
    SUSPENSE,
)
from orders.domain.adjustments import accounts_adjustable
from orders.domain.transfers import LedgerEvent
from orders.models.ledger import Account, DailyBalance, Transfer

# Every closed day has a row of this account, moved or not: it marks the day.
MARKING_ACCOUNT = BANK


# The last stored sums of each account, and the transfers since.
BALANCES_SQL = """
WITH started AS (
    SELECT max(d.business_date) AS day
      FROM orders_dailybalance d JOIN orders_account a ON a.id = d.account_id
     WHERE a.code = %(mark)s AND d.business_date <= coalesce(%(day)s::date, 'infinity')
), later AS (
    SELECT debit_id, credit_id, amount_fen
      FROM orders_transfer
     WHERE business_date > coalesce((SELECT day FROM started), '-infinity')
       AND business_date <= coalesce(%(day)s::date, 'infinity')
       AND (%(account)s::bigint IS NULL OR %(account)s::bigint IN (debit_id, credit_id))
), moved AS (
    SELECT account_id, sum(debit_fen) AS debit_fen, sum(credit_fen) AS credit_fen
      FROM (SELECT debit_id AS account_id, amount_fen AS debit_fen, 0 AS credit_fen FROM later
             UNION ALL
            SELECT credit_id, 0, amount_fen FROM later) AS sides
     GROUP BY account_id
)
SELECT a.id, a.code, a.kind,
       coalesce(closed.debit_fen, 0) + coalesce(moved.debit_fen, 0),
       coalesce(closed.credit_fen, 0) + coalesce(moved.credit_fen, 0)
  FROM orders_account a
  LEFT JOIN moved ON moved.account_id = a.id
  LEFT JOIN LATERAL (SELECT d.debit_fen, d.credit_fen
                       FROM orders_dailybalance d
                      WHERE d.account_id = a.id AND d.business_date <= (SELECT day FROM started)
                      ORDER BY d.business_date DESC
                      LIMIT 1) AS closed ON true
 WHERE %(account)s::bigint IS NULL OR a.id = %(account)s::bigint
 ORDER BY a.code
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountBalance:
    """The sums of one account; an account that grows by credits has a negative net."""

    account_id: int
    code: str
    kind: str
    debit_fen: int
    credit_fen: int

    @property
    def net_fen(self) -> int:
        """Debits less credits."""
        return self.debit_fen - self.credit_fen


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementEntry:
    """One transfer from the side of one account, with what the account held after it.

    One of `debit_fen` and `credit_fen` is 0; `balance_fen` is debits less credits.
    """

    transfer_id: int
    business_date: date
    event: str
    ref_type: str
    ref_id: str
    other_code: str
    debit_fen: int
    credit_fen: int
    balance_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderMoney:
    """What the books say of one order; a finished order leaves nothing prepaid."""

    received_fen: int
    refunded_fen: int
    refund_payable_fen: int
    sold_fen: int
    prepaid_fen: int
    suspense_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """An account from one day to another; its entries are read page by page."""

    account_id: int
    since: date
    until: date
    opening_fen: int

    def count(self) -> int:
        """How many entries there are."""
        return self._transfers().count()

    def entries(self, start: int, stop: int) -> list[StatementEntry]:
        """The entries of a slice, oldest first."""
        side = Case(When(debit_id=self.account_id, then=F("amount_fen")), default=-F("amount_fen"))
        rows = (
            self._transfers()
            .annotate(running=Window(Sum(side), order_by=["business_date", "pk"]))
            .select_related("debit", "credit")
            .order_by("business_date", "pk")
        )
        return [self._entry(row, row.running) for row in rows[start:stop]]

    def _transfers(self) -> QuerySet[Transfer]:
        return Transfer.objects.filter(
            Q(debit_id=self.account_id) | Q(credit_id=self.account_id),
            business_date__range=(self.since, self.until),
        )

    def _entry(self, row: Transfer, running_fen: int) -> StatementEntry:
        is_debit = row.debit_id == self.account_id
        return StatementEntry(
            transfer_id=row.pk,
            business_date=row.business_date,
            event=row.event,
            ref_type=row.ref_type,
            ref_id=row.ref_id,
            other_code=row.credit.code if is_debit else row.debit.code,
            debit_fen=row.amount_fen if is_debit else 0,
            credit_fen=0 if is_debit else row.amount_fen,
            balance_fen=self.opening_fen + running_fen,
        )


class PostedRow(NamedTuple):
    """One transfer as people read it."""

    business_date: date
    event: str
    debit: str
    credit: str
    ref_id: str
    amount_fen: int


def closed_through() -> date | None:
    """The last closed business day, or None while no day is closed."""
    marked = DailyBalance.objects.filter(account__code=MARKING_ACCOUNT)
    return marked.order_by("-business_date").values_list("business_date", flat=True).first()


def accounts_for_adjustment() -> tuple[str, ...]:
    """The codes of all accounts that people may adjust, in order."""
    return accounts_adjustable(Account.objects.values_list("code", flat=True))


def trial_balance_on(day: date | None = None) -> list[AccountBalance]:
    """Return the sums of every account at the end of a day (None: now), in order of code.

    Their nets sum to 0.
    """
    return _balances(day=day, account_id=None)


def account_balance_on(*, account_id: int, day: date | None = None) -> AccountBalance:
    """Return the sums of one account at the end of a day (None: now)."""
    (balance,) = _balances(day=day, account_id=account_id)
    return balance


def account_statement(*, account_id: int, since: date, until: date) -> Statement:
    """Return the statement of an account from one day to another, both included."""
    opening = account_balance_on(account_id=account_id, day=since - timedelta(days=1))
    return Statement(account_id=account_id, since=since, until=until, opening_fen=opening.net_fen)


def order_money(order_id: int) -> OrderMoney:
    """Return what the books say of an order."""
    transfers = Transfer.objects.filter(order_id=order_id)
    net_by_code: Counter[str] = Counter()
    for debit, credit, fen in transfers.values_list("debit__code", "credit__code", "amount_fen"):
        net_by_code[debit] += fen
        net_by_code[credit] -= fen
    held = sum(fen for code, fen in net_by_code.items() if code.startswith(f"{CLEARING}:"))
    refunded = sum(
        transfers.filter(event=LedgerEvent.REFUND_PAID).values_list("amount_fen", flat=True)
    )
    return OrderMoney(
        received_fen=held + refunded,
        refunded_fen=refunded,
        refund_payable_fen=-net_by_code[REFUND_PAYABLE],
        sold_fen=-net_by_code[SALES],
        prepaid_fen=-net_by_code[CUSTOMER_PREPAID],
        suspense_fen=-net_by_code[SUSPENSE],
    )


def transfers_of_order(
    order_id: int, *, with_keys: Sequence[str], account: str = "", about: str = ""
) -> tuple[PostedRow, ...]:
    """What was posted for an order, and under some keys beside it, in order.

    With an `account`, only what touches it; with `about`, only what of the
    order has that text in its key.
    """
    of_order = Q(order=order_id)
    if about:
        of_order &= Q(idem_key__contains=about)
    rows = Transfer.objects.filter(of_order | Q(idem_key__in=with_keys))
    if account:
        rows = rows.filter(Q(debit__code=account) | Q(credit__code=account))
    names = ("business_date", "event", "debit__code", "credit__code", "ref_id", "amount_fen")
    return tuple(PostedRow._make(row) for row in rows.order_by("pk").values_list(*names))


def _balances(*, day: date | None, account_id: int | None) -> list[AccountBalance]:
    with connection.cursor() as cursor:
        cursor.execute(BALANCES_SQL, {"mark": MARKING_ACCOUNT, "day": day, "account": account_id})
        return [
            AccountBalance(
                account_id=pk, code=code, kind=kind, debit_fen=int(debit), credit_fen=int(credit)
            )
            for pk, code, kind, debit, credit in cursor.fetchall()
        ]


def payments_booked_since(moment: datetime, *, newest: int) -> int:
    """Count the payments booked after a moment, among so many of the newest transfers."""
    rows = Transfer.objects.order_by("-pk").values_list("event", "created_at")[:newest]
    return sum(
        event == LedgerEvent.PAYMENT_RECEIVED and created_at > moment for event, created_at in rows
    )
