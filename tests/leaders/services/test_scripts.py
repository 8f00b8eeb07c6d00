"""The library begins with words for every occasion."""

from io import StringIO

import pytest
from django.core.management import call_command

from leaders.models.care import Script, ScriptOccasion
from leaders.services.scripts import default_scripts_write

pytestmark = pytest.mark.django_db


def test_there_are_words_for_every_occasion() -> None:
    written = default_scripts_write()

    assert written == Script.objects.count() >= 12
    assert set(Script.objects.values_list("occasion", flat=True)) == set(ScriptOccasion.values)
    assert not Script.objects.filter(body="").exists()
    assert not Script.objects.filter(body__contains="verbatim").exists()


def test_a_library_with_words_of_its_own_stays_as_it_is() -> None:
    default_scripts_write()
    said = StringIO()

    call_command("write_default_scripts", stdout=said)

    assert said.getvalue() == "0 scripts written\n"
