"""Contents of the warehouse's papers: who gets how much of each SKU."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import replace

from django.utils.translation import gettext as _

from fulfillment.domain.sorting import natural_key, parse_slot, straight_cases
from fulfillment.models.warehouse import Drop, Wave
from fulfillment.papers.check_list import CheckLine, CheckList, LoadClass
from fulfillment.papers.master_list import MasterListContent, MasterRow
from fulfillment.papers.numbering import Document
from fulfillment.papers.paper import Totes
from fulfillment.papers.sow_cards import SowCard, SowDrop
from fulfillment.selectors.papers.day import PaperDay, Share
from fulfillment.selectors.papers.stamping import Stamper
from orders.domain.storage import StorageClass
from orders.models.catalogue import Sku, SkuKind

HEAVY_G = 1000
# Above these a matrix of goods and slots is larger than a sorter can overlook.
MATRIX_SKUS, MATRIX_SLOTS = 40, 40
# Grams per 1,000 ml below which goods are crushed by what lies on them.
FRAGILE_G_PER_L = 200


def route_of(day: PaperDay, drop: Drop) -> str:
    """The route a drop is on; drops no route could take share a lane of their own."""
    stop = day.stops.get(drop.pk)
    return str(stop.trip) if stop else _("unrouted")


def drops_of_wave(day: PaperDay, wave: Wave) -> tuple[Drop, ...]:
    """The drops of a wave in the order of their slots."""
    drops = [drop for drop in day.drops if drop.wave_id == wave.pk]
    return tuple(sorted(drops, key=lambda drop: parse_slot(drop.slot_code)))


def drops_by_route(day: PaperDay) -> dict[str, tuple[Drop, ...]]:
    """Route → its drops, both in the order of the slots."""
    routes: dict[str, list[Drop]] = defaultdict(list)
    for drop in sorted(day.drops, key=lambda drop: parse_slot(drop.slot_code)):
        routes[route_of(day, drop)].append(drop)
    return {route: tuple(drops) for route, drops in routes.items()}


def master_list_content(day: PaperDay, stamper: Stamper, wave: Wave) -> MasterListContent:
    """The wave's SKUs against its routes."""
    drops = drops_of_wave(day, wave)
    routes = tuple(dict.fromkeys(route_of(day, drop) for drop in drops))
    given: dict[int, Counter[str]] = defaultdict(Counter)
    for drop in drops:
        route = route_of(day, drop)
        for sku_id, share in day.shares[drop.pickup_point_id].items():
            given[sku_id][route] += share.allocated_qty
    need = _need(day, wave)
    slots = drops if len(need) <= MATRIX_SKUS and len(drops) <= MATRIX_SLOTS else ()
    rows = []
    for sku_id, qty in need.items():
        sku = day.skus[sku_id]
        rows.append(
            MasterRow(
                storage=StorageClass(sku.storage),
                place=_place(day, sku),
                sku_code=sku.code,
                name=sku.name,
                unit=sku.unit,
                pack_factor=day.pack_of_sku.get(sku_id, 1),
                need_qty=qty,
                accepted_qty=day.accepted_of_sku[sku_id],
                route_qty=tuple(given[sku_id][route] for route in routes),
                slot_qty=tuple(_share(day, drop, sku_id).allocated_qty for drop in slots),
                gone_qty=day.gone_of_sku[sku_id],
            )
        )
    return MasterListContent(
        stamp=stamper.stamp(Document.MASTER_LIST, day.run.warehouse.code, day.quantities(drops)),
        wave=stamper.batch,
        warehouse=day.run.warehouse.name,
        delivery_on=day.run.campaign.delivery_date,
        allocated_qty=sum(drop.pieces for drop in drops),
        routes=routes,
        rows=tuple(rows),
        slots=tuple(drop.slot_code for drop in slots),
    )


def _share(day: PaperDay, drop: Drop, sku_id: int) -> Share:
    return day.shares[drop.pickup_point_id].get(sku_id, Share(0, 0))


def _place(day: PaperDay, sku: Sku) -> str:
    """Its bin, or when goods without one arrive at the dock."""
    return sku.bin_code or day.arrival_of_sku.get(sku.pk, "")


def look_alikes_of(day: PaperDay) -> dict[int, tuple[Sku, ...]]:
    """SKU → the others of its product that are sorted that day: 500 g beside 1,000 g."""
    of_product: dict[int, set[int]] = defaultdict(set)
    for shares in day.shares.values():
        for sku_id in shares:
            of_product[day.skus[sku_id].product_id].add(sku_id)
    return {
        sku_id: tuple(
            sorted(
                (day.skus[other] for other in sku_ids - {sku_id}),
                key=lambda sku: natural_key(sku.code),
            )
        )
        for sku_ids in of_product.values()
        if len(sku_ids) > 1
        for sku_id in sku_ids
    }


def _need(day: PaperDay, wave: Wave) -> Counter[int]:
    """SKU → pieces ordered by the wave's points, and by points that get nothing at all."""
    elsewhere = {drop.pickup_point_id for drop in day.drops if drop.wave_id != wave.pk}
    need: Counter[int] = Counter()
    for point_id, shares in day.shares.items():
        if point_id not in elsewhere:
            for sku_id, share in shares.items():
                need[sku_id] += share.ordered_qty
    return need


def sow_cards(
    day: PaperDay, stamper: Stamper, wave: Wave
) -> dict[StorageClass, tuple[SowCard, ...]]:
    """The cards of a wave by temperature class, in the order the goods arrive.

    A SKU nobody gets has no card; the master list names it as short.
    """
    drops = drops_of_wave(day, wave)
    wanted: dict[int, list[tuple[Drop, Share]]] = defaultdict(list)
    for drop in drops:
        for sku_id, share in day.shares[drop.pickup_point_id].items():
            wanted[sku_id].append((drop, share))
    order = sorted(
        wanted,
        key=lambda pk: (natural_key(_place(day, day.skus[pk])), natural_key(day.skus[pk].code)),
    )
    alike = look_alikes_of(day)
    cards: dict[StorageClass, list[SowCard]] = {storage: [] for storage in StorageClass}
    for sku_id in order:
        card = replace(
            _sow_card(day, stamper, day.skus[sku_id], wanted[sku_id]),
            gone_qty=day.gone_of_sku[sku_id],
            look_alikes=tuple(f"{sku.code} {sku.name}" for sku in alike.get(sku_id, ())),
        )
        if card.allocated_qty:
            cards[card.storage].append(card)
    return {storage: tuple(found) for storage, found in cards.items() if found}


def _sow_card(
    day: PaperDay, stamper: Stamper, sku: Sku, wanted: list[tuple[Drop, Share]]
) -> SowCard:
    return SowCard(
        stamp=stamper.stamp(
            Document.SOW_CARDS,
            sku.code,
            [
                (f"{drop.pickup_point.code}:{sku.code}", share.allocated_qty)
                for drop, share in wanted
            ],
        ),
        wave=stamper.batch,
        sku_code=sku.code,
        name=sku.name,
        unit=sku.unit,
        storage=StorageClass(sku.storage),
        pack_factor=day.pack_of_sku.get(sku.pk, 1),
        allocated_qty=sum(share.allocated_qty for _drop, share in wanted),
        accepted_qty=day.accepted_of_sku[sku.pk],
        drops=tuple(
            SowDrop(
                route=route_of(day, drop),
                slot=drop.slot_code,
                qty=share.allocated_qty,
                short_qty=share.short_qty,
                cases=straight_cases(share.allocated_qty, day.pack_of_sku.get(sku.pk, 1)),
            )
            for drop, share in wanted
        ),
        place=_place(day, sku),
        is_weighed=sku.kind == SkuKind.CATCH_WEIGHT,
    )


def check_list(
    day: PaperDay, stamper: Stamper, drop: Drop, alike: Collection[int] = ()
) -> CheckList:
    """Everything in one slot; `alike` are the SKUs that are easily taken for others."""
    return CheckList(
        stamp=stamper.stamp(Document.CHECK_LIST, drop.slot_code, day.quantities((drop,))),
        wave=stamper.batch,
        route=route_of(day, drop),
        slot=drop.slot_code,
        leader_name=drop.pickup_point.leader.name,
        point_name=drop.pickup_point.name,
        totes=day.totes.get(drop.pk, Totes()),
        lines=tuple(_check_lines(day, drop, alike)),
    )


def _check_lines(day: PaperDay, drop: Drop, alike: Collection[int]) -> Iterator[CheckLine]:
    for sku_id, replaces_sku_id, share in day.goods_of_point(drop.pickup_point_id):
        sku = day.skus[sku_id]
        yield CheckLine(
            storage=StorageClass(sku.storage),
            load_class=_load_class(sku),
            place=_place(day, sku),
            sku_code=sku.code,
            name=day.marked(sku.name, replaces_sku_id),
            unit=sku.unit,
            weight_g=sku.weight_g,
            qty=share.allocated_qty,
            short_qty=share.short_qty,
            looks_alike=sku_id in alike,
        )


def _load_class(sku: Sku) -> LoadClass:
    if sku.weight_g >= HEAVY_G:
        return LoadClass.HEAVY
    if sku.weight_g * 1000 < FRAGILE_G_PER_L * sku.volume_ml:
        return LoadClass.FRAGILE
    return LoadClass.NORMAL
