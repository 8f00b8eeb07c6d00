"""What the page of the day close shows, worked out of the chain."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from fulfillment.domain.day_close import Chain, Gap, Link
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.exceptions import ExceptionCase, Stage
from fulfillment.models.warehouse import Drop
from fulfillment.papers.day_close_sheet import PlaceList
from fulfillment.selectors.day_close import DayCounts, MissingCount, RouteRow, day_counts
from fulfillment.selectors.exceptions import cases_of
from fulfillment.selectors.papers.day_close import declared_lists, link_name, missing_words
from orders.models.catalogue import Sku

# Where the case of a gap is found; what is refunded or bought needs none.
STAGE_OF_LINK = {Link.SORT: Stage.SORT, Link.LOAD: Stage.LOAD, Link.HANDOVER: Stage.HANDOVER}


@dataclass(frozen=True, slots=True, kw_only=True)
class GapLine:
    """A gap in words, its cases, and at which stage another case would explain it."""

    words: str
    gap: Gap
    sku: Sku
    drop: Drop | None
    cases: Sequence[ExceptionCase]
    stage: Stage | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingLine:
    """A missing count in words."""

    words: str
    count: MissingCount


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingPart:
    """The missing counts of one stage."""

    stage: Stage
    lines: Sequence[MissingLine]

    @property
    def may_be_declared(self) -> bool:
        """Whether there are several, and somebody may say that none was made."""
        return sum(line.count.may_be_declared for line in self.lines) > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SkuLine:
    """One SKU of the chain; `open_qty` counts pieces that nothing explains."""

    sku: Sku
    chain: Chain
    open_qty: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DayPage:
    """The page: open things first."""

    counts: DayCounts
    missing: Sequence[MissingPart]
    gaps: Sequence[GapLine]
    explained: Sequence[GapLine]
    undecided: Sequence[ExceptionCase]
    declared: Sequence[PlaceList]
    skus: Sequence[SkuLine]
    routes: Sequence[RouteRow]


def day_page(run: CutoffRun) -> DayPage:
    """Return the page of a run as its rows are now."""
    counts = day_counts(run)
    cases = {case.pk: case for case in cases_of(run)}
    gaps = [
        _gap_line(gap, counts, cases)
        for gap in counts.chain.gaps
        if gap.link is not Link.REFUND or not gap.is_explained
    ]
    kept_open = dict.fromkeys((*counts.chain.undecided, *counts.chain.unplaced))
    return DayPage(
        counts=counts,
        missing=list(_missing_parts(counts)),
        gaps=[line for line in gaps if not line.gap.is_explained],
        explained=[line for line in gaps if line.gap.is_explained],
        undecided=[cases[case_id] for case_id in kept_open],
        declared=list(declared_lists(run)),
        skus=list(_sku_lines(counts)),
        routes=counts.routes,
    )


def _gap_line(gap: Gap, counts: DayCounts, cases: Mapping[int, ExceptionCase]) -> GapLine:
    return GapLine(
        words=link_name(gap.link),
        gap=gap,
        sku=counts.skus[gap.sku_id],
        drop=counts.drops.get(gap.point_id) if gap.point_id is not None else None,
        cases=[cases[case_id] for case_id in gap.case_ids],
        stage=STAGE_OF_LINK.get(gap.link),
    )


def _missing_parts(counts: DayCounts) -> Iterator[MissingPart]:
    for stage in Stage:
        lines = [
            MissingLine(words=missing_words(missing), count=missing)
            for missing in counts.missing
            if missing.stage.value == stage.value
        ]
        if lines:
            yield MissingPart(stage=stage, lines=lines)


def _sku_lines(counts: DayCounts) -> Iterator[SkuLine]:
    """By code, those with open pieces first."""
    open_qty: Counter[int] = Counter()
    for gap in counts.chain.unexplained:
        open_qty[gap.sku_id] += abs(gap.missing - gap.explained)
    for sku_id in sorted(
        counts.chain.by_sku, key=lambda sku_id: (not open_qty[sku_id], counts.skus[sku_id].code)
    ):
        yield SkuLine(
            sku=counts.skus[sku_id], chain=counts.chain.by_sku[sku_id], open_qty=open_qty[sku_id]
        )
