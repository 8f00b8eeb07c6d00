"""Second factors: a phone that shows codes, and ten codes on paper for when it is gone.

A wrong code makes django-otp wait before it looks at the next: one second,
two, four and so on. What is refused must therefore not be rolled back, and
nothing here that looks at a code runs in a transaction of its own.
"""

import logging
import secrets
from datetime import datetime

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django_otp import devices_for_user, verify_token
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from leaders.errors import LoginGuarded, SecondFactorRefused
from leaders.models.accounts import User
from leaders.selectors.second_factors import (
    phone_factor_of,
    recovery_codes_left,
    recovery_device_of,
)
from leaders.services.audit import audit

logger = logging.getLogger(__name__)

RECOVERY_CODES = 10
# Without letters and digits that are mistaken for one another on paper.
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_HALF = 5
_PHONE_DIGITS = 6
# The column is 16 wide: 64 bits of a keyed digest.
_DIGEST_LENGTH = 16


@transaction.atomic
def factor_begin(*, user: User) -> TOTPDevice:
    """The phone somebody is setting up; the same one until a code of it was right.

    Raises `SecondFactorRefused` where a phone is set up already: a new one
    needs an administrator, or whoever has the password could bring their own.
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if phone_factor_of(user) is not None:
        raise SecondFactorRefused(_("A phone is set up; ask an administrator for a new start."))
    device, _is_new = TOTPDevice.objects.get_or_create(
        user=user, confirmed=False, defaults={"name": "phone"}
    )
    return device


def factor_confirm(*, user: User, code: str, now: datetime) -> tuple[Device, tuple[str, ...]]:
    """Take a phone into use by a code of it, and return it with the codes for paper.

    Raises `SecondFactorRefused` if the code is wrong.
    """
    device = factor_begin(user=user)
    if verify_token(user, device.persistent_id, _plain(code)) is None:
        raise _refusal(device)
    with transaction.atomic():
        TOTPDevice.objects.filter(pk=device.pk).update(confirmed=True)
        audit(action="login.factor_set_up", about=user, actor=user, now=now)
        codes = recovery_codes_make(user=user, now=now)
    device.refresh_from_db()
    return device, codes


def factor_verify(*, user: User, code: str, now: datetime) -> Device:
    """Return the phone or the paper that this code is right for; a code is right once.

    Raises `SecondFactorRefused` if it is not, or while too many wrong ones
    make it wait.
    """
    typed = _plain(code)
    is_from_phone = len(typed) == _PHONE_DIGITS and typed.isdecimal()
    device = phone_factor_of(user) if is_from_phone else recovery_device_of(user)
    if device is None:
        raise SecondFactorRefused(_("This code is wrong, or was used before."))
    token = typed if is_from_phone else _digest(user, typed)
    if verify_token(user, device.persistent_id, token) is None:
        logger.warning("Second factor of user %s refused", user.pk)
        raise _refusal(device)
    if not is_from_phone:
        facts = {"left": recovery_codes_left(user)}
        audit(action="login.recovery_code_used", about=user, actor=user, now=now, facts=facts)
    return device


@transaction.atomic
def recovery_codes_make(*, user: User, now: datetime) -> tuple[str, ...]:
    """Ten codes for paper, shown once; earlier ones end.

    Only keyed digests are stored: whoever reads the table learns no code.
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    device, _is_new = StaticDevice.objects.get_or_create(user=user, defaults={"name": "paper"})
    StaticToken.objects.filter(device=device).delete()
    codes = tuple(_recovery_code() for _nth in range(RECOVERY_CODES))
    StaticToken.objects.bulk_create(
        StaticToken(device=device, token=_digest(user, _plain(code))) for code in codes
    )
    audit(action="login.recovery_codes_made", about=user, actor=user, now=now)
    return codes


@transaction.atomic
def factor_reset(*, login: User, actor: User | None, now: datetime, reason: str = "") -> None:
    """Forget phone and paper of a log-in; it starts anew, and open sessions show a code again.

    `actor` is None for a command on the server.

    Raises `LoginGuarded` for one's own, and for a superuser's by anybody who is none.
    """
    if actor is not None and actor.pk == login.pk:
        raise LoginGuarded(_("Nobody resets their own second factor."))
    if actor is not None and login.is_superuser and not actor.is_superuser:
        raise LoginGuarded(_("Only a superuser changes the log-in of a superuser."))
    User.objects.select_for_update(no_key=True).get(pk=login.pk)
    for device in devices_for_user(login, confirmed=None):
        device.delete()
    audit(action="login.factor_reset", about=login, actor=actor, now=now, reason=reason)


def _refusal(device: Device) -> SecondFactorRefused:
    """Say that a code is wrong, and how long the next one waits."""
    device.refresh_from_db()
    is_allowed, state = device.verify_is_allowed()
    if is_allowed:
        return SecondFactorRefused(_("This code is wrong, or was used before."))
    until = localtime(state["locked_until"]).strftime("%H:%M:%S")
    return SecondFactorRefused(
        _("This code is wrong, or was used before. The next one counts from %(until)s.")
        % {"until": until},
        until=until,
    )


def _recovery_code() -> str:
    half = ["".join(secrets.choice(_ALPHABET) for _place in range(_HALF)) for _side in range(2)]
    return "-".join(half)


def _plain(code: str) -> str:
    """A code as it was meant: without spaces and dashes, in small letters."""
    return "".join(code.split()).replace("-", "").lower()


def _digest(user: User, code: str) -> str:
    keyed = salted_hmac("leaders.recovery_codes", f"{user.pk}:{code}", algorithm="sha256")
    return keyed.hexdigest()[:_DIGEST_LENGTH]
