"""A supplier answers its order by a link, and sees nothing else by it."""

from datetime import UTC, datetime, time, timedelta
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
import time_machine
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pytest_django import Settings

from fulfillment.errors import SupplierLinkUnreadable
from fulfillment.models.papers import Document
from fulfillment.models.purchasing import LineEnd, PurchaseOrder, PurchaseOrderState
from fulfillment.models.supplier_papers import SupplierPaper, SupplierPaperKind
from fulfillment.services.supplier_links import purchase_order_id_of, supplier_token
from fulfillment.views.supplier_link import BAD_LINKS_PER_HOUR
from tests.factories.fulfillment import (
    PaperFactory,
    PurchaseOrderFactory,
    PurchaseOrderLineFactory,
)
from tests.factories.leaders import UserFactory

SENT_AT = datetime(2026, 3, 10, 15, 20, tzinfo=UTC)
PDF = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n"


@pytest.fixture(autouse=True)
def _fresh_counts() -> None:
    cache.clear()


@pytest.fixture
def order(db: None) -> PurchaseOrder:
    """An order of two lines, nine needed and ten ordered of each, that was sent."""
    made: PurchaseOrder = PurchaseOrderFactory.create(
        state=PurchaseOrderState.SENT,
        approved_at=SENT_AT,
        approved_by=UserFactory.create(),
        confirm_by=SENT_AT + timedelta(minutes=15),
    )
    PurchaseOrderLineFactory.create_batch(2, purchase_order=made)
    return made


@pytest.fixture
def link(order: PurchaseOrder) -> str:
    return reverse("supplier-order", args=[supplier_token(order)])


def figures(order: PurchaseOrder, *quantities: object) -> dict[str, object]:
    keys = order.lines.order_by("sku__code").values_list("pk", flat=True)
    return {f"line-{pk}": qty for pk, qty in zip(keys, quantities, strict=True)}


def test_the_page_shows_packs_and_pieces_without_a_log_in(
    client: Client, order: PurchaseOrder, link: str
) -> None:
    page = client.get(link)

    text = page.content.decode()
    assert page.status_code == 200
    assert order.po_no in text
    for line in order.lines.all():
        assert line.sku.name in text
    assert (page.context["shown"].packs, page.context["shown"].pieces) == (4, 20)
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in page.headers["Cache-Control"]


def test_nothing_of_another_order_is_on_the_page(
    client: Client, order: PurchaseOrder, link: str
) -> None:
    other = PurchaseOrderLineFactory.create(
        purchase_order__run=order.run, purchase_order__supplier__name="另一家蔬菜行"
    )

    text = client.get(link).content.decode()

    assert other.sku.name not in text
    assert "另一家蔬菜行" not in text
    assert other.purchase_order.po_no not in text


def test_one_button_confirms_everything(client: Client, order: PurchaseOrder, link: str) -> None:
    answer = client.post(link, {"all": "1", "slot": "02:30", "note": "司机 老王"})

    assert answer.status_code == 302
    order.refresh_from_db()
    assert (order.state, order.slot_offered) == (PurchaseOrderState.CONFIRMED, time(2, 30))
    assert order.supplier_note == "司机 老王"
    assert list(order.lines.values_list("confirmed_qty", flat=True)) == [10, 10]


def test_a_supplier_confirms_short_and_zero_is_an_answer(
    client: Client, order: PurchaseOrder, link: str
) -> None:
    client.post(link, {**figures(order, 0, 7), "slot": "", "note": ""})

    order.refresh_from_db()
    assert order.state == PurchaseOrderState.CONFIRMED_SHORT
    confirmed = order.lines.order_by("sku__code").values_list("confirmed_qty", flat=True)
    assert list(confirmed) == [0, 7]


def test_a_blank_is_no_zero(client: Client, order: PurchaseOrder, link: str) -> None:
    page = client.post(link, {**figures(order, "", 7), "slot": "", "note": ""})

    assert page.status_code == 422
    order.refresh_from_db()
    assert order.state == PurchaseOrderState.SENT
    assert list(order.lines.values_list("confirmed_qty", flat=True)) == [None, None]


@pytest.mark.parametrize("qty", ["-1", "11", "many"])
def test_figures_that_cannot_be_are_refused(
    client: Client, order: PurchaseOrder, link: str, qty: str
) -> None:
    page = client.post(link, {**figures(order, qty, 7), "slot": "", "note": ""})

    assert page.status_code == 422
    order.refresh_from_db()
    assert order.state == PurchaseOrderState.SENT


def test_a_slot_that_is_not_offered_is_refused(
    client: Client, order: PurchaseOrder, link: str
) -> None:
    assert client.post(link, {"all": "1", "slot": "12:17", "note": ""}).status_code == 422


def test_after_the_goods_arrived_the_answer_stays_and_the_page_says_why(
    client: Client, order: PurchaseOrder, link: str
) -> None:
    client.post(link, {"all": "1", "slot": "", "note": ""})
    PurchaseOrder.objects.update(state=PurchaseOrderState.RECEIVED)

    page = client.get(link)
    refused = client.post(link, {**figures(order, 1, 1), "slot": "", "note": ""})

    assert page.context["shown"].is_answerable is False
    assert 'name="all"' not in page.content.decode()
    assert refused.status_code == 409
    assert list(order.lines.values_list("confirmed_qty", flat=True)) == [10, 10]


def test_lines_that_were_given_up_are_not_asked_for(
    client: Client, order: PurchaseOrder, link: str
) -> None:
    ended = order.lines.order_by("sku__code")[0]
    order.lines.filter(pk=ended.pk).update(ended_as=LineEnd.GIVEN_UP, ended_reason="不够起订")

    page = client.get(link)

    assert f"line-{ended.pk}" not in page.content.decode()
    assert [line.pk for line in page.context["shown"].ended] == [ended.pk]
    # Why is ours to know.
    assert "不够起订" not in page.content.decode()


@pytest.mark.django_db
def test_an_order_that_was_never_sent_has_no_page(client: Client) -> None:
    draft = PurchaseOrderFactory.create()

    page = client.get(reverse("supplier-order", args=[supplier_token(draft)]))

    assert page.status_code == 404


def test_a_link_that_is_too_old_says_so(client: Client, order: PurchaseOrder) -> None:
    with time_machine.travel(SENT_AT, tick=False):
        link = reverse("supplier-order", args=[supplier_token(order)])
    with time_machine.travel(SENT_AT + timedelta(hours=47), tick=False):
        assert client.get(link).status_code == 200
    with time_machine.travel(SENT_AT + timedelta(hours=49), tick=False):
        page = client.get(link)
        posted = client.post(link, {"all": "1"})

    assert (page.status_code, posted.status_code) == (410, 410)
    assert order.po_no not in page.content.decode()
    order.refresh_from_db()
    assert order.state == PurchaseOrderState.SENT


def test_a_link_to_another_order_is_not_made_from_ones_own(
    client: Client, order: PurchaseOrder
) -> None:
    other = PurchaseOrderFactory.create(state=PurchaseOrderState.SENT, approved_at=SENT_AT)
    _own, *signed = supplier_token(order).split(".")
    theirs = supplier_token(other).split(".")[0]

    page = client.get(reverse("supplier-order", args=[".".join([theirs, *signed])]))

    assert page.status_code == 404
    assert other.po_no not in page.content.decode()


@given(
    at=st.integers(min_value=0), sign=st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"])
)
def test_a_tampered_token_names_no_order(at: int, sign: str) -> None:
    token = supplier_token(PurchaseOrder(pk=4711))
    place = at % len(token)
    tampered = token[:place] + sign + token[place + 1 :]

    if tampered == token:
        assert purchase_order_id_of(tampered) == 4711
    else:
        with pytest.raises(SupplierLinkUnreadable):
            purchase_order_id_of(tampered)


@given(text=st.text(max_size=80))
def test_no_text_is_a_token(text: str) -> None:
    with pytest.raises(SupplierLinkUnreadable):
        purchase_order_id_of(text)


@pytest.mark.django_db
def test_whoever_tries_links_is_stopped(client: Client) -> None:
    link = reverse("supplier-order", args=["2f.1abcde.AbCdEfGhIjKlMnOpQrStUv"])

    answers = {client.get(link).status_code for _try in range(BAD_LINKS_PER_HOUR)}

    assert answers == {404}
    assert client.get(link).status_code == 429


def photo() -> bytes:
    written = BytesIO()
    Image.new("RGB", (40, 30), "white").save(written, format="PNG")
    return written.getvalue()


def handed_in(data: bytes, **more: object) -> dict[str, object]:
    file = SimpleUploadedFile("证书.pdf", data, content_type="application/pdf")
    return {"kind": SupplierPaperKind.CONFORMITY, "number": "HG-7", "file": file, **more}


@pytest.mark.parametrize(
    ("data", "suffix"), [(PDF, ".pdf"), (photo(), ".jpg")], ids=["pdf", "photo"]
)
def test_a_certificate_is_kept_under_a_name_nobody_guesses(
    client: Client,
    order: PurchaseOrder,
    link: str,
    settings: Settings,
    tmp_path: Path,
    data: bytes,
    suffix: str,
) -> None:
    settings.MEDIA_ROOT = tmp_path
    line = order.lines.all()[0]

    answer = client.post(f"{link}papers/", handed_in(data, sku=line.sku_id))

    assert answer.status_code == 302
    paper = SupplierPaper.objects.get()
    assert (paper.supplier, paper.purchase_order, paper.sku) == (order.supplier, order, line.sku)
    assert (paper.kind, paper.number) == (SupplierPaperKind.CONFORMITY, "HG-7")
    assert paper.uploaded_by is None
    name = str(paper.file.name)
    assert name.endswith(suffix)
    assert "证书" not in name
    assert "HG-7" in client.get(link).content.decode()
    # The file itself is for the staff.
    assert name not in client.get(link).content.decode()


@pytest.mark.parametrize(
    "data",
    [b"MZ\x90\x00", b"%PDF-1.7 and no end", b"<html>%PDF-%%EOF", b"%PDF-" + b"x" * 10**7 * 2],
)
def test_what_is_no_pdf_and_no_photo_is_refused(
    client: Client, order: PurchaseOrder, link: str, data: bytes
) -> None:
    page = client.post(f"{link}papers/", handed_in(data))

    assert page.status_code == 422
    assert not SupplierPaper.objects.exists()


def test_a_paper_for_goods_of_another_order_is_refused(
    client: Client, order: PurchaseOrder, link: str
) -> None:
    foreign = PurchaseOrderLineFactory.create().sku_id

    page = client.post(f"{link}papers/", handed_in(PDF, sku=foreign))

    assert page.status_code == 422
    assert not SupplierPaper.objects.exists()


def test_the_spreadsheet_has_the_lines_still_bought_and_the_weight(
    client: Client, order: PurchaseOrder, link: str
) -> None:
    order.supplier.name = "=cmd|' /C calc'!A0"
    order.supplier.save()
    ended = order.lines.order_by("sku__code")[1]
    order.lines.filter(pk=ended.pk).update(ended_as=LineEnd.MOVED, ended_reason="改买")

    answer = client.get(f"{link}order.xlsx")

    book = openpyxl.load_workbook(BytesIO(b"".join(answer)))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert rows[0][1] == order.po_no
    assert rows[1][1] == f"{order.supplier.code} =cmd|' /C calc'!A0"
    assert rows[7][3:9] == (5, 2, 10, 4, 40, 5)
    assert rows[8][4:9] == (2, 10, None, 40, 5)
    assert len(rows) == 9


def test_the_printed_order_is_handed_out_once_there_is_one(
    client: Client, order: PurchaseOrder, link: str, settings: Settings, tmp_path: Path
) -> None:
    settings.PAPERS_ROOT = tmp_path

    assert client.get(f"{link}order.pdf").status_code == 404
    for revision, scope in ((1, order.supplier.code), (2, order.supplier.code), (1, "S99")):
        paper = PaperFactory.create(
            run=order.run,
            document=Document.PURCHASE_ORDER,
            scope=scope,
            revision=revision,
            file=f"po-{scope}-r{revision}.pdf",
        )
        folder = tmp_path / order.run.campaign.code
        folder.mkdir(exist_ok=True)
        (folder / paper.file).write_bytes(f"%PDF {paper.file}".encode())

    answer = client.get(f"{link}order.pdf")

    assert b"".join(answer) == f"%PDF po-{order.supplier.code}-r2.pdf".encode()
