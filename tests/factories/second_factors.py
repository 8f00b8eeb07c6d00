"""Phones that show codes, and the codes they show."""

import time

from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from leaders.models.accounts import User


def phone_of(user: User) -> TOTPDevice:
    """A phone that is in use as this log-in's second factor."""
    return TOTPDevice.objects.create(user=user, name="phone", confirmed=True)


def shown(phone: TOTPDevice, *, steps: int = 0) -> str:
    """The code a phone shows now, or so many half minutes later."""
    clock = TOTP(phone.bin_key, phone.step, phone.t0, phone.digits)
    clock.time = time.time() + steps * phone.step
    return f"{clock.token():06d}"


def wrong(phone: TOTPDevice) -> str:
    """Six digits that this phone shows neither now nor just before or after."""
    right = {shown(phone, steps=steps) for steps in range(-3, 4)}
    return next(code for code in (f"{number:06d}" for number in range(9)) if code not in right)
