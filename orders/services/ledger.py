"""The only writer of the ledger."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Sum

from orders.domain.accounts import account_kind
from orders.domain.transfers import TransferDraft
from orders.errors import TransferKeyReused
from orders.models.ledger import Account, Transfer
from orders.models.orders import Order

BATCH_SIZE = 5_000


@transaction.atomic
def transfers_post(*, drafts: Sequence[TransferDraft], now: datetime) -> int:
    """Post transfers, each at most once, and return how many were new.

    A draft whose key is already in the ledger changes nothing, so a step that
    died after posting may post again. Raises `TransferKeyReused` when a key
    stands for another amount than the draft's.
    """
    if not drafts:
        return 0
    accounts = _accounts_by_code({code for draft in drafts for code in (draft.debit, draft.credit)})
    orders = _orders_by_no({draft.order_no for draft in drafts if draft.order_no})
    reversed_ids = _transfers_by_key({draft.reverses for draft in drafts if draft.reverses})
    keys = [draft.idem_key for draft in drafts]
    before = Transfer.objects.filter(idem_key__in=keys).count()
    Transfer.objects.bulk_create(
        [
            Transfer(
                debit_id=accounts[draft.debit],
                credit_id=accounts[draft.credit],
                amount_fen=draft.amount_fen,
                event=draft.event,
                idem_key=draft.idem_key,
                ref_type=draft.ref_type,
                ref_id=draft.ref_id,
                order_id=orders[draft.order_no] if draft.order_no else None,
                reverses_id=reversed_ids[draft.reverses] if draft.reverses else None,
                business_date=draft.business_date,
                created_at=now,
            )
            for draft in drafts
        ],
        batch_size=BATCH_SIZE,
        ignore_conflicts=True,
    )
    posted_fen = Transfer.objects.filter(idem_key__in=keys).aggregate(fen=Sum("amount_fen"))["fen"]
    if posted_fen != sum({draft.idem_key: draft.amount_fen for draft in drafts}.values()):
        raise TransferKeyReused("A transfer of another amount already has this key.")
    return len(set(keys)) - before


def _accounts_by_code(codes: set[str]) -> dict[str, int]:
    """Return the ids of the accounts, opening those that are not there yet."""
    Account.objects.bulk_create(
        [Account(code=code, kind=account_kind(code)) for code in sorted(codes)],
        ignore_conflicts=True,
    )
    return dict(Account.objects.filter(code__in=codes).values_list("code", "pk"))


def _orders_by_no(order_nos: set[str]) -> dict[str, int]:
    return dict(Order.objects.filter(order_no__in=order_nos).values_list("order_no", "pk"))


def _transfers_by_key(keys: set[str]) -> dict[str, int]:
    return dict(Transfer.objects.filter(idem_key__in=keys).values_list("idem_key", "pk"))
