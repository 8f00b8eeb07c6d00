"""Accounts, their kinds and business events as people say them."""

from django.utils.translation import gettext_lazy as _

from orders.domain.accounts import (
    BANK,
    CLEARING,
    COMMISSION_EXPENSE,
    CUSTOMER_PREPAID,
    GATEWAY_FEE,
    LEADER_PAYABLE,
    PURCHASES,
    REFUND_PAYABLE,
    SALES,
    SHORTAGE_LOSS,
    SUPPLIER_PAYABLE,
    SUSPENSE,
    TAX_PAYABLE,
    AccountKind,
)
from orders.domain.transfers import LedgerEvent

ACCOUNT_LABELS = {
    BANK: _("bank"),
    CUSTOMER_PREPAID: _("prepaid by residents"),
    REFUND_PAYABLE: _("refunds to pay"),
    SALES: _("sales"),
    PURCHASES: _("purchases"),
    COMMISSION_EXPENSE: _("commission expense"),
    GATEWAY_FEE: _("payment fees"),
    SHORTAGE_LOSS: _("shortage losses"),
    SUSPENSE: _("suspense"),
    TAX_PAYABLE: _("tax to pay for leaders"),
    CLEARING: _("held by the payment provider"),
    LEADER_PAYABLE: _("owed to leader"),
    SUPPLIER_PAYABLE: _("owed to supplier"),
}
KIND_LABELS = {
    AccountKind.ASSET: _("asset"),
    AccountKind.LIABILITY: _("liability"),
    AccountKind.INCOME: _("income"),
    AccountKind.EXPENSE: _("expense"),
}
EVENT_LABELS = {
    LedgerEvent.PAYMENT_RECEIVED: _("payment received"),
    LedgerEvent.PAYMENT_SUSPENDED: _("payment suspended"),
    LedgerEvent.SUSPENSE_ACCEPTED: _("suspended payment accepted"),
    LedgerEvent.SUSPENSE_REFUND_DUE: _("suspended payment goes back"),
    LedgerEvent.REFUND_DUE: _("refund due"),
    LedgerEvent.SOLD_REFUND_DUE: _("refund after the sale due"),
    LedgerEvent.REFUND_PAID: _("refund paid"),
    LedgerEvent.LOSS_BORNE: _("loss borne by another"),
    LedgerEvent.GOODS_RECEIVED: _("goods accepted"),
    LedgerEvent.SUPPLIER_DEDUCTED: _("claim on a supplier deducted"),
    LedgerEvent.SUPPLIER_PAID: _("supplier paid"),
    LedgerEvent.COMMISSION_HELD: _("commission held"),
    LedgerEvent.COMMISSION_CLAWBACK: _("commission taken back"),
    LedgerEvent.BONUS_HELD: _("referral bonus held"),
    LedgerEvent.TAX_WITHHELD: _("tax withheld"),
    LedgerEvent.PAYOUT: _("commission paid out"),
    LedgerEvent.HANDOVER_SALE: _("sale at handover"),
    LedgerEvent.GATEWAY_FEE: _("payment fee"),
    LedgerEvent.CLEARING_SETTLED: _("settled to the bank"),
    LedgerEvent.ADJUSTED: _("adjusted by hand"),
    LedgerEvent.REVERSAL: _("reversal"),
}


def account_text(code: str) -> str:
    """An account in words: leader_payable:L0001 is 'owed to leader L0001'."""
    name, _colon, whose = code.partition(":")
    return f"{ACCOUNT_LABELS.get(name, name)} {whose}".strip()


def kind_text(kind: str) -> str:
    """A kind of account in words."""
    return str(KIND_LABELS.get(AccountKind(kind), kind))


def event_text(event: str) -> str:
    """A business event in words."""
    return str(EVENT_LABELS.get(LedgerEvent(event), event))
