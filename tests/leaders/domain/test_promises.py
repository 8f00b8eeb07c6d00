"""The check every rule makes on its own result."""

import pytest

from leaders.domain.promises import ensure
from leaders.errors import DomainError, PromiseBroken


def test_only_a_broken_promise_is_raised_and_it_is_no_business_error() -> None:
    ensure(True, "money is conserved")
    with pytest.raises(PromiseBroken, match="pieces are conserved") as broken:
        ensure(False, "pieces are conserved")

    assert not isinstance(broken.value, DomainError)
