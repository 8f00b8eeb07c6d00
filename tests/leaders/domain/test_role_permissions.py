"""The table of what each role may do in the admin."""

from itertools import chain

from leaders.domain.role_permissions import PERMISSIONS_BY_ROLE, STAFF_ROLES
from leaders.models.accounts import Role

MONEY = ("orders.account", "orders.refund", "orders.transfer", "fulfillment.commissionentry")


def test_every_role_is_in_the_table() -> None:
    assert set(PERMISSIONS_BY_ROLE) == set(Role.values)


def test_nobody_writes_money_tables() -> None:
    granted = set(chain.from_iterable(PERMISSIONS_BY_ROLE.values()))

    written = {
        f"{app}.{verb}_{model}"
        for app, model in (name.split(".") for name in MONEY)
        for verb in ("add", "change", "delete")
    }

    assert granted & written == set()


def test_nobody_deletes() -> None:
    granted = chain.from_iterable(PERMISSIONS_BY_ROLE.values())

    assert [name for name in granted if ".delete_" in name] == []


def test_buyers_see_no_orders_and_no_residents() -> None:
    assert not {"orders.view_order", "orders.view_resident"} & PERMISSIONS_BY_ROLE["buyer"]


def test_who_works_away_from_a_desk_does_not_reach_the_admin() -> None:
    assert set(PERMISSIONS_BY_ROLE) - STAFF_ROLES == {
        "leader",
        "helper",
        "warehouse",
        "receiver",
        "sorter",
        "driver",
    }
