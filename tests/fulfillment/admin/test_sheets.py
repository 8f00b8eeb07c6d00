"""Spreadsheets in and out of the admin."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext, override
from pytest_django import Settings

from fulfillment.models.purchasing import SupplierOffer
from leaders.models.accounts import Role, User
from leaders.models.audit import AuditEvent
from leaders.services.accounts import role_permissions_apply
from orders.admin.sheet_pages import SheetPages
from orders.integrations.sheets import sheet_read, workbook_bytes
from orders.models.campaigns import CampaignState, Offer
from orders.models.catalogue import PriceLog, Product, Sku
from orders.models.jielong import SkuAlias
from orders.models.presets import CampaignPreset, PresetLine
from tests.factories.fulfillment import SupplierOfferFactory
from tests.factories.leaders import LeaderFactory, UserFactory
from tests.factories.orders import CampaignFactory, CategoryFactory, OfferFactory, SkuFactory
from tests.factories.purchasing import PriceTierFactory
from tests.fulfillment.admin.test_pages import MONEY

pytestmark = pytest.mark.django_db

OFFERS = "admin:fulfillment_supplieroffer_sheet"
CAMPAIGNS = "admin:orders_campaign_sheet"
OFFER_HEADINGS = ("supplier", "SKU", "pieces per pack", "cost per piece (¥)")
LINE_HEADINGS = ("campaign", "SKU", "price (¥)", "stock cap")


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.fixture
def desk(client: Client, settings: Settings, tmp_path: Path) -> Client:
    settings.VAR_DIR = tmp_path
    client.force_login(UserFactory.create(is_superuser=True, is_staff=True))
    return client


def looked_at(desk: Client, page: str, headings: Sequence[str], *rows: Sequence[object]) -> Any:
    file = SimpleUploadedFile("三月.xlsx", workbook_bytes("x", headings, rows))
    return desk.post(reverse(page), {"file": file})


def brought_in(desk: Client, page: str, headings: Sequence[str], *rows: Sequence[object]) -> Any:
    looked = looked_at(desk, page, headings, *rows)
    assert looked.status_code == 200, faults(looked)
    return desk.post(reverse(f"{page}_confirm"), {"ticket": looked.context["ticket"]})


def faults(looked: Any) -> list[str]:
    """Everything that a page says against a file."""
    rows = [fault for row in looked.context["rows"] for fault in row.get("faults", ())]
    return [*looked.context["faults"], *rows]


def offer_of(supplier: str, sku: str, cost_fen: int = 400) -> SupplierOffer:
    offer: SupplierOffer = SupplierOfferFactory.create(
        supplier__code=supplier, sku=SkuFactory.create(code=sku), cost_fen=cost_fen, pack_factor=10
    )
    return offer


def test_what_would_change_is_shown_and_nothing_is_written_before_it_is_confirmed(
    desk: Client,
) -> None:
    offer = offer_of("S1", "K1", 400)
    same = offer_of("S2", "K2", 300)
    new = SkuFactory.create(code="K3")
    rows = (("S1", "K1", 10, 4.2), ("S2", "K2", 10, 3), ("S1", "K3", 6, "0.55"))

    looked = looked_at(desk, OFFERS, OFFER_HEADINGS, *rows)

    assert looked.context["trial"].numbers == {"new": 1, "changed": 1, "same": 1, "faulty": 0}
    changed, added = looked.context["rows"]
    assert (changed["number"], changed["kind"], added["kind"]) == (2, "changed", "new")
    assert [cell for cell in changed["cells"] if cell["is_changed"]] == [
        {"before": "4.00", "after": "4.20", "is_changed": True}
    ]
    offer.refresh_from_db()
    assert offer.cost_fen == 400

    desk.post(reverse(f"{OFFERS}_confirm"), {"ticket": looked.context["ticket"]})

    offer.refresh_from_db()
    same.refresh_from_db()
    assert (offer.cost_fen, same.cost_fen) == (420, 300)
    assert SupplierOffer.objects.get(sku=new).cost_fen == 55


def test_who_brought_which_file_is_in_the_audit_log_and_in_the_history_of_the_rows(
    desk: Client,
) -> None:
    offer = offer_of("S1", "K1")

    brought_in(desk, OFFERS, OFFER_HEADINGS, ("S1", "K1", 10, 4.2))

    event = AuditEvent.objects.get(action="sheet.imported")
    assert event.actor is not None
    assert event.facts["table"] == "fulfillment.supplieroffer"
    assert event.facts["file"] == "三月.xlsx"
    assert len(event.facts["sha256"]) == 64
    assert (event.facts["new"], event.facts["changed"], event.facts["same"]) == (0, 1, 0)
    assert LogEntry.objects.get().object_id == str(offer.pk)


def test_a_cost_that_changes_leaves_its_row_in_the_price_log(desk: Client) -> None:
    offer = offer_of("S1", "K1", 400)
    PriceLog.objects.create(
        sku=offer.sku,
        price_fen=600,
        cost_fen=400,
        reason="x",
        valid_from=datetime(2026, 3, 1, tzinfo=UTC),
    )

    brought_in(desk, OFFERS, OFFER_HEADINGS, ("S1", "K1", 10, 4.2))

    newest = PriceLog.objects.latest("pk")
    assert (newest.price_fen, newest.cost_fen) == (600, 420)
    assert newest.actor is not None
    assert "三月.xlsx" in newest.reason
    facts = AuditEvent.objects.get(action="supplieroffer.cost").facts
    assert facts == {"supplier": "S1", "sku": "K1", "before_fen": 400, "after_fen": 420}


def test_the_cost_of_a_supplier_who_is_asked_second_is_not_what_we_pay(desk: Client) -> None:
    offer = offer_of("S1", "K1", 400)
    second = SupplierOfferFactory.create(
        supplier__code="S2", sku=offer.sku, rank=2, cost_fen=500, pack_factor=10
    )
    PriceLog.objects.create(
        sku=offer.sku, price_fen=600, cost_fen=400, reason="x", valid_from=offer_day()
    )

    brought_in(desk, OFFERS, OFFER_HEADINGS, ("S2", "K1", 10, 5.5))

    second.refresh_from_db()
    assert (second.cost_fen, PriceLog.objects.count()) == (550, 1)
    assert AuditEvent.objects.filter(action="supplieroffer.cost").count() == 1


def offer_day() -> datetime:
    return datetime(2026, 3, 1, tzinfo=UTC)


FAULTY = (
    (("S9", "K1", 10, 4), "supplier: Nothing here is called S9."),
    (("S1", "K9", 10, 4), "SKU: Nothing here is called K9."),
    (("S1", "K1", 10, -4), "cost per piece (¥): An amount is not negative."),
    (("S1", "K2", 10, 4.005), "cost per piece (¥): Enter an amount such as 12.50."),
    (("S1", "K3", 2.5, 4), "pieces per pack: Enter a whole number, 0 or more."),
    (("S1", "K4", "=2*5", 4), "pieces per pack: Enter a number."),
    (("S1", "K5", 0, 4), "A pack holds at least one piece."),
    (("S1", "K6", None, 4), "pieces per pack: This field cannot be null."),
)


def test_every_faulty_row_says_what_is_wrong_with_it(desk: Client) -> None:
    offer_of("S1", "K1")
    for number in range(2, 7):
        SkuFactory.create(code=f"K{number}")

    looked = looked_at(desk, OFFERS, OFFER_HEADINGS, *(row for row, _said in FAULTY))

    assert looked.status_code == 422
    assert [row["number"] for row in looked.context["rows"]] == list(range(2, 10))
    assert faults(looked) == [said for _row, said in FAULTY]
    assert looked.context["ticket"] == ""


def test_one_faulty_row_keeps_all_of_them_out(desk: Client) -> None:
    offer = offer_of("S1", "K1", 400)

    looked = looked_at(desk, OFFERS, OFFER_HEADINGS, ("S1", "K1", 10, 4.2), ("S1", "K9", 10, 4))

    assert looked.status_code == 422
    offer.refresh_from_db()
    assert offer.cost_fen == 400


def test_what_became_wrong_since_it_was_looked_at_is_not_written(desk: Client) -> None:
    first, second = offer_of("S1", "K1", 400), offer_of("S2", "K2", 400)
    rows = (("S1", "K1", 10, 4.2), ("S2", "K2", 10, 4.2))
    looked = looked_at(desk, OFFERS, OFFER_HEADINGS, *rows)
    PriceTierFactory.create(offer=second, from_qty=100, cost_fen=430)

    confirmed = desk.post(reverse(f"{OFFERS}_confirm"), {"ticket": looked.context["ticket"]})

    assert confirmed.status_code == 422
    first.refresh_from_db()
    assert first.cost_fen == 400
    assert not AuditEvent.objects.exists()


def test_wrong_headings_are_named_with_those_that_are_known(desk: Client) -> None:
    headings = ("supplier", "colour", "rank", "rank")

    found = faults(looked_at(desk, OFFERS, headings, ("S1", "red", 1, 1)))

    assert found[:3] == [
        "Unknown heading: colour.",
        "This heading stands there twice: rank.",
        "The heading SKU is missing.",
    ]
    assert found[3].startswith("Known headings: supplier、SKU、pieces per pack")


def test_rows_about_the_same_thing_are_named(desk: Client) -> None:
    offer_of("S1", "K1")

    looked = looked_at(desk, OFFERS, OFFER_HEADINGS, ("S1", "K1", 10, 4), ("S1", " K1", 10, 5))

    assert faults(looked) == ["Rows 2 and 3 are about the same: S1 · K1."]


def test_headings_are_understood_in_chinese_and_a_column_left_out_stays(desk: Client) -> None:
    offer = offer_of("S1", "K1", 400)
    with override("zh-hans"):
        headings = [gettext(name) for name in ("supplier", "SKU", "cost per piece (¥)")]
    assert headings[0] == "供应商"

    brought_in(desk, OFFERS, headings, ("S1", "K1", "¥4.20"))

    offer.refresh_from_db()
    assert (offer.cost_fen, offer.pack_factor) == (420, 10)


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_what_goes_out_comes_back_in_and_changes_nothing(desk: Client, ending: str) -> None:
    offer_of("S1", "K1", 1_234)
    sku = offer_of("S2", "K2").sku
    sku.name = "=HYPERLINK(1)"
    sku.save()
    for page in (OFFERS, "admin:orders_sku_sheet"):
        file = desk.get(reverse(f"{page}_{ending}")).content

        looked = desk.post(reverse(page), {"file": SimpleUploadedFile(f"a.{ending}", file)})

        assert looked.status_code == 200, faults(looked)
        assert looked.context["trial"].numbers["same"] == 2


def test_texts_go_out_inert(desk: Client) -> None:
    offer_of("S1", "K1")
    Sku.objects.update(name="=1+1", unit="@x")

    sheet = sheet_read(desk.get(reverse("admin:orders_sku_sheet_csv")).content)

    assert "'=1+1" in sheet.rows[0][1]
    assert "'@x" in sheet.rows[0][1]


def test_the_file_has_what_the_list_shows(desk: Client) -> None:
    for number in range(3):
        offer_of(f"S{number}", f"K{number}")

    content = desk.get(reverse(f"{OFFERS}_xlsx"), {"q": "K1"}).content

    assert [row[0] for _number, row in sheet_read(content).rows] == ["S1"]


def test_products_skus_and_words_come_in(desk: Client) -> None:
    CategoryFactory.create(name="蔬菜")
    LeaderFactory.create(code="L1")
    brought_in(desk, "admin:orders_product_sheet", ("category", "name"), ("蔬菜", "西兰花"))
    brought_in(
        desk,
        "admin:orders_sku_sheet",
        (
            "code",
            "product",
            "name and spec",
            "unit",
            "storage",
            "kind",
            "weight (g)",
            "volume (ml)",
        ),
        ("K1", "蔬菜/西兰花", "西兰花 500g", "份", "Chilled", "standard", 500, 2000),
    )
    brought_in(
        desk,
        "admin:orders_skualias_sheet",
        ("alias", "leader", "SKU"),
        ("花菜", None, "K1"),
        ("花菜", "L1", "K1"),
    )

    sku = Sku.objects.get(code="K1")
    assert (sku.product, sku.storage, sku.is_active) == (Product.objects.get(), "chill", True)
    assert SkuAlias.objects.filter(sku=sku, alias="花菜").count() == 2


def test_lines_of_a_draft_come_in_through_the_bench(desk: Client) -> None:
    campaign = CampaignFactory.create(code="C1", state=CampaignState.DRAFT)
    offer = OfferFactory.create(campaign=campaign, sku__code="K1", price_fen=500)
    SkuFactory.create(code="K2")

    brought_in(desk, CAMPAIGNS, LINE_HEADINGS, ("C1", "K1", 5.5, 80), ("C1", "K2", "2.99", None))

    offer.refresh_from_db()
    assert (offer.price_fen, offer.stock_cap) == (550, 80)
    assert Offer.objects.get(sku__code="K2").price_fen == 299
    assert set(AuditEvent.objects.values_list("action", flat=True)) == {
        "offer.added",
        "offer.changed",
        "sheet.imported",
    }


def test_what_residents_can_see_comes_in_by_no_sheet(desk: Client) -> None:
    OfferFactory.create(campaign=CampaignFactory.create(code="C1"), sku__code="K1")

    looked = looked_at(desk, CAMPAIGNS, LINE_HEADINGS, ("C1", "K1", 5.5, 80))

    assert faults(looked) == ["campaign: Nothing here is called C1."]


def test_terms_that_nobody_could_keep_are_said_beside_the_row(desk: Client) -> None:
    CampaignFactory.create(code="C1", state=CampaignState.DRAFT)
    SkuFactory.create(code="K1")

    looked = looked_at(desk, CAMPAIGNS, LINE_HEADINGS, ("C1", "K1", 5.5, 0))

    assert faults(looked) == [
        "stock cap: A stock cap has at least one piece; leave it empty to sell without end."
    ]


def test_goods_of_a_preset_come_in(desk: Client) -> None:
    preset = CampaignPreset.objects.create(
        name="周二", city="郑州", opens_time="07:00", orders_close_time="22:58"
    )
    SkuFactory.create(code="K1")
    page = "admin:orders_campaignpreset_sheet"

    brought_in(desk, page, ("campaign preset", "SKU", "sells from"), ("周二", "K1", "18:30"))

    line = PresetLine.objects.get(preset=preset)
    assert (f"{line.sells_from_time:%H:%M}", line.price_fen) == ("18:30", None)
    assert "K1" in desk.get(reverse(f"{page}_csv")).content.decode()


def test_a_file_that_is_none_is_refused(desk: Client) -> None:
    file = SimpleUploadedFile("a.xlsx", b"PK no workbook")

    looked = desk.post(reverse(OFFERS), {"file": file})

    assert looked.status_code == 422
    assert faults(looked) == ["This is neither an xlsx nor a csv file."]
    assert desk.post(reverse(OFFERS)).status_code == 422


def test_a_ticket_is_for_its_holder_and_its_table_alone(desk: Client, client: Client) -> None:
    offer_of("S1", "K1")
    looked = looked_at(desk, OFFERS, OFFER_HEADINGS, ("S1", "K1", 10, 4.2))
    ticket = {"ticket": looked.context["ticket"]}

    other_table = desk.post(reverse("admin:orders_sku_sheet_confirm"), ticket)
    client.force_login(UserFactory.create(is_superuser=True, is_staff=True, username="other"))
    other_person = client.post(reverse(f"{OFFERS}_confirm"), ticket)

    assert (other_table.status_code, other_person.status_code) == (302, 403)
    assert SupplierOffer.objects.get().cost_fen == 400


def test_a_buyer_brings_in_what_buyers_keep(client: Client) -> None:
    user = UserFactory.create(role=Role.BUYER)
    role_permissions_apply(Role.BUYER)
    client.force_login(User.objects.get(pk=user.pk))

    opened = {
        page.opts.label_lower: client.get(reverse(f"admin:{page._sheet_name()}")).status_code
        for page in admin.site._registry.values()
        if isinstance(page, SheetPages)
    }

    assert opened == {
        "orders.product": 200,
        "orders.sku": 200,
        "orders.skualias": 200,
        "orders.campaign": 200,
        "orders.campaignpreset": 200,
        "fulfillment.supplieroffer": 200,
    }


@pytest.mark.parametrize("role", [Role.COMPLIANCE, Role.LEADER])
def test_who_may_not_change_rows_brings_none_in(client: Client, role: Role) -> None:
    role_permissions_apply(role)
    client.force_login(UserFactory.create(role=role))

    assert client.get(reverse(OFFERS)).status_code in (302, 403)
    assert client.post(reverse(f"{OFFERS}_confirm")).status_code in (302, 403)
    assert client.get(reverse(f"{OFFERS}_csv")).status_code in (302, 403)


def test_no_table_of_money_has_a_sheet() -> None:
    labels = [
        model._meta.label_lower
        for model, page in admin.site._registry.items()
        if isinstance(page, SheetPages)
    ]

    assert labels
    assert not [label for label in labels if label.endswith((*MONEY, "pricelog", "order"))]
