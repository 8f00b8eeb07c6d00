"""A person with marks in all they say, who lives a whole day; and a search for the marks."""

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.utils import timezone
from PIL import Image
from psycopg.sql import SQL, Identifier
from pypdf import PdfReader

from fulfillment.domain.bundle import DayBundle
from fulfillment.models.cutoff_run import ImportNote
from fulfillment.services.completion import orders_complete_due
from leaders.models.accounts import Role, User
from leaders.models.applications import (
    ApplicationDocument,
    ApplicationState,
    DocumentKind,
    LeaderApplication,
)
from leaders.models.care import FollowUp
from leaders.models.leaders import Leader
from orders.domain.basket import BasketLine, OrderRequest, Receiver
from orders.domain.claims import ClaimRequest
from orders.http import PHONE_KEY
from orders.models.campaigns import Campaign
from orders.models.orders import Order
from orders.models.outbox import SubscriptionQuota, Topic
from orders.models.residents import Resident
from orders.services.cancellation import order_cancel
from orders.services.claim_words import claim_reply
from orders.services.claims import ClaimDecision, claim_decide, claim_file
from orders.services.jielong import jielong_import
from orders.services.login_codes import login_code_shown
from orders.services.outbox_relay import outbox_relay
from orders.services.placement import order_place
from orders.services.resident_tokens import resident_token_issue
from orders.services.residents import neighbour_of_leader
from tests.builders import tiny_day
from tests.factories.leaders import LeaderApplicationFactory, PickupPointFactory, UserFactory
from tests.factories.links import ResaleFactory, group_link
from tests.factories.orders import CampaignFactory, OfferFactory
from tests.fulfillment.services.days import played

NAME, PHONE = "欧阳兔标记", "19966778899"
BUILDING, ROOM = "标记楼栋", "M7731"
OPENID, WORDS, CAMERA = "oMARKopenid", "MARKwords", "MARKcamera"
MARKS = (NAME, PHONE, BUILDING, ROOM, OPENID, WORDS, CAMERA)


class Life:
    """A day of the marked resident; everything they began is over at its end."""

    def __init__(self) -> None:
        self.now = timezone.now()
        self.run = played(_marked_day(), print_papers=True)
        self.order = Order.objects.get(resident_name=NAME)
        self.leader: Leader = self.order.leader
        self.staff: User = UserFactory.create(role=Role.COMPLIANCE)
        self.campaign = _open_campaign()
        self.offer = OfferFactory.create(campaign=self.campaign, price_fen=500)
        ImportNote.objects.create(
            run=self.run, position=99, severity="warning", file="o.csv", code="x", message=NAME
        )
        self.client = Client()
        self.resident = self._log_in()
        self._order()
        self._paste()
        self._claim()
        self._apply()
        outbox_relay(now=self.now)
        orders_complete_due(now=self.now)

    def _log_in(self) -> Resident:
        """By the code on the phone; somebody else who typed the number was left at that step."""
        address = f"/me/login/?leader={self.leader.code}"
        self.client.post(address, {"action": "send", "phone": PHONE, "has_agreed": "on"})
        self.client.post(address, {"action": "check", "code": str(login_code_shown(PHONE))})
        unfinished = Client().session
        unfinished[PHONE_KEY] = PHONE
        unfinished.save()
        resident = Resident.objects.get(phone=PHONE, phone_verified_at__isnull=False)
        self.client.post("/me/", {"name": NAME, "building": BUILDING, "room": ROOM})
        Resident.objects.filter(pk=resident.pk).update(openid=OPENID)
        resident_token_issue(resident_id=resident.pk, now=self.now)
        SubscriptionQuota.objects.create(resident=resident, topic=Topic.ARRIVED, remaining=1)
        return resident

    def _order(self) -> None:
        """By the link of a reseller, and by another leader as a neighbour; both are given up."""
        PickupPointFactory.create(leader=self.leader)
        point = PickupPointFactory.create()
        ResaleFactory.create(owner=self.leader, reseller=point.leader, agreed_at=self.now)
        group_link(self.leader, self.now, reseller=point.leader)
        neighbour = neighbour_of_leader(
            leader=point.leader, name=NAME, phone=PHONE, building=BUILDING, room=ROOM
        )
        own = OrderRequest(
            campaign_id=self.campaign.pk,
            leader_id=self.leader.pk,
            resident_id=self.resident.pk,
            lines=(BasketLine(self.offer.pk, 1),),
            receiver=Receiver(NAME, PHONE, BUILDING, ROOM),
            request_key="key-1",
            source="storefront",
            reseller_code=point.leader.code,
        )
        by_proxy = replace(
            own,
            leader_id=point.leader_id,
            resident_id=neighbour.pk,
            source="proxy",
            payer_leader_id=point.leader_id,
            reseller_code="",
        )
        for request in (own, by_proxy):
            placed = order_place(request=request).order
            order_cancel(order_id=placed.pk, actor="system")

    def _paste(self) -> None:
        """Into a chain that nobody worked on."""
        name = self.offer.sku.name
        for rows in (f"1. {NAME} {BUILDING}{ROOM} {WORDS}", f"1. {NAME} {BUILDING}{ROOM} {WORDS}2"):
            jielong_import(
                leader=self.leader,
                campaign=self.campaign,
                text=f"#接龙\n{name}\n{rows}\n",
                actor=self.staff,
                now=self.now,
            )

    def _claim(self) -> None:
        """With a photo that says who took it, and an answer that names the person."""
        photo = io.BytesIO()
        picture = Image.new("RGB", (40, 30), (90, 120, 30))
        exif = Image.Exif()
        exif[0x010E] = CAMERA
        picture.save(photo, format="JPEG", exif=exif)
        request = ClaimRequest(
            order_no=self.order.order_no,
            line_no=1,
            kind="spoiled",
            qty=1,
            description=WORDS,
            photos=(photo.getvalue(),),
            request_key="claim-1",
            defect_bp=10_000,
            weighed_g=None,
        )
        claim = claim_file(resident_id=self.resident.pk, request=request, now=self.now).claim
        claim_reply(claim_id=claim.pk, words=f"{NAME} {WORDS}", actor=self.staff, now=self.now)
        no = ClaimDecision(approve=False, note=f"{NAME} {WORDS}")
        claim_decide(claim_id=claim.pk, decision=no, actor=self.staff, now=self.now)

    def _apply(self) -> None:
        """As a leader, once, in vain; a recruiter opened the application in the admin."""
        application = LeaderApplicationFactory.create(
            applicant_name=NAME,
            phone=PHONE,
            address=BUILDING,
            introduction=WORDS,
            state=ApplicationState.REJECTED,
            reviewed_at=self.now,
            review_note=WORDS,
        )
        document = ApplicationDocument(
            application=application, kind=DocumentKind.PLACE, digest="d", added_at=self.now
        )
        document.photo.save("MARKcamera.jpg", ContentFile(CAMERA.encode()))
        FollowUp.objects.create(
            application=application, note=f"{NAME} {WORDS}", made_by=self.staff, made_at=self.now
        )
        LogEntry.objects.create(
            user=self.staff,
            content_type=ContentType.objects.get_for_model(LeaderApplication),
            object_id=str(application.pk),
            object_repr=str(application),
            action_flag=CHANGE,
            change_message=json.dumps([{"changed": {"name": NAME}}]),
        )


def marks_found(*roots: Path) -> dict[str, list[str]]:
    """Where each mark is: tables, decoded sessions, and files with the words of PDFs."""
    places: dict[str, list[str]] = {}
    for place, text in (*_tables(), *_sessions(), *_files(roots)):
        found = [mark for mark in MARKS if mark in text or _escaped(mark) in text]
        if found:
            places[place] = found
    return places


def _tables() -> Iterator[tuple[str, str]]:
    """Every row of every table there is, ours and those of others, as text."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables"
            " WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'"
        )
        for (table,) in cursor.fetchall():
            rows = SQL("SELECT coalesce(string_agg(t::text, chr(10)), '') FROM {} t")
            cursor.execute(rows.format(Identifier(table)))
            yield table, str(cursor.fetchone()[0])


def _sessions() -> Iterator[tuple[str, str]]:
    """What sessions hold, which the table shows in a coding of its own."""
    for session in Session.objects.all():
        yield f"session {session.pk}", json.dumps(session.get_decoded(), ensure_ascii=False)


def _files(roots: tuple[Path, ...]) -> Iterator[tuple[str, str]]:
    """Names and bytes of files, and what a PDF shows."""
    for path in (path for root in roots for path in root.rglob("*") if path.is_file()):
        text = path.read_bytes().decode(errors="ignore")
        if path.suffix == ".pdf":
            text = "".join(page.extract_text() for page in PdfReader(path).pages)
        yield f"file {path.name}", f"{path.name}{text}"


def _escaped(mark: str) -> str:
    """A mark as JSON writes it where it keeps to ASCII."""
    return json.dumps(mark)[1:-1]


def _marked_day() -> DayBundle:
    day = tiny_day()
    first = replace(
        day.orders[0], resident_name=NAME, resident_phone=PHONE, building=BUILDING, room=ROOM
    )
    return replace(day, orders=(first, *day.orders[1:]))


def _open_campaign() -> Campaign:
    now = timezone.now()
    campaign: Campaign = CampaignFactory.create(
        opens_at=now - timedelta(hours=8),
        orders_close_at=now + timedelta(hours=3),
        payments_close_at=now + timedelta(hours=3, minutes=3),
        freeze_at=now + timedelta(hours=3, minutes=5),
        delivery_date=timezone.localdate(now) + timedelta(days=1),
    )
    return campaign
