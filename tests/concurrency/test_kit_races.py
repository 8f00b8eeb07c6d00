"""One thumb taps several times, and counts once."""

from datetime import UTC, datetime
from unittest.mock import patch

import pytest

from fulfillment.services import posts
from fulfillment.services.posts import post_record
from leaders.errors import ResaleAgreedAlready
from leaders.models.resales import Resale
from leaders.services.resales import resale_agree
from orders.models.kit import Post, PostKind
from tests.concurrency.race import Runner, errors, race, values
from tests.factories.leaders import LeaderFactory

NOW = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)
TAPS = 3
PAUSE = {"posts.compared": 0.1}


def test_a_form_sent_several_times_at_once_counts_once() -> None:
    lin = LeaderFactory.create()

    def tap(_runner: Runner) -> bool:
        return post_record(leader=lin, kind=PostKind.OPENING, campaign_id=None, now=NOW).is_counted

    outcomes = race(tap, processes=TAPS, sleep_at=PAUSE)

    assert sorted(values(outcomes)) == [False, False, True]
    assert Post.objects.count() == 1


@pytest.mark.control
def test_without_the_lock_it_counts_more_than_once() -> None:
    lin = LeaderFactory.create()

    def tap(_runner: Runner) -> bool:
        return post_record(leader=lin, kind=PostKind.OPENING, campaign_id=None, now=NOW).is_counted

    open_door = patch.object(posts, "leader_lock", lambda _leader: None)
    race(tap, processes=TAPS, sleep_at=PAUSE, without=[open_door])

    assert Post.objects.count() > 1


def test_an_owner_who_agrees_twice_at_once_agrees_once() -> None:
    owner, reseller = LeaderFactory.create(), LeaderFactory.create()
    user = owner.user
    assert user is not None

    def agree(_runner: Runner) -> int:
        return resale_agree(
            owner=owner, reseller_code=reseller.code, rate_bp=400, actor=user, now=NOW
        ).pk

    outcomes = race(agree, processes=TAPS)

    assert len(values(outcomes)) == 1
    assert {type(error) for error in errors(outcomes)} == {ResaleAgreedAlready}
    assert Resale.objects.count() == 1
