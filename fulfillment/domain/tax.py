"""Income tax withheld from individuals (个人所得税): the cumulative withholding method.

State Taxation Administration announcement 2025 no. 16, by the method of
announcement 2018 no. 61 and its table of withholding rates 1.
"""

from collections.abc import Collection
from dataclasses import dataclass

from leaders.domain.promises import ensure

# What an individual may deduct: a fifth of the income as cost, and so much a month.
COST_PERCENT = 20
MONTHLY_DEDUCTION_FEN = 500_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Bracket:
    """A step of the table: taxable income of the year up to so much."""

    up_to_fen: int | None
    rate_bp: int
    quick_deduction_fen: int


TABLE = (
    Bracket(up_to_fen=3_600_000, rate_bp=300, quick_deduction_fen=0),
    Bracket(up_to_fen=14_400_000, rate_bp=1_000, quick_deduction_fen=252_000),
    Bracket(up_to_fen=30_000_000, rate_bp=2_000, quick_deduction_fen=1_692_000),
    Bracket(up_to_fen=42_000_000, rate_bp=2_500, quick_deduction_fen=3_192_000),
    Bracket(up_to_fen=66_000_000, rate_bp=3_000, quick_deduction_fen=5_292_000),
    Bracket(up_to_fen=96_000_000, rate_bp=3_500, quick_deduction_fen=8_592_000),
    Bracket(up_to_fen=None, rate_bp=4_500, quick_deduction_fen=18_192_000),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class YearSoFar:
    """What one individual was paid in a calendar year before a statement.

    Parameters
    ----------
    income_fen, withheld_fen
        Income before tax, and the tax withheld from it.
    months
        The months, 1 to 12, with any income.
    """

    income_fen: int = 0
    withheld_fen: int = 0
    months: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """The tax of one statement, with every figure it was computed from."""

    income_fen: int
    year_income_fen: int
    months: int
    year_taxable_fen: int
    rate_bp: int
    quick_deduction_fen: int
    year_tax_fen: int
    tax_fen: int


def consecutive_months(months: Collection[int], month: int) -> int:
    """Return how many months without a gap end with this one; it counts itself."""
    first = month
    while first - 1 in months:
        first -= 1
    return month - first + 1


def withhold(income_fen: int, *, month: int, before: YearSoFar, other_fen: int = 0) -> Withheld:
    """Return the tax withheld from an income by the cumulative method.

    Tax of the year so far = (income − 20 % cost − 5,000 yuan for every
    consecutive month − other) × rate − quick deduction, rounded half up, once;
    what was withheld before is taken off.

    Parameters
    ----------
    income_fen
        The income, 0 or more.
    month
        The month it is paid in, 1 to 12.
    before
        The year without it.
    other_fen
        Other deductions of the year that the law grants.

    Returns
    -------
    Withheld
        With a tax of 0 to the income: nothing is given back here, and what an
        income is too small for is withheld from the next.
    """
    months = consecutive_months(before.months, month)
    year_income_fen = before.income_fen + income_fen
    deductions_fen = months * MONTHLY_DEDUCTION_FEN + other_fen
    # In hundredths of a fen nothing is rounded yet.
    taxable = max(0, year_income_fen * (100 - COST_PERCENT) - deductions_fen * 100)
    bracket = _bracket(taxable)
    # Hundredths of a fen times basis points: a million of them are a fen.
    year_tax_fen = (taxable * bracket.rate_bp + 500_000) // 1_000_000 - bracket.quick_deduction_fen
    tax_fen = min(income_fen, max(0, year_tax_fen - before.withheld_fen))
    ensure(0 <= tax_fen <= income_fen, "no more tax is withheld than is earned")
    return Withheld(
        income_fen=income_fen,
        year_income_fen=year_income_fen,
        months=months,
        year_taxable_fen=(taxable + 50) // 100,
        rate_bp=bracket.rate_bp,
        quick_deduction_fen=bracket.quick_deduction_fen,
        year_tax_fen=year_tax_fen,
        tax_fen=tax_fen,
    )


def untaxed(income_fen: int, *, month: int, before: YearSoFar | None = None) -> Withheld:
    """Return the figures of an income nothing is withheld from; the year goes on counting."""
    year = before or YearSoFar()
    return Withheld(
        income_fen=income_fen,
        year_income_fen=year.income_fen + income_fen,
        months=consecutive_months(year.months, month),
        year_taxable_fen=0,
        rate_bp=0,
        quick_deduction_fen=0,
        year_tax_fen=0,
        tax_fen=0,
    )


def _bracket(taxable_hundredths: int) -> Bracket:
    return next(
        bracket
        for bracket in TABLE
        if bracket.up_to_fen is None or taxable_hundredths <= bracket.up_to_fen * 100
    )
