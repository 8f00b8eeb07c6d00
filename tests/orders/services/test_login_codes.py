"""Log-in codes: sent within limits, used once, guessed in vain."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from pytest_django import Settings

from orders.errors import LoginCodeTooSoon, LoginCodeWrong, PhoneNotMobile
from orders.models.outbox import OutboxMessage, Topic
from orders.models.residents import LoginCode
from orders.services.login_codes import (
    login_code_check,
    login_code_send,
    login_code_shown,
    login_codes_forget,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
PHONE = "19906912483"


def sent(phone: str = PHONE, now: datetime = NOW) -> str:
    """Send a code and read it where only the relay reads it."""
    login_code_send(phone=phone, now=now)
    code: str = OutboxMessage.objects.filter(phone=PHONE).latest("pk").facts["code"]
    return code


def another_than(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_a_code_is_queued_and_only_its_digest_is_kept() -> None:
    code = login_code_send(phone="+86 199-0691-2483", now=NOW)

    message = OutboxMessage.objects.get()
    assert (message.topic, message.phone) == (Topic.LOGIN_CODE, PHONE)
    assert message.facts["minutes"] == 5
    assert len(message.facts["code"]) == 6
    assert message.facts["code"] not in LoginCode.objects.values_list("digest", flat=True)
    assert (code.phone, code.expires_at) == (PHONE, NOW + timedelta(minutes=5))


@pytest.mark.parametrize("phone", ["0371-65961234", "1990691248", "12345678901", ""])
def test_only_mobile_phones_get_codes(phone: str) -> None:
    with pytest.raises(PhoneNotMobile):
        login_code_send(phone=phone, now=NOW)


def test_another_code_waits_its_minute() -> None:
    login_code_send(phone=PHONE, now=NOW)

    with pytest.raises(LoginCodeTooSoon) as refusal:
        login_code_send(phone=PHONE, now=NOW + timedelta(seconds=18))

    assert refusal.value.details == {"retry_s": 42}
    assert OutboxMessage.objects.count() == 1


def test_the_code_lets_in_once() -> None:
    code = sent()

    login_code_check(phone="199 0691 2483", code=f" {code} ", now=NOW)

    with pytest.raises(LoginCodeWrong):
        login_code_check(phone=PHONE, code=code, now=NOW)


def test_every_refusal_says_the_same() -> None:
    code = sent()

    reasons = set()
    for phone, typed, now in [
        (PHONE, another_than(code), NOW),
        ("19906912484", code, NOW),
        (PHONE, code, NOW + timedelta(minutes=5)),
        (PHONE, "", NOW),
    ]:
        with pytest.raises(LoginCodeWrong) as refusal:
            login_code_check(phone=phone, code=typed, now=now)
        reasons.add((refusal.value.message, tuple(refusal.value.details)))

    assert len(reasons) == 1


def test_after_five_wrong_guesses_even_the_right_one_is_refused() -> None:
    code = sent()
    for _guess in range(5):
        with pytest.raises(LoginCodeWrong):
            login_code_check(phone=PHONE, code=another_than(code), now=NOW)

    with pytest.raises(LoginCodeWrong):
        login_code_check(phone=PHONE, code=code, now=NOW)

    assert LoginCode.objects.get().tries == 5


def test_a_newer_code_replaces_the_older() -> None:
    older = sent()
    later = NOW + timedelta(minutes=1)
    newer = sent(now=later)

    if older != newer:
        with pytest.raises(LoginCodeWrong):
            login_code_check(phone=PHONE, code=older, now=later)
    login_code_check(phone=PHONE, code=newer, now=later)


def test_guesses_cannot_be_rolled_back() -> None:
    sent()

    with pytest.raises(RuntimeError), transaction.atomic():
        login_code_check(phone=PHONE, code="000000", now=NOW)


def test_the_code_is_shown_only_where_it_is_asked_for(settings: Settings) -> None:
    code = sent()

    assert login_code_shown(PHONE) is None
    settings.SHOW_LOGIN_CODES = True
    assert login_code_shown("199 0691 2483") == code
    assert login_code_shown("19906912484") is None
    login_code_check(phone=PHONE, code=code, now=NOW)
    assert login_code_shown(PHONE) is None


def test_old_codes_and_their_messages_are_forgotten() -> None:
    sent()
    young = login_code_send(phone="19906912484", now=NOW + timedelta(hours=1))

    forgotten = login_codes_forget(now=NOW + timedelta(days=1))

    assert forgotten == 1
    assert LoginCode.objects.get() == young
    assert OutboxMessage.objects.get().phone == "19906912484"
