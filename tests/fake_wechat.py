"""The fake WeChat Pay gateway as tests use it: a real process, spoken to over HTTP.

`fake_wechat` (in `tests/conftest.py`) is one process for the whole session,
emptied before each test that asks for it.
"""

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Self

import requests

from config.embedded.fake_wechat.keys import environment_of
from config.embedded.places import PROJECT_DIR
from config.embedded.ports import HOST

START_WITHIN_S = 20


@dataclass(frozen=True, slots=True)
class SealedNotice:
    """A notice as it would arrive."""

    headers: dict[str, str]
    body: bytes


class FakeWechat:
    """One gateway process with its folder, and what its control interface offers."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._session = requests.Session()
        self._process: subprocess.Popen[str] | None = None
        self.port = 0

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://{HOST}:{self.port}"

    @property
    def settings(self) -> dict[str, Any]:
        """The value of `settings.WECHATPAY` that leads here."""
        values = environment_of(self._folder, self.port).items()
        named = {name.removeprefix("WECHATPAY_").lower(): value for name, value in values}
        return {**named, "timeout_s": 2.0}

    # The process ------------------------------------------------------------

    def start(self) -> None:
        """Start it on the port it had before, the first time on a free one."""
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "config.embedded.fake_wechat"),
                *("--folder", str(self._folder), "--port", str(self.port)),
            ],
            cwd=PROJECT_DIR,
            stdout=subprocess.PIPE,
            text=True,
        )
        line = self._process.stdout.readline() if self._process.stdout else ""
        assert line, "the fake gateway does not start"
        self.port = int(line.split()[0])

    def stop(self) -> None:
        """End it as a service manager would."""
        if self._process is not None:
            self._process.terminate()
            self._end()

    def kill(self) -> None:
        """End it without a chance to do anything more."""
        if self._process is not None:
            self._process.kill()
            self._end()

    def _end(self) -> None:
        if self._process is not None:
            self._process.wait(START_WITHIN_S)
            if self._process.stdout:
                self._process.stdout.close()
            self._process = None

    # Looking ----------------------------------------------------------------

    def control(self, name: str, **values: object) -> dict[str, Any]:
        """Make one control call; raises when the gateway refuses it."""
        answer = self._session.post(
            f"{self.url}/_control/{name}", json=values, timeout=START_WITHIN_S
        )
        assert answer.ok, answer.text
        facts: dict[str, Any] = answer.json()
        return facts

    def trade(self, number: str) -> dict[str, Any]:
        """One trade's row on the provider's side."""
        found = [row for row in self.state()["trades"] if row["out_trade_no"] == number]
        assert found, f"no trade {number}"
        row: dict[str, Any] = found[0]
        return row

    def refunds(self, trade_number: str | None = None) -> list[dict[str, Any]]:
        """The refunds on the provider's side, of one trade or of all."""
        rows: list[dict[str, Any]] = self.state()["refunds"]
        return [row for row in rows if trade_number in (None, row["out_trade_no"])]

    def state(self) -> dict[str, Any]:
        """Everything it remembers: now, trades, refunds, notices, faults."""
        return self.control("state")

    def calls(self, operation: str = "total") -> int:
        """How many calls of the merchant came in since the last `reset`."""
        return int(self.control("counts").get(operation, 0))

    # Acting -----------------------------------------------------------------

    def reset(self) -> None:
        """Forget everything but the keys."""
        self.control("reset")

    def fault(self, on: str, do: str, **values: object) -> None:
        """Spoil the next call (`times=-1`: every call) of an operation, or of notices."""
        self.control("faults", on=on, do=do, **values)

    def clear_faults(self) -> None:
        """Behave again."""
        self.control("faults", clear=True)

    def set_clock(self, now: datetime, *, signatures: bool = False) -> None:
        """Set the books' clock, which goes on from there; signatures may move along."""
        self.control("clock", now=now.isoformat(), signatures=signatures)

    def shift_clock(self, offset: timedelta, *, signatures: bool = False) -> None:
        """Put the books' clock so far ahead of ours (or behind it)."""
        self.control("clock", offset_s=offset.total_seconds(), signatures=signatures)

    def pay(self, number: str, *, at: datetime | None = None, force: bool = False) -> bool:
        """Pay as a person would; `force` even what is closed or has expired."""
        moment = {} if at is None else {"at": at.isoformat()}
        return bool(self.control("pay", number=number, force=force, **moment)["is_new"])

    def fail(self, number: str) -> None:
        """Let the bank refuse one attempt of the person."""
        self.control("fail", number=number)

    def settle(self, refund_number: str, outcome: str = "SUCCESS") -> None:
        """End a refund now: SUCCESS, ABNORMAL or CLOSED."""
        self.control("settle", number=refund_number, outcome=outcome)

    def set_refunds(self, *, delay_s: int = 0, outcome: str = "SUCCESS") -> None:
        """Say when, and how, refunds accepted from now on end."""
        self.control("refunds", refund_delay_s=delay_s, refund_outcome=outcome)

    def transfers(self) -> list[dict[str, Any]]:
        """The transfers to people on the provider's side."""
        rows: list[dict[str, Any]] = self.state()["transfers"]
        return rows

    def end_transfer(self, number: str, outcome: str = "SUCCESS", reason: str = "") -> None:
        """End a transfer: SUCCESS (its payee confirmed), FAIL or CANCELLED."""
        self.control("transfer", number=number, outcome=outcome, reason=reason)

    def set_balance(self, balance_fen: int) -> None:
        """Say how much money there is for a transfer."""
        self.control("transfer", balance_fen=balance_fen)

    # Notices ----------------------------------------------------------------

    def hold_notices(self, *, held: bool = True) -> None:
        """Keep notices that arise from now on until `flush`; never, if nobody flushes."""
        self.control("notices", notices_held=held)

    def set_notices(self, **values: object) -> None:
        """Set notice_copies, notice_delay_s or notice_schedule_s."""
        self.control("notices", **values)

    def flush(self, order: str = "sent") -> list[str]:
        """Send everything unheard now ("sent", "reversed", "shuffled:<seed>"); the answers."""
        answers: list[str] = self.control("flush", order=order)["answers"]
        return answers

    def send(
        self,
        number: str,
        *,
        copies: int = 1,
        parallel: bool = False,
        deeds: Sequence[dict[str, Any]] = (),
    ) -> list[str]:
        """Send the notices about a trade or refund again, spoiled if wanted; the answers."""
        facts = self.control(
            "send", number=number, copies=copies, parallel=parallel, deeds=list(deeds)
        )
        answers: list[str] = facts["answers"]
        return answers

    def sealed(self, number: str, *deeds: dict[str, Any]) -> SealedNotice:
        """Return the first notice about a number as it would arrive, without sending it."""
        made = self.control("make", number=number, deeds=list(deeds))["notices"][0]
        return SealedNotice(made["headers"], made["body"].encode())

    # Bills ------------------------------------------------------------------

    def spoil_bill(self, day: date, *errors: dict[str, Any]) -> None:
        """Plant errors in the bill of a day; none takes them out again."""
        self.control("bill", date=day.isoformat(), errors=list(errors))
