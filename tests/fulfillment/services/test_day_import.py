from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db.models import Count, Sum

from fulfillment.errors import BundleUnreadable, CampaignImportedDifferently
from fulfillment.models.cutoff_run import CutoffRun, ImportNote
from fulfillment.models.delivery import Vehicle
from fulfillment.models.purchasing import Supplier, SupplierOffer
from fulfillment.models.warehouse import Warehouse
from fulfillment.services.day_bundle import bundle_notes, bundle_open
from fulfillment.services.day_import import DayImport, day_import
from leaders.models.communities import Community
from leaders.models.leaders import Leader, LeaderState
from leaders.models.pickup_points import PickupPoint
from orders.models.campaigns import Campaign, Offer
from orders.models.catalogue import PriceLog, Sku
from orders.models.ledger import Transfer
from orders.models.orders import Order, OrderLine, OrderState
from orders.models.payments import Payment, PaymentState
from orders.models.residents import Resident
from tests.bundles import REAL_DAYS, BundleText

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 1, 15, 2, tzinfo=UTC)
COUNTED = (
    Warehouse, Leader, PickupPoint, Community, Supplier, SupplierOffer, Sku, PriceLog, Vehicle,
    Campaign, Offer, Resident, Order, OrderLine, Payment, CutoffRun, ImportNote,
)  # fmt: skip


def imported(directory: Path) -> DayImport:
    bundle = bundle_open(directory)
    return day_import(bundle=bundle, notes=bundle_notes(bundle), now=NOW)


def row_counts() -> Mapping[str, int]:
    return {model.__name__: model._default_manager.count() for model in COUNTED}


def prepaid_fen() -> int:
    total = Transfer.objects.filter(credit__code="customer_prepaid").aggregate(
        fen=Sum("amount_fen")
    )
    return int(total["fen"])


def test_a_day_becomes_rows_that_carry_what_was_paid(tmp_path: Path) -> None:
    day = imported(BundleText().write(tmp_path))

    assert day.is_new
    assert row_counts() == {
        "Warehouse": 1,
        "Leader": 2,
        "PickupPoint": 2,
        "Community": 2,
        "Supplier": 1,
        "SupplierOffer": 3,
        "Sku": 3,
        "PriceLog": 3,
        "Vehicle": 1,
        "Campaign": 1,
        "Offer": 3,
        "Resident": 2,
        "Order": 3,
        "OrderLine": 4,
        "Payment": 3,
        "CutoffRun": 1,
        "ImportNote": 0,
    }
    order = Order.objects.get(source_no="O1")
    assert (order.state, order.total_fen) == (OrderState.PAID, 1608)
    assert order.paid_at == datetime(2026, 5, 1, 0, 1, tzinfo=UTC)
    payment = order.payments.get()
    assert (payment.state, payment.amount_fen) == (PaymentState.SUCCEEDED, 1608)
    assert Leader.objects.get(code="L1").state == LeaderState.ACTIVE
    assert Community.objects.get(name="桂花里").households == 900


def test_the_money_of_a_day_is_in_the_ledger(tmp_path: Path) -> None:
    imported(BundleText().write(tmp_path))

    assert list(
        Transfer.objects.order_by("idem_key").values_list(
            "debit__code", "credit__code", "amount_fen", "order__source_no"
        )
    ) == [
        ("clearing:import", "customer_prepaid", 1608, "O1"),
        ("clearing:import", "customer_prepaid", 2580, "O2"),
        ("clearing:import", "customer_prepaid", 1990, "O3"),
    ]


def test_the_same_bundle_again_changes_nothing(tmp_path: Path) -> None:
    first = imported(BundleText().write(tmp_path))
    before = row_counts()

    again = imported(tmp_path)

    assert (again.is_new, again.run.pk) == (False, first.run.pk)
    assert row_counts() == before


def test_another_bundle_under_the_same_campaign_is_refused(tmp_path: Path) -> None:
    imported(BundleText().write(tmp_path / "a"))
    before = row_counts()
    changed = BundleText().cell("orders.csv", 2, "qty", "3").write(tmp_path / "b")

    with pytest.raises(CampaignImportedDifferently):
        imported(changed)

    assert row_counts() == before


def test_a_second_day_uses_the_masters_of_the_first(tmp_path: Path) -> None:
    imported(BundleText().write(tmp_path / "a"))
    second = BundleText().cell("leaders.csv", 2, "name", "林晓云")
    second.cell("skus.csv", 2, "price_fen", "149").cell("skus.csv", 2, "supplier_code", "S2")
    second.cell("orders.csv", 2, "unit_price_fen", "149").add(
        "suppliers.csv", "S2,柳岸菜行,马师傅,19900000004,0,02:30"
    )
    second.cell("vehicles.csv", 2, "code", "V2").cell("receipts.csv", 2, "supplier_code", "S2")
    second.campaign["code"] = "C2"

    imported(second.write(tmp_path / "b"))

    counts = row_counts()
    assert (counts["Leader"], counts["Sku"], counts["Order"], counts["Resident"]) == (2, 3, 6, 2)
    assert (counts["PriceLog"], counts["Vehicle"], counts["Supplier"]) == (4, 2, 2)
    assert Leader.objects.get(code="L1").name == "林晓云"
    assert list(Vehicle.objects.filter(is_active=True).values_list("code", flat=True)) == ["V2"]
    ranks = SupplierOffer.objects.filter(sku__code="K1").order_by("rank")
    assert list(ranks.values_list("supplier__code", "rank")) == [("S2", 1), ("S1", 2)]


def test_a_day_that_breaks_half_way_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = bundle_open(BundleText().cell("orders.csv", 4, "qty", "0").write(tmp_path))

    with pytest.raises(KeyError):
        day_import(bundle=bundle, notes={}, now=NOW)

    assert set(row_counts().values()) == {0}


def gbk(directory: Path) -> None:
    path = directory / "orders.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("gbk"))


def without_column(directory: Path) -> None:
    path = directory / "orders.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("qty", "amount", 1), encoding="utf-8")


def without_warehouse(directory: Path) -> None:
    (directory / "warehouses.csv").write_text(
        "code,name,address,lng,lat,coord_system\n", encoding="utf-8"
    )


@pytest.mark.parametrize("spoil", [gbk, without_column, without_warehouse])
def test_a_bundle_that_cannot_be_read_is_refused_before_anything_is_written(
    tmp_path: Path, spoil: object
) -> None:
    directory = BundleText().write(tmp_path)
    assert callable(spoil)
    spoil(directory)

    with pytest.raises(BundleUnreadable):
        imported(directory)

    assert set(row_counts().values()) == {0}


def test_bad_rows_are_noted_and_the_rest_is_imported(tmp_path: Path) -> None:
    text = BundleText()
    text.cell("orders.csv", 3, "sku_code", "K9").cell("orders.csv", 4, "qty", "-2")
    text.cell("leaders.csv", 3, "lng", "34.69").cell("leaders.csv", 3, "lat", "113.66")
    text.add("orders.csv", text.tables["orders.csv"][3].replace("R1", "R2").replace("K3", "K1"))
    text.cell("orders.csv", 5, "resident_name", "=cmd|' /C calc'!A0")
    text.cell("orders.csv", 5, "building", "栋" * 10_000)

    day = imported(text.write(tmp_path))

    assert list(Order.objects.order_by("source_no").values_list("source_no", flat=True)) == [
        "O1",
        "O3",
    ]
    named = Order.objects.get(source_no="O3")
    assert named.resident_name == "=cmd|' /C calc'!A0"
    assert named.building == "栋" * 29 + "…"
    notes = ImportNote.objects.filter(run=day.run).order_by("position")
    assert [(note.severity, note.file, note.row, note.code) for note in notes] == [
        ("warning", "leaders.csv", 3, "coordinates_swapped"),
        ("error", "orders.csv", 3, "sku_unknown"),
        ("error", "orders.csv", 4, "number_unusable"),
        ("error", "orders.csv", 4, "order_empty"),
        ("warning", "orders.csv", 5, "text_cut"),
        ("warning", "orders.csv", 5, "resident_details_differ"),
        ("error", "orders.csv", 6, "order_conflicts"),
    ]
    assert all(note.message for note in notes)
    assert max(len(note.message) for note in notes) < 300
    assert prepaid_fen() == 318 + 1990


@pytest.mark.skipif(not REAL_DAYS.is_dir(), reason="the real days are not on this machine")
@pytest.mark.parametrize(
    ("name", "orders", "lines", "pieces", "paid_fen"),
    [
        ("day_small", 311, 2_280, 4_628, 3_111_265),
        pytest.param("day_zhengzhou", 5_390, 41_072, 74_550, 49_831_313, marks=pytest.mark.slow),
    ],
)
def test_a_real_day_is_imported_to_the_last_piece_and_fen(
    name: str, orders: int, lines: int, pieces: int, paid_fen: int
) -> None:
    day = imported(REAL_DAYS / name)

    figures = OrderLine.objects.filter(order__campaign=day.run.campaign).aggregate(
        orders=Count("order_id", distinct=True),
        lines=Count("pk"),
        pieces=Sum("qty"),
        fen=Sum("amount_fen"),
    )
    assert figures == {"orders": orders, "lines": lines, "pieces": pieces, "fen": paid_fen}
    assert prepaid_fen() == paid_fen
    assert not ImportNote.objects.filter(run=day.run, severity="error").exists()
