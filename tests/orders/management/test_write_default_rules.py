"""The command that writes the first rules."""

import io

import pytest
from django.core.management import call_command

from orders.models.legal import RulePage

pytestmark = pytest.mark.django_db


def test_it_writes_what_is_missing_and_says_so() -> None:
    said = io.StringIO()

    call_command("write_default_rules", stdout=said)
    call_command("write_default_rules", stdout=said)

    assert RulePage.objects.count() == 3
    assert said.getvalue().splitlines() == ["3 pages of rules written", "0 pages of rules written"]
