"""The rows the shoppers need: leaders, residents with tokens, and an open campaign.

The first offer is the hot one: capped, far above what a run can sell, and kept
in buckets; every basket holds it. `main` is a program of its own in the
environment of the stack and prints what the generator has to know, as JSON.
"""

import json
import secrets
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from benchmarks.orders.facts import (
    FIRST_IDS,
    HOT_BUCKETS,
    HOT_CAP,
    LEADERS,
    OFFERS,
    RESIDENTS,
    BenchTown,
    Buyer,
)
from orders.domain.resident_tokens import VALID_FOR, token_digest
from orders.models.campaigns import Campaign, CampaignState, Offer
from orders.models.residents import Resident, ResidentToken
from orders.services.campaign_opening import campaign_open
from tests.factories.leaders import LeaderFactory, PickupPointFactory
from tests.factories.orders import CampaignFactory, OfferFactory


def main() -> None:
    """Make the rows and print the town."""
    with transaction.atomic():
        town = _town(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    sys.stdout.write(json.dumps(asdict(town)))


def _town(now: datetime) -> BenchTown:
    with connection.cursor() as cursor:
        for table, first in FIRST_IDS.items():
            cursor.execute(f"ALTER SEQUENCE {table}_id_seq RESTART WITH {first}")
    points = [
        PickupPointFactory.create(leader=LeaderFactory.create(user=None))
        for _number in range(LEADERS)
    ]
    campaign = CampaignFactory.create(
        state=CampaignState.DRAFT,
        opens_at=now - timedelta(hours=1),
        orders_close_at=now + timedelta(hours=6),
        payments_close_at=now + timedelta(hours=6, minutes=3),
        freeze_at=now + timedelta(hours=6, minutes=5),
    )
    offers = _offers(campaign)
    campaign_open(campaign_id=campaign.pk, now=now)
    residents = Resident.objects.bulk_create(
        Resident(
            code=f"RB{number:05d}",
            leader_id=points[number % LEADERS].leader_id,
            name="陈海燕",
            phone=f"198{number:08d}",
            building="3栋",
            room="501",
            phone_verified_at=now,
        )
        for number in range(RESIDENTS)
    )
    return BenchTown(
        campaign_code=campaign.code,
        offer_ids=[offer.pk for offer in offers],
        buyers=_buyers(residents, {point.leader_id: point.leader.code for point in points}, now),
    )


def _offers(campaign: Campaign) -> list[Offer]:
    hot = OfferFactory.create(campaign=campaign, stock_cap=HOT_CAP, stock_buckets=HOT_BUCKETS)
    return [hot, *OfferFactory.create_batch(OFFERS - 1, campaign=campaign)]


def _buyers(
    residents: Sequence[Resident], leader_codes: Mapping[int, str], now: datetime
) -> list[Buyer]:
    buyers = [
        Buyer(resident.pk, secrets.token_urlsafe(32), leader_codes[resident.leader_id])
        for resident in residents
    ]
    ResidentToken.objects.bulk_create(
        ResidentToken(
            resident_id=buyer.resident_id,
            digest=token_digest(buyer.token),
            created_at=now,
            expires_at=now + VALID_FOR,
        )
        for buyer in buyers
    )
    return buyers
