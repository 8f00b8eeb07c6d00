"""Who a bearer token belongs to, in one indexed query."""

from dataclasses import dataclass
from datetime import datetime

from orders.domain.resident_tokens import token_digest
from orders.models.residents import ResidentToken


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenHolder:
    """The resident behind a request of the API, as far as requests need to know."""

    token_id: int
    resident_id: int
    code: str
    leader_id: int
    leader_code: str
    name: str
    phone: str
    building: str
    room: str


def token_holder(*, token: str, now: datetime) -> TokenHolder | None:
    """The holder of a token that is neither revoked nor expired."""
    row = (
        ResidentToken.objects.filter(
            digest=token_digest(token), revoked_at=None, expires_at__gt=now
        )
        .values_list(
            "pk",
            "resident_id",
            "resident__code",
            "resident__leader_id",
            "resident__leader__code",
            "resident__name",
            "resident__phone",
            "resident__building",
            "resident__room",
        )
        .first()
    )
    if row is None:
        return None
    token_id, resident_id, code, leader_id, leader_code, name, phone, building, room = row
    return TokenHolder(
        token_id=token_id,
        resident_id=resident_id,
        code=code,
        leader_id=leader_id,
        leader_code=leader_code,
        name=name,
        phone=phone,
        building=building,
        room=room,
    )
