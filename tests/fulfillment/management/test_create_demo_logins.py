"""The command tells every log-in."""

from io import StringIO

import pytest
from django.core.management import call_command

from fulfillment.services.demo_logins import demo_password

pytestmark = pytest.mark.django_db


def test_each_line_names_user_and_password() -> None:
    lines = told("--password", "abc-12345")

    assert [line.split()[:2] for line in lines] == [
        ["warehouse", "abc-12345"],
        ["receiver", "abc-12345"],
        ["sorter", "abc-12345"],
        ["dispatcher", "abc-12345"],
        ["buyer", "abc-12345"],
        ["recruiter", "abc-12345"],
        ["service", "abc-12345"],
        ["finance", "abc-12345"],
        ["finance2", "abc-12345"],
        ["compliance", "abc-12345"],
        ["administrator", "abc-12345"],
        ["admin", "abc-12345"],
    ]


def test_without_a_password_it_tells_the_installations_own() -> None:
    lines = told()

    assert {line.split()[1] for line in lines} == {demo_password()}


def told(*arguments: str) -> list[str]:
    out = StringIO()
    call_command("create_demo_logins", *arguments, stdout=out)
    return out.getvalue().splitlines()
