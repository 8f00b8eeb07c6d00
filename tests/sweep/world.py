"""Two leaders of one played day, each with everything a page can show; one of them is foreign."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.test import Client

from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.delivery import Driver, Stop
from fulfillment.models.papers import Paper
from fulfillment.models.warehouse import Drop
from leaders.models.accounts import Role, User
from leaders.models.leaders import Leader
from orders.http import RESIDENT_KEY
from orders.models.orders import Order
from orders.models.residents import Resident
from tests.factories.leaders import UserFactory
from tests.fulfillment.services.days import played
from tests.sweep.routes import RESIDENT, STRANGER, Route

NOW = datetime(2026, 3, 12, 2, 0, tzinfo=UTC)
# What nobody but the foreign leader and the operator may read.
FOREIGN_PHONE, FOREIGN_LEADER_PHONE = "18812345678", "18887654321"
FOREIGN_NAME = "欧阳外"
FOREIGN_MARKS = (FOREIGN_PHONE, FOREIGN_LEADER_PHONE, FOREIGN_NAME)


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A leader with a log-in, and what belongs to them."""

    leader: Leader
    order: Order
    drop: Drop
    stop: Stop

    @property
    def phones(self) -> tuple[str, ...]:
        """The full numbers of the leader's residents."""
        residents = Resident.objects.filter(leader=self.leader).exclude(phone="")
        return tuple(residents.values_list("phone", flat=True))


class World:
    """The day and the people who ask."""

    def __init__(self) -> None:
        self.run: CutoffRun = played()
        self._estrange(Leader.objects.get(code="L2"))
        self.own = self._party("L1")
        self.foreign = self._party("L2")

    def client(self, role: str) -> Client:
        """A client of somebody in this role; the resident and the leader are the own ones."""
        client = Client()
        if role == RESIDENT:
            session = client.session
            session[RESIDENT_KEY] = self.own.order.resident_id
            session.save()
        elif role == Role.LEADER:
            assert self.own.leader.user is not None
            client.force_login(self.own.leader.user)
        elif role != STRANGER:
            client.force_login(self._staff(Role(role)))
        return client

    def kwargs(self, route: Route, party: Party) -> dict[str, object]:
        """What to call an address with, so that it speaks about this party's things."""
        values: dict[str, object] = {
            "leader_code": party.leader.code,
            "campaign_id": self.run.campaign_id,
            "order_no": party.order.order_no,
            "line_no": 1,
            "run_no": self.run.delivery_runs.get().run_no,
            "stop_key": str(party.drop.pk),
            "stop_pk": party.stop.pk,
            "line_pk": 1,
            "token": "no-such-token",
            "out_trade_no": party.order.order_no,
            "provider": "sandbox",
            "holder": "leader",
            "pack": "all",
            "key": "all",
            "folder": "products",
            "name": "none.jpg",
            "kind": "arrived",
            "code": self.run.campaign.code,
            "pk": self._key(route, party),
        }
        values |= self._special(route, party)
        return {name: values[name] for name in route.arguments}

    def _special(self, route: Route, party: Party) -> dict[str, object]:
        special: dict[str, dict[str, object]] = {
            "rules": {"kind": "terms"},
            "batch-trace-file": {"kind": "csv"},
            "short-link": {"code": "nolink"},
            "paper-code": {"code": "nocode"},
            "api-leader": {"code": party.leader.code},
        }
        return special.get(route.name, {})

    def _key(self, route: Route, party: Party) -> int:
        """The key of the row that an address names by `pk`."""
        keys = {
            "leader-order": party.order.pk,
            "leader-arrival": party.drop.pickup_point_id,
            "leader-delivery": party.drop.pk,
            "leader-delivery-code": party.drop.pk,
            "leader-delivery-received": party.drop.pk,
            "leader-delivery-count": party.drop.pk,
            "pod-download": party.drop.pk,
            "paper-download": self._paper_of(party),
        }
        return keys.get(route.name, party.stop.trip_id)

    def _paper_of(self, party: Party) -> int:
        paper = Paper.objects.filter(scope=party.leader.code).first()
        return paper.pk if paper else 0

    def _party(self, code: str) -> Party:
        leader = Leader.objects.get(code=code)
        leader.user = UserFactory.create(username=f"leader-{code}")
        leader.save()
        order = Order.objects.filter(leader=leader).order_by("order_no")[0]
        stop = Stop.objects.filter(drop__pickup_point__leader=leader)[0]
        return Party(leader=leader, order=order, drop=stop.drop, stop=stop)

    def _staff(self, role: Role) -> User:
        user = UserFactory.create(role=role)
        if role == Role.DRIVER:
            trip = self.own.stop.trip
            trip.driver = Driver.objects.create(code="D1", name="赵师傅", phone="", user=user)
            trip.save()
        return user

    def _estrange(self, leader: Leader) -> None:
        """Mark what belongs to the foreign leader, so that a leak can be read off a page."""
        Leader.objects.filter(pk=leader.pk).update(phone=FOREIGN_LEADER_PHONE, name=FOREIGN_NAME)
        Order.objects.filter(leader=leader).update(
            resident_name=FOREIGN_NAME, resident_phone=FOREIGN_PHONE
        )
        Resident.objects.filter(leader=leader).update(name=FOREIGN_NAME, phone=FOREIGN_PHONE)
