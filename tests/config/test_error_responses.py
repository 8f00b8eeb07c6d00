"""A refused rule becomes one kind of answer."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import get_resolver
from rest_framework.exceptions import (
    MethodNotAllowed,
    NotAuthenticated,
    NotFound,
    ParseError,
    Throttled,
    UnsupportedMediaType,
    ValidationError,
)
from rest_framework.response import Response

from config.error_responses import (
    DomainErrorMiddleware,
    api_exception_handler,
    bad_request,
    error_body,
    page_not_found,
    permission_denied,
    server_error,
)
from leaders.errors import DomainError
from orders.errors import (
    GatewayRefused,
    GatewayUnavailable,
    LoginCodeTooSoon,
    PlatformBusy,
    RequestKeyReused,
)


class KettleTooHot(DomainError):
    """The kettle of this test refuses."""

    code = "kettle_too_hot"


REFUSAL = KettleTooHot("The kettle is too hot.", celsius=104, vessels=frozenset({"tin"}))


def answer_to(error: Exception, accept: str) -> HttpResponse | None:
    request = RequestFactory().get("/", headers={"accept": accept})
    middleware = DomainErrorMiddleware(lambda _request: HttpResponse())
    return middleware.process_exception(request, error)


def test_a_person_gets_a_page() -> None:
    response = answer_to(REFUSAL, "text/html,application/xhtml+xml,*/*;q=0.8")

    assert response is not None
    assert response.status_code == 409
    page = response.content.decode()
    assert "The kettle is too hot." in page
    assert "kettle_too_hot" in page


def test_a_program_gets_code_message_and_details() -> None:
    response = answer_to(REFUSAL, "application/json")

    assert response is not None
    assert response.status_code == 409
    assert json.loads(response.content) == {
        "code": "kettle_too_hot",
        "message": "The kettle is too hot.",
        "details": {"celsius": 104, "vessels": "frozenset({'tin'})"},
    }


def test_other_errors_stay_server_errors() -> None:
    assert answer_to(ValueError("broken"), "text/html") is None


@pytest.mark.parametrize(
    ("error", "status", "_case"), [(REFUSAL, 409, "a rule"), (NotFound(), 404, "DRF's own")]
)
def test_the_api_answers_refusals_and_its_own_errors(
    error: Exception, status: int, _case: str
) -> None:
    response = api_exception_handler(error, {})

    assert isinstance(response, Response)
    assert response.status_code == status


@pytest.mark.parametrize(
    ("error", "status", "retry"),
    [
        (REFUSAL, 409, None),
        (RequestKeyReused("Another request has this key."), 422, None),
        (LoginCodeTooSoon("Wait.", retry_s=41), 429, "41"),
        (PlatformBusy("Too many at once."), 503, "2"),
        (GatewayUnavailable("No answer."), 503, "2"),
        (GatewayRefused("No."), 409, None),
    ],
)
def test_the_kind_of_a_refusal_decides_the_status(
    error: DomainError, status: int, retry: str | None
) -> None:
    api, page = api_exception_handler(error, {}), answer_to(error, "application/json")

    for response in (api, page):
        assert response is not None
        assert response.status_code == status
        assert response.headers.get("Retry-After") == retry


def test_details_keep_lists_and_tables_of_plain_values() -> None:
    error = KettleTooHot("Too hot.", offers=[{"offer": 3, "left": 0}], pair=(1, date(2026, 3, 1)))

    assert error_body(error)["details"] == {
        "offers": [{"offer": 3, "left": 0}],
        "pair": [1, "2026-03-01"],
    }


@pytest.mark.parametrize(
    ("detail", "problems"),
    [
        ({"phone": ["short"]}, {"phone": ["short"]}),
        ({"lines": [{}, {"qty": ["one", "two"]}]}, {"lines.1.qty": ["one", "two"]}),
        ({"non_field_errors": ["odd"]}, {"body": ["odd"]}),
        ({"receiver": {"non_field_errors": ["odd"]}}, {"receiver": ["odd"]}),
        (["odd"], {"body": ["odd"]}),
    ],
)
def test_problems_of_fields_are_told_by_their_path(
    detail: Any, problems: dict[str, list[str]]
) -> None:
    response = api_exception_handler(ValidationError(detail), {})

    assert response is not None
    assert (response.status_code, response.data["code"]) == (422, "invalid")
    assert response.data["details"] == problems


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Http404("secret"), 404, "not_found"),
        (PermissionDenied("secret"), 403, "permission_denied"),
        (NotAuthenticated(), 401, "not_authenticated"),
        (MethodNotAllowed("PUT"), 405, "method_not_allowed"),
        (UnsupportedMediaType("text/plain"), 415, "unsupported_media_type"),
        (ParseError(), 400, "parse_error"),
        (Throttled(wait=17), 429, "throttled"),
    ],
)
def test_the_errors_of_the_framework_have_the_same_three_parts(
    error: Exception, status: int, code: str
) -> None:
    response = api_exception_handler(error, {})

    assert response is not None
    assert (response.status_code, response.data["code"]) == (status, code)
    assert set(response.data) == {"code", "message", "details"}
    assert response.data["message"]
    assert "secret" not in str(response.data)


def test_a_fault_of_ours_is_raised_on_for_the_log() -> None:
    assert api_exception_handler(ValueError("secret"), {}) is None


@pytest.mark.parametrize(
    ("answer", "status", "code"),
    [
        (lambda request: bad_request(request, ValueError("secret")), 400, "bad_request"),
        (
            lambda request: permission_denied(request, ValueError("secret")),
            403,
            "permission_denied",
        ),
        (lambda request: page_not_found(request, ValueError("secret")), 404, "not_found"),
        (server_error, 500, "server_error"),
    ],
)
def test_programs_get_json_without_a_secret_and_people_a_page(
    answer: Callable[[HttpRequest], HttpResponse], status: int, code: str
) -> None:
    program = answer(RequestFactory().get("/api/v1/nowhere/"))
    person = answer(RequestFactory().get("/nowhere/"))

    assert (program.status_code, person.status_code) == (status, status)
    body = json.loads(program.content)
    assert (set(body), body["code"]) == ({"code", "message", "details"}, code)
    assert person.headers["Content-Type"].startswith("text/html")
    assert b"secret" not in program.content


def test_the_site_uses_these_answers() -> None:
    answer = Client().get("/api/v1/nowhere/")

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert resolver_names() == {
        "bad_request",
        "page_not_found",
        "permission_denied",
        "server_error",
    }


def resolver_names() -> set[str]:
    resolver = get_resolver()
    return {resolver.resolve_error_handler(code).__name__ for code in (400, 403, 404, 500)}
