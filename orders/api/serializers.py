"""What the API answers about orders: money in fen, moments with their offset."""

from datetime import datetime

from rest_framework import serializers

from orders.domain.lifecycle import PAYMENT_LIFECYCLE
from orders.models.claims import Claim, ClaimKind, ClaimState
from orders.models.orders import Order, OrderLine, OrderState
from orders.models.payments import (
    Payment,
    PaymentState,
    PayMethod,
    Refund,
    RefundReason,
    RefundState,
)
from orders.selectors.resident_orders import ResidentOrder


class OrderReceiptSerializer(serializers.Serializer[object]):
    """An order in short: what it costs, how it stands, until when it can be paid."""

    order_no = serializers.CharField()
    state = serializers.ChoiceField(choices=OrderState.choices)
    total_fen = serializers.IntegerField()
    placed_at = serializers.DateTimeField()
    pay_by = serializers.DateTimeField(allow_null=True, help_text="Goods are held until then.")


class GoodsSerializer(serializers.Serializer[OrderLine]):
    """One line of the list of orders."""

    name = serializers.CharField(source="sku_name")
    qty = serializers.IntegerField()


class OrderCardSerializer(OrderReceiptSerializer):
    """One order in the list."""

    campaign = serializers.CharField(source="campaign.code")
    delivery_date = serializers.DateField(source="campaign.delivery_date")
    point_name = serializers.CharField(source="pickup_point.name")
    lines = GoodsSerializer(many=True, source="lines.all")


class OrderLineSerializer(serializers.Serializer[OrderLine]):
    """One line, and what did not come of it."""

    line_no = serializers.IntegerField()
    offer_id = serializers.IntegerField()
    name = serializers.CharField(source="sku_name")
    unit = serializers.CharField()
    qty = serializers.IntegerField()
    unit_price_fen = serializers.IntegerField()
    amount_fen = serializers.IntegerField()
    is_void = serializers.BooleanField(help_text="The minimum group quantity was not reached.")
    short_qty = serializers.SerializerMethodField(help_text="Pieces that did not come.")

    def get_short_qty(self, line: OrderLine) -> int:
        """From the refunds for shortages."""
        shown: ResidentOrder = self.context["shown"]
        short = (part for refund in shown.shortages for part in refund.lines.all())
        return sum(part.qty for part in short if part.order_line_id == line.pk)


class PaymentSerializer(serializers.Serializer[Payment]):
    """One attempt to pay."""

    out_trade_no = serializers.CharField()
    provider = serializers.CharField()
    method = serializers.ChoiceField(choices=PayMethod.choices)
    state = serializers.ChoiceField(choices=PaymentState.choices)
    amount_fen = serializers.IntegerField()
    expires_at = serializers.DateTimeField(allow_null=True)
    succeeded_at = serializers.DateTimeField(allow_null=True)
    handle = serializers.SerializerMethodField(
        help_text="What opens the cashier: `url`, `code_url`, or the parameters of JSAPI. "
        "Empty when there is nothing to pay any more."
    )

    def get_handle(self, payment: Payment) -> dict[str, str]:
        """A handle of an attempt that is over opens nothing."""
        is_live = payment.state in PAYMENT_LIFECYCLE.open
        return dict(payment.handle) if is_live else {}


class RefundSerializer(serializers.Serializer[Refund]):
    """Money that goes back."""

    refund_no = serializers.CharField(source="out_refund_no")
    reason = serializers.ChoiceField(choices=RefundReason.choices)
    state = serializers.ChoiceField(choices=RefundState.choices)
    amount_fen = serializers.IntegerField()
    requested_at = serializers.DateTimeField()
    succeeded_at = serializers.DateTimeField(allow_null=True)


class ClaimSerializer(serializers.Serializer[object]):
    """A complaint about one line, and what became of it."""

    claim_id = serializers.IntegerField(source="pk")
    order_no = serializers.CharField(source="order_line.order.order_no")
    line_no = serializers.IntegerField(source="order_line.line_no")
    name = serializers.CharField(source="order_line.sku_name")
    kind = serializers.ChoiceField(choices=ClaimKind.choices)
    state = serializers.ChoiceField(choices=ClaimState.choices)
    qty = serializers.IntegerField()
    defect_bp = serializers.IntegerField(
        help_text="How much of the pieces is bad: 1000 is a tenth."
    )
    weighed_g = serializers.IntegerField(allow_null=True)
    asked_fen = serializers.IntegerField()
    refund_fen = serializers.SerializerMethodField(help_text="0 until it is approved.")
    description = serializers.CharField(allow_blank=True)
    reply = serializers.CharField(
        allow_blank=True, help_text="What we say first, before we decide."
    )
    decision_note = serializers.CharField(allow_blank=True)
    filed_at = serializers.DateTimeField()
    decide_by = serializers.DateTimeField(
        allow_null=True, help_text="When there is an answer at the latest."
    )
    decided_at = serializers.DateTimeField(allow_null=True)

    def get_refund_fen(self, claim: Claim) -> int:
        """What goes back for it."""
        return claim.refund.amount_fen if claim.refund is not None else 0


class ReceiverShownSerializer(serializers.Serializer[Order]):
    """Who picks the goods up, as it stood when the order was placed."""

    name = serializers.CharField(source="resident_name")
    phone = serializers.CharField(source="resident_phone")
    building = serializers.CharField(allow_blank=True)
    room = serializers.CharField(allow_blank=True)


class OrderSerializer(serializers.Serializer[ResidentOrder]):
    """The whole of one order; `context` carries the moment `now` and the order as `shown`."""

    order_no = serializers.CharField(source="order.order_no")
    state = serializers.ChoiceField(source="order.state", choices=OrderState.choices)
    campaign = serializers.CharField(source="order.campaign.code")
    delivery_date = serializers.DateField(source="order.campaign.delivery_date")
    leader = serializers.CharField(source="order.leader.code")
    leader_name = serializers.CharField(source="order.leader.name")
    point_name = serializers.CharField(source="order.pickup_point.name")
    point_address = serializers.CharField(source="order.pickup_point.address")
    receiver = ReceiverShownSerializer(source="order")
    accepts_substitutes = serializers.BooleanField(
        source="order.accepts_substitutes",
        help_text="Whether like goods may be given for what is short.",
    )
    total_fen = serializers.IntegerField(source="order.total_fen")
    refund_fen = serializers.IntegerField(help_text="What went back or is on its way.")
    placed_at = serializers.DateTimeField(source="order.placed_at")
    pay_by = serializers.DateTimeField(source="order.pay_by", allow_null=True)
    paid_at = serializers.DateTimeField(source="order.paid_at", allow_null=True)
    pickup_code = serializers.CharField(
        allow_blank=True, help_text="Said at the pickup point; empty before the freeze."
    )
    is_payable = serializers.SerializerMethodField()
    is_cancellable = serializers.SerializerMethodField()
    lines = OrderLineSerializer(many=True)
    refunds = RefundSerializer(many=True)
    claims = ClaimSerializer(many=True)

    def get_is_payable(self, shown: ResidentOrder) -> bool:
        """Whether a payment would still count."""
        now: datetime = self.context["now"]
        return _is_own(shown) and shown.is_payable_at(now)

    def get_is_cancellable(self, shown: ResidentOrder) -> bool:
        """Whether the caller may still cancel."""
        now: datetime = self.context["now"]
        return _is_own(shown) and shown.is_cancellable_at(now)


def _is_own(shown: ResidentOrder) -> bool:
    """What a leader pays for a neighbour is the leader's to pay and to cancel."""
    return shown.order.payer_leader_id is None


def order_body(shown: ResidentOrder, now: datetime) -> dict[str, object]:
    """One order as the API answers it at a moment."""
    body: dict[str, object] = OrderSerializer(shown, context={"now": now, "shown": shown}).data
    return body
