"""A refused rule becomes one kind of answer."""

import json

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from rest_framework.exceptions import NotFound
from rest_framework.response import Response

from config.error_responses import DomainErrorMiddleware, api_exception_handler
from leaders.errors import DomainError


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
