"""The chart of accounts: where value can be, and what kind of place that is."""

from enum import StrEnum

from orders.errors import AccountUnknown


class AccountKind(StrEnum):
    """The kinds of accounts; assets and expenses grow by debits, the others by credits."""

    ASSET = "asset"
    LIABILITY = "liability"
    INCOME = "income"
    EXPENSE = "expense"


BANK = "bank"
CUSTOMER_PREPAID = "customer_prepaid"
REFUND_PAYABLE = "refund_payable"
SALES = "sales"
PURCHASES = "purchases"
COMMISSION_EXPENSE = "commission_expense"
GATEWAY_FEE = "gateway_fee"
SHORTAGE_LOSS = "shortage_loss"
SUSPENSE = "suspense"
TAX_PAYABLE = "tax_payable"

# Accounts with an owner are written `prefix:owner`.
CLEARING = "clearing"
LEADER_PAYABLE = "leader_payable"
SUPPLIER_PAYABLE = "supplier_payable"
OWNED_PREFIXES = frozenset({CLEARING, LEADER_PAYABLE, SUPPLIER_PAYABLE})

CHART = {
    BANK: AccountKind.ASSET,
    CLEARING: AccountKind.ASSET,
    CUSTOMER_PREPAID: AccountKind.LIABILITY,
    REFUND_PAYABLE: AccountKind.LIABILITY,
    LEADER_PAYABLE: AccountKind.LIABILITY,
    SUPPLIER_PAYABLE: AccountKind.LIABILITY,
    SUSPENSE: AccountKind.LIABILITY,
    TAX_PAYABLE: AccountKind.LIABILITY,
    SALES: AccountKind.INCOME,
    PURCHASES: AccountKind.EXPENSE,
    COMMISSION_EXPENSE: AccountKind.EXPENSE,
    GATEWAY_FEE: AccountKind.EXPENSE,
    SHORTAGE_LOSS: AccountKind.EXPENSE,
}


def clearing(provider: str) -> str:
    """Return the account of money a payment provider holds for us."""
    return f"{CLEARING}:{provider}"


def leader_payable(leader_code: str) -> str:
    """Return the account of commission owed to a leader."""
    return f"{LEADER_PAYABLE}:{leader_code}"


def supplier_payable(supplier_code: str) -> str:
    """Return the account of goods owed to a supplier."""
    return f"{SUPPLIER_PAYABLE}:{supplier_code}"


def account_kind(code: str) -> AccountKind:
    """Return the kind of the account with this code.

    Raises
    ------
    AccountUnknown
        If the chart has no such account, an owned account names no owner, or
        an account without owner names one.
    """
    prefix, colon, owner = code.partition(":")
    if prefix not in CHART or (prefix in OWNED_PREFIXES) != bool(colon and owner):
        raise AccountUnknown("There is no such account.", code=code)
    return CHART[prefix]
