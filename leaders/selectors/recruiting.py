"""The recruiters' board: open applications by state, and what was found by a word."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import CharField, Count, F, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import Cast, Coalesce, RowNumber

from leaders.domain.lifecycle import APPLICATION_LIFECYCLE
from leaders.domain.phones import mask_phone, phone_digits
from leaders.models.applications import ApplicationState, LeaderApplication
from leaders.models.audit import AuditEvent

# The order people read the funnel in.
OPEN_STATES = tuple(
    state for state in ApplicationState if state.value in APPLICATION_LIFECYCLE.open
)
# A column shows its oldest; who has more waiting needs the search.
CARDS_MOST = 40
FOUND_MOST = 60
OLD_AFTER = timedelta(days=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationCard:
    """One application as lists show it: the phone masked, and how long it has waited."""

    application: LeaderApplication
    phone: str
    waited: timedelta

    @property
    def days(self) -> int:
        """Whole days since the last step."""
        return self.waited.days

    @property
    def is_old(self) -> bool:
        """Whether nobody has moved it for longer than an applicant should wait."""
        return self.waited > OLD_AFTER


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One state of the board; `count` may be more than there are cards."""

    state: ApplicationState
    count: int
    cards: Sequence[ApplicationCard]


def application_board(now: datetime) -> list[Column]:
    """The open applications by state, longest waiting first, in two queries."""
    counts = dict(
        LeaderApplication.objects.filter(state__in=OPEN_STATES)
        .order_by()
        .values_list("state")
        .annotate(n=Count("pk"))
    )
    cards: dict[str, list[ApplicationCard]] = defaultdict(list)
    place = Window(RowNumber(), partition_by=F("state"), order_by=[F("moved_at"), F("pk")])
    oldest = _moved(Q(state__in=OPEN_STATES)).annotate(place=place).filter(place__lte=CARDS_MOST)
    for row in oldest.order_by("place"):
        cards[row.state].append(_card(row, row.moved_at, now))
    return [
        Column(state=state, count=counts.get(state, 0), cards=cards[state]) for state in OPEN_STATES
    ]


def applications_found(words: str, now: datetime) -> list[ApplicationCard]:
    """Applications in any state by name, phone, community or address, newest first."""
    digits = phone_digits(words)
    wanted = (
        Q(applicant_name__icontains=words)
        | Q(community_name__icontains=words)
        | Q(address__icontains=words)
        | Q(leader__code__iexact=words)
    )
    if len(digits) >= 4:
        wanted |= Q(phone__endswith=digits) | Q(phone=digits)
    rows = _moved(wanted).order_by("-submitted_at", "-pk")[:FOUND_MOST]
    return [_card(row, row.moved_at, now) for row in rows]


def _moved(wanted: Q) -> QuerySet[LeaderApplication, Any]:
    """Applications with the moment of their last audited step, else of their coming in."""
    events = AuditEvent.objects.filter(
        object_type="leaderapplication",
        object_id=Cast(OuterRef("pk"), CharField()),
        action__startswith="application.",
    ).order_by("-pk")
    return (
        LeaderApplication.objects.filter(wanted)
        .select_related("leader")
        .annotate(moved_at=Coalesce(Subquery(events.values("at")[:1]), "submitted_at"))
    )


def _card(application: LeaderApplication, moved_at: datetime, now: datetime) -> ApplicationCard:
    return ApplicationCard(
        application=application,
        phone=mask_phone(application.phone),
        waited=max(now - moved_at, timedelta()),
    )
