"""How many bytes a prepaid order takes, table by table, in the application's own schema.

python -m benchmarks.order_bytes --orders 2000
"""

import argparse
import json
import os
import platform
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from benchmarks.scratch import scratch_database
from config.embedded.places import PROJECT_DIR

MEASURE = "benchmarks.order_bytes_town:measure"


def main(arguments: Sequence[str] | None = None) -> None:
    """Place and pay so many orders in a database of their own; print the bytes of each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=2_000, help="of five lines each")
    orders = parser.parse_args(arguments).orders
    now, load = datetime.now(UTC), os.getloadavg()[0]
    with scratch_database("order_bytes") as scratch:
        figures = scratch.run(MEASURE, orders)
    report = {
        "at": now.isoformat(timespec="seconds"),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, load {load:.1f} before",
        "orders": orders,
        **figures,
    }
    path = PROJECT_DIR / "benchmarks" / "results" / f"order-bytes-{now:%Y%m%d-%H%M%S}.json"
    path.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(json.dumps(report, indent=1) + f"\n{path.relative_to(PROJECT_DIR)}\n")


if __name__ == "__main__":
    main()
