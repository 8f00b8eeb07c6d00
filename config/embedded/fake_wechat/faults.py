"""Scripted misbehaviour: rules that wait for a call, or a notice, and spoil it."""

import json
from collections.abc import Mapping
from typing import Any

from config.embedded.fake_wechat.books import Books
from config.embedded.fake_wechat.errors import ApiError

OPERATIONS = (
    "create",
    "query",
    "close",
    "refund",
    "query_refund",
    "bill",
    "download",
    "transfer",
    "query_transfer",
    "cancel_transfer",
    "notice",
)
# What a rule does -> what it takes besides.
DEEDS: Mapping[str, tuple[str, ...]] = {
    "delay": ("seconds",),
    "drop_request": (),
    "drop_answer": (),
    "error": ("status", "code"),
    "error_after": ("status", "code"),
    "ignore": (),
    "pay_first": (),
    "wrong_amount": ("amount_fen",),
    "wrong_currency": ("currency",),
    "wrong_merchant": (),
    "wrong_app": (),
    "wrong_number": (),
    "forge": (),
    "probe": (),
    "old": ("seconds",),
    "unknown_serial": (),
    "omit_header": ("header",),
    "oversize": (),
    "wrong_key": (),
}
FOREVER = -1


class Faults:
    """What one call, or one notice, has to suffer: the deeds and what they take."""

    def __init__(self, rules: list[Mapping[str, Any]]) -> None:
        self._rules = {str(rule["do"]): rule for rule in rules}

    def __contains__(self, deed: str) -> bool:
        return deed in self._rules

    def value(self, deed: str, name: str, default: Any) -> Any:
        """Return what a deed takes, or the default when it is not there."""
        return self._rules.get(deed, {}).get(name, default)

    def raise_error(self, deed: str) -> None:
        """Raise the error of a deed, if it is there."""
        if deed in self._rules:
            rule = self._rules[deed]
            raise ApiError(
                int(rule.get("status", 500)),
                str(rule.get("code", "SYSTEM_ERROR")),
                "系统错误，请稍后重试",
            )


NONE = Faults([])


def fault_add(books: Books, rule: Mapping[str, Any]) -> int:
    """Remember a rule; return its number.

    `on` is an operation or "*", `do` a deed; `times` (1) says how often, -1
    without end; `number` limits it to one trade or refund.

    Raises
    ------
    ApiError
        If the rule names no operation, no deed, or a value that it does not take.
    """
    takes = DEEDS.get(str(rule.get("do")))
    if takes is None or rule.get("on") not in (*OPERATIONS, "*"):
        raise ApiError(400, "PARAM_ERROR", f"no such fault: {dict(rule)}")
    unknown = set(rule) - {"on", "do", "times", "number", *takes}
    if unknown:
        raise ApiError(400, "PARAM_ERROR", f"{rule['do']} takes no {sorted(unknown)}")
    return books.insert("fault", {"rule": json.dumps({"times": 1, **rule})})


def faults_take(books: Books, operation: str, number: str) -> Faults:
    """Return the faults due for a call, each used up by one."""
    if books.one("SELECT 1 FROM fault LIMIT 1") is None:
        return NONE
    with books.writing():
        due = []
        for row in books.all("SELECT at, rule FROM fault ORDER BY at"):
            rule = json.loads(row["rule"])
            if rule["on"] not in (operation, "*") or rule.get("number") not in (None, number):
                continue
            due.append(rule)
            if rule["times"] == 1:
                books.run("DELETE FROM fault WHERE at = ?", row["at"])
            elif rule["times"] != FOREVER:
                rest = json.dumps({**rule, "times": rule["times"] - 1})
                books.run("UPDATE fault SET rule = ? WHERE at = ?", rest, row["at"])
    return Faults(due)
