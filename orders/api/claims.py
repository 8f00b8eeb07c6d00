"""Claims: what was wrong with the goods, with photos."""

from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.pagination import CursorPagination
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from orders.api.authentication import caller, caller_row
from orders.api.endpoints import REPLAYED_HEADER, ResidentEndpoint, request_key
from orders.api.schema import REPLAYED, REQUEST_KEY, problems
from orders.api.serializers import ClaimSerializer
from orders.domain.claims import (
    DEFECT_SHARES_BP,
    DESCRIPTION_LENGTH,
    PHOTOS_MAX,
    WHOLE_BP,
    ClaimRequest,
)
from orders.models.claims import ClaimKind
from orders.selectors.claims import claims_of_resident
from orders.services.claims import claim_file

TAG = "Claims"
# Six photos of a good phone; each one is looked at again when it is read.
FORM_BYTES_MAX = 40 * 1024 * 1024


@extend_schema_field(OpenApiTypes.BINARY)
class PhotoField(serializers.FileField):
    """A JPEG, PNG or WebP picture."""


class ClaimRequestSerializer(serializers.Serializer[dict[str, Any]]):
    """A complaint about one line."""

    line_no = serializers.IntegerField(min_value=1)
    kind = serializers.ChoiceField(choices=ClaimKind.choices)
    qty = serializers.IntegerField(min_value=1, help_text="How many pieces were wrong.")
    defect_bp = serializers.ChoiceField(
        choices=DEFECT_SHARES_BP,
        default=WHOLE_BP,
        help_text="How much of these pieces is bad, in basis points; 10000 for `missing` and "
        "`light_weight`.",
    )
    weighed_g = serializers.IntegerField(
        min_value=0,
        max_value=1_000_000,
        required=False,
        help_text="What these pieces weigh, all together; only for `light_weight`.",
    )
    description = serializers.CharField(max_length=DESCRIPTION_LENGTH, allow_blank=True, default="")
    photos = serializers.ListField(
        child=PhotoField(),
        max_length=PHOTOS_MAX,
        default=list,
        help_text="The field may be repeated; 1 to 6, none needed for `missing`.",
    )


class ClaimPages(CursorPagination):
    """The newest first."""

    page_size = 20
    ordering = "-pk"


class OrderClaims(ResidentEndpoint):
    """Complaints about an order."""

    parser_classes = [MultiPartParser]
    throttle_scopes = {"POST": "claims"}
    body_bytes_max = FORM_BYTES_MAX

    @extend_schema(
        operation_id="claim_file",
        summary="Complain about a line of an order",
        tags=[TAG],
        parameters=[REQUEST_KEY, REPLAYED],
        request={"multipart/form-data": ClaimRequestSerializer},
        responses={
            201: OpenApiResponse(ClaimSerializer, description="Filed; somebody looks at it."),
            200: OpenApiResponse(
                ClaimSerializer, description="This request had filed the claim before."
            ),
            **problems(401, 404, 409, has_body=True),
        },
    )
    def post(self, request: Request, order_no: str) -> Response:
        """From the delivery day on, and never too late; each defect is a claim of its own."""
        key = request_key(request)
        asked = ClaimRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        filed = claim_file(
            resident_id=caller(request).resident_id,
            request=ClaimRequest(
                order_no=order_no,
                line_no=given["line_no"],
                kind=given["kind"],
                qty=given["qty"],
                description=given["description"],
                photos=tuple(photo.read() for photo in given["photos"]),
                request_key=key,
                defect_bp=given["defect_bp"],
                weighed_g=given.get("weighed_g"),
            ),
            now=timezone.now(),
        )
        answer = ClaimSerializer(filed.claim).data
        if filed.is_new:
            return Response(answer, status=status.HTTP_201_CREATED)
        return Response(answer, headers={REPLAYED_HEADER: "true"})


class Claims(ResidentEndpoint):
    """The caller's complaints."""

    pagination_class = ClaimPages

    @extend_schema(
        operation_id="claims",
        summary="My claims, the newest first",
        tags=[TAG],
        responses={200: ClaimSerializer(many=True), **problems(401, 404)},
    )
    def get(self, request: Request) -> Response:
        """With what became of them."""
        pages = self.pagination_class()
        page = pages.paginate_queryset(claims_of_resident(caller_row(request)), request, view=self)
        return pages.get_paginated_response(ClaimSerializer(page, many=True).data)
