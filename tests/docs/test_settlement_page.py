"""docs/algorithms/settlement.md against the code."""

from decimal import Decimal

import pytest

from fulfillment.domain.lifecycle import PAYOUT_LIFECYCLE
from fulfillment.domain.statements import Share, statement_figures
from fulfillment.domain.tax import YearSoFar, withhold
from orders.domain.money import FEN_PER_YUAN, format_yuan
from tests.docs.pages import tables

PAGE = "algorithms/settlement.md"
LEAST_FEN = 1_000


def fen(yuan: str) -> int:
    return int(Decimal(yuan) * FEN_PER_YUAN)


@pytest.mark.parametrize("row", tables(PAGE)[0])
def test_a_statement_is_what_the_page_says(row: dict[str, str]) -> None:
    percent = int(row["tax rate"].rstrip("%"))
    shares = [
        Share(entry_id=1, amount_fen=fen(row["earned"]), is_deduction=False),
        Share(entry_id=2, amount_fen=fen(row["deducted"]), is_deduction=True),
    ]

    figures = statement_figures(
        shares,
        carried_fen=fen(row["carried in"]),
        least_fen=LEAST_FEN,
        tax_of=lambda income_fen: income_fen * percent // 100,
    )

    assert format_yuan(figures.tax_fen) == row["tax"]
    assert format_yuan(figures.net_fen) == row["net"]
    assert ("carried" if figures.is_carried else "issued") == row["becomes"]


@pytest.mark.parametrize("row", tables(PAGE)[1])
def test_a_years_taxes_are_those_of_the_page(row: dict[str, str]) -> None:
    income_fen = withheld_fen = 0
    months: frozenset[int] = frozenset()
    taxes = []
    for income in row["incomes"].split(", "):
        month, _colon, yuan = income.partition(": ")
        before = YearSoFar(income_fen=income_fen, withheld_fen=withheld_fen, months=months)
        tax = withhold(fen(yuan), month=int(month), before=before)
        income_fen += fen(yuan)
        withheld_fen += tax.tax_fen
        months |= {int(month)}
        taxes.append(format_yuan(tax.tax_fen))

    assert ", ".join(taxes) == row["taxes"]


def test_the_page_knows_every_end_of_a_payout() -> None:
    told = " ".join(row["to"] for row in tables(PAGE)[2])

    for state in PAYOUT_LIFECYCLE.completed | PAYOUT_LIFECYCLE.failed:
        assert state in told
