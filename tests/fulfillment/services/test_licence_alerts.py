"""A mail for each licence and each of its last steps, once."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from pytest_django import Settings

from fulfillment.services.licence_alerts import licences_alert_due
from orders.models.legal import Licence
from tests.factories.compliance import LicenceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

NOW = datetime(2026, 3, 10, 1, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def written_to(settings: Settings) -> None:
    settings.COMPLIANCE_MAIL = ["law@example.org"]


def test_each_step_is_told_once() -> None:
    LicenceFactory.create(holder="青石生鲜", number="JY1", valid_until=date(2026, 4, 9))

    told = [
        licences_alert_due(now=NOW + timedelta(days=days)) for days in (0, 1, 22, 23, 24, 30, 31)
    ]

    assert told == [1, 0, 0, 1, 0, 1, 0]
    assert mail.outbox[0].to == ["law@example.org"]
    assert "青石生鲜: 食品经营许可证 JY1 ends on 2026-04-09" in mail.outbox[0].body


def test_a_renewed_licence_begins_anew() -> None:
    licence = LicenceFactory.create(valid_until=date(2026, 3, 15))
    licences_alert_due(now=NOW)

    Licence.objects.filter(pk=licence.pk).update(valid_until=date(2026, 3, 16))

    assert licences_alert_due(now=NOW) == 1


def test_several_licences_come_in_one_mail() -> None:
    for _number in range(3):
        LicenceFactory.create(valid_until=date(2026, 3, 1))

    licences_alert_due(now=NOW)

    (letter,) = mail.outbox
    assert letter.body.count("has run out") == 3


def test_without_an_address_nobody_is_written_to(settings: Settings) -> None:
    settings.COMPLIANCE_MAIL = []
    LicenceFactory.create(valid_until=date(2026, 3, 1))

    assert licences_alert_due(now=NOW) == 0
    assert mail.outbox == []
