"""The audit log is read in any choice, and every page goes on where the last one ended."""

from datetime import UTC, date, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from leaders.models.access import Elevation
from leaders.models.accounts import Role
from leaders.models.audit import AuditEvent
from leaders.selectors.audit_log import AuditFilter, Place, audit_events, audit_page
from tests.factories.leaders import UserFactory

pytestmark = pytest.mark.django_db

# 23:30 and 00:30 of the 2nd and 3rd of March in Shanghai.
EVENING = datetime(2026, 3, 2, 15, 30, tzinfo=UTC)
NIGHT = EVENING + timedelta(hours=1)


def deed(**words: object) -> AuditEvent:
    given = {"at": EVENING, "action": "claim.replied", "object_type": "claim", "object_id": "1"}
    return AuditEvent.objects.create(**{**given, **words})


def test_every_choice_narrows_and_choices_add_up() -> None:
    user = UserFactory.create(username="wang")
    borrowed = Elevation.objects.create(
        user=user, role=Role.FINANCE, reason="x", begun_at=EVENING, ends_at=NIGHT
    )
    first = deed(actor=user)
    second = deed(actor=user, action="claim.approved", elevation=borrowed, at=NIGHT)
    third = deed(object_type="leader", object_id="7", at=NIGHT)
    choices = [
        (AuditFilter(), [third, second, first]),
        (AuditFilter(actor="wang"), [second, first]),
        (AuditFilter(actor="nobody"), []),
        (AuditFilter(action="claim.approved"), [second]),
        (AuditFilter(kind="leader"), [third]),
        (AuditFilter(kind="claim", which="1"), [second, first]),
        (AuditFilter(until=date(2026, 3, 2)), [first]),
        (AuditFilter(since=date(2026, 3, 3)), [third, second]),
        (AuditFilter(since=date(2026, 3, 3), actor="wang"), [second]),
        (AuditFilter(is_borrowed=True), [second]),
    ]

    assert [list(audit_events(chosen)) for chosen, _found in choices] == [
        found for _chosen, found in choices
    ]


def test_pages_show_every_event_once_even_of_one_moment() -> None:
    made = [deed(at=EVENING + timedelta(seconds=number // 3)) for number in range(10)]
    seen: list[int] = []
    place: Place | None = None

    while True:
        page = audit_page(AuditFilter(), after=place, size=4)
        seen += [event.pk for event in page.events]
        if page.next_place is None:
            break
        place = Place.of(str(page.next_place))

    assert seen == [event.pk for event in reversed(made)]


def test_a_page_is_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for _number in range(5):
        deed(actor=UserFactory.create())

    with django_assert_num_queries(1):
        page = audit_page(AuditFilter(), after=None, size=5)
        assert all(event.actor is not None for event in page.events)


@pytest.mark.parametrize(
    "text", ["", "x", "12", "-5", "1-x", "٣-1", "9" * 20 + "-1", "1-" + "9" * 20]
)
def test_what_is_no_place_is_none(text: str) -> None:
    assert Place.of(text) is None
