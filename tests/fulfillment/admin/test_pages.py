"""Every page of the admin: opens for its role, shows money, keeps its queries."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime

import pytest
from django.contrib import admin
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from fulfillment.models.cutoff_run import ImportNote
from fulfillment.models.papers import PaperOpening
from leaders.models.accounts import Role, User
from leaders.models.applications import LeaderApplication, PointKind
from leaders.services.accounts import role_permissions_apply
from orders.domain.ledger import payment_received
from orders.models.catalogue import PriceLog
from orders.models.jielong import SkuAlias
from orders.models.ledger import Account, Transfer
from orders.models.legal import Licence, RuleKind, RulePage
from orders.models.outbox import OutboxMessage, Topic
from orders.models.payments import PaymentNotice
from orders.models.reconciliation import BillCheck, BillDifference, BooksCheck, DifferenceKind
from orders.services.ledger import transfers_post
from tests.factories import applicants, care, driving, levels, payouts, presets
from tests.factories import exceptions as found
from tests.factories import fulfillment as goods
from tests.factories import leaders as people
from tests.factories import orders as sales
from tests.factories import plan_rows as plans
from tests.factories import purchasing as buying
from tests.factories import travel as roads
from tests.factories import weighing as scales
from tests.factories.settlement import SettlementStatementFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
MONEY = (
    "account",
    "billcheck",
    "bookscheck",
    "commissionentry",
    "payee",
    "payment",
    "paymentnotice",
    "payout",
    "payoutbatch",
    "refund",
    "settlementstatement",
    "taxwithholding",
    "transfer",
)


def _application() -> Model:
    number = LeaderApplication.objects.count()
    return LeaderApplication.objects.create(
        applicant_name="王小芳",
        phone=f"1380000{number:04d}",
        community_name="阳光花园",
        address="文化路 8 号",
        point_kind=PointKind.SHOP,
        lng=113.66,
        lat=34.78,
        submitted_at=NOW,
    )


def _note() -> Model:
    return ImportNote.objects.create(
        run=goods.CutoffRunFactory.create(),
        position=ImportNote.objects.count() + 1,
        severity="warning",
        file="orders.csv",
        code="over_cap",
        message="…",
    )


def _transfer() -> Model:
    payment = sales.PaymentFactory.create()
    draft = payment_received(
        provider=f"p{payment.pk}",
        attempt_no=payment.out_trade_no,
        order_no=payment.order.order_no,
        amount_fen=100,
        business_date=date(2026, 3, 10),
    )
    transfers_post(drafts=[draft], now=NOW)
    return Transfer.objects.latest("pk")


def _account() -> Model:
    _transfer()
    return Account.objects.latest("pk")


def _difference() -> BillDifference:
    check = BillCheck.objects.create(
        provider=f"p{BillCheck.objects.count()}",
        bill_date=date(2026, 3, 10),
        checked_at=NOW,
        payments=1,
        payments_fen=100,
        refunds=0,
        refunds_fen=0,
        fee_fen=0,
    )
    return BillDifference.objects.create(
        check_of=check, kind=DifferenceKind.PAYMENT_AMOUNT, number="T1", ours_fen=99, theirs_fen=100
    )


def _message() -> Model:
    return OutboxMessage.objects.create(
        topic=Topic.ORDER_PAID,
        dedupe_key=f"O{OutboxMessage.objects.count()}",
        resident=sales.ResidentFactory.create(),
        phone="19906910001",
        facts={
            "order_no": "O1",
            "amount_fen": 500,
            "delivery_date": "2026-03-11",
            "place": "青石苑自提点",
        },
        available_at=NOW,
    )


def _notice() -> Model:
    return PaymentNotice.objects.create(
        provider="sandbox",
        notice_id=f"N{PaymentNotice.objects.count()}",
        body_hash="0" * 64,
        result="paid",
        received_at=NOW,
    )


def _rule_page() -> Model:
    return RulePage.objects.create(
        kind=RuleKind.TERMS,
        version=f"2026-{RulePage.objects.count()}",
        body="第一条",
        published_at=NOW,
    )


def _licence() -> Model:
    return Licence.objects.create(
        name="营业执照", holder="演示运营公司", number=f"91{Licence.objects.count():016d}"
    )


def _books_check() -> Model:
    return BooksCheck.objects.create(
        checked_at=NOW,
        violations=1,
        findings=[{"name": "prepaid", "law": "…", "violations": 1, "offenders": ["O1"]}],
    )


def _sku() -> Model:
    offer = goods.SupplierOfferFactory.create()
    PriceLog.objects.create(
        sku=offer.sku, price_fen=500, cost_fen=400, reason="campaign", valid_from=NOW
    )
    return offer.sku


def _campaign() -> Model:
    return sales.OrderLineFactory.create().order.campaign


def _purchase_order() -> Model:
    return goods.GoodsReceiptLineFactory.create().purchase_line.purchase_order


def _receipt() -> Model:
    return goods.BatchFactory.create().receipt_line.receipt


def _refund() -> Model:
    return sales.RefundLineFactory.create().refund


def _run() -> Model:
    return goods.StepRecordFactory.create().run


def _trip() -> Model:
    return goods.StopFactory.create().trip


def _delivery_run() -> Model:
    return goods.StopFactory.create().trip.delivery_run


def _sku_alias() -> Model:
    sku = sales.SkuFactory.create()
    return SkuAlias.objects.create(sku=sku, alias=f"{sku.code} 土鸡蛋")


MAKERS: dict[str, Callable[[], Model]] = {
    "leaders.user": people.UserFactory.create,
    "leaders.community": people.CommunityFactory.create,
    "leaders.pickuppoint": people.PickupPointFactory.create,
    "leaders.leader": people.LeaderFactory.create,
    "leaders.leaderapplication": _application,
    "leaders.commissionplan": people.CommissionPlanFactory.create,
    "leaders.leaderlevel": lambda: levels.ladder()[0],
    "leaders.levelreview": levels.LevelReviewFactory.create,
    "leaders.script": care.ScriptFactory.create,
    "leaders.agreement": applicants.AgreementFactory.create,
    "leaders.auditevent": care.AuditEventFactory.create,
    "orders.skualias": _sku_alias,
    "orders.category": sales.CategoryFactory.create,
    "orders.product": sales.ProductFactory.create,
    "orders.campaign": _campaign,
    "orders.campaignpreset": lambda: presets.PresetLineFactory.create().preset,
    "orders.order": lambda: sales.OrderLineFactory.create().order,
    "orders.payment": sales.PaymentFactory.create,
    "orders.paymentnotice": _notice,
    "orders.refund": _refund,
    "orders.resident": sales.ResidentFactory.create,
    "orders.outboxmessage": _message,
    "orders.rulepage": _rule_page,
    "orders.licence": _licence,
    "orders.claim": lambda: sales.ClaimPhotoFactory.create().claim,
    "orders.account": _account,
    "orders.transfer": _transfer,
    "orders.billcheck": lambda: _difference().check_of,
    "orders.billdifference": _difference,
    "orders.bookscheck": _books_check,
    "orders.sku": _sku,
    "fulfillment.supplier": lambda: goods.SupplierOfferFactory.create().supplier,
    "fulfillment.supplieroffer": lambda: buying.PriceTierFactory.create().offer,
    "fulfillment.supplierpaper": buying.SupplierPaperFactory.create,
    "fulfillment.leftovermovement": buying.LeftoverMovementFactory.create,
    "fulfillment.purchaseorder": _purchase_order,
    "fulfillment.goodsreceipt": _receipt,
    "fulfillment.cutoffrun": _run,
    "fulfillment.importnote": _note,
    "fulfillment.warehouse": goods.WarehouseFactory.create,
    "fulfillment.vehicle": lambda: goods.VehicleFactory.create(
        driver=driving.DriverFactory.create()
    ),
    "fulfillment.driver": driving.DriverFactory.create,
    "fulfillment.servedpoint": plans.ServedPointFactory.create,
    "fulfillment.linehaul": plans.LinehaulFactory.create,
    "fulfillment.plandraft": plans.PlanDraftFactory.create,
    "fulfillment.travelcalibration": roads.TravelCalibrationFactory.create,
    "fulfillment.deliveryrun": _delivery_run,
    "fulfillment.trip": _trip,
    "fulfillment.payout": payouts.PayoutFactory.create,
    "fulfillment.payoutbatch": payouts.PayoutBatchFactory.create,
    "fulfillment.settlementstatement": SettlementStatementFactory.create,
    "fulfillment.taxwithholding": payouts.TaxWithholdingFactory.create,
    "leaders.payee": payouts.PayeeFactory.create,
    "fulfillment.commissionentry": goods.CommissionEntryFactory.create,
    "fulfillment.paperopening": lambda: PaperOpening.objects.create(
        paper=goods.PaperFactory.create(),
        opened_by=people.UserFactory.create(),
        opened_at=timezone.now(),
    ),
    "fulfillment.exceptioncase": found.ExceptionCaseFactory.create,
    "fulfillment.unrecordedcount": found.UnrecordedCountFactory.create,
    "fulfillment.supplierclaim": found.SupplierClaimFactory.create,
    "fulfillment.supplierstatement": found.SupplierStatementFactory.create,
    "fulfillment.scale": scales.ScaleFactory.create,
    "fulfillment.weighedportion": scales.WeighedPortionFactory.create,
}
OURS = ("leaders", "orders", "fulfillment")


@pytest.fixture
def chief(client: Client) -> Client:
    client.force_login(people.UserFactory.create(is_superuser=True, is_staff=True))
    return client


@pytest.fixture
def buyer() -> User:
    user: User = people.UserFactory.create(role=Role.BUYER)
    role_permissions_apply("buyer")
    return User.objects.get(pk=user.pk)


def address(label: str, page: str, *args: object) -> str:
    return reverse(f"admin:{label.replace('.', '_')}_{page}", args=args)


def queries_of(client: Client, path: str) -> Sequence[str]:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return [query["sql"] for query in captured.captured_queries]


def test_every_model_in_the_admin_is_tested_here() -> None:
    registered = {
        model._meta.label_lower for model in admin.site._registry if model._meta.app_label in OURS
    }

    assert registered == set(MAKERS)


@pytest.mark.parametrize("label", MAKERS)
def test_a_list_needs_as_many_queries_for_eight_rows_as_for_two(chief: Client, label: str) -> None:
    for _ in range(2):
        MAKERS[label]()
    few = queries_of(chief, address(label, "changelist"))

    for _ in range(6):
        MAKERS[label]()
    many = queries_of(chief, address(label, "changelist"))

    assert len(many) == len(few), many


@pytest.mark.parametrize("label", MAKERS)
def test_a_row_opens(chief: Client, label: str) -> None:
    row = MAKERS[label]()

    assert chief.get(address(label, "change", row.pk)).status_code == 200


@pytest.mark.parametrize("label", MAKERS)
def test_nobody_deletes_a_row(chief: Client, label: str) -> None:
    row = MAKERS[label]()

    assert chief.post(address(label, "delete", row.pk), {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("label", [label for label in MAKERS if label.endswith(MONEY)])
def test_not_even_a_superuser_writes_money(chief: Client, label: str) -> None:
    row = MAKERS[label]()

    assert chief.get(address(label, "add")).status_code == 403
    assert chief.post(address(label, "change", row.pk), {}).status_code == 403


def test_a_buyer_opens_every_page_of_the_table_and_no_other(client: Client, buyer: User) -> None:
    client.force_login(buyer)

    opened = {
        label for label in MAKERS if client.get(address(label, "changelist")).status_code == 200
    }

    assert opened == {
        label
        for label in MAKERS
        if buyer.has_perm(f"{label.split('.')[0]}.view_{label.split('.')[1]}")
    }
    assert "fulfillment.purchaseorder" in opened
    assert "orders.order" not in opened
    assert "leaders.user" not in opened


def test_a_buyer_sees_the_lines_of_what_they_may_see(client: Client, buyer: User) -> None:
    client.force_login(buyer)
    order = _purchase_order()

    page = client.get(address("fulfillment.purchaseorder", "change", order.pk)).content.decode()

    assert "field-num_missing_qty" in page


def test_a_dispatcher_keeps_drivers_vehicles_and_whom_each_warehouse_serves(
    client: Client,
) -> None:
    user: User = people.UserFactory.create(role=Role.DISPATCHER)
    role_permissions_apply(Role.DISPATCHER)
    client.force_login(User.objects.get(pk=user.pk))

    opened = {
        label for label in MAKERS if client.get(address(label, "changelist")).status_code == 200
    }
    added = {label for label in opened if client.get(address(label, "add")).status_code == 200}

    assert added == {"fulfillment.driver", "fulfillment.servedpoint", "fulfillment.vehicle"}
    assert opened == added | {
        "leaders.pickuppoint",
        "fulfillment.deliveryrun",
        "fulfillment.linehaul",
        "fulfillment.plandraft",
        "fulfillment.travelcalibration",
        "fulfillment.trip",
        "fulfillment.warehouse",
    }


@pytest.mark.parametrize("role", [Role.LEADER, Role.WAREHOUSE])
def test_other_roles_do_not_reach_the_admin(client: Client, role: Role) -> None:
    user = people.UserFactory.create(role=role)
    role_permissions_apply(role)
    client.force_login(user)

    assert client.get("/admin/").status_code == 302


def test_the_start_page_shows_the_newest_day(client: Client, buyer: User) -> None:
    client.force_login(buyer)
    line = goods.PurchaseOrderLineFactory.create()

    page = client.get("/admin/").content.decode()

    assert line.purchase_order.run.campaign.code in page
    assert "¥40.00" in page
