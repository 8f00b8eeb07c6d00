"""What was done to somebody reads like a sentence, whatever language the page has."""

from datetime import UTC, datetime

import pytest
from pytest_django import DjangoAssertNumQueries

from leaders.selectors.history import history_of
from leaders.services.audit import audit
from leaders.services.leader_states import leader_suspend
from tests.factories.care import RecruiterFactory
from tests.factories.leaders import LeaderFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)


def test_a_deed_tells_who_did_what_and_why() -> None:
    leader, actor = LeaderFactory.create(), RecruiterFactory.create(first_name="王琳")

    leader_suspend(leader=leader, reason="多次投诉", actor=actor, now=NOW)

    (deed,) = history_of(leader)
    assert (deed.at, deed.who, deed.what, deed.reason) == (NOW, "王琳", "Suspended", "多次投诉")
    assert deed.facts == "from Active · to Suspended"


def test_a_deed_without_words_is_shown_by_its_name() -> None:
    leader = LeaderFactory.create()

    audit(action="leader.sung_to", about=leader, actor=None, now=NOW, facts={"song": "茉莉花"})

    (deed,) = history_of(leader)
    assert (deed.what, deed.who, deed.facts) == ("leader.sung_to", "", "")


def test_only_what_is_about_the_row_is_told_newest_first(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    leader, other = LeaderFactory.create_batch(2)
    for action in ("leader.joined", "leader.activated"):
        audit(action=action, about=leader, actor=None, now=NOW)
    audit(action="leader.quit", about=other, actor=None, now=NOW)

    with django_assert_num_queries(1):
        told = [deed.what for deed in history_of(leader)]

    assert told == ["Trial passed", "Joined"]
