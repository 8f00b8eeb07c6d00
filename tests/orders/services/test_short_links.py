"""Short links: readable, new each time, 30 days, stopped by who made them."""

from datetime import UTC, datetime, timedelta

import pytest

from leaders.errors import ResaleNotAgreed
from orders.models.residents import LinkChannel, ShortLink, ShortLinkClick
from orders.services.short_links import (
    ALPHABET,
    short_link_click,
    short_link_create,
    short_link_stop,
)
from tests.factories.leaders import LeaderFactory
from tests.factories.links import ResaleFactory, group_link

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)


def test_a_link_has_six_letters_nobody_mistakes_and_lives_for_30_days() -> None:
    link = short_link_create(
        leader=LeaderFactory.create(), channel=LinkChannel.POSTER, label=" 门口 ", now=NOW
    )

    assert len(link.code) == 6
    assert set(link.code) <= set(ALPHABET)
    assert link.expires_at == NOW + timedelta(days=30)
    assert (link.channel, link.label, link.reseller) == (LinkChannel.POSTER, "门口", None)


def test_a_link_may_live_for_as_long_as_asked() -> None:
    link = short_link_create(
        leader=LeaderFactory.create(),
        channel=LinkChannel.CHAT,
        label="",
        now=NOW,
        lifetime=timedelta(days=7),
    )

    assert link.expires_at == NOW + timedelta(days=7)


def test_a_code_that_is_taken_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    leader = LeaderFactory.create()
    drawn = iter("aaaaaa" + "aaaaaa" + "bbbbbb")
    monkeypatch.setattr("secrets.choice", lambda _letters: next(drawn))

    codes = [group_link(leader, NOW).code for _link in range(2)]

    assert codes == ["aaaaaa", "bbbbbb"]
    assert ShortLink.objects.count() == 2


def test_who_sells_for_another_needs_an_agreement_that_holds() -> None:
    held = ResaleFactory.create()
    over = ResaleFactory.create(ended_at=NOW)

    assert group_link(held.owner, NOW, held.reseller).reseller == held.reseller
    for owner, reseller in ((over.owner, over.reseller), (held.reseller, held.owner)):
        with pytest.raises(ResaleNotAgreed):
            group_link(owner, NOW, reseller)


def test_a_link_is_stopped_once_and_by_who_made_it() -> None:
    resale = ResaleFactory.create()
    own = group_link(resale.owner, NOW)
    resold = group_link(resale.owner, NOW, resale.reseller)

    assert not short_link_stop(leader=resale.reseller, code=own.code, now=NOW)
    assert not short_link_stop(leader=resale.owner, code=resold.code, now=NOW)
    assert short_link_stop(leader=resale.owner, code=own.code, now=NOW)
    assert not short_link_stop(leader=resale.owner, code=own.code, now=NOW)
    assert short_link_stop(leader=resale.reseller, code=resold.code, now=NOW)

    assert set(ShortLink.objects.values_list("expires_at", flat=True)) == {NOW}


def test_a_click_is_a_moment_and_nothing_else() -> None:
    link = group_link(LeaderFactory.create(), NOW)

    short_link_click(short_link=link, now=NOW)

    kept = {field.attname for field in ShortLinkClick._meta.concrete_fields}
    assert kept == {"id", "short_link_id", "at"}
    assert ShortLinkClick.objects.get().at == NOW
