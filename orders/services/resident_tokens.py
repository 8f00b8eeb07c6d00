"""Bearer tokens of the API: given out at the log-in, revoked at the log-out."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from orders.domain.resident_tokens import VALID_FOR, token_digest
from orders.models.residents import ResidentToken

TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A new token; this is the only moment its text is known."""

    text: str
    expires_at: datetime


@transaction.atomic
def resident_token_issue(*, resident_id: int, now: datetime) -> IssuedToken:
    """Give a resident who has just proved their phone a token of 60 days."""
    issued = IssuedToken(text=secrets.token_urlsafe(TOKEN_BYTES), expires_at=now + VALID_FOR)
    ResidentToken.objects.create(
        resident_id=resident_id,
        digest=token_digest(issued.text),
        created_at=now,
        expires_at=issued.expires_at,
    )
    return issued


@transaction.atomic
def resident_token_revoke(*, token_id: int, now: datetime) -> bool:
    """End a token at once; return whether it still was one."""
    return bool(ResidentToken.objects.filter(pk=token_id, revoked_at=None).update(revoked_at=now))
