"""Measure prepaid orders through HTTP; `README.md` beside this file is the protocol.

python -m benchmarks.orders.run --seconds 30
"""

import argparse
import asyncio
import json
import os
import platform
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path

from benchmarks.orders.capture import captured_script
from benchmarks.orders.facts import BenchTown, town_of
from benchmarks.orders.load import Felt, closed, opened
from benchmarks.orders.raw import RawRate, pgbench
from benchmarks.orders.shoppers import Shoppers, payments_settle
from benchmarks.orders.stack import THREADS, WORKERS, Stack, cpu_seconds, stack, web
from benchmarks.programs import run_program
from config.embedded.commands import manage
from config.embedded.errors import EmbeddedServerError
from config.embedded.places import PROJECT_DIR

SHARE_OF_PEAK = 0.7
WARM_UP_S = 5.0
CLIENTS = (4, 8, 16)
RAW_CLIENTS = 16
SHOPPERS_INSIDE = 64
Report = dict[str, object]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the protocol once; exit status 1 if an order failed or the books are wrong."""
    options = _options().parse_args(arguments)
    with stack() as running:
        town = town_of(run_program(running.environment, "benchmarks.orders.town:main"))
        report = _measure(running, town, options.seconds)
    _print(report)
    if options.keep:
        print(_write(report).relative_to(PROJECT_DIR))
    if not report["sound"]:
        sys.exit("An order failed, or the books are wrong.")


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=30.0, help="of each measurement")
    parser.add_argument(
        "--no-keep", dest="keep", action="store_false", help="write no file of results"
    )
    return parser


def _measure(running: Stack, town: BenchTown, seconds: float) -> Report:
    load_before = os.getloadavg()[0]
    raw = pgbench(
        running, captured_script(running, town), clients=RAW_CLIENTS, seconds=int(seconds)
    )
    _forget_raw_orders(running)
    with web(running) as (port, pid):
        shoppers = Shoppers(town, port, str(running.environment["SECRET_KEY"]))
        _closed(shoppers, CLIENTS[0], WARM_UP_S)
        looks = {clients: _closed(shoppers, clients, seconds / 3) for clients in CLIENTS}
        best = max(looks, key=lambda clients: looks[clients].orders_per_s)
        before = cpu_seconds(running, pid)
        peak = _closed(shoppers, best, seconds)
        used = cpu_seconds(running, pid).since(before)
        rate = peak.orders_per_s * SHARE_OF_PEAK
        steady = _opened(shoppers, rate, seconds)
    payments_settle(running)
    books = _broken_books(running)
    orders = max(1, len(peak.paid_s))
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "load_before": round(load_before, 2),
        "versions": _versions(running, raw),
        "server": f"gunicorn gthread, {WORKERS} workers of {THREADS} threads; fsync on",
        "closed_loop_orders_per_s": {n: round(felt.orders_per_s, 1) for n, felt in looks.items()},
        "peak": {"clients": best, **peak.figures()},
        "at_70_percent": {"asked_per_s": round(rate, 1), **steady.figures()},
        "pgbench": asdict(raw),
        "ratio": round(peak.orders_per_s / raw.orders_per_s, 3),
        "cpu_ms_per_order": {
            part: round(spent / orders * 1000, 2) for part, spent in asdict(used).items()
        },
        "broken_books": books,
        "sound": not books and not any(felt.errors for felt in (peak, steady, *looks.values())),
    }


def _closed(shoppers: Shoppers, clients: int, seconds: float) -> Felt:
    load = partial(closed, shoppers.visit, shoppers=clients, seconds=seconds)
    return asyncio.run(_with_connections(shoppers, clients, load))


def _opened(shoppers: Shoppers, per_s: float, seconds: float) -> Felt:
    load = partial(opened, shoppers.visit, per_s=per_s, seconds=seconds, shoppers=SHOPPERS_INSIDE)
    return asyncio.run(_with_connections(shoppers, SHOPPERS_INSIDE, load))


async def _with_connections(
    shoppers: Shoppers, clients: int, load: Callable[[], Awaitable[Felt]]
) -> Felt:
    shoppers.arrive(clients)
    try:
        return await load()
    finally:
        shoppers.leave()


def _forget_raw_orders(running: Stack) -> None:
    """Take away what pgbench made: its orders have the hash of one, and no provider knows them."""
    with running.admin() as connection:
        connection.execute("SET session_replication_role = replica")
        tables = connection.execute(
            "SELECT tablename FROM pg_tables WHERE tablename IN"
            " ('orders_order', 'orders_orderline', 'orders_orderevent', 'orders_payment',"
            "  'orders_paymentnotice', 'orders_sandboxtrade', 'orders_outboxmessage',"
            "  'orders_transfer')"
        ).fetchall()
        names = ", ".join(name for (name,) in tables)
        connection.execute(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
        connection.execute("UPDATE orders_offerstock SET reserved_qty = 0")


def _broken_books(running: Stack) -> str:
    """What `check_books` has to say against the books; '' if nothing."""
    try:
        manage(running.environment, "check_books", quiet=True)
    except EmbeddedServerError as error:
        return str(error)
    return ""


def _versions(running: Stack, raw: RawRate) -> dict[str, str]:
    with running.admin() as connection:
        row = connection.execute("SHOW server_version").fetchone()
    packages = ("Django", "djangorestframework", "gunicorn", "psycopg")
    return {
        "python": platform.python_version(),
        "postgresql": str(row[0]) if row else "",
        "pgbench": raw.version,
        **{package: version(package) for package in packages},
    }


def _print(report: Report) -> None:
    print(json.dumps(report, indent=1, ensure_ascii=False))
    print(f"\n{'':<22}{'orders/s':>10}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}{'errors':>8}")
    for name, part, times in (
        ("peak, closed loop", "peak", "prepaid_ms"),
        ("  placement alone", "peak", "placed_ms"),
        ("70 % of it, open", "at_70_percent", "prepaid_ms"),
        ("  placement alone", "at_70_percent", "placed_ms"),
        ("pgbench", "pgbench", "latency_ms"),
    ):
        figures = report[part]
        assert isinstance(figures, dict)
        ms = figures[times]
        print(
            f"{name:<22}{figures['orders_per_s']:>10.1f}"
            f"{ms.get('p50', 0):>9.1f}{ms.get('p95', 0):>9.1f}{ms.get('p99', 0):>9.1f}"
            f"{figures['errors']:>8}"
        )
    print(f"ratio to the same statements in pgbench: {report['ratio']}")


def _write(report: Report) -> Path:
    now = datetime.now(UTC)
    path = PROJECT_DIR / "benchmarks" / "results" / f"orders-{now:%Y%m%d-%H%M%S}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


if __name__ == "__main__":
    main()
