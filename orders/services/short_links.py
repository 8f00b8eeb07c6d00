"""Short addresses of a leader's page, made to be posted in a group."""

import secrets
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from leaders.models.leaders import Leader
from orders.models.residents import ShortLink

# Without letters and digits that look alike when they are read out or typed.
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
CODE_LENGTH = 6
LIFETIME = timedelta(days=30)
ATTEMPTS = 5


def short_link_create(*, leader: Leader, now: datetime) -> ShortLink:
    """Return a new short link that lives for 30 days."""
    for _attempt in range(ATTEMPTS - 1):
        try:
            return _insert(leader, now)
        except IntegrityError:
            continue  # one code in 887 million was taken
    return _insert(leader, now)


@transaction.atomic
def _insert(leader: Leader, now: datetime) -> ShortLink:
    return ShortLink.objects.create(
        code="".join(secrets.choice(ALPHABET) for _at in range(CODE_LENGTH)),
        leader=leader,
        created_at=now,
        expires_at=now + LIFETIME,
    )
