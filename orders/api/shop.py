"""What a leader's group can buy: the leader, the pickup points, campaigns and their offers."""

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from leaders.models.pickup_points import PickupPoint
from orders.api.authentication import caller_row
from orders.api.endpoints import OpenEndpoint, ResidentEndpoint
from orders.api.schema import problems
from orders.domain.cutoff import Phase
from orders.domain.shelf import SaleState
from orders.models.campaigns import StrikeMeaning
from orders.models.catalogue import Storage
from orders.models.legal import RuleKind
from orders.selectors.legal import rule_version_in_force
from orders.selectors.storefront import (
    SERVING_STATES,
    ShelfItem,
    Shopper,
    StruckPrice,
    campaign_on_sale,
    campaigns_shown,
    leader_by_code,
    points_open_of,
)

TAG = "Shop"


class PointSerializer(serializers.Serializer[PickupPoint]):
    """Where goods are picked up; coordinates are WGS-84 degrees."""

    code = serializers.CharField()
    name = serializers.CharField()
    address = serializers.CharField()
    lng = serializers.FloatField()
    lat = serializers.FloatField()
    opens_at = serializers.TimeField(format="%H:%M")
    closes_at = serializers.TimeField(format="%H:%M")


class CampaignSerializer(serializers.Serializer[object]):
    """One sales window and its three clocks."""

    code = serializers.CharField()
    delivery_date = serializers.DateField()
    opens_at = serializers.DateTimeField()
    orders_close_at = serializers.DateTimeField(help_text="Orders are refused from this second on.")
    payments_close_at = serializers.DateTimeField(
        help_text="A payment of this second counts; a later one goes back by itself."
    )


class LeaderShopSerializer(serializers.Serializer[dict[str, object]]):
    """A leader's shop, as somebody sees it who opens the link."""

    code = serializers.CharField(source="leader.code")
    name = serializers.CharField(source="leader.name")
    is_serving = serializers.BooleanField(help_text="Whether the leader takes orders now.")
    points = PointSerializer(many=True, help_text="The first one is where goods go by default.")
    campaigns = CampaignSerializer(many=True)
    privacy_version = serializers.CharField(
        allow_blank=True, help_text="The privacy notice in force; a log-in names it."
    )


class StruckPriceSerializer(serializers.Serializer[StruckPrice]):
    """A price to be shown struck through, with what it is in words beside it."""

    price_fen = serializers.IntegerField()
    meaning = serializers.ChoiceField(choices=StrikeMeaning.choices)
    words = serializers.CharField(source="meaning.label", help_text="To be shown beside it.")
    where_from = serializers.CharField(
        source="source", allow_blank=True, help_text="The maker's list, or the market and the day."
    )


class OfferSerializer(serializers.Serializer[ShelfItem]):
    """One offer with its price, limits and what is left of it."""

    offer_id = serializers.IntegerField(source="terms.offer_id")
    name = serializers.CharField(source="sku_name")
    unit = serializers.CharField()
    category = serializers.CharField()
    origin = serializers.CharField(allow_blank=True)
    storage = serializers.ChoiceField(choices=Storage.choices)
    photo_url = serializers.SerializerMethodField(help_text="Empty if there is none.")
    price_fen = serializers.IntegerField(source="terms.price_fen")
    price_per_500g_fen = serializers.IntegerField(source="per_500g_fen")
    struck = StruckPriceSerializer(
        allow_null=True, help_text="A higher price shown struck through; never without its meaning."
    )
    sale_state = serializers.ChoiceField(
        source="state", choices=[(state.value, state.value) for state in SaleState]
    )
    sells_from = serializers.DateTimeField(source="terms.sells_from", allow_null=True)
    sells_until = serializers.DateTimeField(source="terms.sells_until", allow_null=True)
    left_qty = serializers.IntegerField(
        source="terms.left_qty", allow_null=True, help_text="Null: bought as ordered, no end."
    )
    limit_qty = serializers.IntegerField(
        source="terms.limit_qty", allow_null=True, help_text="The most one resident may have."
    )
    bought_qty = serializers.IntegerField(
        source="terms.bought_qty", help_text="How much of the limit the caller has used."
    )
    sold_qty = serializers.IntegerField(help_text="Paid for so far; up to 15 seconds old.")
    min_group_qty = serializers.IntegerField(
        allow_null=True, help_text="Fewer than this at the freeze: every line goes back."
    )
    is_return_excluded = serializers.BooleanField(
        help_text="Fresh goods are not taken back without a reason."
    )

    def get_photo_url(self, item: ShelfItem) -> str:
        """The whole address, for programs that are no page of this site."""
        request: Request = self.context["request"]
        return request.build_absolute_uri(item.photo_url) if item.photo_url else ""


class CatalogueSerializer(CampaignSerializer):
    """A campaign with everything it sells, in the order of the shop."""

    phase = serializers.ChoiceField(choices=[(phase.value, phase.value) for phase in Phase])
    is_presale = serializers.BooleanField(help_text="Delivered later than tomorrow.")
    offers = OfferSerializer(many=True)


class LeaderShop(OpenEndpoint):
    """A leader's shop."""

    @extend_schema(
        operation_id="leader",
        summary="A leader, the pickup points and the campaigns that sell now",
        tags=[TAG],
        responses={200: LeaderShopSerializer, **problems(404)},
    )
    def get(self, request: Request, code: str) -> Response:
        """The phone number of a leader is no part of the answer."""
        leader = leader_by_code(code)
        if leader is None:
            raise Http404
        now = timezone.now()
        points = points_open_of(leader)
        shop = {
            "leader": leader,
            "is_serving": leader.state in SERVING_STATES and bool(points),
            "points": points,
            "campaigns": campaigns_shown(now, leader),
            "privacy_version": rule_version_in_force(RuleKind.PRIVACY, now),
        }
        return Response(LeaderShopSerializer(shop).data)


class Catalogue(ResidentEndpoint):
    """What a campaign sells."""

    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="campaign_offers",
        summary="Everything a campaign sells, with what is left",
        tags=[TAG],
        responses={200: CatalogueSerializer, **problems(401, 404)},
        examples=[
            OpenApiExample(
                "one offer",
                {
                    "code": "C20260310",
                    "delivery_date": "2026-03-11",
                    "opens_at": "2026-03-10T07:00:00+08:00",
                    "orders_close_at": "2026-03-10T22:58:00+08:00",
                    "payments_close_at": "2026-03-10T23:01:00+08:00",
                    "phase": "ordering",
                    "is_presale": False,
                    "offers": [
                        {
                            "offer_id": 17,
                            "name": "西兰花 500g",
                            "unit": "份",
                            "category": "蔬菜",
                            "origin": "河南",
                            "storage": "ambient",
                            "photo_url": "",
                            "price_fen": 500,
                            "price_per_500g_fen": 500,
                            "struck": {
                                "price_fen": 690,
                                "meaning": "former",
                                "words": "本店近期最低价",
                                "where_from": "",
                            },
                            "sale_state": "on_sale",
                            "sells_from": None,
                            "sells_until": None,
                            "left_qty": 12,
                            "limit_qty": 2,
                            "bought_qty": 0,
                            "sold_qty": 88,
                            "min_group_qty": None,
                            "is_return_excluded": True,
                        }
                    ],
                },
                response_only=True,
                status_codes=["200"],
            )
        ],
    )
    def get(self, request: Request, code: str) -> Response:
        """With a token it also says how much of each limit the caller has used."""
        now = timezone.now()
        shopper = Shopper(caller_row(request) if request.user.is_authenticated else None, {})
        found = [campaign for campaign in campaigns_shown(now) if campaign.code == code]
        shown = campaign_on_sale(found[0].pk, shopper, now) if found else None
        if shown is None:
            raise Http404
        campaign = shown.campaign
        catalogue = {
            "code": campaign.code,
            "delivery_date": campaign.delivery_date,
            "opens_at": campaign.opens_at,
            "orders_close_at": campaign.orders_close_at,
            "payments_close_at": campaign.payments_close_at,
            "phase": shown.phase,
            "is_presale": shown.is_presale,
            "offers": [item for shelf in shown.shelves for item in shelf.items],
        }
        return Response(CatalogueSerializer(catalogue, context={"request": request}).data)
