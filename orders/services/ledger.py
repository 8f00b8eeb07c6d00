"""The only writer of the ledger."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.db import connection, transaction

from orders.domain.accounts import account_kind
from orders.domain.ledger import reversal
from orders.domain.transfers import LedgerEvent, TransferDraft
from orders.errors import TransferDocumentUnknown, TransferKeyReused
from orders.models.ledger import Account, Transfer
from orders.models.orders import Order
from orders.selectors.ledger import MARKING_ACCOUNT, closed_through
from orders.services.locks import LEDGER_LOCK

BATCH_SIZE = 5_000

# One round trip, two statements with a snapshot each: the second sees every day
# that was closed before the first had its lock. Nothing is looked up before, and
# nothing is remembered in the process that a rollback could make untrue. A draft
# is left out if its key is taken, its account is new, its document is missing or
# its day is closed; OFFSET keeps the look-ups from being done twice.
POST_SQL = """
SELECT pg_advisory_xact_lock_shared(%(lock)s, 0);
INSERT INTO orders_transfer (debit_id, credit_id, amount_fen, event, idem_key, ref_type, ref_id,
                             order_id, reverses_id, business_date, created_at)
SELECT debit_id, credit_id, amount_fen, event, idem_key, ref_type, ref_id,
       order_id, reverses_id, business_date, %(now)s
  FROM (SELECT draft.*,
               (SELECT id FROM orders_account WHERE code = draft.debit) AS debit_id,
               (SELECT id FROM orders_account WHERE code = draft.credit) AS credit_id,
               (SELECT id FROM orders_order o WHERE o.order_no = draft.order_no) AS order_id,
               (SELECT id FROM orders_transfer t WHERE t.idem_key = draft.reverses) AS reverses_id
          FROM unnest(%(debits)s::text[], %(credits)s::text[], %(amounts)s::bigint[],
                      %(events)s::text[], %(keys)s::text[], %(ref_types)s::text[],
                      %(ref_ids)s::text[], %(order_nos)s::text[], %(reversed)s::text[],
                      %(dates)s::date[]) WITH ORDINALITY
            AS draft (debit, credit, amount_fen, event, idem_key, ref_type,
                      ref_id, order_no, reverses, business_date, position)
        OFFSET 0) AS found
 WHERE debit_id IS NOT NULL AND credit_id IS NOT NULL
   AND (order_no = '' OR order_id IS NOT NULL) AND (reverses = '' OR reverses_id IS NOT NULL)
   AND business_date > coalesce(
           (SELECT max(d.business_date) FROM orders_dailybalance d
             WHERE d.account_id = (SELECT id FROM orders_account WHERE code = %(mark)s)),
           '-infinity')
 ORDER BY position
ON CONFLICT (idem_key) DO NOTHING
RETURNING idem_key
"""


@transaction.atomic(savepoint=False)
def transfers_post(*, drafts: Sequence[TransferDraft], now: datetime) -> int:
    """Post transfers, each at most once, and return how many were new.

    A draft whose key is already in the ledger changes nothing, so a step that
    died after posting may post again. A draft of a day that is closed is
    posted on the first day that is open: closed days never change. One
    statement for what is usual; call it after all locks of the transaction.

    Raises
    ------
    TransferKeyReused
        If a key stands for another amount or other accounts than the draft's.
    TransferDocumentUnknown
        If a draft names an order, or a transfer to reverse, that is not there.
    """
    waiting = _once_each(drafts)
    posted = 0
    while waiting:
        fresh = _insert(waiting, now)
        posted += len(fresh)
        waiting = _unknown([draft for draft in waiting if draft.idem_key not in fresh])
        if waiting:
            waiting = _made_ready(waiting)
    return posted


def account_ensure(code: str) -> Account:
    """The account of this code, opened if nothing was ever posted to it.

    Raises `AccountUnknown` if the chart has no such account.
    """
    account, _is_new = Account.objects.get_or_create(
        code=code, defaults={"kind": account_kind(code)}
    )
    return account


def transfer_reverse(*, idem_key: str, business_date: date, now: datetime) -> int:
    """Take a posted transfer back in full, once; return 1 if that is new, else 0.

    Raises `TransferDocumentUnknown` if nothing was posted under that key.
    """
    posted = (
        Transfer.objects.select_related("debit", "credit", "order")
        .filter(idem_key=idem_key)
        .first()
    )
    if posted is None:
        raise TransferDocumentUnknown("This transfer is not in the ledger.", documents=[idem_key])
    draft = TransferDraft(
        debit=posted.debit.code,
        credit=posted.credit.code,
        amount_fen=posted.amount_fen,
        event=LedgerEvent(posted.event),
        idem_key=idem_key,
        business_date=posted.business_date,
        ref_type=posted.ref_type,
        ref_id=posted.ref_id,
        order_no=posted.order.order_no if posted.order is not None else "",
    )
    return transfers_post(drafts=[reversal(draft, business_date=business_date)], now=now)


def _once_each(drafts: Sequence[TransferDraft]) -> list[TransferDraft]:
    by_key: dict[str, TransferDraft] = {}
    for draft in drafts:
        if _effect(by_key.setdefault(draft.idem_key, draft)) != _effect(draft):
            raise _reused(draft)
    return list(by_key.values())


def _insert(drafts: Sequence[TransferDraft], now: datetime) -> set[str]:
    """Insert what can be inserted and return its keys."""
    fresh: set[str] = set()
    with connection.cursor() as cursor:
        for start in range(0, len(drafts), BATCH_SIZE):
            batch = drafts[start : start + BATCH_SIZE]
            cursor.execute(
                POST_SQL,
                {
                    "lock": LEDGER_LOCK,
                    "mark": MARKING_ACCOUNT,
                    "now": now,
                    "debits": [draft.debit for draft in batch],
                    "credits": [draft.credit for draft in batch],
                    "amounts": [draft.amount_fen for draft in batch],
                    "events": [draft.event.value for draft in batch],
                    "keys": [draft.idem_key for draft in batch],
                    "ref_types": [draft.ref_type for draft in batch],
                    "ref_ids": [draft.ref_id for draft in batch],
                    "order_nos": [draft.order_no for draft in batch],
                    "reversed": [draft.reverses for draft in batch],
                    "dates": [draft.business_date for draft in batch],
                },
            )
            cursor.nextset()
            fresh.update(row[0] for row in cursor.fetchall())
    return fresh


def _unknown(drafts: list[TransferDraft]) -> list[TransferDraft]:
    """Return the drafts whose keys are not in the ledger; the others must say the same."""
    if not drafts:
        return []
    posted = {
        key: effect
        for key, *effect in Transfer.objects.filter(
            idem_key__in=[draft.idem_key for draft in drafts]
        ).values_list("idem_key", "debit__code", "credit__code", "amount_fen")
    }
    for draft in drafts:
        if draft.idem_key in posted and tuple(posted[draft.idem_key]) != _effect(draft):
            raise _reused(draft)
    return [draft for draft in drafts if draft.idem_key not in posted]


def _made_ready(drafts: Sequence[TransferDraft]) -> list[TransferDraft]:
    """Open accounts, and move drafts of closed days to the first open one."""
    order_nos = {draft.order_no for draft in drafts if draft.order_no}
    keys = {draft.idem_key for draft in drafts}
    reversed_keys = {draft.reverses for draft in drafts if draft.reverses} - keys
    if Order.objects.filter(order_no__in=order_nos).count() < len(
        order_nos
    ) or Transfer.objects.filter(idem_key__in=reversed_keys).count() < len(reversed_keys):
        raise TransferDocumentUnknown(
            "A transfer names a document that is not there.",
            documents=sorted(order_nos | reversed_keys),
        )
    codes = {code for draft in drafts for code in (draft.debit, draft.credit)}
    Account.objects.bulk_create(
        [Account(code=code, kind=account_kind(code)) for code in sorted(codes)],
        ignore_conflicts=True,
    )
    closed = closed_through()
    if closed is None:
        return list(drafts)
    open_day = closed + timedelta(days=1)
    return [replace(draft, business_date=max(draft.business_date, open_day)) for draft in drafts]


def _effect(draft: TransferDraft) -> tuple[str, str, int]:
    return (draft.debit, draft.credit, draft.amount_fen)


def _reused(draft: TransferDraft) -> TransferKeyReused:
    return TransferKeyReused(
        "This key already stands for another transfer.", idem_key=draft.idem_key
    )
