"""Statements of leaders."""

from datetime import UTC, date, datetime

from factory.declarations import Sequence, SubFactory
from factory.django import DjangoModelFactory

from fulfillment.models.settlement import SettlementStatement
from tests.factories.leaders import LeaderFactory


class SettlementStatementFactory(DjangoModelFactory[SettlementStatement]):
    """A week in which 100.00 yuan were earned and nothing was taken back."""

    class Meta:
        model = SettlementStatement

    statement_no = Sequence(lambda n: f"JS{n:04d}")
    leader = SubFactory(LeaderFactory)
    period_from = date(2026, 3, 9)
    period_until = date(2026, 3, 15)
    earned_fen = 10_000
    deducted_fen = 0
    net_fen = 10_000
    issued_at = datetime(2026, 3, 17, 2, 0, tzinfo=UTC)
