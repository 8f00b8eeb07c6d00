"""Deeds that wait for a second person."""

from datetime import UTC, datetime, timedelta

from factory.declarations import LazyAttribute, Sequence, SubFactory
from factory.django import DjangoModelFactory

from leaders.models.accounts import Role
from leaders.models.countersignatures import Countersignature
from tests.factories.leaders import UserFactory


class FinanceFactory(UserFactory):
    """Somebody of finance."""

    username = Sequence(lambda n: f"finance{n:04d}")
    role = Role.FINANCE
    is_staff = True


class CountersignatureFactory(DjangoModelFactory[Countersignature]):
    """An adjustment that finance has asked for, waiting for a day."""

    class Meta:
        model = Countersignature

    deed = "ledger.adjust"
    object_type = "account"
    object_id = Sequence(lambda n: f"{n + 1}")
    amount_fen = 1_200
    reason = "银行手续费记错了科目"
    asked_by = SubFactory(FinanceFactory)
    asked_at = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
    lapses_at = LazyAttribute(lambda row: row.asked_at + timedelta(hours=24))
