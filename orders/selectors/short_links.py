"""Short links as their makers and visitors meet them, and how often they were opened."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet
from django.urls import reverse

from leaders.models.leaders import Leader
from leaders.selectors.resales import resale_in_force
from orders.models.residents import LinkChannel, ShortLink, ShortLinkClick

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelClicks:
    """How often a leader's links of one channel were opened; a person may count twice."""

    channel: LinkChannel
    clicks: int
    week_clicks: int

    @property
    def label(self) -> str:
        """The channel in words."""
        return str(self.channel.label)


def short_link_found(code: str) -> ShortLink | None:
    """The short link of a code with its leader and who sells by it, expired or not."""
    return ShortLink.objects.select_related("leader", "reseller").filter(code=code).first()


def reseller_code(link: ShortLink) -> str:
    """Who sells what a link brings, by code; empty for the owner, or once the two part."""
    if link.reseller is None:
        return ""
    held = resale_in_force(owner_id=link.leader.pk, reseller_code=link.reseller.code)
    return link.reseller.code if held else ""


def short_link_current(
    leader: Leader, now: datetime, channel: LinkChannel = LinkChannel.GROUP
) -> ShortLink | None:
    """The newest short link of a leader for a channel that lives; no reseller's."""
    own = leader.short_links.filter(reseller__isnull=True, channel=channel)
    return own.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now)).first()


def link_address(code: str) -> str:
    """A short link as people outside open it."""
    return f"{settings.SITE_URL.rstrip('/')}{reverse('short-link', args=[code])}"


def short_links_made_by(leader: Leader, now: datetime) -> QuerySet[ShortLink]:
    """All links a leader made, to their own shop or one they sell for, those that live first.

    Each has `clicks_count` and `week_clicks`, and `lives`.
    """
    lives = Q(expires_at__isnull=True) | Q(expires_at__gt=now)
    return (
        _made_by(leader)
        .select_related("leader")
        .annotate(
            clicks_count=Count("clicks"),
            week_clicks=Count("clicks", filter=Q(clicks__at__gt=now - WEEK)),
            lives=ExpressionWrapper(lives, output_field=BooleanField()),
        )
        .order_by("-lives", "-pk")
    )


def channel_clicks(leader: Leader, now: datetime) -> tuple[ChannelClicks, ...]:
    """Openings of everything a leader posted, by channel, most first; in one query."""
    rows = (
        ShortLinkClick.objects.filter(short_link__in=_made_by(leader))
        .values("short_link__channel")
        .annotate(all=Count("pk"), week=Count("pk", filter=Q(at__gt=now - WEEK)))
        .order_by("-all", "short_link__channel")
    )
    return tuple(
        ChannelClicks(
            channel=LinkChannel(row["short_link__channel"]),
            clicks=row["all"],
            week_clicks=row["week"],
        )
        for row in rows
    )


def _made_by(leader: Leader) -> QuerySet[ShortLink]:
    return ShortLink.objects.filter(Q(leader=leader, reseller__isnull=True) | Q(reseller=leader))
