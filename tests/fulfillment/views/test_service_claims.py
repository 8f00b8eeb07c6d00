"""The service desk: who may open it, the queue by time, the evidence, the answer."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from fulfillment.models.settlement import CommissionEntry, CommissionKind
from leaders.models.accounts import Role
from leaders.models.audit import AuditEvent
from orders.models.claims import Claim, ClaimState, LeaderStance
from orders.models.payments import Refund
from tests.factories.claims import Sold, claim_of, sold
from tests.factories.leaders import UserFactory
from tests.factories.orders import ClaimPhotoFactory
from tests.orders.photos import photo

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def goods() -> Sold:
    return sold()


@pytest.fixture
def claim(goods: Sold, settings: LazySettings, tmp_path: Path) -> Claim:
    """A claim filed ten minutes ago, with a photo."""
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "claims").mkdir()
    (tmp_path / "claims" / "one.jpg").write_bytes(photo(1))
    made = claim_of(goods, filed_at=timezone.now() - timedelta(minutes=10))
    ClaimPhotoFactory.create(claim=made, photo="claims/one.jpg")
    return made


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(UserFactory.create(role=Role.SERVICE))
    return client


def page(client: Client, name: str = "service-claims", *args: int, **query: str) -> str:
    answer = client.get(reverse(name, args=args), query, headers={"accept-language": "en"})
    assert answer.status_code == 200
    return answer.content.decode()


def post(client: Client, name: str, claim: Claim, **fields: str) -> str:
    answer = client.post(
        reverse(name, args=[claim.pk]), fields, follow=True, headers={"accept-language": "en"}
    )
    claim.refresh_from_db()
    return answer.content.decode()


@pytest.mark.parametrize("role", list(Role))
def test_every_page_opens_for_service_only(client: Client, role: Role, claim: Claim) -> None:
    client.force_login(UserFactory.create(role=role))
    pages = [
        reverse("service-claims"),
        reverse("service-claim", args=[claim.pk]),
        reverse("service-claim-photo", args=[claim.photos.get().pk]),
    ]
    deeds = [
        reverse(f"service-claim-{deed}", args=[claim.pk])
        for deed in ("decide", "bearer", "reply", "phone")
    ]

    seen = {client.get(address).status_code for address in pages}
    done = {client.post(address).status_code for address in deeds}

    assert seen == ({200} if role == Role.SERVICE else {403})
    assert (403 in done) is (role != Role.SERVICE)
    assert {client.get(address).status_code for address in deeds} == {405}


def test_the_board_opens_for_superusers(client: Client) -> None:
    client.force_login(UserFactory.create(is_superuser=True))

    assert page(client)


def test_what_is_due_first_stands_first(desk: Client, goods: Sold) -> None:
    now = timezone.now()
    replied = claim_of(goods, filed_at=now - timedelta(hours=1))
    Claim.objects.update(reply="正在核实", replied_at=now)
    fresh = claim_of(goods, filed_at=now - timedelta(minutes=5))
    over = claim_of(goods, filed_at=now - timedelta(minutes=45))

    shown = page(desk)

    places = [shown.index(f"/service/claims/{row.pk}/") for row in (over, fresh, replied)]
    assert places == sorted(places)
    assert shown.count("desk-row--over") == 1
    assert "first answer" in shown


def test_the_queue_is_searched_and_switched(desk: Client, goods: Sold, claim: Claim) -> None:
    address = f"/service/claims/{claim.pk}/"

    assert address in page(desk, q=goods.line.order.order_no)
    assert address in page(desk, q=goods.leader.code)
    assert address not in page(desk, q="NONE")
    assert address not in page(desk, show="decided")
    assert address in page(desk, show="nonsense")


def test_the_evidence_is_there_and_the_phone_is_not(
    desk: Client, goods: Sold, claim: Claim
) -> None:
    other = ClaimPhotoFactory.create(digest=claim.photos.get().digest).claim
    Claim.objects.filter(pk=claim.pk).update(
        leader_stance=LeaderStance.DISAGREES,
        leader_answered_at=timezone.now(),
        leader_note="我看是好的",
    )

    shown = page(desk, "service-claim", claim.pk)

    for words in (
        f"also in claim {other.pk}",
        "我看是好的",
        "The counts propose: Supplier",
        goods.purchase_line.purchase_order.po_no,
        "the leader disagrees",
    ):
        assert words in shown
    assert goods.line.order.resident_phone not in shown
    assert goods.line.order.resident_name not in shown
    assert 'value="supplier"' in shown


def test_a_phone_is_opened_on_record(desk: Client, goods: Sold, claim: Claim) -> None:
    shown = post(desk, "service-claim-phone", claim)

    assert goods.line.order.resident_phone in shown
    event = AuditEvent.objects.get()
    assert (event.action, event.object_id) == ("phone.opened", str(goods.line.order.pk))
    assert event.facts == {"claim": claim.pk}
    assert goods.line.order.resident_phone not in page(desk, "service-claim", claim.pk)


def test_a_first_word_is_said_once(desk: Client, claim: Claim) -> None:
    post(desk, "service-claim-reply", claim, words="正在核实")
    shown = post(desk, "service-claim-reply", claim, words="再等等")

    assert claim.reply == "正在核实"
    assert "answered already" in shown


@pytest.mark.parametrize(
    ("fields", "refund_fen"),
    [
        ({"share": "10000"}, 500),
        ({"share": "3000"}, 150),
        ({"share": "0", "amount": "1.25"}, 125),
    ],
)
def test_the_desk_approves_a_share_or_an_amount(
    desk: Client, claim: Claim, fields: dict[str, str], refund_fen: int
) -> None:
    post(desk, "service-claim-decide", claim, approve="1", bearer="operator", **fields)

    assert (claim.state, claim.bearer) == (ClaimState.APPROVED, "operator")
    assert Refund.objects.get().amount_fen == refund_fen


def test_the_desk_rejects_with_a_reason(desk: Client, claim: Claim) -> None:
    fields = {"reject": "1", "share": "10000", "bearer": "operator"}
    refused = post(desk, "service-claim-decide", claim, **fields)
    assert (claim.state, "Tell the resident why." in refused) == (ClaimState.FILED, True)

    post(desk, "service-claim-decide", claim, **fields, note="照片看不出问题")

    assert (claim.state, claim.decision_note) == (ClaimState.REJECTED, "照片看不出问题")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"share": "0", "amount": "5.01", "bearer": "operator"}, "at most what was asked"),
        ({"share": "0", "bearer": "operator"}, "at least 0.01 yuan"),
        ({"share": "10000", "bearer": "leader"}, "Say why they bear it"),
        ({"share": "10000"}, "This field is required"),
    ],
)
def test_an_answer_that_cannot_be_given_is_told(
    desk: Client, claim: Claim, fields: dict[str, str], words: str
) -> None:
    shown = post(desk, "service-claim-decide", claim, approve="1", **fields)

    assert words in shown
    assert (claim.state, Refund.objects.count()) == (ClaimState.FILED, 0)


def test_a_claim_paid_back_by_rule_waits_for_its_bearer(
    desk: Client, goods: Sold, claim: Claim
) -> None:
    post(desk, "service-claim-decide", claim, approve="1", share="10000", bearer="operator")
    Claim.objects.update(bearer="", is_automatic=True, decided_by=None)
    assert f"/service/claims/{claim.pk}/" in page(desk, show="unborne")

    post(desk, "service-claim-bearer", claim, bearer="leader", bearer_note="签收时已清点")

    assert claim.bearer == "leader"
    assert CommissionEntry.objects.get(kind=CommissionKind.LOSS).leader == goods.leader
    assert f"/service/claims/{claim.pk}/" not in page(desk, show="unborne")


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def test_many_claims_cost_as_many_queries_as_few(desk: Client, goods: Sold, claim: Claim) -> None:
    pages = [reverse("service-claims"), reverse("service-claim", args=[claim.pk])]
    few = [queries_of(desk, address) for address in pages]
    for _claim in range(9):
        ClaimPhotoFactory.create(claim=claim_of(goods))

    assert [queries_of(desk, address) for address in pages] == few
    assert max(few) < 36


def test_a_refund_above_the_limit_is_put_before_finance(
    desk: Client, claim: Claim, settings: LazySettings
) -> None:
    settings.SERVICE_REFUND_MAX_FEN = 400

    asked = page(desk, "service-claim", claim.pk)
    told = post(
        desk,
        "service-claim-decide",
        claim,
        approve="1",
        share="10000",
        bearer="operator",
        for_finance="整箱坏了",
    )
    queue = page(desk)

    assert "Why so much goes back" in asked
    assert (claim.state, Refund.objects.count()) == (ClaimState.FILED, 0)
    assert "Finance has to sign this first." in told
    assert "Signature of finance" in told
    assert "Approve and pay back" not in told
    assert "waits for finance" in queue


def test_below_the_limit_nobody_is_asked_to_explain_to_finance(desk: Client, claim: Claim) -> None:
    assert "Why so much goes back" not in page(desk, "service-claim", claim.pk)
