"""Two plans side by side in a dispatcher's words: cost by cause, moved stops by name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from fulfillment.models.delivery import Vehicle
from fulfillment.models.plan_drafts import PlanDraft
from fulfillment.models.warehouse import Drop
from fulfillment.routing.fairness import VehicleShare, fairness
from fulfillment.routing.plan import PlanCosts
from fulfillment.routing.travel import TravelProvider
from fulfillment.selectors.delivery_views import REASON_LABELS
from fulfillment.selectors.plan_board import Verdict
from fulfillment.selectors.plan_drafts import PlanComparison, compare_with_current
from fulfillment.selectors.plan_stand import stop_key_read


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseRow:
    """One cause of cost on both sides; nothing before the first plan."""

    label: str
    before_fen: int | None
    after_fen: int

    @property
    def delta_fen(self) -> int:
        """How much dearer the draft is."""
        return self.after_fen - (self.before_fen or 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedRow:
    """A stop that moves, by name; nothing for on no trip."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnservedRow:
    """A stop on no trip of the draft, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareRow:
    """One vehicle's share of both plans; nothing where it stays at home."""

    vehicle_key: str
    driver_name: str
    before: VehicleShare | None
    after: VehicleShare | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """The accepted plan and a draft, ready to be read."""

    comparison: PlanComparison
    causes: tuple[CauseRow, ...]
    moved: tuple[MovedRow, ...]
    unserved: tuple[UnservedRow, ...]
    shares: tuple[ShareRow, ...]


def compared(draft: PlanDraft, verdict: Verdict, travel: TravelProvider) -> Compared:
    """Compare a draft with the accepted plan, on today's goods and roads."""
    comparison = compare_with_current(draft, travel)
    before, after = comparison.before, comparison.after
    keys = [moved.stop_key for moved in comparison.moved]
    names = _names([*keys, *(out.stop_key for out in after.unserved)])
    return Compared(
        comparison=comparison,
        causes=cost_causes(None if before is None else before.costs, after.costs),
        moved=tuple(
            MovedRow(
                name=names.get(moved.stop_key, moved.stop_key),
                before=_seat(moved.before),
                after=_seat(moved.after),
            )
            for moved in comparison.moved
        ),
        unserved=tuple(
            UnservedRow(
                name=names[out.stop_key], reason=str(REASON_LABELS.get(out.reason, out.reason))
            )
            for out in after.unserved
        ),
        shares=_shares(verdict),
    )


def cost_causes(before: PlanCosts | None, after: PlanCosts) -> tuple[CauseRow, ...]:
    """Return cost by cause, of one plan or of two, with the sum last."""
    return tuple(
        CauseRow(
            label=label,
            before_fen=None if before is None else getattr(before, name),
            after_fen=getattr(after, name),
        )
        for label, name in (
            (_("Vehicles, fixed"), "fixed_fen"),
            (_("Kilometres"), "distance_fen"),
            (_("Working hours"), "hours_fen"),
            (_("Overtime"), "overtime_fen"),
            (_("Lateness"), "lateness_fen"),
            (_("Together"), "total_fen"),
        )
    )


def _shares(verdict: Verdict) -> tuple[ShareRow, ...]:
    """Every vehicle of either plan, by code."""
    ground = verdict.ground
    before = {share.vehicle_key: share for share in fairness(ground.whole, verdict.accepted_plan)}
    after = {share.vehicle_key: share for share in fairness(ground.problem, verdict.plan)}
    codes = sorted(before.keys() | after.keys())
    rows = Vehicle.objects.filter(code__in=codes).select_related("driver")
    drivers = {row.code: row.driver.name for row in rows if row.driver}
    return tuple(
        ShareRow(
            vehicle_key=code,
            driver_name=drivers.get(code, ""),
            before=before.get(code),
            after=after.get(code),
        )
        for code in codes
    )


def _names(stop_keys: Iterable[str]) -> Mapping[str, str]:
    """Part key → slot and leader, and which part."""
    parts = {key: stop_key_read(key) for key in stop_keys}
    drops = Drop.objects.select_related("pickup_point__leader").in_bulk(
        {drop_id for drop_id, _part in parts.values()}
    )
    return {
        key: " ".join(
            filter(
                None,
                (
                    drops[drop_id].slot_code,
                    drops[drop_id].pickup_point.leader.name,
                    f"#{part}" if "#" in key else "",
                ),
            )
        )
        for key, (drop_id, part) in parts.items()
        if drop_id in drops
    }


def _seat(seat: tuple[str, int] | None) -> str:
    return "" if seat is None else f"{seat[0]}-{seat[1]}"
