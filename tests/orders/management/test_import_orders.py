"""`import_orders` reads, reconciles and imports once."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from orders.models.campaigns import CampaignState
from orders.models.orders import Order, OrderSource, OrderState
from orders.models.payments import Payment
from orders.models.stock import OfferStock
from tests.factories.orders import OfferFactory
from tests.factories.storefronts import OpenShop

EXPORT = Path(__file__).resolve().parents[4] / "shared" / "data" / "kuaituantuan_export"
FILE = EXPORT / "ktt_export_deidentified.xlsx"
HEADINGS = [
    "下单人",
    "跟团号",
    "商品",
    "规格",
    "数量",
    "商品金额",
    "订单金额",
    "退款金额",
    "收货人",
    "联系电话",
    "详细地址",
    "楼号",
    "房号",
]

pytestmark = pytest.mark.usefixtures("books_hold", "english")


@pytest.fixture
def shop(db: None) -> OpenShop:
    """A shop that sells sweet potatoes."""
    shop = OpenShop()
    shop.offer("沙地红薯 1000g", price_fen=1200)
    return shop


def say(*arguments: str) -> dict[str, Any]:
    """What the command prints."""
    out = StringIO()
    call_command("import_orders", *arguments, stdout=out)
    said: dict[str, Any] = json.loads(out.getvalue())
    return said


def into(shop: OpenShop, file: Path, *more: str) -> dict[str, Any]:
    """What the command prints for the shop's campaign and leader."""
    return say(str(file), "--campaign", shop.campaign.code, "--leader", shop.leader.code, *more)


def export(folder: Path, *rows: list[object]) -> Path:
    """A workbook with a purchase sheet."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(HEADINGS)
    for cells in rows:
        page.append(cells)
    book.save(folder / "export.xlsx")
    return folder / "export.xlsx"


def bought(number: str = "1", goods: str = "沙地红薯1000g±100g", qty: int = 2) -> list[object]:
    """A row of the sheet at 10.97 yuan a piece."""
    paid = round(qty * 10.97, 2)
    return [
        "小满",
        number,
        goods,
        None,
        qty,
        paid,
        paid,
        0,
        "小满",
        "19906912483",
        "3号501",
        3,
        501,
    ]


def test_the_real_export_gives_its_own_figures_with_every_difference_explained() -> None:
    if not FILE.is_file():
        pytest.skip(f"the real export is missing: {FILE}")

    said = say(str(FILE), "--dry-run")

    assert (said["layout"], said["rows"], said["rejected"]) == ("ktt_purchases", 220, [])
    assert (said["orders"], said["pieces"], said["amount_fen"]) == (228, 351, 385047)
    merged = [(note["row"], note["words"]) for note in said["notes"] if note["code"] == "merged"]
    assert merged == [
        (37, "36、43"),
        (40, "39、125"),
        (49, "49、59"),
        (103, "104、105"),
        (157, "162、226"),
        (179, "184、190"),
        (181, "186、188"),
        (221, "229、230"),
    ]
    corrected = [note["row"] for note in said["notes"] if note["code"] == "corrected"]
    assert corrected == [34, 63, 72, 146]
    assert all(figure["reconciled"] for figure in said["reconciliation"])
    orders = next(f for f in said["reconciliation"] if f["figure"] == "订单总数")
    assert (orders["file_says"], orders["rows_give"], orders["understood"]) == (228, 220, 228)
    assert sum(each["difference"] for each in orders["explained"]) == 8
    assert not Order.objects.exists()


def test_the_real_export_becomes_paid_orders(shop: OpenShop) -> None:
    if not FILE.is_file():
        pytest.skip(f"the real export is missing: {FILE}")

    said = into(shop, FILE)

    assert (said["accepted"], said["already_imported"], said["rejected"]) == (228, 0, [])
    orders = Order.objects.all()
    assert sum(order.total_fen for order in orders) == 385047
    assert {(o.state, o.source) for o in orders} == {(OrderState.PAID, OrderSource.IMPORT)}
    assert Payment.objects.count() == 228


def test_without_a_campaign_or_in_a_dry_run_nothing_is_written(
    shop: OpenShop, tmp_path: Path
) -> None:
    file = export(tmp_path, bought())

    plain = say(str(file))
    dry = into(shop, file, "--dry-run")

    assert (plain["dry_run"], dry["dry_run"], dry["accepted"]) == (True, True, 1)
    assert not Order.objects.exists()


def test_the_same_file_again_changes_nothing(shop: OpenShop, tmp_path: Path) -> None:
    file = export(tmp_path, bought("1、2", qty=3), bought("3"))

    first = into(shop, file)
    again = into(shop, file)

    assert (first["accepted"], first["already_imported"]) == (3, 0)
    assert (again["accepted"], again["already_imported"]) == (3, 3)
    assert Order.objects.count() == Payment.objects.count() == 3


def test_goods_nobody_sells_are_rejected_and_the_rest_comes_in(
    shop: OpenShop, tmp_path: Path
) -> None:
    file = export(tmp_path, bought("1"), bought("2", goods="红薯粉条"))

    said = into(shop, file)

    assert said["accepted"] == 1
    assert [(each["row"], each["code"]) for each in said["rejected"]] == [(3, "goods_unknown")]
    order = Order.objects.get()
    assert (order.building, order.room, order.total_fen) == ("3", "501", 2194)
    assert order.lines.get().unit_price_fen == 1097


def test_goods_that_are_sold_out_here_are_rejected(db: None, tmp_path: Path) -> None:
    shop = OpenShop()
    shop.offer("沙地红薯 1000g", stock_cap=3)
    file = export(tmp_path, bought("1"), bought("2"))

    said = into(shop, file)

    assert [(each["row"], each["code"]) for each in said["rejected"]] == [(3, "sold_out")]
    assert OfferStock.objects.get().reserved_qty == 2


def test_a_bundle_names_its_leaders_itself(shop: OpenShop, tmp_path: Path) -> None:
    code = OfferFactory.create(campaign=shop.campaign).sku.code
    file = tmp_path / "orders.csv"
    file.write_text(
        "order_no,leader_code,resident_code,resident_name,resident_phone,building,room,placed_at,"
        "paid_at,sku_code,qty,unit_price_fen\n"
        f"O1,{shop.leader.code},R1,陈,19906912483,3栋,501,2026-03-10 07:01:32+08:00,"
        f"2026-03-10 07:02:25+08:00,{code},2,509\n"
        f"O2,L9999,R1,陈,19906912483,3栋,501,,,{code},2,509\n",
        encoding="utf-8",
    )

    said = say(str(file), "--campaign", shop.campaign.code)

    assert (said["layout"], said["orders"], said["accepted"]) == ("day_bundle", 2, 1)
    assert [each["code"] for each in said["rejected"]] == ["leader_unknown"]
    paid_at = Order.objects.get().paid_at
    assert paid_at is not None
    assert paid_at.isoformat() == "2026-03-09T23:02:25+00:00"


def test_a_file_in_gbk_is_read(shop: OpenShop, tmp_path: Path) -> None:
    file = tmp_path / "红薯.csv"
    file.write_bytes(
        "收货人,联系电话,订单总金额,支付状态,收货地址,订购数量\n甲,1,10.97,已支付,3号501,1\n".encode(
            "gbk"
        )
    )

    assert say(str(file), "--layout", "qjl_orders")["amount_fen"] == 1097


def test_what_cannot_be_read_is_said_in_a_sentence(shop: OpenShop, tmp_path: Path) -> None:
    odd = tmp_path / "odd.csv"
    odd.write_text("a,b\n1,2\n", encoding="utf-8")
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 no workbook")

    for file, words in (
        (odd, "layout"),
        (broken, "no workbook"),
        (tmp_path / "gone.csv", "cannot be opened"),
    ):
        with pytest.raises(CommandError, match=words):
            say(str(file))


def test_a_campaign_that_is_cut_off_takes_none(shop: OpenShop, tmp_path: Path) -> None:
    shop.campaign.state = CampaignState.FROZEN
    shop.campaign.save(update_fields=["state"])

    with pytest.raises(CommandError):
        into(shop, export(tmp_path, bought()))
