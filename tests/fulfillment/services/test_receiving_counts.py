"""Counts typed line by line at the dock, and counts taken back."""

import io
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

import pytest
from django.core.files.storage import default_storage
from django.db.models import Sum
from PIL import Image
from pytest_django import Settings

from fulfillment.domain.receiving import LineCount
from fulfillment.errors import (
    CaseDecided,
    CountInUse,
    CountNotPossible,
    DayClosed,
    PurchaseOrderSettled,
    ReceiptForUnknownLine,
)
from fulfillment.models.allocation import Allocation, AllocationCause, AllocationRun
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.exceptions import (
    Bearer,
    Cause,
    ExceptionCase,
    ExceptionCaseState,
    Stage,
)
from fulfillment.models.purchasing import PurchaseOrder, PurchaseOrderLine, PurchaseOrderState
from fulfillment.models.receiving import Batch, GoodsReceipt, GoodsReceiptLine
from fulfillment.models.sorting import SortEvent
from fulfillment.selectors.receiving import accepted_by_sku
from fulfillment.services.allocation import allocations_make
from fulfillment.services.exceptions import case_decide
from fulfillment.services.purchasing import purchase_orders_create
from fulfillment.services.receiving import (
    count_correct,
    count_record,
    count_void,
    receiving_close,
)
from leaders.errors import PhotoRefused
from leaders.models.accounts import Role, User
from orders.models.ledger import Transfer
from orders.services.campaigns import campaign_freeze
from tests.factories.fulfillment import DropFactory, SortTaskFactory, WaveFactory
from tests.factories.leaders import UserFactory
from tests.fulfillment.services.days import imported

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def receiver() -> User:
    user: User = UserFactory.create(role=Role.WAREHOUSE)
    return user


@pytest.fixture
def run() -> CutoffRun:
    """A run whose purchase orders are written: 15 K1 and 12 K2 from S1, 6 K3 from S2."""
    run = imported()
    campaign_freeze(campaign_id=run.campaign_id, now=run.campaign.freeze_at)
    purchase_orders_create(run=run, now=run.campaign.freeze_at)
    return run


@pytest.fixture
def count(run: CutoffRun, receiver: User) -> "Count":
    """Counts a SKU of the run; every count is an event of its own unless one is named."""
    return Count(run, receiver)


class Count:
    """Somebody at the dock who counts."""

    def __init__(self, run: CutoffRun, receiver: User) -> None:
        self.run = run
        self.receiver = receiver

    def __call__(
        self, sku_code: str, arrived_qty: int, *, event_id: UUID | None = None, **more: Any
    ) -> GoodsReceiptLine:
        line = line_of(self.run, sku_code)
        return count_record(
            purchase_order=line.purchase_order,
            count=told(line, arrived_qty, **more),
            event_id=event_id or uuid4(),
            actor=self.receiver,
            now=self.run.created_at,
        )

    def void(self, row: GoodsReceiptLine, reason: str = "数错") -> None:
        count_void(receipt_line=row, reason=reason, actor=self.receiver, now=self.run.created_at)

    def correct(
        self, row: GoodsReceiptLine, arrived_qty: int, *, event_id: UUID | None = None, **more: Any
    ) -> GoodsReceiptLine:
        return count_correct(
            receipt_line=row,
            count=told(row.purchase_line, arrived_qty, **more),
            event_id=event_id or uuid4(),
            reason="数错",
            actor=self.receiver,
            now=self.run.created_at,
        )


def told(line: PurchaseOrderLine, arrived_qty: int, **more: Any) -> LineCount:
    return replace(LineCount(purchase_line_id=line.pk, arrived_qty=arrived_qty), **more)


def line_of(run: CutoffRun, sku_code: str) -> PurchaseOrderLine:
    return PurchaseOrderLine.objects.select_related("purchase_order").get(
        purchase_order__run=run, sku__code=sku_code
    )


def accepted(run: CutoffRun, sku_code: str) -> int:
    return accepted_by_sku(run).get(line_of(run, sku_code).sku_id, 0)


def owed_fen(supplier_code: str) -> int:
    code = f"supplier_payable:{supplier_code}"
    credit = Transfer.objects.filter(credit__code=code).aggregate(fen=Sum("amount_fen", default=0))
    debit = Transfer.objects.filter(debit__code=code).aggregate(fen=Sum("amount_fen", default=0))
    return int(credit["fen"] - debit["fen"])


def shared_out(run: CutoffRun) -> None:
    """The dock closes and the goods are shared out."""
    receiving_close(run=run, now=run.created_at)
    allocations_make(run=run, now=run.created_at)
    run.refresh_from_db()


def allocated(run: CutoffRun, sku_code: str) -> int:
    rows = Allocation.objects.filter(run=run, order_line__sku__code=sku_code)
    return sum(rows.values_list("allocated_qty", flat=True))


def sow(run: CutoffRun, sku_code: str, qty: int) -> None:
    """Some pieces of a SKU lie in a slot."""
    wave = WaveFactory.create(run=run)
    SortEvent.objects.create(
        sort_task=SortTaskFactory.create(wave=wave, sku=line_of(run, sku_code).sku),
        drop=DropFactory.create(wave=wave),
        qty=qty,
        at=run.created_at,
    )


def picture() -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (8, 6), "red").save(written, format="PNG")
    return written.getvalue()


def test_a_count_keeps_what_was_seen_of_the_goods(run: CutoffRun, count: Count) -> None:
    row = count(
        "K1",
        13,
        packs=2,
        loose_qty=3,
        rejected_qty=3,
        damaged_qty=2,
        reject_note="压烂",
        weight_g=6_400,
        temperature_dc=45,
        batch_no="B0310",
        origin="山东寿光",
        certificate_no="HG-77",
        expires_on=date(2026, 3, 15),
    )

    stored = GoodsReceiptLine.objects.get(pk=row.pk)
    assert (stored.packs, stored.loose_qty, stored.arrived_qty) == (2, 3, 13)
    assert (stored.rejected_qty, stored.damaged_qty, stored.accepted_qty) == (3, 2, 10)
    assert (stored.weight_g, stored.temperature_dc) == (6_400, 45)
    assert (stored.counted_by, stored.receipt.receipt_no) == (count.receiver, "P-C1-S1-G1")
    assert Batch.objects.values_list(
        "batch_no", "origin", "certificate_no", "expires_on"
    ).get() == ("B0310", "山东寿光", "HG-77", date(2026, 3, 15))
    assert accepted(run, "K1") == 10


def test_the_lines_of_one_truck_are_one_arrival(count: Count) -> None:
    count("K1", 10)
    count("K2", 12)
    count("K1", 5, is_new_arrival=True)
    count("K1", 0)

    assert list(
        GoodsReceipt.objects.order_by("pk").values_list("receipt_no", "lines__arrived_qty")
    ) == [("P-C1-S1-G1", 10), ("P-C1-S1-G1", 12), ("P-C1-S1-G2", 5), ("P-C1-S1-G2", 0)]


def test_every_count_is_owed_for_under_its_own_key(run: CutoffRun, count: Count) -> None:
    cost_fen = line_of(run, "K1").unit_cost_fen

    count("K1", 5)
    count("K1", 5)
    count("K1", 5, is_new_arrival=True)
    count("K2", 0)

    keys = Transfer.objects.filter(event="goods_received").order_by("pk")
    assert list(keys.values_list("idem_key", flat=True)) == [
        "goods:P-C1-S1-G1:K1",
        "goods:P-C1-S1-G1:K1:2",
        "goods:P-C1-S1-G2:K1",
    ]
    assert owed_fen("S1") == 15 * cost_fen


def test_the_same_event_is_stored_once(count: Count, media: Path) -> None:
    event_id = uuid4()
    first = count("K1", 16, event_id=event_id, batch_no="B1", rejected_qty=1, photo=picture())

    again = count("K1", 16, event_id=event_id, batch_no="B1", rejected_qty=1, photo=picture())

    assert again == first
    assert GoodsReceiptLine.objects.count() == 1
    assert ExceptionCase.objects.count() == 1
    assert Transfer.objects.filter(event="goods_received").count() == 1
    assert len(list(media.glob("receipts/*"))) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"arrived_qty": 9},
        {"rejected_qty": 1},
        {"packs": 1, "loose_qty": 5},
        {"batch_no": "B2"},
        {"temperature_dc": 30},
        {"expires_on": date(2026, 3, 12)},
    ],
)
def test_an_event_with_other_figures_is_refused(count: Count, changed: dict[str, Any]) -> None:
    event_id = uuid4()
    count("K1", 10, event_id=event_id, batch_no="B1")
    figures: dict[str, Any] = {"arrived_qty": 10, "batch_no": "B1", **changed}

    with pytest.raises(CountNotPossible, match="other figures"):
        count("K1", figures.pop("arrived_qty"), event_id=event_id, **figures)

    assert GoodsReceiptLine.objects.get().arrived_qty == 10


def test_pieces_beyond_the_order_are_too_many_and_a_case(run: CutoffRun, count: Count) -> None:
    count("K1", 10)

    row = count("K1", 9, rejected_qty=1, damaged_qty=1, reject_note="漏")

    stored = GoodsReceiptLine.objects.get(pk=row.pk)
    assert (stored.excess_qty, stored.rejected_qty, stored.accepted_qty) == (3, 4, 5)
    assert accepted(run, "K1") == 15
    assert list(
        ExceptionCase.objects.order_by("pk").values_list("stage", "cause", "qty", "note")
    ) == [(Stage.RECEIVE, Cause.DAMAGED, 1, "漏"), (Stage.RECEIVE, Cause.OVER, 3, "漏")]
    assert owed_fen("S1") == 15 * line_of(run, "K1").unit_cost_fen


def test_what_the_supplier_had_not_confirmed_is_taken_only_if_the_buyer_says_so(
    run: CutoffRun, count: Count
) -> None:
    PurchaseOrderLine.objects.filter(sku__code="K1").update(confirmed_qty=5)

    count("K1", 8)
    count("K1", 12, takes_unconfirmed=True)

    assert list(
        GoodsReceiptLine.objects.order_by("pk").values_list("accepted_qty", "excess_qty")
    ) == [(5, 3), (10, 2)]
    assert accepted(run, "K1") == 15


def test_bad_quality_is_a_case_with_its_photo(count: Count, media: Path) -> None:
    row = count("K2", 12, rejected_qty=2, reject_note="发黄", photo=picture())

    case = ExceptionCase.objects.get()
    assert (case.cause, case.qty, case.purchase_line_id) == (
        Cause.QUALITY,
        2,
        row.purchase_line_id,
    )
    assert case.proposed_bearer == Bearer.SUPPLIER
    assert default_storage.exists(str(case.photo))
    assert default_storage.exists(str(row.photo))


def test_what_is_no_photo_is_refused_and_nothing_is_stored(count: Count) -> None:
    with pytest.raises(PhotoRefused):
        count("K1", 5, photo=b"no photo")

    assert not GoodsReceipt.objects.exists()


def test_a_refused_count_leaves_no_photo_behind(count: Count, media: Path, run: CutoffRun) -> None:
    CutoffRun.objects.update(receiving_closed_at=run.created_at)

    with (
        patch("fulfillment.services.receiving.allocation_rerun", side_effect=CountInUse("no")),
        pytest.raises(CountInUse),
    ):
        count("K1", 5, photo=picture())

    assert list(media.glob("receipts/*")) == []


def test_a_line_of_another_order_is_refused(run: CutoffRun, receiver: User) -> None:
    with pytest.raises(ReceiptForUnknownLine):
        count_record(
            purchase_order=line_of(run, "K1").purchase_order,
            count=told(line_of(run, "K3"), 6),
            event_id=uuid4(),
            actor=receiver,
            now=run.created_at,
        )


def test_nothing_is_received_on_a_cancelled_order(count: Count) -> None:
    PurchaseOrder.objects.update(state=PurchaseOrderState.CANCELLED)

    with pytest.raises(PurchaseOrderSettled):
        count("K1", 5)


def test_an_order_is_received_with_its_last_line(run: CutoffRun, count: Count) -> None:
    count("K1", 15)
    before = line_of(run, "K1").purchase_order.state

    count("K2", 0)

    assert before == PurchaseOrderState.DRAFT
    assert line_of(run, "K1").purchase_order.state == PurchaseOrderState.RECEIVED


def test_a_count_taken_back_is_owed_no_more_and_its_case_bears_nothing(
    run: CutoffRun, count: Count
) -> None:
    row = count("K1", 15, rejected_qty=2)
    count("K2", 12)

    count.void(row, "称错")

    case = ExceptionCase.objects.get()
    assert row.void.reason == "称错"
    assert (accepted(run, "K1"), accepted(run, "K2")) == (0, 12)
    assert owed_fen("S1") == 12 * line_of(run, "K2").unit_cost_fen
    assert (case.qty, case.state, case.decision_note) == (0, ExceptionCaseState.DECIDED, "称错")


def test_a_count_is_taken_back_once_and_with_a_reason(count: Count) -> None:
    row = count("K1", 15)

    with pytest.raises(CountNotPossible, match="Say why"):
        count.void(row, " ")
    count.void(row)
    with pytest.raises(CountNotPossible, match="already"):
        count.void(row)

    assert Transfer.objects.filter(event="reversal").count() == 1


def test_a_count_of_nothing_is_taken_back_without_a_posting(count: Count) -> None:
    count.void(count("K1", 0))

    assert not Transfer.objects.exclude(event="payment_received").exists()


def test_a_decision_about_rejected_goods_is_taken_back_first(count: Count) -> None:
    row = count("K1", 15, rejected_qty=2)
    case_decide(
        case_id=ExceptionCase.objects.get().pk,
        bearer=Bearer.SUPPLIER,
        note="",
        actor=count.receiver,
        now=count.run.created_at,
    )

    with pytest.raises(CaseDecided):
        count.void(row)

    assert GoodsReceiptLine.objects.standing().count() == 1


def test_a_correction_replaces_figures_and_what_is_owed(run: CutoffRun, count: Count) -> None:
    count("K1", 5)
    wrong = count("K1", 5, photo=picture())
    event_id = uuid4()

    right = count.correct(wrong, 8, event_id=event_id, rejected_qty=1)
    again = count.correct(wrong, 8, event_id=event_id, rejected_qty=1)

    assert again == right
    assert right.receipt == wrong.receipt
    assert right.photo.name == wrong.photo.name
    assert accepted(run, "K1") == 12
    assert owed_fen("S1") == 12 * line_of(run, "K1").unit_cost_fen


def test_a_late_count_is_shared_out_again(run: CutoffRun, count: Count) -> None:
    count("K1", 10)
    shared_out(run)

    count("K1", 5)

    assert allocated(run, "K1") == 12
    assert AllocationRun.objects.latest("pk").cause == AllocationCause.RECOUNT


def test_a_correction_after_the_close_touches_nobody_who_keeps_the_goods(
    run: CutoffRun, count: Count
) -> None:
    row = count("K1", 15)
    shared_out(run)

    count.correct(row, 14)

    assert allocated(run, "K1") == 12
    assert AllocationRun.objects.exclude(cause=AllocationCause.FIRST).count() == 0


def test_a_count_taken_back_after_the_close_takes_the_goods_from_the_lines(
    run: CutoffRun, count: Count
) -> None:
    row = count("K1", 15)
    shared_out(run)

    count.void(row)

    assert allocated(run, "K1") == 0
    assert AllocationRun.objects.latest("pk").lost_qty == 12


def test_goods_that_lie_in_a_slot_cannot_be_counted_away(run: CutoffRun, count: Count) -> None:
    row = count("K1", 15)
    shared_out(run)
    sow(run, "K1", 7)

    with pytest.raises(CountInUse):
        count.void(row)
    with pytest.raises(CountInUse):
        count.correct(row, 6)

    assert accepted(run, "K1") == 15


def test_nothing_is_counted_after_the_day(run: CutoffRun, count: Count) -> None:
    row = count("K1", 15)
    CutoffRun.objects.update(day_closed_at=run.created_at, day_closed_by=count.receiver)

    with pytest.raises(DayClosed):
        count("K2", 5)
    with pytest.raises(DayClosed):
        count.void(row)
    with pytest.raises(DayClosed):
        count.correct(row, 5)
