"""Payees: checked, sealed, verified, opened under an entry in the log."""

from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from pytest_django import Settings

from leaders.errors import PayeeNumberWrong, PayeeVerifiedAlready
from leaders.integrations.sealing import unseal
from leaders.models.accounts import Role, User
from leaders.models.audit import AuditEvent
from leaders.models.leaders import Leader
from leaders.models.payees import Payee, PayeeKind
from leaders.services.payees import PayeeDetails, payee_save, payee_verify, payees_open
from tests.factories.leaders import LeaderFactory, UserFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
DETAILS = PayeeDetails(
    kind=PayeeKind.INDIVIDUAL,
    legal_name="林秀英",
    id_no="11010519491231002X",
    bank_name="示例银行",
    bank_account="4111111111111111",
    wechat_openid="o-1",
)


@pytest.fixture
def leader() -> Leader:
    found: Leader = LeaderFactory.create()
    return found


@pytest.fixture
def finance() -> User:
    found: User = UserFactory.create(role=Role.FINANCE)
    return found


def save(leader: Leader, details: PayeeDetails = DETAILS) -> Payee:
    assert leader.user is not None
    return payee_save(leader=leader, details=details, actor=leader.user, now=NOW)


def test_numbers_are_kept_sealed(leader: Leader) -> None:
    payee = save(leader)

    assert (payee.id_no_last4, payee.bank_account_last4) == ("002X", "1111")
    assert "110105" not in payee.id_no_sealed
    assert unseal(payee.bank_account_sealed) == DETAILS.bank_account
    event = AuditEvent.objects.get()
    assert event.action == "payee.saved"
    assert "110105" not in str(event.facts)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"id_no": "110105194912310021"}, "id_no"),
        ({"id_no": ""}, "id_no"),
        ({"kind": PayeeKind.COMPANY}, "id_no"),
        ({"bank_account": "4111111111111112"}, "bank_account"),
    ],
)
def test_a_number_that_cannot_be_right_is_refused(
    leader: Leader, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(PayeeNumberWrong) as refused:
        save(leader, replace(DETAILS, **changes))

    assert refused.value.details["field"] == field


def test_a_firm_has_a_credit_code_and_any_account(leader: Leader) -> None:
    payee = save(
        leader,
        replace(
            DETAILS,
            kind=PayeeKind.COMPANY,
            id_no="91350100M000100Y43",
            bank_account="0200001009200012345",
        ),
    )

    assert payee.id_no_last4 == "0Y43"


def test_a_sole_trader_may_be_known_by_the_owners_card(leader: Leader) -> None:
    assert save(leader, replace(DETAILS, kind=PayeeKind.SOLE_TRADER)).id_no_last4 == "002X"


def test_a_change_is_verified_again_and_keeps_numbers_left_empty(
    leader: Leader, finance: User
) -> None:
    payee = save(leader)
    payee_verify(payee_id=payee.pk, actor=finance, now=NOW)

    changed = save(leader, replace(DETAILS, id_no="", bank_account="", legal_name="林秀"))

    assert changed.pk == payee.pk
    assert changed.verified_at is None
    assert unseal(changed.id_no_sealed) == DETAILS.id_no


def test_finance_verifies_once(leader: Leader, finance: User) -> None:
    payee = save(leader)

    payee_verify(payee_id=payee.pk, actor=finance, now=NOW)

    payee.refresh_from_db()
    assert (payee.verified_at, payee.verified_by) == (NOW, finance)
    assert AuditEvent.objects.filter(action="payee.verified", actor=finance).exists()
    with pytest.raises(PayeeVerifiedAlready):
        payee_verify(payee_id=payee.pk, actor=finance, now=NOW)


def test_who_opens_numbers_is_written_down(leader: Leader, finance: User) -> None:
    payee = save(leader)

    opened = payees_open(payee_ids=[payee.pk], actor=finance, now=NOW, reason="review")

    assert opened[payee.pk].id_no == DETAILS.id_no
    assert opened[payee.pk].bank_account == DETAILS.bank_account
    event = AuditEvent.objects.get(action="payee.opened")
    assert (event.actor, event.object_id, event.reason) == (finance, str(payee.pk), "review")


def test_keys_rotate(leader: Leader, settings: Settings) -> None:
    old, new = (Fernet.generate_key().decode() for _ in range(2))
    settings.IDENTITY_KEYS = [old]
    save(leader)
    settings.IDENTITY_KEYS = [new, old]

    call_command("rotate_identity_keys", stdout=StringIO())

    settings.IDENTITY_KEYS = [new]
    assert unseal(Payee.objects.get().id_no_sealed) == DETAILS.id_no
