"""One real prepaid order, caught in PostgreSQL's log and turned into a script for pgbench."""

import asyncio
from pathlib import Path

from benchmarks.orders.facts import FIRST_IDS, HOT_BUCKETS, OFFERS, RESIDENTS, BenchTown
from benchmarks.orders.raw import script, statements_since
from benchmarks.orders.shoppers import BASKET_LINES, Shoppers
from benchmarks.orders.stack import Stack, web

# The first orders of a process fill its caches; the last one is like all that follow.
ORDERS = 12


def captured_script(running: Stack, town: BenchTown) -> str:
    """Place a few orders with the log on; return the statements of the last one as a script."""
    running.log_statements(True)
    with web(running) as (port, _pid):
        shoppers = Shoppers(town, port, str(running.environment["SECRET_KEY"]))
        position = asyncio.run(_place(shoppers, running.database_log))
    running.log_statements(False)
    statements = statements_since(running.database_log, position)
    return script(statements, draws=_draws(), variables=_variables(running))


async def _place(shoppers: Shoppers, log: Path) -> int:
    """Place the orders one by one; return where the log of the last one begins."""
    shoppers.arrive(1)
    position = 0
    for _order in range(ORDERS):
        position = log.stat().st_size
        visit = await shoppers.visit(0)
        if visit.error:
            raise RuntimeError(f"the order to be caught failed: {visit.error}")
    shoppers.leave()
    return position


def _draws() -> list[str]:
    """A resident with their token, the other offers in ranges of their own, a number."""
    first = FIRST_IDS["orders_offer"] + 1
    span = (OFFERS - 1) // (BASKET_LINES - 1)
    offers = [
        f"\\set offer{n} random({first + n * span}, {first + (n + 1) * span - 1})"
        for n in range(BASKET_LINES - 1)
    ]
    return [
        "\\set number random(1, 900000000000000)",
        f"\\set resident random(0, {RESIDENTS - 1})",
        f"\\set resident_id {FIRST_IDS['orders_resident']} + :resident",
        f"\\set bucket random(0, {HOT_BUCKETS - 1})",
        *offers,
    ]


def _variables(running: Stack) -> dict[str, str]:
    """What belonged to the last order alone, and what stands in its place."""
    with running.admin() as connection:
        found = connection.execute(
            "SELECT o.id, o.order_no, o.request_key, o.resident_id, p.id, p.out_trade_no,"
            "       p.transaction_id, t.id"
            "  FROM orders_order o"
            "  JOIN orders_payment p ON p.order_id = o.id"
            "  JOIN orders_sandboxtrade t ON t.out_trade_no = p.out_trade_no"
            " ORDER BY o.id DESC LIMIT 1"
        ).fetchone()
        assert found is not None
        order_id, order_no, key, resident_id, payment_id, trade_no, transaction, _trade = found
        lines = connection.execute(
            "SELECT offer_id FROM orders_orderline WHERE order_id = %s ORDER BY line_no", [order_id]
        ).fetchall()
    hot = FIRST_IDS["orders_offer"]
    bucket = f"'{{{hot}}}'::int4[]::bigint[], '{{%s}}'"
    others = [offer for (offer,) in lines if offer != hot]
    return {
        str(order_id): ":orders_order_id",
        str(payment_id): ":orders_payment_id",
        order_no: "O:number",
        key: "key-:number",
        trade_no: "T:number",
        transaction: "SBT:number",
        str(resident_id): ":resident_id",
        bucket % (order_id % HOT_BUCKETS): bucket % ":bucket",
        **{str(offer): f":offer{n}" for n, offer in enumerate(others)},
    }
