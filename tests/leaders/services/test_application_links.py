"""The link to one's own application."""

from datetime import timedelta

import pytest

from leaders.errors import ApplicationLinkUnreadable
from leaders.models.applications import ApplicationState, LeaderApplication
from leaders.services.application_links import (
    application_address,
    application_of_token,
    application_token,
)
from tests.factories.applicants import NOW
from tests.factories.leaders import LeaderApplicationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def application() -> LeaderApplication:
    return LeaderApplicationFactory.create()


def test_a_link_opens_its_application_however_late(application: LeaderApplication) -> None:
    token = application_token(application)

    assert application_of_token(token, now=NOW + timedelta(days=900)) == application
    assert application_address(token).endswith(f"/apply/{token}/")


def test_the_answer_can_be_read_for_a_month(application: LeaderApplication) -> None:
    token = application_token(application)
    LeaderApplication.objects.update(state=ApplicationState.REJECTED, reviewed_at=NOW)

    assert application_of_token(token, now=NOW + timedelta(days=30)).state == "rejected"
    with pytest.raises(ApplicationLinkUnreadable):
        application_of_token(token, now=NOW + timedelta(days=30, seconds=1))


def test_what_we_have_not_signed_opens_nothing(application: LeaderApplication) -> None:
    token = application_token(application)
    other = f"{int(token.split('.')[0], 36) + 1}.{token.split('.')[1]}"

    for broken in ("", "1", token[:-1], token + "A", other, "x" * 99, token.upper()):
        with pytest.raises(ApplicationLinkUnreadable):
            application_of_token(broken, now=NOW)


def test_a_link_to_nothing_opens_nothing(application: LeaderApplication) -> None:
    token = application_token(application)
    application.delete()

    with pytest.raises(ApplicationLinkUnreadable):
        application_of_token(token, now=NOW)
