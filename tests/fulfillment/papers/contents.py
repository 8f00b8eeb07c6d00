"""Small contents of every paper, to be changed by the test that needs another."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from fulfillment.papers.check_list import CheckLine, CheckList, LoadClass
from fulfillment.papers.delivery_note import DeliveryNote, NoteLine
from fulfillment.papers.hand_out_list import HandOutLine, HandOutList
from fulfillment.papers.load_sheet import LoadSheetContent, LoadStop
from fulfillment.papers.master_list import MasterListContent, MasterRow
from fulfillment.papers.paper import Freeze, Party, Stamp, Totes
from fulfillment.papers.purchase_order import PurchaseOrderContent, PurchaseOrderLine
from fulfillment.papers.receiving_sheet import ReceivingLine, ReceivingSheetContent
from fulfillment.papers.route_sheet import RouteSheetContent, RouteStop
from fulfillment.papers.sow_cards import SowCard, SowDrop
from orders.domain.storage import StorageClass

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 3, 10)


def at(hour: int, minute: int = 0) -> datetime:
    """A moment of the delivery day."""
    return datetime(2026, 3, 10, hour, minute, tzinfo=SHANGHAI)


STAMP = Stamp(
    number="S-0310A-R03-r1",
    revision=1,
    freeze=Freeze.ALLOCATION,
    control_code="K7QD",
    code="S*0310A*R03*1",
    printed_at=at(1, 12),
    printed_by="周采购",
)
TOTES = Totes(ambient=3, chill=1, frozen=1)


def purchase_line(sku_code: str = "K001", **changes: Any) -> PurchaseOrderLine:
    """750 packs of 5 for 3,748 sold."""
    line = PurchaseOrderLine(
        supplier_code="",
        sku_code=sku_code,
        name="西兰花 750g",
        unit="份",
        pack_factor=5,
        packs=750,
        ordered_qty=3750,
        need_qty=3748,
        unit_cost_fen=370,
        weight_g=750,
    )
    return replace(line, **changes)


def purchase_order(*lines: PurchaseOrderLine, **changes: Any) -> PurchaseOrderContent:
    """An order to the cauliflower supplier."""
    content = PurchaseOrderContent(
        stamp=STAMP,
        po_no="P-C20260310-S20",
        supplier=Party(name="郑州花菜供应商", code="S20", contact="江瑞雪", phone="19900018986"),
        buyer=Party(name="郑州中心仓", address="航海东路 1 号"),
        delivery_on=DAY,
        window="03:30",
        dock="郑州中心仓",
        min_order_fen=0,
        lines=lines or (purchase_line(),),
    )
    return replace(content, **changes)


def receiving_line(sku_code: str = "K023", **changes: Any) -> ReceivingLine:
    """Ninety packs of six expected, nothing counted yet."""
    line = ReceivingLine(
        storage=StorageClass.AMBIENT,
        sku_code=sku_code,
        name="奶白菜 750g",
        unit="份",
        pack_factor=6,
        expected_qty=540,
        need_qty=535,
    )
    return replace(line, **changes)


def receiving_sheet(*lines: ReceivingLine, **changes: Any) -> ReceivingSheetContent:
    """A sheet that shows what is expected."""
    content = ReceivingSheetContent(
        stamp=STAMP,
        supplier=Party(name="郑州花叶类供应商", code="S18"),
        purchase_order="P-C1-S18",
        delivery_on=DAY,
        arrives_at="01:00",
        dock="郑州中心仓",
        blind=False,
        lines=lines or (receiving_line(),),
    )
    return replace(content, **changes)


def master_row(sku_code: str, route_qty: tuple[int, ...], **changes: Any) -> MasterRow:
    """A row in which everything needed was accepted and given."""
    row = MasterRow(
        storage=StorageClass.AMBIENT,
        place="01:00",
        sku_code=sku_code,
        name=f"商品{sku_code}",
        unit="份",
        pack_factor=6,
        need_qty=sum(route_qty),
        accepted_qty=sum(route_qty),
        route_qty=route_qty,
    )
    return replace(row, **changes)


def master_list(*rows: MasterRow, **changes: Any) -> MasterListContent:
    """A wave with as many routes as the first row has."""
    routes = len(rows[0].route_qty) if rows else 0
    content = MasterListContent(
        stamp=STAMP,
        wave="0310A",
        warehouse="郑州中心仓",
        delivery_on=DAY,
        allocated_qty=sum(row.allocated_qty for row in rows),
        routes=tuple(f"R{number:02d}" for number in range(1, routes + 1)),
        rows=rows,
    )
    return replace(content, **changes)


def sow_card(*drops: SowDrop, **changes: Any) -> SowCard:
    """A card of watermelons without any left over."""
    pieces = sum(drop.qty for drop in drops)
    card = SowCard(
        stamp=STAMP,
        wave="0310A",
        sku_code="K1043",
        name="冰淇淋西瓜 1个约3.5斤",
        unit="个",
        storage=StorageClass.AMBIENT,
        pack_factor=20,
        allocated_qty=pieces,
        accepted_qty=pieces,
        drops=drops,
    )
    return replace(card, **changes)


def sow_drop(slot: str, qty: int, short_qty: int = 0) -> SowDrop:
    """A drop whose route is the first half of its slot."""
    route_no = int(slot.split("-")[0])
    return SowDrop(route=f"R{route_no:02d}", slot=slot, qty=qty, short_qty=short_qty)


def check_line(sku_code: str, qty: int = 1, **changes: Any) -> CheckLine:
    """One SKU of a slot."""
    line = CheckLine(
        storage=StorageClass.AMBIENT,
        load_class=LoadClass.NORMAL,
        place="01:00",
        sku_code=sku_code,
        name=f"商品{sku_code}",
        unit="份",
        weight_g=500,
        qty=qty,
    )
    return replace(line, **changes)


def check_list(*lines: CheckLine, **changes: Any) -> CheckList:
    """The slot of leader Zhang."""
    content = CheckList(
        stamp=STAMP,
        wave="0310A",
        route="R03",
        slot="3-07",
        leader_name="张阿姨",
        point_name="阳光花苑自提点",
        totes=TOTES,
        lines=lines,
    )
    return replace(content, **changes)


def load_stop(stop_seq: int, **changes: Any) -> LoadStop:
    """A stop of ten pieces."""
    stop = LoadStop(
        stop_seq=stop_seq,
        slot=f"3-{stop_seq:02d}",
        leader_name=f"团长{stop_seq}",
        point_name=f"自提点{stop_seq}",
        totes=TOTES,
        bulky=0,
        pieces=10,
        weight_g=25_000,
    )
    return replace(stop, **changes)


def load_sheet(*stops: LoadStop, **changes: Any) -> LoadSheetContent:
    """A van of one tonne."""
    content = LoadSheetContent(
        stamp=STAMP,
        route="R03",
        plate="郑A·T0002",
        vehicle="面包车",
        driver="",
        capacity_g=1_000_000,
        capacity_totes=90,
        departs_at=at(5, 30),
        stops=stops,
    )
    return replace(content, **changes)


def route_stop(stop_seq: int, **changes: Any) -> RouteStop:
    """A stop with a phone and a map link."""
    stop = RouteStop(
        stop_seq=stop_seq,
        slot=f"3-{stop_seq:02d}",
        arrive_from=at(6, stop_seq),
        arrive_to=at(6, stop_seq + 20),
        distance_m=5230,
        leader_name=f"团长{stop_seq}",
        point_name=f"自提点{stop_seq}",
        address="中原西路169号",
        phone=f"1990002{stop_seq:04d}",
        access_note="",
        specials="",
        totes=TOTES,
        bulky=0,
        pieces=10,
        map_link=f"https://uri.amap.com/marker?position=113.5{stop_seq:02d},34.764086&coordinate=wgs84",
    )
    return replace(stop, **changes)


def route_sheet(*stops: RouteStop, **changes: Any) -> RouteSheetContent:
    """A tour from 5:30 to 9:12."""
    content = RouteSheetContent(
        stamp=replace(STAMP, code="https://tuanpei.example/c/R*0310A*R03*1"),
        route="R03",
        plate="郑A·T0002",
        vehicle="面包车",
        driver="李师傅",
        warehouse="郑州中心仓",
        departs_at=at(5, 30),
        returns_at=at(9, 12),
        distance_m=61_234,
        service_phone="",
        stops=stops,
    )
    return replace(content, **changes)


def note_line(sku_code: str, ordered: int, shipped: int, **changes: Any) -> NoteLine:
    """One SKU handed over."""
    line = NoteLine(
        tote="",
        storage=StorageClass.AMBIENT,
        sku_code=sku_code,
        name=f"商品{sku_code}",
        unit="份",
        ordered_qty=ordered,
        shipped_qty=shipped,
        reason="refunded" if shipped < ordered else "",
    )
    return replace(line, **changes)


def delivery_note(*lines: NoteLine, **changes: Any) -> DeliveryNote:
    """The note of leader Zhang, stop 7 of 12."""
    note = DeliveryNote(
        stamp=STAMP,
        route="R03",
        slot="3-07",
        stop_seq=7,
        stops=12,
        leader_name="张阿姨",
        point_name="阳光花苑自提点",
        address="中原西路169号",
        phone="19900024838",
        arrive_from=at(7, 10),
        arrive_to=at(7, 30),
        totes=TOTES,
        claim_until=at(19, 30),
        service_phone="",
        lines=lines,
    )
    return replace(note, **changes)


def hand_out_line(building: str, room: str, sku_code: str = "K001", **changes: Any) -> HandOutLine:
    """One piece for resident Ren."""
    line = HandOutLine(
        building=building,
        room=room,
        pickup_no="1",
        resident_name="任志强",
        resident_phone="19902398838",
        sku_code=sku_code,
        name=f"商品{sku_code}",
        unit="份",
        qty=1,
    )
    return replace(line, **changes)


def hand_out_list(*lines: HandOutLine, **changes: Any) -> HandOutList:
    """The residents of leader Zhang."""
    content = HandOutList(
        stamp=STAMP,
        slot="3-07",
        leader_name="张阿姨",
        point_name="阳光花苑自提点",
        pickup_on=DAY,
        pickup_window="07:00–10:00",
        shipped_qty=sum(line.qty for line in lines),
        lines=lines,
    )
    return replace(content, **changes)
