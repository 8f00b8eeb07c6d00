"""The chart of accounts."""

import pytest

from orders.domain.accounts import CHART, OWNED_PREFIXES, AccountKind, account_kind
from orders.errors import AccountUnknown


@pytest.mark.parametrize("code", ["petty_cash", "leader_payable", "leader_payable:", "sales:L0156"])
def test_what_is_not_in_the_chart_has_no_kind(code: str) -> None:
    with pytest.raises(AccountUnknown):
        account_kind(code)


def test_accounts_know_their_kind() -> None:
    assert account_kind("clearing:sandbox") is AccountKind.ASSET
    assert account_kind("leader_payable:L0156") is AccountKind.LIABILITY
    assert account_kind("clearing:wechat:sub") is AccountKind.ASSET
    assert account_kind("sales") is AccountKind.INCOME


def test_the_assets_and_expenses_of_the_chart_are_those_that_grow_by_debits() -> None:
    growing_by_debit = {
        code for code, kind in CHART.items() if kind in (AccountKind.ASSET, AccountKind.EXPENSE)
    }

    assert growing_by_debit == {
        "bank",
        "clearing",
        "purchases",
        "commission_expense",
        "gateway_fee",
        "shortage_loss",
    }
    assert set(CHART) >= OWNED_PREFIXES
