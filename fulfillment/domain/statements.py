"""Settlement statements (结算单): what a leader is owed for a week, and what is carried on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from leaders.domain.promises import ensure

# Statements are issued on the Tuesday after the week, at this time of day.
ISSUED_AFTER = timedelta(days=2)
ISSUED_AT = time(10, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One commission entry as a statement counts it, 0 fen or more."""

    entry_id: int
    amount_fen: int
    is_deduction: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The figures of a statement; they never change.

    Parameters
    ----------
    earned_fen, deducted_fen
        The entries of the statement that raise and that lower it.
    carried_fen
        What earlier statements carried into this one, below 0 for a debt.
    tax_fen
        Tax withheld; nothing is withheld from what is carried on.
    is_carried
        Whether it is too little to pay out and goes into the next statement.
    """

    earned_fen: int
    deducted_fen: int
    carried_fen: int
    tax_fen: int
    is_carried: bool

    @property
    def gross_fen(self) -> int:
        """What is owed before tax."""
        return self.earned_fen - self.deducted_fen + self.carried_fen

    @property
    def net_fen(self) -> int:
        """What is paid out, or carried on."""
        return self.gross_fen - self.tax_fen


def statement_figures(
    shares: Sequence[Share],
    *,
    carried_fen: int,
    least_fen: int,
    tax_of: Callable[[int], int],
) -> Figures:
    """Return the figures of one leader's statement.

    Parameters
    ----------
    shares
        The entries it settles.
    carried_fen
        What earlier statements carry into it.
    least_fen
        The least that is paid out.
    tax_of
        The tax on an income of so many fen; asked for what could be paid.

    Returns
    -------
    Figures
        Carried on if less than the least would reach the leader, with no tax.
    """
    earned_fen = sum(share.amount_fen for share in shares if not share.is_deduction)
    deducted_fen = sum(share.amount_fen for share in shares if share.is_deduction)
    gross_fen = earned_fen - deducted_fen + carried_fen
    tax_fen = tax_of(gross_fen) if gross_fen >= max(1, least_fen) else 0
    is_carried = gross_fen - tax_fen < max(1, least_fen)
    figures = Figures(
        earned_fen=earned_fen,
        deducted_fen=deducted_fen,
        carried_fen=carried_fen,
        tax_fen=0 if is_carried else tax_fen,
        is_carried=is_carried,
    )
    ensure(0 <= figures.tax_fen <= max(0, figures.gross_fen), "tax is a part of what is owed")
    return figures


def week_of(day: date) -> date:
    """Return the Sunday that ends the business week of a day."""
    return day + timedelta(days=7 - day.isoweekday())


def week_from(until: date) -> date:
    """Return the Monday of the week that ends on a Sunday."""
    return until - timedelta(days=6)


def newest_week_due(local: datetime) -> date:
    """Return the last Sunday whose statements are due by a local time."""
    until = week_of(local.date()) - timedelta(days=7)
    issued_from = datetime.combine(until + ISSUED_AFTER, ISSUED_AT, local.tzinfo)
    return until if local >= issued_from else until - timedelta(days=7)


def weeks_due(oldest: date, local: datetime) -> list[date]:
    """Return the Sundays from the week of `oldest` on whose statements are due, oldest first."""
    newest = newest_week_due(local)
    count = (newest - week_of(oldest)).days // 7 + 1
    return [week_of(oldest) + timedelta(days=7 * week) for week in range(max(0, count))]


def statement_no(leader_code: str, until: date) -> str:
    """Return the number of a leader's statement of the week that ends on a Sunday."""
    return f"JS-{until:%Y%m%d}-{leader_code}"
