"""Erasure leaves no trace of a person outside the sealed row that the law wants kept."""

import logging
from datetime import date
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from fulfillment.services.persons import person_forget
from leaders.integrations.sealing import unseal
from orders.http import PHONE_KEY, RESIDENT_KEY
from orders.models.personal_data import LegalHold, PersonRequestKind
from orders.services.person_erasure import sessions_forget
from orders.services.personal_data import person_request_open
from tests.journeys.planted_person import MARKS, NAME, PHONE, Life, marks_found

pytestmark = pytest.mark.django_db

OURS = ("leaders", "orders", "fulfillment", "config", "django")


@pytest.fixture
def roots(settings: Settings, tmp_path: Path) -> tuple[Path, ...]:
    """Where files of this test lie; the log-in page of a demo tells the code."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PAPERS_ROOT = tmp_path / "papers"
    settings.PICTURES_ROOT = tmp_path / "pictures"
    settings.SHOW_LOGIN_CODES = True
    return (tmp_path,)


def erase(life: Life) -> None:
    request = person_request_open(
        resident=life.resident, kind=PersonRequestKind.ERASE, now=timezone.now()
    )
    erased = person_forget(request=request, actor=life.staff, now=timezone.now())
    sessions_forget(holding={RESIDENT_KEY: erased.resident_ids, PHONE_KEY: erased.known_as})


def test_no_mark_of_an_erased_person_is_left_anywhere(
    roots: tuple[Path, ...], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    life = Life()
    before = marks_found(*roots)

    erase(life)
    after = marks_found(*roots)

    # The search can find: without erasure every mark is in several places.
    assert {mark for marks in before.values() for mark in marks} == set(MARKS)
    assert {
        "orders_resident",
        "orders_order",
        "orders_claim",
        "orders_jielongimport",
        "orders_jielongentry",
        "orders_outboxmessage",
        "orders_logincode",
        "leaders_leaderapplication",
        "leaders_followup",
        "fulfillment_importnote",
        "django_admin_log",
    } <= before.keys()
    assert any(place.startswith("session ") for place in before)
    assert any(place.startswith("file hand_out_list") for place in before)
    assert after == {}
    said = [record.getMessage() for record in caplog.records if record.name.startswith(OURS)]
    assert said
    assert [line for line in said if any(mark in line for mark in MARKS)] == []


def test_the_law_finds_who_it_was_and_nobody_else_does(roots: tuple[Path, ...]) -> None:
    life = Life()

    erase(life)

    hold = LegalHold.objects.get(resident=life.resident)
    assert hold.kept_until == date(2029, 3, 11)
    assert NAME in unseal(hold.sealed)
    assert PHONE in unseal(hold.sealed)
    assert NAME not in hold.sealed
