"""Claims are filed once, counted against the line, decided by people and paid back once."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pytest_django import Settings

from leaders.errors import PhotoRefused, PromiseBroken
from leaders.models.accounts import Role, User
from orders.claim_errors import (
    ClaimAlreadyDecided,
    ClaimAmountOutOfRange,
    ClaimExceedsLine,
    ClaimNotPossible,
    ClaimPhotoRepeated,
)
from orders.domain.claims import ClaimRequest
from orders.errors import (
    OrderLineUnknown,
    RefundExceedsPaid,
    RequestKeyReused,
)
from orders.models.claims import Claim, ClaimPhoto, ClaimState, LeaderStance
from orders.models.ledger import Transfer
from orders.models.orders import Order, OrderLine, OrderState
from orders.models.outbox import OutboxMessage, Topic
from orders.models.payments import Payment, Refund, RefundReason
from orders.selectors.claim_photos import photos_seen_before
from orders.services.claims import ClaimDecision, FiledClaim, claim_decide, claim_file
from tests.factories.leaders import UserFactory
from tests.factories.orders import (
    OrderFactory,
    OrderLineFactory,
    PaymentFactory,
    RefundFactory,
    RefundLineFactory,
)
from tests.orders.photos import photo, saved, scene

pytestmark = pytest.mark.django_db

DELIVERED = datetime(2026, 3, 11, 10, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def photos_in(settings: Settings, tmp_path: Path) -> Path:
    """Photos of a test stay in its own place."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def line() -> OrderLine:
    """Four pieces at 5.00 yuan, paid and handed out."""
    order = OrderFactory.create(state=OrderState.FROZEN, total_fen=2000)
    PaymentFactory.create(order=order)
    return OrderLineFactory.create(order=order, line_no=1, qty=4)


@pytest.fixture
def buyer_user() -> User:
    return UserFactory.create(role=Role.BUYER)


def request_for(line: OrderLine, **changes: Any) -> ClaimRequest:
    plain = ClaimRequest(
        order_no=line.order.order_no,
        line_no=line.line_no,
        kind="spoiled",
        qty=2,
        description="软了",
        photos=(photo(1), photo(2)),
        request_key="claim-0001",
    )
    return replace(plain, **changes)


def filed(line: OrderLine, now: datetime = DELIVERED, **changes: Any) -> FiledClaim:
    request = request_for(line, **changes)
    return claim_file(resident_id=line.order.resident_id, request=request, now=now)


def decided(claim: Claim, actor: User, *, approve: bool = True, refund_fen: int = 1000) -> Claim:
    return claim_decide(
        claim_id=claim.pk,
        decision=ClaimDecision(approve=approve, refund_fen=refund_fen, note="抱歉"),
        actor=actor,
        now=DELIVERED + timedelta(hours=1),
    )


def test_a_claim_asks_for_the_share_that_was_paid(line: OrderLine, photos_in: Path) -> None:
    claim = filed(line).claim

    assert (claim.state, claim.qty, claim.asked_fen) == (ClaimState.FILED, 2, 1000)
    rows = list(claim.photos.all())
    assert len({row.digest for row in rows}) == 2
    files = sorted(path.name for path in (photos_in / "claims").iterdir())
    assert files == sorted(Path(row.photo.path).name for row in rows)
    assert Image.open(rows[0].photo.path).format == "JPEG"


def test_a_share_and_grams_ask_for_less(line: OrderLine) -> None:
    part = filed(line, qty=2, defect_bp=3_000).claim
    line.sku.weight_g = 500
    line.sku.save()
    light = filed(line, qty=1, kind="light_weight", weighed_g=450, request_key="light").claim

    assert (part.asked_fen, part.defect_bp, part.weighed_g) == (300, 3_000, None)
    assert (light.asked_fen, light.defect_bp, light.weighed_g) == (50, 1_000, 450)


def test_the_leader_is_told_and_the_clocks_run(line: OrderLine) -> None:
    claim = filed(line).claim

    assert claim.leader_until == DELIVERED + timedelta(hours=2)
    assert claim.decide_by == DELIVERED + timedelta(hours=12)
    told = OutboxMessage.objects.get(topic=Topic.CLAIM_TO_LEADER)
    assert told.phone == line.order.leader.phone
    assert told.facts == {
        "order_no": line.order.order_no,
        "goods": [[line.sku_name, 2]],
        "until": "20:00",
    }


def test_who_knows_already_does_not_ask_the_leader(line: OrderLine) -> None:
    claim_file(
        resident_id=line.order.resident_id,
        request=request_for(line),
        now=DELIVERED,
        asks_leader=False,
    )

    assert not OutboxMessage.objects.exists()


def test_a_claim_is_filed_once_per_key(line: OrderLine, photos_in: Path) -> None:
    first, second = filed(line), filed(line)

    assert (first.is_new, second.is_new, second.claim) == (True, False, first.claim)
    assert len(list((photos_in / "claims").iterdir())) == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"qty": 1},
        {"description": "硬了"},
        {"kind": "other"},
        {"photos": (photo(3),)},
        {"defect_bp": 1_000},
        {"kind": "light_weight", "weighed_g": 1},
    ],
)
def test_a_key_stands_for_one_claim(line: OrderLine, changes: dict[str, Any]) -> None:
    filed(line)

    with pytest.raises(RequestKeyReused):
        filed(line, **changes)

    assert Claim.objects.count() == 1


def test_different_defects_of_a_line_are_claimed_up_to_what_came(line: OrderLine) -> None:
    refund = RefundFactory.create(payment=line.order.payments.get())
    RefundLineFactory.create(refund=refund, order_line=line, qty=1)
    filed(line, qty=2)
    filed(line, qty=1, kind="damaged", request_key="claim-0002")

    with pytest.raises(ClaimExceedsLine) as refusal:
        filed(line, qty=1, request_key="claim-0003")

    assert refusal.value.details == {"left_qty": 0}
    assert Claim.objects.count() == 2


def test_a_rejected_claim_counts_no_more(line: OrderLine, buyer_user: User) -> None:
    decided(filed(line, qty=4).claim, buyer_user, approve=False)

    assert filed(line, qty=4, request_key="claim-0002").is_new


def test_a_line_that_fell_out_cannot_be_claimed(line: OrderLine) -> None:
    OrderLine.objects.update(is_void=True)

    with pytest.raises(ClaimExceedsLine):
        filed(line, qty=1)


@pytest.mark.parametrize(
    "state",
    [OrderState.PAID, OrderState.CANCELLED, OrderState.REFUNDING, OrderState.REFUNDED],
)
def test_an_order_that_was_not_delivered_has_no_claims(line: OrderLine, state: OrderState) -> None:
    Order.objects.update(state=state)

    with pytest.raises(ClaimNotPossible):
        filed(line)


def test_goods_are_claimed_from_the_delivery_day_on_and_never_too_late(line: OrderLine) -> None:
    midnight = datetime(2026, 3, 10, 16, 0, tzinfo=UTC)

    with pytest.raises(ClaimNotPossible):
        filed(line, now=midnight - timedelta(seconds=1))

    assert filed(line, now=midnight, qty=1).is_new
    assert filed(line, now=midnight + timedelta(days=90), qty=1, request_key="late-one").is_new


def test_only_own_lines_can_be_claimed(line: OrderLine) -> None:
    stranger = OrderFactory.create().resident_id

    for resident_id, request in (
        (stranger, request_for(line)),
        (line.order.resident_id, request_for(line, line_no=2)),
        (line.order.resident_id, request_for(line, order_no="NONE")),
    ):
        with pytest.raises(OrderLineUnknown):
            claim_file(resident_id=resident_id, request=request, now=DELIVERED)

    assert not Claim.objects.exists()


@pytest.mark.parametrize(
    ("photos", "error"),
    [((photo(1), photo(1)), ClaimPhotoRepeated), ((photo(1), b"%PDF"), PhotoRefused)],
)
def test_photos_that_prove_nothing_are_refused(
    line: OrderLine, photos: tuple[bytes, ...], error: type[Exception], photos_in: Path
) -> None:
    with pytest.raises(error):
        filed(line, photos=photos)

    assert not Claim.objects.exists()
    assert not (photos_in / "claims").exists()


def test_a_refused_claim_leaves_no_photo_behind(
    line: OrderLine, photos_in: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_values: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(ClaimPhoto.objects, "create", broken)

    with pytest.raises(OSError, match="no space"):
        filed(line)

    assert not Claim.objects.exists()
    assert list((photos_in / "claims").iterdir()) == []


def test_a_photo_of_an_earlier_claim_is_noticed(line: OrderLine) -> None:
    filed(line, qty=1)
    again = filed(line, qty=1, request_key="claim-0002", photos=(photo(1), photo(9))).claim

    seen = photos_seen_before([again.pk])

    first = Claim.objects.exclude(pk=again.pk).get()
    assert seen == {again.photos.order_by("pk")[0].pk: (first.pk,)}


@pytest.mark.parametrize(("days", "is_seen"), [(180, True), (181, False)])
def test_the_same_picture_saved_again_is_noticed(line: OrderLine, days: int, is_seen: bool) -> None:
    first = filed(line, qty=1, photos=(saved(scene(1), quality=90),)).claim
    smaller = saved(scene(1).resize((320, 240)), quality=60)
    again = filed(
        line, DELIVERED + timedelta(days=days), qty=1, request_key="again", photos=(smaller,)
    ).claim

    seen = photos_seen_before([again.pk])

    assert seen == ({again.photos.get().pk: (first.pk,)} if is_seen else {})


def test_other_pictures_of_like_goods_are_not_taken_for_it(line: OrderLine) -> None:
    filed(line, qty=1, photos=(saved(scene(1)),))
    other = filed(line, qty=1, request_key="again", photos=(saved(scene(2)),)).claim

    assert photos_seen_before([other.pk]) == {}


def test_an_approved_claim_is_paid_back_and_told(line: OrderLine, buyer_user: User) -> None:
    claim = decided(filed(line).claim, buyer_user, refund_fen=600)

    assert (claim.state, claim.decided_by, claim.decision_note) == ("approved", buyer_user, "抱歉")
    refund = Refund.objects.get()
    assert (claim.refund, refund.reason) == (refund, RefundReason.AFTER_SALES)
    assert (refund.amount_fen, refund.lines.get().qty) == (600, 2)
    assert Payment.objects.get().refund_reserved_fen == 600
    assert Transfer.objects.get().amount_fen == 600
    told = OutboxMessage.objects.get(topic=Topic.CLAIM_DECIDED)
    assert told.facts == {
        "order_no": line.order.order_no,
        "goods": [[line.sku_name, 2]],
        "is_approved": True,
        "amount_fen": 600,
    }
    assert told.phone == line.order.resident_phone


def test_a_rejected_claim_is_told_and_pays_nothing(line: OrderLine, buyer_user: User) -> None:
    claim = decided(filed(line).claim, buyer_user, approve=False)

    assert (claim.state, claim.refund) == (ClaimState.REJECTED, None)
    assert not Refund.objects.exists()
    told = OutboxMessage.objects.get(topic=Topic.CLAIM_DECIDED)
    assert told.facts["is_approved"] is False


@pytest.mark.parametrize("approve", [True, False])
def test_a_claim_is_decided_once(line: OrderLine, buyer_user: User, approve: bool) -> None:
    claim = filed(line).claim
    decided(claim, buyer_user)

    with pytest.raises(ClaimAlreadyDecided):
        decided(claim, buyer_user, approve=approve)

    assert Refund.objects.count() == 1
    assert OutboxMessage.objects.filter(topic=Topic.CLAIM_DECIDED).count() == 1


def test_a_rule_approves_what_the_leader_did_not_disagree_with(line: OrderLine) -> None:
    claim = filed(line).claim
    yes = ClaimDecision(approve=True, refund_fen=1_000)
    until = DELIVERED + timedelta(hours=2)

    with pytest.raises(ClaimAlreadyDecided):
        claim_decide(claim_id=claim.pk, decision=yes, actor=None, now=until)
    claim = claim_decide(
        claim_id=claim.pk, decision=yes, actor=None, now=until + timedelta(seconds=1)
    )

    assert (claim.state, claim.is_automatic, claim.decided_by) == ("approved", True, None)
    assert Refund.objects.get().amount_fen == 1_000


@pytest.mark.parametrize(
    ("stance", "is_approved"), [(LeaderStance.AGREES, True), (LeaderStance.DISAGREES, False)]
)
def test_a_rule_follows_the_leaders_word(
    line: OrderLine, stance: LeaderStance, is_approved: bool
) -> None:
    claim = filed(line).claim
    Claim.objects.update(leader_stance=stance, leader_answered_at=DELIVERED)

    with nullcontext() if is_approved else pytest.raises(ClaimAlreadyDecided):
        claim_decide(
            claim_id=claim.pk,
            decision=ClaimDecision(approve=True, refund_fen=1_000),
            actor=None,
            now=DELIVERED,
        )

    assert Refund.objects.count() == is_approved


def test_no_rule_rejects(line: OrderLine) -> None:
    claim = filed(line).claim

    with pytest.raises(PromiseBroken):
        claim_decide(
            claim_id=claim.pk, decision=ClaimDecision(approve=False), actor=None, now=DELIVERED
        )


@pytest.mark.parametrize("refund_fen", [0, 1001])
def test_a_refund_outside_its_range_decides_nothing(
    line: OrderLine, buyer_user: User, refund_fen: int
) -> None:
    claim = filed(line).claim

    with pytest.raises(ClaimAmountOutOfRange):
        decided(claim, buyer_user, refund_fen=refund_fen)

    claim.refresh_from_db()
    assert claim.state == ClaimState.FILED


def test_money_that_went_back_already_is_not_paid_twice(line: OrderLine, buyer_user: User) -> None:
    claim = filed(line).claim
    Payment.objects.update(refund_reserved_fen=1500)

    with pytest.raises(RefundExceedsPaid):
        decided(claim, buyer_user)

    claim.refresh_from_db()
    assert (claim.state, Refund.objects.count()) == (ClaimState.FILED, 0)


def test_goods_that_were_free_give_nothing_back(line: OrderLine, buyer_user: User) -> None:
    gift = OrderLineFactory.create(order=line.order, line_no=2, unit_price_fen=0)

    claim = decided(filed(gift).claim, buyer_user, refund_fen=0)

    assert (claim.state, claim.refund) == (ClaimState.APPROVED, None)
