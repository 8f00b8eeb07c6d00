"""Accounts, posting templates, and the story of one order told in transfers."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.domain.ledger import (
    CommissionRef,
    bonus_held,
    clearing_settled,
    commission_clawback,
    commission_held,
    gateway_fee,
    goods_received,
    handover_sale,
    loss_borne,
    payment_received,
    payment_suspended,
    refund_due,
    refund_paid,
    reversal,
    sold_refund_due,
    supplier_deducted,
    supplier_paid,
    suspense_accepted,
    suspense_refund_due,
)
from orders.domain.payout_postings import payout, tax_withheld
from orders.domain.transfers import LedgerEvent, TransferDraft, trial_balance
from orders.errors import AccountUnknown, TransferAmountNotPositive, TransferToItself

DAY = date(2026, 3, 9)
NEXT_DAY = date(2026, 3, 10)
LATER = date(2026, 3, 14)
COMMISSION = CommissionRef(
    order_no="O000001", line_key="O000001/K042", plan_code="formal", leader_code="L0156"
)


def paid(amount_fen: int = 8_970) -> TransferDraft:
    return payment_received(
        attempt_no="P000001",
        order_no="O000001",
        provider="sandbox",
        amount_fen=amount_fen,
        business_date=DAY,
    )


def asked_back(amount_fen: int = 2_990) -> TransferDraft:
    return refund_due(
        refund_no="O000001-S1", order_no="O000001", amount_fen=amount_fen, business_date=NEXT_DAY
    )


def paid_back(amount_fen: int = 2_990) -> TransferDraft:
    return refund_paid(
        refund_no="O000001-S1",
        order_no="O000001",
        provider="sandbox",
        amount_fen=amount_fen,
        business_date=NEXT_DAY,
    )


def bought(count_no: int = 1) -> TransferDraft:
    return goods_received(
        receipt_no="PO1-G1",
        sku_code="K042",
        supplier_code="S01",
        amount_fen=4_000,
        business_date=NEXT_DAY,
        count_no=count_no,
    )


def earned() -> TransferDraft:
    return commission_held(COMMISSION, amount_fen=598, business_date=NEXT_DAY)


def clawed_back() -> TransferDraft:
    return commission_clawback(
        COMMISSION, cause="O000001-C1", amount_fen=299, business_date=NEXT_DAY
    )


def sold() -> TransferDraft:
    return handover_sale(
        order_no="O000001", handover_no="H0156", amount_fen=5_980, business_date=NEXT_DAY
    )


def suspended() -> TransferDraft:
    return payment_suspended(
        attempt_no="P000001",
        order_no="O000001",
        provider="sandbox",
        amount_fen=1,
        business_date=DAY,
    )


def accepted() -> TransferDraft:
    return suspense_accepted(
        attempt_no="P000001", order_no="O000001", amount_fen=1, business_date=DAY
    )


def suspense_asked_back() -> TransferDraft:
    return suspense_refund_due(
        refund_no="O000001-U1", order_no="O000001", amount_fen=1, business_date=DAY
    )


def asked_back_after_the_sale() -> TransferDraft:
    return sold_refund_due(
        refund_no="O000001-C1", order_no="O000001", amount_fen=1_495, business_date=LATER
    )


def borne() -> TransferDraft:
    return loss_borne(
        refund_no="O000001-C1",
        order_no="O000001",
        bearer="supplier_payable:S01",
        amount_fen=1_495,
        business_date=LATER,
    )


def claim_deducted() -> TransferDraft:
    return supplier_deducted(
        statement_no="DZ-S01-20260309",
        claim_no="C1",
        supplier_code="S01",
        amount_fen=800,
        business_date=LATER,
    )


def supplier_got() -> TransferDraft:
    return supplier_paid(
        payment_no="SP1", supplier_code="S01", amount_fen=2_505, business_date=LATER
    )


def bonus_earned() -> TransferDraft:
    return bonus_held(
        referee_code="L0200", leader_code="L0156", amount_fen=5_000, business_date=LATER
    )


def taxed() -> TransferDraft:
    return tax_withheld(
        statement_no="JS-20260315-L0156", leader_code="L0156", amount_fen=3, business_date=LATER
    )


def leader_got() -> TransferDraft:
    return payout(payout_no="PB1-L0156", leader_code="L0156", amount_fen=299, business_date=LATER)


def fee_kept() -> TransferDraft:
    return gateway_fee(provider="sandbox", bill_date=DAY, fee_fen=54, business_date=NEXT_DAY)


def settled() -> TransferDraft:
    return clearing_settled(
        provider="sandbox", settlement_no="F20260310", amount_fen=5_926, business_date=LATER
    )


@pytest.mark.parametrize(
    ("draft", "debit", "credit", "idem_key"),
    [
        pytest.param(paid, "clearing:sandbox", "customer_prepaid", "pay:P000001", id="paid"),
        pytest.param(suspended, "clearing:sandbox", "suspense", "pay:P000001", id="suspended"),
        pytest.param(
            accepted, "suspense", "customer_prepaid", "accept:P000001", id="suspense_accepted"
        ),
        pytest.param(
            suspense_asked_back,
            "suspense",
            "refund_payable",
            "refund-req:O000001-U1",
            id="suspense_refund_due",
        ),
        pytest.param(
            asked_back_after_the_sale,
            "shortage_loss",
            "refund_payable",
            "refund-req:O000001-C1",
            id="sold_refund_due",
        ),
        pytest.param(
            borne,
            "supplier_payable:S01",
            "shortage_loss",
            "loss:O000001-C1:supplier_payable:S01",
            id="loss_borne",
        ),
        pytest.param(
            claim_deducted,
            "supplier_payable:S01",
            "purchases",
            "supplier-deducted:C1",
            id="supplier_deducted",
        ),
        pytest.param(
            supplier_got, "supplier_payable:S01", "bank", "supplier-paid:SP1", id="supplier_paid"
        ),
        pytest.param(
            bonus_earned,
            "commission_expense",
            "leader_payable:L0156",
            "bonus:L0200",
            id="bonus_held",
        ),
        pytest.param(
            taxed,
            "leader_payable:L0156",
            "tax_payable",
            "tax:JS-20260315-L0156",
            id="tax_withheld",
        ),
        pytest.param(leader_got, "leader_payable:L0156", "bank", "payout:PB1-L0156", id="payout"),
        pytest.param(
            fee_kept, "gateway_fee", "clearing:sandbox", "fee:sandbox:2026-03-09", id="gateway_fee"
        ),
        pytest.param(
            settled, "bank", "clearing:sandbox", "settled:sandbox:F20260310", id="settled"
        ),
        pytest.param(
            asked_back,
            "customer_prepaid",
            "refund_payable",
            "refund-req:O000001-S1",
            id="refund_due",
        ),
        pytest.param(
            paid_back,
            "refund_payable",
            "clearing:sandbox",
            "refund-paid:O000001-S1",
            id="refund_paid",
        ),
        pytest.param(
            bought, "purchases", "supplier_payable:S01", "goods:PO1-G1:K042", id="goods_received"
        ),
        pytest.param(
            earned,
            "commission_expense",
            "leader_payable:L0156",
            "commission:O000001/K042:formal",
            id="commission_held",
        ),
        pytest.param(
            clawed_back,
            "leader_payable:L0156",
            "commission_expense",
            "clawback:O000001/K042:formal:O000001-C1",
            id="commission_clawback",
        ),
        pytest.param(sold, "customer_prepaid", "sales", "sale:O000001", id="handover_sale"),
    ],
)
def test_each_event_has_its_accounts_and_its_key(
    draft: Callable[[], TransferDraft], debit: str, credit: str, idem_key: str
) -> None:
    transfer = draft()

    assert (transfer.debit, transfer.credit, transfer.idem_key) == (debit, credit, idem_key)
    assert transfer.ref_type
    assert transfer.ref_id


def test_an_order_handed_over_and_partly_refunded_leaves_nothing_prepaid() -> None:
    story = [paid(), asked_back(), paid_back(), bought(), earned(), sold(), clawed_back()]

    balance = trial_balance(story)

    assert balance == {
        "clearing:sandbox": 5_980,
        "commission_expense": 299,
        "customer_prepaid": 0,
        "leader_payable:L0156": -299,
        "purchases": 4_000,
        "refund_payable": 0,
        "sales": -5_980,
        "supplier_payable:S01": -4_000,
    }
    assert sum(balance.values()) == 0


def test_events_of_one_order_never_share_a_key() -> None:
    story = [paid(), asked_back(), paid_back(), bought(), earned(), sold(), clawed_back()]

    keys = {transfer.idem_key for transfer in story}

    assert len(keys) == len(story)


def test_the_same_event_told_twice_has_the_same_key() -> None:
    assert paid().idem_key == paid(amount_fen=1).idem_key
    assert asked_back() == asked_back()


def test_a_payment_enters_the_books_as_prepaid_or_suspense_but_never_as_both() -> None:
    assert paid().idem_key == suspended().idem_key


def test_a_refund_is_asked_for_out_of_one_account_only() -> None:
    keys = {
        ask(refund_no="R1", order_no="O1", amount_fen=1, business_date=DAY).idem_key
        for ask in (refund_due, suspense_refund_due, sold_refund_due)
    }

    assert keys == {"refund-req:R1"}


def test_when_everybody_is_paid_only_income_expenses_and_cash_are_left() -> None:
    story = [paid(), asked_back(), paid_back(), bought(), earned(), sold(), clawed_back()]
    story += [asked_back_after_the_sale(), borne(), supplier_got(), leader_got(), fee_kept()]

    balance = trial_balance(story)

    assert {code for code, net_fen in balance.items() if net_fen} == {
        "bank",
        "clearing:sandbox",
        "commission_expense",
        "gateway_fee",
        "purchases",
        "refund_payable",
        "sales",
    }
    assert balance["refund_payable"] == -1_495
    assert balance["shortage_loss"] == 0


def test_a_fee_that_was_given_back_goes_the_other_way() -> None:
    back = gateway_fee(provider="sandbox", bill_date=DAY, fee_fen=-6, business_date=NEXT_DAY)

    assert (back.debit, back.credit, back.amount_fen) == ("clearing:sandbox", "gateway_fee", 6)
    assert back.idem_key == fee_kept().idem_key


def test_a_reversal_takes_a_transfer_back_and_names_it() -> None:
    taken_back = reversal(earned(), business_date=NEXT_DAY)

    assert taken_back.event is LedgerEvent.REVERSAL
    assert taken_back.reverses == "commission:O000001/K042:formal"
    assert taken_back.idem_key == "reverse:commission:O000001/K042:formal"
    assert set(trial_balance([earned(), taken_back]).values()) == {0}


@given(count_no=st.integers(min_value=2, max_value=10**4))
def test_goods_counted_again_are_owed_again_and_a_count_taken_back_is_not(count_no: int) -> None:
    wrong, right = bought(), bought(count_no)
    taken_back = reversal(wrong, business_date=LATER)

    balances = trial_balance([wrong, taken_back, right])
    assert right.idem_key == f"goods:PO1-G1:K042:{count_no}"
    assert len({wrong.idem_key, taken_back.idem_key, right.idem_key}) == 3
    assert (balances["purchases"], balances["supplier_payable:S01"]) == (4_000, -4_000)


@given(amounts_fen=st.lists(st.integers(min_value=1, max_value=10**12), max_size=20))
def test_books_balance_whatever_is_posted(amounts_fen: list[int]) -> None:
    templates = [paid, asked_back, paid_back]

    posted = [
        templates[position % 3](amount_fen) for position, amount_fen in enumerate(amounts_fen)
    ]

    assert sum(trial_balance(posted).values()) == 0


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        pytest.param({"amount_fen": 0}, TransferAmountNotPositive, id="nothing"),
        pytest.param({"amount_fen": -1}, TransferAmountNotPositive, id="negative"),
        pytest.param({"credit": "clearing:sandbox"}, TransferToItself, id="to_itself"),
        pytest.param({"debit": "petty_cash"}, AccountUnknown, id="no_such_account"),
        pytest.param({"debit": "leader_payable"}, AccountUnknown, id="owner_missing"),
        pytest.param({"debit": "leader_payable:"}, AccountUnknown, id="owner_empty"),
        pytest.param({"credit": "sales:L0156"}, AccountUnknown, id="owner_where_none_belongs"),
    ],
)
def test_a_draft_that_could_not_be_posted_cannot_be_made(
    changed: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        replace(paid(), **changed)
