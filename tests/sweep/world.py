"""Two leaders of one played day, each with everything a page can show; one of them is foreign."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.core.files.base import ContentFile
from django.test import Client

from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.delivery import Driver, Stop
from fulfillment.models.papers import Paper
from fulfillment.models.recalls import RecallLine
from fulfillment.models.settlement import SettlementStatement
from fulfillment.models.warehouse import Drop
from leaders.models.access import PickupHelper
from leaders.models.accounts import Role, User
from leaders.models.care import Substitution
from leaders.models.countersignatures import Countersignature
from leaders.models.leaders import Leader
from leaders.models.resales import Resale
from orders.http import RESIDENT_KEY
from orders.models.claims import ClaimPhoto
from orders.models.jielong import JielongEntry, JielongImport
from orders.models.orders import Order, OrderLine
from orders.models.personal_data import PersonRequest
from orders.models.residents import Resident, ShortLink
from tests.factories.care import SubstitutionFactory
from tests.factories.compliance import PersonRequestFactory
from tests.factories.countersignatures import refund_asked
from tests.factories.leaders import UserFactory
from tests.factories.links import ResaleFactory, group_link
from tests.factories.orders import ClaimPhotoFactory
from tests.factories.recalls import RecallLineFactory
from tests.factories.settlement import SettlementStatementFactory
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
    line: OrderLine
    drop: Drop
    stop: Stop
    photo: ClaimPhoto
    signature: Countersignature
    statement: SettlementStatement
    entry: JielongEntry
    link: ShortLink
    resale: Resale
    substitution: Substitution
    person_request: PersonRequest
    recall_line: RecallLine

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
            "order_id": party.order.pk,
            "offer_id": party.line.offer_id,
            "point_id": party.drop.pickup_point_id,
            "line_no": party.line.line_no,
            "run_no": self.run.delivery_runs.get().run_no,
            "stop_key": str(party.drop.pk),
            "stop_pk": party.stop.pk,
            "line_pk": 1,
            "photo_pk": party.photo.pk,
            "token": "no-such-token",
            "uidb64": "bm9ib2R5",
            "out_trade_no": party.order.order_no,
            "no": party.statement.statement_no,
            "provider": "sandbox",
            "holder": "leader",
            "pack": "all",
            "key": "all",
            "folder": "products",
            "name": "trained",
            "kind": "arrived",
            "code": party.leader.code if is_of_a_leader(route) else self.run.campaign.code,
            "pk": self._key(route, party),
        }
        values |= self._special(route, party)
        return {name: values[name] for name in route.arguments}

    def _special(self, route: Route, party: Party) -> dict[str, object]:
        link: dict[str, object] = {"code": party.link.code}
        special: dict[str, dict[str, object]] = {
            "photo": {"name": "none.jpg"},
            "rules": {"kind": "terms"},
            "batch-trace-file": {"kind": "csv"},
            "leader-kit-picture": {"kind": "opening"},
            "leader-link-stop": link,
            "leader-link-qr": link,
            "short-link": {"code": "nolink"},
            "paper-code": {"code": "nocode"},
        }
        return special.get(route.name, {})

    def _key(self, route: Route, party: Party) -> int:
        """The key of the row that an address names by `pk`."""
        keys = {
            "leader-order": party.order.pk,
            "countersignature": party.signature.pk,
            "countersignature-decide": party.signature.pk,
            "countersignature-photo": party.signature.pk,
            "leader-arrival": party.drop.pickup_point_id,
            "leader-claim": party.photo.claim_id,
            "leader-claim-photo": party.photo.pk,
            "service-claim-photo": party.photo.pk,
            "leader-jielong-import": party.entry.jielong_import_id,
            "leader-jielong-prepay": party.entry.jielong_import_id,
            "leader-jielong-row": party.entry.pk,
            "leader-resale-end": party.resale.pk,
            "leader-substitution-end": party.substitution.pk,
            "recruiting-substitution-end": party.substitution.pk,
            "paper-download": self._paper_of(party),
            "compliance-person": party.person_request.pk,
            "compliance-person-answer": party.person_request.pk,
            "recall": party.recall_line.recall_id,
            "recall-returned": party.recall_line.recall_id,
            "recall-phone": party.recall_line.recall_id,
            "recall-close": party.recall_line.recall_id,
            "recall-file": party.recall_line.recall_id,
        }
        drops = ("leader-delivery", "pod-download")
        if route.name.startswith("service-claim-") and route.name not in keys:
            return party.photo.claim_id
        if route.name.startswith(drops):
            return party.drop.pk
        return keys.get(route.name, party.stop.trip_id)

    def _paper_of(self, party: Party) -> int:
        paper = Paper.objects.filter(scope=party.leader.code).first()
        return paper.pk if paper else 0

    def _party(self, code: str) -> Party:
        leader = Leader.objects.get(code=code)
        leader.user = UserFactory.create(username=f"leader-{code}")
        leader.save()
        order = Order.objects.filter(leader=leader).order_by("order_no")[0]
        line = order.lines.order_by("line_no")[0]
        stop = Stop.objects.filter(drop__pickup_point__leader=leader)[0]
        photo = ClaimPhotoFactory.create(
            claim__order_line=line, photo=ContentFile(b"jpeg", name=f"{code}.jpg")
        )
        return Party(
            leader=leader,
            order=order,
            line=line,
            drop=stop.drop,
            stop=stop,
            photo=photo,
            signature=refund_asked(photo.claim, asked_by=leader.user),
            statement=SettlementStatementFactory.create(leader=leader),
            entry=self._entry(leader),
            link=group_link(leader, NOW),
            resale=ResaleFactory.create(owner=leader),
            substitution=SubstitutionFactory.create(pickup_point__leader=leader),
            person_request=PersonRequestFactory.create(resident=order.resident),
            recall_line=RecallLineFactory.create(run=self.run, order_line=line),
        )

    def _entry(self, leader: Leader) -> JielongEntry:
        snapshot = JielongImport.objects.create(
            leader=leader,
            campaign=self.run.campaign,
            snapshot_no=1,
            raw_text=f"#接龙\n1. {leader.name} 1",
            digest=leader.code,
            made_by=UserFactory.create(),
            made_at=NOW,
        )
        return JielongEntry.objects.create(
            jielong_import=snapshot,
            position=1,
            raw=f"1. {leader.name} 1",
            nickname=leader.name,
            confidence_bp=0,
            changed_at=NOW,
        )

    def _staff(self, role: Role) -> User:
        user = UserFactory.create(role=role)
        if role == Role.DRIVER:
            trip = self.own.stop.trip
            trip.driver = Driver.objects.create(code="D1", name="赵师傅", phone="", user=user)
            trip.save()
        if role == Role.HELPER:
            PickupHelper.objects.create(leader=self.own.leader, user=user, since=NOW)
        return user

    def _estrange(self, leader: Leader) -> None:
        """Mark what belongs to the foreign leader, so that a leak can be read off a page."""
        Leader.objects.filter(pk=leader.pk).update(phone=FOREIGN_LEADER_PHONE, name=FOREIGN_NAME)
        Order.objects.filter(leader=leader).update(
            resident_name=FOREIGN_NAME, resident_phone=FOREIGN_PHONE
        )
        Resident.objects.filter(leader=leader).update(name=FOREIGN_NAME, phone=FOREIGN_PHONE)


def is_of_a_leader(route: Route) -> bool:
    """Whether the `code` in an address is a leader's and not a campaign's."""
    return route.pattern.startswith(("recruiting/leaders/", "settlement/payees/")) or (
        route.name == "api-leader"
    )
