"""Orders: placed once per key, listed, looked at, cancelled."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiResponse,
    extend_schema,
    extend_schema_field,
)
from rest_framework import serializers, status
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from orders.api.authentication import caller, caller_row
from orders.api.endpoints import REPLAYED_HEADER, ResidentEndpoint, request_key
from orders.api.fields import FilledField, TextField, WholeField
from orders.api.schema import REPLAYED, REQUEST_KEY, problems
from orders.api.serializers import (
    OrderCardSerializer,
    OrderReceiptSerializer,
    OrderSerializer,
    order_body,
)
from orders.domain.basket import (
    LINES_MAX,
    QTY_MAX,
    RECEIVER_LENGTHS,
    BasketLine,
    OrderRequest,
    Receiver,
)
from orders.errors import OtherLeadersGroup
from orders.models.orders import OrderSource
from orders.selectors.resident_orders import order_of_resident, orders_of_resident
from orders.selectors.storefront import campaign_id_of
from orders.services.placement import order_place

TAG = "Orders"
# The largest key a row can have.
KEY_MAX = 2**63 - 1


class LineRequestSerializer(serializers.Serializer[Mapping[str, int]]):
    """Some pieces of one offer."""

    offer_id = WholeField(min_value=1, max_value=KEY_MAX)
    qty = WholeField(min_value=1, max_value=QTY_MAX)


@extend_schema_field(LineRequestSerializer(many=True))
class LinesField(serializers.Field[object, object, object, object]):
    """The lines of a basket; orders are the busiest request, so plain ones are read plainly."""

    def to_internal_value(self, data: object) -> object:
        """Lines that are not plain get the words of their serializer."""
        if isinstance(data, list) and all(_is_plain(line) for line in data):
            return data
        return LineRequestSerializer(many=True).run_validation(data)


class ReceiverSerializer(serializers.Serializer[Receiver]):
    """Who picks the goods up."""

    name = FilledField(max_length=RECEIVER_LENGTHS["name"])
    phone = FilledField(max_length=RECEIVER_LENGTHS["phone"])
    building = TextField(max_length=RECEIVER_LENGTHS["building"], allow_blank=True, default="")
    room = TextField(max_length=RECEIVER_LENGTHS["room"], allow_blank=True, default="")


class OrderRequestSerializer(serializers.Serializer[Mapping[str, Any]]):
    """A basket, and who picks it up; without a receiver it is the caller."""

    campaign = FilledField(max_length=30, help_text="The campaign's code.")
    leader = FilledField(
        max_length=20, help_text="The code of the leader whose group the caller orders in."
    )
    lines = LinesField(help_text=f"1 to {LINES_MAX}, each offer once.")
    receiver = ReceiverSerializer(required=False)
    accepts_substitutes = serializers.BooleanField(
        default=False,
        help_text="Whether like goods of no less worth may be given for what is short.",
    )


class OrderPages(CursorPagination):
    """The newest first; an order that is placed meanwhile moves nothing."""

    page_size = 20
    ordering = "-pk"


class Orders(ResidentEndpoint):
    """The caller's orders."""

    throttle_scopes = {"POST": "orders"}
    pagination_class = OrderPages

    @extend_schema(
        operation_id="order_place",
        summary="Place an order",
        tags=[TAG],
        parameters=[REQUEST_KEY, REPLAYED],
        request=OrderRequestSerializer,
        responses={
            201: OpenApiResponse(
                OrderReceiptSerializer, description="Placed; its goods are held until `pay_by`."
            ),
            200: OpenApiResponse(
                OrderReceiptSerializer, description="This request had placed the order before."
            ),
            **problems(401, 404, 409, 503, has_body=True),
        },
        examples=[
            OpenApiExample(
                "request",
                {
                    "campaign": "C20260310",
                    "leader": "A00012",
                    "lines": [{"offer_id": 17, "qty": 2}],
                    "receiver": {
                        "name": "陈海燕",
                        "phone": "19900001234",
                        "building": "3栋",
                        "room": "501",
                    },
                },
                request_only=True,
            )
        ],
    )
    def post(self, request: Request) -> Response:
        """All lines or nothing. Sent again with the same key it places nothing new."""
        key = request_key(request)
        asked = OrderRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        placed = order_place(request=_order_request(request, asked.validated_data, key))
        answer = OrderReceiptSerializer(placed.order).data
        if placed.is_new:
            return Response(answer, status=status.HTTP_201_CREATED)
        return Response(answer, headers={REPLAYED_HEADER: "true"})

    @extend_schema(
        operation_id="orders",
        summary="My orders, the newest first",
        tags=[TAG],
        responses={200: OrderCardSerializer(many=True), **problems(401, 404)},
    )
    def get(self, request: Request) -> Response:
        """Twenty at a time; `next` leads on."""
        pages = self.pagination_class()
        page = pages.paginate_queryset(orders_of_resident(caller_row(request)), request, view=self)
        return pages.get_paginated_response(OrderCardSerializer(page, many=True).data)


class OrderDetail(ResidentEndpoint):
    """One of the caller's orders."""

    @extend_schema(
        operation_id="order",
        summary="One order with its lines, refunds and claims",
        tags=[TAG],
        responses={200: OrderSerializer, **problems(401, 404)},
    )
    def get(self, request: Request, order_no: str) -> Response:
        """Somebody else's order does not exist."""
        shown = order_of_resident(caller_row(request), order_no)
        if shown is None:
            raise Http404
        return Response(order_body(shown, timezone.now()))


def _is_plain(line: object) -> bool:
    """Two whole numbers in their ranges: nothing to convert, nothing to complain about."""
    return (
        isinstance(line, dict)
        and _is_whole(line.get("offer_id"), KEY_MAX)
        and _is_whole(line.get("qty"), QTY_MAX)
    )


def _is_whole(value: object, most: int) -> bool:
    return type(value) is int and 1 <= value <= most


def _order_request(request: Request, asked: Mapping[str, Any], key: str) -> OrderRequest:
    """What the service is asked; raises `OtherLeadersGroup` and Http404 for unknown campaigns."""
    resident = caller(request)
    if asked["leader"] != resident.leader_code:
        raise OtherLeadersGroup(
            _("You order in another leader's group. Change the leader first."),
            leader=resident.leader_code,
        )
    campaign_id = campaign_id_of(asked["campaign"])
    if campaign_id is None:
        raise Http404
    own = {field: getattr(resident, field) for field in RECEIVER_LENGTHS}
    return OrderRequest(
        campaign_id=campaign_id,
        leader_id=resident.leader_id,
        resident_id=resident.resident_id,
        lines=tuple(BasketLine(line["offer_id"], line["qty"]) for line in asked["lines"]),
        receiver=Receiver(**asked.get("receiver", own)),
        request_key=key,
        source=OrderSource.STOREFRONT,
        accepts_substitutes=asked["accepts_substitutes"],
    )
