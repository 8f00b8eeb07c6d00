"""docs/howto/manage-access.md against the code."""

import re

import pytest
from django.conf import settings

from leaders.domain.elevations import MAY_BORROW, MINUTES, REASON_MIN
from leaders.domain.role_permissions import PERMISSIONS_BY_ROLE, STAFF_ROLES
from leaders.models.accounts import Role
from leaders.services.second_factors import RECOVERY_CODES
from leaders.views.accounts import HOME_BY_ROLE
from tests.docs.pages import Row, tables, text
from tests.sweep.routes import every_route

PAGE = "howto/manage-access.md"
ROLES, DESKS = tables(PAGE)


def named(cell: str) -> list[str]:
    """What stands between back-ticks in a cell."""
    return re.findall(r"`([^`]+)`", cell)


def test_every_role_stands_in_the_table_once() -> None:
    assert sorted(named(row["code"])[0] for row in ROLES) == sorted(Role.values)


@pytest.mark.parametrize("row", ROLES, ids=[row["code"] for row in ROLES])
def test_a_role_is_told_as_it_is(row: Row) -> None:
    (role,) = named(row["code"])
    borrowable = {one for roles in MAY_BORROW.values() for one in roles}

    assert named(row["starts at"]) == [HOME_BY_ROLE[Role(role)]]
    assert (row["second factor"] == "yes") is (role in STAFF_ROLES)
    assert (row["can be borrowed"] == "yes") is (role in borrowable)


def test_the_desks_open_to_whom_the_page_says() -> None:
    opens_to = {
        route.name: vars(route.view)["opens_to"]
        for route in every_route()
        if "opens_to" in vars(route.view)
    }
    told = {page: set(row["roles"].split(", ")) for row in DESKS for page in named(row["page"])}

    assert told == {page: set(opens_to[page]) for page in told}


def test_figures_are_those_of_the_code() -> None:
    page = text(PAGE)

    assert f"`LOGIN_LINK_HOURS` ({settings.PASSWORD_RESET_TIMEOUT // 3600})" in page
    assert f"`HELPERS_MAX` ({settings.HELPERS_MAX})" in page
    assert f"`ELEVATION_MINUTES_MAX` ({settings.ELEVATION_MINUTES_MAX})" in page
    assert "{}, {} or {} minutes".format(*MINUTES) in page
    assert f"({REASON_MIN} characters or more)" in page
    assert RECOVERY_CODES == 10


def test_the_auditor_changes_nothing() -> None:
    verbs = {name.split(".")[1].split("_")[0] for name in PERMISSIONS_BY_ROLE["compliance"]}

    assert verbs == {"view"}
