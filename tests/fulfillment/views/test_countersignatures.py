"""The desk of second signatures: who sees what, who decides, and what comes of it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from leaders.models.accounts import Role, User
from leaders.models.countersignatures import Countersignature
from leaders.services.countersignatures import countersignature_ask
from orders.models.campaigns import Campaign
from orders.models.claims import Claim
from orders.models.ledger import Transfer
from tests.factories.claims import Sold, claim_of, sold
from tests.factories.countersignatures import CountersignatureFactory, FinanceFactory, refund_asked
from tests.factories.leaders import UserFactory
from tests.factories.orders import CampaignFactory, ClaimPhotoFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
ADJUSTMENT = {
    "debit": "bank",
    "credit": "gateway_fee",
    "amount": "12.30",
    "document": "回单 88",
    "reason": "退回手续费",
}


@pytest.fixture
def goods() -> Sold:
    return sold()


@pytest.fixture
def service() -> User:
    return UserFactory.create(role=Role.SERVICE)


@pytest.fixture
def asked(goods: Sold, service: User) -> Countersignature:
    """A refund that service asked for just now."""
    row = refund_asked(claim_of(goods), asked_by=service)
    now = timezone.now()
    Countersignature.objects.filter(pk=row.pk).update(
        asked_at=now, lapses_at=now + timedelta(hours=24)
    )
    return row


def page(client: Client, user: User, name: str, *args: int, **query: str) -> str:
    client.force_login(user)
    answer = client.get(reverse(name, args=args), query, headers={"accept-language": "en"})
    assert answer.status_code == 200
    return answer.content.decode()


def post(client: Client, user: User, name: str, *args: int, **fields: str) -> tuple[int, str]:
    client.force_login(user)
    answer = client.post(
        reverse(name, args=args), fields, follow=True, headers={"accept-language": "en"}
    )
    return answer.status_code, answer.content.decode()


def test_finance_reads_a_refund_and_signs_it(
    client: Client, asked: Countersignature, goods: Sold
) -> None:
    finance = FinanceFactory.create()

    desk = page(client, finance, "countersignatures")
    shown = page(client, finance, "countersignature", asked.pk)
    _status, told = post(
        client, finance, "countersignature-decide", asked.pk, decision="sign", note=""
    )

    assert "5.00 yuan back on order" in desk
    assert goods.line.sku_name in shown
    assert "Sign and do it" in shown
    assert "The claim is approved and the money goes back." in told
    claim = Claim.objects.get()
    assert (claim.state, claim.refund_id is not None) == ("approved", True)


def test_who_asked_sees_that_it_waits_and_no_button(
    client: Client, asked: Countersignature, service: User
) -> None:
    desk = page(client, service, "countersignatures")
    shown = page(client, service, "countersignature", asked.pk)

    assert "Asked by you" in desk
    assert "somebody else decides about it" in shown
    assert "Sign and do it" not in shown


def test_another_of_the_asking_role_does_not_sign(client: Client, asked: Countersignature) -> None:
    other = UserFactory.create(role=Role.SERVICE)

    shown = page(client, other, "countersignature", asked.pk)
    _status, told = post(
        client, other, "countersignature-decide", asked.pk, decision="sign", note=""
    )

    assert "Sign and do it" not in shown
    assert "Another role decides about this." in told
    assert Claim.objects.get().state == "filed"


def test_a_deed_of_other_roles_is_not_there(client: Client, service: User) -> None:
    adjustment = CountersignatureFactory.create(facts=dict.fromkeys(("debit", "credit"), "bank"))
    client.force_login(service)

    answer = client.get(reverse("countersignature", args=[adjustment.pk]))

    assert answer.status_code == 404


def test_a_refusal_needs_a_reason_and_is_shown_with_it(
    client: Client, asked: Countersignature, service: User
) -> None:
    finance = FinanceFactory.create()

    _status, without = post(
        client, finance, "countersignature-decide", asked.pk, decision="refuse", note=" "
    )
    post(client, finance, "countersignature-decide", asked.pk, decision="refuse", note="照片不够")
    seen = page(client, service, "countersignature", asked.pk)
    refused = page(client, service, "countersignatures", state="refused")
    signed = page(client, service, "countersignatures", state="signed")

    assert "Say why you refuse it." in without
    assert "照片不够" in seen
    assert f"/countersignatures/{asked.pk}/" in refused
    assert f"/countersignatures/{asked.pk}/" not in signed


def test_the_photos_of_this_claim_open_and_no_others(
    client: Client, asked: Countersignature
) -> None:
    other = ClaimPhotoFactory.create()
    client.force_login(FinanceFactory.create())

    answer = client.get(reverse("countersignature-photo", args=[asked.pk, other.pk]))

    assert answer.status_code == 404


def test_finance_asks_for_an_adjustment_and_another_signs(client: Client) -> None:
    first, second = FinanceFactory.create_batch(2)

    status, told = post(client, first, "countersignature-adjustment", **ADJUSTMENT)
    row = Countersignature.objects.get()
    post(client, first, "countersignature-decide", row.pk, decision="sign", note="")
    own = Transfer.objects.count()
    post(client, second, "countersignature-decide", row.pk, decision="sign", note="")

    assert (status, row.amount_fen, own) == (200, 1_230, 0)
    assert "Asked. It is done when somebody else signs." in told
    posted = Transfer.objects.get()
    assert (posted.debit.code, posted.credit.code, posted.amount_fen) == (
        "bank",
        "gateway_fee",
        1_230,
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"credit": "bank"}, "A transfer needs two accounts."),
        ({"credit": "customer_prepaid"}, "not one of the available choices"),
        ({"amount": "0"}, "A transfer moves at least one fen."),
        ({"reason": ""}, "This field is required."),
    ],
)
def test_an_adjustment_that_cannot_be_says_why(
    client: Client, words: dict[str, str], said: str
) -> None:
    status, told = post(
        client, FinanceFactory.create(), "countersignature-adjustment", **{**ADJUSTMENT, **words}
    )

    assert (status, Countersignature.objects.count()) == (422, 0)
    assert said in told


def test_a_buyer_asks_for_the_early_end_of_what_sells_now(client: Client) -> None:
    now = timezone.now()
    selling = CampaignFactory.create(
        opens_at=now - timedelta(hours=1),
        orders_close_at=now + timedelta(hours=1),
        payments_close_at=now + timedelta(hours=1, minutes=3),
        freeze_at=now + timedelta(hours=1, minutes=5),
    )
    over = CampaignFactory.create()
    first, second = UserFactory.create_batch(2, role=Role.BUYER)

    choice = page(client, first, "countersignature-freeze")
    post(client, first, "countersignature-freeze", campaign=str(selling.pk), reason="停电")
    row = Countersignature.objects.get()
    shown = page(client, second, "countersignature", row.pk)
    post(client, second, "countersignature-decide", row.pk, decision="sign", note="")

    assert selling.code in choice
    assert over.code not in choice
    assert "Orders paid so far" in shown
    assert Campaign.objects.get(pk=selling.pk).state == "closing"


def test_the_desk_asks_the_same_few_questions_however_much_waits(client: Client) -> None:
    finance = FinanceFactory.create()
    now = timezone.now()
    for number in range(2):
        countersignature_ask(
            deed="ledger.adjust",
            about=UserFactory.create(),
            facts={"debit": "bank", "credit": "purchases", "amount_fen": number + 1},
            reason="x",
            actor=FinanceFactory.create(),
            now=now,
        )
    page(client, finance, "countersignatures")
    with CaptureQueriesContext(connection) as few:
        page(client, finance, "countersignatures")
    for number in range(6):
        countersignature_ask(
            deed="ledger.adjust",
            about=UserFactory.create(),
            facts={"debit": "bank", "credit": "purchases", "amount_fen": number + 1},
            reason="x",
            actor=FinanceFactory.create(),
            now=now,
        )
    with CaptureQueriesContext(connection) as many:
        page(client, finance, "countersignatures")

    assert len(few) == len(many)
