"""Deeds that wait for a second person."""

from datetime import UTC, datetime, timedelta

from factory.declarations import LazyAttribute, Sequence, SubFactory
from factory.django import DjangoModelFactory

from leaders.models.accounts import Role, User
from leaders.models.countersignatures import Countersignature
from orders.models.claims import Claim
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


def refund_asked(claim: Claim, *, asked_by: User) -> Countersignature:
    """Finance is asked to sign the whole refund of a claim."""
    row: Countersignature = CountersignatureFactory.create(
        deed="refund",
        object_type="claim",
        object_id=str(claim.pk),
        amount_fen=claim.asked_fen,
        asked_by=asked_by,
        facts={
            "amount_fen": claim.asked_fen,
            "asked_fen": claim.asked_fen,
            "order_no": claim.order_line.order.order_no,
            "note": "抱歉",
            "bearer": "",
            "bearer_note": "",
        },
    )
    return row
