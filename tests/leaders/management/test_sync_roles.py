"""`manage.py sync_roles`."""

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command

from leaders.models.accounts import Role

pytestmark = pytest.mark.django_db


def test_every_role_gets_its_group(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("sync_roles")

    assert set(Group.objects.values_list("name", flat=True)) == set(Role.values)
    assert len(capsys.readouterr().out.splitlines()) == len(Role)
