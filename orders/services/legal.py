"""Pages of rules: the first texts, and versions that are published once."""

from datetime import datetime

from django.db import transaction
from django.template.loader import render_to_string

from orders.models.legal import RuleKind, RulePage

DEFAULT_VERSION = "2026-1"


@transaction.atomic
def default_rules_write(*, now: datetime) -> int:
    """Publish the default text of every kind that has none yet; return how many were written."""
    known = set(RulePage.objects.values_list("kind", flat=True))
    pages = [
        RulePage(kind=kind, version=DEFAULT_VERSION, body=_default_text(kind), published_at=now)
        for kind in RuleKind.values
        if kind not in known
    ]
    return len(RulePage.objects.bulk_create(pages, ignore_conflicts=True))


def _default_text(kind: str) -> str:
    """What the software does and the law asks for; an operator's lawyer reads it before use."""
    return render_to_string(f"orders/legal/default/{kind}.txt")
