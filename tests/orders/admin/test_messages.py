"""The outbox in the admin: everything but log-in codes, masked, tried again by a person."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.utils import timezone

from leaders.models.accounts import Role
from leaders.services.accounts import role_permissions_apply
from orders.models.outbox import OutboxMessage, Topic
from orders.services.login_codes import login_code_send
from orders.services.outbox import Message, messages_queue
from tests.factories.leaders import UserFactory

pytestmark = pytest.mark.django_db

LIST = "/admin/orders/outboxmessage/"
PHONE = "19906912483"
NOW = datetime(2026, 3, 10, 15, 5, tzinfo=UTC)
FACTS = {"order_no": "OT000777", "amount_fen": 1250, "delivery_date": "2026-03-11", "place": "锦绣"}


def queued(key: str, facts: dict[str, object] | None = None) -> OutboxMessage:
    messages_queue(
        messages=[
            Message(topic=Topic.ORDER_PAID, dedupe_key=key, phone=PHONE, facts=facts or FACTS)
        ],
        now=NOW,
    )
    return OutboxMessage.objects.get(dedupe_key=key)


def given_up(key: str) -> OutboxMessage:
    message = queued(key)
    OutboxMessage.objects.filter(pk=message.pk).update(done_at=NOW, error="sms: refused")
    return message


def test_the_list_masks_phones_and_leaves_codes_out(buyer: Client) -> None:
    login_code_send(phone="19906912484", now=timezone.now())
    queued("O1")

    html = buyer.get(LIST).content.decode()

    assert "199****2483" in html
    assert PHONE not in html
    assert "199****2484" not in html


def test_each_stand_has_its_own(buyer: Client) -> None:
    queued("WAITS")
    given_up("GIVEN")

    waiting = buyer.get(LIST, {"stand": "waiting"}).content.decode()
    ended = buyer.get(LIST, {"stand": "given_up"}).content.decode()
    sent = buyer.get(LIST, {"stand": "sent"}).content.decode()

    assert ("WAITS" in waiting, "GIVEN" in waiting) == (True, False)
    assert ("WAITS" in ended, "GIVEN" in ended) == (False, True)
    assert ("WAITS" in sent, "GIVEN" in sent) == (False, False)


def test_a_message_is_shown_in_words_and_cannot_be_changed(buyer: Client) -> None:
    message = queued("O1")

    page = buyer.get(f"{LIST}{message.pk}/change/")

    html = page.content.decode()
    assert "OT000777" in html
    assert 'name="_save"' not in html
    assert buyer.post(f"{LIST}{message.pk}/change/", {"phone": "1"}).status_code == 403


def test_a_message_that_lacks_something_says_what(buyer: Client) -> None:
    message = queued("O1", {"order_no": "OT000777"})

    html = buyer.get(f"{LIST}{message.pk}/change/").content.decode()

    assert "amount_fen, delivery_date, place" in html


def test_what_was_given_up_waits_again(buyer: Client) -> None:
    stuck, waiting = given_up("GIVEN"), queued("WAITS")

    buyer.post(LIST, {"action": "try_again", "_selected_action": [stuck.pk, waiting.pk]})

    stuck.refresh_from_db()
    assert (stuck.done_at, stuck.error, stuck.attempts) == (None, "", 0)


def test_others_do_not_see_it(client: Client) -> None:
    dispatcher = UserFactory.create(role=Role.DISPATCHER)
    role_permissions_apply("dispatcher")
    client.force_login(dispatcher)

    assert client.get(LIST).status_code == 403
