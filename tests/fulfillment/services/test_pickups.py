"""An order is handed out once, whoever reports it, however late and however often."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from fulfillment.domain.pickups import Outcome
from fulfillment.models.allocation import Allocation
from fulfillment.models.pickups import Disposal, DisposalKind, Pickup
from fulfillment.pickup_errors import PickupUndoRefused
from fulfillment.services.pickups import pickup_undo, pickups_receive
from leaders.models.audit import AuditEvent
from leaders.models.care import Substitution
from orders.models.orders import Order, OrderState
from tests.factories.leaders import LeaderFactory
from tests.factories.orders import SkuFactory
from tests.factories.pickups import FIVE, PickupDesk, pickup_desk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def desk() -> PickupDesk:
    return pickup_desk()


def standing(desk: PickupDesk) -> list[int]:
    return list(
        Pickup.objects.filter(undone_at__isnull=True)
        .order_by("order")
        .values_list("order_id", flat=True)
    )


def test_a_report_is_written_down_with_the_phones_time(desk: PickupDesk) -> None:
    report = desk.fetch(0, at=FIVE - timedelta(hours=1), method="scan")

    [answer] = desk.send(report)

    row = Pickup.objects.get()
    assert (row.event_id, row.order_id, row.method) == (report.event_id, report.order_id, "scan")
    assert (row.picked_up_at, row.recorded_at) == (FIVE - timedelta(hours=1), FIVE)
    assert (row.pickup_point, row.recorded_by) == (desk.point, desk.user)
    assert (answer.outcome, answer.standing) == (Outcome.RECORDED, report.event_id)


def test_a_report_sent_twice_counts_once_and_is_answered_the_same(desk: PickupDesk) -> None:
    report = desk.fetch(0)

    answers = desk.send(report, report) + desk.send(report, now=FIVE + timedelta(days=2))

    assert {answer.outcome for answer in answers} == {Outcome.RECORDED}
    assert Pickup.objects.count() == 1


def test_the_second_phone_hears_when_and_by_whom_it_was_handed_out(desk: PickupDesk) -> None:
    first = desk.fetch(0)
    desk.send(first)

    [answer] = desk.send(desk.fetch(0, at=FIVE - timedelta(hours=3)))

    assert answer.outcome is Outcome.ALREADY
    assert answer.said == f"Already handed out on 03-11 at 17:00 by {desk.user}."
    assert (answer.standing, answer.at, answer.by) == (first.event_id, FIVE, str(desk.user))
    assert standing(desk) == [desk.orders[0].pk]


def test_a_mistake_is_taken_back_and_the_order_fetched_again(desk: PickupDesk) -> None:
    mistaken, again = desk.fetch(0), desk.fetch(0)

    answers = desk.send(mistaken, desk.undo(0, mistaken.event_id), again)

    assert [answer.outcome for answer in answers] == ["recorded", "undone", "recorded"]
    undone = Pickup.objects.get(event_id=mistaken.event_id)
    assert (undone.undone_at, undone.undone_by) == (FIVE, desk.user)
    assert Pickup.objects.get(undone_at__isnull=True).event_id == again.event_id
    assert AuditEvent.objects.get().action == "pickup.undone"


def test_an_undone_report_that_comes_again_stays_undone(desk: PickupDesk) -> None:
    mistaken = desk.fetch(0)
    undo = desk.undo(0, mistaken.event_id)
    desk.send(mistaken, undo)

    answers = desk.send(mistaken, undo, now=FIVE + timedelta(hours=1))

    assert [answer.outcome for answer in answers] == ["undone", "undone"]
    assert Pickup.objects.get().undone_at == FIVE
    assert AuditEvent.objects.count() == 1


def test_an_order_of_another_point_is_refused_without_a_word_about_it(desk: PickupDesk) -> None:
    other = pickup_desk(campaign_code="C2")
    report = other.fetch(0)

    [answer] = desk.send(report)

    assert answer.outcome is Outcome.REFUSED
    assert answer.said == "This order is not at your point."
    assert (answer.at, answer.by, Pickup.objects.count()) == (None, "", 0)


def test_an_id_used_for_one_order_counts_for_no_other(desk: PickupDesk) -> None:
    first, second = desk.fetch(0), desk.fetch(1)
    desk.send(first)
    stolen = type(second)(
        event_id=first.event_id,
        kind=second.kind,
        order_id=second.order_id,
        device_at=FIVE,
        method="code",
    )

    [answer] = desk.send(stolen)

    assert (answer.outcome, answer.standing) == (Outcome.REFUSED, None)
    assert standing(desk) == [desk.orders[0].pk]


@pytest.mark.parametrize("state", [OrderState.CANCELLED, OrderState.REFUNDED, OrderState.REFUNDING])
def test_what_is_not_sold_is_not_handed_out(desk: PickupDesk, state: str) -> None:
    Order.objects.update(state=state)

    [answer] = desk.send(desk.fetch(0))

    assert answer.said == "This order is cancelled or refunded; nothing is handed out."


def test_goods_of_tomorrow_are_not_handed_out(desk: PickupDesk) -> None:
    [answer] = desk.send(desk.fetch(0), now=datetime(2026, 3, 10, 9, 0, tzinfo=UTC))

    assert answer.said == "The goods of this order come on another day."


def test_an_order_cut_to_nothing_has_nothing_to_fetch_but_a_substitute_is_goods(
    desk: PickupDesk,
) -> None:
    Allocation.objects.filter(order_line__order=desk.orders[0]).update(allocated_qty=0)
    Allocation.objects.filter(order_line__order=desk.orders[1]).update(
        allocated_qty=0, substitute_sku=SkuFactory.create(), substitute_qty=1
    )

    answers = desk.send(desk.fetch(0), desk.fetch(1))

    assert [answer.outcome for answer in answers] == ["refused", "recorded"]
    assert answers[0].said == "Nothing came of this order; its money went back."


def test_disposed_goods_are_not_handed_out(desk: PickupDesk) -> None:
    Disposal.objects.create(
        order=desk.orders[0], kind=DisposalKind.SPOILED, at=FIVE, made_by=desk.user
    )

    [answer] = desk.send(desk.fetch(0))

    assert answer.said == "The goods of this order were disposed of; ask the office."


def test_a_phone_that_was_off_until_the_order_was_completed_is_still_heard(
    desk: PickupDesk,
) -> None:
    Order.objects.update(state=OrderState.COMPLETED)
    report = desk.fetch(0)

    [answer] = desk.send(report, now=FIVE + timedelta(days=5))

    assert answer.outcome is Outcome.RECORDED
    with pytest.raises(PickupUndoRefused, match="closed"):
        pickup_undo(
            leader=desk.leader,
            order_id=report.order_id,
            undoes=report.event_id,
            actor=desk.user,
            now=FIVE + timedelta(days=5),
        )


def test_a_substitute_hands_out_on_the_days_of_the_substitution_even_if_heard_later(
    desk: PickupDesk,
) -> None:
    stand_in = LeaderFactory.create()
    Substitution.objects.create(
        pickup_point=desk.point,
        substitute=stand_in,
        from_date=FIVE.date(),
        until_date=FIVE.date(),
        made_by=desk.user,
        made_at=FIVE,
    )
    day_after = FIVE + timedelta(days=1)

    def send(nth: int, at: datetime) -> str:
        [answer] = pickups_receive(
            leader=stand_in, reports=[desk.fetch(nth, at=at)], actor=desk.user, now=day_after
        )
        return answer.outcome

    assert send(0, FIVE) == Outcome.RECORDED
    assert send(1, day_after) == Outcome.REFUSED
    assert desk.send(desk.fetch(1, at=day_after), now=day_after)[0].outcome == Outcome.RECORDED


def test_nobody_takes_back_what_is_not_theirs(desk: PickupDesk) -> None:
    report = desk.fetch(0)
    desk.send(report)
    stranger = LeaderFactory.create()

    for leader, undoes in ((stranger, report.event_id), (desk.leader, uuid4())):
        with pytest.raises(PickupUndoRefused, match="no such hand-out"):
            pickup_undo(
                leader=leader,
                order_id=report.order_id,
                undoes=undoes,
                actor=desk.user,
                now=FIVE,
            )


def test_the_database_itself_allows_one_standing_hand_out(desk: PickupDesk) -> None:
    desk.send(desk.fetch(0))

    with pytest.raises(IntegrityError), transaction.atomic():
        Pickup.objects.create(
            event_id=uuid4(),
            order=desk.orders[0],
            pickup_point=desk.point,
            method="code",
            picked_up_at=FIVE,
            recorded_at=FIVE,
            recorded_by=desk.user,
        )
