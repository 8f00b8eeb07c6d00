"""Second factors: who needs one, and what somebody has."""

from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from leaders.domain.role_permissions import STAFF_ROLES
from leaders.models.accounts import User


def needs_second_factor(user: User) -> bool:
    """Whether this log-in reaches the administration or money.

    Every role with a permission in the administration does; desks that handle
    money all have one. Phones in the warehouse, on the road and at pickup
    points are handed on and hold neither.
    """
    return user.is_superuser or user.is_staff or user.role in STAFF_ROLES


def phone_factor_of(user: User) -> TOTPDevice | None:
    """The phone that shows codes for this log-in; nothing before it was tried once."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).first()


def recovery_device_of(user: User) -> StaticDevice | None:
    """What the codes on paper hang on."""
    return StaticDevice.objects.filter(user=user, confirmed=True).first()


def recovery_codes_left(user: User) -> int:
    """How many codes on paper are unused."""
    count: int = StaticToken.objects.filter(device__user=user).count()
    return count
