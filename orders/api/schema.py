"""How the API describes itself (OpenAPI): what every answer looks like, errors included."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from orders.api.endpoints import REPLAYED_HEADER, REQUEST_KEY_HEADER, REQUEST_KEY_PATTERN

Endpoint = tuple[str, str, str, Callable[..., Any]]

PREFIX = "/api/v1/"
MEANING = {
    400: "The request cannot be read, or its key is missing.",
    401: "No token, or one that is not valid any more.",
    404: "There is no such thing, or it is somebody else's.",
    406: "The answer cannot be had in the form that was asked for.",
    409: "A rule says no; `code` says which.",
    413: "The request is too large.",
    415: "The body comes in a form that is not understood.",
    422: "The request as it stands can never succeed.",
    429: "Too often; `Retry-After` says when to come again.",
    503: "Busy, or the payment provider does not answer; the same request may be sent again.",
}
# What any endpoint may answer, and what those may that read a body.
ALWAYS = (406, 429)
WITH_BODY = (400, 413, 415, 422)


class ProblemSerializer(serializers.Serializer[dict[str, object]]):
    """Why the answer is no."""

    code = serializers.CharField(help_text="Stable; compare this, never the message.")
    message = serializers.CharField(help_text="A sentence for the person who asked.")
    details = serializers.DictField(
        child=serializers.JSONField(),
        help_text="Plain values the message speaks of; for `invalid`, problems by field.",
    )


class ResidentTokenScheme(OpenApiAuthenticationExtension):
    """The bearer token of a resident."""

    target_class = "orders.api.authentication.ResidentAuthentication"
    name = "residentToken"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        """How the token travels."""
        return {"type": "http", "scheme": "bearer", "description": "From `POST sessions/`."}


REQUEST_KEY = OpenApiParameter(
    REQUEST_KEY_HEADER,
    {"type": "string", "pattern": REQUEST_KEY_PATTERN},
    OpenApiParameter.HEADER,
    required=True,
    description=(
        "8 to 64 visible characters of the client's own making, the same in every retry. The "
        "same key with the same request answers what the first one did; with another: 422."
    ),
)
REPLAYED = OpenApiParameter(
    REPLAYED_HEADER,
    str,
    OpenApiParameter.HEADER,
    response=[200],
    enum=["true"],
    description="This is what the first request with this key had been answered.",
)


def problems(*codes: int, has_body: bool = False) -> dict[int, OpenApiResponse]:
    """The refusals of an operation by status: those named, and those any operation has."""
    every = {*codes, *ALWAYS, *(WITH_BODY if has_body else ())}
    return {
        code: OpenApiResponse(ProblemSerializer, description=MEANING[code])
        for code in sorted(every)
    }


def versioned_only(endpoints: list[Endpoint]) -> list[Endpoint]:
    """Describe what is under `/api/v1/`; other addresses are pages' own and may change."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith(PREFIX)]
