"""Pieces of capped offers and of limits: taken with an order, given back with it.

Counters change by guarded statements alone, never by a look followed by a
write. Rows are locked in the order of their keys, so that two baskets of the
same goods wait for each other and never in a circle: quotas by offer first,
then stock by (offer, bucket), because many buyers share a stock row and none
shares a quota.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from django.db import connection, transaction

from leaders.domain.promises import ensure
from orders.domain.stock import bucket_caps, spread
from orders.models.campaigns import Offer
from orders.models.orders import OrderLine
from orders.models.stock import OfferStock


@dataclass(frozen=True, slots=True)
class StockAsk:
    """Pieces of a capped offer, and in how many buckets it is kept."""

    offer_id: int
    qty: int
    buckets: int


@dataclass(frozen=True, slots=True)
class QuotaAsk:
    """Pieces of a limited offer, never more than its limit."""

    offer_id: int
    qty: int
    limit_qty: int


class _Bucket(NamedTuple):
    pk: int
    offer_id: int
    cap_qty: int
    reserved_qty: int


def stock_rows_create(*, campaign_id: int) -> int:
    """Make the buckets of every capped offer of a campaign; safe to repeat.

    Returns how many offers are capped. Call it when the campaign opens: from
    then on caps are fixed.
    """
    capped = Offer.objects.filter(campaign_id=campaign_id, stock_cap__isnull=False)
    offers = list(capped.order_by("pk").values_list("pk", "stock_cap", "stock_buckets"))
    OfferStock.objects.bulk_create(
        [
            OfferStock(offer_id=offer_id, bucket=bucket, cap_qty=cap_qty)
            for offer_id, stock_cap, buckets in offers
            for bucket, cap_qty in enumerate(bucket_caps(stock_cap or 0, buckets))
        ],
        ignore_conflicts=True,
    )
    return len(offers)


def quotas_take(*, resident_id: int, asks: Sequence[QuotaAsk]) -> set[int]:
    """Count pieces against a resident's limits; return the offers whose limit refuses.

    An offer that refuses has changed nothing, the others have: roll back if
    any did.
    """
    if not asks:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO orders_residentquota AS quota (offer_id, resident_id, qty, limit_qty)
            SELECT ask.offer_id, %s, ask.qty, ask.limit_qty
              FROM unnest(%s::bigint[], %s::int[], %s::int[]) AS ask(offer_id, qty, limit_qty)
             ORDER BY ask.offer_id
                ON CONFLICT (offer_id, resident_id) DO UPDATE
               SET qty = quota.qty + EXCLUDED.qty, limit_qty = EXCLUDED.limit_qty
             WHERE quota.qty + EXCLUDED.qty <= EXCLUDED.limit_qty
            RETURNING offer_id
            """,
            [
                resident_id,
                [ask.offer_id for ask in asks],
                [ask.qty for ask in asks],
                [ask.limit_qty for ask in asks],
            ],
        )
        counted = {offer_id for (offer_id,) in cursor.fetchall()}
    return {ask.offer_id for ask in asks} - counted


def stock_take(*, asks: Sequence[StockAsk], preferred: int) -> set[int]:
    """Reserve pieces of capped offers; return the offers of which too few are left.

    An offer that refuses has changed nothing, the others may have: roll back
    if any did. `preferred` is any number that differs between orders; it says
    which bucket of a hot offer is tried first. Where that one does not fit,
    all its buckets are taken in order, so the last piece is always sold.
    """
    if not asks:
        return set()
    if all(ask.buckets == 1 for ask in asks):
        return _first_choice_take(asks, preferred)
    sid = transaction.savepoint()
    if not _first_choice_take(asks, preferred):
        transaction.savepoint_commit(sid)
        return set()
    # What the first pass locked is let go: it would be out of order now.
    transaction.savepoint_rollback(sid)
    return _every_bucket_take(asks)


def goods_release(*, lines: Iterable[tuple[int, int, int]]) -> None:
    """Give back the pieces of (offer, resident, pieces) lines that are no longer held.

    Call it once per transaction, under the campaign's lock, for lines whose
    order has just left the states that hold goods. Offers without a cap or a
    limit have nothing to give back.
    """
    by_offer: Counter[int] = Counter()
    by_quota: Counter[tuple[int, int]] = Counter()
    for offer_id, resident_id, qty in lines:
        by_offer[offer_id] += qty
        by_quota[offer_id, resident_id] += qty
    if by_offer:
        _quotas_give_back(by_quota)
        _stock_give_back(by_offer)


def held_lines(order_ids: Sequence[int]) -> list[tuple[int, int, int]]:
    """The (offer, resident, pieces) lines of orders, without those that fell out."""
    return list(
        OrderLine.objects.filter(order_id__in=order_ids, is_void=False)
        .order_by()
        .values_list("offer_id", "order__resident_id", "qty")
    )


def _first_choice_take(asks: Sequence[StockAsk], preferred: int) -> set[int]:
    """Lock one bucket per offer in order and raise each that has room, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH held AS (
                SELECT stock.id, ask.qty
                  FROM orders_offerstock AS stock
                  JOIN unnest(%s::bigint[], %s::int[], %s::int[]) AS ask(offer_id, bucket, qty)
                 USING (offer_id, bucket)
                 ORDER BY stock.offer_id, stock.bucket
                   FOR NO KEY UPDATE OF stock)
            UPDATE orders_offerstock AS stock
               SET reserved_qty = stock.reserved_qty + held.qty
              FROM held
             WHERE stock.id = held.id AND stock.reserved_qty + held.qty <= stock.cap_qty
            RETURNING stock.offer_id
            """,
            [
                [ask.offer_id for ask in asks],
                [preferred % ask.buckets for ask in asks],
                [ask.qty for ask in asks],
            ],
        )
        taken = {offer_id for (offer_id,) in cursor.fetchall()}
    return {ask.offer_id for ask in asks} - taken


def _every_bucket_take(asks: Sequence[StockAsk]) -> set[int]:
    buckets = _buckets_lock([ask.offer_id for ask in asks])
    changes: dict[int, int] = {}
    short = set()
    for ask in asks:
        rows = buckets.get(ask.offer_id, [])
        taken = spread(ask.qty, [row.cap_qty - row.reserved_qty for row in rows])
        if taken is None:
            short.add(ask.offer_id)
        else:
            changes |= {row.pk: qty for row, qty in zip(rows, taken, strict=True) if qty}
    if not short:
        _buckets_change(changes)
    return short


def _stock_give_back(by_offer: Mapping[int, int]) -> None:
    buckets = _buckets_lock(list(by_offer))
    changes: dict[int, int] = {}
    for offer_id, rows in buckets.items():
        given = spread(by_offer[offer_id], [row.reserved_qty for row in rows])
        ensure(given is not None, "an offer never gives back more than it reserved")
        changes |= {row.pk: -qty for row, qty in zip(rows, given or [], strict=True) if qty}
    _buckets_change(changes)


def _quotas_give_back(by_quota: Mapping[tuple[int, int], int]) -> None:
    keys = sorted(by_quota)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH held AS (
                SELECT quota.id, back.qty
                  FROM orders_residentquota AS quota
                  JOIN unnest(%s::bigint[], %s::bigint[], %s::int[])
                       AS back(offer_id, resident_id, qty)
                 USING (offer_id, resident_id)
                 ORDER BY quota.offer_id, quota.resident_id
                   FOR NO KEY UPDATE OF quota)
            UPDATE orders_residentquota AS quota
               SET qty = quota.qty - held.qty
              FROM held
             WHERE quota.id = held.id
            """,
            [
                [offer_id for offer_id, _resident_id in keys],
                [resident_id for _offer_id, resident_id in keys],
                [by_quota[key] for key in keys],
            ],
        )


def _buckets_lock(offer_ids: Sequence[int]) -> dict[int, list[_Bucket]]:
    """All buckets of the offers, locked in order; then nobody else changes them."""
    rows = (
        OfferStock.objects.select_for_update(no_key=True)
        .filter(offer_id__in=offer_ids)
        .order_by("offer_id", "bucket")
        .values_list("pk", "offer_id", "cap_qty", "reserved_qty")
    )
    found = [_Bucket._make(row) for row in rows]
    return {offer: list(group) for offer, group in groupby(found, lambda row: row.offer_id)}


def _buckets_change(changes: Mapping[int, int]) -> None:
    """Add to buckets that are locked already; the CHECKs of the table hold them in range."""
    if not changes:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE orders_offerstock AS stock
               SET reserved_qty = stock.reserved_qty + change.qty
              FROM unnest(%s::bigint[], %s::int[]) AS change(id, qty)
             WHERE stock.id = change.id
            """,
            [list(changes), list(changes.values())],
        )
