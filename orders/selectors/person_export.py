"""Everything known about a person, as tables of plain values for a copy to take along."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from leaders.models.applications import LeaderApplication
from orders.models.claims import Claim, ClaimPhoto
from orders.models.jielong import JielongEntry
from orders.models.orders import Order, OrderLine
from orders.models.outbox import OutboxMessage
from orders.models.payments import Payment, Refund
from orders.models.personal_data import PersonRequest
from orders.models.residents import Resident, ResidentBinding, ResidentToken
from orders.selectors.persons import rows_of_person

Row = Mapping[str, object]
Tables = Mapping[str, Sequence[Row]]


def person_tables(resident: Resident) -> Tables:
    """The rows of a person by table, the oldest first; a fixed number of queries.

    Codes of a log-in, digests and what others wrote about third persons are
    not among them.
    """
    rows = list(rows_of_person(resident))
    ids = [row.pk for row in rows]
    phones = [row.phone for row in rows if row.phone]
    return {
        "account": _rows(
            Resident.objects.filter(pk__in=ids),
            *("code", "leader__code", "leader__name", "name", "phone", "building", "room"),
            *("openid", "phone_verified_at", "privacy_version", "privacy_agreed_at"),
            "restricted_at",
        ),
        "leaders": _rows(
            ResidentBinding.objects.filter(resident_id__in=ids),
            *("leader__code", "leader__name", "source", "bound_at"),
        ),
        **_trade_tables(ids),
        "group_chains": _rows(
            JielongEntry.objects.filter(resident_id__in=ids),
            *("jielong_import__campaign__code", "raw", "nickname", "building", "room", "state"),
        ),
        "messages": _rows(
            OutboxMessage.objects.filter(resident_id__in=ids),
            *("topic", "phone", "facts", "available_at", "done_at", "channel"),
        ),
        "log_ins_of_the_api": _rows(
            ResidentToken.objects.filter(resident_id__in=ids),
            *("created_at", "expires_at", "revoked_at"),
        ),
        "requests": _rows(
            PersonRequest.objects.filter(resident_id__in=ids),
            *("kind", "state", "asked_at", "due_at", "handled_at", "outcome"),
        ),
        "leader_applications": _rows(
            LeaderApplication.objects.filter(phone__in=phones),
            *("applicant_name", "phone", "community_name", "district", "address"),
            *("introduction", "state", "submitted_at", "reviewed_at"),
        ),
    }


def _trade_tables(ids: Sequence[int]) -> Tables:
    """Orders with their lines, money and claims."""
    of_orders = Order.objects.filter(resident_id__in=ids)
    claims = Claim.objects.filter(order_line__order__resident_id__in=ids)
    return {
        "orders": _rows(
            of_orders,
            *("order_no", "campaign__code", "campaign__delivery_date", "leader__code"),
            *("pickup_point__name", "state", "source", "resident_name", "resident_phone"),
            *("building", "room", "pickup_no", "total_fen", "placed_at", "paid_at"),
            "accepts_substitutes",
        ),
        "lines": _rows(
            OrderLine.objects.filter(order__in=of_orders),
            *("order__order_no", "line_no", "sku_name", "unit", "qty", "unit_price_fen"),
            *("amount_fen", "is_void"),
        ),
        "payments": _rows(
            Payment.objects.filter(order__in=of_orders),
            *("order__order_no", "provider", "out_trade_no", "transaction_id", "state"),
            *("amount_fen", "received_fen", "created_at", "succeeded_at"),
        ),
        "refunds": _rows(
            Refund.objects.filter(payment__order__in=of_orders),
            *("payment__order__order_no", "out_refund_no", "reason", "state", "amount_fen"),
            *("requested_at", "succeeded_at"),
        ),
        "claims": _rows(
            claims,
            *("pk", "order_line__order__order_no", "order_line__line_no", "kind", "state", "qty"),
            *("asked_fen", "description", "filed_at", "reply", "decided_at", "decision_note"),
        ),
    }


def person_photos(resident: Resident) -> list[ClaimPhoto]:
    """The photos of a person's claims, the oldest first."""
    ids = rows_of_person(resident).values("pk")
    photos = ClaimPhoto.objects.filter(claim__order_line__order__resident_id__in=ids)
    return list(photos.order_by("claim_id", "pk"))


def _rows(queryset: QuerySet[Any], *fields: str) -> list[Row]:
    found = queryset.order_by("pk").values_list(*fields)
    names = [field.replace("__", "_") for field in fields]
    return [dict(zip(names, map(_plain, values), strict=True)) for values in found]


def _plain(value: object) -> object:
    """A value as JSON keeps it: moments and days as ISO texts."""
    return value.isoformat() if isinstance(value, datetime | date) else value
