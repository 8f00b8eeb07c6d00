"""One-time codes by which residents log in; only their digests are kept.

A code may be read in one place besides the phone: in the message that waits to
be sent, which forgets it once it is sent.
"""

import hashlib
import hmac
import secrets
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from leaders.domain.phones import is_mobile_number, phone_digits
from orders.domain.login_codes import (
    CODE_LENGTH,
    LONGEST_SPAN,
    TRIES_MAX,
    VALID_FOR,
    sending_wait_s,
    typed_code,
)
from orders.errors import LoginCodeTooSoon, LoginCodeWrong, PhoneNotMobile
from orders.models.outbox import OutboxMessage, Topic
from orders.models.residents import LoginCode
from orders.services.locks import phone_lock
from orders.services.outbox import Message, messages_queue
from orders.services.outbox_relay import message_hurry


@transaction.atomic
def login_code_send(*, phone: str, now: datetime) -> LoginCode:
    """Make a code for a mobile phone and queue the message that carries it.

    Raises `PhoneNotMobile`, and `LoginCodeTooSoon` (with `retry_s`) when this
    phone had as many codes as `SENDING_LIMITS` allow.
    """
    number = _mobile_number(phone)
    phone_lock(number)
    sent_at = list(
        LoginCode.objects.filter(phone=number, created_at__gt=now - LONGEST_SPAN).values_list(
            "created_at", flat=True
        )
    )
    if wait_s := sending_wait_s(sent_at, now):
        raise LoginCodeTooSoon(
            _("Codes were sent to this phone just now. Please wait a moment."), retry_s=wait_s
        )
    digits = f"{secrets.randbelow(10**CODE_LENGTH):0{CODE_LENGTH}}"
    code = LoginCode.objects.create(
        phone=number,
        digest=_digest(number, digits),
        created_at=now,
        expires_at=now + VALID_FOR,
    )
    message = Message(
        topic=Topic.LOGIN_CODE,
        dedupe_key=_message_key(code),
        phone=number,
        facts={
            "code": digits,
            "minutes": int(VALID_FOR.total_seconds()) // 60,
            "expires_at": code.expires_at.isoformat(),
        },
    )
    messages_queue(messages=[message], now=now)
    return code


def login_code_hurry(*, code: LoginCode, now: datetime) -> None:
    """Send a code at once; call it when the transaction of `login_code_send` has ended."""
    message_hurry(topic=Topic.LOGIN_CODE, dedupe_key=_message_key(code), now=now)


def login_code_check(*, phone: str, code: str, now: datetime) -> None:
    """Use up the newest code of a phone; raises `LoginCodeWrong`, whatever was wrong.

    A code can be used once, for five minutes, and survives at most four wrong
    guesses. Never call it inside a transaction: its rollback would give the
    guesses back (Django refuses).
    """
    number = phone_digits(phone)
    with transaction.atomic(durable=True):
        is_right = _guess(number, typed_code(code), now)
    if not is_right:
        raise LoginCodeWrong(_("The code is wrong or no longer valid."))


def login_code_shown(phone: str) -> str | None:
    """The newest code of a phone, for the page of a demo; None anywhere else."""
    if not settings.SHOW_LOGIN_CODES:
        return None
    code = LoginCode.objects.filter(phone=phone_digits(phone)).first()
    if code is None or code.used_at is not None:
        return None
    facts = OutboxMessage.objects.get(topic=Topic.LOGIN_CODE, dedupe_key=_message_key(code)).facts
    shown: str | None = facts.get("code")
    return shown


@transaction.atomic
def login_codes_forget(*, now: datetime) -> int:
    """Delete codes that no limit counts any more, with their messages; return how many."""
    old = list(LoginCode.objects.filter(created_at__lte=now - LONGEST_SPAN))
    if old:
        keys = [_message_key(code) for code in old]
        OutboxMessage.objects.filter(topic=Topic.LOGIN_CODE, dedupe_key__in=keys).delete()
        LoginCode.objects.filter(pk__in=[code.pk for code in old]).delete()
    return len(old)


def _guess(number: str, digits: str, now: datetime) -> bool:
    """Count a guess at the newest code first and compare it then, so that none is free."""
    newest = LoginCode.objects.filter(phone=number).first()
    if newest is None:
        return False
    mine = LoginCode.objects.filter(
        pk=newest.pk, used_at=None, expires_at__gt=now, tries__lt=TRIES_MAX
    )
    # The row stays locked until the commit: parallel guesses come one by one.
    if not mine.update(tries=F("tries") + 1):
        return False
    if not hmac.compare_digest(newest.digest, _digest(number, digits)):
        return False
    return bool(LoginCode.objects.filter(pk=newest.pk, used_at=None).update(used_at=now))


def _mobile_number(phone: str) -> str:
    number = phone_digits(phone)
    if not is_mobile_number(number):
        raise PhoneNotMobile(_("This is not a mobile number."))
    return number


def _digest(number: str, digits: str) -> str:
    key = settings.SECRET_KEY.encode()
    return hmac.new(key, f"login code:{number}:{digits}".encode(), hashlib.sha256).hexdigest()


def _message_key(code: LoginCode) -> str:
    return f"login:{code.pk}"
