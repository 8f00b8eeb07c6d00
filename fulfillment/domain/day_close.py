"""The end of a day: need against what was delivered, refunded and found wrong.

Every SKU goes down one chain: need, ordered, accepted, allocated, sorted,
loaded, delivered, claimed, refunded. Between two figures lies a gap; the day
may be closed when every gap is explained by refunds or by cases that were
decided, and no figure is missing. The worked example is in
docs/algorithms/day_close.md.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from fulfillment.domain.day_counts import Arrival, FoundCase, SkuSupply, SlotCounts
from fulfillment.domain.exceptions import Cause, Stage
from leaders.domain.promises import ensure


class Link(StrEnum):
    """Between which two figures a gap lies."""

    REFUND = "refund"
    SUPPLY = "supply"
    SORT = "sort"
    LOAD = "load"
    HANDOVER = "handover"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Pieces missing between two figures, and how many of them are accounted for."""

    link: Link
    sku_id: int
    point_id: int | None = None
    missing: int
    explained: int
    case_ids: tuple[int, ...] = ()

    @property
    def is_explained(self) -> bool:
        """Whether exactly the missing pieces are accounted for."""
        return self.missing == self.explained


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """One row of the day: all figures of a SKU, of a route, or of everything.

    `ordered`, `accepted` and `spare` are known for SKUs only; a route has None.
    `allocated` counts the pieces that go out, substitutes among them.
    """

    need: int
    ordered: int | None
    accepted: int | None
    used: int
    lost: int
    spare: int | None
    allocated: int
    sorted: int | None
    loaded: int | None
    delivered: int | None
    claimed: int
    refunded: int
    free_short: int
    claim_refunded: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotChain:
    """The figures of one SKU at one point after sorting."""

    counts: SlotCounts
    loaded: int | None
    delivered: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayChain:
    """The whole day: the rows, the gaps, and the cases that keep it open."""

    by_sku: Mapping[int, Chain]
    slots: tuple[SlotChain, ...]
    total: Chain
    gaps: tuple[Gap, ...]
    undecided: tuple[int, ...]
    unplaced: tuple[int, ...]

    @property
    def unexplained(self) -> tuple[Gap, ...]:
        """The gaps that nothing accounts for."""
        return tuple(gap for gap in self.gaps if not gap.is_explained)

    @property
    def is_explained(self) -> bool:
        """Whether every gap is explained and every case decided."""
        return not (self.unexplained or self.undecided or self.unplaced)


Place = tuple[int, int]


@dataclass(slots=True)
class _Cases:
    """Cases by what they are about: (point, SKU) of one stage."""

    pieces: Counter[Place] = field(default_factory=Counter)
    decided: Counter[Place] = field(default_factory=Counter)
    ids: defaultdict[Place, list[int]] = field(default_factory=lambda: defaultdict(list))

    def add(self, case: FoundCase, place: Place) -> None:
        """Count a case."""
        self.pieces[place] += case.qty
        self.decided[place] += case.qty if case.is_decided else 0
        self.ids[place].append(case.case_id)

    def gap(self, link: Link, place: Place, missing: int) -> Gap:
        """The gap of a place with the cases that speak of it."""
        return Gap(
            link=link,
            sku_id=place[1],
            point_id=place[0],
            missing=missing,
            explained=self.decided[place],
            case_ids=tuple(self.ids[place]),
        )


def day_chain(
    supplies: Iterable[SkuSupply], slots: Iterable[SlotCounts], cases: Sequence[FoundCase]
) -> DayChain:
    """Return the rows of a day and its gaps.

    Pieces found in sorting and weighing are out of the supply that was shared
    out; a slot may miss pieces only as far as more was allocated than there
    is. A case of loading or handover is about a slot; one that names no goods
    or no drop explains nothing and keeps the day open.
    """
    slots = sorted(slots, key=lambda slot: (slot.sku_id, slot.point_id))
    supply_of = {supply.sku_id: supply for supply in supplies}
    missing_cases = [case for case in cases if case.cause is not Cause.OVER and case.qty]
    lost, at_sort, at_load, at_door = _cases_sorted(missing_cases)
    gaps: list[Gap] = []
    by_sku: dict[int, Chain] = {}
    chains: list[SlotChain] = []
    grouped: defaultdict[int, list[SlotCounts]] = defaultdict(list)
    for slot in slots:
        grouped[slot.sku_id].append(slot)
    for sku_id in sorted({*grouped, *supply_of}):
        of_sku = grouped.get(sku_id, [])
        supply = supply_of.get(sku_id) or SkuSupply(sku_id=sku_id, ordered=0, accepted=0)
        gaps += _refund_gaps(of_sku)
        overdrawn = _overdrawn(supply, of_sku, lost[sku_id])
        sort_gaps = list(_sort_gaps(of_sku, overdrawn, at_sort))
        gaps += sort_gaps
        if overdrawn:
            gaps.append(
                Gap(
                    link=Link.SUPPLY,
                    sku_id=sku_id,
                    missing=overdrawn,
                    explained=sum(gap.explained for gap in sort_gaps),
                )
            )
        chains_of_sku = [_slot_chain(slot, at_load, at_door) for slot in of_sku]
        for chain in chains_of_sku:
            gaps += _way_gaps(chain, at_load, at_door)
        by_sku[sku_id] = chain_of(chains_of_sku, supply, lost[sku_id])
        chains += chains_of_sku
    return DayChain(
        by_sku=by_sku,
        slots=tuple(chains),
        total=_total(by_sku.values()),
        gaps=tuple(gaps),
        undecided=tuple(case.case_id for case in cases if not case.is_decided),
        unplaced=tuple(case.case_id for case in missing_cases if _is_unplaced(case)),
    )


def chain_of(slots: Sequence[SlotChain], supply: SkuSupply | None = None, lost: int = 0) -> Chain:
    """Return the row of some slots: of a SKU with its supply, of a route without."""
    counts = [slot.counts for slot in slots]
    planned = sum(slot.planned for slot in counts)
    spare = None
    if supply is not None and supply.accepted is not None:
        spare = max(0, supply.accepted + supply.used - lost - planned)
    return Chain(
        need=sum(slot.need for slot in counts),
        ordered=supply.ordered if supply else None,
        accepted=supply.accepted if supply else None,
        used=supply.used if supply else 0,
        lost=lost,
        spare=spare,
        allocated=planned,
        sorted=_sum(slot.sorted for slot in counts),
        loaded=_sum(slot.loaded for slot in slots),
        delivered=_sum(slot.delivered for slot in slots),
        claimed=sum(slot.claimed for slot in counts),
        refunded=sum(slot.refunded for slot in counts),
        free_short=sum(slot.free_short for slot in counts),
        claim_refunded=sum(slot.claim_refunded for slot in counts),
    )


def _cases_sorted(
    cases: Iterable[FoundCase],
) -> tuple[Counter[int], _Cases, _Cases, _Cases]:
    """Pieces lost per SKU before loading, and the cases of the slots by stage."""
    lost: Counter[int] = Counter()
    at_sort, at_load, at_door = _Cases(), _Cases(), _Cases()
    by_stage = {
        Stage.SORT: at_sort,
        Stage.WEIGH: at_sort,
        Stage.LOAD: at_load,
        Stage.HANDOVER: at_door,
    }
    for case in cases:
        if case.sku_id is None or case.stage not in by_stage:
            continue
        if case.stage in (Stage.SORT, Stage.WEIGH):
            lost[case.sku_id] += case.qty
        if case.point_id is not None:
            by_stage[case.stage].add(case, (case.point_id, case.sku_id))
    return lost, at_sort, at_load, at_door


def _is_unplaced(case: FoundCase) -> bool:
    """Whether nobody can say which figure a case is about."""
    if case.stage in (Stage.LOAD, Stage.HANDOVER):
        return case.sku_id is None or case.point_id is None
    return False


def _refund_gaps(slots: Iterable[SlotCounts]) -> Iterable[Gap]:
    """Pieces sold and not given: given back, replaced, or free."""
    for slot in slots:
        missing = slot.need - slot.allocated - slot.substituted - slot.free_short
        if missing or slot.refunded:
            yield Gap(
                link=Link.REFUND,
                sku_id=slot.sku_id,
                point_id=slot.point_id,
                missing=missing,
                explained=slot.refunded,
            )


def _overdrawn(supply: SkuSupply, slots: Iterable[SlotCounts], lost: int) -> int:
    """Pieces that were given out, or lost, and never were there."""
    if supply.accepted is None:
        return 0
    there = supply.accepted + supply.used - lost
    return max(0, sum(slot.planned for slot in slots) - there)


def _sort_gaps(slots: Sequence[SlotCounts], overdrawn: int, cases: _Cases) -> Iterable[Gap]:
    """Slots that miss pieces.

    Missing pieces are explained by cases of their slot only while more is
    allocated than there is: otherwise the piece lies somewhere, and the slot
    is to be filled.
    """
    known = [slot for slot in slots if slot.sorted is not None]
    missing_of = {slot.point_id: slot.planned - (slot.sorted or 0) for slot in known}
    is_followed = sum(missing_of.values()) == overdrawn
    for slot in known:
        missing = missing_of[slot.point_id]
        if not missing:
            continue
        gap = cases.gap(Link.SORT, (slot.point_id, slot.sku_id), missing)
        is_lost = is_followed and missing > 0
        yield replace(gap, explained=min(gap.explained, missing) if is_lost else 0)


def _slot_chain(slot: SlotCounts, at_load: _Cases, at_door: _Cases) -> SlotChain:
    place = (slot.point_id, slot.sku_id)
    loaded = delivered = None
    if slot.is_loaded and slot.sorted is not None:
        loaded = max(0, slot.sorted - at_load.pieces[place])
    if slot.arrival is Arrival.REFUSED:
        delivered = 0
    elif slot.arrival is Arrival.TAKEN and loaded is not None:
        delivered = max(0, loaded - at_door.pieces[place])
    ensure(
        loaded is None or delivered is None or delivered <= loaded,
        "no more is delivered than was loaded",
    )
    return SlotChain(counts=slot, loaded=loaded, delivered=delivered)


def _way_gaps(slot: SlotChain, at_load: _Cases, at_door: _Cases) -> Iterable[Gap]:
    """What was lost between the slot and the leader's hands."""
    place = (slot.counts.point_id, slot.counts.sku_id)
    for link, before, after, cases in (
        (Link.LOAD, slot.counts.sorted, slot.loaded, at_load),
        (Link.HANDOVER, slot.loaded, slot.delivered, at_door),
    ):
        if before is None or after is None:
            continue
        if before != after or cases.pieces[place]:
            yield cases.gap(link, place, before - after)


def _total(rows: Iterable[Chain]) -> Chain:
    rows = list(rows)
    return Chain(
        need=sum(row.need for row in rows),
        ordered=sum(row.ordered or 0 for row in rows),
        accepted=_sum(row.accepted for row in rows),
        used=sum(row.used for row in rows),
        lost=sum(row.lost for row in rows),
        spare=_sum(row.spare for row in rows),
        allocated=sum(row.allocated for row in rows),
        sorted=_sum(row.sorted for row in rows),
        loaded=_sum(row.loaded for row in rows),
        delivered=_sum(row.delivered for row in rows),
        claimed=sum(row.claimed for row in rows),
        refunded=sum(row.refunded for row in rows),
        free_short=sum(row.free_short for row in rows),
        claim_refunded=sum(row.claim_refunded for row in rows),
    )


def _sum(figures: Iterable[int | None]) -> int | None:
    """A sum, or None as soon as one figure of it was not entered."""
    total = 0
    for figure in figures:
        if figure is None:
            return None
        total += figure
    return total
