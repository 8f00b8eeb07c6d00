"""What the tax office is told every quarter: who was paid how much (State Council order 810)."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Count, F, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from fulfillment.models.payouts import Payout, PayoutState


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarter:
    """A calendar quarter, 1 to 4."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"

    @property
    def first_day(self) -> date:
        """Its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def next_first_day(self) -> date:
        """The first day after it."""
        return self.next.first_day

    @property
    def next(self) -> "Quarter":
        """The quarter after it."""
        if self.number < 4:
            return Quarter(year=self.year, number=self.number + 1)
        return Quarter(year=self.year + 1, number=1)


class TaxRow(NamedTuple):
    """One leader who was paid in a quarter."""

    leader_code: str
    payee_id: int | None
    kind: str | None
    legal_name: str | None
    payments: int
    income_fen: int
    tax_fen: int
    net_fen: int


def quarters_to_report(today: date) -> tuple[Quarter, ...]:
    """This quarter and those since the year before, the newest first."""
    quarter = Quarter(year=today.year - 1, number=1)
    found = []
    while quarter.first_day <= today:
        found.append(quarter)
        quarter = quarter.next
    return tuple(reversed(found))


def tax_report_rows(quarter: Quarter) -> list[TaxRow]:
    """Leaders paid in a quarter, by the local day of the payment."""
    rows = (
        Payout.objects.filter(state=PayoutState.PAID)
        .annotate(paid_on=TruncDate("closed_at", tzinfo=timezone.get_current_timezone()))
        .filter(paid_on__gte=quarter.first_day, paid_on__lt=quarter.next_first_day)
        .order_by()
        .values("statement__leader")
        .annotate(
            code=F("statement__leader__code"),
            payee=F("statement__leader__payee"),
            kind=F("statement__leader__payee__kind"),
            legal_name=F("statement__leader__payee__legal_name"),
            payments=Count("pk"),
            income=Sum(F("statement__net_fen") + F("statement__tax_fen")),
            tax=Sum("statement__tax_fen"),
            net=Sum("amount_fen"),
        )
        .order_by("code")
    )
    names = ("code", "payee", "kind", "legal_name", "payments", "income", "tax", "net")
    return [TaxRow._make(row) for row in rows.values_list(*names)]
