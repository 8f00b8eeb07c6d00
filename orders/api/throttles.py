"""How often one caller may call.

The counts live in this process's memory and not in the broker: when that is
down, ordering goes on. With several processes a limit is that many times as
wide; the limits that cost money (log-in codes) are counted in the database,
too.
"""

from collections.abc import Mapping

from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from leaders.domain.phones import phone_digits


class PhoneThrottle(SimpleRateThrottle):
    """Counts by the phone number in the body, from whatever address it comes."""

    scope = "phone"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        """A body without a phone is not counted: it will be refused anyway."""
        body = request.data
        phone = body.get("phone") if isinstance(body, Mapping) else None
        if not isinstance(phone, str):
            return None
        return self.cache_format % {"scope": self.scope, "ident": phone_digits(phone)}
