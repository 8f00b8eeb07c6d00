"""Checks on the way out of a rule, kept on in production."""

from leaders.errors import PromiseBroken


def ensure(kept: bool, promise: str) -> None:
    """Raise `PromiseBroken` unless the promise was kept.

    Rules call it on their own result, with figures made by other code than
    the code that made the result.
    """
    if not kept:
        raise PromiseBroken(promise)
