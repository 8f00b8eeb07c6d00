"""The leader receives: how it is proved, until when differences count, what a count says.

At the door totes are counted; the pieces in them afterwards, at leisure, while
the claim window is open. Cold goods have a shorter one: they cannot wait.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from fulfillment.domain.exceptions import Cause
from fulfillment.domain.lifecycle import HandoverState
from fulfillment.route_errors import ClaimWindowOver, HandoverNotPossible
from orders.domain.storage import StorageClass

# The leader has the goods and may still say that something is wrong with them.
OPEN_TO_DIFFERENCES = (HandoverState.SIGNED, HandoverState.UNSIGNED, HandoverState.DISPUTED)
# What a leader may say of pieces that are missing, the most frequent first.
CAUSES = (Cause.SHORT, Cause.DAMAGED, Cause.QUALITY, Cause.WRONG)
# What lies there can be shown; what is not there cannot.
PHOTO_CAUSES = frozenset({Cause.DAMAGED, Cause.QUALITY, Cause.WRONG})
PIECES_MAX = 9_999
# More totes at one door than a truck holds: a slip of the finger.
TOTES_MAX = 500
NOTE_LENGTH = 200


class HandoverMethod(StrEnum):
    """How a handover was proved, the strongest first."""

    CODE = "code"
    TAP = "tap"
    SIGNATURE = "signature"
    LEFT = "left"
    PAPER = "paper"


def stronger(one: HandoverMethod, other: HandoverMethod) -> HandoverMethod:
    """Return the better proof of two."""
    return min(one, other, key=list(HandoverMethod).index)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimHours:
    """How long after a handover differences can be reported: of cold goods, and of others."""

    cold: timedelta
    other: timedelta

    def until(self, storages: Collection[StorageClass], since: datetime) -> datetime:
        """Return when the window over all these goods closes: the last line's end."""
        return max((self.line_until(storage, since) for storage in storages), default=since)

    def line_until(self, storage: StorageClass, since: datetime) -> datetime:
        """Return when the window over goods of one class closes."""
        return since + (self.other if storage is StorageClass.AMBIENT else self.cold)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineDue:
    """One SKU a leader counts.

    Attributes
    ----------
    expected
        Pieces that were handed over by the counts before: 0 for goods that
        nobody sent.
    until
        Aware time at which the window over these goods closes.
    said
        What the leader has counted before, if anything.
    """

    sku_id: int
    expected: int
    until: datetime
    said: "LineCount | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineCount:
    """Good pieces of one SKU that a leader counted, and what is wrong with the others.

    Pieces too many need no cause: they are `over`.
    """

    sku_id: int
    counted: int
    cause: Cause | None = None
    note: str = ""
    has_photo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LineResult:
    """What the books take from one line; `is_new` where nobody has said it before."""

    count: LineCount
    expected: int
    is_new: bool

    @property
    def qty(self) -> int:
        """Pieces of difference, missing or too many."""
        return abs(self.expected - self.count.counted)


def count_lines(
    due: Sequence[LineDue], counts: Sequence[LineCount], *, now: datetime
) -> tuple[LineResult, ...]:
    """Return every line of a count, in the order of the SKUs' keys.

    Goods the leader does not name are as they were sent. After their window
    what was said of them before stands: it may be repeated, not changed.

    Raises
    ------
    HandoverNotPossible
        For a SKU named twice, a figure nobody can mean, a difference without
        a cause, or without the photo its cause asks for; `sku_id` says of what.
    ClaimWindowOver
        If a difference is new for goods whose window is over.
    """
    named = {count.sku_id: count for count in counts}
    if len(named) < len(counts):
        raise HandoverNotPossible("The same goods are named twice.")
    lines = {line.sku_id: line for line in due}
    if unknown := sorted(named.keys() - lines.keys()):
        raise HandoverNotPossible("These goods are not of this delivery.", sku_id=unknown[0])
    return tuple(
        _line_result(line, named.get(line.sku_id), now=now)
        for line in sorted(lines.values(), key=lambda line: line.sku_id)
        if line.expected or line.said or line.sku_id in named
    )


def differences(results: Sequence[LineResult]) -> Mapping[tuple[int, Cause], int]:
    """(SKU, cause) → pieces of difference that a count found."""
    return {
        (result.count.sku_id, result.count.cause): result.qty
        for result in results
        if result.qty and result.count.cause is not None
    }


def _line_result(line: LineDue, named: LineCount | None, *, now: datetime) -> LineResult:
    as_sent = LineCount(sku_id=line.sku_id, counted=line.expected)
    count = _with_cause(named, line) if named else as_sent
    before = line.said or as_sent
    if now >= line.until:
        if named is not None and (count.counted, count.cause) != (before.counted, before.cause):
            raise ClaimWindowOver(
                "The time to report differences to these goods is over.", sku_id=line.sku_id
            )
        count = before
    return LineResult(count=count, expected=line.expected, is_new=count != line.said)


def _with_cause(count: LineCount, line: LineDue) -> LineCount:
    """The count with the cause its figures give it, or refused."""
    if not 0 <= count.counted <= PIECES_MAX:
        raise HandoverNotPossible("So many pieces are not possible.", sku_id=count.sku_id)
    if count.counted == line.expected:
        return LineCount(sku_id=count.sku_id, counted=count.counted, note=count.note)
    is_over = count.counted > line.expected
    cause = Cause.OVER if is_over else count.cause
    if not is_over and cause not in CAUSES:
        raise HandoverNotPossible(
            "Say what is wrong with the goods that are missing.", sku_id=count.sku_id
        )
    if cause in PHOTO_CAUSES and not count.has_photo:
        raise HandoverNotPossible("Take a photo of these goods.", sku_id=count.sku_id)
    return LineCount(
        sku_id=count.sku_id,
        counted=count.counted,
        cause=cause,
        note=count.note,
        has_photo=count.has_photo,
    )
