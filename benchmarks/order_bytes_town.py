"""Orders placed and paid through the services, and what the tables weigh after it: ORDERS."""

import json
import sys
from collections.abc import Mapping
from time import perf_counter
from unittest.mock import patch

from django.db import connection

from orders.integrations import providers
from orders.integrations.sandbox import SandboxGateway
from orders.models.payments import Payment
from orders.services.payment_reports import notice_receive
from orders.services.payments import payment_begin
from tests.factories.shops import Shop

LINES = 5
# The memory of the provider that stands in for a real one is none of ours.
SIZES_SQL = """
SELECT relname, pg_table_size(oid), pg_indexes_size(oid) FROM pg_class
 WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname LIKE 'orders\\_%'
   AND relname NOT LIKE 'orders\\_sandbox%' AND relname <> 'orders_resident'
"""


def measure() -> None:
    """Print the bytes per order of each table that grew, of its indexes, and their sum."""
    orders = int(sys.argv[1])
    shop = Shop()
    offers = [shop.offer() for _number in range(LINES)]
    provider = SandboxGateway(shop.clock)
    before = _sizes()
    started = perf_counter()
    with patch.object(providers, "_sandbox", lambda: provider):
        for _number in range(orders):
            order_id = shop.placed(*((offer, 1) for offer in offers))
            payment_begin(order_id=order_id, clock=shop.clock)
            trade = Payment.objects.get(order_id=order_id).out_trade_no
            provider.pay(trade)
            headers, body = provider.notice(trade)
            notice_receive(provider=provider.name, headers=headers, body=body, now=shop.now)
    after = _sizes()
    grown = {
        table: [round((now - was) / orders) for now, was in zip(sizes, before[table], strict=True)]
        for table, sizes in after.items()
    }
    tables = {table: sizes for table, sizes in grown.items() if any(sizes)}
    report = {
        "lines_each": LINES,
        "seconds": round(perf_counter() - started, 1),
        "table_and_index_bytes": tables,
        "bytes_per_order": sum(sum(sizes) for sizes in tables.values()),
    }
    sys.stdout.write(json.dumps(report))


def _sizes() -> Mapping[str, tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(SIZES_SQL)
        return {table: (of_rows, of_indexes) for table, of_rows, of_indexes in cursor.fetchall()}
