"""Short addresses of a leader's shop, made to be posted in a group."""

import secrets
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q

from leaders.errors import ResaleNotAgreed
from leaders.models.leaders import Leader
from leaders.selectors.resales import resale_in_force
from orders.models.residents import LinkChannel, ShortLink, ShortLinkClick

# Without letters and digits that look alike when they are read out or typed.
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
CODE_LENGTH = 6
LIFETIME = timedelta(days=30)
ATTEMPTS = 5


def short_link_create(
    *,
    leader: Leader,
    channel: LinkChannel,
    label: str,
    now: datetime,
    reseller: Leader | None = None,
    lifetime: timedelta = LIFETIME,
) -> ShortLink:
    """Return a new short link to a leader's shop; the ones made before keep working.

    What a reseller's link brings is sold by the reseller. Raises
    `ResaleNotAgreed` where the two have no agreement that holds.
    """
    if (
        reseller is not None
        and resale_in_force(owner_id=leader.pk, reseller_code=reseller.code) is None
    ):
        raise ResaleNotAgreed("This leader has not agreed that you sell for them.")
    drawn = ShortLink(
        leader=leader,
        channel=channel,
        label=label.strip(),
        reseller=reseller,
        created_at=now,
        expires_at=now + lifetime,
    )
    for _attempt in range(ATTEMPTS - 1):
        try:
            return _insert(drawn)
        except IntegrityError:
            continue  # one code in 887 million was taken
    return _insert(drawn)


def short_link_stop(*, leader: Leader, code: str, now: datetime) -> bool:
    """Let a link the leader made lead nowhere from now on; return whether that changed anything."""
    made_by = Q(leader=leader, reseller__isnull=True) | Q(reseller=leader)
    lives = Q(expires_at__isnull=True) | Q(expires_at__gt=now)
    return bool(ShortLink.objects.filter(made_by & lives, code=code).update(expires_at=now))


def short_link_click(*, short_link: ShortLink, now: datetime) -> None:
    """Count one opening of a link; who opened it is written nowhere."""
    ShortLinkClick.objects.create(short_link=short_link, at=now)


@transaction.atomic
def _insert(drawn: ShortLink) -> ShortLink:
    drawn.pk = None
    drawn.code = "".join(secrets.choice(ALPHABET) for _at in range(CODE_LENGTH))
    drawn.save(force_insert=True)
    return drawn
