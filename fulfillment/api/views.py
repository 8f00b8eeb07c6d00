"""Thin API views, one operation each."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from fulfillment.api.permissions import IsDispatcher
from fulfillment.api.serializers import PlanSerializer
from fulfillment.models.delivery import DeliveryRun
from fulfillment.selectors.delivery_views import plan_view


@extend_schema(responses=PlanSerializer)
@api_view(["GET"])
@permission_classes([IsAuthenticated, IsDispatcher])
def delivery_run_plan(request: Request, run_no: str) -> Response:
    """The plan of a delivery run, for the map."""
    runs = DeliveryRun.objects.select_related("cutoff_run", "warehouse")
    run = get_object_or_404(runs, run_no=run_no)
    return Response(PlanSerializer(plan_view(run)).data)
