"""What the API answers. Coordinates are WGS-84 degrees, times carry their offset."""

from rest_framework import serializers

from fulfillment.selectors.delivery_views import PlanView, StopView, TripView, UnservedView


class StopSerializer(serializers.Serializer[StopView]):
    """One stop of a trip, with what the dispatcher asks about."""

    stop_seq = serializers.IntegerField(source="stop.stop_seq")
    slot_code = serializers.CharField()
    leader_code = serializers.CharField(source="leader.code")
    leader_name = serializers.CharField(source="leader.name")
    point_name = serializers.CharField(source="point.name")
    address = serializers.CharField(source="point.address")
    lng = serializers.FloatField(source="point.lng")
    lat = serializers.FloatField(source="point.lat")
    opens_at = serializers.TimeField(source="point.opens_at", format="%H:%M")
    closes_at = serializers.TimeField(source="point.closes_at", format="%H:%M")
    arrive_at = serializers.DateTimeField(source="stop.arrive_at")
    start_at = serializers.DateTimeField(source="stop.start_at")
    depart_at = serializers.DateTimeField(source="stop.depart_at")
    totes = serializers.IntegerField(source="stop.totes")
    weight_g = serializers.IntegerField(source="stop.weight_g")
    volume_ml = serializers.IntegerField(source="stop.volume_ml")
    distance_m = serializers.IntegerField(source="stop.distance_m")


class TripSerializer(serializers.Serializer[TripView]):
    """One tour with its stops in driving order."""

    route_no = serializers.IntegerField(source="trip.route_no")
    route = serializers.CharField(source="label")
    vehicle_code = serializers.CharField(source="vehicle.code")
    plate = serializers.CharField(source="vehicle.plate")
    departs_at = serializers.DateTimeField(source="trip.departs_at")
    returns_at = serializers.DateTimeField(source="trip.returns_at")
    distance_m = serializers.IntegerField()
    load_factor_percent = serializers.IntegerField(source="load.load_factor_percent")
    stops = StopSerializer(many=True)


class UnservedSerializer(serializers.Serializer[UnservedView]):
    """A drop no trip serves, and why."""

    slot_code = serializers.CharField(source="drop.slot_code")
    leader_code = serializers.CharField(source="leader.code")
    leader_name = serializers.CharField(source="leader.name")
    point_name = serializers.CharField(source="point.name")
    lng = serializers.FloatField(source="point.lng")
    lat = serializers.FloatField(source="point.lat")
    reason = serializers.CharField()


class PlanSerializer(serializers.Serializer[PlanView]):
    """A whole delivery run."""

    run_no = serializers.CharField(source="run.run_no")
    revision = serializers.IntegerField(source="run.revision")
    warehouse = serializers.SerializerMethodField()
    trips = TripSerializer(many=True)
    unserved = UnservedSerializer(many=True)

    def get_warehouse(self, plan: PlanView) -> dict[str, str | float]:
        """Where every trip starts and ends."""
        warehouse = plan.warehouse
        return {"name": warehouse.name, "lng": warehouse.lng, "lat": warehouse.lat}
