"""The one place that turns an error into an answer.

Every answer that refuses has the same three parts, whoever refuses: `code` is
stable, `message` is a sentence for a person, `details` holds plain values.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views import defaults
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from fulfillment.route_errors import ProofUnreadable
from leaders.errors import DomainError, PhotoRefused
from orders import claim_errors, errors

logger = logging.getLogger(__name__)

API_PREFIX = "/api/"
PLAIN = (bool, int, float, str, type(None))
# A rule that says no is a conflict with how things stand, unless it is listed
# here. 422: the same request can never succeed.
_NEVER = status.HTTP_422_UNPROCESSABLE_ENTITY
STATUS_OF: Mapping[type[DomainError], int] = {
    errors.BasketEmpty: _NEVER,
    errors.BasketTooLarge: _NEVER,
    claim_errors.ClaimAmountOutOfRange: _NEVER,
    claim_errors.ClaimInvalid: _NEVER,
    claim_errors.ClaimPhotoRepeated: _NEVER,
    claim_errors.ClaimPhotosOutOfRange: _NEVER,
    errors.LoginCodeWrong: _NEVER,
    errors.NothingToPay: _NEVER,
    errors.OfferTwiceInBasket: _NEVER,
    errors.PayerMissing: _NEVER,
    errors.PhoneNotMobile: _NEVER,
    errors.QuantityNotPositive: _NEVER,
    errors.ReceiverInvalid: _NEVER,
    errors.RequestKeyInvalid: _NEVER,
    errors.RequestKeyReused: _NEVER,
    PhotoRefused: _NEVER,
    ProofUnreadable: _NEVER,
    errors.OrderLineUnknown: status.HTTP_404_NOT_FOUND,
    errors.LoginCodeTooSoon: status.HTTP_429_TOO_MANY_REQUESTS,
    errors.GatewayUnavailable: status.HTTP_503_SERVICE_UNAVAILABLE,
    errors.PlatformBusy: status.HTTP_503_SERVICE_UNAVAILABLE,
}
# After so many seconds the same request may be sent again; an error that knows
# better says so in its `retry_s`.
RETRY_S: Mapping[int, int] = {
    status.HTTP_429_TOO_MANY_REQUESTS: 60,
    status.HTTP_503_SERVICE_UNAVAILABLE: 2,
}


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
        code = error_status(exception)
        headers = error_headers(exception)
        if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
            return JsonResponse(error_body(exception), status=code, headers=headers)
        context = {"message": gettext(exception.message), "code": exception.code}
        response = render(request, "409.html", context, status=code)
        for name, value in headers.items():
            response.headers[name] = value
        return response


def api_exception_handler(exception: Exception, context: dict[str, Any]) -> Response | None:
    """Answer domain errors and DRF's own in the same three parts.

    Anything else returns None: DRF raises it on, Django logs it, and
    `server_error` answers without a word of it.
    """
    if isinstance(exception, DomainError):
        logger.info("refused: %s", exception.code)
        return Response(
            error_body(exception), status=error_status(exception), headers=error_headers(exception)
        )
    response = exception_handler(exception, context)
    if response is not None:
        response.data = _api_body(exception)
        if isinstance(exception, exceptions.ValidationError):
            response.status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    return response


def error_body(error: DomainError) -> dict[str, object]:
    """The three parts of a refusal; details that are not plain values become text."""
    details = {name: _plain(value) for name, value in error.details.items()}
    return {"code": error.code, "message": gettext(error.message), "details": details}


def error_status(error: DomainError) -> int:
    """The HTTP status of a refusal; a subclass answers as its parent does."""
    known = (STATUS_OF[kind] for kind in type(error).__mro__ if kind in STATUS_OF)
    return next(known, status.HTTP_409_CONFLICT)


def error_headers(error: DomainError) -> dict[str, str]:
    """When to come again, where coming again may help."""
    code = error_status(error)
    if code not in RETRY_S:
        return {}
    return {"Retry-After": str(error.details.get("retry_s", RETRY_S[code]))}


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that Django could not read."""
    if not _is_api(request):
        return defaults.bad_request(request, exception)
    return _json(status.HTTP_400_BAD_REQUEST, "bad_request", _("The request cannot be read."))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A page of another role."""
    if not _is_api(request):
        return defaults.permission_denied(request, exception)
    return _json(
        status.HTTP_403_FORBIDDEN, "permission_denied", exceptions.PermissionDenied.default_detail
    )


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """An address that leads nowhere."""
    if not _is_api(request):
        return defaults.page_not_found(request, exception)
    return _json(status.HTTP_404_NOT_FOUND, "not_found", exceptions.NotFound.default_detail)


def server_error(request: HttpRequest) -> HttpResponse:
    """An error of ours: logged in full, answered with nothing but that it happened."""
    if not _is_api(request):
        return defaults.server_error(request)
    text = _("The fault is ours and has been written down. Please try again in a minute.")
    return _json(status.HTTP_500_INTERNAL_SERVER_ERROR, "server_error", text)


def _api_body(exception: Exception) -> dict[str, object]:
    if isinstance(exception, exceptions.ValidationError):
        return {
            "code": "invalid",
            "message": gettext("Some fields are missing or cannot be used."),
            "details": _problems(exception.detail),
        }
    if isinstance(exception, Http404):
        exception = exceptions.NotFound()
    if isinstance(exception, PermissionDenied):
        exception = exceptions.PermissionDenied()
    detail = exception.detail if isinstance(exception, exceptions.APIException) else ""
    details = {}
    if (wait := getattr(exception, "wait", None)) is not None:
        details["retry_s"] = int(wait)
    return {"code": getattr(detail, "code", "error"), "message": str(detail), "details": details}


def _problems(detail: object) -> dict[str, list[str]]:
    """Every field's problems by its path: {"lines.0.qty": ["…"]}."""
    found: dict[str, list[str]] = {}
    for path, text in _problem_rows(detail, ()):
        found.setdefault(".".join(path) or "body", []).append(text)
    return found


def _problem_rows(detail: object, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(detail, Mapping):
        for name, part in detail.items():
            # What is wrong with the whole is no field of its own.
            inner = path if name == "non_field_errors" else (*path, str(name))
            yield from _problem_rows(part, inner)
    elif isinstance(detail, list):
        for at, part in enumerate(detail):
            is_text = isinstance(part, str)
            yield from _problem_rows(part, path if is_text else (*path, str(at)))
    else:
        yield path, str(detail)


def _plain(value: object) -> object:
    """JSON's own kinds, and lists and tables of them, stay; the rest becomes text."""
    if isinstance(value, PLAIN):
        return value
    if isinstance(value, Mapping):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return str(value)


def _is_api(request: HttpRequest) -> bool:
    return request.path_info.startswith(API_PREFIX)


def _json(code: int, name: str, message: object) -> JsonResponse:
    return JsonResponse({"code": name, "message": str(message), "details": {}}, status=code)
