"""One line at the dock on a phone: counted, corrected, and goods nobody ordered."""

import io
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from pytest_django import Settings

from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.exceptions import Cause, ExceptionCase
from fulfillment.models.purchasing import PurchaseOrderLine
from fulfillment.models.receiving import Batch, GoodsReceiptLine
from leaders.models.accounts import Role
from orders.models.catalogue import SkuKind, Storage
from tests.factories.fulfillment import CutoffRunFactory, PurchaseOrderLineFactory
from tests.factories.leaders import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture(autouse=True)
def _english(settings: Settings) -> None:
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def line() -> PurchaseOrderLine:
    """Ten pieces of K1 in packs of five."""
    run = CutoffRunFactory.create(campaign__code="C1", campaign__delivery_date=date(2026, 3, 10))
    line: PurchaseOrderLine = PurchaseOrderLineFactory.create(
        purchase_order__run=run, sku__code="K1", sku__name="Cabbage"
    )
    return line


@pytest.fixture
def receiver() -> Client:
    client = Client()
    client.force_login(UserFactory.create(role=Role.WAREHOUSE))
    return client


def page(name: str, *args: object) -> str:
    return reverse(name, args=["C1", *args])


def line_page(line: PurchaseOrderLine) -> str:
    return page("receiving-line", line.purchase_order_id, line.pk)


def event(**figures: object) -> dict[str, object]:
    return {"event_id": str(uuid4()), **figures}


def picture() -> SimpleUploadedFile:
    written = io.BytesIO()
    Image.new("RGB", (8, 6), "red").save(written, format="JPEG")
    return SimpleUploadedFile("a.jpg", written.getvalue(), "image/jpeg")


def test_a_count_is_saved_and_shown_at_its_line(receiver: Client, line: PurchaseOrderLine) -> None:
    answer = receiver.post(
        line_page(line),
        event(
            packs="1",
            loose_qty="3",
            damaged_qty="1",
            bad_qty="1",
            reject_note="soft",
            batch_no="B7",
            origin="Shouguang",
            certificate_no="HG-1",
            expires_on="2026-03-15",
            photo=picture(),
        ),
    )

    row = GoodsReceiptLine.objects.get()
    order_page = page("receiving-order", line.purchase_order_id)
    assert answer["Location"] == f"{order_page}#line-{line.pk}"
    assert (row.packs, row.loose_qty, row.arrived_qty) == (1, 3, 8)
    assert (row.rejected_qty, row.damaged_qty, row.reject_note) == (2, 1, "soft")
    assert Batch.objects.values_list(
        "batch_no", "origin", "certificate_no", "expires_on"
    ).get() == (
        "B7",
        "Shouguang",
        "HG-1",
        date(2026, 3, 15),
    )
    assert "Cabbage: 6 accepted -4" in receiver.get(order_page).content.decode()
    photo = receiver.get(page("receiving-photo", row.pk))
    assert (photo["Content-Type"], photo.status_code) == ("image/jpeg", 200)


def test_a_page_sent_twice_counts_once(receiver: Client, line: PurchaseOrderLine) -> None:
    sent = event(packs="2")

    for _time in range(2):
        receiver.post(line_page(line), sent)

    assert GoodsReceiptLine.objects.get().arrived_qty == 10


def test_nothing_typed_is_no_count(receiver: Client, line: PurchaseOrderLine) -> None:
    answer = receiver.post(line_page(line), event())

    assert answer.status_code == 422
    assert "Type what you counted" in answer.content.decode()
    assert not GoodsReceiptLine.objects.exists()


def test_that_nothing_arrived_is_a_button_of_its_own(
    receiver: Client, line: PurchaseOrderLine
) -> None:
    receiver.post(line_page(line), event(nothing="1"))

    assert GoodsReceiptLine.objects.get().arrived_qty == 0


def test_the_button_does_not_throw_typed_figures_away(
    receiver: Client, line: PurchaseOrderLine
) -> None:
    answer = receiver.post(line_page(line), event(packs="2", nothing="1"))

    assert answer.status_code == 422
    assert not GoodsReceiptLine.objects.exists()


def test_the_enter_key_saves_and_never_says_that_nothing_came(
    receiver: Client, line: PurchaseOrderLine
) -> None:
    text = receiver.get(line_page(line)).content.decode()

    assert text.index("Save the count") < text.index('name="nothing"')


def test_figures_that_contradict_each_other_are_refused_in_words(
    receiver: Client, line: PurchaseOrderLine
) -> None:
    answer = receiver.post(line_page(line), event(packs="1", damaged_qty="6"))

    assert answer.status_code == 422
    assert "No more can be rejected than arrived." in answer.content.decode()


def test_what_is_no_photo_is_refused_in_words(receiver: Client, line: PurchaseOrderLine) -> None:
    answer = receiver.post(
        line_page(line), event(packs="1", photo=SimpleUploadedFile("a.jpg", b"text"))
    )

    assert answer.status_code == 422
    assert "not a photo" in answer.content.decode()


def test_too_many_pieces_are_given_back_and_it_is_said(
    receiver: Client, line: PurchaseOrderLine
) -> None:
    answer = receiver.post(line_page(line), event(packs="3"), follow=True)

    assert "5 more than ordered" in answer.content.decode()
    assert ExceptionCase.objects.get().cause == Cause.OVER


@pytest.mark.parametrize(
    ("storage", "degrees", "said"),
    [
        pytest.param(Storage.FROZEN, "-8.5", "came too warm", id="warm_case"),
        pytest.param(Storage.CHILL, "", "was not measured", id="unmeasured_case"),
    ],
)
def test_cold_goods_are_cautioned_about_and_not_blocked(
    receiver: Client, line: PurchaseOrderLine, storage: Storage, degrees: str, said: str
) -> None:
    line.sku.storage = storage
    line.sku.save()

    answer = receiver.post(line_page(line), event(packs="2", temperature_c=degrees), follow=True)

    assert said in answer.content.decode()
    assert GoodsReceiptLine.objects.get().accepted_qty == 10


def test_goods_sold_by_weight_are_weighed(receiver: Client, line: PurchaseOrderLine) -> None:
    line.sku.kind, line.sku.tolerance_bp = SkuKind.CATCH_WEIGHT, 500
    line.sku.save()

    assert 'name="weight_kg"' in receiver.get(line_page(line)).content.decode()
    receiver.post(line_page(line), event(packs="2", weight_kg="5.125", temperature_c="4.5"))

    row = GoodsReceiptLine.objects.get()
    assert (row.weight_g, row.temperature_dc) == (5125, 45)


def test_a_count_is_corrected_on_one_page(receiver: Client, line: PurchaseOrderLine) -> None:
    receiver.post(line_page(line), event(packs="2", photo=picture()))
    wrong = GoodsReceiptLine.objects.get()
    form = receiver.get(page("receiving-correct", wrong.pk)).content.decode()

    receiver.post(
        page("receiving-correct", wrong.pk), event(packs="1", reason="one pack was another SKU")
    )

    right = GoodsReceiptLine.objects.standing().get()
    assert 'value="2"' in form
    assert (right.arrived_qty, right.photo.name) == (5, wrong.photo.name)
    assert (
        "one pack was another SKU"
        in receiver.get(page("receiving-order", line.purchase_order_id)).content.decode()
    )


def test_a_count_can_be_taken_back_only(receiver: Client, line: PurchaseOrderLine) -> None:
    receiver.post(line_page(line), event(packs="2"))
    row = GoodsReceiptLine.objects.get()

    answer = receiver.post(
        page("receiving-correct", row.pk), event(void="1", reason="wrong order"), follow=True
    )
    again = receiver.get(page("receiving-correct", row.pk))

    assert not GoodsReceiptLine.objects.standing().exists()
    assert "taken back, not entered" in answer.content.decode()
    assert again["Location"] == line_page(line)


def test_a_correction_needs_a_reason(receiver: Client, line: PurchaseOrderLine) -> None:
    receiver.post(line_page(line), event(packs="2"))
    row = GoodsReceiptLine.objects.get()

    for button in ({}, {"void": "1"}):
        answer = receiver.post(page("receiving-correct", row.pk), event(packs="1", **button))
        assert answer.status_code == 422

    assert GoodsReceiptLine.objects.standing().get() == row


def test_goods_nobody_ordered_are_noted_with_what_became_of_them(
    receiver: Client, line: PurchaseOrderLine
) -> None:
    sent = event(
        description="Pears 5 kg",
        qty="4",
        outcome="held",
        brought_by=str(line.purchase_order.supplier),
        photo=picture(),
    )

    for _time in range(2):
        receiver.post(page("receiving-stray"), sent)

    case = ExceptionCase.objects.get()
    assert (case.sku_id, case.cause, case.qty) == (None, Cause.WRONG, 4)
    assert case.note == f"{line.purchase_order.supplier} · Pears 5 kg · Put aside on the hold shelf"
    assert case.photo


def test_after_the_day_nothing_is_counted_and_it_is_said(
    receiver: Client, line: PurchaseOrderLine
) -> None:
    user = UserFactory.create()
    run = line.purchase_order.run
    CutoffRun.objects.update(day_closed_at=run.created_at, day_closed_by=user)

    answer = receiver.post(line_page(line), event(packs="2"))

    assert answer.status_code == 422
    assert "This day is closed" in answer.content.decode()


def test_counts_of_other_nights_are_not_found(receiver: Client, line: PurchaseOrderLine) -> None:
    other = PurchaseOrderLineFactory.create()

    for url in (
        page("receiving-line", other.purchase_order_id, other.pk),
        page("receiving-line", line.purchase_order_id, other.pk),
        page("receiving-correct", 99),
        page("receiving-photo", 99),
    ):
        assert receiver.get(url).status_code == 404
