"""Applications become leaders once, or are turned down once."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from leaders.domain.coordinates import Place
from leaders.errors import ApplicationAlreadyOpen
from leaders.models.applications import ApplicationState, LeaderApplication, PointKind
from leaders.services.recruitment import (
    ApplicationDetails,
    application_submit,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
DETAILS = ApplicationDetails(
    applicant_name="陈晓梅",
    phone="199 1111 0001",
    community_name="桃园里",
    district="金水",
    address="花园路 8 号",
    point_kind=PointKind.SHOP,
    place=Place(113.68, 34.79),
)


def test_an_application_keeps_what_was_said_and_waits() -> None:
    application = application_submit(details=DETAILS, now=NOW)

    stored = LeaderApplication.objects.get(pk=application.pk)
    assert stored.phone == "19911110001"
    assert (stored.lng, stored.lat) == (113.68, 34.79)
    assert stored.state == ApplicationState.APPLIED
    assert stored.submitted_at == NOW


def test_one_phone_has_one_open_application() -> None:
    application_submit(details=DETAILS, now=NOW)

    with pytest.raises(ApplicationAlreadyOpen):
        application_submit(details=replace(DETAILS, phone="19911110001"), now=NOW)

    assert LeaderApplication.objects.count() == 1
