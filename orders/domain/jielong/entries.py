"""One row of a chain as an entry: who it is, where they live, what they want."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from orders.domain.jielong.chain import Doubt, Entry, Item, Operation, Problem
from orders.domain.jielong.doors import Door, door_at
from orders.domain.jielong.headers import PriceList
from orders.domain.jielong.lines import Row
from orders.domain.jielong.text import clean
from orders.domain.jielong.tokens import Kind, Scanner
from orders.domain.jielong.wishes import Wish, wish_of

NICKNAME_LENGTH = 60
DOUBTED_BP = 4_000
OPERATION_BP = 5_000
NO_DOOR_LESS_BP = 500
ALONE_BP = 8_000
_AFTER_NAME = re.compile(r"[\s:,，—-]+")
_OPERATION_WORDS = re.compile(r"改成|改为|换成|退出|取消|撤回|再加|再来|加购|同上|不要了")


@dataclass(frozen=True, slots=True)
class _Person:
    """The name in front of a row, the door that stood before or in it, and where it ends."""

    nickname: str
    door: Door
    end: int


class RowReader:
    """Reads the rows of one chain; remembers the row before for `同上`."""

    def __init__(self, prices: PriceList, known_names: Collection[str] = ()) -> None:
        self._prices = prices
        self._scanner = Scanner(prices)
        self._known = sorted((clean(name) for name in known_names if name), key=len, reverse=True)
        self._before: tuple[Item, ...] = ()

    def entry(self, row: Row, position: int) -> Entry:
        """Read one row."""
        text = row.text
        if row.sender:
            person = _Person(row.sender, Door(), 0)
            if row.number is not None:
                person = self._person(text, is_listed=True)
        else:
            person = self._person(text, is_listed=row.number is not None)
        wish = wish_of(self._scanner.tokens(text, person.end), self._prices)
        wish = self._plus_in_answer(row, wish)
        items = wish.items
        problems = list(wish.problems)
        if wish.operation is not None:
            problems.append(Problem(Doubt.OPERATION, text[person.end :].strip()))
            if wish.operation is Operation.SAME and not items:
                items = self._before
        if not items and not problems and self._prices.only is not None and wish.door.is_known:
            items = (Item(self._prices.only, 1),)
        if not items and not problems:
            problems.append(Problem(Doubt.NO_GOODS))
        door = _door(wish.door, person.door)
        if not person.nickname and not door.is_known:
            problems.append(Problem(Doubt.NOBODY))
        if items:
            self._before = items
        return Entry(
            position=position,
            number=row.number,
            raw=row.raw,
            nickname=person.nickname[:NICKNAME_LENGTH],
            building=door.building,
            room=door.room,
            items=items,
            operation=wish.operation,
            confidence_bp=_confidence(items, wish, problems, door),
            problems=tuple(problems),
        )

    def _plus_in_answer(self, row: Row, wish: Wish) -> Wish:
        """An answer to a quoted post may mean that post's goods: a person confirms."""
        if row.answers_quote and wish.operation is None:
            return replace(wish, operation=Operation.PLUS_ONE)
        return wish

    def _person(self, text: str, *, is_listed: bool) -> _Person:
        for name in self._known:
            rest = text[len(name) :]
            if text.startswith(name) and (not rest or not rest[0].isalnum()):
                return _named(name, len(name))
        ended, door = _colon_end(text), door_at(text, 0)
        if ended is not None and door is not None and door[1] >= ended:
            return self._behind_door(text, door, is_listed=is_listed)
        if ended is not None and not (is_listed and " " in text[:ended]):
            return _named(text[:ended], ended + 1)
        word = text.split(" ", 1)[0]
        if door is not None and door[1] >= len(word):
            return self._behind_door(text, door, is_listed=is_listed)
        if not is_listed and self._scanner.begins_order(text, door[1] if door else 0):
            return _Person("", door[0] if door else Door(), door[1] if door else 0)
        return self._in_front(text, word, is_listed=is_listed)

    def _in_front(self, text: str, word: str, *, is_listed: bool) -> _Person:
        """A row that begins with a name: up to the first word that begins the order."""
        starts = [found.start() for found in re.finditer(r"(?<= )\S", text)]
        start = next((at for at in starts if self._scanner.begins_order(text, at)), None)
        if start is not None:
            return _named(text[:start], start)
        inside = self._inside(word)
        if inside is not None:
            return _named(word[:inside], inside)
        if not is_listed and not starts:
            return _Person("", Door(), 0)
        return _named(word, len(word))

    def _behind_door(self, text: str, found: tuple[Door, int], *, is_listed: bool) -> _Person:
        """A row that begins with a door: a name may follow, or the door is the name."""
        door, end = found
        gap = _AFTER_NAME.match(text, end)
        start = gap.end() if gap else end
        as_name = text[:end].strip() if is_listed else ""
        if start >= len(text) or self._scanner.begins_order(text, start):
            return _Person(as_name, door, end)
        rest = self._person(text[start:], is_listed=True)
        remaining = text[start + rest.end :].strip()
        if not rest.nickname or (not remaining and not is_listed):
            return _Person(as_name, door, end)
        return _Person(rest.nickname, door, start + rest.end)

    def _inside(self, word: str) -> int | None:
        """Where, inside the first word, the name ends and an operation or goods begin."""
        found = _OPERATION_WORDS.search(word, 1)
        if found is not None:
            return found.start()
        for at in range(1, len(word)):
            if word[at] == "+" and word[at + 1 : at + 2].isdigit():
                return at
            token = self._scanner.token_at(word, at)
            if token is None or token.kind is not Kind.GOODS or token.goods is None:
                continue
            tail = self._scanner.tokens(word, at)
            counted = any(each.kind is Kind.QTY for each in tail)
            if counted and not any(each.kind is Kind.WORD for each in tail):
                return at
        return None


def _colon_end(text: str) -> int | None:
    """Where a name ends that is set off with a colon; clocks have colons, too."""
    found = re.match(r"[^:]{1,24}:(?!\d{2}(?!\d))", text)
    return found.end() - 1 if found else None


def _named(name: str, end: int) -> _Person:
    """A nickname with the door it begins with: 8栋阿木 is one, 3栋502小寒 a door and a name."""
    plain = name.strip(" ,:-")
    found = door_at(plain, 0)
    if found is None:
        return _with_door_behind(plain, end)
    rest = plain[found[1] :].strip(" ,:-")
    return _Person(rest if rest and found[0].room else plain, found[0], end)


def _with_door_behind(name: str, end: int) -> _Person:
    """A nickname that may end with a whole door: 张阿姨13栋2201."""
    for at in range(1, len(name)):
        found = door_at(name, at)
        if found is not None and found[1] == len(name) and found[0].building and found[0].room:
            return _Person(name[:at].strip(" ,:-"), found[0], end)
    return _Person(name, Door(), end)


def _door(said: Door, in_name: Door) -> Door:
    """What a row says behind the name counts; the name fills in what it leaves open."""
    if said.room and not said.building:
        return Door(in_name.building, said.room)
    if said.building and not said.room and said.building == in_name.building:
        return in_name
    return said if said.is_known else in_name


def _confidence(items: Sequence[Item], wish: Wish, problems: Sequence[Problem], door: Door) -> int:
    """How surely a row is understood, 0 to 10000: its weakest item, less for every doubt."""
    if not items:
        return 0
    surety = wish.surety_bp if wish.items else ALONE_BP
    if not door.is_known:
        surety -= NO_DOOR_LESS_BP
    if wish.operation is not None:
        surety = min(surety, OPERATION_BP)
    elif problems:
        surety = min(surety, DOUBTED_BP)
    return surety
