"""Which link a leader posts, and how often links were opened."""

from datetime import UTC, datetime, timedelta

import pytest
from pytest_django.fixtures import DjangoAssertNumQueries

from orders.models.residents import LinkChannel
from orders.selectors.short_links import (
    channel_clicks,
    reseller_code,
    short_link_current,
    short_link_found,
    short_links_made_by,
)
from orders.services.short_links import short_link_click, short_link_create, short_link_stop
from tests.factories.leaders import LeaderFactory
from tests.factories.links import ResaleFactory, group_link

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)


def test_links_are_found_expired_or_not_and_posted_while_they_live() -> None:
    leader = LeaderFactory.create()
    old = group_link(leader, NOON - timedelta(days=31))
    link = group_link(leader, NOON)

    assert short_link_found(old.code) == old
    assert short_link_found("nobody") is None
    assert short_link_current(leader, NOON) == link
    assert short_link_current(leader, NOON, LinkChannel.POSTER) is None
    assert short_link_current(leader, NOON + timedelta(days=30)) is None


def test_a_resellers_link_is_never_the_owners() -> None:
    resale = ResaleFactory.create()
    group_link(resale.owner, NOON, resale.reseller)

    assert short_link_current(resale.owner, NOON) is None
    assert short_link_current(resale.reseller, NOON) is None


def test_what_comes_by_a_resellers_link_is_sold_by_them_while_they_agree() -> None:
    resale = ResaleFactory.create()
    own, resold = group_link(resale.owner, NOON), group_link(resale.owner, NOON, resale.reseller)

    assert reseller_code(own) == ""
    assert reseller_code(resold) == resale.reseller.code
    resale.ended_at = NOON
    resale.save()
    assert reseller_code(resold) == ""


def test_a_leader_sees_what_they_made_with_its_clicks(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    resale = ResaleFactory.create()
    stopped = group_link(resale.reseller, NOON)
    short_link_stop(leader=resale.reseller, code=stopped.code, now=NOON)
    own = group_link(resale.reseller, NOON)
    resold = group_link(resale.owner, NOON, resale.reseller)
    for days in (0, 1, 9):
        short_link_click(short_link=own, now=NOON - timedelta(days=days))

    with django_assert_num_queries(1):
        rows = [
            tuple(vars(link)[name] for name in ("code", "clicks_count", "week_clicks", "lives"))
            for link in short_links_made_by(resale.reseller, NOON)
        ]

    assert rows == [
        (resold.code, 0, 0, True),
        (own.code, 3, 2, True),
        (stopped.code, 0, 0, False),
    ]
    assert list(short_links_made_by(resale.owner, NOON)) == []


def test_clicks_are_summed_by_channel_for_their_maker_only(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    leader = LeaderFactory.create()
    poster = short_link_create(
        leader=leader, channel=LinkChannel.POSTER, label="", now=NOON - timedelta(days=20)
    )
    other = LeaderFactory.create()
    links = [group_link(owner, NOON) for owner in (leader, leader, other)]
    for link in links:
        short_link_click(short_link=link, now=NOON)
    short_link_click(short_link=poster, now=NOON - timedelta(days=8))

    with django_assert_num_queries(1):
        counted = channel_clicks(leader, NOON)

    assert [(row.channel, row.clicks, row.week_clicks) for row in counted] == [
        (LinkChannel.GROUP, 2, 2),
        (LinkChannel.POSTER, 1, 0),
    ]
