"""What nobody fetched: when it need not wait any longer, and what has to prove it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from fulfillment.models.pickups import Disposal, DisposalKind
from fulfillment.pickup_errors import DisposalRefused
from fulfillment.selectors.unpicked import unpicked_of_leader
from fulfillment.services.disposals import DisposalDraft, order_dispose
from fulfillment.services.pickup_reminders import pickup_remind
from leaders.models.audit import AuditEvent
from orders.models.catalogue import Sku
from orders.models.outbox import OutboxMessage
from tests.factories.pickups import FIVE, PickupDesk, pickup_desk
from tests.orders.photos import photo

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

NINE = datetime(2026, 3, 11, 13, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _photos_in(settings: Settings, tmp_path: Path) -> None:
    """Photos of a test stay in its own place."""
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def desk() -> PickupDesk:
    """Chilled goods whose residents were reminded twice, and it reached them."""
    desk = pickup_desk()
    Sku.objects.update(storage="chill")
    ids = [order.pk for order in desk.orders]
    for _ in range(2):
        pickup_remind(leader=desk.leader, order_ids=ids, actor=desk.user, now=FIVE)
    OutboxMessage.objects.update(done_at=FIVE, channel="sms")
    return desk


def draft(
    kind: DisposalKind = DisposalKind.SPOILED, *, note: str = "", photo: bytes | None = None
) -> DisposalDraft:
    return DisposalDraft(kind=kind, note=note, photo=photo)


def dispose(desk: PickupDesk, said: DisposalDraft, *, now: datetime = NINE) -> Disposal:
    return order_dispose(
        leader=desk.leader, order_id=desk.orders[0].pk, draft=said, actor=desk.user, now=now
    )


def test_chilled_goods_are_thrown_away_from_nine_in_the_evening_with_a_photo(
    desk: PickupDesk,
) -> None:
    disposal = dispose(desk, draft(photo=photo(40)))

    assert (disposal.kind, disposal.at, disposal.made_by) == ("spoiled", NINE, desk.user)
    assert str(disposal.photo).startswith("disposals/")
    assert AuditEvent.objects.filter(action="goods.disposed").count() == 1
    waiting = unpicked_of_leader(desk.leader, NINE.date())
    assert [row.card.order_id for row in waiting] == [desk.orders[1].pk]


def test_before_nine_they_wait_for_their_resident(desk: PickupDesk) -> None:
    with pytest.raises(DisposalRefused, match="still have to wait"):
        dispose(desk, draft(photo=photo(40)), now=NINE - timedelta(seconds=1))


def test_goods_that_keep_wait_three_days(desk: PickupDesk) -> None:
    Sku.objects.update(storage="ambient")

    with pytest.raises(DisposalRefused, match="still have to wait"):
        dispose(desk, draft(photo=photo(40)), now=NINE + timedelta(days=2, hours=23))

    assert dispose(desk, draft(photo=photo(40)), now=NINE + timedelta(days=3))


def test_goods_sold_by_weight_lie_in_the_open_and_do_not_keep(desk: PickupDesk) -> None:
    Sku.objects.update(storage="ambient", kind="catch_weight")

    assert dispose(desk, draft(photo=photo(40)))


def test_nothing_is_thrown_away_without_a_photo_or_two_reminders_that_arrived(
    desk: PickupDesk,
) -> None:
    with pytest.raises(DisposalRefused, match="photo"):
        dispose(desk, draft())

    OutboxMessage.objects.filter(dedupe_key__endswith=":2").update(channel="")
    with pytest.raises(DisposalRefused, match="Two reminders"):
        dispose(desk, draft(photo=photo(40)))


def test_goods_are_given_away_by_somebodys_word(desk: PickupDesk) -> None:
    with pytest.raises(DisposalRefused, match="who agreed"):
        dispose(desk, draft(DisposalKind.GIVEN_AWAY, note=" "), now=FIVE)

    given = dispose(desk, draft(DisposalKind.GIVEN_AWAY, note="邻居 17:00 电话里说的"), now=FIVE)
    assert given.note == "邻居 17:00 电话里说的"


def test_kept_goods_are_still_fetched(desk: PickupDesk) -> None:
    dispose(desk, draft(DisposalKind.STORED))

    assert len(unpicked_of_leader(desk.leader, NINE.date())) == 2
    assert desk.send(desk.fetch(0), now=NINE)[0].outcome == "recorded"


def test_what_was_fetched_or_disposed_of_is_not_disposed_of_again(desk: PickupDesk) -> None:
    dispose(desk, draft(photo=photo(40)))
    with pytest.raises(DisposalRefused, match="written down"):
        dispose(desk, draft(photo=photo(40)))

    desk.send(desk.fetch(1))
    with pytest.raises(DisposalRefused, match="do not wait"):
        order_dispose(
            leader=desk.leader,
            order_id=desk.orders[1].pk,
            draft=draft(photo=photo(40)),
            actor=desk.user,
            now=NINE,
        )


def test_nobody_disposes_of_the_goods_of_others(desk: PickupDesk) -> None:
    other = pickup_desk(campaign_code="C2")

    with pytest.raises(DisposalRefused, match="no such order"):
        order_dispose(
            leader=other.leader,
            order_id=desk.orders[0].pk,
            draft=draft(photo=photo(40)),
            actor=other.user,
            now=NINE,
        )
