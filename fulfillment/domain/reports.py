"""Reports: how one comes about."""

from enum import StrEnum

from leaders.domain.lifecycle import Lifecycle, moves


class ReportState(StrEnum):
    """One report that a worker builds."""

    WAITING = "waiting"
    BUILDING = "building"
    READY = "ready"
    FAILED = "failed"


# A worker may die over it: what is being built may be begun again.
REPORT_LIFECYCLE = Lifecycle(
    name="report",
    initial=frozenset({ReportState.WAITING}),
    moves=moves(
        (ReportState.WAITING, (ReportState.BUILDING,)),
        (
            ReportState.BUILDING,
            (ReportState.BUILDING, ReportState.READY, ReportState.FAILED),
        ),
        (ReportState.READY, ()),
        (ReportState.FAILED, (ReportState.BUILDING,)),
    ),
    open=frozenset({ReportState.WAITING, ReportState.BUILDING}),
    completed=frozenset({ReportState.READY}),
    failed=frozenset({ReportState.FAILED}),
)
