"""What the payment provider is asked for: a payment, its state, the end of an order."""

from contextlib import suppress

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from leaders.http import client_ip
from orders.api.authentication import caller, caller_row
from orders.api.endpoints import ResidentEndpoint
from orders.api.fields import TextField
from orders.api.schema import problems
from orders.api.serializers import OrderSerializer, PaymentSerializer, order_body
from orders.domain.gateway import PayMethod
from orders.errors import GatewayUnavailable
from orders.models.orders import OrderState
from orders.selectors.resident_orders import ResidentOrder, order_id_of_buyer, order_of_resident
from orders.services.cancellation import order_cancel
from orders.services.payment_sweep import payment_refresh
from orders.services.payments import payment_begin

TAG = "Payment"


class PaymentRequestSerializer(serializers.Serializer[dict[str, str]]):
    """How the resident wants to pay; left out, the provider's own way."""

    method = serializers.ChoiceField(
        choices=[(way.value, way.value) for way in PayMethod], required=False
    )
    openid = TextField(
        max_length=64, default="", allow_blank=True, help_text="Needed by `jsapi` alone."
    )

    def validate(self, attrs: dict[str, str]) -> dict[str, str]:
        """Inside WeChat the provider asks who pays."""
        if attrs.get("method") == PayMethod.JSAPI and not attrs["openid"]:
            text = _("WeChat has to be told who pays.")
            raise serializers.ValidationError({"openid": [text]})
        return attrs


class OrderPaymentSerializer(serializers.Serializer[dict[str, object]]):
    """How an order stands with its money."""

    order_state = serializers.ChoiceField(
        choices=OrderState.choices, help_text="`paid` is what to wait for."
    )
    payment = PaymentSerializer(allow_null=True, help_text="The newest attempt; null before one.")


class Payments(ResidentEndpoint):
    """Attempts to pay an order."""

    throttle_scopes = {"POST": "payments"}

    @extend_schema(
        operation_id="payment_begin",
        summary="Pay an order",
        tags=[TAG],
        request=PaymentRequestSerializer,
        responses={
            200: OpenApiResponse(
                PaymentSerializer, description="The one live attempt, begun now or before."
            ),
            **problems(401, 404, 409, 503, has_body=True),
        },
        examples=[
            OpenApiExample(
                "request", {"method": "jsapi", "openid": "oUpF8uMuAJO"}, request_only=True
            )
        ],
    )
    def post(self, request: Request, order_no: str) -> Response:
        """Safe to repeat: an order has one live attempt, and a repeated call returns it."""
        order_id = _order_id(request, order_no)
        asked = PaymentRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        method = asked.validated_data.get("method")
        payment = payment_begin(
            order_id=order_id,
            method=PayMethod(method) if method else None,
            openid=asked.validated_data["openid"],
            client_ip=client_ip(request),
        )
        return Response(PaymentSerializer(payment).data)


class OrderPayment(ResidentEndpoint):
    """The money of an order."""

    throttle_scopes = {"GET": "payments"}

    @extend_schema(
        operation_id="order_payment",
        summary="Ask whether an order is paid",
        tags=[TAG],
        responses={200: OrderPaymentSerializer, **problems(401, 404)},
    )
    def get(self, request: Request, order_no: str) -> Response:
        """Asks the provider itself while an attempt is live; its silence changes nothing."""
        shown = _shown(request, order_no)
        if shown.live_payment is not None:
            with suppress(GatewayUnavailable):
                payment_refresh(payment_id=shown.live_payment.pk, now=timezone.now())
            shown = _shown(request, order_no)
        newest = shown.payments[0] if shown.payments else None
        answer: dict[str, object] = {"order_state": shown.order.state, "payment": newest}
        return Response(OrderPaymentSerializer(answer).data)


class OrderCancel(ResidentEndpoint):
    """The end of an order before the cut-off."""

    throttle_scopes = {"POST": "payments"}

    @extend_schema(
        operation_id="order_cancel",
        summary="Cancel an order",
        tags=["Orders"],
        request=None,
        responses={200: OrderSerializer, **problems(401, 404, 409, 413, 503)},
    )
    def post(self, request: Request, order_no: str) -> Response:
        """An unpaid one at any time, a paid one until orders close; its money goes back."""
        order_id = _order_id(request, order_no)
        order_cancel(order_id=order_id, actor=f"resident:{caller(request).code}")
        return Response(order_body(_shown(request, order_no), timezone.now()))


def _shown(request: Request, order_no: str) -> ResidentOrder:
    """One of the orders the caller pays for; what a leader pays for is the leader's to decide."""
    shown = order_of_resident(caller_row(request), order_no)
    if shown is None or shown.order.payer_leader_id is not None:
        raise Http404
    return shown


def _order_id(request: Request, order_no: str) -> int:
    """The key of one of these orders, without the rest of it."""
    order_id = order_id_of_buyer(resident_id=caller(request).resident_id, order_no=order_no)
    if order_id is None:
        raise Http404
    return order_id
