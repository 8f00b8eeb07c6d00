"""Two applicants and one invite code; two taps and one application."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection

from leaders.errors import InviteCodeRefused
from leaders.models.applications import LeaderApplication
from leaders.services import applications
from leaders.services.applications import application_submit
from tests.concurrency.race import Runner, errors, race, values
from tests.factories.applicants import DETAILS, NOW, InviteCodeFactory

_invite_of = applications._invite_of


def _looks_slowly(*asked: Any) -> Any:
    found = _invite_of(*asked)
    time.sleep(0.1)
    return found


SLOWLY = patch("leaders.services.applications._invite_of", _looks_slowly)


@contextmanager
def without_the_database_s_word() -> Iterator[None]:
    """Let an invite stand in several rows, as if the column were not unique."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE contype = 'u'"
            " AND conrelid = 'leaders_leaderapplication'::regclass AND conname LIKE %s",
            ["%invite_id%"],
        )
        (name,) = cursor.fetchone()
        cursor.execute(f'ALTER TABLE leaders_leaderapplication DROP CONSTRAINT "{name}"')
    try:
        yield
    finally:
        LeaderApplication.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(
                f'ALTER TABLE leaders_leaderapplication ADD CONSTRAINT "{name}" UNIQUE (invite_id)'
            )


def apply_with(code: str, runner: Runner) -> int:
    details = replace(DETAILS, phone=f"1991111{runner.number:04d}", invite_code=code)
    return application_submit(details=details, now=NOW).pk


def test_one_code_admits_one_of_two_applicants() -> None:
    code = InviteCodeFactory.create().code

    outcomes = race(lambda runner: apply_with(code, runner), processes=2, without=[SLOWLY])

    assert len(values(outcomes)) == 1
    assert [type(error) for error in errors(outcomes)] == [InviteCodeRefused]
    assert LeaderApplication.objects.count() == 1


@pytest.mark.control
def test_without_the_database_s_word_one_code_admits_both() -> None:
    code = InviteCodeFactory.create().code

    with without_the_database_s_word():
        outcomes = race(lambda runner: apply_with(code, runner), processes=2, without=[SLOWLY])

    assert len(values(outcomes)) == 2


def test_two_taps_are_one_application() -> None:
    def tap(_runner: Runner) -> int:
        return application_submit(details=DETAILS, now=NOW).pk

    outcomes = race(tap, processes=2, without=[SLOWLY])

    assert len(set(values(outcomes))) == 1
    assert not errors(outcomes)
    assert LeaderApplication.objects.count() == 1
