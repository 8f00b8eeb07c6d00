"""Log-ins for trying the platform out: two leaders and a helper, a driver, and each desk."""

import base64
import hashlib
import hmac
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Q

from fulfillment.models.delivery import Driver
from fulfillment.services.demo_warehouse import demo_drivers_hire
from leaders.domain.role_permissions import PERMISSIONS_BY_ROLE
from leaders.models.access import PickupHelper
from leaders.models.accounts import Role, User
from leaders.models.leaders import Leader
from leaders.services.accounts import role_permissions_apply
from orders.selectors.orders import campaigns_visible
from orders.services.demo_campaigns import DEMO_PREFIX

LEADERS = 2
PASSWORD_LENGTH = 12
STAFF = {
    "warehouse": Role.WAREHOUSE,
    "receiver": Role.RECEIVER,
    "sorter": Role.SORTER,
    "dispatcher": Role.DISPATCHER,
    "buyer": Role.BUYER,
    "recruiter": Role.RECRUITER,
    "service": Role.SERVICE,
    "finance": Role.FINANCE,
    "finance2": Role.FINANCE,  # what one prepares, the other confirms
    "compliance": Role.COMPLIANCE,
    "administrator": Role.ADMINISTRATOR,
}
DRIVER = "driver"
HELPER = "helper"
ADMIN = "admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoLogin:
    """A log-in as it is told to people; `role` is empty for the superuser."""

    username: str
    role: str
    name: str


def demo_password() -> str:
    """The password of this installation's demo log-ins.

    Made from the secret key, so every start tells the same one and no two
    installations share it.
    """
    digest = hmac.digest(settings.SECRET_KEY.encode(), b"demo log-ins", hashlib.sha256)
    return base64.b32encode(digest).decode().lower()[:PASSWORD_LENGTH]


@transaction.atomic
def demo_logins_create(*, password: str) -> list[DemoLogin]:
    """Create the demo log-ins, or give the ones there are this password.

    Called again it creates nobody twice; leaders keep the log-in they have.
    """
    leaders = _newest_leaders()
    logins = [_leader_login(leader, password) for leader in leaders]
    logins += [_helper_login(leader, password) for leader in leaders[:1]]
    for username, role in STAFF.items():
        _user(username, role, password)
        logins.append(DemoLogin(username=username, role=role, name=""))
    logins += _driver_login(password)
    _user(ADMIN, Role.BUYER, password, is_superuser=True)
    logins.append(DemoLogin(username=ADMIN, role="", name=""))
    for role_name in PERMISSIONS_BY_ROLE:
        role_permissions_apply(role_name)
    return logins


def demo_shop_leader() -> Leader | None:
    """The leader whose shop a visitor of the demo buys in: the first who can log in."""
    return next(iter(_newest_leaders()), None)


def _newest_leaders() -> list[Leader]:
    """Leaders who sold something on the newest played day, those with refunds first."""
    played = campaigns_visible().exclude(code__startswith=DEMO_PREFIX)
    sold = Q(orders__campaign=played.first())
    leaders = Leader.objects.filter(sold).select_related("user")
    with_shortages = leaders.annotate(
        short_lines=Count("orders__lines__refund_lines", filter=sold, distinct=True)
    )
    return list(with_shortages.order_by("-short_lines", "code")[:LEADERS])


def _leader_login(leader: Leader, password: str) -> DemoLogin:
    user = leader.user
    if user is None:
        user = _user(leader.code.lower(), Role.LEADER, password)
        User.objects.filter(pk=user.pk).update(first_name=leader.name)
        Leader.objects.filter(pk=leader.pk, user=None).update(user=user)
    else:
        _password_set(user, password)
    return DemoLogin(username=user.username, role=Role.LEADER, name=f"{leader.code} {leader.name}")


def _helper_login(leader: Leader, password: str) -> DemoLogin:
    """Somebody who hands out for the first leader, whoever that is today."""
    user = _user(HELPER, Role.HELPER, password)
    PickupHelper.objects.update_or_create(
        user=user,
        defaults={"leader": leader, "ended_at": None},
        create_defaults={"leader": leader, "since": leader.joined_at},
    )
    return DemoLogin(username=HELPER, role=Role.HELPER, name=f"{leader.code} {leader.name}")


def _driver_login(password: str) -> list[DemoLogin]:
    """The log-in of the driver of the newest trips, or none where nothing drives."""
    demo_drivers_hire()
    known = Driver.objects.filter(user__username=DRIVER).first()
    newest = Driver.objects.order_by(F("trips__departs_at").desc(nulls_last=True), "code").first()
    driver = known or newest
    if driver is None:
        return []
    user = driver.user or _user(DRIVER, Role.DRIVER, password)
    _password_set(user, password)
    Driver.objects.filter(pk=driver.pk, user=None).update(user=user)
    return [DemoLogin(username=user.username, role=Role.DRIVER, name=driver.name)]


def _user(username: str, role: Role, password: str, *, is_superuser: bool = False) -> User:
    user, _created = User.objects.update_or_create(
        username=username,
        defaults={"role": role, "is_superuser": is_superuser, "is_staff": is_superuser},
    )
    _password_set(user, password)
    return user


def _password_set(user: User, password: str) -> None:
    """Change the password only if it is another one: a change ends open sessions."""
    if not user.check_password(password):
        user.set_password(password)
        User.objects.filter(pk=user.pk).update(password=user.password)
