"""A phone that shows codes, and codes on paper."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from leaders.errors import LoginGuarded, SecondFactorRefused
from leaders.models.accounts import Role, User
from leaders.models.audit import AuditEvent
from leaders.selectors.second_factors import needs_second_factor, phone_factor_of
from leaders.services.second_factors import (
    RECOVERY_CODES,
    factor_begin,
    factor_confirm,
    factor_reset,
    factor_verify,
    recovery_codes_make,
)
from tests.factories.leaders import UserFactory
from tests.factories.second_factors import phone_of, shown, wrong

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def user(clock: object) -> User:
    return UserFactory.create(role=Role.FINANCE)


def test_a_phone_counts_once_a_code_of_it_was_right(user: User) -> None:
    begun = factor_begin(user=user)
    assert phone_factor_of(user) is None

    device, codes = factor_confirm(user=user, code=shown(begun), now=NOW)

    assert device == phone_factor_of(user) == begun
    assert len(set(codes)) == RECOVERY_CODES


def test_the_picture_stays_the_same_until_then(user: User) -> None:
    assert factor_begin(user=user).key == factor_begin(user=user).key


def test_a_wrong_first_code_sets_nothing_up(user: User) -> None:
    begun = factor_begin(user=user)

    with pytest.raises(SecondFactorRefused):
        factor_confirm(user=user, code=wrong(begun), now=NOW)

    assert phone_factor_of(user) is None
    assert not StaticToken.objects.exists()


def test_whoever_has_the_password_brings_no_second_phone(user: User) -> None:
    phone_of(user)

    with pytest.raises(SecondFactorRefused):
        factor_begin(user=user)

    assert TOTPDevice.objects.filter(user=user).count() == 1


def test_a_code_is_right_once(user: User) -> None:
    phone = phone_of(user)
    code = shown(phone)

    assert factor_verify(user=user, code=f" {code[:3]} {code[3:]} ", now=NOW) == phone

    with pytest.raises(SecondFactorRefused):
        factor_verify(user=user, code=code, now=NOW)


def test_after_a_wrong_code_even_the_right_one_waits(
    user: User, clock: time_machine.Traveller
) -> None:
    phone = phone_of(user)

    with pytest.raises(SecondFactorRefused) as refusal:
        factor_verify(user=user, code=wrong(phone), now=NOW)
    with pytest.raises(SecondFactorRefused):
        factor_verify(user=user, code=shown(phone), now=NOW)
    clock.shift(timedelta(seconds=5))

    assert factor_verify(user=user, code=shown(phone), now=NOW) == phone
    assert refusal.value.details == {"until": "11:00:01"}


def test_waiting_doubles(user: User, clock: time_machine.Traveller) -> None:
    phone = phone_of(user)
    waits = []

    for _attempt in range(4):
        with pytest.raises(SecondFactorRefused):
            factor_verify(user=user, code=wrong(phone), now=NOW)
        phone.refresh_from_db()
        waits.append((phone.throttling_failure_timestamp, phone.throttling_failure_count))
        clock.shift(timedelta(seconds=2 ** len(waits)))

    assert [count for _at, count in waits] == [1, 2, 3, 4]


def test_a_code_on_paper_works_once_however_it_is_typed(user: User) -> None:
    phone_of(user)
    code = recovery_codes_make(user=user, now=NOW)[3]

    device = factor_verify(user=user, code=code.upper().replace("-", " "), now=NOW)

    assert device.user == user
    assert StaticToken.objects.filter(device__user=user).count() == RECOVERY_CODES - 1
    used = AuditEvent.objects.get(action="login.recovery_code_used")
    assert used.facts == {"left": RECOVERY_CODES - 1}
    with pytest.raises(SecondFactorRefused):
        factor_verify(user=user, code=code, now=NOW)


def test_a_code_on_the_paper_of_another_is_wrong(user: User) -> None:
    stranger = UserFactory.create(role=Role.FINANCE)
    recovery_codes_make(user=user, now=NOW)
    foreign = recovery_codes_make(user=stranger, now=NOW)

    with pytest.raises(SecondFactorRefused):
        factor_verify(user=user, code=foreign[0], now=NOW)


def test_new_codes_end_the_old_ones(user: User) -> None:
    old = recovery_codes_make(user=user, now=NOW)

    new = recovery_codes_make(user=user, now=NOW)

    assert not set(old) & set(new)
    with pytest.raises(SecondFactorRefused):
        factor_verify(user=user, code=old[0], now=NOW)


def test_no_secret_stands_in_the_tables_or_in_the_audit_log(
    user: User, caplog: pytest.LogCaptureFixture
) -> None:
    begun = factor_begin(user=user)
    code = shown(begun)
    _device, codes = factor_confirm(user=user, code=code, now=NOW)
    with pytest.raises(SecondFactorRefused):
        factor_verify(user=user, code=code, now=NOW)

    told = f"{list(AuditEvent.objects.values_list('facts', 'reason'))} {caplog.text}"
    stored = set(StaticToken.objects.values_list("token", flat=True))
    assert not [secret for secret in (begun.key, code, *codes) if secret in told]
    assert not stored & {code.replace("-", "") for code in codes}


def test_a_reset_forgets_phone_and_paper_and_says_who_did_it(user: User) -> None:
    administrator = UserFactory.create(role=Role.ADMINISTRATOR)
    phone_of(user)
    codes = recovery_codes_make(user=user, now=NOW)

    factor_reset(login=user, actor=administrator, now=NOW, reason="手机丢了")

    assert phone_factor_of(user) is None
    with pytest.raises(SecondFactorRefused):
        factor_verify(user=user, code=codes[0], now=NOW)
    event = AuditEvent.objects.get(action="login.factor_reset")
    assert (event.actor, event.object_id, event.reason) == (administrator, str(user.pk), "手机丢了")


def test_nobody_resets_their_own_and_no_administrator_a_superusers(user: User) -> None:
    administrator = UserFactory.create(role=Role.ADMINISTRATOR)
    chief = UserFactory.create(is_superuser=True)

    for login in (administrator, chief):
        phone = phone_of(login)
        with pytest.raises(LoginGuarded):
            factor_reset(login=login, actor=administrator, now=NOW)
        assert phone_factor_of(login) == phone


def test_who_reaches_the_administration_or_money_needs_a_second_factor() -> None:
    needing = {role for role in Role if needs_second_factor(UserFactory.build(role=role))}

    assert needing == {
        Role.BUYER,
        Role.DISPATCHER,
        Role.RECRUITER,
        Role.SERVICE,
        Role.FINANCE,
        Role.COMPLIANCE,
        Role.ADMINISTRATOR,
    }
    assert needs_second_factor(UserFactory.build(role=Role.LEADER, is_superuser=True))
