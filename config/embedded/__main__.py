"""`python -m config.embedded demo|day`: what the Makefile's targets run."""

import argparse
import signal
import sys
from pathlib import Path
from types import FrameType

from config.embedded.day import play_one_day
from config.embedded.demo import run_demo
from config.embedded.errors import EmbeddedServerError


def main() -> int:
    """Run one target; 0 if it did its work or was stopped by a signal."""
    chosen = _parser().parse_args()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        if chosen.target == "demo":
            run_demo(chosen.data, chosen.port)
        else:
            play_one_day(chosen.data, chosen.out, _play_options(chosen))
    except EmbeddedServerError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nstopped\n")
        return 0 if chosen.target == "demo" else 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m config.embedded")
    targets = parser.add_subparsers(dest="target", required=True)
    demo = targets.add_parser("demo", help="play a day and serve it")
    demo.add_argument("--data", type=Path)
    demo.add_argument("--port", type=int, default=8000)
    day = targets.add_parser("day", help="play a day on a database that is thrown away")
    day.add_argument("--data", type=Path, required=True)
    day.add_argument("--out", type=Path, required=True)
    day.add_argument("--solver-seconds", type=int)
    day.add_argument("--seed", type=int)
    return parser


def _play_options(chosen: argparse.Namespace) -> list[str]:
    options = []
    if chosen.solver_seconds is not None:
        options += ["--solver-seconds", str(chosen.solver_seconds)]
    if chosen.seed is not None:
        options += ["--seed", str(chosen.seed)]
    return options


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    # One signal is enough; while we stop, another must not stop the stopping.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
