"""A new key is put in front, everything is sealed with it, and the old one may go."""

from datetime import UTC, date, datetime
from io import StringIO

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from pytest_django import Settings

from leaders.integrations.sealing import seal, unseal
from orders.models.personal_data import LegalHold
from tests.factories.orders import ResidentFactory
from tests.factories.payouts import PayeeFactory

pytestmark = pytest.mark.django_db


def test_what_is_sealed_in_any_table_opens_with_the_new_key_alone(settings: Settings) -> None:
    old, new = (Fernet.generate_key().decode() for _number in range(2))
    settings.IDENTITY_KEYS = [old]
    hold = LegalHold.objects.create(
        resident=ResidentFactory.create(),
        sealed=seal("毛海燕"),
        kept_until=date(2029, 1, 1),
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    payee = PayeeFactory.create(id_no_sealed=seal("41010219900307721X"), bank_account_sealed="")
    out = StringIO()

    settings.IDENTITY_KEYS = [new, old]
    call_command("rotate_identity_keys", stdout=out)
    settings.IDENTITY_KEYS = [new]

    hold.refresh_from_db()
    payee.refresh_from_db()
    assert (unseal(hold.sealed), unseal(payee.id_no_sealed)) == ("毛海燕", "41010219900307721X")
    assert out.getvalue().startswith("2 ")
