"""Two snapshots of one chain: the later one wins, and what it lost is shown.

Rows are told apart by nickname and door, never by their numbers. Two people
who answer the same snapshot take the same number, and the later post lacks the
other's row: that row has collided, is kept, and a person decides.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from orders.domain.jielong.chain import Doubt, Entry, Problem
from orders.domain.jielong.lines import row_parts
from orders.domain.jielong.text import clean, squeezed

Household = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """One household's row before and now."""

    old: Entry
    new: Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """What became of the rows of two snapshots.

    Every new row is in `kept`, `changed` or `added`; every old one in `kept`
    or `changed` (as `old`), `gone` or `conflicts` (as `old`).
    """

    kept: tuple[Change, ...]
    changed: tuple[Change, ...]
    added: tuple[Entry, ...]
    gone: tuple[Entry, ...]
    conflicts: tuple[Change, ...]
    entries: tuple[Entry, ...]


def household(entry: Entry) -> Household:
    """Who a row belongs to: nickname, building and room, compared without spaces or case."""
    return (squeezed(entry.nickname), entry.building, entry.room)


def words(entry: Entry) -> str:
    """What a row says behind its number, for comparing."""
    parts = row_parts(clean(entry.raw), entry.number)
    return squeezed(parts[1] if parts is not None else entry.raw)


def merge(old: Sequence[Entry], new: Sequence[Entry]) -> Merge:
    """Hold a later snapshot against an earlier one.

    `entries` of the result are the new rows followed by the old ones that
    collided, each of these with the doubt `COLLIDED`; positions are the
    caller's business.
    """
    pairs = _pairs(old, new)
    paired_old = {at for at, _now in pairs}
    paired_new = {now for _at, now in pairs}
    same = [Change(old[at], new[now]) for at, now in pairs]
    added = [(now, entry) for now, entry in enumerate(new) if now not in paired_new]
    added_by_number = {entry.number: entry for _now, entry in added if entry.number is not None}
    gone, conflicts = [], []
    for at, entry in enumerate(old):
        if at in paired_old:
            continue
        rival = added_by_number.get(entry.number) if entry.number is not None else None
        if rival is not None:
            conflicts.append(Change(entry, rival))
        else:
            gone.append(entry)
    return Merge(
        kept=tuple(pair for pair in same if _says_same(pair)),
        changed=tuple(pair for pair in same if not _says_same(pair)),
        added=tuple(entry for _now, entry in added),
        gone=tuple(gone),
        conflicts=tuple(conflicts),
        entries=(*new, *(_collided(pair) for pair in conflicts)),
    )


def _pairs(old: Sequence[Entry], new: Sequence[Entry]) -> list[tuple[int, int]]:
    """Rows of one household by position, the same words first, then in their order.

    A row that gained or lost its door is found by its nickname, where nobody
    else has that.
    """
    pairs: list[tuple[int, int]] = []
    free_old, free_new = list(range(len(old))), list(range(len(new)))
    keys: tuple[Callable[[Entry], object], ...] = (
        words,
        lambda entry: (*household(entry), entry.items, entry.operation),
        lambda entry: (*household(entry), entry.operation),
        household,
    )
    for key in keys:
        for at in list(free_old):
            match = next((now for now in free_new if key(new[now]) == key(old[at])), None)
            if match is not None:
                pairs.append((at, match))
                free_old.remove(at)
                free_new.remove(match)
    for at in list(free_old):
        name = squeezed(old[at].nickname)
        likes_old = [other for other in free_old if squeezed(old[other].nickname) == name]
        likes_new = [now for now in free_new if squeezed(new[now].nickname) == name]
        if (
            name
            and len(likes_old) == len(likes_new) == 1
            and _doors_agree(old[at], new[likes_new[0]])
        ):
            pairs.append((at, likes_new[0]))
            free_old.remove(at)
            free_new.remove(likes_new[0])
    return sorted(pairs, key=lambda pair: pair[1])


def _doors_agree(old: Entry, new: Entry) -> bool:
    """Whether two doors may be one: neither contradicts the other."""
    buildings = {door for door in (old.building, new.building) if door}
    rooms = {door for door in (old.room, new.room) if door}
    return len(buildings) < 2 and len(rooms) < 2


def _says_same(pair: Change) -> bool:
    """Whether a household asks for what it asked before, in whatever words."""
    old, new = pair.old, pair.new
    doubts = {problem.doubt for problem in old.problems} - {Doubt.COLLIDED, Doubt.ORDERED_BEFORE}
    return words(old) == words(new) or (
        old.quantities == new.quantities
        and old.operation == new.operation
        and (bool(old.items) or old.raw == new.raw)
        and doubts == {problem.doubt for problem in new.problems}
    )


def _collided(pair: Change) -> Entry:
    problem = Problem(Doubt.COLLIDED, pair.new.raw)
    known = tuple(each for each in pair.old.problems if each.doubt is not Doubt.COLLIDED)
    return replace(
        pair.old, problems=(*known, problem), confidence_bp=min(pair.old.confidence_bp, 4_000)
    )
