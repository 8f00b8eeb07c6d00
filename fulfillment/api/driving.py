"""What a driver's phone sends: events and pictures, once each, under ids it made itself."""

from typing import Any, cast

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view, parser_classes, permission_classes
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from fulfillment.api.permissions import IsOnTheRoad
from fulfillment.domain.driving import EventKind, Reported
from fulfillment.models.delivery import Trip
from fulfillment.models.driving import ProofKind
from fulfillment.selectors.driving import driver_of_user, trips_visible
from fulfillment.services.delivery_proofs import ProofDraft, proof_receive
from fulfillment.services.driving import EventAnswer, events_receive
from leaders.domain.coordinates import Place
from leaders.models.accounts import User

EVENTS_MAX = 200


class EventSerializer(serializers.Serializer[Reported]):
    """One event; moments carry their offset, places are WGS-84 degrees."""

    event_id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=[kind.value for kind in EventKind])
    stop = serializers.IntegerField(allow_null=True, default=None)
    device_at = serializers.DateTimeField()
    device = serializers.CharField(max_length=60, allow_blank=True, default="")
    body = serializers.DictField(default=dict)
    lng = serializers.FloatField(min_value=-180, max_value=180, allow_null=True, default=None)
    lat = serializers.FloatField(min_value=-90, max_value=90, allow_null=True, default=None)
    accuracy_m = serializers.IntegerField(
        min_value=0, max_value=1_000_000, allow_null=True, default=None
    )


class BatchSerializer(serializers.Serializer[Any]):
    """Events of one trip, in the order of the phone."""

    events = serializers.ListField(child=EventSerializer(), max_length=EVENTS_MAX)


class AnswerSerializer(serializers.Serializer[EventAnswer]):
    """What became of an event, and where its stop stands now."""

    event_id = serializers.UUIDField()
    outcome = serializers.CharField()
    said = serializers.CharField()
    applies_at = serializers.DateTimeField(allow_null=True)
    stop = serializers.IntegerField(source="stop_id", allow_null=True)
    stop_state = serializers.CharField()


class AnswersSerializer(serializers.Serializer[Any]):
    """One answer for each event, in their order."""

    answers = AnswerSerializer(many=True)


class ProofSerializer(serializers.Serializer[Any]):
    """A picture of a stop."""

    proof_id = serializers.UUIDField()
    stop = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=ProofKind.choices)
    device_at = serializers.DateTimeField()
    picture = serializers.FileField()


class KeptSerializer(serializers.Serializer[Any]):
    """The picture lies here now, however often it was sent."""

    proof_id = serializers.UUIDField()
    outcome = serializers.CharField()


@extend_schema(request=BatchSerializer, responses=AnswersSerializer)
@api_view(["POST"])
@permission_classes([IsAuthenticated, IsOnTheRoad])
def trip_events(request: Request, pk: int) -> Response:
    """Take in events of a trip; answers each in the order they were sent."""
    trip = _trip(request, pk)
    batch = BatchSerializer(data=request.data)
    batch.is_valid(raise_exception=True)
    answers = events_receive(
        driver=driver_of_user(_user(request)),
        trip_id=trip.pk,
        events=[_reported(row) for row in batch.validated_data["events"]],
        actor=_user(request),
        now=timezone.now(),
    )
    return Response({"answers": [AnswerSerializer(answer).data for answer in answers]})


@extend_schema(request={"multipart/form-data": ProofSerializer}, responses=KeptSerializer)
@api_view(["POST"])
@permission_classes([IsAuthenticated, IsOnTheRoad])
@parser_classes([MultiPartParser])
def trip_proofs(request: Request, pk: int) -> Response:
    """Keep a picture of one of the trip's stops."""
    trip = _trip(request, pk)
    sent = ProofSerializer(data=request.data)
    sent.is_valid(raise_exception=True)
    proof = sent.validated_data
    kept = proof_receive(
        trip_id=trip.pk,
        stop_id=proof["stop"],
        draft=ProofDraft(
            proof_id=proof["proof_id"],
            kind=ProofKind(proof["kind"]),
            device_at=proof["device_at"],
            data=proof["picture"].read(),
        ),
        actor=_user(request),
        now=timezone.now(),
    )
    answer = {"proof_id": kept.proof_id, "outcome": "kept"}
    return Response(KeptSerializer(answer).data)


def _trip(request: Request, pk: int) -> Trip:
    return get_object_or_404(trips_visible(_user(request)), pk=pk)


def _user(request: Request) -> User:
    return cast(User, request.user)


def _reported(row: dict[str, Any]) -> Reported:
    has_place = row["lng"] is not None and row["lat"] is not None
    return Reported(
        event_id=row["event_id"],
        kind=EventKind(row["kind"]),
        stop_id=row["stop"],
        device_at=row["device_at"],
        body=row["body"],
        place=Place(row["lng"], row["lat"]) if has_place else None,
        accuracy_m=row["accuracy_m"] if has_place else None,
        device=row["device"],
    )
