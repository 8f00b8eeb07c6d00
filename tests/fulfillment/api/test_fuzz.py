"""Requests no phone of ours sends, to the addresses its pages report to."""

from collections.abc import Iterator
from typing import Any, TypeAlias

import pytest
import schemathesis
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.settings import patched_settings
from schemathesis.checks import not_a_server_error

from config.wsgi import application
from fulfillment.models.delivery import DeliveryRun
from leaders.models.accounts import Role, User
from tests.factories.docks import Dock
from tests.factories.driving import loaded_dock
from tests.factories.leaders import LeaderFactory, UserFactory
from tests.fuzzing import FUZZ, connection_kept

Case: TypeAlias = schemathesis.Case[Any]
# These addresses belong to our own pages, so the published description leaves them out.
with patched_settings({"PREPROCESSING_HOOKS": [], "POSTPROCESSING_HOOKS": []}):
    _everything = SchemaGenerator().get_schema(request=None, public=True)
PAGES = ("/drive/", "/leader/", "/api/delivery-runs/")
described = schemathesis.openapi.from_dict(
    _everything
    | {
        "paths": {
            path: operations
            for path, operations in _everything["paths"].items()
            if path.startswith(PAGES)
        }
    }
)
described.app = application


@pytest.fixture(autouse=True)
def kept_connection() -> Iterator[None]:
    """One connection for the test and what it asks."""
    with connection_kept():
        yield


@pytest.fixture
def road(db: None) -> Dock:
    """A trip of a stop."""
    return loaded_dock(trips=1, stops=1)


def reporter(path: str, road: Dock) -> User:
    """Whoever may report there."""
    if path.startswith("/leader/"):
        user = UserFactory.create(role=Role.LEADER)
        LeaderFactory.create(user=user)
        return user
    return UserFactory.create(role=Role.DISPATCHER)


@described.parametrize()
@FUZZ
def test_who_may_report_meets_no_error_of_the_server(case: Case, road: Dock) -> None:
    client = Client()
    client.force_login(reporter(case.path, road))
    secret = "s" * 32
    if "id" in case.path_parameters:
        case.path_parameters["id"] = road.trips[0].pk
    if "run_no" in case.path_parameters:
        case.path_parameters["run_no"] = DeliveryRun.objects.earliest("pk").run_no

    answer = case.call(
        headers={"X-CSRFToken": secret},
        cookies={"sessionid": client.cookies["sessionid"].value, "csrftoken": secret},
    )

    case.validate_response(answer, checks=[not_a_server_error])
    assert answer.status_code not in (401, 403)
