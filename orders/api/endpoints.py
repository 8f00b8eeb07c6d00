"""What every endpoint of the API shares: who may call it, how often, how much at once."""

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.parsers import JSONParser
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.throttling import ScopedRateThrottle
from rest_framework.views import APIView

from orders.api.authentication import ResidentAuthentication

JSON_BYTES_MAX = 64 * 1024
REQUEST_KEY_HEADER = "Idempotency-Key"
REPLAYED_HEADER = "Idempotency-Replayed"
REQUEST_KEY_PATTERN = "^[!-~]{8,64}$"


class BodyTooLarge(APIException):
    """Nobody needs that much to say what this endpoint asks."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = _("The request is too large.")
    default_code = "body_too_large"


class RequestKeyMissing(APIException):
    """What must not happen twice needs a key of the client's own making."""

    status_code = status.HTTP_400_BAD_REQUEST
    default_detail = _(
        "Send an Idempotency-Key of 8 to 64 visible characters, the same in every retry."
    )
    default_code = "idempotency_key_missing"


class ResidentEndpoint(APIView):
    """Open to residents with a token; an endpoint that says nothing else is closed to others.

    `throttle_scopes` names the rate of a method; what is not named is reading.
    """

    authentication_classes = [ResidentAuthentication]
    permission_classes = [IsAuthenticated]
    throttle_classes = [ScopedRateThrottle]
    parser_classes = [JSONParser]
    throttle_scopes: ClassVar[Mapping[str, str]] = {}
    body_bytes_max: ClassVar[int] = JSON_BYTES_MAX

    @property
    def throttle_scope(self) -> str:
        """The rate of the method that is being called."""
        return self.throttle_scopes.get(self.request.method or "", "reading")

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse a body by its announced size, before a byte of it is read."""
        announced = request.META.get("CONTENT_LENGTH") or "0"
        if announced.isdigit() and int(announced) > self.body_bytes_max:
            raise BodyTooLarge
        super().initial(request, *args, **kwargs)


class OpenEndpoint(ResidentEndpoint):
    """Open to everybody; a token that comes along is not looked at."""

    authentication_classes = []
    permission_classes = [AllowAny]


def request_key(request: Request) -> str:
    """The client's key of a request that must not count twice."""
    key = request.headers.get(REQUEST_KEY_HEADER, "").strip()
    if not re.fullmatch(REQUEST_KEY_PATTERN, key):
        raise RequestKeyMissing
    return key
