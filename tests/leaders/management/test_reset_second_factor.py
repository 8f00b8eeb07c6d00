"""The way back in for the last superuser."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from leaders.models.audit import AuditEvent
from leaders.selectors.second_factors import phone_factor_of
from tests.factories.leaders import UserFactory
from tests.factories.second_factors import phone_of

pytestmark = pytest.mark.django_db


def test_a_superuser_starts_anew_and_the_log_says_it_was_the_server() -> None:
    chief = UserFactory.create(is_superuser=True, username="chief")
    phone_of(chief)

    call_command("reset_second_factor", "chief", reason="手机丢了", stdout=StringIO())

    assert phone_factor_of(chief) is None
    event = AuditEvent.objects.get(action="login.factor_reset")
    assert (event.actor, event.reason) == (None, "手机丢了")


def test_a_name_nobody_has_is_refused() -> None:
    with pytest.raises(CommandError):
        call_command("reset_second_factor", "nobody", reason="手机丢了")
