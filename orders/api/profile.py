"""What a resident says about themselves, and which messages they accept."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from orders.api.authentication import caller
from orders.api.endpoints import ResidentEndpoint
from orders.api.fields import FilledField, TextField, WholeField
from orders.api.schema import problems
from orders.domain.basket import RECEIVER_LENGTHS
from orders.errors import LeaderUnknown
from orders.models.outbox import Topic
from orders.models.residents import Resident
from orders.selectors.storefront import leader_by_code
from orders.services.residents import resident_address_keep, resident_change_leader
from orders.services.subscriptions import subscriptions_add

TAG = "Me"
# A code is sent to whoever asks for it, and suppliers are no residents; everything
# else a resident agrees to.
NOT_ASKED = (
    Topic.LOGIN_CODE,
    Topic.PURCHASE_ORDER,
    Topic.PURCHASE_REMINDER,
    Topic.DELIVERY_LATE,
    Topic.PAYOUT_TO_CONFIRM,
    Topic.LEVEL_NOTICE,
)
TOPICS = [(value, label) for value, label in Topic.choices if value not in NOT_ASKED]


class LeaderNameSerializer(serializers.Serializer[object]):
    """Whose group it is."""

    code = serializers.CharField()
    name = serializers.CharField()


class ProfileSerializer(serializers.Serializer[Resident]):
    """A resident as they see themselves; name and door are filled into the next order."""

    code = serializers.CharField()
    name = serializers.CharField()
    phone = serializers.CharField()
    building = serializers.CharField()
    room = serializers.CharField()
    leader = LeaderNameSerializer(help_text="Whose group the resident orders in.")


class ProfileChangeSerializer(serializers.Serializer[dict[str, str]]):
    """What is left out stays as it is."""

    name = FilledField(max_length=RECEIVER_LENGTHS["name"])
    building = TextField(max_length=RECEIVER_LENGTHS["building"], allow_blank=True)
    room = TextField(max_length=RECEIVER_LENGTHS["room"], allow_blank=True)
    leader = FilledField(
        max_length=20, help_text="The code of the leader in whose group the caller now orders."
    )


class ConsentSerializer(serializers.Serializer[dict[str, object]]):
    """Messages of one topic that were agreed to."""

    topic = serializers.ChoiceField(choices=TOPICS)
    count = WholeField(min_value=1, max_value=10, default=1)


class SubscriptionsSerializer(serializers.Serializer[dict[str, object]]):
    """What `wx.requestSubscribeMessage` was answered with `accept`, each topic once."""

    consents = ConsentSerializer(many=True, allow_empty=False)

    def validate_consents(self, consents: list[dict[str, object]]) -> list[dict[str, object]]:
        """The dialogue of WeChat names a topic once."""
        topics = [consent["topic"] for consent in consents]
        if len(set(topics)) < len(topics):
            raise serializers.ValidationError(_("Name each topic once."))
        return consents


class Me(ResidentEndpoint):
    """The resident who calls."""

    throttle_scopes = {"PATCH": "profile"}

    @extend_schema(
        operation_id="me",
        summary="Who I am and whose group I order in",
        tags=[TAG],
        responses={200: ProfileSerializer, **problems(401)},
    )
    def get(self, request: Request) -> Response:
        """Name, phone, door and leader."""
        return Response(ProfileSerializer(_resident(request)).data)

    @extend_schema(
        operation_id="me_change",
        summary="Change my name, building, room or leader",
        tags=[TAG],
        request=ProfileChangeSerializer(partial=True),
        responses={200: ProfileSerializer, **problems(401, 409, has_body=True)},
        examples=[
            OpenApiExample(
                "request",
                {"name": "陈海燕", "building": "3栋", "room": "501"},
                request_only=True,
            )
        ],
    )
    def patch(self, request: Request) -> Response:
        """Orders that were placed before keep what stood on them."""
        asked = ProfileChangeSerializer(data=request.data, partial=True)
        asked.is_valid(raise_exception=True)
        resident = _resident(request)
        given = dict(asked.validated_data)
        if (code := given.pop("leader", None)) is not None:
            if (leader := leader_by_code(code)) is None:
                raise LeaderUnknown(_("Nobody leads under this code."), leader=code)
            resident_change_leader(resident=resident, leader=leader, now=timezone.now())
        if given:
            kept = {field: getattr(resident, field) for field in ("name", "building", "room")}
            resident_address_keep(resident=resident, **(kept | given))
        return Response(ProfileSerializer(resident).data)


class Subscriptions(ResidentEndpoint):
    """Consents to WeChat subscription messages."""

    throttle_scopes = {"POST": "profile"}

    @extend_schema(
        operation_id="subscriptions_add",
        summary="Tell which messages I have just agreed to",
        tags=[TAG],
        request=SubscriptionsSerializer,
        responses={
            204: OpenApiResponse(description="Counted."),
            **problems(401, has_body=True),
        },
        examples=[
            OpenApiExample(
                "request",
                {"consents": [{"topic": "arrived", "count": 1}, {"topic": "order_paid"}]},
                request_only=True,
            )
        ],
    )
    def post(self, request: Request) -> Response:
        """WeChat sends one message per consent and tells nobody how many are left: we count."""
        asked = SubscriptionsSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        consents = asked.validated_data["consents"]
        counts = {Topic(consent["topic"]): consent["count"] for consent in consents}
        subscriptions_add(resident_id=caller(request).resident_id, counts=counts)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _resident(request: Request) -> Resident:
    residents = Resident.objects.select_related("leader")
    return get_object_or_404(residents, pk=caller(request).resident_id)
