"""What tests and the demo may do that no merchant can; only from this machine.

Every call is `POST /_control/<name>` with a JSON object, or `GET` where it only
looks. docs/howto/play-against-wechat.md lists them with their arguments.
"""

from collections.abc import Callable, Mapping
from typing import Any

from config.embedded.fake_wechat.bills import bill_spoil
from config.embedded.fake_wechat.books import Books, moment_seconds, moment_text
from config.embedded.fake_wechat.errors import ApiError, parameter_error
from config.embedded.fake_wechat.faults import NONE, Faults, fault_add
from config.embedded.fake_wechat.keys import Identity
from config.embedded.fake_wechat.merchant_api import MerchantApi
from config.embedded.fake_wechat.notices import notice_seal
from config.embedded.fake_wechat.postman import Postman, listing
from config.embedded.fake_wechat.refunds import refund_settle_as, refunds_settle
from config.embedded.fake_wechat.trades import trade_fail, trade_pay
from config.embedded.fake_wechat.transfers import transfer_end, transfers_expire

Facts = dict[str, Any]
SETTINGS = ("notices_held", "notice_copies", "notice_delay_s", "notice_schedule_s")
REFUND_SETTINGS = ("refund_delay_s", "refund_outcome")


class Control:
    """The scripted hand on the gateway."""

    def __init__(
        self, books: Books, identity: Identity, merchant_api: MerchantApi, postman: Postman
    ) -> None:
        self._books = books
        self._identity = identity
        self._merchant_api = merchant_api
        self._postman = postman
        self._calls: Mapping[str, Callable[[Facts], Facts]] = {
            "state": self._state,
            "counts": self._counts,
            "reset": self._reset,
            "clock": self._clock,
            "faults": self._faults,
            "pay": self._pay,
            "fail": self._fail,
            "refunds": self._refunds,
            "settle": self._settle,
            "transfer": self._transfer,
            "notices": self._notices,
            "flush": self._flush,
            "send": self._send,
            "make": self._make,
            "bill": self._bill,
        }

    def answer(self, name: str, facts: Facts) -> Facts:
        """Do one call; raise when there is none of that name or it lacks a value."""
        if name not in self._calls:
            raise ApiError(404, "NO_SUCH_CONTROL", f"one of {', '.join(self._calls)}")
        try:
            return self._calls[name](facts)
        except (KeyError, TypeError, ValueError) as error:
            raise parameter_error(name, f"{type(error).__name__}: {error}") from error

    def _state(self, _facts: Facts) -> Facts:
        refunds_settle(self._books, self._identity)
        transfers_expire(self._books)
        return {
            "now": moment_text(self._books.now()),
            "trades": self._books.all("SELECT * FROM trade ORDER BY created_at, out_trade_no"),
            "refunds": self._books.all("SELECT * FROM refund ORDER BY created_at, out_refund_no"),
            "transfers": self._books.all("SELECT * FROM transfer ORDER BY created_at, out_bill_no"),
            "notices": listing(self._books.all("SELECT * FROM notice ORDER BY at")),
            "faults": self._books.all("SELECT * FROM fault ORDER BY at"),
        }

    def _counts(self, _facts: Facts) -> Facts:
        counts = dict(self._merchant_api.counts)
        return {**counts, "total": sum(counts.values())}

    def _reset(self, _facts: Facts) -> Facts:
        self._books.forget()
        self._merchant_api.counts.clear()
        return {}

    def _clock(self, facts: Facts) -> Facts:
        """Set the clock by `offset_s`, or to `now`; it goes on from there."""
        if "now" in facts:
            self._books.set("clock_offset_s", 0)
            facts["offset_s"] = moment_seconds(facts["now"]) - self._books.precise_now()
        if "offset_s" in facts:
            self._books.set("clock_offset_s", float(facts["offset_s"]))
        if "signatures" in facts:
            self._books.set("signatures_move", bool(facts["signatures"]))
        self._postman.wake()
        return {"now": moment_text(self._books.now())}

    def _faults(self, facts: Facts) -> Facts:
        """Add one rule, or with `clear` take all of them out."""
        if facts.pop("clear", False):
            self._books.run("DELETE FROM fault")
            return {}
        return {"fault": fault_add(self._books, facts)}

    def _pay(self, facts: Facts) -> Facts:
        at = moment_seconds(facts["at"]) if "at" in facts else None
        is_new = trade_pay(
            self._books,
            self._identity,
            facts["number"],
            at=at,
            is_forced=bool(facts.get("force", False)),
        )
        self._postman.wake()
        return {"is_new": is_new}

    def _fail(self, facts: Facts) -> Facts:
        trade_fail(self._books, facts["number"])
        return {}

    def _refunds(self, facts: Facts) -> Facts:
        return self._set(facts, REFUND_SETTINGS)

    def _settle(self, facts: Facts) -> Facts:
        refund_settle_as(self._books, self._identity, facts["number"], facts["outcome"])
        self._postman.wake()
        return {}

    def _transfer(self, facts: Facts) -> Facts:
        """End one transfer as its payee or the bank would, or say what money is there."""
        if "balance_fen" in facts:
            self._books.set("transfer_balance_fen", int(facts["balance_fen"]))
        else:
            reason = str(facts.get("reason", ""))
            transfer_end(self._books, facts["number"], facts["outcome"], reason)
        return {}

    def _notices(self, facts: Facts) -> Facts:
        return self._set(facts, SETTINGS)

    def _flush(self, facts: Facts) -> Facts:
        refunds_settle(self._books, self._identity)
        return {"answers": self._postman.flush(str(facts.get("order", "sent")))}

    def _send(self, facts: Facts) -> Facts:
        answers = self._postman.send(
            facts["number"],
            copies=int(facts.get("copies", 1)),
            in_parallel=bool(facts.get("parallel", False)),
            faults=_deeds(facts),
        )
        return {"answers": answers}

    def _make(self, facts: Facts) -> Facts:
        """Return the notices about a number, sealed, without sending them."""
        refunds_settle(self._books, self._identity)
        sealed = [
            notice_seal(self._books, self._identity, notice, _deeds(facts))
            for notice in self._postman.notices_of(facts["number"])
        ]
        return {
            "notices": [{"headers": headers, "body": body.decode()} for headers, body in sealed]
        }

    def _bill(self, facts: Facts) -> Facts:
        bill_spoil(self._books, facts["date"], facts["errors"])
        return {}

    def _set(self, facts: Facts, names: tuple[str, ...]) -> Facts:
        unknown = set(facts) - set(names)
        if unknown:
            raise parameter_error(", ".join(sorted(unknown)), f"one of {', '.join(names)}")
        for name, value in facts.items():
            self._books.set(name, value)
        self._postman.wake()
        return {}


def _deeds(facts: Facts) -> Faults:
    return Faults(facts["deeds"]) if "deeds" in facts else NONE
