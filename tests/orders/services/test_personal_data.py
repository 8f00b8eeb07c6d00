"""What residents ask about their data: written down, done once, and felt everywhere."""

from datetime import UTC, date, datetime, timedelta

import pytest

from leaders.models.accounts import Role
from leaders.models.audit import AuditEvent
from orders.models.campaigns import Campaign
from orders.models.orders import Order, OrderState
from orders.models.outbox import OutboxMessage, Topic
from orders.models.personal_data import PersonRequestKind, PersonRequestState
from orders.models.residents import Resident
from orders.person_errors import (
    PersonAnswerMissing,
    PersonErased,
    PersonHasOpenMatters,
    PersonRequestAnswered,
    PersonRestricted,
    PhoneTaken,
)
from orders.selectors.persons import Matter
from orders.services.outbox import Message, messages_queue
from orders.services.outbox_relay import outbox_relay
from orders.services.person_erasure import person_erase, years_after
from orders.services.personal_data import (
    person_correct,
    person_phone_change,
    person_request_handle,
    person_request_open,
    person_restrict,
    person_restriction_lift,
)
from orders.services.residents import resident_log_in
from tests.factories.leaders import LeaderFactory, UserFactory
from tests.factories.orders import ClaimFactory, OrderFactory, OrderLineFactory, ResidentFactory
from tests.factories.shops import Shop

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 11, 10, 0, tzinfo=UTC)


def verified(**known: object) -> Resident:
    resident: Resident = ResidentFactory.create(
        **({"phone": "19906912483", "phone_verified_at": NOW} | known)
    )
    return resident


def test_a_request_is_due_after_fifteen_days_and_open_once() -> None:
    resident = verified()

    first = person_request_open(resident=resident, kind=PersonRequestKind.ERASE, now=NOW)
    again = person_request_open(resident=resident, kind=PersonRequestKind.ERASE, now=NOW)

    assert again == first
    assert first.due_at == NOW + timedelta(days=15)
    assert AuditEvent.objects.filter(action="person_request.opened").count() == 1


def test_a_request_is_answered_once_and_refused_with_a_word() -> None:
    officer = UserFactory.create(role=Role.COMPLIANCE)
    request = person_request_open(resident=verified(), kind=PersonRequestKind.ERASE, now=NOW)

    with pytest.raises(PersonAnswerMissing):
        person_request_handle(request=request, actor=officer, now=NOW, is_refused=True)
    done = person_request_handle(request=request, actor=officer, now=NOW, outcome="完成")

    assert (done.state, done.handled_by, done.outcome) == (
        PersonRequestState.DONE,
        officer,
        "完成",
    )
    with pytest.raises(PersonRequestAnswered):
        person_request_handle(request=request, actor=officer, now=NOW)


def test_a_restricted_person_can_order_nothing_until_it_is_lifted() -> None:
    shop = Shop()
    offer = shop.offer()
    resident = verified(leader=shop.point.leader)
    assert person_restrict(resident=resident, actor=None, now=NOW)
    assert not person_restrict(resident=resident, actor=None, now=NOW)

    with pytest.raises(PersonRestricted):
        shop.placed((offer, 1), resident=resident)
    person_restriction_lift(resident=resident, actor=None, now=NOW)

    assert shop.placed((offer, 1), resident=resident)


def test_a_restricted_person_hears_of_recalls_and_money_only() -> None:
    resident = verified()
    person_restrict(resident=resident, actor=None, now=NOW)
    facts = {"recalled": "豆腐", "days": "03-11", "reason": "变质", "advice": "请勿食用。"}
    refund = {"order_no": "O1", "goods": [["豆腐", 1]], "amount_fen": 290}
    arrived = {"order_no": "O1", "code": "1", "place": "A", "address": "", "date": "", "hours": ""}
    for topic, said in (
        (Topic.RECALL, facts),
        (Topic.SHORTAGE_REFUNDED, refund),
        (Topic.ARRIVED, arrived | {"pieces": 1}),
    ):
        message = Message(
            topic=topic, dedupe_key="1", phone=resident.phone, facts=said, resident_id=resident.pk
        )
        messages_queue(messages=[message], now=NOW)

    figures = outbox_relay(now=NOW)

    assert figures == {"messages_sent": 2, "messages_put_off": 0, "messages_given_up": 1}
    assert OutboxMessage.objects.get(channel="").topic == Topic.ARRIVED


def test_a_correction_reaches_open_orders_and_leaves_those_that_are_done() -> None:
    resident = verified(name="旧名")
    open_order = OrderFactory.create(resident=resident, resident_name="旧名")
    done = OrderFactory.create(resident=resident, resident_name="旧名", state=OrderState.COMPLETED)

    changed = person_correct(
        resident=resident, words={"name": " 新名 ", "room": resident.room}, actor=None, now=NOW
    )

    assert changed == ("name",)
    names = dict(Order.objects.values_list("pk", "resident_name"))
    assert names == {open_order.pk: "新名", done.pk: "旧名"}
    event = AuditEvent.objects.get(action="resident.corrected")
    assert event.facts == {"fields": ["name"], "orders": 1}


def test_a_phone_belongs_to_one_resident() -> None:
    resident = verified()
    verified(phone="19900000002")

    with pytest.raises(PhoneTaken):
        person_phone_change(resident=resident, phone="199 0000 0002", now=NOW)
    person_phone_change(resident=resident, phone="19900000003", now=NOW)

    resident.refresh_from_db()
    assert resident.phone == "19900000003"


def test_nobody_is_erased_while_goods_money_or_claims_are_open() -> None:
    resident = verified()
    order = OrderFactory.create(resident=resident, state=OrderState.FROZEN)
    ClaimFactory.create(order_line=OrderLineFactory.create(order=order))

    with pytest.raises(PersonHasOpenMatters) as refused:
        person_erase(resident=resident, actor=None, now=NOW)

    assert refused.value.details["matters"] == {Matter.ORDERS: 1, Matter.CLAIMS: 1}
    resident.refresh_from_db()
    assert resident.erased_at is None


def test_leaders_are_not_erased_as_residents() -> None:
    resident = verified()
    LeaderFactory.create(phone=resident.phone)

    with pytest.raises(PersonHasOpenMatters) as refused:
        person_erase(resident=resident, actor=None, now=NOW)

    assert refused.value.details["matters"] == {Matter.LEADER: 1}


def test_all_rows_of_a_proved_phone_are_one_person_and_erased_once() -> None:
    resident = verified()
    noted = ResidentFactory.create(phone=resident.phone)
    stranger = ResidentFactory.create(phone="19900000009")

    erased = person_erase(resident=resident, actor=None, now=NOW)

    assert erased.resident_ids == (resident.pk, noted.pk)
    stranger.refresh_from_db()
    assert stranger.erased_at is None
    resident.refresh_from_db()
    with pytest.raises(PersonErased):
        person_erase(resident=resident, actor=None, now=NOW)


def test_the_phone_of_an_erased_person_may_begin_anew() -> None:
    resident = verified()
    person_erase(resident=resident, actor=None, now=NOW)

    back = resident_log_in(phone="19906912483", leader=resident.leader, now=NOW)

    assert back.pk != resident.pk
    assert back.name == ""


def test_who_a_trade_was_with_is_sealed_for_three_years_after_the_last() -> None:
    resident, never = verified(), verified(phone="19900000008")
    order = OrderFactory.create(resident=resident, state=OrderState.COMPLETED)
    Campaign.objects.filter(pk=order.campaign_id).update(delivery_date=date(2024, 2, 29))

    person_erase(resident=resident, actor=None, now=NOW)
    person_erase(resident=never, actor=None, now=NOW)

    resident.refresh_from_db()
    assert resident.legal_hold.kept_until == date(2027, 3, 1)
    assert "19906912483" not in resident.legal_hold.sealed
    assert not hasattr(Resident.objects.get(pk=never.pk), "legal_hold")


@pytest.mark.parametrize(
    ("day", "later"),
    [(date(2024, 2, 29), date(2027, 3, 1)), (date(2026, 3, 11), date(2029, 3, 11))],
)
def test_years_are_years_of_the_calendar(day: date, later: date) -> None:
    assert years_after(day, 3) == later
