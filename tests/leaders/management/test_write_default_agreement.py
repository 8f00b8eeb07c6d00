"""The command that writes the first agreement."""

import io

import pytest
from django.core.management import call_command

pytestmark = pytest.mark.django_db


def test_it_writes_what_is_missing_and_says_so() -> None:
    said = io.StringIO()

    call_command("write_default_agreement", stdout=said)
    call_command("write_default_agreement", stdout=said)

    assert said.getvalue().splitlines() == ["agreement written", "there is an agreement already"]
