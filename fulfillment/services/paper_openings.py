"""The log of papers that were taken away: they carry names."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from fulfillment.models.papers import Paper, PaperOpening
from leaders.models.accounts import User


@transaction.atomic
def papers_opened(*, papers: Iterable[Paper], actor: User, now: datetime) -> int:
    """Write down who takes which papers away; return how many they are."""
    openings = PaperOpening.objects.bulk_create(
        PaperOpening(paper=paper, opened_by=actor, opened_at=now) for paper in papers
    )
    return len(openings)
