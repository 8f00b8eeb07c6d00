"""Short links and resales."""

from datetime import UTC, datetime

from factory.declarations import SubFactory
from factory.django import DjangoModelFactory

from leaders.models.leaders import Leader
from leaders.models.resales import Resale
from orders.models.residents import LinkChannel, ShortLink
from orders.services.short_links import short_link_create
from tests.factories.leaders import LeaderFactory


class ResaleFactory(DjangoModelFactory[Resale]):
    """One leader sells for another at 4 %."""

    class Meta:
        model = Resale

    owner = SubFactory(LeaderFactory)
    reseller = SubFactory(LeaderFactory)
    rate_bp = 400
    agreed_at = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)


def group_link(leader: Leader, now: datetime, reseller: Leader | None = None) -> ShortLink:
    """A short link for a leader's WeChat group."""
    return short_link_create(
        leader=leader, channel=LinkChannel.GROUP, label="", now=now, reseller=reseller
    )
