"""Who a bearer token belongs to, in one indexed query."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from orders.domain.resident_tokens import token_digest


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
    with connection.cursor() as cursor:
        # Every request begins here; written out, it costs half of what the ORM makes of it.
        cursor.execute(
            """
            SELECT t.id, r.id, r.code, l.id, l.code, r.name, r.phone, r.building, r.room
              FROM orders_residenttoken AS t
              JOIN orders_resident AS r ON r.id = t.resident_id
              JOIN leaders_leader AS l ON l.id = r.leader_id
             WHERE t.digest = %s AND t.revoked_at IS NULL AND t.expires_at > %s
            """,
            [token_digest(token), now],
        )
        row = cursor.fetchone()
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
