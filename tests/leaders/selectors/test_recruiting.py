"""What the recruiters' board shows, and for how many queries."""

from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from leaders.models.applications import ApplicationState
from leaders.selectors.recruiting import OPEN_STATES, application_board, applications_found
from leaders.services.audit import audit
from tests.factories.leaders import LeaderApplicationFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 6, 2, 0, tzinfo=UTC)


def test_the_board_reads_from_the_first_word_to_the_last_step() -> None:
    assert [state.value for state in OPEN_STATES] == [
        "lead",
        "contacted",
        "applied",
        "documents",
        "site",
        "trained",
    ]


def test_whoever_waits_longest_stands_on_top() -> None:
    moved = LeaderApplicationFactory.create(state=ApplicationState.SITE)
    audit(action="application.site_ok", about=moved, actor=None, now=NOW - timedelta(hours=1))
    waiting = LeaderApplicationFactory.create(state=ApplicationState.SITE)

    column = next(c for c in application_board(NOW) if c.state == ApplicationState.SITE)

    assert [card.application for card in column.cards] == [waiting, moved]
    assert [(card.days, card.is_old) for card in column.cards] == [(5, True), (0, False)]


def test_a_column_counts_all_and_shows_some(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leaders.selectors.recruiting.CARDS_MOST", 2)
    LeaderApplicationFactory.create_batch(3)
    LeaderApplicationFactory.create(state=ApplicationState.TRAINED)

    by_state = {column.state: column for column in application_board(NOW)}

    assert by_state[ApplicationState.APPLIED].count == 3
    assert len(by_state[ApplicationState.APPLIED].cards) == 2
    assert len(by_state[ApplicationState.TRAINED].cards) == 1


@pytest.mark.parametrize("many", [1, 12])
def test_the_board_takes_two_queries_however_full_it_is(
    many: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    LeaderApplicationFactory.create_batch(many)

    with django_assert_num_queries(2):
        application_board(NOW)


@pytest.mark.parametrize("words", ["陈晓", "桃园", "9593", "199 0002 9593", "花园路"])
def test_an_application_is_found_by_what_people_know_of_it(words: str) -> None:
    wanted = LeaderApplicationFactory.create(phone="19900029593")
    LeaderApplicationFactory.create(
        applicant_name="周海", phone="19912345678", community_name="青石苑", address="建设路 1 号"
    )

    found = applications_found(words, NOW)

    assert [card.application for card in found] == [wanted]
    assert found[0].phone == "199****9593"
