"""A campaign of very many paid order lines, written by the database itself.

Small tables come from the factories; residents, orders, lines, payments and
the ledger's transfers are written set by set, since a million rows through
the services would take an hour. What the rows say is consistent: totals are
the sums of their lines, each order has its payment and its transfer.
"""

import sys
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.services.cutoff_run import run_ensure
from fulfillment.services.figures import figures_add_up_due
from fulfillment.services.purchasing import purchase_orders_create
from leaders.models.pickup_points import PickupPoint
from orders.domain.accounts import CUSTOMER_PREPAID, account_kind, clearing
from orders.models.campaigns import Campaign, CampaignState
from orders.services.campaigns import campaign_freeze
from tests.factories.fulfillment import SupplierFactory, SupplierOfferFactory, WarehouseFactory
from tests.factories.leaders import LeaderFactory, PickupPointFactory
from tests.factories.orders import CampaignFactory, OfferFactory

CODE = "LINES"
LEADERS_MAX = 2_000
LINES_PER_LEADER = 400
OFFERS = 120
SUPPLIERS = 30
# Lines per order run from 1 to 6 and are three and a third on average.
# An order has one to six lines, three and a half on average.
LINES_PER_ORDER = 3.5
PROVIDER = "sandbox"

# The n-th order is by the n-th resident; lines are numbered from 1 and name
# offers that follow one another, so that no order has an offer twice.
STATEMENTS = (
    """
    INSERT INTO orders_resident (code, leader_id, name, phone, building, room, openid,
                                 privacy_version, phone_verified_at)
    SELECT 'LN' || n, point.leader_id, '陈海燕', (17000000000 + n)::text, '3栋', '501', '', '',
           now()
      FROM generate_series(0, %(residents)s - 1) AS n
      JOIN leaders_pickuppoint AS point ON point.id = %(point)s + n %% %(leaders)s
    """,
    """
    INSERT INTO orders_order (order_no, campaign_id, leader_id, pickup_point_id, resident_id,
                              state, source, source_no, resident_name, resident_phone, building,
                              room, total_fen, placed_at, paid_at, request_key, request_hash,
                              commission_plan_code)
    SELECT 'LN-' || lpad(n::text, 9, '0'), %(campaign)s, point.leader_id, point.id, resident.id,
           'paid', 'storefront', '', resident.name, resident.phone, resident.building,
           resident.room, 0, now() - interval '9 hours' + n * interval '1 ms',
           now() - interval '9 hours' + n * interval '1 ms', '', '', ''
      FROM generate_series(0, %(orders)s - 1) AS n
      JOIN leaders_pickuppoint AS point ON point.id = %(point)s + n %% %(leaders)s
      JOIN orders_resident AS resident ON resident.code = 'LN' || n %% %(residents)s
    """,
    """
    INSERT INTO orders_orderline (order_id, line_no, offer_id, sku_id, sku_name, unit, qty,
                                  unit_price_fen, is_void)
    SELECT o.id, line_no, offer.id, offer.sku_id, sku.name, sku.unit, 1 + (o.id + line_no) %% 3,
           offer.price_fen, false
      FROM orders_order AS o
     CROSS JOIN LATERAL generate_series(1, 1 + o.id * 7919 %% 6) AS line_no
      JOIN orders_offer AS offer ON offer.id = %(offer)s + (o.id * 31 + line_no) %% %(offers)s
      JOIN orders_sku AS sku ON sku.id = offer.sku_id
     WHERE o.campaign_id = %(campaign)s
    """,
    # Points stand as in a city: some hundreds of metres apart.
    """
    UPDATE leaders_pickuppoint
       SET lng = 113.4 + 0.008 * (id %% 45), lat = 34.5 + 0.007 * (id / 45 %% 45)
    """,
    """
    UPDATE orders_order AS o SET total_fen = summed.amount_fen
      FROM (SELECT order_id, sum(amount_fen) AS amount_fen
              FROM orders_orderline GROUP BY order_id) AS summed
     WHERE summed.order_id = o.id
    """,
    """
    INSERT INTO orders_payment (order_id, provider, out_trade_no, state, method, verdict,
                                amount_fen, received_fen, refund_reserved_fen, created_at,
                                succeeded_at, transaction_id, handle, queries)
    SELECT id, %(provider)s, order_no, 'succeeded', 'page', 'paid', total_fen, total_fen, 0,
           placed_at, paid_at, 'T' || order_no, '{}', 0
      FROM orders_order WHERE campaign_id = %(campaign)s
    """,
    """
    INSERT INTO orders_account (code, kind)
    VALUES (%(debit)s, %(debit_kind)s), (%(credit)s, %(credit_kind)s)
        ON CONFLICT DO NOTHING
    """,
    """
    INSERT INTO orders_transfer (debit_id, credit_id, amount_fen, event, idem_key, ref_type,
                                 ref_id, order_id, business_date, created_at)
    SELECT debit.id, credit.id, o.total_fen, 'payment_received', 'pay:' || o.order_no, 'payment',
           o.order_no, o.id, o.paid_at::date, o.paid_at
      FROM orders_order AS o, orders_account AS debit, orders_account AS credit
     WHERE o.campaign_id = %(campaign)s AND debit.code = %(debit)s AND credit.code = %(credit)s
    """,
)


def main() -> None:
    """Write a campaign of about `sys.argv[1]` lines and print how many there are."""
    lines = int(sys.argv[1])
    with transaction.atomic():
        leaders = min(max(lines // LINES_PER_LEADER, 1), LEADERS_MAX)
        campaign = _campaign(leaders)
        _load(campaign, leaders, orders=round(lines / LINES_PER_ORDER))
        run_ensure(campaign=campaign, warehouse=WarehouseFactory.create(), now=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("SELECT count(*) FROM orders_orderline")
        sys.stdout.write(str(cursor.fetchone()[0]))


def freeze() -> None:
    """Freeze the campaign, buy for it, and add its figures up, as the pages will show it."""
    now = timezone.now()
    campaign = Campaign.objects.get(code=CODE)
    campaign_freeze(campaign_id=campaign.pk, now=now)
    purchase_orders_create(run=CutoffRun.objects.get(campaign=campaign), now=now)
    # Its day is over the day after tomorrow.
    figures_add_up_due(now=now + timedelta(days=3))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    sys.stdout.write("null")


def _campaign(leaders: int) -> Campaign:
    """An open campaign whose moment to freeze has come, with offers that suppliers have."""
    now = timezone.now()
    campaign: Campaign = CampaignFactory.create(
        code=CODE,
        state=CampaignState.CLOSING,
        opens_at=now - timedelta(hours=16),
        orders_close_at=now - timedelta(minutes=10),
        payments_close_at=now - timedelta(minutes=5),
        freeze_at=now - timedelta(minutes=1),
        delivery_date=timezone.localdate(now) + timedelta(days=1),
    )
    suppliers = SupplierFactory.create_batch(SUPPLIERS)
    for number in range(OFFERS):
        offer = OfferFactory.create(campaign=campaign)
        SupplierOfferFactory.create(sku=offer.sku, supplier=suppliers[number % SUPPLIERS])
    for _number in range(leaders):
        PickupPointFactory.create(leader=LeaderFactory.create(user=None))
    return campaign


def _load(campaign: Campaign, leaders: int, *, orders: int) -> None:
    debit, credit = clearing(PROVIDER), CUSTOMER_PREPAID
    first_point = PickupPoint.objects.earliest("pk").pk
    facts: dict[str, int | str] = {
        "campaign": campaign.pk,
        "orders": orders,
        "residents": max(orders // 3, 1),
        "leaders": leaders,
        "point": first_point,
        "offer": campaign.offers.earliest("pk").pk,
        "offers": OFFERS,
        "provider": PROVIDER,
        "debit": debit,
        "debit_kind": account_kind(debit),
        "credit": credit,
        "credit_kind": account_kind(credit),
    }
    with connection.cursor() as cursor:
        for statement in STATEMENTS:
            cursor.execute(statement, facts)
