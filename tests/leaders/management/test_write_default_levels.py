"""`manage.py write_default_levels`."""

from io import StringIO

import pytest
from django.core.management import call_command

from leaders.models.levels import LeaderLevel

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def test_four_levels_are_written_once() -> None:
    said = StringIO()

    call_command("write_default_levels", stdout=said)
    call_command("write_default_levels", stdout=said)

    assert said.getvalue() == "4 levels written\n0 levels written\n"
    levels = LeaderLevel.objects.select_related("commission_plan")
    assert [(level.code, level.commission_plan.rate_bp) for level in levels] == [
        ("trial", 800),
        ("formal", 1000),
        ("gold", 1100),
        ("star", 1200),
    ]


def test_an_operators_own_levels_stay() -> None:
    call_command("write_default_levels", stdout=StringIO())
    LeaderLevel.objects.filter(rank__gt=1).delete()

    call_command("write_default_levels", stdout=StringIO())

    assert LeaderLevel.objects.count() == 1
