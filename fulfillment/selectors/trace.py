"""Where a batch went (追溯): batch → supplier → leaders → residents, in one query.

Whoever got pieces of a batch's SKU in a run that shared out the batch may have
pieces of it; so may residents of later runs that used its leftovers. With
several batches of a SKU in one run nobody can tell whose piece is whose: all
are suspects, and the answer says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from django.db import connection

from leaders.domain.phones import mask_phone

TRACE_SQL = """
WITH RECURSIVE batch AS (
    SELECT min(b.id) AS batch_id, b.batch_no, max(b.origin) AS origin,
           max(b.certificate_no) AS certificate_no, min(b.expires_on) AS expires_on,
           sum(r.accepted_qty) AS accepted_qty, min(r.counted_at) AS counted_at,
           k.id AS sku_id, k.code AS sku_code, k.name AS sku_name,
           o.run_id, min(o.po_no) AS po_no,
           s.code AS supplier_code, s.name AS supplier_name, s.phone AS supplier_phone
      FROM fulfillment_batch b
      JOIN fulfillment_goodsreceiptline r ON r.id = b.receipt_line_id
      JOIN fulfillment_purchaseorderline l ON l.id = r.purchase_line_id
      JOIN fulfillment_purchaseorder o ON o.id = l.purchase_order_id
      JOIN fulfillment_supplier s ON s.id = o.supplier_id
      JOIN orders_sku k ON k.id = l.sku_id
     WHERE NOT EXISTS (SELECT FROM fulfillment_receiptlinevoid v WHERE v.receipt_line_id = r.id)
       AND (%(batch_no)s = '' OR upper(b.batch_no) = upper(%(batch_no)s))
       AND (%(sku_code)s = '' OR upper(k.code) = upper(%(sku_code)s))
       AND (%(certificate_no)s = '' OR upper(b.certificate_no) = upper(%(certificate_no)s))
       AND (%(run_id)s::bigint IS NULL OR o.run_id = %(run_id)s)
     GROUP BY b.batch_no, k.id, o.run_id, s.id
), reach (batch_id, sku_id, run_id) AS (
    SELECT batch_id, sku_id, run_id FROM batch WHERE accepted_qty > 0
     UNION
    SELECT reach.batch_id, reach.sku_id, m.used_run_id
      FROM reach JOIN fulfillment_leftovermovement m
        ON m.origin_run_id = reach.run_id AND m.sku_id = reach.sku_id AND m.kind = 'used'
), mixed AS (
    SELECT reach.batch_id,
           count(*) FILTER (
               WHERE EXISTS (SELECT FROM fulfillment_goodsreceiptline r
                               JOIN fulfillment_purchaseorderline l ON l.id = r.purchase_line_id
                               JOIN fulfillment_purchaseorder o ON o.id = l.purchase_order_id
                               JOIN fulfillment_batch b ON b.receipt_line_id = r.id
                              WHERE o.run_id = reach.run_id AND l.sku_id = reach.sku_id
                                AND r.accepted_qty > 0 AND b.batch_no <> batch.batch_no
                                AND NOT EXISTS (SELECT FROM fulfillment_receiptlinevoid v
                                                 WHERE v.receipt_line_id = r.id))
                  OR EXISTS (SELECT FROM fulfillment_leftovermovement m
                              WHERE m.used_run_id = reach.run_id AND m.sku_id = reach.sku_id
                                AND m.kind = 'used' AND m.origin_run_id NOT IN (
                                    SELECT own.run_id FROM reach own
                                     WHERE own.batch_id = reach.batch_id))
           ) AS runs
      FROM reach JOIN batch USING (batch_id)
     GROUP BY reach.batch_id
), given AS (
    SELECT reach.batch_id, a.run_id, i.order_id, sum(p.pieces) AS pieces
      FROM fulfillment_allocation a
      JOIN orders_orderline i ON i.id = a.order_line_id
     CROSS JOIN LATERAL (VALUES (i.sku_id, a.allocated_qty),
                                (a.substitute_sku_id, a.substitute_qty)) AS p (sku_id, pieces)
      JOIN reach ON reach.run_id = a.run_id AND reach.sku_id = p.sku_id
     WHERE p.pieces > 0
     GROUP BY reach.batch_id, a.run_id, i.order_id
)
SELECT batch.batch_id, batch.batch_no, batch.origin, batch.certificate_no, batch.expires_on,
       batch.accepted_qty, batch.sku_code, batch.sku_name, batch.po_no, batch.supplier_code,
       batch.supplier_name, batch.supplier_phone, coalesce(mixed.runs, 0) > 0,
       c.code, c.delivery_date, h.code, h.name, h.phone, q.name,
       o.order_no, o.pickup_no, o.building, o.room, o.resident_name, o.resident_phone, given.pieces
  FROM batch
  LEFT JOIN mixed USING (batch_id)
  LEFT JOIN given USING (batch_id)
  LEFT JOIN orders_order o ON o.id = given.order_id
  LEFT JOIN orders_campaign c ON c.id = o.campaign_id
  LEFT JOIN leaders_leader h ON h.id = o.leader_id
  LEFT JOIN leaders_pickuppoint q ON q.id = o.pickup_point_id
 ORDER BY batch.counted_at, batch.batch_id, c.delivery_date, h.code, q.code, o.pickup_no, o.order_no
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceQuery:
    """What is searched: empty texts ask for nothing, a run keeps to its own batches."""

    batch_no: str = ""
    sku_code: str = ""
    certificate_no: str = ""
    run_id: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is searched for."""
        return not (self.batch_no or self.sku_code or self.certificate_no)


class TracedResident(NamedTuple):
    """An order that may hold pieces of a batch, and where it was handed out."""

    campaign_code: str
    delivery_date: date
    leader_code: str
    leader_name: str
    leader_phone: str
    point_name: str
    order_no: str
    pickup_no: int | None
    building: str
    room: str
    name: str
    phone: str
    pieces: int

    def masked(self) -> "TracedResident":
        """The same without what only some may read."""
        return self._replace(phone=mask_phone(self.phone))


@dataclass(frozen=True, slots=True, kw_only=True)
class TracedLeader:
    """A leader's residents who may hold pieces of a batch, of one delivery."""

    campaign_code: str
    delivery_date: date
    code: str
    name: str
    phone: str
    residents: tuple[TracedResident, ...]

    @property
    def pieces(self) -> int:
        """Pieces of the SKU that went to this leader."""
        return sum(resident.pieces for resident in self.residents)


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchTrace:
    """One batch: where it came from, and everybody who may have it.

    `is_mixed` says that other batches of the SKU were shared out with it, so
    that the residents are suspects and nobody is certain.
    """

    batch_no: str
    origin: str
    certificate_no: str
    expires_on: date | None
    accepted_qty: int
    sku_code: str
    sku_name: str
    po_no: str
    supplier_code: str
    supplier_name: str
    supplier_phone: str
    is_mixed: bool
    residents: tuple[TracedResident, ...]

    @property
    def leaders(self) -> list[TracedLeader]:
        """The residents by delivery and leader."""
        groups = groupby(self.residents, key=lambda r: (r.delivery_date, r.leader_code))
        return [_leader(tuple(residents)) for _key, residents in groups]


class _Head(NamedTuple):
    """The columns of a batch in the rows of the query; the resident's follow."""

    batch_id: int
    batch_no: str
    origin: str
    certificate_no: str
    expires_on: date | None
    accepted_qty: int
    sku_code: str
    sku_name: str
    po_no: str
    supplier_code: str
    supplier_name: str
    supplier_phone: str
    is_mixed: bool


def batch_trace(query: TraceQuery, *, with_phones: bool) -> list[BatchTrace]:
    """Return every batch that was searched for, oldest first, in one query.

    Nothing is searched without a batch, a SKU or a certificate. Residents'
    phones are masked unless asked for.
    """
    if query.is_empty:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            TRACE_SQL,
            {
                "batch_no": query.batch_no,
                "sku_code": query.sku_code,
                "certificate_no": query.certificate_no,
                "run_id": query.run_id,
            },
        )
        rows = cursor.fetchall()
    return [
        _batch(list(group), with_phones=with_phones)
        for _batch_id, group in groupby(rows, key=lambda row: row[0])
    ]


def _batch(rows: Sequence[tuple[Any, ...]], *, with_phones: bool) -> BatchTrace:
    """One batch from its rows; a batch that reached nobody has one row without an order."""
    head = _Head._make(rows[0][: len(_Head._fields)])
    people = (
        TracedResident._make(row[len(_Head._fields) :]) for row in rows if row[-1] is not None
    )
    return BatchTrace(
        **{name: value for name, value in head._asdict().items() if name != "batch_id"},
        residents=tuple(one if with_phones else one.masked() for one in people),
    )


def _leader(residents: tuple[TracedResident, ...]) -> TracedLeader:
    first = residents[0]
    return TracedLeader(
        campaign_code=first.campaign_code,
        delivery_date=first.delivery_date,
        code=first.leader_code,
        name=first.leader_name,
        phone=first.leader_phone,
        residents=residents,
    )
