"""Exceptions (异常): where something was found, why, and who bears it by default.

A default is a proposal from the four counts (accepted, sorted, loaded, handed
over): whoever had the goods between the last count that was right and the
first that was wrong. A person decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """Between which counts something was found, in the order of the night.

    What residents complain of comes after all counts and explains none of them.
    """

    RECEIVE = "receive"
    SORT = "sort"
    WEIGH = "weigh"
    LOAD = "load"
    HANDOVER = "handover"
    AFTER_SALES = "after_sales"


class Cause(StrEnum):
    """What went wrong; `over` is pieces too many and explains nothing missing."""

    SHORT = "short"
    DAMAGED = "damaged"
    QUALITY = "quality"
    WEIGHT = "weight"
    WRONG = "wrong"
    RETURNED = "returned"
    OVER = "over"


class Bearer(StrEnum):
    """Who bears a loss."""

    SUPPLIER = "supplier"
    WAREHOUSE = "warehouse"
    DRIVER = "driver"
    LEADER = "leader"
    OPERATOR = "operator"


# One letter per cause, as it is written into the narrow column of a paper.
CAUSE_LETTERS: Mapping[Cause, str] = {
    Cause.SHORT: "缺",
    Cause.DAMAGED: "破",
    Cause.QUALITY: "质",
    Cause.WEIGHT: "重",
    Cause.WRONG: "错",
    Cause.RETURNED: "退",
    Cause.OVER: "多",
}
CAUSE_LETTERS_LATIN: Mapping[Cause, str] = {
    Cause.SHORT: "S",
    Cause.DAMAGED: "D",
    Cause.QUALITY: "Q",
    Cause.WEIGHT: "W",
    Cause.WRONG: "X",
    Cause.RETURNED: "R",
    Cause.OVER: "O",
}

# The counts of a night; a case of the night is of one of them.
NIGHT_STAGES = (Stage.RECEIVE, Stage.SORT, Stage.WEIGH, Stage.LOAD, Stage.HANDOVER)
# What lies in the warehouse between the dock and the loaded vehicle.
_IN_WAREHOUSE = frozenset({Stage.SORT, Stage.WEIGH, Stage.LOAD})
# Differences of a count: a seal that held says that the driver took nothing.
_COUNTED = frozenset({Cause.SHORT, Cause.OVER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found, and which counts had been signed for by then.

    Parameters
    ----------
    stage, cause
        Where and why.
    is_receipt_signed
        The receiving sheet of the goods was signed before it was found.
    is_tote_sealed
        The goods were in a sealed tote when the driver took them.
    is_leader_counted
        The leader had counted and taken the goods over before.
    """

    stage: Stage
    cause: Cause
    is_receipt_signed: bool = False
    is_tote_sealed: bool = False
    is_leader_counted: bool = False


def default_bearer(found: Found) -> Bearer:
    """Return who bears it unless a person decides otherwise.

    At the dock the supplier, until the receiving sheet is signed; then the
    warehouse, until the vehicle is loaded; then the driver, except for what a
    sealed tote did not hold and what lay in the wrong slot; after the leader's
    count the leader. A portion outside its weight band is nobody's fault, and
    who sent goods back is not known from the counts: the operator.
    """
    if found.stage is Stage.RECEIVE:
        return Bearer.WAREHOUSE if found.is_receipt_signed else Bearer.SUPPLIER
    if found.cause is Cause.WEIGHT or (
        found.stage is Stage.HANDOVER and found.cause is Cause.RETURNED
    ):
        return Bearer.OPERATOR
    if found.stage in _IN_WAREHOUSE or found.cause is Cause.WRONG:
        return Bearer.WAREHOUSE
    if found.is_leader_counted:
        return Bearer.LEADER
    if found.is_tote_sealed and found.cause in _COUNTED:
        return Bearer.WAREHOUSE
    return Bearer.DRIVER
