"""Orders of before keep the rule their leader has now: it is the one they were promised."""

from django.db import migrations

KEEP_RULES = """
UPDATE orders_order AS o
   SET commission_plan_code = p.code,
       commission_rate_bp = p.rate_bp,
       commission_hold_days = p.hold_days
  FROM leaders_leader AS l
  JOIN leaders_commissionplan AS p ON p.id = l.commission_plan_id
 WHERE l.id = o.leader_id AND o.paid_at IS NOT NULL
"""
KEEP_RATES = """
UPDATE orders_orderline AS line
   SET commission_rate_bp = offer.commission_rate_bp
  FROM orders_offer AS offer
 WHERE offer.id = line.offer_id AND offer.commission_rate_bp IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [("orders", "0014_deeds_and_posts_append_only")]

    operations = [
        migrations.RunSQL(KEEP_RULES, migrations.RunSQL.noop),
        migrations.RunSQL(KEEP_RATES, migrations.RunSQL.noop),
    ]
