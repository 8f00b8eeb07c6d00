"""Requests nobody would think of, made from the API's own description.

Every answer must be one the description knows, in the shape it gives: no
server error, no refusal without words, no credential that is not looked at.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import pytest
import schemathesis
from django.core.cache import cache
from schemathesis import CheckFunction
from schemathesis.specs.openapi.checks import (
    negative_data_rejection,
    positive_data_acceptance,
)

from config.wsgi import application
from orders.models.orders import Order
from orders.models.residents import Resident
from tests.factories.shops import Shop
from tests.fuzzing import FUZZ, connection_kept
from tests.orders.api.caller import ApiCaller, schema

Case: TypeAlias = schemathesis.Case[Any]
# What no schema can say, by operation: a topic that is named twice, a payer
# who must be named inside WeChat only.
MAY_BE_INVALID = {"POST /api/v1/orders/{order_no}/payments/", "POST /api/v1/subscriptions/"}
# Links collect parameters of strangers on their way; a list ignores them.
IGNORES_THE_UNKNOWN = {"GET /api/v1/orders/", "GET /api/v1/claims/"}

described = schemathesis.openapi.from_dict(schema())
# Called without a server in between.
described.app = application


@pytest.fixture(autouse=True)
def kept_connection() -> Iterator[None]:
    """One connection for the test and what it asks."""
    with connection_kept():
        yield


@dataclass(frozen=True, slots=True)
class Known:
    """Values that lead to something of the caller's own, for paths and for bodies."""

    path: Mapping[str, str]
    body: Mapping[str, Any]


@pytest.fixture
def known(shop: Shop, resident: Resident) -> Known:
    """An order that waits for its payment, and an offer there is more of."""
    offer = shop.offer()
    order = Order.objects.get(pk=shop.placed((offer, 1), resident=resident))
    return Known(
        path={"order_no": order.order_no, "code": shop.campaign.code},
        body={
            "campaign": shop.campaign.code,
            "leader": shop.point.leader.code,
            "lines": [{"offer_id": offer.pk, "qty": 1}],
            "line_no": 1,
        },
    )


def checked(case: Case, caller: ApiCaller, *but: CheckFunction) -> None:
    """Send a case as somebody, and hold the answer to every rule but these.

    A rule of the shop may refuse what is well-formed; but only what breaks the
    description is answered `invalid`.
    """
    cache.clear()
    tolerant = [negative_data_rejection] if case.operation.label in IGNORES_THE_UNKNOWN else []
    answer = case.call_and_validate(
        headers=caller.headers, excluded_checks=[positive_data_acceptance, *but, *tolerant]
    )
    is_well_formed = case.meta is not None and case.meta.generation.mode.is_positive
    if answer.status_code == 422 and case.operation.label not in MAY_BE_INVALID:
        assert not (is_well_formed and answer.json()["code"] == "invalid"), answer.text


@described.parametrize()
@FUZZ
def test_a_stranger_meets_no_error_of_the_server(case: Case, shop: Shop) -> None:
    checked(case, ApiCaller())


@described.parametrize()
@FUZZ
def test_a_resident_meets_no_error_of_the_server(case: Case, caller: ApiCaller) -> None:
    checked(case, caller)


@described.parametrize()
@FUZZ
def test_spoiled_requests_about_own_things_meet_none_either(
    case: Case, caller: ApiCaller, known: Known
) -> None:
    for name in case.path_parameters or {}:
        case.path_parameters[name] = known.path[name]
    if isinstance(case.body, dict):
        case.body |= {name: known.body[name] for name in case.body.keys() & known.body.keys()}

    # What was spoiled may have become right again.
    checked(case, caller, negative_data_rejection)
