"""The records of the compliance desk: clearings, sealed identities, exports."""

from collections.abc import Mapping

from django.db.models import Min, Q, QuerySet

from leaders.models.audit import AuditEvent
from orders.models.personal_data import LegalHold, RetentionRecord


def classes_cleared() -> Mapping[str, RetentionRecord]:
    """The last clearing of each class, by its name."""
    last = RetentionRecord.objects.order_by("record_class", "-pk").distinct("record_class")
    return {record.record_class: record for record in last}


def holds_kept() -> Mapping[str, object]:
    """How many identities are sealed for the law, and when the first is let go."""
    return {
        "count": LegalHold.objects.count(),
        "first": LegalHold.objects.aggregate(first=Min("kept_until"))["first"],
    }


def exports_taken() -> QuerySet[AuditEvent]:
    """Deeds by which data left the platform, or a whole number was read."""
    taken = Q(action__endswith=".exported") | Q(action__endswith="phone_opened")
    opened = Q(action__in=["phone.opened", "payee.opened"])
    return AuditEvent.objects.filter(taken | opened).select_related("actor").order_by("-pk")
