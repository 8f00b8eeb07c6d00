"""Taking something to post is noted, counted and warned about, never refused."""

from datetime import UTC, datetime, timedelta

import pytest
from pytest_django.fixtures import Settings

from fulfillment.selectors.posts import restraint_of
from fulfillment.services.posts import Posted, post_record
from leaders.models.leaders import Leader
from orders.models.kit import Post, PostKind
from tests.factories.leaders import LeaderFactory
from tests.factories.orders import CampaignFactory

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)


@pytest.fixture
def lin() -> Leader:
    return LeaderFactory.create()


def post(lin: Leader, kind: PostKind, minutes: float = 0, campaign: int | None = None) -> Posted:
    now = NOON + timedelta(minutes=minutes)
    return post_record(leader=lin, kind=kind, campaign_id=campaign, now=now)


def test_a_form_sent_twice_counts_once(lin: Leader) -> None:
    first, second = post(lin, PostKind.OPENING), post(lin, PostKind.OPENING, 1)

    assert (first.is_counted, second.is_counted) == (True, False)
    assert second.repeated_at is None
    assert Post.objects.get().posted_at == NOON


def test_the_same_an_hour_later_is_counted_and_warned_about(lin: Leader) -> None:
    post(lin, PostKind.WAR_REPORT)

    again = post(lin, PostKind.WAR_REPORT, 60)

    assert again.repeated_at == NOON
    assert again.restraint.pushes == 2
    assert post(lin, PostKind.WAR_REPORT, 180).repeated_at is None


def test_two_goods_are_not_the_same_said_twice(lin: Leader) -> None:
    post(lin, PostKind.GOODS)

    assert post(lin, PostKind.GOODS, 30).repeated_at is None


def test_another_campaign_is_another_post(lin: Leader) -> None:
    campaigns = [CampaignFactory.create().pk for _at in range(2)]

    counted = [post(lin, PostKind.OPENING, campaign=pk).is_counted for pk in campaigns]

    assert counted == [True, True]


def test_the_ninth_push_of_a_day_is_one_too_many(lin: Leader, settings: Settings) -> None:
    settings.LEADER_PUSHES_PER_DAY = 2
    post(lin, PostKind.OPENING)
    second = post(lin, PostKind.LAST_CALL)

    third = post(lin, PostKind.WAR_REPORT)

    assert (second.is_too_many, third.is_too_many) == (False, True)
    assert Post.objects.count() == 3


def test_a_word_to_one_neighbour_is_no_push_of_the_group(lin: Leader) -> None:
    post(lin, PostKind.WIN_BACK)

    assert Post.objects.get().kind == PostKind.WIN_BACK
    assert restraint_of(lin, NOON).pushes == 0


def test_a_new_day_begins_at_midnight_on_the_spot_and_is_ones_own(lin: Leader) -> None:
    late = datetime(2026, 3, 10, 15, 59, tzinfo=UTC)
    post_record(leader=lin, kind=PostKind.OPENING, campaign_id=None, now=late)
    post_record(leader=LeaderFactory.create(), kind=PostKind.OPENING, campaign_id=None, now=late)

    assert restraint_of(lin, late).pushes == 1
    assert restraint_of(lin, late + timedelta(minutes=1)).pushes == 0
