"""What a leader's phone reports of handing out, and which orders are fetched by now."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from fulfillment.api.permissions import HandsOut
from fulfillment.domain.pickups import PickupReport, ReportKind
from fulfillment.models.pickups import Pickup, PickupMethod
from fulfillment.selectors.pickups import fetched_of_leader
from fulfillment.services.pickups import pickups_receive
from leaders.http import leader_handing_out
from leaders.models.accounts import User
from leaders.models.leaders import Leader

REPORTS_MAX = 200


class ReportSerializer(serializers.Serializer[PickupReport]):
    """One report; moments carry their offset. `undoes` is the report an undo takes back."""

    event_id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=[kind.value for kind in ReportKind])
    order = serializers.IntegerField(min_value=1, max_value=2**62)
    device_at = serializers.DateTimeField()
    method = serializers.ChoiceField(choices=PickupMethod.choices, default=PickupMethod.NAME)
    undoes = serializers.UUIDField(allow_null=True, default=None)


class BatchSerializer(serializers.Serializer[Any]):
    """Reports in the order of the phone."""

    reports = serializers.ListField(child=ReportSerializer(), max_length=REPORTS_MAX)


class AnswerSerializer(serializers.Serializer[Any]):
    """What became of a report, and by which report the order counts as fetched now."""

    event_id = serializers.UUIDField()
    order = serializers.IntegerField(source="order_id")
    outcome = serializers.CharField()
    said = serializers.CharField()
    standing = serializers.UUIDField(allow_null=True)
    at = serializers.DateTimeField(allow_null=True)
    by = serializers.CharField()


class AnswersSerializer(serializers.Serializer[Any]):
    """Our clock in milliseconds, and one answer for each report, in their order."""

    made = serializers.IntegerField()
    answers = AnswerSerializer(many=True)


@extend_schema(methods=["POST"], request=BatchSerializer, responses=AnswersSerializer)
@extend_schema(methods=["GET"], request=None, responses=dict)
@api_view(["GET", "POST"])
@permission_classes([IsAuthenticated, HandsOut])
def leader_pickups(request: Request) -> Response:
    """Take in reports and answer each; or tell which orders of the day's list are fetched.

    `made` is our clock in milliseconds: the phone lets newer news stand.
    """
    user = cast(User, request.user)
    leader = cast(Leader, leader_handing_out(user))
    now = timezone.now()
    if request.method == "GET":
        standing = fetched_of_leader(leader, timezone.localdate(now)).values()
        return Response({"made": _milliseconds(now), "fetched": _fetched(standing)})
    batch = BatchSerializer(data=request.data)
    batch.is_valid(raise_exception=True)
    answers = pickups_receive(
        leader=leader,
        reports=[_reported(row) for row in batch.validated_data["reports"]],
        actor=user,
        now=now,
    )
    return Response(AnswersSerializer({"made": _milliseconds(now), "answers": answers}).data)


def _reported(row: dict[str, Any]) -> PickupReport:
    return PickupReport(
        event_id=row["event_id"],
        kind=ReportKind(row["kind"]),
        order_id=row["order"],
        device_at=row["device_at"],
        method=row["method"],
        undoes=row["undoes"],
    )


def _fetched(standing: Iterable[Pickup]) -> list[dict[str, object]]:
    return [
        {
            "order": pickup.order_id,
            "standing": str(pickup.event_id),
            "at": pickup.picked_up_at.isoformat(),
            "by": str(pickup.recorded_by),
        }
        for pickup in standing
    ]


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)
