"""Contents of the papers that end a day: the exception sheet and the day close."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from fulfillment.domain.day_close import Chain, Gap, Link
from fulfillment.domain.exceptions import NIGHT_STAGES, Bearer, Cause, Stage
from fulfillment.domain.sorting import natural_key
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.day_close import UnrecordedCount
from fulfillment.models.exceptions import ExceptionCase
from fulfillment.models.handover import Handover, HandoverState
from fulfillment.models.totes import LoadCheck
from fulfillment.papers.day_close_sheet import (
    CloseFigures,
    CloseRow,
    DayCloseContent,
    GapRow,
    PlaceList,
)
from fulfillment.papers.exception_sheet import ExceptionRow, ExceptionSheetContent, ReturnRow
from fulfillment.papers.figures import bearer_name, cause_letter, stage_name
from fulfillment.papers.numbering import Document
from fulfillment.selectors.day_close import DayCounts, MissingCount, RouteRow, day_counts
from fulfillment.selectors.papers.day import PaperDay
from fulfillment.selectors.papers.stamping import Stamper

# These papers are about the whole day; the batch in their number says which.
DAY_SCOPE = "DAY"


def exception_sheet_content(day: PaperDay, stamper: Stamper) -> ExceptionSheetContent:
    """Every exception of the run, and what came back route by route."""
    cases = _cases(day.run)
    rows = tuple(_exception_row(case) for case in cases)
    return ExceptionSheetContent(
        stamp=stamper.stamp(
            Document.EXCEPTION_SHEET,
            DAY_SCOPE,
            ((f"{row.case_no}", row.qty) for row in rows),
        ),
        wave=stamper.batch,
        warehouse=day.run.warehouse.name,
        delivery_on=day.run.campaign.delivery_date,
        rows=rows,
        returns=tuple(_returns(day, cases)),
    )


def day_close_content(day: PaperDay, stamper: Stamper) -> DayCloseContent:
    """The chain of the run as it is known now, with its gaps and missing counts."""
    counts = day_counts(day.run)
    cases = {case.pk: case for case in _cases(day.run)}
    of_sku, of_route = _open_pieces(counts, day)
    return DayCloseContent(
        stamp=stamper.stamp(Document.DAY_CLOSE, DAY_SCOPE, day.quantities(day.drops)),
        wave=stamper.batch,
        warehouse=day.run.warehouse.name,
        delivery_on=day.run.campaign.delivery_date,
        closed=_closed(day.run),
        undecided=len(counts.chain.undecided),
        total=_figures(counts.chain.total),
        skus=tuple(
            CloseRow(
                key=counts.skus[sku_id].code,
                name=counts.skus[sku_id].name,
                figures=_figures(chain),
                open_qty=of_sku[sku_id],
            )
            for sku_id, chain in counts.chain.by_sku.items()
        ),
        routes=tuple(
            CloseRow(
                key=route_name(row),
                name=str(row.stops),
                figures=_figures(row.chain),
                open_qty=of_route[row.route_no],
            )
            for row in counts.routes
        ),
        gaps=tuple(_gap_row(gap, counts, cases) for gap in _worth_a_line(counts)),
        missing=tuple(_missing_lists(counts)),
        declared=tuple(declared_lists(day.run)),
    )


def route_name(row: RouteRow) -> str:
    """A route as it stands on every paper."""
    return _("No trip") if row.route_no is None else f"R{row.route_no:02d}"


def missing_words(missing: MissingCount) -> str:
    """A count that is not entered, in words."""
    words = {
        "dock": _("The dock is not closed"),
        "refunds": _("What is short is not refunded yet"),
        "card": _("Sort card %(label)s: %(parts)d slots, %(pieces)d pieces"),
        "load": _("Load of %(label)s not signed: %(pieces)d pieces"),
        "stops": _("%(label)s: %(parts)d stops not entered, %(pieces)d pieces"),
        "unrouted": _("%(label)s has no trip: %(pieces)d pieces"),
    }
    return words[missing.what] % {
        "label": missing.label,
        "parts": missing.open_parts,
        "pieces": missing.pieces,
    }


def link_name(link: Link) -> str:
    """Between which figures a gap lies, in words."""
    names = {
        Link.REFUND: _("need → allocated"),
        Link.SUPPLY: _("accepted → allocated"),
        Link.SORT: _("allocated → sorted"),
        Link.LOAD: _("sorted → loaded"),
        Link.HANDOVER: _("loaded → delivered"),
    }
    return names[link]


def _cases(run: CutoffRun) -> list[ExceptionCase]:
    """The cases of the night; what residents complain of later is on no paper of it."""
    return list(
        ExceptionCase.objects.filter(run=run, stage__in=NIGHT_STAGES)
        .select_related("sku", "drop__pickup_point", "tote__drop")
        .order_by("pk")
    )


def _exception_row(case: ExceptionCase) -> ExceptionRow:
    return ExceptionRow(
        case_no=case.pk,
        stage=Stage(case.stage),
        cause=Cause(case.cause),
        found_at=f"{timezone.localtime(case.found_at):%H:%M}",
        slot=_slot(case),
        sku_code=case.sku.code if case.sku else "",
        name=case.sku.name if case.sku else "",
        note=case.note,
        qty=case.qty,
        weight_g=case.weight_g,
        has_photo=bool(case.photo),
        proposed=Bearer(case.proposed_bearer),
        bearer=Bearer(case.bearer) if case.bearer else None,
        decision=case.decision_note,
    )


def _slot(case: ExceptionCase) -> str:
    drop = case.drop or (case.tote.drop if case.tote else None)
    return drop.slot_code if drop else ""


def _returns(day: PaperDay, cases: Sequence[ExceptionCase]) -> Iterator[ReturnRow]:
    """What went out and came back with every trip."""
    out = dict(LoadCheck.objects.filter(trip__in=day.trips).values_list("trip_id", "loaded_totes"))
    handed = {
        trip_id: (delivered, empties, entered)
        for trip_id, delivered, empties, entered in _handed(day)
    }
    trip_of_drop = {drop_id: stop.trip_id for drop_id, stop in day.stops.items()}
    goods: Counter[int | None] = Counter()
    for case in cases:
        if case.stage == Stage.HANDOVER and case.cause == Cause.RETURNED and case.drop_id:
            goods[trip_of_drop.get(case.drop_id)] += case.qty
    for trip in day.trips:
        delivered, empties, entered = handed.get(trip.pk, (0, 0, 0))
        is_entered = entered == day.stops_of_trip[trip.pk]
        yield ReturnRow(
            route=str(trip),
            vehicle=f"{trip.vehicle.code} {trip.vehicle.plate}",
            totes_out=out.get(trip.pk),
            totes_delivered=delivered if is_entered else None,
            empties_back=empties if is_entered else None,
            goods_back=goods[trip.pk],
        )


def _handed(day: PaperDay) -> Iterator[tuple[int, int, int, int]]:
    """Trip, totes delivered, empties returned, stops entered."""
    rows = (
        Handover.objects.filter(stop__trip__in=day.trips)
        .exclude(state=HandoverState.PENDING)
        .order_by()
        .values_list("stop__trip_id", "totes_delivered", "empties_returned")
    )
    sums: defaultdict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    for trip_id, delivered, empties in rows:
        for index, number in enumerate((delivered, empties, 1)):
            sums[trip_id][index] += number
    for trip_id, (delivered, empties, entered) in sums.items():
        yield trip_id, delivered, empties, entered


def _figures(chain: Chain) -> CloseFigures:
    return CloseFigures(
        need=chain.need,
        ordered=chain.ordered,
        accepted=chain.accepted,
        used=chain.used,
        lost=chain.lost,
        spare=chain.spare,
        allocated=chain.allocated,
        sorted=chain.sorted,
        loaded=chain.loaded,
        delivered=chain.delivered,
        refunded=chain.refunded,
        claimed=chain.claimed,
    )


def _worth_a_line(counts: DayCounts) -> list[Gap]:
    """Gaps between counts; refunds that fit are in the table and need no line."""
    return [gap for gap in counts.chain.gaps if gap.link is not Link.REFUND or not gap.is_explained]


def _gap_row(gap: Gap, counts: DayCounts, cases: Mapping[int, ExceptionCase]) -> GapRow:
    drop = counts.drops.get(gap.point_id) if gap.point_id is not None else None
    sku = counts.skus[gap.sku_id]
    where = f"{link_name(gap.link)} · {sku.code} {sku.name}"
    return GapRow(
        where=f"{where} · {drop.slot_code or drop.pickup_point.name}" if drop else where,
        missing=gap.missing,
        explained=gap.explained,
        cases="  ".join(_case_words(cases[case_id]) for case_id in gap.case_ids),
    )


def _case_words(case: ExceptionCase) -> str:
    bearer = bearer_name(Bearer(case.bearer)) if case.bearer else _("not decided")
    letter = cause_letter(Cause(case.cause))
    return f"#{case.pk} {stage_name(Stage(case.stage))} {letter} {case.qty} ({bearer})"


def _open_pieces(counts: DayCounts, day: PaperDay) -> tuple[Counter[int], Counter[int | None]]:
    """Pieces that nothing explains, by SKU and by route."""
    route_of: dict[int, int | None] = {
        point_id: day.stops[drop.pk].trip.route_no if drop.pk in day.stops else None
        for point_id, drop in counts.drops.items()
    }
    of_sku: Counter[int] = Counter()
    of_route: Counter[int | None] = Counter()
    for gap in counts.chain.unexplained:
        pieces = abs(gap.missing - gap.explained)
        of_sku[gap.sku_id] += pieces
        if gap.point_id is not None:
            of_route[route_of.get(gap.point_id)] += pieces
    return of_sku, of_route


def _closed(run: CutoffRun) -> str:
    if run.day_closed_at is None:
        return ""
    by = run.day_closed_by
    return _("%(time)s by %(person)s") % {
        "time": f"{timezone.localtime(run.day_closed_at):%Y-%m-%d %H:%M}",
        "person": str(by) if by else "",
    }


def declared_lists(run: CutoffRun) -> Iterator[PlaceList]:
    """Counts that somebody said were never made: the places of one reason together."""
    rows = UnrecordedCount.objects.filter(run=run).select_related(
        "sort_task__sku", "trip", "drop__pickup_point", "declared_by"
    )
    places: dict[tuple[str, str, str], list[str]] = {}
    for row in rows.order_by("pk"):
        key = (stage_name(Stage(row.stage)), row.reason, str(row.declared_by))
        places.setdefault(key, []).append(_place(row))
    for (stage, reason, person), named in places.items():
        words = _("%(stage)s: %(reason)s (%(person)s)") % {
            "stage": stage,
            "reason": reason,
            "person": person,
        }
        yield PlaceList(words=words, places=tuple(sorted(named, key=natural_key)))


def _place(row: UnrecordedCount) -> str:
    if row.sort_task is not None:
        return row.sort_task.sku.code
    if row.trip is not None:
        return str(row.trip)
    return (row.drop.slot_code or row.drop.pickup_point.name) if row.drop else ""


def _missing_lists(counts: DayCounts) -> Iterator[PlaceList]:
    """Missing counts on paper: one list per kind that names them all."""
    words = {
        "card": _("Sort cards"),
        "load": _("Loads not signed"),
        "stops": _("Stops not entered"),
        "unrouted": _("Without a trip"),
    }
    groups: dict[str, list[MissingCount]] = {}
    for missing in counts.missing:
        groups.setdefault(missing.what, []).append(missing)
    for what, group in groups.items():
        if what not in words:
            yield PlaceList(words=missing_words(group[0]))
            continue
        places = tuple(
            f"{missing.label} ({missing.open_parts})" if what == "stops" else missing.label
            for missing in group
        )
        yield PlaceList(words=words[what], places=places)
