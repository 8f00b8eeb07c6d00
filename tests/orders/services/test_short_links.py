"""Short links: readable, new each time, 30 days."""

from datetime import UTC, datetime, timedelta

import pytest

from orders.models.residents import ShortLink
from orders.services.short_links import ALPHABET, short_link_create
from tests.factories.leaders import LeaderFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)


def test_a_link_has_six_letters_nobody_mistakes_and_lives_for_30_days() -> None:
    link = short_link_create(leader=LeaderFactory.create(), now=NOW)

    assert len(link.code) == 6
    assert set(link.code) <= set(ALPHABET)
    assert link.expires_at == NOW + timedelta(days=30)


def test_a_code_that_is_taken_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    leader = LeaderFactory.create()
    drawn = iter("aaaaaa" + "aaaaaa" + "bbbbbb")
    monkeypatch.setattr("secrets.choice", lambda _letters: next(drawn))

    codes = [short_link_create(leader=leader, now=NOW).code for _link in range(2)]

    assert codes == ["aaaaaa", "bbbbbb"]
    assert ShortLink.objects.count() == 2
