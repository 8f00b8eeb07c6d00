"""The API describes itself completely, and nothing of it is open by accident."""

import io
import re
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern

from config.version import project_version
from orders.api.endpoints import ResidentEndpoint
from orders.api.urls import urlpatterns
from orders.domain.lifecycle import (
    CLAIM_LIFECYCLE,
    ORDER_LIFECYCLE,
    PAYMENT_LIFECYCLE,
    REFUND_LIFECYCLE,
)
from tests.orders.api.caller import METHODS, misfits, schema

OPEN_TO_ALL = {
    ("post", "/api/v1/login-codes/"),
    ("post", "/api/v1/sessions/"),
    ("get", "/api/v1/leaders/{code}/"),
    ("get", "/api/v1/campaigns/{code}/offers/"),
}
OWN_PAGES = {"api-schema", "api-docs"}


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method, path, operation)
        for path, of_path in schema()["paths"].items()
        for method, operation in of_path.items()
        if method in METHODS
    ]


OPERATIONS = operations()
NAMES = [operation["operationId"] for _method, _path, operation in OPERATIONS]


def test_the_schema_is_valid_and_free_of_warnings() -> None:
    written = io.StringIO()

    call_command("spectacular", "--validate", "--fail-on-warn", stdout=written)

    assert f"version: {project_version()}" in written.getvalue()


def test_operations_keep_their_names() -> None:
    assert sorted(NAMES) == [
        "campaign_offers",
        "claim_file",
        "claims",
        "leader",
        "login_code_send",
        "me",
        "me_change",
        "order",
        "order_cancel",
        "order_payment",
        "order_place",
        "orders",
        "payment_begin",
        "session_begin",
        "session_end",
        "subscriptions_add",
    ]


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("OrderState", ORDER_LIFECYCLE.states),
        ("PaymentState", PAYMENT_LIFECYCLE.states),
        ("RefundState", REFUND_LIFECYCLE.states),
        ("ClaimState", CLAIM_LIFECYCLE.states),
    ],
)
def test_states_are_named_and_complete(name: str, values: frozenset[str]) -> None:
    assert set(schema()["components"]["schemas"][name]["enum"]) == values


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=NAMES)
def test_every_operation_is_described_with_its_refusals(
    method: str, path: str, operation: dict[str, Any]
) -> None:
    assert operation["summary"]
    assert operation["tags"][0] in {tag["name"] for tag in schema()["tags"]}
    refusals = {int(code) for code in operation["responses"] if int(code) >= 400}
    assert refusals >= {406, 429}
    if (method, path) not in OPEN_TO_ALL:
        assert 401 in refusals
    if "requestBody" in operation:
        assert refusals >= {400, 413, 415, 422}
    for code in refusals:
        content = operation["responses"][str(code)]["content"]["application/json"]
        assert content["schema"] == {"$ref": "#/components/schemas/Problem"}


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=NAMES)
def test_without_a_token_only_the_open_operations_answer(
    method: str, path: str, operation: dict[str, Any]
) -> None:
    address = re.sub(r"\{\w+\}", "X", path)

    answer = Client().generic(method.upper(), address, "{}", content_type="application/json")

    is_open = (method, path) in OPEN_TO_ALL
    assert (answer.status_code == 401) is not is_open


@pytest.mark.django_db
@pytest.mark.parametrize("path", sorted(schema()["paths"]))
def test_other_methods_are_refused_in_the_same_three_parts(path: str) -> None:
    answer = Client().generic("TRACE", re.sub(r"\{\w+\}", "X", path))

    assert answer.status_code in (401, 405)
    assert set(answer.json()) == {"code", "message", "details"}


def test_every_address_is_an_endpoint_that_is_closed_unless_it_says_so() -> None:
    routes = [route for route in urlpatterns if isinstance(route, URLPattern)]

    for route in routes:
        if route.name not in OWN_PAGES:
            assert issubclass(vars(route.callback)["view_class"], ResidentEndpoint), route.name
    assert len(routes) == len(urlpatterns)


@pytest.mark.django_db
def test_a_session_of_the_pages_opens_nothing_here(buyer: Client) -> None:
    answer = buyer.get("/api/v1/me/")

    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


@pytest.mark.django_db
def test_what_cannot_be_answered_in_json_is_refused() -> None:
    answer = Client().get("/api/v1/leaders/X/", headers={"Accept": "application/xml"})

    assert (answer.status_code, answer.json()["code"]) == (406, "not_acceptable")


def test_examples_fit_their_schemas() -> None:
    shown = [
        (operation["operationId"], content["schema"], example["value"])
        for _method, _path, operation in OPERATIONS
        for content in [
            *operation.get("requestBody", {}).get("content", {}).values(),
            *operation["responses"].get("200", {}).get("content", {}).values(),
        ]
        for example in content.get("examples", {}).values()
    ]

    assert {name for name, _schema, _value in shown} >= {
        "campaign_offers",
        "login_code_send",
        "order_place",
        "payment_begin",
        "session_begin",
    }
    for name, part, value in shown:
        assert not misfits(part, value), name


@pytest.mark.django_db
def test_a_client_generator_gets_the_schema_as_json_and_as_yaml() -> None:
    as_json = Client().get("/api/v1/schema/?format=json")
    as_yaml = Client().get("/api/v1/schema/")

    assert as_json.json()["openapi"].startswith("3.")
    assert as_yaml.content.startswith(b"openapi: 3.")
