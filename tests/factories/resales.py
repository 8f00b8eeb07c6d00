"""Agreements by which one leader sells for another."""

from datetime import UTC, datetime

from factory.declarations import SubFactory
from factory.django import DjangoModelFactory

from leaders.models.resales import Resale
from tests.factories.leaders import LeaderFactory


class ResaleFactory(DjangoModelFactory[Resale]):
    """A leader sells for another at 4 %."""

    class Meta:
        model = Resale

    owner = SubFactory(LeaderFactory)
    reseller = SubFactory(LeaderFactory)
    rate_bp = 400
    agreed_at = datetime(2026, 2, 1, 2, 0, tzinfo=UTC)
