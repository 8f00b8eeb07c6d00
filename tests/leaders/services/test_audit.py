"""The audit log writes down under which request a deed was done."""

from datetime import UTC, datetime

import pytest
from structlog.contextvars import bound_contextvars

from leaders.models.accounts import Role
from leaders.services.audit import REQUEST_ID_LENGTH, audit
from tests.factories.access import ElevationFactory
from tests.factories.leaders import UserFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)


def test_an_event_names_the_request_it_was_done_in() -> None:
    user = UserFactory.create()

    with bound_contextvars(request_id="r-1"):
        event = audit(action="user.seen", about=user, actor=user, now=NOW)

    assert event.request_id == "r-1"


def test_a_long_id_of_a_request_is_cut_to_its_column() -> None:
    user = UserFactory.create()

    with bound_contextvars(request_id="r" * 99):
        event = audit(action="user.seen", about=user, actor=user, now=NOW)

    assert event.request_id == "r" * REQUEST_ID_LENGTH


def test_outside_of_a_request_nothing_is_named() -> None:
    user = UserFactory.create()

    event = audit(action="user.seen", about=user, actor=None, now=NOW)

    assert event.request_id == ""


def test_a_deed_under_borrowed_rights_names_them() -> None:
    elevation = ElevationFactory.create()

    event = audit(action="user.seen", about=elevation.user, actor=elevation.user, now=NOW)

    assert event.elevation == elevation


def test_a_deed_by_ones_own_rights_names_none() -> None:
    user = UserFactory.create(role=Role.ADMINISTRATOR)

    event = audit(action="user.seen", about=user, actor=user, now=NOW)

    assert event.elevation is None
