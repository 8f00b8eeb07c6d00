"""A claim is filed over the API with photos, and shown to who filed it."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings
from rest_framework.throttling import SimpleRateThrottle

from orders.models.campaigns import Campaign
from orders.models.claims import Claim, ClaimState
from orders.models.orders import Order, OrderLine, OrderState
from orders.models.residents import Resident
from orders.services.claims import ClaimDecision, claim_decide
from tests.factories.leaders import UserFactory
from tests.factories.orders import OrderFactory, OrderLineFactory, PaymentFactory
from tests.factories.shops import Shop
from tests.orders.api.caller import ApiAnswer, ApiCaller
from tests.orders.photos import photo

KEY = "claim-0001"


@pytest.fixture(autouse=True)
def photos_in(settings: Settings, tmp_path: Path) -> Path:
    """Photos of a test stay in its own place."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def line(shop: Shop, resident: Resident) -> OrderLine:
    """Four pieces at 5.00 yuan of an order that came today."""
    Campaign.objects.update(delivery_date=timezone.localdate())
    order = OrderFactory.create(
        resident=resident, campaign=shop.campaign, state=OrderState.FROZEN, total_fen=2000
    )
    PaymentFactory.create(order=order)
    return OrderLineFactory.create(order=order, line_no=1, qty=4)


def form(**changes: Any) -> dict[str, Any]:
    plain = {
        "line_no": "1",
        "kind": "spoiled",
        "qty": "2",
        "description": "软了",
        "photos": [BytesIO(photo(1)), BytesIO(photo(2))],
    }
    return plain | changes


def file(caller: ApiCaller, line: OrderLine, key: str | None = KEY, **changes: Any) -> ApiAnswer:
    return caller.upload(f"orders/{line.order.order_no}/claims/", form(**changes), key)


def test_a_claim_is_filed_with_photos(line: OrderLine, caller: ApiCaller) -> None:
    answer = file(caller, line)

    assert answer.status == 201
    claim = Claim.objects.get()
    assert answer.body == answer.body | {
        "claim_id": claim.pk,
        "order_no": line.order.order_no,
        "line_no": 1,
        "name": line.sku_name,
        "state": "filed",
        "asked_fen": 1000,
        "refund_fen": 0,
        "description": "软了",
    }
    assert claim.photos.count() == 2


def test_a_share_of_the_pieces_is_claimed(line: OrderLine, caller: ApiCaller) -> None:
    answer = file(caller, line, defect_bp="5000")

    assert (answer.status, answer.body["asked_fen"], answer.body["defect_bp"]) == (201, 500, 5_000)
    assert (answer.body["reply"], answer.body["decide_by"] > answer.body["filed_at"]) == ("", True)
    assert "bearer" not in answer.body


def test_what_is_missing_is_claimed_without_a_photo(line: OrderLine, caller: ApiCaller) -> None:
    answer = file(caller, line, kind="missing", photos=[], description="")

    assert (answer.status, answer.body["kind"]) == (201, "missing")


def test_a_claim_is_filed_once_per_key(line: OrderLine, caller: ApiCaller) -> None:
    first, second = file(caller, line), file(caller, line)

    assert (first.status, second.status, second.body) == (201, 200, first.body)
    assert second.headers["Idempotency-Replayed"] == "true"
    other = file(caller, line, qty="1")
    assert (other.status, other.code) == (422, "request_key_reused")
    assert Claim.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"qty": "5"}, 409, "claim_exceeds_line"),
        ({"line_no": "9"}, 404, "order_line_unknown"),
        ({"photos": []}, 422, "claim_photos_out_of_range"),
        ({"photos": [BytesIO(photo(1)), BytesIO(photo(1))]}, 422, "claim_photo_repeated"),
        ({"photos": [BytesIO(b"<svg/>")]}, 422, "photo_refused"),
        ({"photos": [BytesIO(photo(n)) for n in range(7)]}, 422, "invalid"),
        ({"kind": "ugly"}, 422, "invalid"),
        ({"qty": "0"}, 422, "invalid"),
        ({"defect_bp": "2000"}, 422, "invalid"),
        ({"kind": "light_weight"}, 422, "claim_invalid"),
        ({"kind": "light_weight", "weighed_g": "9000000"}, 422, "invalid"),
        ({"kind": "missing", "photos": [], "defect_bp": "1000"}, 422, "claim_invalid"),
        ({"description": "x" * 501}, 422, "invalid"),
    ],
)
def test_what_cannot_be_claimed_is_refused(
    line: OrderLine, caller: ApiCaller, changes: dict[str, Any], status: int, code: str
) -> None:
    answer = file(caller, line, **changes)

    assert (answer.status, answer.code) == (status, code)
    assert not Claim.objects.exists()


def test_a_claim_needs_a_key(line: OrderLine, caller: ApiCaller) -> None:
    assert file(caller, line, key=None).code == "idempotency_key_missing"


def test_before_the_freeze_there_is_nothing_to_claim(line: OrderLine, caller: ApiCaller) -> None:
    Order.objects.update(state=OrderState.PAID)

    answer = file(caller, line)

    assert (answer.status, answer.code) == (409, "claim_not_possible")


def test_a_neighbours_line_does_not_exist(caller: ApiCaller, line: OrderLine) -> None:
    answer = file(caller, OrderLineFactory.create(line_no=1))

    assert (answer.status, answer.code) == (404, "order_line_unknown")


def test_a_form_is_refused_by_its_announced_size(line: OrderLine, caller: ApiCaller) -> None:
    headers = caller.headers | {"Idempotency-Key": KEY, "Content-Length": str(41 * 1024 * 1024)}
    path = f"/api/v1/orders/{line.order.order_no}/claims/"

    answer = caller.client.post(path, form(), headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


def test_claims_come_as_a_form_and_no_other_way(line: OrderLine, caller: ApiCaller) -> None:
    answer = caller.post(f"orders/{line.order.order_no}/claims/", {"line_no": 1}, KEY)

    assert (answer.status, answer.code) == (415, "unsupported_media_type")


def test_a_resident_files_so_many_claims_an_hour(
    line: OrderLine, caller: ApiCaller, monkeypatch: pytest.MonkeyPatch
) -> None:
    rates = SimpleRateThrottle.THROTTLE_RATES | {"claims": "1/hour"}
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", rates)

    assert [file(caller, line).status for _time in range(2)] == [201, 429]


def test_the_list_shows_own_claims_with_their_answers(
    line: OrderLine, caller: ApiCaller, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for at in range(3):
        file(caller, line, key=f"{KEY}-{at}", qty="1")
    newest = Claim.objects.latest("pk")
    claim_decide(
        claim_id=newest.pk,
        decision=ClaimDecision(approve=True, refund_fen=300, note="抱歉"),
        actor=UserFactory.create(),
        now=timezone.now(),
    )

    with django_assert_num_queries(2):
        answer = caller.get("claims/")

    assert [row["state"] for row in answer.body["results"]] == [
        ClaimState.APPROVED,
        ClaimState.FILED,
        ClaimState.FILED,
    ]
    shown = answer.body["results"][0]
    assert (shown["refund_fen"], shown["decision_note"]) == (300, "抱歉")
    assert caller.get(f"orders/{line.order.order_no}/").body["claims"][2] == shown
    assert ApiCaller(OrderFactory.create().resident).get("claims/").body["results"] == []
