"""Rows of the orders app."""

from datetime import UTC, date, datetime

from factory.declarations import LazyAttribute, SelfAttribute, Sequence, SubFactory
from factory.django import DjangoModelFactory

from orders.models.campaigns import Campaign, CampaignState, Offer
from orders.models.catalogue import Category, Product, Sku, Storage
from orders.models.claims import Claim, ClaimKind, ClaimPhoto
from orders.models.orders import Order, OrderLine, OrderState
from orders.models.payments import Payment, PaymentState, Refund, RefundLine, RefundReason, Verdict
from orders.models.residents import Resident
from tests.factories.leaders import LeaderFactory, PickupPointFactory


class CategoryFactory(DjangoModelFactory[Category]):
    """A shelf; one row per name."""

    class Meta:
        model = Category
        django_get_or_create = ("name",)

    name = "蔬菜"


class ProductFactory(DjangoModelFactory[Product]):
    """A product of the vegetable shelf."""

    class Meta:
        model = Product

    category = SubFactory(CategoryFactory)
    name = Sequence(lambda n: f"西兰花{n}")


class SkuFactory(DjangoModelFactory[Sku]):
    """An ambient SKU of 500 g in two litres."""

    class Meta:
        model = Sku

    code = Sequence(lambda n: f"KT{n:03d}")
    product = SubFactory(ProductFactory)
    name = LazyAttribute(lambda sku: f"{sku.product.name} 500g")
    unit = "份"
    storage = Storage.AMBIENT
    weight_g = 500
    volume_ml = 2000


class CampaignFactory(DjangoModelFactory[Campaign]):
    """A campaign of 10 March 2026 (7:00 to 23:00 in Shanghai), open for orders."""

    class Meta:
        model = Campaign

    code = Sequence(lambda n: f"C20260310-{n}")
    city = "郑州"
    state = CampaignState.OPEN
    opens_at = datetime(2026, 3, 9, 23, 0, tzinfo=UTC)
    orders_close_at = datetime(2026, 3, 10, 14, 58, tzinfo=UTC)
    payments_close_at = datetime(2026, 3, 10, 15, 1, tzinfo=UTC)
    freeze_at = datetime(2026, 3, 10, 15, 3, tzinfo=UTC)
    delivery_date = date(2026, 3, 11)


class OfferFactory(DjangoModelFactory[Offer]):
    """A SKU at 5.00 yuan without a cap."""

    class Meta:
        model = Offer

    campaign = SubFactory(CampaignFactory)
    sku = SubFactory(SkuFactory)
    price_fen = 500


class ResidentFactory(DjangoModelFactory[Resident]):
    """A resident of building 3."""

    class Meta:
        model = Resident

    code = Sequence(lambda n: f"RT{n:04d}")
    leader = SubFactory(LeaderFactory)
    name = "陈海燕"
    phone = Sequence(lambda n: f"1990691{n:04d}")
    building = "3栋"
    room = "501"


class OrderFactory(DjangoModelFactory[Order]):
    """A paid order; pickup point and resident belong to the order's leader."""

    class Meta:
        model = Order

    order_no = Sequence(lambda n: f"OT{n:06d}")
    campaign = SubFactory(CampaignFactory)
    leader = SubFactory(LeaderFactory)
    pickup_point = SubFactory(PickupPointFactory, leader=SelfAttribute("..leader"))
    resident = SubFactory(ResidentFactory, leader=SelfAttribute("..leader"))
    state = OrderState.PAID
    resident_name = SelfAttribute("resident.name")
    resident_phone = SelfAttribute("resident.phone")
    building = SelfAttribute("resident.building")
    room = SelfAttribute("resident.room")
    total_fen = 1000
    placed_at = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
    paid_at = datetime(2026, 3, 10, 2, 1, tzinfo=UTC)


class OrderLineFactory(DjangoModelFactory[OrderLine]):
    """Two pieces of an offer of the order's campaign, with the offer's price."""

    class Meta:
        model = OrderLine

    order = SubFactory(OrderFactory)
    line_no = Sequence(lambda n: n % 30_000 + 1)
    offer = SubFactory(OfferFactory, campaign=SelfAttribute("..order.campaign"))
    sku = SelfAttribute("offer.sku")
    sku_name = SelfAttribute("offer.sku.name")
    unit = SelfAttribute("offer.sku.unit")
    qty = 2
    unit_price_fen = SelfAttribute("offer.price_fen")


class PaymentFactory(DjangoModelFactory[Payment]):
    """A successful payment of the order's total."""

    class Meta:
        model = Payment

    order = SubFactory(OrderFactory)
    provider = "sandbox"
    out_trade_no = Sequence(lambda n: f"T{n:06d}")
    state = PaymentState.SUCCEEDED
    verdict = Verdict.PAID
    amount_fen = SelfAttribute("order.total_fen")
    created_at = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
    succeeded_at = datetime(2026, 3, 10, 2, 1, tzinfo=UTC)


class RefundFactory(DjangoModelFactory[Refund]):
    """A refund for a shortage that is due and booked."""

    class Meta:
        model = Refund

    payment = SubFactory(PaymentFactory)
    out_refund_no = Sequence(lambda n: f"RF{n:06d}")
    reason = RefundReason.SHORTAGE
    amount_fen = 500
    requested_at = datetime(2026, 3, 10, 20, 0, tzinfo=UTC)


class RefundLineFactory(DjangoModelFactory[RefundLine]):
    """One piece of a line of the refunded order."""

    class Meta:
        model = RefundLine

    refund = SubFactory(RefundFactory)
    order_line = SubFactory(OrderLineFactory, order=SelfAttribute("..refund.payment.order"))
    qty = 1
    amount_fen = 500


class ClaimFactory(DjangoModelFactory[Claim]):
    """A claim about one piece of a paid line that nobody has answered."""

    class Meta:
        model = Claim

    order_line = SubFactory(OrderLineFactory, order__state=OrderState.FROZEN)
    kind = ClaimKind.SPOILED
    qty = 1
    asked_fen = SelfAttribute("order_line.unit_price_fen")
    description = "软了"
    request_key = Sequence(lambda n: f"claim-{n:06d}")
    filed_at = datetime(2026, 3, 11, 10, 0, tzinfo=UTC)


class ClaimPhotoFactory(DjangoModelFactory[ClaimPhoto]):
    """The row of a photo; no file is behind it."""

    class Meta:
        model = ClaimPhoto

    claim = SubFactory(ClaimFactory)
    photo = Sequence(lambda n: f"claims/{n:06d}.jpg")
    digest = Sequence(lambda n: f"{n:064x}")
