"""Adds up the figures of campaigns that are over, so that reports read few rows.

Whatever the figures are made of may still change for two weeks: adding up again
replaces them. Nothing of a person goes into them.
"""

import logging
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from fulfillment.domain.cutoff_run import Step
from fulfillment.domain.figures import figures_are_due
from fulfillment.domain.kpi_parts import parts_from_json, parts_to_json
from fulfillment.models.cutoff_run import StepRecord, StepState
from fulfillment.models.figures import CampaignFigures, CohortFigures
from fulfillment.selectors.campaign_sums import campaign_sums
from fulfillment.services.figure_lines import lines_add_up
from leaders.domain.concentration import WHOLE_BP
from orders.models.campaigns import Campaign, CampaignState
from orders.selectors.demand import DEMANDED_STATES

logger = logging.getLogger(__name__)

# The first number of the pair names what is locked, the second which campaign.
FIGURES_LOCK = 16
# Of a long history some each time: others wait for their turn, too.
CAMPAIGNS_AT_ONCE = 50
COHORT_WEEKS = 12
WEEK = timedelta(days=7)

COHORTS_SQL = """
WITH recent AS (
    SELECT DISTINCT o.resident_id
      FROM orders_campaign c JOIN orders_order o ON o.campaign_id = c.id
     WHERE c.city = %(city)s AND o.state = ANY(%(demanded)s)
       AND o.paid_at >= %(since)s AND o.paid_at < %(until)s
), visit AS (
    SELECT o.resident_id, date_trunc('week', o.paid_at AT TIME ZONE %(zone)s)::date AS week
      FROM recent
      JOIN orders_order o ON o.resident_id = recent.resident_id
      JOIN orders_campaign c ON c.id = o.campaign_id AND c.city = %(city)s
     WHERE o.state = ANY(%(demanded)s) AND o.paid_at < %(until)s
     GROUP BY 1, 2
), newcomer AS (
    SELECT resident_id, min(week) AS week FROM visit GROUP BY resident_id
), counted AS (
    SELECT newcomer.week, (visit.week - newcomer.week) / 7 AS weeks_after, count(*) AS residents
      FROM newcomer JOIN visit ON visit.resident_id = newcomer.resident_id
     WHERE newcomer.week >= %(first_week)s
     GROUP BY 1, 2
)
INSERT INTO fulfillment_cohortfigures (city, first_week, weeks_after, residents)
SELECT %(city)s, %(first_week)s + 7 * w, n, coalesce(counted.residents, 0)
  FROM generate_series(0, %(weeks)s) w
 CROSS JOIN generate_series(0, %(weeks)s) n
  LEFT JOIN counted ON counted.week = %(first_week)s + 7 * w AND counted.weeks_after = n
 WHERE w + n <= %(weeks)s
    ON CONFLICT (city, first_week, weeks_after) DO UPDATE SET residents = excluded.residents
"""


def figures_add_up_due(*, now: datetime) -> int:
    """Add up every campaign whose figures are due, and the cohorts of each city once a week.

    Returns how many campaigns were added up. What another process is at is left to it.
    """
    campaigns = [campaign for campaign in _candidates(now) if _is_due(campaign, now)]
    done = sum(figures_add_up(campaign_id=campaign.pk, now=now) for campaign in campaigns)
    for city in CampaignFigures.objects.order_by().values_list("city", flat=True).distinct():
        cohorts_add_up(city=city, today=timezone.localdate(now))
    if done:
        logger.info("%d campaigns added up", done)
    return done


@transaction.atomic
def figures_add_up(*, campaign_id: int, now: datetime) -> bool:
    """Add up one campaign in one transaction; return whether this call did.

    Doing it again replaces the figures. A call beside another one leaves it to that one.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [FIGURES_LOCK, campaign_id])
        if not cursor.fetchone()[0]:
            return False
    campaign = Campaign.objects.get(pk=campaign_id)
    found = dict(lines_add_up(campaign)) | campaign_sums(campaign)
    parts = parts_from_json(found)
    parts = replace(parts, fee_fen=parts.net_fen * settings.PAYMENT_FEE_BP // WHOLE_BP)
    CampaignFigures.objects.update_or_create(
        campaign=campaign,
        defaults={
            "city": campaign.city,
            "delivery_date": campaign.delivery_date,
            "parts": parts_to_json(parts),
            "added_up_at": now,
        },
    )
    return True


@transaction.atomic
def cohorts_add_up(*, city: str, today: date) -> bool:
    """Count the newcomers of the last weeks who came again; return whether it was due.

    A week is counted once it is over. Earlier cohorts stay as they were counted.
    """
    last_week = today - timedelta(days=today.weekday()) - WEEK
    known = CohortFigures.objects.filter(city=city, first_week=last_week)
    if known.exists():
        return False
    first_week = last_week - COHORT_WEEKS * WEEK
    with connection.cursor() as cursor:
        cursor.execute(
            COHORTS_SQL,
            {
                "city": city,
                "demanded": list(DEMANDED_STATES),
                "zone": timezone.get_default_timezone_name(),
                "first_week": first_week,
                "since": _midnight(first_week),
                "until": _midnight(last_week + WEEK),
                "weeks": COHORT_WEEKS,
            },
        )
    return True


def _candidates(now: datetime) -> list[Campaign]:
    """Campaigns that are over and may still change, the newest first."""
    today = timezone.localdate(now)
    settled = timedelta(days=settings.FIGURES_SETTLED_DAYS)
    allocated = StepRecord.objects.filter(
        run__campaign=OuterRef("pk"), name=Step.ALLOCATE, state=StepState.DONE
    )
    over = (
        Campaign.objects.filter(Exists(allocated), delivery_date__lt=today)
        .exclude(state=CampaignState.CANCELLED)
        .select_related("figures")
        .order_by("-delivery_date", "pk")
    )
    lately = over.filter(delivery_date__gte=today - settled - WEEK, figures__isnull=False)
    return [*over.filter(figures__isnull=True)[:CAMPAIGNS_AT_ONCE], *lately]


def _is_due(campaign: Campaign, now: datetime) -> bool:
    figures = getattr(campaign, "figures", None)
    return figures_are_due(
        over_at=_midnight(campaign.delivery_date + timedelta(days=1)),
        added_up_at=figures.added_up_at if figures else None,
        settled=timedelta(days=settings.FIGURES_SETTLED_DAYS),
        now=now,
    )


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
