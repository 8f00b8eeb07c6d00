"""What WeChat Pay's answers say: facts, amounts and moments, or why there are none."""

import json
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from orders.errors import GatewayRefused, GatewayUnavailable

TOO_MANY_REQUESTS = 429


@contextmanager
def making_sense() -> Iterator[None]:
    """Turn an answer that is genuine but makes no sense into "no answer"."""
    try:
        yield
    except (KeyError, TypeError, ValueError, zlib.error) as error:
        raise GatewayUnavailable("The payment provider's answer makes no sense.") from error


def answer_facts(answer: tuple[int, bytes]) -> dict[str, Any]:
    """Return what an answer says, {} for an empty one; raise what a refusal means.

    429 counts as no answer: nothing has happened, and the same request is
    welcome later.
    """
    status, content = answer
    try:
        facts = json.loads(content) if content else {}
    except ValueError:
        facts = None
    code = str(facts.get("code", "")) if isinstance(facts, dict) else ""
    if 400 <= status < 500 and status != TOO_MANY_REQUESTS:
        raise GatewayRefused(
            "The payment provider refused.", provider_code=code or str(status), status=status
        )
    if not 200 <= status < 300 or not isinstance(facts, dict):
        raise GatewayUnavailable(
            "The payment provider does not answer.", provider_code=code, status=status
        )
    return facts


def text_of(facts: Mapping[str, Any], name: str) -> str:
    """Return a text that is there and not empty; raise ValueError otherwise."""
    value = facts[name]
    if not isinstance(value, str) or not value:
        raise ValueError(f"{name} is no text")
    return value


def fen_of(facts: Mapping[str, Any], name: str) -> int:
    """Return an amount of 0 or more; raise ValueError otherwise."""
    value = facts[name]
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"{name} is no amount")
    return value


def moment_of(text: str) -> datetime:
    """Return a moment with its time zone; raise ValueError for one without."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment
