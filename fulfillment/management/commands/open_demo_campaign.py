"""Open what a demo sells today, and tell where."""

from django.core.management.base import BaseCommand
from django.urls import reverse

from fulfillment.services.demo_logins import demo_shop_leader
from fulfillment.services.demo_people import demo_applications_make, demo_claims_file
from fulfillment.services.demo_warehouse import demo_warehouse_equip
from leaders.services.agreements import default_agreement_write
from leaders.services.scripts import default_scripts_write
from orders.selectors.clock import database_now
from orders.services.demo_campaigns import demo_campaigns_open, demo_closes_at, demo_licence_write
from orders.services.legal import default_rules_write


class Command(BaseCommand):
    """`open_demo_campaign`: safe to call again; a day is opened once."""

    help = (
        "Open today's demo campaigns with rules, licences and a scale; print the path of a shop "
        "and until when it takes orders."
    )

    def handle(self, *args: object, **options: object) -> None:
        """Open what is missing; print a demo leader's shop, and the moment it closes."""
        now = database_now()
        default_rules_write(now=now)
        default_agreement_write(now=now)
        default_scripts_write()
        demo_licence_write()
        demo_warehouse_equip(now=now)
        demo_campaigns_open(now=now)
        leader, closes_at = demo_shop_leader(), demo_closes_at(now=now)
        demo_applications_make(now=now)
        if leader is not None:
            demo_claims_file(leader=leader, now=now)
        if leader is not None and closes_at is not None:
            self.stdout.write(f"{reverse('shop', args=[leader.code])} {closes_at.isoformat()}")
