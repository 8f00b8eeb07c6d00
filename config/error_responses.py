"""The one place that turns a `DomainError` into an answer."""

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext
from rest_framework.response import Response
from rest_framework.views import exception_handler

from leaders.errors import DomainError

logger = logging.getLogger(__name__)

CONFLICT = 409
PLAIN = (bool, int, float, str, type(None))


class DomainErrorMiddleware:
    """Answers a refused rule with a page, or with JSON for those who ask for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer domain errors; everything else stays a server error."""
        if not isinstance(exception, DomainError):
            return None
        logger.info("refused: %s", exception.code)
        if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
            return JsonResponse(error_body(exception), status=CONFLICT)
        context = {"message": gettext(exception.message), "code": exception.code}
        return render(request, "409.html", context, status=CONFLICT)


def api_exception_handler(exception: Exception, context: dict[str, object]) -> Response | None:
    """Answer domain errors of the API like everywhere; leave the rest to DRF."""
    if isinstance(exception, DomainError):
        return Response(error_body(exception), status=CONFLICT)
    return exception_handler(exception, context)


def error_body(error: DomainError) -> dict[str, object]:
    """The three parts of a refusal; details that are not plain values become text."""
    details = {
        name: value if isinstance(value, PLAIN) else str(value)
        for name, value in error.details.items()
    }
    return {"code": error.code, "message": gettext(error.message), "details": details}
